"""Plain text, source code, Markdown and CSV."""

import csv
import io
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenth.config import ReadConfig
from tenth.documents.model import Document
from tenth.documents.read import read_document
from tenth.documents.refusal import Refused
from tenth.documents.text.delimited import read_csv, sniff
from tenth.documents.text.plain import plain_pages

POEM = "The Owl\n\n  The owl and the cat\n      went to sea\n  in a boat\n\n\n   \nTHE END"
REPORT = "公司2023年第三季度营业收入为12,345万元，同比增长8.5%。\n\n净利润为1,234万元。"


def read(tmp_path: Path, content: bytes | str, name: str, **limits) -> Document:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path, ReadConfig(**limits))


def shrunk(text: str) -> str:
    """Without what may change: trailing blanks of paragraphs, runs of blank lines."""
    return "\n\n".join(p.rstrip() for p in re.split(r"\n(?:[^\S\n]*\n)+", text.strip("\n")))


# Plain text


def test_a_poem_keeps_its_lines_and_their_indentation(tmp_path):
    document = read(tmp_path, POEM, "poem.txt")
    assert document.text == shrunk(POEM)
    assert [block.text for block in document.pages[0].blocks][1] == (
        "  The owl and the cat\n      went to sea\n  in a boat"
    )


def test_source_code_is_one_block_and_loses_nothing(tmp_path):
    code = "\n\ndef f():\n\n\n    return '\\f'  # 中文\n\f\nclass A:\n\tpass\n"
    document = read(tmp_path, code, "a.py")
    assert [b.kind for b in document.pages[0].blocks] == ["code"]
    assert document.text == code.rstrip()


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.sampled_from("a \n中\t.-")))
def test_the_text_of_a_document_is_that_of_its_file(text):
    pages = plain_pages(text)
    got = Document("txt", pages).text
    assert got.split() == text.split()
    assert re.sub(r"\s*\n\s*", "\n", got.strip()) == re.sub(r"\s*\n\s*", "\n", text.strip())


def test_a_form_feed_begins_a_page(tmp_path):
    document = read(tmp_path, "one\n\nmore\fzwei\f\f三\n\f", "a.txt")
    assert [page.text for page in document.pages] == ["one\n\nmore", "zwei", "", "三"]
    assert [block.page for page in document.pages for block in page.blocks] == [1, 1, 2, 4]


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (REPORT, "utf-8", ""),
        (REPORT, "utf-8-sig", ""),
        (REPORT, "utf-16", "utf-16"),
        (REPORT, "utf-16-le", "utf-16-le"),
        (REPORT + " Q3", "utf-16-be", "utf-16-be"),
        (REPORT, "gb18030", "gb18030"),
        ("单位：万元", "gbk", "gb18030"),
        ("公司2023年第三季營業收入為12,345萬元，淨利潤為1,234萬元。", "big5", "big5"),
        ("当社の2023年度第3四半期の売上高は12,345百万円となりました。", "cp932", "cp932"),
        ("当社の2023年度第3四半期の売上高は12,345百万円", "euc_jp", "euc_jp"),
        ("当社の売上高は12,345百万円", "iso2022_jp", "iso2022_jp"),
        ("당사의 2023년 3분기 매출액은 12,345백만원으로 증가했습니다.", "cp949", "cp949"),
        ("Le chiffre d’affaires s’élève à 12 345 € – en hausse.", "cp1252", "cp1252"),
        ("Umsatz in Tausend €; Größe", "cp1252", "cp1252"),
        ("Выручка компании составила 12 345 тыс. рублей.", "cp1251", "cp1251"),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path, text, encoding, named):
    document = read(tmp_path, text.encode(encoding), "a.txt")
    assert document.text == text
    assert document.warnings == ((f"read as {named}",) if named else ())


def test_a_broken_byte_does_not_make_utf8_another_encoding(tmp_path):
    document = read(tmp_path, (REPORT * 20).encode() + b"\xe6\x88", "a.txt")
    assert document.text == REPORT * 20 + "\ufffd"
    assert document.warnings == ()


