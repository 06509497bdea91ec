"""Word documents: all that is shown, in order; lists, headings and tables as Word has them."""

import docx as python_docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tenth.config import ReadConfig
from tenth.documents.office import docx
from tenth.documents.office.docx_styles import spelled
from tests.documents.office_files import NAMESPACES, paragraph, relations, word


def read(path):
    return docx.read(path, ReadConfig())


def blocks(document):
    return [(b.kind, b.text) for page in document.pages for b in page.blocks]


def from_body(tmp_path, body, more=None, rels=""):
    return read(word(tmp_path / "a.docx", body, more, rels))


def saved(tmp_path, document):
    document.save(tmp_path / "a.docx")
    return read(tmp_path / "a.docx")


def cells(*texts):
    return "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in texts)


def row(*texts, properties=""):
    before = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{before}{cells(*texts)}</w:tr>"


def table(*rows):
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def styles(*items):
    inside = "".join(
        f'<w:style w:type="paragraph" w:styleId="{i}"><w:name w:val="{name}"/>{more}</w:style>'
        for i, name, more in items
    )
    return {"word/styles.xml": f"<w:styles {NAMESPACES}>{inside}</w:styles>"}


STYLED = relations(("r1", "styles", "styles.xml"), ("r2", "numbering", "numbering.xml"))


def test_headings_have_levels_by_style_name_base_and_outline(tmp_path):
    more = styles(
        ("1", "heading 1", ""),
        ("berschrift2", "Überschrift 2", ""),
        ("b3", "标题 3", ""),
        ("Own", "Our section", '<w:basedOn w:val="1"/>'),
        ("Out", "Outlined", '<w:pPr><w:outlineLvl w:val="3"/></w:pPr>'),
        ("Body", "Body", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>'),
    )
    names = ("1", "berschrift2", "b3", "Own", "Out", "Body")
    body = "".join(paragraph(name, f'<w:pStyle w:val="{name}"/>') for name in names)
    body += paragraph("direct", '<w:outlineLvl w:val="1"/>')
    found = from_body(tmp_path, body, more, STYLED).pages[0].blocks
    assert [(b.kind, b.level) for b in found] == [
        ("heading", 1), ("heading", 2), ("heading", 3), ("heading", 1), ("heading", 4),
        ("paragraph", 0), ("heading", 2),
    ]  # fmt: skip


def numbering(*levels, number="1", more=""):
    inside = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text, start) in enumerate(levels)
    )
    return {
        "word/numbering.xml": f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0">'
        f'{inside}</w:abstractNum><w:num w:numId="{number}"><w:abstractNumId w:val="0"/></w:num>'
        f"{more}</w:numbering>"
    }


def item(text, depth=0, number="1"):
    return paragraph(
        text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def test_lists_have_their_real_numbers(tmp_path):
    restart = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    more = numbering(("decimal", "%1.", 1), ("lowerLetter", "%1.%2)", 1), more=restart)
    body = (
        item("one") + item("sub", 1) + item("sub", 1) + paragraph("between") + item("two")
        + item("again", 1) + item("restarted", number="2") + item("none", number="0")
    )  # fmt: skip
    found = from_body(tmp_path, body, more, STYLED).pages[0].blocks
    assert [b.text for b in found] == [
        "1. one", "1.a) sub", "1.b) sub", "between", "2. two", "2.a) again", "7. restarted", "none",
    ]  # fmt: skip
    assert [(b.kind, b.level) for b in found[:2]] == [("list", 0), ("list", 1)]
    assert found[-1].kind == "paragraph"


def test_a_numbered_heading_keeps_its_number(tmp_path):
    numbers = numbering(("decimal", "%1", 3), ("decimal", "%1.%2", 1))
    of = '<w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    more = styles(("h1", "heading 1", of.format(0)), ("h2", "heading 2", of.format(1)))
    body = paragraph("Risk", '<w:pStyle w:val="h1"/>') + paragraph(
        "Credit", '<w:pStyle w:val="h2"/>'
    )
    assert blocks(from_body(tmp_path, body, more | numbers, STYLED)) == [
        ("heading", "3 Risk"),
        ("heading", "3.1 Credit"),
    ]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (14, "upperRoman", "XIV"), (4, "lowerRoman", "iv"), (27, "lowerLetter", "aa"),
        (12, "chineseCounting", "十二"), (105, "chineseCounting", "一百零五"),
        (20, "chineseCounting", "二十"),
        (3, "decimalZero", "03"), (2, "ordinal", "2nd"), (11, "ordinal", "11th"),
        (3, "decimalEnclosedCircle", "③"), (5, "decimal", "5"),
    ],
)  # fmt: skip
def test_a_number_is_spelled_in_its_form(number, form, text):
    assert spelled(number, form) == text


