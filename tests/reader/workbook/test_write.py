"""The workbook as a file: sources behind every number, formulas with values, the same bytes."""

import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tenth.reader.model import Ledger
from tenth.reader.workbook import write_workbook
from tests.reader.made import Q3, report, statement
from tests.reader.workbook.companies import INCOME, acme, ledger
from tests.reader.workbook.office import needs_office, printed_pages, recalculated

STATEMENTS = ("Acme Income", "Acme Balance", "Acme Cash flow")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "workbook.xlsx"
    write_workbook(ledger(), path, page_link=lambda fact: f"pages/acme-003.html#{fact.id}")
    return path


@pytest.fixture(scope="module")
def book(written: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written)


def row_of(sheet: Worksheet, label: str) -> int:
    for row in range(1, sheet.max_row + 1):
        if sheet.cell(row, 1).value == label:
            return row
    raise AssertionError(f"{sheet.title} has no {label!r}")


def column_of(sheet: Worksheet, text: str, row: int = 6) -> int:
    for column in range(1, sheet.max_column + 1):
        if sheet.cell(row, column).value == text:
            return column
    raise AssertionError(f"{sheet.title} has no column {text!r}")


def test_sheets_stand_in_the_order_of_a_reader(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [
        "Contents", "Comparison", *STATEMENTS, "Acme Ratios", "Contradictions", "Sources",
    ]  # fmt: skip


def test_a_total_is_a_formula_over_its_rows(book: openpyxl.Workbook) -> None:
    sheet = book["Acme Income"]
    column = column_of(sheet, "Sep 30, 2023")
    assert sheet.cell(row_of(sheet, "Total net sales"), column).value == "=SUM(D8:D10)"
    assert sheet.cell(row_of(sheet, "Gross margin"), column).value == "=SUM(D11:D12)"
    assert sheet.cell(row_of(sheet, "Operating income"), column).value == "=D13-D14"


def test_every_plain_number_of_a_statement_links_to_a_source_that_says_it(
    book: openpyxl.Workbook,
) -> None:
    sources, checked = book["Sources"], 0
    for name in STATEMENTS:
        for row in book[name].iter_rows(min_row=7):
            for cell in row:
                if isinstance(cell.value, int | float):
                    assert cell.hyperlink is not None, f"{name}!{cell.coordinate}"
                    where = cell.hyperlink.location or ""
                    assert where.startswith("'Sources'!A"), where
                    at = int(where.partition("!A")[2])
                    value, scale = sources.cell(at, 7).value, sources.cell(at, 10).value
                    assert Decimal(str(cell.value)) * scale == Decimal(str(value))
                    checked += 1
    assert checked > 20


def test_no_number_stands_outside_the_sources_but_inputs_and_counts(
    book: openpyxl.Workbook,
) -> None:
    for sheet in book:
        if sheet.title in (*STATEMENTS, "Sources", "Contents"):
            continue
        plain = [
            cell.coordinate
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, int | float)
        ]
        assert plain == [], sheet.title


def test_a_source_links_to_its_page_and_back_to_its_cell(book: openpyxl.Workbook) -> None:
    sheet = book["Sources"]
    link, back = sheet.cell(5, 15).hyperlink, sheet.cell(5, 16).hyperlink
    assert link is not None and back is not None
    assert link.target == "pages/acme-003.html"
    assert link.location == sheet.cell(5, 1).value
    assert back.location == "'Acme Income'!D8"
    assert book["Acme Income"]["D8"].hyperlink.location == "'Sources'!A5"


def test_the_same_ledger_gives_the_same_bytes_whatever_the_hash_seed(
    written: Path, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from tenth.reader.workbook import write_workbook\n"
        "from tests.reader.workbook.companies import ledger\n"
        "link = lambda fact: f'pages/acme-003.html#{fact.id}'\n"
        "write_workbook(ledger(), Path(sys.argv[1]), page_link=link)\n"
    )
    for seed in ("1", "2"):
        again = tmp_path / f"{seed}.xlsx"
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", script, str(again)], check=True, env=environment)
        assert again.read_bytes() == written.read_bytes()


def test_labels_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    labels = ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@now", "http://example.org"]
    made = report(statement("income", [(label, "", ["5"]) for label in labels], [Q3]))
    write_workbook(Ledger((made,)), tmp_path / "w.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["Acme Income"]
    for row, label in enumerate(labels, 7):
        cell = sheet.cell(row, 1)
        assert cell.value == label and cell.data_type == "s"
        assert cell.hyperlink is None
        assert cell.quotePrefix is (label[0] in "=+-@")


def test_a_fact_without_a_scale_is_shown_as_printed_and_has_no_number(tmp_path: Path) -> None:
    made, facts = statement("income", INCOME[1:4], [Q3])
    unknown = msgspec.structs.replace(facts[0], value=None, scale=None, status="unknown")
    write_workbook(Ledger((report((made, [unknown, *facts[1:]])),)), tmp_path / "w.xlsx")
    opened = openpyxl.load_workbook(tmp_path / "w.xlsx")
    assert opened["Acme Income"]["C7"].value == "$600 (unknown)"
    row = int(opened["Acme Income"]["C7"].hyperlink.location.partition("!A")[2])
    assert opened["Sources"].cell(row, 7).value == "unknown"
    assert opened["Sources"].cell(row, 10).value == "unknown"


def test_chinese_headings_and_chinese_fonts(tmp_path: Path) -> None:
    made = report(statement("income", [("营业收入", "Revenues", ["1,000"])], [Q3],
                            entity="某某科技股份有限公司"), language="zh")  # fmt: skip
    write_workbook(Ledger((made,)), tmp_path / "w.xlsx", "zh")
    opened = openpyxl.load_workbook(tmp_path / "w.xlsx")
    assert opened.sheetnames == ["目录", "对比", "某某科技 利润表", "矛盾", "来源"]
    sheet = opened["某某科技 利润表"]
    assert sheet["A1"].value == "某某科技股份有限公司 — 利润表"
    assert sheet["B7"].value == "百万美元"
    assert sheet["C6"].value == "2023年9月30日"
    assert sheet["A7"].font.name == "Microsoft YaHei"
    assert sheet["C7"].font.name == "Arial"


def test_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="language is 'fr'; it may be en, zh"):
        write_workbook(Ledger(), tmp_path / "w.xlsx", "fr")
    assert not any(tmp_path.iterdir())


