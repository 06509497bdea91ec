"""Customers and suppliers, who they are and for how much they stand: from tables and sentences.

`CustomerRevenue[NAME]` and `SupplierPurchases[NAME]` are amounts, `CustomerShare[NAME]` and
`SupplierShare[NAME]` fractions of revenue and of purchases. What a table gives for several at once
stands under `[top five]`, `[others]`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from tenth.documents.model import Cell, Document, Table
from tenth.documents.numbers import scale_in
from tenth.reader.cover import currency_meant
from tenth.reader.customers_columns import (
    Meaning,
    Role,
    columns_of,
    headed,
    is_of_receivables,
    role_of_table,
    top,
)
from tenth.reader.customers_said import facts_said
from tenth.reader.figures import Printed, looks_like_year, parse_figure, plain
from tenth.reader.grid import Grid, Row, grids, is_value, place_of
from tenth.reader.labels import shown
from tenth.reader.metrics import name_metric
from tenth.reader.model import Cover, Fact, Period, Place, Said, StatementKind
from tenth.reader.periods import parse_period
from tenth.reader.scales import Scales, scales_said
from tenth.reader.tables import fact_id

_TOTAL = re.compile(r"(sub-?)?totals?\b.*|合\s*计|小\s*计|总\s*计|.*合计|sum", re.I)
_TOP = re.compile(
    r"(?:total )?(?:the )?(?:our )?(?:top|first) (\w+)\b.*|(?:the )?(?:our )?(\w+) largest\b.*|"
    r"前(.{1,2})[名大].*",
    re.I,
)
_WHOLE = re.compile(
    r"(total|consolidated|our)? ?(net )?(sales|revenues?|purchases|cost of sales)|"
    r"(营业|销售|采购|收入|主营业务).{0,4}(总额|合计|总计|收入)|total",
    re.I,
)
_OTHERS = re.compile(
    r"(all |the )?(others?|rest|remaining)( customers?| suppliers?| vendors?)?|"
    r"其[他它余].{0,4}|non-?significant.*",
    re.I,
)
_NO_NAME = re.compile(
    r"\b(number of|threshold|relationships?|contracts?|deposits?|receivables?|financing|"
    r"advances|average|change|growth)\b|人数|数量|增长",
    re.I,
)


@dataclass(frozen=True)
class _Source:
    """Which document it is of."""

    cover: Cover
    sha256: str
    member: str


def customer_facts(document: Document, cover: Cover, sha256: str, member: str) -> list[Fact]:
    """Facts of customers and suppliers in a document's order, those of tables first."""
    source = _Source(cover, sha256, member)
    facts: dict[str, Fact] = {}
    for number, table in enumerate(document.tables, 1):
        for grid in grids(table):
            role = role_of_table(table, grid)
            if role and grid.rows and grid.headers:
                for fact in _Reading(table, number, grid, role, source).facts():
                    facts.setdefault(fact.id, fact)
    for fact in facts_said(document, cover, sha256, member):
        facts.setdefault(fact.id, fact)
    return list(facts.values())


