"""The annual reports of Tarnwick Controls, Inc., a company that does not exist."""

from dataclasses import replace
from pathlib import Path

from reportlab.platypus import Flowable, Paragraph, Spacer

from samples import pdf, sheets
from samples.company import Year, books
from samples.english_statements import NAME, SCALE_LINE, balance, both, cash, flows, income
from samples.english_tables import customers, segments, suppliers
from samples.pdf_tables import MARGIN, Look, captioned, style
from samples.tables import Known, Row, Table, facts_of
from samples.words import Speaker, texts

SEED = 20241231
YEARS = (2022, 2023, 2024)
PLANTED_YEAR, PLANTED_SHEET, PLANTED_LINE = 2023, "Segments", "(In millions)"
COVER = (
    "ANNUAL REPORT", "FORM 10-K", "For the fiscal year ended December 31, {0}",
    "(Exact name of registrant as specified in its charter)",
    "Commission File Number: none. The company, its people and all figures are invented.",
    "State of incorporation: Delaware. Fiscal year end: December 31. Amounts in U.S. dollars.",
)  # fmt: skip


def tables(year: int) -> dict[str, Table]:
    """A report's tables by the names of their sheets, as they should be."""
    now, last = _books()[year], _books()[year - 1]
    return {
        "Operations": income(year, now, last), "Balance sheet": balance(year, now, last),
        "Cash flows": cash(year, now, last), "Segments": segments(year, now, last),
        "Customers": customers(year, now, last), "Suppliers": suppliers(year, now, last),
    }  # fmt: skip


def write(folder: Path) -> list[Path]:
    """Each year's PDF and XLSX; one sheet of one year says millions and means thousands."""
    written = []
    for year in YEARS:
        sheet_tables = tables(year)
        if year == PLANTED_YEAR:
            wrong = replace(sheet_tables[PLANTED_SHEET], scale_line=PLANTED_LINE)
            sheet_tables[PLANTED_SHEET] = wrong
        title = f"Annual Report {year}"
        paths = folder / f"tarnwick-annual-report-{year}.pdf", folder / f"tarnwick-{year}.xlsx"
        _draw(paths[0], year, title)
        sheets.write(paths[1], NAME, title, sheet_tables)
        written += paths
    return written


def facts() -> list[Known]:
    """What the reports state, tables first, then sentences, year by year."""
    found: list[Known] = []
    for year in YEARS:
        for table in tables(year).values():
            found += facts_of(table, year)
        found += facts_of(_selected(year), year)
        speaker = Speaker(year, _books())
        for text in _said(year):
            speaker.speak(text)
        found += speaker.told.facts
    return found


def _books() -> dict[int, Year]:
    return books(SEED)


def _said(year: int) -> list[str]:
    """The texts of a report that carry figures, in the order of its pages."""
    known = texts("english")
    letter = known["years"][str(year)]["letter"]
    return [*letter, *(one["text"] for one in (*known["management"], *known["notes"]))]


def _selected(year: int) -> Table:
    now, last = _books()[year], _books()[year - 1]
    named = {"Net sales": "sales", "Gross profit": "gross", "Operating income": "operating",
             "Net income": "net", "Net cash provided by operating activities": "from_operations",
             "Depreciation and amortization": "wear", }  # fmt: skip
    rows = tuple(Row(label, both(now, last, key)) for label, key in named.items())
    return Table("other", "SELECTED FINANCIAL DATA", SCALE_LINE, 1000, flows(year), rows)


def _draw(path: Path, year: int, title: str) -> None:
    look = Look(running=NAME, foot=f"Fiscal {year}")
    width = look.page[0] - 2 * MARGIN
    speaker, known, by_name = Speaker(year, _books()), texts("english"), tables(year)
    plain, head, big = (style(look, name) for name in ("text", "head", "title"))
    letter = [Paragraph(speaker.speak(one), plain) for one in known["years"][str(year)]["letter"]]
    text: list[Flowable] = []
    for one in known["management"]:
        text += pdf.section(one["title"], speaker.speak(one["text"]), look)
    notes = [pdf.section(one["title"], speaker.speak(one["text"]), look) for one in known["notes"]]
    for number, name in ((1, "Segments"), (2, "Customers"), (3, "Suppliers")):
        notes[number] += captioned(by_name[name], look, width)
    statements: list[list[Flowable]] = [
        captioned(by_name[name], look, width, NAME)
        for name in ("Operations", "Balance sheet", "Cash flows")
    ]
    heading = Paragraph("Notes to Consolidated Financial Statements", big)
    signed = [
        Spacer(1, 12),
        Paragraph("Edda Marrow", head),
        Paragraph("President and Chief Executive Officer", plain),
    ]
    analysis = [
        Paragraph("Management’s Discussion and Analysis", big),
        *captioned(_selected(year), look, width),
    ]
    pages = pdf.Pages(
        _cover(year, look),
        [[Paragraph("To our stockholders", big), *letter, *signed]],
        analysis,
        text,
        [*statements, [heading, *notes[0], *notes[1]], [one for note in notes[2:] for one in note]],
    )
    pdf.write(path, look, title, pages)


def _cover(year: int, look: Look) -> list[Flowable]:
    centred = style(look, "text", alignment=1)
    kind, form, ended, exact, invented, state = (line.format(year) for line in COVER)
    return [
        Spacer(1, 170),
        Paragraph(NAME, style(look, "title", fontSize=28, leading=36, alignment=1)),
        Paragraph(exact, centred), Spacer(1, 30),
        Paragraph(f"{kind} {year}", style(look, "title", alignment=1)),
        Paragraph(form, centred), Paragraph(ended, style(look, "head", alignment=1)),
        Spacer(1, 190), Paragraph(state, centred), Paragraph(invented, centred),
    ]  # fmt: skip
