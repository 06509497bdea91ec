"""What the summary says, before it is Markdown or HTML: companies, tables, sentences, notes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tenth.documents.model import Document
from tenth.documents.run.stored import Stored
from tenth.reader.model import Fact, Figure, Ledger, Period, Report
from tenth.reader.summary import choose
from tenth.reader.summary.charts import Chart, bars, lines
from tenth.reader.summary.company import Company, Value, companies_of
from tenth.reader.summary.names import (
    Language,
    member_of,
    period_name,
    title,
    title_of_fact,
)
from tenth.reader.summary.notes import Link, Note, Notes, PageLink, Parts
from tenth.reader.summary.outstanding import contradictions_of, outstanding_of
from tenth.reader.summary.partners import lists_of, partners_of
from tenth.reader.summary.quotes import quotes_of
from tenth.reader.summary.words import WORDS

MOST_PERIODS, MOST_MEMBERS, MOST_MIXES = 8, 12, 3
OVERVIEW = ("Revenues", "operating_margin", "NetIncomeLoss", "free_cash_flow")
CHARTED = ("operating_margin", "net_margin", "gross_margin")


@dataclass
class Table:
    title: str
    headers: list[str]
    rows: list[tuple[str, list[Parts]]]
    more: bool = False  # folded away where that can be: a longer period of the same figures


@dataclass(frozen=True)
class Quote:
    text: str
    source: Link


@dataclass
class Section:
    """One company's part of the summary."""

    name: str
    anchor: str
    language: Language
    documents: list[Parts] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    outstanding: list[Parts] = field(default_factory=list)
    contradictions: list[Parts] = field(default_factory=list)
    more: bool = False  # contradictions than are shown
    partners: list[Parts] = field(default_factory=list)
    lists: list[Table] = field(default_factory=list)  # of customers, of suppliers
    mixes: list[Table] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    periods: Table | None = None
    notes: list[Note] = field(default_factory=list)


@dataclass
class Summary:
    language: Language
    sections: list[Section]
    cited: list[Fact]  # quotes included
    overview: Table | None = None  # of several companies


def summarised(
    ledger: Ledger, stored: Iterable[Stored], language: str, page_link: PageLink
) -> Summary:
    """The summary of a ledger, in `language` or, where that is "auto", in that of most reports."""
    companies = companies_of(ledger)
    pages, documents = _documents(stored, {c.latest.sha256 for c in companies})
    told: Language = "en" if language == "en" else "zh"
    if language == "auto":
        chinese = sum(c.latest.cover.language == "zh" for c in companies)
        told = "zh" if 2 * chinese > len(companies) else "en"
    notes = Notes(ledger, told, page_link)
    sections, cited = [], []
    for number, company in enumerate(companies, 1):
        before = len(notes.notes)
        section = Section(company.name, f"company-{number}", told)
        _Writer(company, notes, section).write(ledger, pages)
        if (document := documents.get(company.latest.sha256)) is not None:
            quotes = quotes_of(company, document)
            section.quotes = [Quote(q.verbatim, notes.place(q)) for q in quotes]
            cited += quotes
        section.notes = sorted(notes.notes[before:], key=lambda note: note.number)
        sections.append(section)
    cited += [notes.facts[id_] for id_ in notes.cited if id_ in notes.facts]
    count = len(notes.notes)
    overview = _overview(companies, notes) if len(companies) > 1 else None
    assert len(notes.notes) == count, "an overview says nothing that its sections do not"
    return Summary(told, sections, cited, overview)


def _overview(companies: list[Company], notes: Notes) -> Table:
    """A line for each company: what its own section begins with."""
    words, language = WORDS[notes.language], notes.language
    headers = [*(title(m, language) for m in OVERVIEW), words["contradictions"]]
    headers.insert(1, words["change"])
    rows: list[tuple[str, list[Parts]]] = []
    for company in companies:
        now, before = next(iter(choose.flows_of(company.latest)), (Period(), None))
        cells: list[Parts] = []
        for names in (choose.FLOWS[0], *((metric,) for metric in OVERVIEW[1:])):
            value = company.value(names, now)
            cells.append([] if value is None else _ref(notes, value))
            if names is choose.FLOWS[0]:
                prior = company.value([value.metric], before) if value and before else None
                change = company.growth(value, prior) if value and prior else None
                cells.append([notes.figure(change, signed=True)] if change else [])
        count = sum(one.entity == company.name for one in notes.contradictions)
        cells.append([str(count)] if count else [])
        rows.append((company.name, cells))
    return _without_empty(Table("", headers, rows))


def _ref(notes: Notes, value: Value) -> Parts:
    return [notes.figure(value) if isinstance(value, Figure) else notes.fact(value)]


def _documents(
    stored: Iterable[Stored], wanted: set[str]
) -> tuple[dict[str, int], dict[str, Document]]:
    pages: dict[str, int] = {}
    documents: dict[str, Document] = {}
    for one in stored:
        pages[one.sha256] = len(one.document.pages)
        if one.sha256 in wanted:
            documents[one.sha256] = one.document
    return pages, documents


