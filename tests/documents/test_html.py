"""HTML: what is shown, its tables whole, and nothing fetched."""

import random
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tenth.config import ReadConfig
from tenth.documents.model import Document, Table
from tenth.documents.read import read_document
from tenth.documents.refusal import Refused


def read(tmp_path: Path, content: bytes | str, name: str = "a.html", **limits) -> Document:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path, ReadConfig(**limits))


def table(tmp_path: Path, content: str) -> Table:
    (found,) = read(tmp_path, content).tables
    return found


def shape(document: Document) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, b.text) for b in document.pages[0].blocks]


def test_headings_paragraphs_lists_and_code_are_blocks(tmp_path):
    document = read(
        tmp_path,
        "<!doctype html><title>三季报</title><h2>Item 1.<br>Sales</h2><div>Some <b>bold</b>\n  text"
        "<p>a<br>b<br> <br>c<ul><li>one<li><p>two<p>more<ol start=3><li>drei</ol></ul>"
        "<pre>x = 1\n   y</pre><blockquote>said</blockquote>tail",
    )
    assert shape(document) == [
        ("heading", 2, "Item 1. Sales"),
        ("paragraph", 0, "Some bold text"),
        ("paragraph", 0, "a\nb"),
        ("paragraph", 0, "c"),
        ("list", 0, "one"),
        ("list", 0, "two"),
        ("paragraph", 0, "more"),
        ("list", 1, "3. drei"),
        ("code", 0, "x = 1\n   y"),
        ("paragraph", 0, "said"),
        ("paragraph", 0, "tail"),
    ]
    assert document.title == "三季报"


def test_chinese_lines_join_without_a_space(tmp_path):
    document = read(tmp_path, "<p>营业收入\n   同比增长，\n毛利率 5%\nnext line</p>")
    assert document.text == "营业收入同比增长，毛利率 5% next line"


@pytest.mark.parametrize("said", ["gbk", "gb2312", "GB18030", "big5-hk", "no-such", "hex", "utf-8"])
def test_a_page_in_gbk_is_read_whatever_it_says_of_itself(tmp_path, said):
    page = f'<html><meta http-equiv=x content="text/html; charset={said}"><p>{"营业收入增长；" * 9}'
    document = read(tmp_path, page.encode("gbk"))
    assert document.text == "营业收入增长；" * 9
    assert document.warnings == ("read as gb18030",)


def test_what_is_not_shown_is_left_out(tmp_path):
    document = read(
        tmp_path,
        "<style>s1</style><script>if (a<b) s2('<p>')</script><p>seen</p>"
        "<div style='color:red; DISPLAY : none'>s3<table><tr><td>s4</td></tr></table><br></div>"
        "<p hidden>s5</p><ix:header><ix:hidden>s6</ix:hidden></ix:header><template>s7</template>"
        "<svg><text>s8</text></svg><noscript>s9</noscript><!-- s10 --><p>too",
    )
    assert document.text == "seen\n\ntoo"


def test_inline_xbrl_is_transparent(tmp_path):
    page = (
        "<p>Cash of $<ix:nonFraction name='us-gaap:Cash' scale='6'>1,234</ix:nonFraction> million"
    )
    assert read(tmp_path, page).text == "Cash of $1,234 million"


def test_superscripts_do_not_change_a_number(tmp_path):
    assert read(tmp_path, "<p>1,234<sup>2</sup> and 10<sup>6</sup>, x<sup>(a)</sup>").text == (
        "1,234² and 10⁶, x(a)"
    )


# Tables


def test_spans_and_header_rows_are_kept(tmp_path):
    found = table(
        tmp_path,
        "<table><caption>Table 2: Sales (in millions)</caption>"
        "<thead><tr><th rowspan=2>Item<th colspan=2>2023</tr><tr><th>Q1<th>Q2</thead>"
        "<tr><td rowspan=2>A<td>1<td>2<tr><td>3<td>4</table>",
    )
    assert found.grid() == [
        ["Item", "2023", ""],
        ["", "Q1", "Q2"],
        ["A", "1", "2"],
        ["", "3", "4"],
    ]
    assert found.header_rows == 2
    assert (found.caption, found.scale) == ("Table 2: Sales (in millions)", "(in millions)")
    spans = {c.text: (c.row_span, c.column_span, c.header, c.ref) for c in found.cells}
    assert spans["Item"] == (2, 1, True, "table 1!A1")
    assert spans["2023"] == (1, 2, True, "table 1!B1")
    assert spans["A"] == (2, 1, False, "table 1!A3")


