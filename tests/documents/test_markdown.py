"""Markdown out: what was read stands in it, and it stays Markdown."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tenth.config import ReadConfig
from tenth.documents.model import Block, Cell, Chart, Document, Page, Table
from tenth.documents.run.markdown import to_markdown
from tenth.documents.text.commonmark import read_markdown


def table(*rows: tuple[str, ...], header_rows: int = 1, **named) -> Table:
    cells = tuple(
        Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row) if text
    )
    return Table(cells, len(rows), len(rows[0]), header_rows, **named)


def written(*blocks: Block, tables: tuple[Table, ...] = (), charts: tuple[Chart, ...] = ()) -> str:
    return "".join(to_markdown([(Page(1, blocks), tables)], charts))


def read_back(text: str) -> Document:
    document = read_markdown(text, "a.md", ReadConfig(), ())
    assert document is not None
    return document


def test_a_page_is_written_in_reading_order():
    text = written(
        Block("header", "running", page=1),
        Block("heading", "一、概述", page=1, level=2),
        Block("paragraph", "Some text.", page=1),
        Block("list", "one", page=1),
        Block("list", "1. sub\nmore", page=1, level=1),
        Block("list", "2. sub", page=1, level=1),
        Block("paragraph", "After.", page=1),
        Block("note", "a note\nof two lines", page=1),
        Block("code", "x = '```'\n\n\ty", page=1),
        Block("footer", "page 1", page=1),
    )
    assert text == (
        "<!-- page 1 -->\n\n## 一、概述\n\nSome text.\n\n- one\n    1. sub\n       more\n"
        "    2. sub\n\nAfter.\n\n> a note\n> of two lines\n\n````\nx = '```'\n\n\ty\n````\n\n"
    )


def test_page_markers_tell_sheets_slides_and_failures():
    pages = [
        (Page(1, name="利润表"), ()),
        (Page(2, name="a --> b\n--"), ()),
        (Page(3, source="failed", reason="took more than 8 s"), ()),
        (Page(4, width=595.0, height=842.0), ()),
    ]
    assert "".join(to_markdown(pages, ())).split("\n\n") == [
        "<!-- page 1: 利润表 -->",
        "<!-- page 2: a - b -->",
        "<!-- page 3: not read: took more than 8 s -->",
        "<!-- page 4 -->",
        "",
    ]
    assert written(Block("paragraph", "a format without pages")) == "a format without pages\n\n"


def test_a_table_stands_with_its_caption_and_scale_once():
    sales = table(("Item", "2023"), ("a | b", "(5)\nx"), caption="Table 1", scale="(in millions)")
    text = written(Block("table", table=0), tables=(sales,))
    assert text == (
        "Table 1\n\n(in millions)\n\n| Item | 2023 |\n| --- | --- |\n| a \\| b | (5)<br>x |\n\n"
    )
    blocks = (
        Block("caption", "Table 1"),
        Block("caption", "(in\nmillions)"),
        Block("table", table=0),
    )
    assert written(*blocks, tables=(sales,)).count("Table 1") == 1
    below = (Block("table", table=0), Block("caption", "Table 1"), Block("paragraph", "x"))
    assert written(*below, tables=(sales,)).count("Table 1") == 1


def test_tables_count_through_the_document_and_none_is_lost():
    first, second, third = (table(("n", str(i)), ("x", "1")) for i in range(3))
    pages = [
        (Page(1, (Block("table", page=1, table=0),)), (first,)),
        (Page(2, (Block("paragraph", "between", page=2),)), ()),
        (Page(3, (Block("table", page=3, table=1),)), (second, third)),
    ]
    text = "".join(to_markdown(pages, ()))
    assert re.findall(r"\| n \| (\d) \||(between)", text) == [
        ("0", ""),
        ("", "between"),
        ("1", ""),
        ("2", ""),
    ]


def test_a_span_stands_at_its_top_left_and_a_table_may_have_no_header():
    spanned = Table((Cell(0, 0, "A", 2, 2), Cell(2, 1, "3")), 3, 2)
    assert written(Block("table", table=0), tables=(spanned,)) == (
        "|  |  |\n| --- | --- |\n| A |  |\n|  |  |\n|  | 3 |\n\n"
    )


def test_charts_are_small_tables_on_their_page():
    chart = Chart(
        "bar", "收入", ("Q1", "Q2"), (("A", (1.5, None)), ("B", (2.0, 1e6))), 1, ref="S!B2"
    )
    late = Chart("pie", page=9)
    text = written(Block("paragraph", "x"), charts=(chart, late))
    assert text == (
        "x\n\nChart, bar: 收入 (S!B2)\n\n|  | A | B |\n| --- | --- | --- |\n"
        "| Q1 | 1.5 | 2 |\n| Q2 |  | 1000000 |\n\nChart, pie\n\n"
    )


def test_it_streams():
    def pages():
        for number in range(1, 4):
            taken.append(number)
            yield Page(number, (Block("paragraph", f"p{number}", page=number),)), ()

    taken: list[int] = []
    pieces = to_markdown(pages(), ())
    assert next(pieces) == "<!-- page 1 -->\n\n"
    assert next(pieces) == "p1\n\n"
    assert taken == [1]


def test_a_long_table_comes_in_pieces_that_make_one():
    rows = [("k", "v"), *((str(i), str(i)) for i in range(1, 1801))]
    text = written(Block("table", table=0), tables=(table(*rows),))
    assert read_back(text).tables[0].grid() == [list(row) for row in rows]


SIGNS = st.text(st.sampled_from("#>-+*=_~`|<\\1.) \tab中$[]!&"), min_size=1, max_size=12)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(SIGNS, SIGNS, SIGNS), min_size=1, max_size=5), st.booleans())
def test_a_table_is_read_back_as_it_was(rows, has_header):
    written_table = table(*rows, header_rows=int(has_header))
    found = read_back(written(Block("table", table=0), tables=(written_table,))).tables[0]
    expected = [[cell.strip() for cell in row] for row in rows]
    assert found.grid() == (expected if has_header else [["", "", ""], *expected])


@settings(deadline=None)  # the machine may be busy
@given(st.lists(SIGNS.filter(lambda text: text.strip() != ""), min_size=1, max_size=4))
def test_a_paragraph_stays_one(lines):
    lines = [line.strip() for line in lines]
    back = read_back(written(Block("paragraph", "\n".join(lines))))
    assert [block.kind for block in back.pages[0].blocks] == ["paragraph"]
    plain = back.text.replace("\\", "")
    assert plain.split() == "\n".join(lines).replace("\\", "").split()


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.sampled_from("`~ab\n\t "), min_size=1).filter(str.strip))
def test_code_is_read_back_as_it_was(code):
    code = code.rstrip().strip("\n")
    back = read_back(written(Block("code", code)))
    assert [(block.kind, block.text) for block in back.pages[0].blocks] == [("code", code)]
