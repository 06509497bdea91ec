"""A document becomes a report: its cover, the facts of its tables and sentences, its statements."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import msgspec

from tenth.documents.model import Document, Table
from tenth.documents.run.stored import Stored
from tenth.reader.below import with_headers
from tenth.reader.cover import read_cover, with_fiscal_year
from tenth.reader.customers import customer_facts
from tenth.reader.dates import add_months, dates_in
from tenth.reader.grid import place_of
from tenth.reader.kinds import MAIN
from tenth.reader.model import Column, Cover, Fact, Period, Place, Report, Said, Statement
from tenth.reader.others import of_another, others_on_pages
from tenth.reader.parent import with_parents
from tenth.reader.passages import Passage
from tenth.reader.periods import months_of, refine_starts
from tenth.reader.sentences import facts_of_sentences, metric_in_text
from tenth.reader.share_scales import with_sure_counts
from tenth.reader.spans import printed_ends
from tenth.reader.spoken_scale import Unsaid
from tenth.reader.tables import Origin, statements_of_table
from tenth.reader.titles import with_titles

LABEL = re.compile(r"20\d\d(?!\d)(?![-/ ]?\d\d)")
YEAR_ALONE = re.compile(r"(?:fiscal |FY ?)?(?:19|20)\d\d(?: ?年度?)?", re.IGNORECASE)
# To be raised whenever what is found in a document changes: `--check` tells an older ledger
FACTS = 16
T = TypeVar("T", Fact, Column)


def read_report(stored: Stored) -> Report:
    """All that one document says, each figure once."""
    document = with_parents(with_headers(with_titles(stored.document)))
    cover, known = _with_balance_sheet(stored, document, read_cover(document))
    facts: dict[str, Fact] = {}
    statements: list[Statement] = []
    others = others_on_pages(document, cover.entity)
    unsaid = Unsaid(document)
    for found in customer_facts(document, cover, stored.sha256, stored.member):
        facts.setdefault(found.id, found)  # they know best what a customers' table says
    for number, table in enumerate(document.tables, 1):
        origin = Origin(stored.member, stored.sha256, cover, number, known, unsaid.tables)
        pieces = _pieces(table, origin, others.get(table.page))
        if any(statement.kind in MAIN and statement.scale is None for statement, _ in pieces):
            origin = replace(origin, otherwise=unsaid.statements)
            pieces = _pieces(table, origin, others.get(table.page))
        for statement, own in pieces:
            for fact in own:
                facts.setdefault(fact.id, fact)
            if statement.kind != "other":
                statements.append(statement)
    for found in facts_of_sentences(
        document, cover, stored.sha256, stored.member, metric_in_text, known
    ):
        facts.setdefault(found.id, found)
    return Report(
        stored.member, stored.sha256, stored.kind, cover,
        in_order(with_sure_counts(facts.values())), tuple(statements),
    )  # fmt: skip


def _pieces(
    table: Table, origin: Origin, other: Passage | None
) -> list[tuple[Statement, list[Fact]]]:
    """The table's facts; a statement's are of the other company that its page names."""
    pieces = list(statements_of_table(table, origin))
    if other and any(statement.kind != "other" for statement, _ in pieces):
        origin = replace(origin, cover=of_another(origin.cover, other))
        return list(statements_of_table(table, origin))
    return pieces


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=lambda f: (f.table, f.row, f.column, f.id)))


def _with_balance_sheet(
    stored: Stored, document: Document, cover: Cover
) -> tuple[Cover, tuple[str, ...]]:
    """The cover with the fiscal year that the balance sheet's columns tell, and their dates; and,
    where it names no period, with the one that the income statement's columns do."""
    instants: tuple[str, ...] = ()
    for number, table in enumerate(document.tables, 1):
        origin = Origin(stored.member, stored.sha256, cover, number)
        for statement, _ in statements_of_table(table, origin, ("income", "balance")):
            if statement.kind == "income" and not cover.period.end and _has_own(cover):
                cover = _with_period(cover, statement, table)
            if statement.kind == "balance" and not instants:
                instants = tuple(c.period.end for c in statement.columns if c.period.end)
            cover = _with_label(cover, statement, table)
    if not cover.period.end:
        cover = _with_year(cover, document, instants)
    known = tuple(sorted({*instants, *printed_ends(document)}))
    return with_fiscal_year(cover, instants), known


