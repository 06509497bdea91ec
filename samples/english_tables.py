"""Segments, customers and suppliers of Tarnwick Controls, and what its letter begins with."""

from decimal import Decimal

from samples.company import CUSTOMERS, SUPPLIERS, Year
from samples.english_statements import both, flows
from samples.tables import Column, Row, Table

SEGMENT_NAMES = {"sensors": "Sensors", "motion": "Motion Systems", "services": "Field Services"}
SUPPLIER_NAMES = ("Okaden Semiconductor", "Brightmoor Castings", "Vell & Sons Precision",
                  "Lindqvaal Magnetics", "Port Esker Plastics")  # fmt: skip


def segments(year: int, now: Year, last: Year) -> Table:
    def each(prefix: str, total: str) -> list[Row]:
        lines = [
            Row(name, both(now, last, f"{prefix}{key}"), "line", 1)
            for key, name in SEGMENT_NAMES.items()
        ]
        if prefix:
            label = "Corporate and unallocated"
            lines.append(Row(label, both(now, last, "corporate"), "line", 1))
        key = "operating" if prefix else "sales"
        return [*lines, Row(total, both(now, last, key), "total", 1)]

    rows = (
        Row("Net sales:", kind="heading"),
        *each("", "Total net sales"),
        Row("Operating income:", kind="heading"),
        *each("profit_", "Total operating income"),
    )
    return Table("segments", "SEGMENT INFORMATION", "(In thousands)", 1000, flows(year), rows)


def share(amount: int, whole: int) -> Decimal:
    """As a fraction, rounded to a tenth of a percent."""
    return round(Decimal(amount) / whole, 3)


def bought_by(customer: str, year: int, books: Year) -> int:
    return round(CUSTOMERS[year].get(customer, 0) * books["sales"])


def listed(year: int) -> list[str]:
    """The year's top five, then those of the year before that are no longer among them."""
    top = list(CUSTOMERS[year])[:5]
    return top + [name for name in list(CUSTOMERS[year - 1])[:5] if name not in top]


def _amounts_and_shares(year: int, what: str) -> tuple[Column, ...]:
    amounts = [Column(str(one), f"{one}-01-01", f"{one}-12-31", what) for one in (year, year - 1)]
    shares = [
        Column(str(one), f"{one}-01-01", f"{one}-12-31", f"Share of {what.lower()}", "pure")
        for one in (year, year - 1)
    ]
    return (*amounts, *shares)


def _row(label: str, amounts: tuple[int, ...], wholes: tuple[int, ...], total: bool = False) -> Row:
    shares = (share(amount, whole) for amount, whole in zip(amounts, wholes, strict=True))
    values = (*(Decimal(amount) for amount in amounts), *shares)
    return Row(label, values, "total" if total else "line")


def customers(year: int, now: Year, last: Year) -> Table:
    wholes = now["sales"], last["sales"]
    named = [(name, (bought_by(name, year, now), bought_by(name, year - 1, last)))
             for name in listed(year)]  # fmt: skip
    rows = [_row(f"Customer {name}", amounts, wholes) for name, amounts in named]
    rows.append(_row("Total net sales", wholes, wholes, True))
    columns = _amounts_and_shares(year, "Net sales")
    title = "CUSTOMERS"
    return Table("customers", title, "(In thousands)", 1000, columns, tuple(rows), "Customer")


def suppliers(year: int, now: Year, last: Year) -> Table:
    wholes = purchases(now), purchases(last)
    named = [
        (name, (round(SUPPLIERS[year][k] * wholes[0]), round(SUPPLIERS[year - 1][k] * wholes[1])))
        for k, name in enumerate(SUPPLIER_NAMES)
    ]
    rest = tuple(wholes[k] - sum(amounts[k] for _, amounts in named) for k in (0, 1))
    rows = [_row(name, amounts, wholes) for name, amounts in named]
    rows += [
        _row("All other suppliers", rest, wholes),
        _row("Total purchases", wholes, wholes, True),
    ]
    columns = _amounts_and_shares(year, "Purchases")
    title = "SUPPLIERS"
    return Table("suppliers", title, "(In thousands)", 1000, columns, tuple(rows), "Supplier")


def purchases(year: Year) -> int:
    return round(year["cost_products"] * 0.71)
