"""From one year to the next: which customers and suppliers stayed, vanished, are new."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tenth.reader.analysis.book import Book, Usable, books, document_order
from tenth.reader.analysis.concepts import partner_in
from tenth.reader.analysis.figure import Term
from tenth.reader.analysis.partners import SIDES, Entry, Listing, Side, listings, rank_in
from tenth.reader.analysis.spans import in_words, is_year_before
from tenth.reader.model import Contradiction, Fact, Period, Report


class Partner(msgspec.Struct, frozen=True):
    """A customer or supplier in two years. Shares are of revenue or purchases; None: not listed,
    or listed without one. Ranks are from 1 among those that are listed."""

    name: str
    before: Term | None
    after: Term | None
    rank_before: int | None
    rank_after: int | None

    @property
    def climbed(self) -> int | None:
        """By how many ranks; negative where it fell."""
        if self.rank_before is None or self.rank_after is None:
            return None
        return self.rank_before - self.rank_after


class Turnover(msgspec.Struct, frozen=True):
    """Vanished is who is no longer listed or is listed with nothing, which is not the same as
    buying nothing: a list has the largest alone. Unknown is who cannot be told: a figure that is
    unknown or contradicted, one without a name ("one customer"), a label ("Customer A") of another
    document."""

    entity: str
    side: Side
    before: Period
    after: Period
    stayed: tuple[Partner, ...]  # by the later year's rank
    vanished: tuple[Partner, ...]  # by the earlier year's
    new: tuple[Partner, ...]
    unknown: tuple[str, ...]
    documents: tuple[str, ...]
    note: str


def turnover(
    reports: Sequence[Report],
    facts: Mapping[str, Fact],
    contradictions: Iterable[Contradiction] = (),
) -> tuple[Turnover, ...]:
    """For every company, customers first, and every two years that follow each other."""
    contradictions = tuple(contradictions)
    usable, order = Usable(contradictions), document_order(reports)
    partners = {id_: fact for id_, fact in facts.items() if partner_in(fact)}
    found: dict[tuple, Turnover] = {}
    for book in books(reports, facts, contradictions):
        for side in SIDES:
            for one in turnovers(book, side, listings(book, side, partners, order, usable)):
                found.setdefault((one.entity, side, one.before, one.after), one)
    return tuple(found.values())


def turnovers(book: Book, side: Side, found: Sequence[Listing]) -> list[Turnover]:
    """Of each period's list against that of the year before."""
    periods = sorted({listing.period for listing in found}, key=lambda one: (one.end, one.start))
    pairs = []
    for period in periods:
        earlier = [one for one in periods if is_year_before(one, period)]
        if len(earlier) == 1:
            after = _list_of(found, period, earlier[0])
            pairs.append(_between(book, side, _Pair(found, earlier[0], after)))
    return pairs


def _list_of(found: Sequence[Listing], period: Period, before: Period) -> Listing:
    """That of a document that reports on the period rather than compares with it; then of one that
    lists the year before too; then of the latest."""
    both = {one.document for one in found if one.period == before}
    options = [one for one in found if one.period == period]
    return max(options, key=lambda one: (one.own, one.document in both, one.order))


class _Pair:
    """The later year's list, and the earlier year's as the same document gives it, with the names
    that another one adds."""

    def __init__(self, found: Sequence[Listing], before: Period, after: Listing) -> None:
        own = [one for one in found if one.period == before and one.document == after.document]
        others = [one for one in found if one.period == before and one.document != after.document]
        reporting = [one for one in others if one.own] or others
        self.own = own[0] if own else None
        hidden = self.own and any(entry.is_label for entry in after.entries)
        self.other = reporting[-1] if reporting and not hidden else None
        self.after, self.period = after, before
        self.entries: dict[str, Entry] = {}
        for entry in self.other.entries if self.other else ():
            if not (entry.is_label and self.own):
                self.entries[entry.key] = entry
        for entry in self.own.entries if self.own else ():
            self.entries[entry.key] = entry

    def rank(self, key: str) -> int | None:
        return rank_in(self.entries.values(), key)

    def partner(self, key: str) -> Partner:
        before, after = self.entries.get(key), self.after.find(key)
        name = (after or before).name  # type: ignore[union-attr]
        return Partner(name, before.share if before else None, after.share if after else None,
                       self.rank(key), self.after.rank(key))  # fmt: skip

    @property
    def labels_apart(self) -> bool:
        """Whether the lists are of two documents, so that a label means nothing in the other."""
        return self.own is None

    def hides(self, entries: Iterable[Entry]) -> bool:
        """Whether any name of the other year may stand behind one of these."""
        return any(
            entry.is_there and (entry.is_place or (entry.is_label and self.labels_apart))
            for entry in entries
        )


def _between(book: Book, side: Side, pair: _Pair) -> Turnover:
    hidden = pair.hides(pair.entries.values()), pair.hides(pair.after.entries)
    groups: dict[str, list[str]] = {"stayed": [], "vanished": [], "new": [], "unknown": []}
    keys = dict.fromkeys((*(entry.key for entry in pair.after.entries), *pair.entries))
    for key in keys:
        before, after = pair.entries.get(key), pair.after.find(key)
        groups[_group(before, after, pair.labels_apart, hidden)].append(key)
    groups["vanished"].sort(key=lambda key: pair.rank(key) or 0)
    parts = {name: tuple(map(pair.partner, keys)) for name, keys in groups.items()}
    used = [pair.own, pair.other if _uses_other(pair) else None, pair.after]
    documents = tuple(dict.fromkeys(one.document for one in used if one is not None))
    return Turnover(
        book.entity, side, pair.period, pair.after.period, parts["stayed"], parts["vanished"],
        parts["new"], tuple(one.name for one in parts["unknown"]), documents, _note(pair),
    )  # fmt: skip


def _uses_other(pair: _Pair) -> bool:
    own = {entry.key for entry in pair.own.entries} if pair.own else set()
    return any(key not in own for key in pair.entries)


def _group(
    before: Entry | None, after: Entry | None, labels_apart: bool, hidden: tuple[bool, bool]
) -> str:
    """Where one belongs. Who is in one year's list alone has vanished or is new only where the
    other list has nobody behind whom it may stand."""
    for entry in (before, after):
        if entry is not None and (
            not entry.sure or entry.is_place or (labels_apart and entry.is_label)
        ):
            return "unknown"
    was, is_now = before is not None and before.is_there, after is not None and after.is_there
    if was and is_now:
        return "stayed"
    if was:
        return "unknown" if hidden[1] else "vanished"
    return "unknown" if hidden[0] or not is_now else "new"


def _note(pair: _Pair) -> str:
    note = f"{in_words(pair.after.period)} against {in_words(pair.period)}"
    if pair.own is None:
        note += "; the lists of two documents, by name"
        if any(one.is_label for one in (*pair.entries.values(), *pair.after.entries)):
            note += "; a label such as Customer A is only the same within one document"
    elif _uses_other(pair):
        note += "; with the names that the earlier document lists"
    else:
        note += "; both years from one document, those that it lists"
    return note
