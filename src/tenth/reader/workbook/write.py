"""A ledger as a workbook."""

import io
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Context, Decimal, localcontext
from pathlib import Path

from tenth.files import atomic_write_bytes
from tenth.reader.analysis import turnover
from tenth.reader.model import Fact, Ledger, StatementKind
from tenth.reader.workbook.book import Book, Sheet
from tenth.reader.workbook.comparison import add_comparison
from tenth.reader.workbook.contents import add_contents
from tenth.reader.workbook.contradiction_sheet import add_contradictions
from tenth.reader.workbook.customers import add_customers, named_parties
from tenth.reader.workbook.merge import merged
from tenth.reader.workbook.names import SheetNames, entity_key, short_names
from tenth.reader.workbook.periods import day, length_of
from tenth.reader.workbook.ratio_plan import plan_ratios
from tenth.reader.workbook.ratios import add_ratios, check_ratios
from tenth.reader.workbook.render import render
from tenth.reader.workbook.sources import add_sources
from tenth.reader.workbook.statement_sheet import add_statement
from tenth.reader.workbook.words import word

KINDS: tuple[StatementKind, ...] = (
    "income", "comprehensive", "balance", "cash", "equity", "segments",
)  # fmt: skip
LANGUAGES = ("en", "zh")


def write_workbook(
    ledger: Ledger,
    path: Path,
    language: str = "en",
    page_link: Callable[[Fact], str] | None = None,
) -> None:
    """Writes the ledger as a workbook of live formulas, wholly or not at all, the same bytes for
    the same ledger. `page_link` gives where the page of a fact is shown, relative to the workbook
    ("pages/NAME-003.html#ID") or as a web address. Raises ValueError for another language than
    "en" and "zh", OSError where the file cannot be written."""
    if language not in LANGUAGES:
        raise ValueError(f"a workbook's language is {language!r}; it may be {', '.join(LANGUAGES)}")
    with localcontext(Context(prec=28)):
        book = plan_workbook(ledger, language, page_link)
        made = io.BytesIO()  # a zip that a full disk cuts short complains once more when it goes
        render(book, made)
        atomic_write_bytes(path, made.getvalue())


def facts_shown(ledger: Ledger) -> list[Fact]:
    """The facts with a row among the workbook's sources, in its order."""
    with localcontext(Context(prec=28)):
        book = plan_workbook(ledger)
    return [book.facts[fact] for fact in book.used]


def plan_workbook(
    ledger: Ledger, language: str = "en", page_link: Callable[[Fact], str] | None = None
) -> Book:
    """All sheets, before they are written."""
    names = SheetNames()
    fixed = {
        key: names.take(word(key, language))
        for key in ("contents", "comparison", "customers", "contradictions", "sources")
    }
    book = Book(ledger.facts(), language, fixed["sources"], _fiscal_ends(ledger))
    book.add(Sheet(fixed["contents"], word("title.contents", language)))
    comparison = book.add(Sheet(fixed["comparison"], word("title.comparison", language)))
    companies = _companies(ledger, language)
    _statements(book, ledger, companies, names)
    _ratios(book, ledger, companies, names)
    if add_comparison(book, comparison, companies, _main_scale(ledger)) is None:
        del book.sheets[comparison.name]
    latest_last = sorted(ledger.reports, key=lambda report: report.cover.period.end)
    parties = named_parties([fact for report in latest_last for fact in report.facts])
    if parties:
        sheet = Sheet(fixed["customers"], word("title.customers", language))
        years = turnover(ledger.reports, book.facts, ledger.contradictions)
        add_customers(book, sheet, parties, years, companies)
    sheet = Sheet(fixed["contradictions"], word("title.contradictions", language))
    add_contradictions(book, sheet, ledger.contradictions)
    add_sources(book, Sheet(fixed["sources"], word("title.sources", language)), page_link)
    add_contents(book, book.sheets[fixed["contents"]], ledger)
    _order(book, [fixed["contents"], fixed["comparison"]], list(companies.values()))
    return book


def _order(book: Book, first: list[str], companies: list[str]) -> None:
    """The overviews, each company's sheets together, what is about all of them."""

    def place(sheet: Sheet) -> tuple[int, int]:
        if sheet.name in first:
            return 0, first.index(sheet.name)
        return (1, companies.index(sheet.company)) if sheet.company else (2, 0)

    book.sheets = {sheet.name: sheet for sheet in sorted(book.sheets.values(), key=place)}


def _companies(ledger: Ledger, language: str) -> dict[str, str]:
    """Short names by key, in the order of the names."""
    full: dict[str, str] = {}
    for report in ledger.reports:
        for entity in (*(one.entity for one in report.statements), report.cover.entity):
            full.setdefault(entity_key(entity), entity)
    for figure in ledger.figures:
        full.setdefault(entity_key(figure.entity), figure.entity)
    short = short_names(full.values())
    unknown = word("unknown_company", language)
    named = {key: short[entity] or unknown for key, entity in full.items()}
    return dict(sorted(named.items(), key=lambda item: (not item[0], item[1].casefold())))


def _fiscal_ends(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Last days of fiscal years, from what covers say of the year's first day or report on."""
    ends: dict[str, set[str]] = {}
    for report in ledger.reports:
        cover = report.cover
        own = ends.setdefault(entity_key(cover.entity), set())
        if cover.fiscal_year_start:
            own.add((day(cover.fiscal_year_start) - timedelta(days=1)).isoformat())
        if length_of(cover.period) == "year":
            own.add(cover.period.end)
    return {entity: tuple(sorted(own)) for entity, own in ends.items()}


def _statements(book: Book, ledger: Ledger, companies: dict[str, str], names: SheetNames) -> None:
    for entity, name in companies.items():
        for kind in KINDS:
            blocks = merged(ledger, entity, kind)
            if blocks:
                full = blocks[0].statements[0].entity or name
                sheet = Sheet(names.take(name, word(kind, book.language)), full, name, kind)
                add_statement(book, sheet, full, kind, blocks)


def _ratios(book: Book, ledger: Ledger, companies: dict[str, str], names: SheetNames) -> None:
    """Figures may build on another company's: all are planned before the first is written."""
    plans = []
    for entity, name in companies.items():
        own = [figure for figure in ledger.figures if entity_key(figure.entity) == entity]
        if own:
            full = own[0].entity or name
            sheet = Sheet(names.take(name, word("ratios", book.language)), full, name, "ratios")
            plans.append((plan_ratios(book, sheet, own, _main_scale(ledger, entity)), full))
    for plan, full in plans:
        add_ratios(book, plan, full)
    check_ratios(book, [plan for plan, _ in plans])


def _main_scale(ledger: Ledger, entity: str | None = None) -> Decimal:
    """What most statements are printed in, the larger of two as frequent; 1 where none says."""
    scales = Counter(
        one.scale
        for report in ledger.reports
        for one in report.statements
        if one.scale and one.kind in KINDS and entity in (None, entity_key(one.entity))
    )
    return Decimal(max(scales, key=lambda scale: (scales[scale], scale))) if scales else Decimal(1)