class _Writer:
    def __init__(self, company: Company, notes: Notes, section: Section):
        self.company, self.notes, self.section = company, notes, section
        self.language: Language = notes.language
        self.words = WORDS[self.language]

    def write(self, ledger: Ledger, pages: dict[str, int]) -> None:
        section, latest = self.section, self.company.latest
        section.documents = [
            self._document(r, pages.get(r.sha256, 0)) for r in self.company.reports
        ]
        for now, before in choose.flows_of(latest):
            self._compare(section.tables, choose.FLOWS, now, before, more=bool(section.tables))
        if stocks := choose.stocks_of(latest):
            self._compare(section.tables, choose.STOCKS, *stocks)
        section.outstanding = outstanding_of(self.company, self.notes)
        section.contradictions, section.more = contradictions_of(
            self.company, self.notes, ledger.contradictions
        )
        section.partners = partners_of(self.company, self.notes)
        for metric, years, rows in lists_of(self.company, self.language):
            made = [(name, [self._cell(fact) for fact in own]) for name, own in rows]
            section.lists.append(
                Table(self.words[metric], [self._period(year) for year in years], made)
            )
        self._mixes()
        self._periods()

    def _document(self, report: Report, pages: int) -> Parts:
        count = self.words["page"] if pages == 1 else self.words["pages"].format(n=pages)
        where = self._first_page(report)
        said = f" ({count})" if pages else ""
        return [self.notes.about(report), Link(report.document, where), said]

    def _first_page(self, report: Report) -> str:
        """The page of its first figure that is shown anywhere; "" where none is."""
        for statement in report.statements:
            for fact in report.facts:
                if fact.table == statement.table and (link := self.notes.page_link(fact)):
                    return link.partition("#")[0]
        return ""

    def _compare(
        self,
        tables: list[Table],
        metrics: tuple[tuple[str, ...], ...],
        now: Period,
        before: Period | None,
        more: bool = False,
    ) -> None:
        """A table of a period beside the one it is compared with."""
        rows: list[tuple[str, list[Parts]]] = []
        for names in metrics:
            value = self.company.value(names, now)
            if value is None:
                continue
            prior = self.company.value([value.metric, *names], before) if before else None
            change = self.company.growth(value, prior) if prior else None
            cells = [self._cell(value), self._cell(prior), self._cell(change, signed=True)]
            rows.append((self._title(value), cells))
        if rows:
            headers = [self._period(now), self._period(before), self.words["change"]]
            tables.append(_without_empty(Table("", headers, rows, more)))

    def _cell(self, value: Value | None, signed: bool = False) -> Parts:
        if value is None:
            return []
        if isinstance(value, Figure):
            return [self.notes.figure(value, signed)]
        return [self.notes.fact(value, signed)]

    def _period(self, period: Period | None) -> str:
        return period_name(period, self.language) if period else ""

    def _title(self, value: Value) -> str:
        if isinstance(value, Fact):
            return title_of_fact(value, self.language)
        return title(value.metric, self.language)

    def _mixes(self) -> None:
        for rows in choose.mixes_of(self.company.latest)[:MOST_MIXES]:
            now = rows[0][0].period
            before = next((prior.period for _, prior in rows if prior), None)
            made = []
            for fact, prior in rows[:MOST_MEMBERS]:
                share = self.company.share(fact)
                change = self.company.growth(fact, prior) if prior else None
                cells = [self._cell(fact), self._cell(share), self._cell(prior),
                         self._cell(change, signed=True)]  # fmt: skip
                made.append((member_of(fact.metric) or fact.label, cells))
            headers = [self._period(now), self.words["share"], self._period(before),
                       self.words["change"]]  # fmt: skip
            self.section.mixes.append(_without_empty(Table("", headers, made)))

    def _periods(self) -> None:
        """Revenue and margin of every period there is, as a table and as charts."""
        history = choose.history_of(self.company)[-MOST_PERIODS:]
        if len(history) < 2:
            return
        name = next((m for m in CHARTED if self.company.value([m], history[-1].period)), "")
        margins = [self.company.value([name], fact.period) if name else None for fact in history]
        rows: list[tuple[str, list[Parts]]] = [
            (period_name(fact.period, self.language), [self._cell(fact), self._cell(margin)])
            for fact, margin in zip(history, margins, strict=True)
        ]
        headers = [
            title_of_fact(history[-1], self.language),
            title(name, self.language) if name else "",
        ]
        self.section.periods = _without_empty(Table("", headers, rows))
        self.section.charts.append(bars(history, self.notes))
        known = [
            (fact, m) for fact, m in zip(history, margins, strict=True) if isinstance(m, Figure)
        ]
        if len(known) > 1:
            self.section.charts.append(lines([(f.period, m) for f, m in known], self.notes))


def _without_empty(table: Table) -> Table:
    """Without the columns in which no row has a figure."""
    kept = [k for k in range(len(table.headers)) if any(row[k] for _, row in table.rows)]
    rows = [(label, [cells[k] for k in kept]) for label, cells in table.rows]
    return Table(table.title, [table.headers[k] for k in kept], rows, table.more)