def test_a_table_has_spans_headers_and_references(tmp_path):
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("2024 and 2023")}</w:tc>'
    down = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("Cloud") + "</w:tc>"
    goes_on = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    body = table(
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cells('Segment')}{wide}</w:tr>",
        f"<w:tr>{down}{cells('10', '9')}</w:tr>",
        f"<w:tr>{goes_on}{cells('7', '8')}</w:tr>",
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cells("17", "17")}</w:tr>',
    )
    (found,) = from_body(tmp_path, body).tables
    assert found.grid() == [
        ["Segment", "2024 and 2023", ""], ["Cloud", "10", "9"], ["", "7", "8"], ["", "17", "17"],
    ]  # fmt: skip
    spans = {
        c.text: (c.row_span, c.column_span) for c in found.cells if c.text in ("Cloud", "Segment")
    }
    assert spans == {"Cloud": (2, 1), "Segment": (1, 1)}
    assert next(c for c in found.cells if c.column_span == 2).ref == "table 1!B1"
    assert found.header_rows == 1
    assert [c.header for c in found.cells][:3] == [True, True, False]
    assert next(c for c in found.cells if c.text == "8").ref == "table 1!C3"


def test_a_table_in_a_cell_is_a_table_of_its_own(tmp_path):
    inner = table(row("a", "b"), row("1", "2"))
    body = table(
        row("outer", "x"), f"<w:tr><w:tc>{paragraph('with')}{inner}<w:p/></w:tc>{cells('y')}</w:tr>"
    )
    document = from_body(tmp_path, body)
    assert [t.grid() for t in document.tables] == [
        [["outer", "x"], ["with", "y"]],
        [["a", "b"], ["1", "2"]],
    ]
    assert document.tables[1].cells[0].ref == "table 2!A1"


def test_a_table_that_only_lays_out_others_is_none(tmp_path):
    inner = table(row("a", "b"), row("1", "2"))
    document = from_body(tmp_path, table(f"<w:tr><w:tc>{inner}<w:p/></w:tc></w:tr>"))
    assert [t.grid() for t in document.tables] == [[["a", "b"], ["1", "2"]]]


def test_captions_and_scale_lines_belong_to_their_table(tmp_path):
    figures = table(row("", "2024"), row("Sales", "10"))
    more = styles(("c", "caption", ""))
    caption = paragraph("Table 1: Sales by region", '<w:pStyle w:val="c"/>')
    body = (
        caption + paragraph("(in millions of dollars)") + figures + paragraph("Prose follows here.")
        + paragraph("表 2 营业收入") + paragraph("单位：万元") + figures
    )  # fmt: skip
    document = from_body(tmp_path, body, more, STYLED)
    assert [(t.caption, t.scale) for t in document.tables] == [
        ("Table 1: Sales by region", "(in millions of dollars)"),
        ("表 2 营业收入", "单位：万元"),
    ]
    assert [k for k, _ in blocks(document)] == [
        "caption", "caption", "table", "paragraph", "caption", "caption", "table",
    ]  # fmt: skip


def test_captions_below_their_tables_are_theirs(tmp_path):
    more = styles(("c", "caption", ""))
    body = "".join(
        table(row("a", str(n)), row("b", "2")) + paragraph(f"Table {n}", '<w:pStyle w:val="c"/>')
        for n in (1, 2)
    )
    captions = [t.caption for t in from_body(tmp_path, body, more, STYLED).tables]
    assert captions == ["Table 1", "Table 2"]


