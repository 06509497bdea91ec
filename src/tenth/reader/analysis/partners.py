"""Who buys from a company and who sells to it, as each document lists them for each period."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tenth.reader.analysis.book import Blocked, Book, Usable, entity_key, finest
from tenth.reader.analysis.catalogue import METRICS
from tenth.reader.analysis.concepts import CONCEPTS, partner_in
from tenth.reader.analysis.figure import Term, value_of
from tenth.reader.analysis.names import is_label, is_place, normal
from tenth.reader.analysis.spans import is_dated
from tenth.reader.model import Fact, Period

Side = Literal["customer", "supplier"]
SIDES: tuple[Side, ...] = ("customer", "supplier")
_WHOLES = {
    "customer": CONCEPTS["Revenues"],
    "supplier": ("Purchases", "SupplierPurchases", "TotalPurchases"),
}
Order = tuple[str, bool, str]  # a later document's is greater


@dataclass(frozen=True)
class Entry:
    """One customer or supplier in one document and period."""

    name: str  # as printed
    key: str  # the same for the same company
    share: Term | None  # of revenue or purchases: printed, or the amount over the whole
    amount: Fact | None
    sure: bool  # False: something is printed that is unknown or contradicted
    in_table: bool  # a row of a list, where each is another one; a sentence may speak of any

    @property
    def is_label(self) -> bool:
        return is_label(self.name)

    @property
    def is_place(self) -> bool:
        return is_place(self.name)

    @property
    def size(self) -> Decimal:
        """A share, else an amount; Listing.rank does not compare the two."""
        term = self.share or self.amount
        return value_of(term) if term else Decimal(0)

    @property
    def is_there(self) -> bool:
        return self.sure and self.size > 0


@dataclass(frozen=True)
class Listing:
    """All of one document and period."""

    document: str
    order: Order
    period: Period
    own: bool  # the document reports on this period: it is none that it compares with
    entries: tuple[Entry, ...]  # the largest first

    def rank(self, key: str) -> int | None:
        return rank_in(self.entries, key)

    def find(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


def rank_in(entries: Iterable[Entry], key: str) -> int | None:
    """From 1, among those who buy anything; None where shares stand beside bare amounts."""
    there = [entry for entry in entries if entry.is_there]
    if len({entry.share is None for entry in there}) > 1:
        return None
    keys = [entry.key for entry in sorted(there, key=lambda entry: (-entry.size, entry.key))]
    return keys.index(key) + 1 if key in keys else None


def listings(
    book: Book,
    side: Side,
    facts: Mapping[str, Fact],
    order: Mapping[str, tuple[str, bool]],
    usable: Usable,
) -> tuple[Listing, ...]:
    """By document, the later ones later, and by period."""
    found: dict[tuple[Order, Period], dict[str, list[tuple[str, Fact]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for fact in facts.values():
        partner = partner_in(fact)
        if partner is None or partner[0] != side or not is_dated(fact.period):
            continue
        if entity_key(fact) == book.key and fact.currency in ("", book.currency):
            place = (*order.get(fact.document, ("", False)), fact.document)
            found[place, fact.period][normal(partner[1])].append((partner[1], fact))
    newest: dict[str, str] = {}
    for place, period in found:
        newest[place[2]] = max(newest.get(place[2], ""), period.end)
    return tuple(
        Listing(place[2], place, period, period.end == newest[place[2]],
                _entries(book, side, period, found[place, period], usable))
        for place, period in sorted(found)
    )  # fmt: skip


def _entries(
    book: Book,
    side: Side,
    period: Period,
    named: Mapping[str, list[tuple[str, Fact]]],
    usable: Usable,
) -> tuple[Entry, ...]:
    entries = [_entry(book, side, period, key, named[key], usable) for key in sorted(named)]
    return tuple(sorted(entries, key=lambda entry: (-entry.size, entry.key)))


def _entry(
    book: Book, side: Side, period: Period, key: str, named: list[tuple[str, Fact]], usable: Usable
) -> Entry:
    facts = [fact for _, fact in named]
    share, sure_of_share = _one(facts, "pure", usable)
    amount, sure_of_amount = _one(facts, "currency", usable)
    if share is not None and not 0 <= value_of(share) <= 1:
        share, sure_of_share = None, False
    term: Term | None = share
    if share is None and amount is not None and sure_of_share:
        term = _share_of(book, side, period, named[0][0], amount)
    sure = sure_of_share and sure_of_amount and (term or amount) is not None
    return Entry(named[0][0], key, term, amount, sure, any(fact.table for fact in facts))


def _one(facts: Iterable[Fact], unit: str, usable: Usable) -> tuple[Fact | None, bool]:
    """The fact in this unit and whether it can be relied on; nothing printed can."""
    facts = [fact for fact in facts if fact.unit == unit]
    if not facts:
        return None, True
    if not all(fact.value is not None and usable(fact) for fact in facts):
        return None, False
    fact = finest(facts)
    return fact, fact is not None


def _share_of(book: Book, side: Side, period: Period, name: str, amount: Fact) -> Term | None:
    try:
        whole = book.first(_WHOLES[side], period)
    except Blocked:
        return None
    if whole is None or not 0 <= value_of(amount) <= value_of(whole[1]):
        return None
    metric = METRICS[f"{side}_share"]
    terms = {"amount": amount, "whole": whole[1]}
    note = f"as listed in {amount.document}"
    made = book.make(f"{metric.name}[{name}]", period, "pure", metric.formula, terms, note)
    return made
