"""What a table says of its columns: the period, the scale, whose figures stand in each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from tenth.documents.model import Table
from tenth.documents.numbers import SIGN
from tenth.reader.between import carries_forward
from tenth.reader.cover import currency_meant
from tenth.reader.dates import dates_in, month_first, says_month_first
from tenth.reader.figures import parse_figure
from tenth.reader.fiscal import ANNUAL
from tenth.reader.grid import Grid, Header, Row
from tenth.reader.group import parents
from tenth.reader.header_words import (
    AT_A_DAY,
    CAPTION_PERIOD,
    ENDED,
    HAS_DAY,
    NAMES_PERIOD,
    NEUTRAL,
    NO_FIGURES,
    PARTED,
    PERCENT,
    PERIOD_WORDS,
    TO_DATE,
    TO_DATE_WORDS,
    UNIT,
    YEAR,
    words_left,
)
from tenth.reader.kinds import FLOWS, MAIN, is_parent_only, is_parents_balance, kind_of
from tenth.reader.metrics import metric, name_metric
from tenth.reader.model import Cover, Period, Place, Said, StatementKind
from tenth.reader.own_period_zh import compared_periods
from tenth.reader.percents import NO_PERCENT
from tenth.reader.periods import is_change, is_restated, parse_period, share_spans
from tenth.reader.scales import currency_said
from tenth.reader.spans import months_of, span_before
from tenth.reader.table_scale import scales_of_table
from tenth.reader.whole import UNSAID, Otherwise, sign_of


@dataclass(frozen=True)
class Meaning:
    """What is said of a column."""

    period: Period
    qualifier: str  # "Adjusted Cost", "% Change"; "" where it is a period and nothing else
    header: Header
    percent: bool = False
    restated: bool = False
    said: tuple[Said, ...] = ()
    currency: str = ""  # ISO; "" where the header names none
    parent: bool = False  # the parent company's own, beside the group's


def kind_of_table(table: Table, grid: Grid) -> StatementKind:
    labels = [row.label for row in grid.rows if row.label]
    headers = [grid.corner, *(header.text for header in grid.headers.values())]
    kind = kind_of(table.caption, table.scale, headers, labels)
    return "other" if kind in MAIN and is_parent_only(table.caption) else kind


class Columns:
    """`known`: ISO dates that the balance sheet's columns print."""

    def __init__(
        self, table: Table, grid: Grid, cover: Cover, known: Sequence[str],
        otherwise: Otherwise = UNSAID,
    ):  # fmt: skip
        self.table, self.grid, self.cover, self.known = table, grid, cover, known
        _share_spans(grid)
        self.month_first = says_month_first(head.text for head in grid.headers.values())
        self.kind: StatementKind = kind_of_table(table, grid)
        if self.kind in MAIN:
            _without_signs(grid)
        self.scales, self.scale_said = scales_of_table(table, grid, cover, self.kind, otherwise)
        self._of_balances = self.kind == "other" and (
            is_parents_balance(table.caption) or self._names_balances()
        )
        self.meanings = {
            c: self._meaning(header, c) for c, header in grid.headers.items()
            if not NO_FIGURES.fullmatch(header.text)
        }  # fmt: skip
        self._be_sure_of_currencies()
        if not any(meaning.period.end for meaning in self.meanings.values()):
            for column, said in compared_periods(grid.headers, cover).items():
                meaning = self.meanings[column]
                self.meanings[column] = replace(
                    meaning, period=cover.period, said=(*meaning.said, *said)
                )
        if self.kind in MAIN and not self._part_from_group() and self._are_parts():
            self.kind = "other"
        self.years = self._years()  # of the instants that are year ends, where all columns are
        if self.kind in FLOWS:
            self.meanings = {c: replace(one, period=self.years.get(one.period, one.period))
                             for c, one in self.meanings.items()}  # fmt: skip
        self.currency = self._currency()
        self.transposed = self._is_transposed()

    def _be_sure_of_currencies(self) -> None:
        """Beside columns of money that name no currency, what may be a word, "Reinsurance & ILS",
        is none; a sign is."""
        if all(one.currency for one in self.meanings.values()
               if not one.percent and not is_change(one.qualifier)):  # fmt: skip
            return
        self.meanings = {c: one if SIGN.search(one.header.text) else replace(one, currency="")
                         for c, one in self.meanings.items()}  # fmt: skip

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
        period, captioned = self._period(header)
        said = [Said("period", text, place)
                for text, place in zip(header.texts, header.places, strict=True)]  # fmt: skip
        if captioned:
            said.append(Said("period", self.table.caption, Place(self.table.page, self.table.box)))
        left = NEUTRAL.sub(" ", PERIOD_WORDS.sub(" ", header.text))
        qualifier = header.text if re.search(r"[^\W\d_]|%|％", left) else ""
        sign = next((found for text in header.as_said if (found := currency_said(text))), "")
        currency = currency_meant(sign, self.cover) if sign else ""
        of_money = bool(sign_of(header.texts))  # "5% preferred return" above "£"
        percent = bool(PERCENT.search(header.text)) and not of_money
        percent = percent or self._begins_with_percent(column)
        return Meaning(period, qualifier, header, percent,
                       is_restated(header.text), tuple(said), currency)  # fmt: skip

    def _period(self, header: Header) -> tuple[Period, bool]:
        """A column's period, and whether it rests on the caption too: by the header, else by what
        stands above the labels, a period among the header's words, the caption."""
        instant = True if self.kind == "balance" or self._of_balances else None
        period = self.parsed(header.texts, instant)
        if self.grid.corner and header.texts and not words_left(self.grid.corner):
            # "Three Months Ended September 30," stands above the labels
            fuller = self.parsed([self.grid.corner, *header.texts], instant)
            period = fuller if fuller.end else period
        if period.is_instant and self.kind in FLOWS and (span := self._span_to(period)).end:
            return span, True
        if period.end or any(is_change(text) for text in header.texts):
            return period, False
        if (named := self._named_within(header.text, instant)).end:
            return named, False
        if TO_DATE.search(self.table.caption):
            to_date = self.parsed([TO_DATE_WORDS, *header.texts], instant)
            if to_date.end:
                return to_date, True
        if (of_year := self._year_of_caption(header.text, instant)).end:
            return of_year, True
        if NAMES_PERIOD.search(header.text):
            return Period(), False  # another than the caption's
        if self.of_corner():
            return Period(), False  # nearer than the caption's
        captioned = self._captioned(instant)
        return captioned, bool(captioned.end)

    def _span_to(self, day: Period) -> Period:
        """ "31 March 2021" among a statement's columns, below "for the year ended 31 March 2022":
        a span as long, where it ends on the same day of its year."""
        for text in (self.grid.corner, self.table.caption):
            span = self.parsed([text], None) if text else Period()
            if span.start and span.end[5:] == day.end[5:]:
                end = date.fromisoformat(day.end)
                return span_before(end, months_of(span), 0, self.cover, self.known)
        return Period()

    def _part_from_group(self) -> bool:
        """Whether columns of the company stand beside its group's: then the statement is the
        group's, and the company's figures are called by no metric."""
        dated = {c: (PERIOD_WORDS.sub(" ", one.header.text), one.period)
                 for c, one in self.meanings.items() if one.period.end}  # fmt: skip
        of_parent = parents(dated)
        for column in of_parent:
            self.meanings[column] = replace(self.meanings[column], parent=True)
        return bool(of_parent)

    def of_corner(self) -> tuple[Period, Said] | None:
        """The period that stands alone above the labels, "2022 $’m", of all columns and rows that
        say none. A year is not, where the table may show balances too: those are of a day."""
        corner, heads = self.grid.corner, [head.text for head in self.grid.headers.values()]
        alone = corner and self.kind not in MAIN and not words_left(UNIT.sub(" ", corner))
        period = self.parsed([corner], None) if alone else Period()
        texts = (*heads, *(row.label for row in self.grid.rows)) if period.start else ()
        if not period.end or any(AT_A_DAY.search(text) for text in texts):
            return None
        if any(NAMES_PERIOD.search(text) for text in heads):
            return None
        return period, Said("period", corner, Place(self.table.page, self.table.box))

    def _are_parts(self) -> bool:
        """Whether several columns of one period are told apart by words: "Pretax", "Tax", "Net"; a
        statement's columns are periods and nothing else."""
        seen: dict[Period, set[str]] = {}
        for meaning in self.meanings.values():
            if meaning.period.end and meaning.qualifier and not meaning.percent:
                seen.setdefault(meaning.period, set()).add(meaning.qualifier)
        return any(len(texts) > 1 for texts in seen.values())

    def _years(self) -> dict[Period, Period]:
        """In an annual report flows may stand below the last days of its years alone: each is of
        the year that ends then, where the days are years apart and the last is the cover's."""
        periods = {meaning.period for meaning in self.meanings.values()}
        days = sorted(date.fromisoformat(one.end) for one in periods if one.is_instant)
        apart = all(350 <= (b - a).days <= 380 for a, b in pairwise(days))
        if self.cover.form not in ANNUAL or not days or len(days) < len(periods) or not apart:
            return {}
        if days[-1].isoformat() != self.cover.period.end:
            return {}
        known = (*self.known, *(day.isoformat() for day in days))
        spans = (span_before(day, 12, 0, self.cover, known) for day in days)
        return {Period("", span.end): span for span in spans}

    def _names_balances(self) -> bool:
        """Whether all lines that the vocabulary knows are of a day, such as cash or inventories:
        then "2023" above a note's figures is a year's end."""
        names = {name_metric(row.label, (), "balance") for row in self.grid.rows if row.figures}
        flows = {name_metric(row.label, (), kind) for row in self.grid.rows if row.figures
                 for kind in ("income", "cash")}  # fmt: skip
        known = [metric(name) for name in (names | flows) - {""}]
        return bool(known) and all(one.instant for one in known)

    def _begins_with_percent(self, column: int) -> bool:
        """ "100.0%" above "26.0", "74.0": the sign stands at the first figure for all of them."""
        rows = [row for row in self.grid.rows if column in row.figures]
        if any(NO_PERCENT.search(row.label) for row in rows):
            return False
        printed = [found for row in rows if (found := parse_figure(row.figures[column].text))]
        if self.scales is not None or len(printed) < 2 or not printed[0].percent:
            return False
        return not any(one.currency or one.own_scale for one in printed)

    def dated(self, row: Row) -> tuple[Period, Said] | None:
        """What a heading says that is a period and nothing else."""
        if words_left(row.label) or not row.label:
            return None
        period = self.parsed([row.label], True if self.kind == "balance" else None)
        return (period, Said("period", row.label, row.place)) if period.end else None

    def parsed(self, texts: Sequence[str], instant: bool | None) -> Period:
        if self.month_first:
            texts = [month_first(text) for text in texts]
        return parse_period(texts, self.cover, instant, self.known) if texts else Period()

    def _captioned(self, instant: bool | None) -> Period:
        """The one period that the caption names."""
        found = {match.group() for match in CAPTION_PERIOD.finditer(self.table.caption)}
        if not set(YEAR.findall(self.table.caption)) <= set(YEAR.findall(" ".join(found))):
            return Period()  # "As of June 30, 2022 2021": the years are of two columns
        return self._only(found, instant)

    def _year_of_caption(self, text: str, instant: bool | None) -> Period:
        """ "2023" below "for the years ended December 31, 2024 and 2023": the caption's words with
        the header's year, where the caption says one span or day alone."""
        years = set(YEAR.findall(text))
        said = {" ".join(found.split()).casefold() for found in ENDED.findall(self.table.caption)}
        if len(years) != 1 or len(said) != 1:
            return Period()
        found = self.parsed([f"{said.pop()}, {years.pop()}"], instant)
        return found if found.end[:4] in text else Period()

    def _named_within(self, text: str, instant: bool | None) -> Period:
        """The one period that a header names among other words: "Share of net sales 2023". A
        date that is none, or has another year beside it, names none."""
        found = {match.group() for match in CAPTION_PERIOD.finditer(text)}
        years = set(YEAR.findall(text))
        if len(years) > 1 or (not found and HAS_DAY.search(text)):
            return Period()
        return self._only(found or years, instant)

    def _only(self, found: set[str], instant: bool | None) -> Period:
        periods = {self.parsed([text], instant) for text in found}
        periods = {period for period in periods if period.end}
        return periods.pop() if len(periods) == 1 else Period()

    def _is_transposed(self) -> bool:
        """Rows are periods, columns are what is measured: "2023 | 1,200 | 12 %". Balances that
        flows stand between are none of these."""
        if self.kind in MAIN or any(m.header.text and not m.qualifier
                                    for m in self.meanings.values()):  # fmt: skip
            return False
        named = [row for row in self.grid.rows if row.figures and row.label]
        dated = [row for row in named if not words_left(row.label)]
        mostly = len(dated) >= 2 and len(dated) * 3 >= len(named) * 2
        return mostly and not carries_forward(named)


def _share_spans(grid: Grid) -> None:
    """A header that stands centred above several columns, and was read as one column's, is said of
    all of them."""
    order = sorted(grid.headers)
    shared = share_spans([grid.headers[column].texts for column in order])
    for column, texts in zip(order, shared, strict=True):
        head = grid.headers[column]
        if len(head.texts) > 1 and PARTED.fullmatch(head.texts[0]):  # the table's title, no header
            del head.texts[0], head.places[0]
            continue
        if len(texts) > len(head.texts):
            place = next(
                one.places[one.texts.index(texts[0])]
                for one in grid.headers.values()
                if texts[0] in one.texts
            )
            head.texts, head.places = list(texts), [place, *head.places]


def _without_signs(grid: Grid) -> None:
    """ "Increase (decrease)" over all columns of a statement says which way its figures count: they
    are no changes between two periods."""
    shared = [set(head.texts) for head in grid.headers.values()]
    signs = {text for text in set.intersection(*shared) if is_change(text)} if shared else set()
    for head in grid.headers.values():
        kept = [k for k, text in enumerate(head.texts) if text not in signs]
        if any(dates_in(head.texts[k]) for k in kept):
            head.texts, head.places = [head.texts[k] for k in kept], [head.places[k] for k in kept]