FILING = """
<p>CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS</p><p>(In millions, except per share)</p>
<table>
<tr><td colspan=3></td><td colspan=9>Three Months Ended</td></tr>
<tr><td colspan=3></td><td colspan=3><div>July 1,</div><div>2023</div></td><td colspan=3></td>
    <td colspan=3>June 25,<br>2022</td></tr>
<tr><td colspan=3>Net sales:</td><td colspan=3></td><td colspan=3></td><td colspan=3></td></tr>
<tr><td colspan=3>Products</td><td>$</td><td>60,584</td><td></td><td colspan=3>&nbsp;</td>
    <td>$</td><td>63,355</td><td></td></tr>
<tr><td colspan=3>Loss</td><td colspan=2>(1,213</td><td>)</td><td colspan=3></td>
    <td>&#8212;</td><td></td><td></td></tr>
<tr style="height:3px"><td colspan=12></td></tr>
<tr><td colspan=3>Margin</td><td colspan=2>12.5</td><td>%</td><td colspan=3></td>
    <td>$</td><td>(3</td><td>)</td></tr>
</table>"""


def test_the_cells_of_a_filing_are_joined(tmp_path):
    found = table(tmp_path, FILING)
    assert found.grid() == [
        ["", "Three Months Ended", ""],
        ["", "July 1, 2023", "June 25, 2022"],
        ["Net sales:", "", ""],
        ["Products", "$60,584", "$63,355"],
        ["Loss", "(1,213)", "—"],
        ["Margin", "12.5%", "$(3)"],
    ]
    assert found.header_rows == 2
    assert found.caption == "CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS"
    assert found.scale == "(In millions, except per share)"
    assert [c.column_span for c in found.cells if c.text == "Three Months Ended"] == [2]


def test_a_scale_line_in_chinese_or_in_the_table_itself_is_found(tmp_path):
    above = "<h3>资产负债表</h3><div>单位：万元</div>"
    page = f"{above}<table><tr><td>现金<td>1,234<tr><td>存货<td>5</table>"
    assert (table(tmp_path, page).caption, table(tmp_path, page).scale) == (
        "资产负债表",
        "单位：万元",
    )
    page = "<table><tr><td>(in thousands)<td>2023<tr><td>Cash<td>1,234</table>"
    assert table(tmp_path, page).scale == "(in thousands)"
    page = (
        "<table><tr><td colspan=2>Balance sheet<tr><td>(in thousands)<td>2023<tr><td>C<td>1</table>"
    )
    assert table(tmp_path, page).caption == "Balance sheet"


def test_a_percent_column_is_not_joined_to_its_neighbour(tmp_path):
    page = "<table><tr><td>Item<td>2023<td>%<tr><td>A<td>5<td>10<tr><td>B<td>6<td>11</table>"
    assert table(tmp_path, page).grid()[0] == ["Item", "2023", "%"]


def test_tables_that_lay_out_a_page_are_unwrapped(tmp_path):
    document = read(
        tmp_path,
        "<table><tr><td>Menu<td><table><tr><td>收入<td>1,234<tr><td>成本<td>5</table>"
        "<p>Some text</table><table><tr><td>•<td>point<tr><td>•<td>other</table>"
        "<table><tr><td>(1)<td>a footnote</table><table role=presentation><tr><td>left<td>right"
        "</table>",
    )
    assert [found.grid() for found in document.tables] == [[["收入", "1,234"], ["成本", "5"]]]
    assert [(kind, text) for kind, _, text in shape(document)] == [
        ("caption", "Menu"),
        ("table", ""),
        ("paragraph", "Some text"),
        ("list", "point"),
        ("list", "other"),
        ("paragraph", "(1) a footnote"),
        ("paragraph", "left"),
        ("paragraph", "right"),
    ]


def test_a_table_of_words_is_a_table(tmp_path):
    found = table(tmp_path, "<table><tr><td>Risk<td>Answer<tr><td>Fire<td>Water</table>")
    assert found.grid() == [["Risk", "Answer"], ["Fire", "Water"]]
    assert found.header_rows == 1


