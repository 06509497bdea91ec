"""Facts from a table: each figure with the label, period and scale that its table says of it."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import scale_in
from tenth.reader.cover import currency_meant
from tenth.reader.figures import Printed, parse_figure
from tenth.reader.grid import Grid, Header, Row, Sections, grids, place_of
from tenth.reader.kinds import is_parent_only, kind_of
from tenth.reader.metrics import metric, name_metric, unit_of
from tenth.reader.model import (
    Column,
    Cover,
    Fact,
    Line,
    Period,
    Place,
    Said,
    Statement,
    StatementKind,
    Unit,
)
from tenth.reader.periods import is_change, is_restated, parse_period
from tenth.reader.scales import Scales, scale_for, scales_said

MAIN = ("income", "comprehensive", "balance", "cash")  # their columns are periods and nothing else
# What a header says of a column without changing whose figures stand in it
NEUTRAL = re.compile(
    r"\b(?:unaudited|audited|amounts?|as reported|reported|consolidated|actual|restated|recast"
    r"|note|in|thousands?|millions?|billions?|us|usd|rmb|cny|hkd)\b"
    r"|金额|合并|经审计|未经审计|调整后|调整前|重述|人民币|单位|[百千万亿]*元",
    re.IGNORECASE,
)
PERIOD_WORDS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b\.?|(?:19|20)\d\d"
    r"|\b(?:three|six|nine|twelve|\d+)[\s-]*(?:months?|weeks?)\b|\b(?:for|as|of|at|on|the|and|to"
    r"|from|year|years|fiscal|quarters?|quarterly|periods?|ended|ending|ends|date|ytd|fy|cy"
    r"|first|second|third|fourth|half|[hq][1-4]|[1-4][hq]|end|beginning)\b|\d+[aef]?"
    r"|[年月日度季一二三四上下半本上期末初余额报告发生数同年初至累计截至止第前]",
    re.IGNORECASE,
)
PERCENT = re.compile(r"%|％|\bpercent|百分比|占比|比例|比重|比率|增减幅度|同比", re.IGNORECASE)
BALANCE_ROW = re.compile(
    r"^(?:(?:beginning |ending )?balances?\b|.{0,4}[期年][初末]余额)[\s,]*", re.I
)
PAGE_NUMBERS = re.compile(r"page(?: no\.?| number)?s?|页码?|頁碼?", re.IGNORECASE)
BALANCE_OF = re.compile(
    r"^(?:beginning|ending|opening|closing) |\b(?:at |,? )(?:the )?(?:beginning|end) of (?:the )?"
    r"(?:period|year|quarter)\b|[期年][初末].{0,6}余额|余额$",
    re.IGNORECASE,
)
BEGINNING = re.compile(r"\b(?:beginning|opening)\b|[期年]初", re.IGNORECASE)
YEAR = re.compile(r"(?<![\d,.])(?:FY ?)?(?:19|20)\d\d(?![\d,.])")
CAPTION_PERIOD = re.compile(
    r"(?:for the |as of |as at |at |during )?(?:(?:three|six|nine|twelve|\d+) (?:months?|weeks?) "
    r"|(?:fiscal )?(?:years?|quarters?) )?(?:ended |ending )?"
    r"[A-Z][a-z]{2,8}\.? \d{1,2}, ?(?:19|20)\d\d"
    r"|(?:19|20)\d\d ?年(?: ?\d{1,2} ?月)?(?: ?\d{1,2} ?日)?(?:度|[一二三四]季度|半年度)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Origin:
    """Which document's table it is."""

    document: str
    sha256: str
    cover: Cover
    table: int  # from 1
    known: tuple[str, ...] = ()  # ISO dates that the balance sheet's columns print


@dataclass(frozen=True)
class Meaning:
    """What is said of a column."""

    period: Period
    qualifier: str  # "Adjusted Cost", "% Change"; "" where it is a period and nothing else
    header: Header
    percent: bool = False
    restated: bool = False
    said: tuple[Said, ...] = ()


def fact_id(sha256: str, place: Place, row: int = 0, column: int = 0) -> str:
    """The same for the same figure of the same file, in every run."""
    where = place.locator or f"{row}/{column}"
    return "f" + hashlib.sha256(f"{sha256}|{where}".encode()).hexdigest()[:11]


def statements_of_table(table: Table, origin: Origin) -> Iterator[tuple[Statement, list[Fact]]]:
    """The table's facts; one piece for each header that it has."""
    for grid in grids(table):
        if grid.rows and grid.headers:
            yield _Reading(table, grid, origin).read()