def test_changes_are_read_as_accepted(tmp_path):
    body = (
        "<w:p><w:r><w:t>Sales </w:t></w:r><w:del><w:r><w:delText>fell</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>rose</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
        "</w:p>" + table(row("kept", "1"), row("dropped", "2", properties="<w:del/>"))
    )
    document = from_body(tmp_path, body)
    assert blocks(document)[0] == ("paragraph", "Sales rose")
    assert document.tables[0].grid() == [["kept", "1"]]


def test_a_text_box_is_read_once(tmp_path):
    inside = (
        f"<w:txbxContent>{paragraph('boxed')}{table(row('a', '1'), row('b', '2'))}</w:txbxContent>"
    )
    body = (
        "<w:p><w:r><w:t>around</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>'
        f"<wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        f"<w:p><w:r><w:pict><v:rect><v:textbox><w:txbxContent>{paragraph('old')}</w:txbxContent>"
        "</v:textbox></v:rect></w:pict></w:r></w:p>"
    )
    document = from_body(tmp_path, body)
    assert [t for _, t in blocks(document)] == ["around", "boxed", "", "old"]
    assert len(document.tables) == 1


def test_notes_and_comments_stand_on_the_page_that_refers_to_them(tmp_path):
    notes = (
        f'<w:footnotes {NAMESPACES}><w:footnote w:id="0" w:type="separator">{paragraph("-")}'
        f'</w:footnote><w:footnote w:id="2">{paragraph("As restated.")}</w:footnote></w:footnotes>'
    )
    comments = (
        f'<w:comments {NAMESPACES}><w:comment w:id="5" w:author="Ann">{paragraph("Check.")}'
        "</w:comment></w:comments>"
    )
    body = (
        '<w:p><w:r><w:t>Sales</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r>'
        '<w:commentReference w:id="5"/></w:r></w:p><w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        + paragraph("Next page")
    )
    rels = relations(("r1", "footnotes", "footnotes.xml"), ("r2", "comments", "comments.xml"))
    more = {"word/footnotes.xml": notes, "word/comments.xml": comments}
    pages = from_body(tmp_path, body, more, rels).pages
    assert [(b.kind, b.text) for b in pages[0].blocks] == [
        ("paragraph", "Sales"), ("note", "Comment (Ann): Check."), ("note", "1 As restated."),
    ]  # fmt: skip
    assert [b.text for b in pages[1].blocks] == ["Next page"]


def test_headers_and_footers_are_told_from_the_text(tmp_path):
    document = python_docx.Document()
    document.sections[0].header.paragraphs[0].text = "Annual report"
    document.sections[0].footer.paragraphs[0].text = "Confidential"
    document.add_paragraph("Body")
    found = saved(tmp_path, document)
    assert blocks(found) == [
        ("header", "Annual report"), ("paragraph", "Body"), ("footer", "Confidential"),
    ]  # fmt: skip
    assert found.text == "Body"


def test_pages_turn_where_the_writer_or_the_last_program_turned_them(tmp_path):
    rendered = "<w:lastRenderedPageBreak/>"
    document = python_docx.Document()
    first = document.add_paragraph("one")
    first.add_run().add_break(WD_BREAK.PAGE)
    second = document.add_paragraph()
    second.add_run()._r.append(OxmlElement("w:lastRenderedPageBreak"))  # the same turn, seen again
    second.add_run("two")
    document.add_paragraph("three").paragraph_format.page_break_before = True
    assert [[b.text for b in p.blocks] for p in saved(tmp_path, document).pages] == [
        ["one"], ["two"], ["three"],
    ]  # fmt: skip
    body = paragraph("one") + f"<w:p><w:r>{rendered}<w:t>two</w:t></w:r></w:p>"
    assert [b.page for p in from_body(tmp_path, body).pages for b in p.blocks] == [1, 2]


