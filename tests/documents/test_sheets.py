"""Workbooks: cells with references, values, formulas and the text they show, cut into tables."""

import datetime
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from tenth.config import ReadConfig
from tenth.documents.office import sheets
from tenth.documents.refusal import Refused
from tests.documents.office_files import part_of, with_parts, workbook


def made(path, fill, **options):
    """A workbook that `fill(book)` writes, read."""
    book = xlsxwriter.Workbook(path, options)
    fill(book)
    book.close()
    return sheets.read(path, ReadConfig())


def cell(table, ref):
    return next(c for c in table.cells if c.ref == ref)


def kinds(document, page=0):
    return [(b.kind, b.text) for b in document.pages[page].blocks]


def income(sheet, money, top=0, left=0):
    rows = [("", 2024, 2023), ("Revenue", 1250.5, -980), ("Cost", 700, 640.25)]
    for row, (label, *values) in enumerate(rows, top):
        sheet.write(row, left, label)
        for column, value in enumerate(values, left + 1):
            sheet.write_number(row, column, value, money if row > top else None)


def test_a_cell_keeps_its_reference_value_formula_and_shown_text(tmp_path):
    def fill(book):
        money = book.add_format({"num_format": "#,##0.0_);(#,##0.0)"})
        sheet = book.add_worksheet("Income")
        income(sheet, money)
        sheet.write_formula("B4", "=B2-B3", money, 550.5)

    document = made(tmp_path / "a.xlsx", fill)
    (table,) = document.tables
    assert document.pages[0].name == "Income"
    assert table.grid() == [
        ["", "2024", "2023"],
        ["Revenue", "1,250.5", "(980.0)"],
        ["Cost", "700.0", "640.3"],
        ["", "550.5", ""],
    ]
    total = cell(table, "Income!B4")
    assert (total.value, total.formula, total.text) == (550.5, "=B2-B3", "550.5")
    assert (total.row, total.column, total.page) == (3, 1, 1)
    assert cell(table, "Income!C2").value == -980.0
    assert table.header_rows == 1
    assert cell(table, "Income!B1").header and not cell(table, "Income!B2").header


def test_a_shared_formula_is_translated_for_each_cell(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1</f>'
        '<v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/>'
        '<v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/>'
        "<v>3</v></c></row>"
    )
    table = sheets.read(workbook(tmp_path / "a.xlsx", rows), ReadConfig()).tables[0]
    formulas = [cell(table, f"S!B{row}").formula for row in (1, 2, 3)]
    assert formulas == ["=A1*$A$1", "=A2*$A$1", "=A3*$A$1"]


def test_a_shared_formula_that_leaves_the_sheet_costs_its_formula_only(tmp_path):
    rows = (
        '<row r="1"><c r="C1"><v>1</v></c></row><row r="2"><c r="C2"><f t="shared" ref="B1:C2" '
        'si="0">C1</f><v>1</v></c></row><row r="3"><c r="A3"><f t="shared" si="0"/><v>3</v></c>'
        '<c r="ZZZZZZ3"><v>4</v></c></row>'
    )
    document = sheets.read(workbook(tmp_path / "a.xlsx", rows), ReadConfig())
    found = {c.ref: (c.text, c.formula) for t in document.tables for c in t.cells}
    assert found == {
        "S!C1": ("1", ""), "S!C2": ("1", "=C1"), "S!A3": ("3", "=A2"), "S!B3": ("4", ""),
    }  # fmt: skip
    rows = rows.replace(">C1<", ">A1<")
    document = sheets.read(workbook(tmp_path / "a.xlsx", rows), ReadConfig())
    found = {c.ref: (c.text, c.formula) for t in document.tables for c in t.cells}
    assert found["S!A3"] == ("3", "")


def test_truths_errors_dates_and_texts_are_shown_as_such(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["Item", "Value"])
        sheet.write("A2", "flag")
        sheet.write_boolean("B2", True)
        sheet.write("A3", "error")
        sheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        sheet.write("A4", "day")
        day = book.add_format({"num_format": "d mmm yyyy"})
        sheet.write_datetime("B4", datetime.datetime(2024, 3, 31), day)
        sheet.write("A5", "code")
        sheet.write_string("B5", "007")

    table = made(tmp_path / "a.xlsx", fill).tables[0]
    found = {c.ref: (c.text, c.value) for c in table.cells if c.column == 1}
    assert found == {
        "S!B1": ("Value", "Value"),
        "S!B2": ("TRUE", True),
        "S!B3": ("#DIV/0!", "#DIV/0!"),
        "S!B4": ("31 Mar 2024", "2024-03-31"),
        "S!B5": ("007", "007"),
    }
    assert cell(table, "S!B3").formula == "=1/0"