def test_stray_nul_characters_are_left_out_and_told(tmp_path):
    document = read(tmp_path, b"one\0 two " * 100 + b"x" * 40_000, "a.txt")
    assert "\0" not in document.text
    assert document.text.startswith("one two one two")
    assert document.warnings == ("100 NUL characters left out",)


def test_mixed_marks_and_line_ends_are_no_obstacle(tmp_path):
    document = read(tmp_path, b"\xef\xbb\xbfone\r\n\r\ntwo\rthree\r\n\xff\xfe", "a.txt")
    assert document.text.startswith("one\n\ntwo\nthree")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"^noise\.txt: not a document$"):
        read(tmp_path, random.Random(1).randbytes(9000), "noise.txt")
    with pytest.raises(Refused, match=r"^none\.txt: an empty file$"):
        read(tmp_path, b"", "none.txt")


def test_a_file_above_the_limit_is_refused_by_its_real_size(tmp_path):
    with pytest.raises(Refused, match=r"a\.txt: 2,000 bytes are more than max_part_bytes=1,000"):
        read(tmp_path, b"x" * 2000, "a.txt", max_part_bytes=1000)


def test_a_line_of_100_mb_and_a_million_paragraphs_are_read(tmp_path):
    assert len(read(tmp_path, b"x" * 100_000_000, "a.txt").text) == 100_000_000
    pages = plain_pages("a\n\n" * 1_000_000)
    assert len(pages[0].blocks) <= 200_000
    assert Document("txt", pages).text == ("a\n\n" * 1_000_000).strip()


# CSV


def table(tmp_path, content, name="a.csv", **limits):
    document = read(tmp_path, content, name, **limits)
    return document, document.tables[0]


def test_a_csv_is_a_table_with_its_title_scale_and_refs(tmp_path):
    content = '表1 利润表\n单位：万元,,\n\n项目,2023,2022\n收入,"1,234",5\n"成本\n合计",(3),4\n'
    document, found = table(tmp_path, content.encode("gb18030"))
    assert found.grid() == [
        ["项目", "2023", "2022"],
        ["收入", "1,234", "5"],
        ["成本\n合计", "(3)", "4"],
    ]
    assert (found.caption, found.scale, found.header_rows) == ("表1 利润表", "单位：万元", 1)
    refs = {cell.text: cell.ref for cell in found.cells}
    assert refs["1,234"] == "table 1!B5"  # as a spreadsheet would count
    assert document.text.startswith("表1 利润表\n\n单位：万元\n\n项目\t2023")
    assert document.warnings == ("read as gb18030",)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", ";"),
        ("a,b\n1;2,3\n4,5\n", ","),
        ("a\tb, c\td\n1\t2, 3\t4\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('"a;x","b;y"\n"1;2","3;4"\n', ","),
        ("one\ntwo\n", ","),
    ],
)
def test_the_delimiter_is_found(text, delimiter):
    assert sniff(text) == delimiter


def test_excels_own_line_names_the_delimiter(tmp_path):
    _, found = table(tmp_path, "sep=;\r\na;b,c\r\n1;2\r\n")
    assert found.grid() == [["a", "b,c"], ["1", "2"]]
    assert found.cells[-1].ref == "table 1!B3"


def test_a_header_is_told_from_rows(tmp_path):
    assert table(tmp_path, "1,2\n3,4\n")[1].header_rows == 0
    assert table(tmp_path, "name,place\nAnn,Rome\nBo,Oslo\n")[1].header_rows == 1
    assert table(tmp_path, ",2023,,2022,\n,Q1,Q2,Q1,Q2\nSales,1,2,3,4\n")[1].header_rows == 2
    assert table(tmp_path, "Item,2023\nAssets:\nCash,5\n")[1].header_rows == 1


def test_a_quote_that_never_closes_swallows_nothing(tmp_path):
    document, found = table(tmp_path, 'size,n\n"5 inch,1\n6 inch,2\n7 inch,3\n')
    assert found.grid() == [["size", "n"], ['"5 inch', "1"], ["6 inch", "2"], ["7 inch", "3"]]
    assert document.warnings == ("a quote is never closed: quotes are taken for text",)


