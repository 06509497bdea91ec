"""How much of revenue or purchases hangs on how few, and how much of it went with whom."""

from collections.abc import Mapping, Sequence

from tenth.reader.analysis.book import Book, Usable
from tenth.reader.analysis.catalogue import METRICS
from tenth.reader.analysis.figure import Term
from tenth.reader.analysis.partners import SIDES, Listing, Side, listings
from tenth.reader.analysis.turnover import Partner, Turnover, turnovers
from tenth.reader.model import Fact, Period


def add_concentration(
    book: Book,
    facts: Mapping[str, Fact],
    order: Mapping[str, tuple[str, bool]],
    usable: Usable,
) -> None:
    for side in SIDES:
        found = listings(book, side, facts, order, usable)
        latest = {listing.period: listing for listing in found if listing.own}
        for listing in latest.values():
            _add_tops(book, side, listing)
        for one in turnovers(book, side, found):
            _add_turnover(book, side, one)


def _add_tops(book: Book, side: Side, listing: Listing) -> None:
    """Only of a list that a document gives of its own year: of the years that it compares with it
    may not list the largest."""
    shares = _shares(listing)
    if not shares:
        return
    note = f"of the {len(shares)} listed in {listing.document}"
    for count in (1, 3, 5):
        if len(shares) >= count:
            _add_sum(book, f"{side}_top_{count}", listing.period, shares[:count], note)
    named = _numbered(shares)
    squares = " + ".join(f"{name} * {name}" for name in named)
    book.make(f"{side}_concentration", listing.period, "pure", squares, named,
              f"{note}; the others are not known, so it is at least this")  # fmt: skip


def _shares(listing: Listing) -> list[Term]:
    """The largest first, each company once; none where that cannot be told: a figure is unknown,
    or who has no name ("one customer", of a sentence) may be one of the others."""
    if not all(entry.sure for entry in listing.entries):
        return []
    there = [entry for entry in listing.entries if entry.is_there]
    if any(entry.share is None for entry in there):
        return []
    told = [entry for entry in there if entry.in_table or not entry.is_place]
    sizes = {entry.size for entry in told}
    nameless = [entry for entry in there if entry not in told and entry.size not in sizes]
    if len(nameless) > 1 or (told and nameless):
        return []
    return [entry.share for entry in told or nameless if entry.share is not None]


def _add_turnover(book: Book, side: Side, one: Turnover) -> None:
    lost = next(name for name in METRICS if name.startswith(side) and name.endswith("_lost"))
    for metric, group, which in (
        (lost, one.vanished, "before"),
        (f"{side}_retained", one.stayed, "after"),
        (f"{side}_new", one.new, "after"),
    ):
        shares = [getattr(partner, which) for partner in group]
        if shares and all(share is not None for share in shares) and not one.unknown:
            names = ", ".join(partner.name for partner in group)
            _add_sum(book, metric, one.after, shares, f"{names}; {one.note}")
    for partner in one.stayed:
        _add_change(book, side, one, partner)


def _add_change(book: Book, side: Side, one: Turnover, partner: Partner) -> None:
    if partner.before is not None and partner.after is not None:
        metric = METRICS[f"{side}_share_change"]
        terms = {"now": partner.after, "before": partner.before}
        note = f"rank {partner.rank_before} to {partner.rank_after}; {one.note}"
        book.make(f"{metric.name}[{partner.name}]", one.after, "pure", metric.formula, terms, note)


def _add_sum(book: Book, metric: str, period: Period, shares: Sequence[Term], note: str) -> None:
    named = _numbered(shares)
    book.make(metric, period, "pure", " + ".join(named), named, note)


def _numbered(shares: Sequence[Term]) -> dict[str, Term]:
    return {f"share_{number}": share for number, share in enumerate(shares, 1)}