def test_merged_cells_have_spans_and_headers_go_as_far_as_the_figures(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("S")
        plain = book.add_format()
        sheet.merge_range("A1:A2", "Segment", plain)
        sheet.merge_range("B1:C1", "Three months ended", plain)
        sheet.write_row("B2", [2024, 2023])
        sheet.write_row("A3", ["Cloud", 10, 9])
        sheet.write_row("A4", ["Devices", 7, 8])

    table = made(tmp_path / "a.xlsx", fill).tables[0]
    spans = {c.text: (c.row_span, c.column_span) for c in table.cells if c.row == 0}
    assert spans == {"Segment": (2, 1), "Three months ended": (1, 2)}
    assert table.header_rows == 2
    assert (table.n_rows, table.n_columns) == (4, 3)


def test_a_title_and_a_scale_line_belong_to_the_table_below(tmp_path):
    def fill(book):
        money = book.add_format({"num_format": "#,##0"})
        sheet = book.add_worksheet("S")
        sheet.write("A1", "Consolidated Statements of Operations")
        sheet.write("A2", "(In millions, except per share amounts)")
        income(sheet, money, top=3)
        sheet.write("A8", "资产负债表")
        sheet.write("A9", "单位：万元")
        income(sheet, money, top=9)

    first, second = made(tmp_path / "a.xlsx", fill).tables
    assert first.caption == "Consolidated Statements of Operations"
    assert first.scale == "(In millions, except per share amounts)"
    assert (second.caption, second.scale) == ("资产负债表", "单位：万元")
    assert first.header_rows == second.header_rows == 1
    assert first.n_rows == second.n_rows == 3


def test_blank_rows_and_columns_part_tables(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("S")
        for top, left in ((0, 0), (0, 4), (6, 0)):
            income(sheet, None, top, left)

    document = made(tmp_path / "a.xlsx", fill)
    corners = [min(c.ref for c in table.cells if c.row == 1) for table in document.tables]
    assert corners == ["S!A2", "S!E2", "S!A8"]


def test_one_blank_column_does_not_part_labels_from_their_figures(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("S")
        sheet.write("C1", 2024)
        sheet.write("E1", 2023)
        for row, (label, new, old) in enumerate([("Sales", 5, 4), ("Costs", 3, 2)], 1):
            sheet.write(row, 0, label)
            sheet.write(row, 2, new)
            sheet.write(row, 4, old)

    (table,) = made(tmp_path / "a.xlsx", fill).tables
    assert table.grid() == [
        ["", "", "2024", "", "2023"],
        ["Sales", "", "5", "", "4"],
        ["Costs", "", "3", "", "2"],
    ]


def test_a_blank_row_before_more_figures_does_not_part_a_statement(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("S")
        sheet.write_row("A1", ["", 2024, 2023])
        sheet.write_row("A2", ["Cash", 10, 9])
        sheet.write_row("A3", ["Total assets", 10, 9])
        sheet.write_row("A5", ["Debt", 6, 5])
        sheet.write_row("A6", ["Total liabilities", 6, 5])

    (table,) = made(tmp_path / "a.xlsx", fill).tables
    assert table.n_rows == 6
    assert cell(table, "S!A5").row == 4


def test_a_section_label_is_no_header_and_no_title(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("S")
        sheet.write_row("A1", ["", "2024", "2023"])
        sheet.write("A2", "Current assets")
        sheet.write_row("A3", ["Cash", 10, 9])

    (table,) = made(tmp_path / "a.xlsx", fill).tables
    assert table.header_rows == 1
    assert table.caption == ""


def test_a_table_of_the_sheet_has_its_name_and_its_headers(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("S")
        sheet.write("A1", "Title")
        sheet.write("A2", "next to the table")
        columns = [{"header": "Region"}, {"header": "Code"}]
        sheet.add_table("B2:C4", {"name": "Sales", "columns": columns,
                                  "data": [["North", "n1"], ["South", "s1"]]})  # fmt: skip

    document = made(tmp_path / "a.xlsx", fill)
    table = next(t for t in document.tables if t.name == "Sales")
    assert table.grid() == [["Region", "Code"], ["North", "n1"], ["South", "s1"]]
    assert table.header_rows == 1
    assert cell(table, "S!B2").header


def test_hidden_sheets_are_read_and_named(tmp_path):
    def fill(book):
        book.add_worksheet("Shown").write_row(0, 0, ["a", "b"])
        hidden = book.add_worksheet("Back stage")
        hidden.write_row(0, 0, [1, 2])
        hidden.hide()

    document = made(tmp_path / "a.xlsx", fill)
    assert [page.name for page in document.pages] == ["Shown", "Back stage"]
    assert document.warnings == ("sheet 'Back stage' is hidden",)
    assert document.tables[1].cells[0].ref == "'Back stage'!A1"


def test_comments_are_notes_with_their_cell(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "S"
    book.active["B2"] = 5
    book.active["B2"].comment = Comment("restated", "Ann")
    book.save(tmp_path / "a.xlsx")
    document = sheets.read(tmp_path / "a.xlsx", ReadConfig())
    assert ("note", "S!B2: restated") in kinds(document)


def test_a_chart_carries_its_numbers_also_on_a_sheet_of_its_own(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("Data")
        sheet.write_column("A1", ["Q1", "Q2", "Q3"])
        sheet.write_column("B1", [1.5, 2.5, 4])
        for target in (sheet, book.add_chartsheet("Picture")):
            chart = book.add_chart({"type": "column"})
            series = {
                "name": "Growth",
                "categories": "=Data!$A$1:$A$3",
                "values": "=Data!$B$1:$B$3",
            }
            chart.add_series(series)
            chart.set_title({"name": "By quarter"})
            if target is sheet:
                target.insert_chart("D2", chart)
            else:
                target.set_chart(chart)

    document = made(tmp_path / "a.xlsx", fill)
    assert [page.name for page in document.pages] == ["Data", "Picture"]
    assert [chart.page for chart in document.charts] == [1, 2]
    for chart in document.charts:
        assert (chart.kind, chart.title) == ("bar", "By quarter")
        assert chart.categories == ("Q1", "Q2", "Q3")
        assert chart.series == (("Growth", (1.5, 2.5, 4.0)),)
        assert chart.ref == "Data!$B$1:$B$3"


def test_an_inflated_range_costs_nothing(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    merge = '<mergeCells><mergeCell ref="A1:XFD1048575"/></mergeCells>'
    document = sheets.read(workbook(tmp_path / "a.xlsx", rows, after=merge), ReadConfig())
    refs = [c.ref for table in document.tables for c in table.cells]
    assert refs == ["S!A1", "S!XFD1048576"]


def test_cells_beyond_the_limit_are_dropped_and_said_so(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("S")
        for row in range(10):
            sheet.write_row(row, 0, [row, row, row])

    made(tmp_path / "a.xlsx", fill)
    document = sheets.read(tmp_path / "a.xlsx", ReadConfig(max_cells=20))
    assert sum(len(table.cells) for table in document.tables) == 20
    assert document.warnings == (
        "S!C7: not read, nor what follows in its sheet: 20 cells are read, max_cells=20",
    )


def test_a_large_workbook_is_cut_where_its_memory_ends(tmp_path):
    rows = "".join(f'<row r="{r}"><c><v>1</v></c><c><v>2</v></c></row>' for r in range(1, 100))
    config = ReadConfig(worker_bytes=100_000)
    document = sheets.read(workbook(tmp_path / "a.xlsx", rows), config)
    assert len(document.tables[0].cells) == 100
    assert "worker_bytes=100,000 at 1,000 bytes each" in document.warnings[0]


def test_a_formula_that_was_never_computed_is_kept_and_said_so(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    sheet.append(["Item", "Value"])
    sheet.append(["sum", "=1+1"])
    book.save(tmp_path / "a.xlsx")
    document = sheets.read(tmp_path / "a.xlsx", ReadConfig())
    found = cell(document.tables[0], "S!B2")
    assert (found.text, found.value, found.formula) == ("", None, "=1+1")
    assert document.warnings == ("1 formulas have no value: no program has computed them",)


def test_rich_texts_lose_neither_runs_nor_line_ends(tmp_path):
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>Net </t>'
        "</r><r><t>sales_x000D_\nrestated</t></r><rPh><t>reading</t></rPh></si></sst>"
    )
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row>'
    document = sheets.read(workbook(tmp_path / "a.xlsx", rows, shared), ReadConfig())
    assert document.tables[0].cells[0].text == "Net sales\nrestated"


def test_strict_workbooks_are_read_as_well(tmp_path):
    path = tmp_path / "a.xlsx"
    before = made(path, lambda book: income(book.add_worksheet("S"), None))
    names = ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
             "_rels/.rels", "xl/_rels/workbook.xml.rels"]  # fmt: skip
    strict = {
        name: part_of(path, name)
        .replace("http://schemas.openxmlformats.org/spreadsheetml/2006/", "http://purl.oclc.org/ooxml/spreadsheetml/")
        .replace("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/")
        for name in names
    }  # fmt: skip
    assert sheets.read(with_parts(path, strict), ReadConfig()) == before


def test_an_ods_is_read_by_its_values(tmp_path):
    oasis = "urn:oasis:names:tc:opendocument:xmlns:"
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{value}"/>'
            if isinstance(value, float)
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{value}</text:p></table:table-cell>"
            for value in line
        )
        + "</table:table-row>"
        for line in (["", "2024"], ["Sales", 12.5], ["Share", 0.25])
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", f'<m:manifest xmlns:m="{oasis}manifest:1.0"></m:manifest>'
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{oasis}office:1.0" '
            f'xmlns:table="{oasis}table:1.0" xmlns:text="{oasis}text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="S">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    document = sheets.read(tmp_path / "a.ods", ReadConfig())
    assert document.kind == "ods"
    assert document.tables[0].grid() == [["", "2024"], ["Sales", "12.5"], ["Share", "0.25"]]
    assert cell(document.tables[0], "S!B2").value == 12.5
    assert "without formulas and number formats" in document.warnings[-1]


def test_a_damaged_old_workbook_is_refused(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4000))
    with pytest.raises(Refused, match=r"a.xls: is damaged"):
        sheets.read(path, ReadConfig())
