"""Real office files that other parsers trip over, held to what their XML says."""

from pathlib import Path

import pytest

from tenth.config import ReadConfig
from tenth.documents.office import docx, sheets, slides

FOLDER = Path(__file__).parents[2].parent / "shared/data/reports/fixtures"
READERS = {".docx": docx, ".xlsx": sheets, ".pptx": slides}
FILES = sorted(p for p in FOLDER.glob("*") if p.suffix in READERS) if FOLDER.is_dir() else []

pytestmark = pytest.mark.skipif(not FILES, reason="the shared fixtures are not here")


def read(name):
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not among the fixtures")
    return READERS[path.suffix].read(path, ReadConfig())


def lines(document, page=0):
    return [(b.kind, b.text) for b in document.pages[page].blocks]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_fixture_is_read_and_holds_something(path):
    document = READERS[path.suffix].read(path, ReadConfig())
    assert any(page.blocks for page in document.pages)
    for table in document.tables:
        assert all(c.row + c.row_span <= table.n_rows for c in table.cells)
        assert all(c.column + c.column_span <= table.n_columns for c in table.cells)


def test_strict_and_transitional_say_the_same():
    strict, transitional = read("Strict.docx"), read("Transitional.docx")
    assert lines(strict) == lines(transitional) == [("paragraph", "Some text")]


def test_checkboxes_show_their_state():
    document = read("docx_checkboxes.docx")
    assert document.tables[0].cells[2].text == (
        "Choose as many as you like:\n☒ Orange juice\n☐ Tea\n☒ Coffee\n☐ Milk\n☒ Water"
    )
    assert lines(document)[-2][1] == "☒ Implementation"


def test_code_is_told_from_prose():
    code = [b.text for b in read("docx_code_blocks.docx").pages[0].blocks if b.kind == "code"]
    assert code == [
        "import sys\nprint(sys.argv)",
        "SELECT * FROM users WHERE active = 1;",
        "def fib(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n"
        "    return a",
    ]


def test_comments_follow_their_paragraph():
    assert lines(read("docx_comments.docx"))[1:5] == [
        ("paragraph", "This is the first paragraph that has a comment attached to it."),
        ("note", "Comment (John Reviewer): This is a sample reviewer comment on the first "
                 "paragraph."),
        ("paragraph", "This second paragraph also has a reviewer annotation."),
        ("note", "Comment (Jane Editor): Another comment by a different reviewer."),
    ]  # fmt: skip


def test_grouped_pictures_are_each_a_figure_once():
    figures = [t for k, t in lines(read("docx_grouped_images.docx")) if k == "figure"]
    assert len(figures) == 6
    assert figures[1:] == ["Docling", "Docling Java", "Docling", "Docling", "Docling"]


def test_a_list_goes_on_after_another_and_after_a_spacer():
    resumed = [t for k, t in lines(read("docx_list_resumed_numbering.docx")) if k == "list"]
    assert resumed == ["1. First ordered item", "2. Second ordered item", "bullet one",
                       "bullet two", "3. Third ordered item"]  # fmt: skip
    assert lines(read("docx_list_blank_spacer.docx"))[1:] == [
        ("list", "1 First section"),
        ("list", "1.1 Sub one"),
        ("paragraph", "Prose that belongs under Sub one."),
        ("list", "1.2 Sub two"),
        ("list", "2 Second section"),
    ]


def test_the_first_page_has_its_own_header():
    pages = read("docx_page_header_footer_first_page.docx").pages
    assert [lines_[0] for lines_ in ([(b.kind, b.text) for b in p.blocks] for p in pages)] == [
        ("header", "FIRST PAGE HEADER (page 1 only)"),
        ("header", "REGULAR HEADER (page 2 onward)"),
    ]
    inherited = read("unit_test_formatting.docx").pages[2].blocks
    assert (inherited[0].kind, inherited[0].text) == (
        "header", "Another header in bold\nWith 2 paragraphs",
    )  # fmt: skip
    assert inherited[-1].text == "Another footer\nWith\n3 paragraphs and a picture"