def _with_label(cover: Cover, statement: Statement, table: Table) -> Cover:
    """With what a statement calls the cover's year, where its columns have years alone and its
    title says the day."""
    for column in statement.columns:
        bare = LABEL.match(column.header)
        titled = bare and dates_in(table.caption) and not dates_in(column.header)
        if titled and column.period.end == cover.period.end != "":
            text = f"{table.caption} {column.header}"
            said = Said("period", text, Place(table.page, table.box, _first_ref(table)))
            if not any(one.text == text for one in cover.said):
                return msgspec.structs.replace(cover, said=(*cover.said, said))
    return cover


def _with_year(cover: Cover, document: Document, instants: tuple[str, ...]) -> Cover:
    """The year that ends on the balance sheet's day, where its columns are a year apart and
    another statement's are headed by years alone."""
    days = sorted(map(date.fromisoformat, instants))
    if len(days) != 2 or days[1] != add_months(days[0], 12):
        return cover
    for table in document.tables:
        for cell in table.cells:
            if cell.row < max(1, table.header_rows) and YEAR_ALONE.fullmatch(cell.text.strip()):
                start = days[0] + timedelta(1)
                said = Said("period", cell.text, place_of(cell))
                return msgspec.structs.replace(
                    cover, period=Period(start.isoformat(), days[1].isoformat()),
                    form=cover.form or "annual report", said=(*cover.said, said),
                )  # fmt: skip
    return cover


def _has_own(cover: Cover) -> bool:
    """Whether it reports on a period of its own: the last column of a broker's is a forecast."""
    return cover.form != "research report"


def _with_period(cover: Cover, statement: Statement, table: Table) -> Cover:
    """A workbook has no cover: its period is the latest of its income statement's columns."""
    spans = [column for column in statement.columns if column.period.start]
    if not spans:
        return cover
    last = max(spans, key=lambda column: (column.period.end, column.period.start))
    said = Said("period", last.header, Place(table.page, table.box, _first_ref(table)))
    form = cover.form or ("annual report" if months_of(last.period) == 12 else "")
    return msgspec.structs.replace(cover, period=last.period, form=form, said=(*cover.said, said))


def _first_ref(table: Table) -> str:
    return table.cells[0].ref if table.cells else ""


def without(report: Report, lost: set[str]) -> Report:
    """The report without these facts."""
    facts = tuple(fact for fact in report.facts if fact.id not in lost)
    statements = tuple(
        msgspec.structs.replace(one, lines=tuple(
            msgspec.structs.replace(line, facts=tuple("" if i in lost else i for i in line.facts))
            for line in one.lines
        ))
        for one in report.statements
    )  # fmt: skip
    return msgspec.structs.replace(report, facts=facts, statements=statements)


def with_known_years(reports: Sequence[Report]) -> list[Report]:
    """Starts of weeks' periods put right by the fiscal year ends that an entity's other documents
    print: a first quarter begins the day after one."""
    ends: dict[str, set[str]] = {}
    for report in reports:
        for statement in report.statements:
            if statement.kind == "balance":
                dates = {column.period.end for column in statement.columns}
                ends.setdefault(report.cover.entity, set()).update(dates - {""})
    return [_with_starts(report, ends.get(report.cover.entity, set())) for report in reports]


def _with_starts(report: Report, ends: set[str]) -> Report:
    """Ends of quarters are among `ends` too: only what begins near the day after one moves."""
    moved = refine_starts({fact.period for fact in report.facts}, ends)
    if not moved:
        return report
    facts = tuple(_replaced(fact, moved.get(fact.period)) for fact in report.facts)
    statements = tuple(
        msgspec.structs.replace(
            one, columns=tuple(_replaced(c, moved.get(c.period)) for c in one.columns)
        )
        for one in report.statements
    )
    return msgspec.structs.replace(report, facts=facts, statements=statements)


def _replaced(one: T, period: Period | None) -> T:
    return one if period is None else msgspec.structs.replace(one, period=period)