def test_a_csv_with_too_many_cells_is_refused_before_it_is_built(tmp_path):
    for content in ("," * 3_000_000, "1,2\n" * 600, "1\n" * 200 + "," * 900 + "1"):
        with pytest.raises(Refused, match=r"^a\.csv: .*max_cells=1,000"):
            read(tmp_path, content, "a.csv", max_cells=1000)


def test_fields_of_any_length_are_read_and_the_limit_of_the_process_stays(tmp_path):
    before = csv.field_size_limit()
    _, found = table(tmp_path, "a,b\n1," + "x" * 1_000_000 + "\n")
    assert len(found.cells[-1].text) == 1_000_000
    assert csv.field_size_limit() == before


def test_cells_that_look_like_half_a_number_take_no_time(tmp_path):
    hostile = ["1" + " " * 5000 + "z", "$ (" + " " * 5000 + "z", "(in " * 2000, " " * 9000 + "x"]
    _, found = table(tmp_path, "a,b,c,d\n" + f"{','.join(hostile)}\n" * 50)
    assert (found.n_rows, found.header_rows) == (51, 1)


CELL = st.text(st.sampled_from('ab1,;"\n 中.|\t'), max_size=6)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_a_csv_writer_wrote_is_read_back(rows):
    rows = [["h\u00e9ad", "x"], *rows, ["end", "x"]]
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    document = read_csv("sep=,\n" + stream.getvalue(), "a.csv", ReadConfig(), ())
    width = max(map(len, rows))
    expected = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]
    got = [row + [""] * (width - len(row)) for row in document.tables[0].grid()]
    assert got == expected


# Markdown


def test_markdown_is_read_into_blocks(tmp_path):
    text = (
        "---\ntitle: x\n---\n# 报告\nIntro *with* care\nand a break\n\n- one\n- two\n"
        "  1. sub\n\n     more\n\n> quoted.\n\n```py\nx = 1\n\ny = 2\n```\n\n[1]: http://a.example\n"
    )
    document = read(tmp_path, text, "a.md")
    assert [(b.kind, b.level, b.text) for b in document.pages[0].blocks] == [
        ("code", 0, "---\ntitle: x\n---"),
        ("heading", 1, "报告"),
        ("paragraph", 0, "Intro *with* care\nand a break"),
        ("list", 0, "one"),
        ("list", 0, "two"),
        ("list", 1, "1. sub"),
        ("paragraph", 0, "more"),
        ("paragraph", 0, "quoted."),
        ("code", 0, "x = 1\n\ny = 2"),
        ("paragraph", 0, "[1]: http://a.example"),
    ]
    assert document.title == "报告"


def test_a_markdown_table_has_its_title_and_scale(tmp_path):
    text = "Table 1: Sales\n(in millions)\n\n| Item | 2023 |\n|---|--:|\n| a \\| b | (5) |\n"
    document = read(tmp_path, text, "a.md")
    found = document.tables[0]
    assert found.grid() == [["Item", "2023"], ["a | b", "(5)"]]
    assert (found.caption, found.scale, found.header_rows) == (
        "Table 1: Sales",
        "(in millions)",
        1,
    )
    assert found.cells[-1].ref == "table 1!B2"


def test_tables_that_are_html_within_markdown_are_tables(tmp_path):
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n<table><tr><td>x<td>3<tr><td>y<td>4</table>\n"
    document = read(tmp_path, text, "a.md")
    assert [found.grid() for found in document.tables] == [
        [["a", "b"], ["1", "2"]],
        [["x", "3"], ["y", "4"]],
    ]
    assert document.tables[1].cells[0].ref == "table 2!A1"


def test_markdown_too_deep_or_too_large_is_read_as_text(tmp_path):
    for text in (">" * 500 + " deep", "- " * 500 + "deep", "word \n\n" * 1_300_000):
        document = read(tmp_path, text, "a.md")
        assert document.text.split() == text.split()
        assert "read as plain text" in document.warnings[0]