def test_rich_cells_and_tables_within_tables_keep_their_content():
    tables = read("docx_rich_cells.docx").tables
    assert tables[0].grid()[1][0] == "This is a list:\nA First\nA Second\nA Third"
    assert tables[1].grid()[2] == ["", "Rich cell\nA nested table"]
    assert tables[2].grid() == [["A", "B", "C"], ["Cell 1", "Cell 2", "Cell 3"]]


def test_a_chart_in_a_document_keeps_its_series():
    (chart,) = read("drawingml.docx").charts
    assert chart.categories == ("Category 1", "Category 2", "Category 3", "Category 4")
    assert chart.series[1] == ("Series 2", (2.4, 4.4, 1.8, 2.8))


def test_equations_keep_their_structure():
    formulas = [t for k, t in lines(read("equations.docx")) if k == "formula"]
    assert formulas[1] == (
        r"f(x)=a_{0}+\sum_{n=1}^{∞} (a_{n}\cos \frac{nπx}{L}+b_{n}\sin \frac{nπx}{L})"
    )
    assert lines(read("omml_frac_superscript.docx"))[-1] == ("formula", r"{\frac{(x-c)}{v}}^{2}")
    assert lines(read("omml_func_log.docx"))[-1] == ("formula", r"y = \log(x)")
    assert [t for _, t in lines(read("omml_multi_equation_paragraph.docx"))[-3:]] == [
        "a=b", "c=d", "e=f",
    ]  # fmt: skip
    assert read("table_with_equations.docx").tables[0].grid()[1][1] == (
        r"x=\frac{-b±\sqrt{b^{2}-4ac}}{2a}"
    )


def test_text_boxes_are_read_once():
    found = [t for _, t in lines(read("textbox.docx"))]
    assert found.count("Student falls ill") == 1
    assert found.count("Case closed.") == 1
    assert found[3] == (
        "Suggested Reportable Symptoms:\n＊ Fever\n＊ Cough\n＊ Diarrhea\n＊ Vomiting\n＊ Rash\n"
        "＊ Blisters\n＊ Headache\n＊ Sore throat"
    )


def test_numbered_headings_have_their_numbers():
    found = read("unit_test_headers_numbered.docx").pages[0].blocks
    headings = [b.text for b in found if b.kind == "heading"]
    assert headings == ["Test Document", "1. Section 1", "1.1. Section 1.1", "1.2. Section 1.2",
                        "1.2.1. Section 1.2.3", "2. Section 2"]  # fmt: skip


def test_spans_of_all_kinds_are_exact():
    tables = read("word_tables.docx").tables
    assert tables[3].grid() == [
        ["Header 0.0", "Header 0.1", "Header 0.2"],
        ["Cell 1.0", "Merged Cell 1.1 2.1", "Cell 1.2"],
        ["Cell 2.0", "", "Cell 2.2"],
        ["Cell 3.0", "Merged Cell 3.1 4.1", "Cell 3.2"],
        ["Cell 4.0", "", "Cell 4.2"],
    ]
    late = tables[6].cells[2]
    assert (late.text, late.row_span, late.column) == ("Merged Cell 0.2 1.2", 2, 2)
    assert tables[5].cells[-1].ref == "table 6!B2"


def test_a_table_s_own_caption_is_its_name():
    table = read("word_sample.docx").tables[0]
    assert (table.name, table.caption) == ("Content table", "Content table")
    assert table.grid()[1] == ["Leaves", "Ash, Elm, Maple", "50"]


def test_a_sheet_of_charts_and_hidden_sheets():
    document = read("xlsx_03_chartsheet.xlsx")
    total = document.tables[0].cells[7]
    assert (total.ref, total.text, total.value, total.formula) == (
        "'Duck Observations'!D2", "200", 200.0, "=B2+C2",
    )  # fmt: skip
    assert document.charts[0].series[1] == ("Saltwater Ducks", (80, 95, 100, 110, 120, 130))
    assert read("xlsx_01.xlsx").warnings == ("sheet 'Sheet4' is hidden",)