def test_an_empty_ledger_gives_a_workbook_that_says_so(tmp_path: Path) -> None:
    write_workbook(Ledger(), tmp_path / "w.xlsx")
    opened = openpyxl.load_workbook(tmp_path / "w.xlsx")
    assert opened.sheetnames == ["Contents", "Contradictions", "Sources"]
    assert opened["Contradictions"]["A2"].value == "The checks found none"


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(b"old")

    def breaks(_fact: object) -> str:
        raise RuntimeError("no page")

    with pytest.raises(RuntimeError, match="no page"):
        write_workbook(ledger(), path, page_link=breaks)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_charts_are_native_and_hold_one_currency_each(tmp_path: Path) -> None:
    euro_made, euro_facts = statement("income", INCOME, [Q3], entity="Beta SE", document="beta.pdf")
    euros = [
        msgspec.structs.replace(fact, currency="EUR") if fact.currency else fact
        for fact in euro_facts
    ]
    beta = report((msgspec.structs.replace(euro_made, currency="EUR"), euros))
    write_workbook(Ledger((acme(), beta)), tmp_path / "w.xlsx")
    with zipfile.ZipFile(tmp_path / "w.xlsx") as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/chart" in name
                  and name.startswith("xl/charts/chart")]  # fmt: skip
        assert not [name for name in archive.namelist() if name.startswith("xl/media")]
    revenue = [chart for chart in charts if "Revenue (" in chart]
    assert len(revenue) == 2
    assert [chart.count("<c:ser>") for chart in revenue] == [1, 1]
    assert any("Revenue (EUR in millions)" in chart for chart in revenue)
    margins = next(chart for chart in charts if "Net margin" in chart)
    assert margins.count("<c:ser>") == 2


def test_a_contradiction_shows_both_values_with_links_to_both_sources(
    book: openpyxl.Workbook,
) -> None:
    sheet = book["Contradictions"]
    sources = book["Sources"]
    rows = [int(sheet.cell(6, column).hyperlink.location.partition("!A")[2]) for column in (9, 10)]
    values = [sources.cell(row, 7).value for row in rows]
    assert values == [1_000_000_000, 800_000_000]
    assert sheet["F6"].value == f"='Sources'!G{rows[0]}"
    assert sheet["G6"].value == f"='Sources'!G{rows[1]}"
    assert sheet["H6"].value == "=F6-G6"
    assert sheet["K6"].value == "They differ."


@needs_office
def test_recalculation_gives_the_cached_values_and_no_error(written: Path, tmp_path: Path) -> None:
    formulas, cached = (
        openpyxl.load_workbook(written),
        openpyxl.load_workbook(written, data_only=True),
    )
    anew = recalculated(written, tmp_path)
    count = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count += 1
                was = cached[sheet.title][cell.coordinate].value
                now = anew[sheet.title][cell.coordinate].value
                if isinstance(was, int | float):
                    assert now == pytest.approx(was, rel=1e-12), f"{sheet.title} {cell.coordinate}"
                else:
                    assert (now or "") == (was or ""), f"{sheet.title} {cell.coordinate}"
    assert count > 40


@needs_office
def test_recalculation_does_not_trust_what_is_cached(tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    lying = tmp_path / "lying.xlsx"
    write_workbook(ledger(), tmp_path / "w.xlsx")
    with zipfile.ZipFile(tmp_path / "w.xlsx") as honest, zipfile.ZipFile(lying, "w") as out:
        for name in honest.namelist():
            content = honest.read(name)
            if name == "xl/worksheets/sheet3.xml":
                assert content.count(b"<v>1000.0</v>") == 1
                content = content.replace(b"<v>1000.0</v>", b"<v>77</v>")
            out.writestr(name, content)
    assert openpyxl.load_workbook(lying, data_only=True)["Acme Income"]["D11"].value == 77
    assert recalculated(lying, tmp_path / "anew")["Acme Income"]["D11"].value == 1000


@needs_office
def test_printed_pages_show_no_cut_number_and_no_error(written: Path, tmp_path: Path) -> None:
    pages = printed_pages(written, tmp_path)
    assert len(pages) >= 8
    for text in pages:
        assert not any(bad in text for bad in ("###", "#REF", "#VALUE", "#NAME", "#DIV", "Err:"))
    assert any("Acme Corporation — Income statement" in text for text in pages)
