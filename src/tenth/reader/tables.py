"""Facts from a table: each figure with the label, period and scale that its table says of it."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec

from tenth.documents.currencies import OPEN_SIGNS
from tenth.documents.model import Cell, Table
from tenth.reader.balance_rows import (
    BALANCE_ROW,
    dates_itself,
    day_told,
    first_or_last_day,
    is_balance,
    is_cash_held,
)
from tenth.reader.between import with_time_between
from tenth.reader.cents import (
    all_per_share,
    has_cents,
    is_price,
    is_shared_out,
    large_are_whole,
)
from tenth.reader.columns import Columns, Meaning, kind_of_table
from tenth.reader.counted import counted, counts_any, is_number_of, scale_of_counts
from tenth.reader.cover import currency_meant
from tenth.reader.figures import Printed, parse_figure
from tenth.reader.grid import Grid, Row, Sections, grids, place_of
from tenth.reader.header_words import PERIOD_WORDS
from tenth.reader.kinds import FLOWS, MAIN
from tenth.reader.metrics import (
    count_of,
    counts_column,
    heads_counts,
    metric,
    name_lines,
    name_metric,
    unit_of,
)
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
from tenth.reader.own_period_zh import labelled_period
from tenth.reader.percents import is_rate, percents_of
from tenth.reader.periods import is_change
from tenth.reader.scales import ZERO, scale_for, scales_said
from tenth.reader.segments import is_subject
from tenth.reader.whole import UNSAID, Otherwise, in_parts_of_unit

SHARES = re.compile(r"\bshares\b", re.IGNORECASE)


@dataclass(frozen=True)
class Origin:
    """Which document's table it is."""

    document: str
    sha256: str
    cover: Cover
    table: int  # from 1
    known: tuple[str, ...] = ()  # ISO dates that the balance sheet's columns print
    otherwise: Otherwise = UNSAID


def fact_id(sha256: str, place: Place, row: int = 0, column: int = 0) -> str:
    """The same for the same figure of the same file, in every run."""
    where = place.locator or f"{row}/{column}"
    return "f" + hashlib.sha256(f"{sha256}|{where}".encode()).hexdigest()[:11]


def statements_of_table(
    table: Table, origin: Origin, kinds: Collection[StatementKind] = ()
) -> Iterator[tuple[Statement, list[Fact]]]:
    """The table's facts; one piece for each header that it has, or for those of some kinds."""
    for grid in grids(table):
        if grid.rows and grid.headers and (not kinds or kind_of_table(table, grid) in kinds):
            yield _Reading(table, grid, origin).read()


