"""Which known facts of a sample a reader has found: by label, period and value."""

import re
from collections.abc import Iterable, Sequence

from samples.tables import Known

from tenth.reader.model import Fact


def plain(label: str) -> str:
    return re.sub(r"\W", "", label).casefold()


def is_found(known: Known, facts: Iterable[Fact]) -> bool:
    return any(
        plain(fact.label) == plain(known.label)
        and (fact.period.start, fact.period.end) == (known.start, known.end)
        and (fact.value, fact.unit) == (known.value, known.unit)
        for fact in facts
    )


def missing(known: Iterable[Known], facts: Sequence[Fact]) -> list[Known]:
    by_label: dict[str, list[Fact]] = {}
    for fact in facts:
        by_label.setdefault(plain(fact.label), []).append(fact)
    return [one for one in known if not is_found(one, by_label.get(plain(one.label), ()))]