class _Reading:
    """One table of customers or of suppliers."""

    def __init__(self, table: Table, number: int, grid: Grid, role: Role, source: _Source):
        self.table, self.number, self.grid, self.role, self.source = (
            table, number, grid, role, source,
        )  # fmt: skip
        self.cover = source.cover
        self.kind: StatementKind = "customers" if role.name == "Customer" else "suppliers"
        self.columns = columns_of(table, grid, role, self.cover)
        self.first = min(self.columns, default=table.n_columns)
        self.cells: dict[int, list[Cell]] = {}
        for cell in table.cells:
            self.cells.setdefault(cell.row, []).append(cell)

    def facts(self) -> Iterator[Fact]:
        heading, dated, names = "", None, 0
        for row in self.grid.rows:
            dated = self._dated(row) or dated
            if not row.figures:
                heading, names = row.label, 0
                continue
            label = self._label(row)
            name = self._name(label, names)
            names += bool(name) and name == shown(label)
            if not name or is_of_receivables(heading):
                continue
            for column, cell in sorted(row.figures.items()):
                if column in self.columns:
                    fact = self._fact(row, label, name, column, cell, dated)
                    if fact is not None:
                        yield fact

    def _label(self, row: Row) -> str:
        """The row's first words left of its figures that are no rank and no period."""
        first = self.first
        for cell in sorted(self.cells.get(row.number, ()), key=lambda cell: cell.column):
            text = " ".join(cell.text.split())
            if cell.column < first and text and not self._says_period(text):
                if is_value(cell) or re.fullmatch(r"[一二三四五六七八九十]{1,2}", text):
                    continue
                return text
        return ""

    def _says_period(self, text: str) -> Period | None:
        if looks_like_year(text) or re.search(r"(?:19|20)\d\d", text):
            period = parse_period([text], self.cover, False)
            return period if period.end else None
        return None

    def _dated(self, row: Row) -> tuple[Period, Said] | None:
        """A period that stands in the row itself, left of its figures, or is all that it says."""
        first = self.first if row.figures else self.table.n_columns
        for cell in self.cells.get(row.number, ()):
            if cell.column < first and (period := self._says_period(cell.text)):
                return period, Said("period", cell.text, place_of(cell))
        return None

    def _name(self, label: str, names: int) -> str:
        """Who it is: a name as printed, a group, "others"; "" for the whole and what is nobody."""
        text = plain(" ".join(label.split())).strip(" :：")
        if not text or _NO_NAME.search(text):
            return ""
        if _OTHERS.fullmatch(text):
            return "others"
        if found := _TOP.fullmatch(text):
            return top(next(group for group in found.groups() if group))
        if _TOTAL.fullmatch(text):
            if _WHOLE.fullmatch(text) and text.lower() != "total":
                return ""
            has_others = any(_OTHERS.fullmatch(plain(row.label).strip()) for row in self.grid.rows)
            return "" if has_others or not names else top(str(names))
        if _WHOLE.fullmatch(text) or name_metric(label, (), "income"):
            return ""
        return shown(label)

    def _fact(
        self, row: Row, label: str, name: str, column: int, cell: Cell,
        dated: tuple[Period, Said] | None,
    ) -> Fact | None:  # fmt: skip
        printed = parse_figure(cell.text)
        if printed is None or printed.value is None:
            return None
        meaning = self.columns[column]
        period, said = (meaning.period, meaning.said)
        if dated and not meaning.is_dated:
            period, said = dated[0], (dated[1],)
        share = meaning.is_share or printed.percent
        place = place_of(cell)
        if share:
            value, scale, currency, scale_said = _share(printed, cell, meaning), 1, "", ()
        else:
            value, scale, currency, scale_said = self._amount(printed, cell, column)
        base = self.role.share if share else self.role.amount
        known = value is not None and bool(period.end)
        if label and row.place.locator:
            said = (Said("label", label, row.place), *said)
        return Fact(
            fact_id(self.source.sha256, place, row.number, column), self.cover.entity,
            f"{base}[{name}]", label, period, value, "pure" if share else "currency", currency,
            scale, "ok" if known else "unknown", self.source.member, self.source.sha256, place,
            cell.text, (*said, *scale_said), self.kind, self.number, row.number, column,
        )  # fmt: skip

    def _amount(
        self, printed: Printed, cell: Cell, column: int
    ) -> tuple[Decimal | None, int | None, str, tuple[Said, ...]]:
        """The value in whole units, its scale, its currency, and where the scale is said."""
        scales, said = self._scales(column)
        scale = printed.own_scale or (scales.money if scales else None)
        sign = printed.currency or (scales.currency if scales else "")
        if isinstance(cell.value, float | int) and not isinstance(cell.value, bool):
            printed = msgspec.structs.replace(printed, value=Decimal(str(cell.value)))
        return printed.scaled(scale), scale, currency_meant(sign, self.cover), said

    def _scales(self, column: int) -> tuple[Scales | None, tuple[Said, ...]]:
        """The nearest place that says a scale: the column's header, the table's lines, the
        document."""
        where = Place(self.table.page, self.table.box)
        header = headed(self.grid, column)
        places = list(zip(header.texts, header.places, strict=True))
        places += [(cell.text, place_of(cell)) for cell in self.grid.scale_cells]
        places += [(self.table.scale, where), (scale_in(self.table.caption), where)]
        for text, place in places:
            if text and (found := scales_said(text)) and found.money is not None:
                return found, (Said("scale", text, place),)
        if self.cover.scale is not None:
            said = tuple(one for one in self.cover.said if one.what == "scale")
            return Scales(self.cover.scale, currency=self.cover.currency), said
        return None, ()


def _share(printed: Printed, cell: Cell, meaning: Meaning) -> Decimal | None:
    """A fraction; None where nothing says whether the figure is a percentage."""
    is_number = isinstance(cell.value, float | int) and not isinstance(cell.value, bool)
    if is_number:
        printed = msgspec.structs.replace(printed, value=Decimal(str(cell.value)))
    if printed.percent or printed.value is None or printed.nothing:
        return printed.value
    if meaning.is_percent is None:
        return None
    return printed.value / 100 if meaning.is_percent else printed.value