class _Reading:
    def __init__(self, table: Table, grid: Grid, origin: Origin):
        self.table, self.grid, self.origin, self.cover = table, grid, origin, origin.cover
        self.columns = Columns(table, grid, origin.cover, origin.known, origin.otherwise)
        self.kind: StatementKind = self.columns.kind
        self.meanings = self.columns.meanings
        self.percents = percents_of(grid)
        self.whole = large_are_whole(self._figures_of_money())
        # by what stands above the labels, then by the last heading that was a date
        self.dated: tuple[Period, Said] | None = self.columns.of_corner()
        self.per_share = False  # all figures are
        self.above: dict[int, str] = {}  # what the last heading says above each column: "Pence"

    def _figures_of_money(self) -> Iterator[str]:
        """Those that neither their label nor their header calls a number of things."""
        counts = {c for c, one in self.meanings.items() if counts_any(*one.header.as_said)}
        for row in self.grid.rows:
            if not counts_any(row.label):
                yield from (cell.text for c, cell in row.figures.items() if c not in counts)

    def read(self) -> tuple[Statement, list[Fact]]:
        sections, facts = Sections(), []
        rows = [(row, sections.heading(row) if row.is_heading else sections.line(row))
                for row in self.grid.rows]  # fmt: skip
        rows = list(self._past_counts(rows))
        figured = [(row, section) for row, section in rows if row.figures]
        names = self._names(figured)
        self.per_share = all_per_share(
            [cell for row, _ in figured for c, cell in row.figures.items() if c in self.meanings],
            [(row.label, section) for row, section in figured], self.kind,
        )  # fmt: skip
        lines, columns = [], sorted(self.meanings)
        for row, section in rows:
            line = Line(row.number, row.label, section, level=len(section))
            if row.figures and not row.heads_years:
                name = names[row.number]
                found = {c: self._fact(row, section, c, cell, name)
                         for c, cell in row.figures.items() if c in self.meanings}  # fmt: skip
                facts += [fact for fact in found.values() if fact]
                line = _with_facts(line, [found.get(c) for c in columns])
            elif row.is_heading:
                self.dated = self.columns.dated(row) or self.dated
                self.above = row.words
            lines.append(line)
        if not self.columns.transposed:
            changes = {c for c, one in self.meanings.items() if is_change(one.qualifier)}
            facts = with_time_between(self.grid.rows, facts, changes)
        return self._statement(columns, lines), facts

    def _past_counts(
        self, rows: Sequence[tuple[Row, tuple[str, ...]]]
    ) -> Iterator[tuple[Row, tuple[str, ...]]]:
        """The rows with their headings; one of counts of shares, where nothing is indented, ends
        at the first row of money below it."""
        past: set[tuple[str, ...]] = set()
        for row, section in rows:
            if row.is_heading:
                past.discard((*section, row.label))
            elif self.kind in FLOWS and section and heads_counts(section[-1]):
                if self._is_money(row):
                    past.add(section)
                section = section[:-1] if section in past else section
            yield row, section

    def _is_money(self, row: Row) -> bool:
        name = name_metric(row.label, (), self.kind)
        if name:
            return metric(name).unit == "currency"
        return any(
            (one := parse_figure(cell.text)) and one.currency for cell in row.figures.values()
        )

    def _names(self, rows: Sequence[tuple[Row, tuple[str, ...]]]) -> dict[int, str]:
        """The metric of each row, by its number; what one row means may depend on the others.
        Below a heading that nobody knows, such as a region's, a line is not the company's."""
        if self.kind == "other":
            return {row.number: "" if section else name_metric(row.label, (), "other")
                    for row, section in rows}  # fmt: skip
        names = name_lines([(row.label, self._below(section)) for row, section in rows], self.kind)
        return {
            row.number: name if row.label else ""  # a total without a name is its heading's alone
            for (row, _), name in zip(rows, names, strict=True)
        }

    def _statement(self, columns: Sequence[int], lines: Sequence[Line]) -> Statement:
        heads = tuple(Column(c, self.meanings[c].period, self.meanings[c].header.text)
                      for c in columns)  # fmt: skip
        money = scale_for(self.columns.scales, "currency") if self.columns.scales else None
        return Statement(
            self.kind, self.cover.entity, self.origin.document, self.origin.table,
            self.table.caption, heads, tuple(lines), self.table.page, money, self.columns.currency,
        )  # fmt: skip

    # One figure

    def _fact(
        self, row: Row, section: tuple[str, ...], column: int, cell: Cell, name: str
    ) -> Fact | None:
        printed = parse_figure(cell.text)
        if printed is None or printed.value is None:
            return None
        meaning, label = self.meanings[column], row.label
        if self.columns.transposed:
            label, meaning = meaning.header.text, self._row_meaning(row, meaning)
            name = name_metric(label, (), self.kind)
        elif meaning.qualifier and self.kind not in MAIN:
            name = self._member(label, section, meaning)
            section = (*section, meaning.qualifier)
        if meaning.parent:
            name, section = "", (*section, meaning.qualifier)
        if not meaning.period.end and self.dated and not is_change(meaning.qualifier):
            period, said = self.dated
            meaning = replace(meaning, period=period, said=(*meaning.said, said))
        elif labelled_period(row, self.grid.rows, meaning.header.text, self.cover).end:
            meaning = replace(meaning, period=self.cover.period)
        unit = self._unit(label, section, meaning, printed, cell)
        if name and metric(name).unit != unit:
            name = count_of(name) if unit == "shares" else ""  # "Revenue 100.0 %" is no revenue
        scale, scale_said = self._scale(row, column, printed, unit, meaning, section)
        percent = meaning.percent or (cell.row, cell.column) in self.percents
        percent = percent or _in_percent(label) or (unit == "pure" and _in_percent(section))
        value = _value(cell, printed, unit, scale, percent)
        if unit == "pure" and not percent and not printed.percent and is_rate(label):
            value = None  # of 100 or of 1, nothing says
        period = self._period(row, section, name, meaning)
        if value is None and not period.end:
            return None  # nothing that anyone could use is said of it
        known = value is not None and scale is not None and bool(period.end) and bool(label)
        place = place_of(cell)
        return Fact(
            fact_id(self.origin.sha256, place, row.number, column), self.cover.entity, name, label,
            period, value, unit, self._fact_currency(printed, unit, meaning), scale,
            "ok" if known else "unknown", self.origin.document, self.origin.sha256, place,
            cell.text, (*self._label_said(row), *meaning.said, *scale_said), self.kind,
            self.origin.table, row.number, column, section, meaning.restated,
        )  # fmt: skip

    def _below(self, section: tuple[str, ...]) -> tuple[str, ...]:
        """A caption such as "Net sales by category" heads the lines of a table of segments."""
        caption = self.table.caption
        return (caption, *section) if self.kind == "segments" and is_subject(caption) else section

    def _member(self, label: str, section: tuple[str, ...], meaning: Meaning) -> str:
        """A column of one segment or product keeps its metric, as a member; others have none."""
        if self.kind != "segments" or meaning.percent or is_change(meaning.qualifier):
            return ""
        member = " ".join(PERIOD_WORDS.sub(" ", meaning.qualifier).split())
        return name_metric(label, (*self._below(section), member), self.kind)

    def _row_meaning(self, row: Row, meaning: Meaning) -> Meaning:
        period = self.columns.parsed([row.label], None)
        said = (Said("period", row.label, row.place),)
        return replace(meaning, period=period, qualifier="", said=said)

    def _unit(
        self, label: str, section: tuple[str, ...], meaning: Meaning, printed: Printed, cell: Cell
    ) -> Unit:
        if printed.measure == "shares":
            return "shares"
        if printed.percent or meaning.percent or printed.measure:
            return "pure"
        if (cell.row, cell.column) in self.percents or _in_percent(label):
            return "pure"
        texts = (label, *meaning.header.as_said)
        if counted(*texts) is not None or (not printed.currency and is_number_of(*texts)):
            return "pure"
        if self.kind == "equity" and not printed.currency and counts_column(meaning.header.texts):
            return "shares"
        unit = unit_of(label, section, self.kind, cell.text)
        if unit == "currency" and self.per_share:
            return "currency/share"
        if unit != "currency" or not is_price(label, meaning.header.text, cell.text):
            return unit
        # "Common stock, $0.01 par value per share" is an amount
        return unit if name_metric(label, section, self.kind) else "currency/share"

    def _scale(
        self,
        row: Row,
        column: int,
        printed: Printed,
        unit: Unit,
        meaning: Meaning,
        section: tuple[str, ...],
    ) -> tuple[int | None, tuple[Said, ...]]:
        if printed.own_scale is not None:
            return printed.own_scale, ()
        texts = (row.label, *meaning.header.as_said)
        if unit == "pure" and not (printed.percent or printed.measure) and is_number_of(*texts):
            own = next((found for text in texts if (found := scales_said(text))), None)
            if own:
                return own.shares or 1, ()
            return scale_of_counts(self.columns.scales, *texts), self.columns.scale_said
        if unit == "pure":
            return counted(*texts) or 1, ()
        above = self.above.get(column, "")
        of_share = (row.label, above, *section) if unit == "currency/share" else ()
        if unit != "shares" and in_parts_of_unit(meaning.header.text, *of_share):
            return None, ()
        heads = ((text, Place()) for text in meaning.header.as_said)
        for text, place in ((row.label, row.place), *heads):
            if (own := scales_said(text)) and (scale := scale_for(own, unit)) is not None:
                return scale, (Said("scale", text, place),) if place.locator else ()
        if unit == "shares" and (said := self._said_of_shares(row, section)):
            return said
        if unit == "currency/share" and is_shared_out(printed, row.label, section, self.kind):
            return None, ()
        if unit == "currency/share" and self.columns.scales is None:
            return 1, ()
        scales = self.columns.scales
        scale = scale_for(scales, unit, printed.value or ZERO) if scales else None
        odd = unit == "currency" and self.whole and has_cents(row.figures[column].text)
        if odd and scale != 1:
            return None, ()  # no thousands or millions of them
        return scale, self.columns.scale_said

    def _said_of_shares(
        self, row: Row, section: tuple[str, ...]
    ) -> tuple[int, tuple[Said, ...]] | None:
        """The scale that the nearest heading of shares says: "Shares used in calculation (000's)"
        in a table of millions."""
        for heading in (one for one in reversed(section) if SHARES.search(one)):
            if (own := scales_said(heading)) and own.shares:
                above = [one for one in self.grid.rows
                         if one.number < row.number and one.label == heading]  # fmt: skip
                return own.shares, tuple(Said("scale", heading, one.place) for one in above[-1:])
        return None

    def _fact_currency(self, printed: Printed, unit: Unit, meaning: Meaning) -> str:
        if unit not in ("currency", "currency/share"):
            return ""
        own = currency_meant(printed.currency, self.cover) if printed.currency else ""
        if own:
            return own
        of_table = meaning.currency or self.columns.currency
        may_be = OPEN_SIGNS.get(printed.currency or "")
        return of_table if may_be is None or of_table in may_be else ""  # "¥ 900" among dollars

    def _period(self, row: Row, section: tuple[str, ...], name: str, meaning: Meaning) -> Period:
        """A balance within a statement of flows is an instant: at its period's end or beginning."""
        period = meaning.period
        if (day := day_told(row.label, period)).end:
            return day
        held = self.kind == "cash" and is_cash_held(row.label, section)
        balance = held or is_balance(row.label, section)
        rest = BALANCE_ROW.sub("", row.label)
        if balance and dates_itself(row.label) and (own := self.columns.parsed([rest], True)).end:
            return own
        known = metric(name) if name else None
        if period.start and (balance or (known and known.instant)):
            return first_or_last_day(row.label, period)
        flows = self.kind in FLOWS or (known is not None and known.unit == "currency")
        flows = flows and not balance and not (known and known.instant)
        if flows and period.is_instant:
            return self.columns.years.get(period, Period())  # how long, nothing else says
        return period

    def _label_said(self, row: Row) -> tuple[Said, ...]:
        return (Said("label", row.label, row.place),) if row.place.locator else ()


def _in_percent(label: str | Sequence[str]) -> bool:
    """ "Gross margin (%)", "同比(%)": the sign stands in the label for all figures of its row, or
    in the heading of rows."""
    texts = [label] if isinstance(label, str) else label
    return any(bool(said := scales_said(text)) and said.percent_only for text in texts)


def _with_facts(line: Line, facts: Sequence[Fact | None]) -> Line:
    """A line is called as its facts are, where all are called alike."""
    names = {fact.metric for fact in facts if fact} - {""}
    ids = tuple(fact.id if fact else "" for fact in facts)
    name = names.pop() if len(names) == 1 else ""
    return msgspec.structs.replace(line, facts=ids, metric=name)


def _value(
    cell: Cell, printed: Printed, unit: Unit, scale: int | None, percent_column: bool
) -> Decimal | None:
    if isinstance(cell.value, float | int) and not isinstance(cell.value, bool):
        # a sheet's own number; its text may be rounded
        printed = msgspec.structs.replace(printed, value=Decimal(str(cell.value)))
    if unit == "pure" and percent_column and not printed.percent and printed.value is not None:
        return printed.value / 100
    return printed.scaled(scale)
