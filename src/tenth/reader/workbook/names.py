"""Names that fit: companies without their legal forms, sheets within a spreadsheet's rules."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 31  # characters of a sheet's name
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LEGAL = re.compile(
    r"[,\s]+(?:&\s*co|and company|company|co|corporation|corp|incorporated|inc|limited|ltd|llc|lp"
    r"|plc|s\.?a\.?|n\.?v\.?|ag|se|gmbh|holdings?|group)\.?$",
    re.IGNORECASE,
)
_LEGAL_ZH = re.compile(r"(?:集团|控股)*(?:股份)?(?:有限)?(?:责任)?公司$")


def entity_key(entity: str) -> str:
    """The same for spellings that differ in case, width and punctuation alone."""
    folded = unicodedata.normalize("NFKC", entity).casefold()
    return "".join(one for one in folded if one.isalnum())


def short_name(entity: str) -> str:
    """Without legal forms: "Apple Inc." is "Apple"; never empty for a name that is not."""
    name = " ".join(entity.split())
    zh = _LEGAL_ZH.sub("", name)
    if zh and zh != name:
        return zh
    while True:
        stem = name.rstrip(" ,.&")
        shorter = _LEGAL.sub("", stem)
        if shorter in ("", stem):
            break
        name = shorter
    if name.isupper() and len(name) > 6:  # shouted on a cover; shorter ones may be initials
        name = " ".join(word.capitalize() for word in name.split())
    return name


def short_names(entities: Iterable[str]) -> dict[str, str]:
    """A short name for each, the full one where two would be the same."""
    wanted = list(dict.fromkeys(entities))
    short = {entity: short_name(entity) for entity in wanted}
    taken: dict[str, int] = {}
    for name in short.values():
        taken[name.casefold()] = taken.get(name.casefold(), 0) + 1
    return {
        entity: name if taken[name.casefold()] == 1 else entity for entity, name in short.items()
    }


class SheetNames:
    """Hands out names that no other sheet of the book has."""

    def __init__(self) -> None:
        self._taken = {"history"}  # reserved by Excel

    def take(self, company: str, kind: str = "") -> str:
        """`company` is cut, `kind` is not, where both do not fit."""
        company = _clean(company)
        for number in range(1, 10_000):
            tail = (f" {kind}" if kind and company else kind) + (f" {number}" * (number > 1))
            room = LONGEST - len(tail)
            name = (_cut(company, room) + tail).strip(" '")[:LONGEST]
            if name and name.casefold() not in self._taken:
                self._taken.add(name.casefold())
                return name
        raise AssertionError("ten thousand sheets of one name")


def _clean(text: str) -> str:
    return " ".join(_FORBIDDEN.sub(" ", text).split()).strip("'")


def _cut(text: str, room: int) -> str:
    """At a word's end where one is near."""
    if len(text) <= room:
        return text
    head = text[:room]
    at_word = head.rpartition(" ")[0]
    return (at_word if len(at_word) * 2 > room else head).rstrip(" ,.&-")