def test_an_excel_export_in_html_is_read(tmp_path):
    page = (
        "<table><tr><td>项目</td><td>金额</td></tr><tr><td>收入</td><td>1,234.50</td></tr></table>"
    )
    document = read(tmp_path, page.encode("gb18030"), "导出.xls")
    assert document.kind == "html"
    assert document.tables[0].grid() == [["项目", "金额"], ["收入", "1,234.50"]]


@pytest.mark.parametrize(
    "page",
    [
        "<table><td>a<td>1</td></tr></table></table></td>x<tr><td>y",
        "</p></table><p>x<table><tr><td>1<td>2",
        "<td>x</td><caption>y</caption><th>z",
        "<h1><p><li><pre>x</h1><table><b><tr><i><td>1<td>2</b></table>y</i>",
        "<a <b <c>x</a></b></c><!doctype html><html><html><body><body>y",
        "<p>a\0b&#0;&#xd800;&#x110000;&bogus;&",
        "<!-- x",
        "<![CDATA[ x ]]>",
        "<",
    ],
)
def test_broken_html_is_read_as_far_as_it_goes(tmp_path, page):
    document = read(tmp_path, page)
    assert all(block.text for block in document.pages[0].blocks if block.table is None)


# Nothing fetched, nothing unbounded


def test_nothing_is_fetched_and_no_file_opened(tmp_path):
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        at = f"http://127.0.0.1:{server.server_port}"
        document = read(
            tmp_path,
            f'<!DOCTYPE html SYSTEM "{at}/dtd" [<!ENTITY x SYSTEM "{secret.as_uri()}">'
            f'<!ENTITY y SYSTEM "{at}/entity">]><base href="{at}/"><link rel=stylesheet '
            f'href="{at}/css"><img src="{at}/img"><iframe src="{secret.as_uri()}"></iframe>'
            f'<script src="{at}/js"></script><object data="{secret.as_uri()}"></object>'
            f'<meta http-equiv=refresh content="0;url={at}/meta">'
            f'<xi:include href="{secret.as_uri()}"/>'
            "<p>shown &x; &y;",
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []
    assert "shown" in document.text
    assert "secret words" not in document.text


def test_deep_pages_are_read_or_refused(tmp_path):
    assert read(tmp_path, "<div>" * 4000 + "deep").text == "deep"
    assert "deep" in read(tmp_path, "<table><tr><td>x<td>" * 1000 + "deep").text
    for page in ("<div>" * 100_000 + "deep", "<style>" + "</style><svg>" + "<g>" * 100_000):
        with pytest.raises(Refused, match=r"^a\.html: has more than 5,000 tags within each other$"):
            read(tmp_path, page)


def test_spans_that_bomb_are_refused(tmp_path):
    wide = "<table>" + "<tr><td colspan=1000 rowspan=60000>x<td>1</tr>" * 3000
    with pytest.raises(Refused, match="max_cells"):
        read(tmp_path, wide, max_cells=100_000)
    with pytest.raises(Refused, match="more than 16,384 columns"):
        read(tmp_path, "<table><tr>" + "<td colspan=1000>1" * 20)
    with pytest.raises(Refused, match="max_cells"):
        read(tmp_path, "<p>x" * 2000, max_cells=1000)


def test_entities_do_not_grow(tmp_path):
    bomb = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    page = f'<!DOCTYPE html [<!ENTITY a0 "lol">{bomb}]><p>&a11;</p>'
    assert len(read(tmp_path, page).text) < 2 * len(page)


def test_50_mb_of_html_are_read(tmp_path):
    filler = " style='font:10pt x'" * 60
    page = f"<p{filler}>words</p>\n" * 40_000
    assert len(page) > 48_000_000
    document = read(tmp_path, page)
    assert len(document.pages[0].blocks) == 40_000


def test_mutated_pages_are_read_or_refused(tmp_path):
    draw = random.Random(7)
    pieces = ("<td", "<tr>", "</table>", " colspan=3", "<table>", "<!--", "$", ")", "<th>")
    for _ in range(150):
        page = FILING
        for _ in range(draw.randint(1, 15)):
            at = draw.randrange(len(page))
            page = page[:at] + draw.choice(pieces) + page[at + draw.randint(0, 9) :]
        document = read(tmp_path, page)
        for found in document.tables:
            assert all(
                c.row + c.row_span <= found.n_rows and c.column + c.column_span <= found.n_columns
                for c in found.cells
            )
            places = [(c.row, c.column) for c in found.cells]
            assert len(places) == len(set(places))