def kind_of_table(table: Table, grid: Grid) -> StatementKind:
    labels = [row.label for row in grid.rows if row.label]
    headers = [header.text for header in grid.headers.values()]
    kind = kind_of(table.caption, table.scale, headers, labels)
    return "other" if kind in MAIN and is_parent_only(table.caption) else kind


class _Reading:
    def __init__(self, table: Table, grid: Grid, origin: Origin):
        self.table, self.grid, self.origin, self.cover = table, grid, origin, origin.cover
        self.kind: StatementKind = kind_of_table(table, grid)
        self.scales, self.scale_said = self._scales()
        self.meanings = {
            c: self._meaning(header, c) for c, header in grid.headers.items()
            if not PAGE_NUMBERS.fullmatch(header.text)
        }  # fmt: skip
        self.currency = self._currency()
        self.percents = _percents(grid)
        self.dated: tuple[Period, Said] | None = None  # by the last heading that was a date
        self.transposed = self._is_transposed()

    def read(self) -> tuple[Statement, list[Fact]]:
        sections, lines, facts = Sections(), [], []
        columns = sorted(self.meanings)
        for row in self.grid.rows:
            if not row.figures:
                above = sections.heading(row)
                self.dated = self._dated(row) or self.dated
                lines.append(Line(row.number, row.label, above, level=len(above)))
                continue
            section = sections.line(row)
            found = {c: self._fact(row, section, c, cell) for c, cell in row.figures.items()
                     if c in self.meanings}  # fmt: skip
            facts += [fact for fact in found.values() if fact]
            ids = tuple(fact.id if (fact := found.get(c)) else "" for c in columns)
            name = self._named(row.label, section)
            lines.append(Line(row.number, row.label, section, name, ids, level=len(section)))
        return self._statement(columns, lines), facts

    def _statement(self, columns: Sequence[int], lines: Sequence[Line]) -> Statement:
        heads = tuple(Column(c, self.meanings[c].period, self.meanings[c].header.text)
                      for c in columns)  # fmt: skip
        money = scale_for(self.scales, "currency") if self.scales else None
        return Statement(
            self.kind, self.cover.entity, self.origin.document, self.origin.table,
            self.table.caption, heads, tuple(lines), self.table.page, money, self.currency,
        )  # fmt: skip

    # What is said of all of it

    def _scales(self) -> tuple[Scales | None, tuple[Said, ...]]:
        """The nearest place that says a scale: header cells, the table's line, its caption, the
        cover."""
        where = Place(self.table.page, self.table.box)
        places = [(cell.text, place_of(cell)) for cell in self.grid.scale_cells]
        places += [(self.table.scale, where), (self.grid.corner, where)]
        places += [(scale_in(self.table.caption), where)]
        places += [(text, place) for header in self.grid.headers.values()
                   for text, place in zip(header.texts, header.places, strict=True)]  # fmt: skip
        for text, place in places[: 3 + len(self.grid.scale_cells)]:
            if text and (found := scales_said(text)):
                return found, (Said("scale", text, place),)
        if self.cover.scale is not None:
            said = tuple(one for one in self.cover.said if one.what == "scale")
            texts = [found for one in said if (found := scales_said(one.text))]
            return (texts[0] if texts else None), said
        return None, ()

    def _currency(self) -> str:
        if self.scales and self.scales.currency:
            return currency_meant(self.scales.currency, self.cover)
        for row in self.grid.rows:
            for cell in row.figures.values():
                printed = parse_figure(cell.text)
                if printed and printed.currency:
                    return currency_meant(printed.currency, self.cover)
        return self.cover.currency

    def _meaning(self, header: Header, column: int) -> Meaning:
        instant = True if self.kind == "balance" else None
        period = self._parsed(header.texts, instant)
        if self.grid.corner and header.texts and not _words_left(self.grid.corner):
            # "Three Months Ended September 30," stands above the labels
            fuller = self._parsed([self.grid.corner, *header.texts], instant)
            period = fuller if fuller.end else period
        said = [Said("period", text, place)
                for text, place in zip(header.texts, header.places, strict=True)]  # fmt: skip
        left = NEUTRAL.sub(" ", PERIOD_WORDS.sub(" ", header.text))
        qualifier = header.text if re.search(r"[^\W\d_]|%|％", left) else ""
        changes = any(is_change(text) for text in header.texts)
        if not period.end and not changes:
            period = self._named_within(header.text, instant)
        if not period.end and not changes and (captioned := self._captioned(instant)).end:
            period = captioned
            said.append(Said("period", self.table.caption, Place(self.table.page, self.table.box)))
        percent = bool(PERCENT.search(header.text)) or self._begins_with_percent(column)
        return Meaning(period, qualifier, header, percent,
                       is_restated(header.text), tuple(said))  # fmt: skip

    def _begins_with_percent(self, column: int) -> bool:
        """ "100.0%" above "26.0", "74.0": the sign stands at the first figure for all of them."""
        cells = [row.figures[column] for row in self.grid.rows if column in row.figures]
        printed = [found for cell in cells if (found := parse_figure(cell.text))]
        if self.scales is not None or len(printed) < 2 or not printed[0].percent:
            return False
        return not any(one.currency or one.own_scale for one in printed)

    def _dated(self, row: Row) -> tuple[Period, Said] | None:
        """What a heading says that is a period and nothing else."""
        if _words_left(row.label) or not row.label:
            return None
        period = self._parsed([row.label], True if self.kind == "balance" else None)
        return (period, Said("period", row.label, row.place)) if period.end else None

    def _parsed(self, texts: Sequence[str], instant: bool | None) -> Period:
        return parse_period(texts, self.cover, instant, self.origin.known) if texts else Period()

    def _captioned(self, instant: bool | None) -> Period:
        """The one period that the caption names."""
        found = {match.group() for match in CAPTION_PERIOD.finditer(self.table.caption)}
        return self._only(found, instant)

    def _named_within(self, text: str, instant: bool | None) -> Period:
        """The one period that a header names among other words: "Share of net sales 2023"."""
        found = {match.group() for match in CAPTION_PERIOD.finditer(text)}
        return self._only(found or set(YEAR.findall(text)), instant)

    def _only(self, found: set[str], instant: bool | None) -> Period:
        periods = {self._parsed([text], instant) for text in found}
        periods = {period for period in periods if period.end}
        return periods.pop() if len(periods) == 1 else Period()

    def _is_transposed(self) -> bool:
        """Rows are periods, columns are what is measured: "2023 | 1,200 | 12 %"."""
        if self.kind in MAIN or any(m.header.text and not m.qualifier
                                    for m in self.meanings.values()):  # fmt: skip
            return False
        named = [row for row in self.grid.rows if row.figures and row.label]
        dated = [row for row in named if not _words_left(row.label)]
        return len(dated) >= 2 and len(dated) * 3 >= len(named) * 2

    # One figure

    def _fact(self, row: Row, section: tuple[str, ...], column: int, cell: Cell) -> Fact | None:
        printed = parse_figure(cell.text)
        if printed is None or printed.value is None:
            return None
        meaning, label = self.meanings[column], row.label
        name = self._named(label, section)
        if self.transposed:
            label, meaning = meaning.header.text, self._row_meaning(row, meaning)
            name = name_metric(label, (), self.kind)
        elif meaning.qualifier and self.kind not in MAIN:
            name = self._member(name, meaning)
            section = (*section, meaning.qualifier)
        if not meaning.period.end and self.dated and not is_change(meaning.qualifier):
            period, said = self.dated
            meaning = replace(meaning, period=period, said=(*meaning.said, said))
        unit = self._unit(label, section, meaning, printed, cell)
        scale, scale_said = self._scale(row, printed, unit, meaning)
        percent = meaning.percent or (cell.row, cell.column) in self.percents
        value = _value(cell, printed, unit, scale, percent)
        period = self._period(row, name, meaning)
        if value is None and not period.end:
            return None  # nothing that anyone could use is said of it
        known = value is not None and bool(period.end) and bool(label)
        place = place_of(cell)
        return Fact(
            fact_id(self.origin.sha256, place, row.number, column), self.cover.entity, name, label,
            period, value, unit, self._fact_currency(printed, unit), scale,
            "ok" if known else "unknown", self.origin.document, self.origin.sha256, place,
            cell.text, (*self._label_said(row), *meaning.said, *scale_said), self.kind,
            self.origin.table, row.number, column, section, meaning.restated,
        )  # fmt: skip

    def _named(self, label: str, section: tuple[str, ...]) -> str:
        """Below a heading that nobody knows, such as a region's, a line is not the company's."""
        if self.kind == "other" and section:
            return ""
        return name_metric(label, section, self.kind)

    def _member(self, name: str, meaning: Meaning) -> str:
        """A column of one segment or product keeps its metric, as a member; others have none."""
        if self.kind == "segments" and name and "[" not in name and not meaning.percent:
            member = PERIOD_WORDS.sub(" ", meaning.qualifier)
            return (
                ""
                if re.search(r"change|变动|增减", member, re.I)
                else f"{name}[{' '.join(member.split())}]"
            )
        return ""

    def _row_meaning(self, row: Row, meaning: Meaning) -> Meaning:
        period = self._parsed([row.label], None)
        said = (Said("period", row.label, row.place),)
        return replace(meaning, period=period, qualifier="", said=said)

    def _unit(
        self, label: str, section: tuple[str, ...], meaning: Meaning, printed: Printed, cell: Cell
    ) -> Unit:
        if printed.measure == "shares":
            return "shares"
        if printed.percent or meaning.percent or printed.measure:
            return "pure"
        if (cell.row, cell.column) in self.percents:
            return "pure"
        return unit_of(label, section, self.kind, cell.text)

    def _scale(
        self, row: Row, printed: Printed, unit: Unit, meaning: Meaning
    ) -> tuple[int | None, tuple[Said, ...]]:
        if printed.own_scale is not None:
            return printed.own_scale, ()
        if unit == "pure":
            return 1, ()
        for text, place in ((row.label, row.place), (meaning.header.text, Place())):
            if (own := scales_said(text)) and (scale := scale_for(own, unit)) is not None:
                return scale, (Said("scale", text, place),) if place.locator else ()
        if unit == "currency/share" and self.scales is None:
            return 1, ()
        return (scale_for(self.scales, unit) if self.scales else None), self.scale_said

    def _fact_currency(self, printed: Printed, unit: Unit) -> str:
        if unit not in ("currency", "currency/share"):
            return ""
        own = currency_meant(printed.currency, self.cover) if printed.currency else ""
        return own or self.currency

    def _period(self, row: Row, name: str, meaning: Meaning) -> Period:
        """A balance within a statement of flows is an instant: at its period's end or beginning."""
        period = meaning.period
        is_balance = bool(BALANCE_ROW.match(row.label) or BALANCE_OF.search(row.label))
        if is_balance and (dated := self._parsed([BALANCE_ROW.sub("", row.label)], True)).end:
            return dated
        known = metric(name) if name else None
        if period.start and (is_balance or (known and known.instant)):
            if BEGINNING.search(row.label):
                return Period("", (date.fromisoformat(period.start) - timedelta(1)).isoformat())
            return Period("", period.end)
        return period

    def _label_said(self, row: Row) -> tuple[Said, ...]:
        return (Said("label", row.label, row.place),) if row.place.locator else ()