def test_an_inflated_sheet_is_as_the_plain_one():
    plain, inflated = read("xlsx_01.xlsx"), read("xlsx_04_inflated.xlsx")
    assert inflated.tables == plain.tables
    merged = plain.tables[4]
    assert [(c.text, c.row_span, c.column_span) for c in merged.cells if c.row == 0] == [
        ("first ", 2, 1), ("header", 1, 2),
    ]  # fmt: skip


def test_titles_gaps_and_corners_in_sheets():
    titled = read("xlsx_05_table_with_title.xlsx").tables[0]
    assert titled.caption == "Number of freshwater ducks per year"
    assert read("xlsx_09_section_label_header.xlsx").tables[0].caption == "Reading List"
    diagonal = [t for t in read("xlsx_06_edge_cases_.xlsx").tables if t.page == 3]
    assert [(t.cells[0].ref, t.n_rows, t.n_columns) for t in diagonal] == [
        ("Diagonal!A1", 4, 6), ("Diagonal!G5", 3, 3),
    ]  # fmt: skip
    whole = read("xlsx_07_gap_tolerance_.xlsx").tables[-1]
    row = {c.ref: (c.text, c.formula) for c in whole.cells if c.row == 2}
    assert row == {
        "'Page 1'!A12": ("1.02", "=(A11+1)"), "'Page 1'!C12": ("Rated system frequency", ""),
        "'Page 1'!E12": ("Hz", ""), "'Page 1'!F12": (":", ""), "'Page 1'!G12": ("134", ""),
    }  # fmt: skip


def test_threads_of_comments_in_sheets_are_notes():
    notes = [t for k, t in lines(read("xlsx_comments.xlsx")) if k == "note"]
    assert (
        "Sheet1!F7: Minimum number of saltwater ducks\nI never thought it would be so low" in notes
    )


def test_slides_keep_comments_lists_and_merged_cells():
    comments = [t for k, t in lines(read("powerpoint_comments.pptx")) if k == "note"]
    assert comments == ["Comment (John Reviewer): This is a sample reviewer comment",
                        "Comment (Jane Smith): This is a sample response"]  # fmt: skip
    sample = read("powerpoint_sample.pptx")
    assert sample.tables[0].grid()[:3] == [
        ["", "Class1", "", "", "Class2", "", ""],
        ["", "A merged with B", "", "C", "A", "B", "C"],
        ["R1", "True", "False", "", "False", "True", "True"],
    ]
    assert sample.tables[0].header_rows == 2
    assert ("note", "Some notes on the second slide.") in lines(sample, 1)
    assert lines(sample, 2)[:3] == [
        ("list", "1. List item4"), ("list", "2. List item5"), ("list", "3. List item6"),
    ]  # fmt: skip


def test_malformed_pictures_and_shapes_do_not_cost_their_slide():
    malformed = read("powerpoint_malformed_pictures.pptx")
    assert [lines(malformed, i)[0][1] for i in range(3)] == [
        "Slide With Missing BlipFill", "Slide With Dangling Rel", "Slide With Wrong Content Type",
    ]  # fmt: skip
    assert lines(read("powerpoint_unrecognized_shape.pptx"), 1)[-1] == (
        "paragraph", "Text in an unrecognized shape",
    )  # fmt: skip


def test_charts_on_slides_have_their_numbers():
    first, second = read("pptx_chart.pptx").charts
    assert first.title == "Wild Duck Observations by Year"
    assert first.series[0] == ("Freshwater Ducks", (120.0, 130.0, 150.0, 175.0))
    assert (second.kind, second.categories) == ("bar3D", ("Q1", "Q2", "Q3"))