def test_a_row_that_is_split_over_pages_turns_one_page(tmp_path):
    split = (
        "<w:tc><w:p><w:r><w:t>a</w:t></w:r><w:r><w:lastRenderedPageBreak/><w:t>b</w:t></w:r></w:p>"
        "</w:tc>"
    )
    body = table(row("x", "y"), f"<w:tr>{split}{split}</w:tr>", row("later", "z")) + paragraph(
        "after"
    )
    document = from_body(tmp_path, body)
    assert len(document.pages) == 2
    assert {c.text: c.page for c in document.tables[0].cells} == {
        "x": 1, "y": 1, "ab": 1, "later": 2, "z": 2,
    }  # fmt: skip
    assert document.pages[1].blocks[0].text == "after"


def test_fields_show_their_result_links_their_text_and_boxes_their_state(tmp_path):
    def field(kind):
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>'
        f"<w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>{field('end')}"
    )
    body = (
        f"<w:p><w:r><w:t>See </w:t></w:r>{field('begin')}"
        "<w:r><w:instrText>REF x</w:instrText></w:r>"
        f"{field('separate')}<w:r><w:t>page 7</w:t></w:r>{field('end')}"
        '<w:hyperlink r:id="r9"><w:r><w:t> online</w:t></w:r></w:hyperlink></w:p>'
        f"<w:p>{box}<w:r><w:t> agreed</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>chosen</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r></w:p>"
    )
    assert [t for _, t in blocks(from_body(tmp_path, body))] == [
        "See page 7 online", "☒ agreed", "chosen",
    ]  # fmt: skip


def test_equations_are_a_line_of_text(tmp_path):
    def run(text):
        return f"<m:r><m:t>{text}</m:t></m:r>"

    power = f"<m:sSup><m:e>{run('r')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>"
    share = f"<m:f><m:num>{run('a')}</m:num><m:den>{power}</m:den></m:f>"
    root = f'<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>{run("x")}</m:e></m:rad>'
    total = (
        f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{run("i=1")}</m:sub>'
        f"<m:sup>{run('n')}</m:sup><m:e>{run('i')}</m:e></m:nary>"
    )
    body = (
        f"<w:p><w:r><w:t>Area </w:t></w:r><m:oMath>{run('A=π')}{power}</m:oMath></w:p>"
        f"<w:p><m:oMathPara><m:oMath>{share}</m:oMath></m:oMathPara></w:p>"
        f"<w:p><m:oMath>{root}</m:oMath><m:oMath>{total}</m:oMath></w:p>"
    )
    assert blocks(from_body(tmp_path, body)) == [
        ("paragraph", "Area A=πr^{2}"),
        ("formula", r"\frac{a}{r^{2}}"),
        ("formula", r"\sqrt{x}"),
        ("formula", r"\sum_{i=1}^{n} i"),
    ]


def test_pictures_are_figures_with_their_description(tmp_path):
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    document = python_docx.Document()
    document.add_paragraph("before")
    document.add_picture(str(tmp_path / "a.png"))
    about = document.element.body.iter(qn("wp:docPr"))
    next(about).set("descr", "Sales by month")
    assert blocks(saved(tmp_path, document)) == [
        ("paragraph", "before"), ("figure", "Sales by month"),
    ]  # fmt: skip


def test_a_document_is_read_up_to_its_limit_and_says_so(tmp_path):
    path = word(tmp_path / "a.docx", "".join(paragraph(str(n)) for n in range(30)))
    document = docx.read(path, ReadConfig(max_cells=12))
    assert len(document.pages[0].blocks) == 12
    assert document.warnings == (
        "page 1: not read from here on: 12 paragraphs and cells are read, max_cells=12",
    )


def test_spans_that_no_table_has_are_cut(tmp_path):
    huge = f'<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>{paragraph("x")}</w:tc>'
    body = table(f'<w:tr><w:trPr><w:gridBefore w:val="999999999"/></w:trPr>{huge}</w:tr>')
    assert from_body(tmp_path, body).tables[0].n_columns <= 512