def _value(
    cell: Cell, printed: Printed, unit: Unit, scale: int | None, percent_column: bool
) -> Decimal | None:
    if isinstance(cell.value, float | int) and not isinstance(cell.value, bool):
        # a sheet's own number; its text may be rounded
        printed = msgspec.structs.replace(printed, value=Decimal(str(cell.value)))
    if unit == "pure" and percent_column and not printed.percent and printed.value is not None:
        return printed.value / 100
    return printed.scaled(scale)


def _percents(grid: Grid) -> set[tuple[int, int]]:
    """Cells whose percent sign stands at the first or last figure of their heading's lines: "57 %",
    "24", "19", "100 %"."""
    sections, groups = Sections(), {}
    for row in grid.rows:
        if not row.figures:
            sections.heading(row)
            groups.setdefault(sections.path, [])
        else:
            groups.setdefault(sections.line(row), []).append(row)
    found: set[tuple[int, int]] = set()
    for path, rows in groups.items():
        for column in {column for row in rows for column in row.figures}:
            cells = [row.figures[column] for row in rows if column in row.figures]
            if _signed_at_ends(cells, both=not path):
                found |= {(cell.row, cell.column) for cell in cells}
    return found


def _signed_at_ends(cells: Sequence[Cell], both: bool) -> bool:
    printed = [found for cell in cells if (found := parse_figure(cell.text))]
    if len(printed) < 3 or any(one.currency or one.own_scale for one in printed):
        return False
    ends = (printed[0].percent, printed[-1].percent)
    return all(ends) if both else any(ends)


def _words_left(label: str) -> bool:
    return bool(re.search(r"[^\W\d_]|%|％", NEUTRAL.sub(" ", PERIOD_WORDS.sub(" ", label))))
