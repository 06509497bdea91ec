"""The sample archive: the same bytes, its facts where `truth` says, one contradiction planted."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pypdfium2
import pytest
from samples.chinese import font_file
from samples.printed import printed
from samples.reports import LANGUAGES, truth, write_sample


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    for language in LANGUAGES:
        write_sample(folder / f"{language}.zip", language)
    return {language: folder / f"{language}.zip" for language in LANGUAGES}


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words_of(data):
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_archive_is_the_same_each_time(archives, language, tmp_path):
    write_sample(tmp_path / "again.zip", language)
    assert (tmp_path / "again.zip").read_bytes() == archives[language].read_bytes()


def test_each_year_is_there_as_pdf_and_as_xlsx(archives):
    names = [name.rsplit("/")[-1] for name in members(archives["en"])]
    assert len(names) == 6
    for year in (2022, 2023, 2024):
        assert f"tarnwick-{year}.xlsx" in names
        assert f"tarnwick-annual-report-{year}.pdf" in names


def test_every_figure_of_a_table_is_printed_in_its_years_pdf(archives):
    files = members(archives["en"])
    for year in (2022, 2023, 2024):
        words = words_of(files[f"tarnwick/tarnwick-annual-report-{year}.pdf"]).split()
        for fact in truth().facts:
            if fact.year == year and fact.statement != "text":
                amount = fact.value if fact.scale == 1 else fact.value / fact.scale
                assert printed(amount, fact.unit) in words, fact


def test_every_figure_of_a_sentence_is_printed_in_its_years_pdf(archives):
    files = members(archives["en"])
    for year in (2022, 2023, 2024):
        text = words_of(files[f"tarnwick/tarnwick-annual-report-{year}.pdf"])
        text = " ".join(text.split())
        for fact in truth().facts:
            if fact.year == year and fact.statement == "text":
                millions = f"${fact.value / 1_000_000:,.1f} million"
                percent = f"{abs(fact.value) * 100:.1f}%"
                assert (millions if fact.unit == "currency" else percent) in text, fact


def test_the_same_fact_has_the_same_value_in_every_report():
    """Year by year an opening balance is the closing one before; only rounding differs."""
    seen: dict[tuple[str, ...], Decimal] = {}
    for fact in truth().facts:
        if fact.statement in ("text", "other", "customers", "suppliers"):
            continue
        label = "Common stock" if fact.label.startswith("Common stock") else fact.label
        key = (fact.statement, label, *fact.section, fact.start, fact.end)
        assert seen.setdefault(key, fact.value) == fact.value, fact
    assert len(seen) > 300


def test_one_sheet_says_millions_where_thousands_are_meant(archives):
    files = members(archives["en"])
    lines = {
        (name, sheet.title): sheet["A4"].value
        for name, data in files.items()
        if name.endswith("xlsx")
        for sheet in openpyxl.load_workbook(io.BytesIO(data))
    }
    said = [key for key, line in lines.items() if "illion" in line]
    (planted,) = truth().planted
    assert said == [(planted.member, planted.sheet)]
    assert lines[said[0]] == planted.says
    assert len(planted.facts) == 18
    sheet = openpyxl.load_workbook(io.BytesIO(files[planted.member]))[planted.sheet]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {float(fact.value / planted.scale) for fact in planted.facts} <= cells


def test_the_lost_customers_are_named_in_the_truth():
    assert truth().lost[2023] == ("Customer F", "Customer G")
    assert truth().lost[2024] == ("Customer B", "Customer C", "Customer D")


def test_every_figure_of_the_chinese_report_is_in_its_sheets(archives):
    files = members(archives["zh"])
    data = next(data for name, data in files.items() if name.endswith("xlsx"))
    cells = {
        round(cell.value, 4)
        for sheet in openpyxl.load_workbook(io.BytesIO(data))
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    }
    facts = [fact for fact in truth("zh").facts if fact.statement != "text"]
    assert len(facts) > 150
    for fact in facts:
        value = fact.value * 100 if fact.unit == "pure" else fact.value / fact.scale
        assert round(float(value), 4) in cells, fact


@pytest.mark.skipif(not font_file(), reason="no Chinese font with outlines on this machine")
def test_every_figure_of_the_chinese_report_is_in_its_pdf(archives):
    files = members(archives["zh"])
    text = words_of(next(data for name, data in files.items() if name.endswith("pdf")))
    words, text = text.split(), "".join(text.split())
    for fact in truth("zh").facts:
        if fact.statement == "text":
            shown = (
                f"{abs(fact.value) * 100:.2f}%"
                if fact.unit == "pure"
                else f"{fact.value / 10_000:,.2f}万元"
            )
            assert shown in text, fact
        elif fact.value:
            assert printed(fact.value / fact.scale, fact.unit, "zh") in words, fact


def test_the_chinese_balance_sheet_balances_to_the_fen():
    facts = [fact for fact in truth("zh").facts if fact.statement == "balance"]
    for end in ("2024-12-31", "2023-12-31"):
        at = {fact.label: fact.value for fact in facts if fact.end == end}
        assert at["资产总计"] == at["负债合计"] + at["所有者权益合计"] == at["负债和所有者权益总计"]


def test_a_language_that_has_no_sample_is_named(tmp_path):
    with pytest.raises(ValueError, match="no sample in language 'fr'; there are en, zh"):
        write_sample(tmp_path / "x.zip", "fr")
