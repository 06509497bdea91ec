"""Which line of an older statement is which row of the newer one: by words, then by metric."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

_FOOTNOTE = re.compile(r"\s*[(（]\s*\d{1,2}\s*[)）](?=\s|$|[(（:：])")
_NUMBER = re.compile(r"(?:[$€£¥(]*\d[\d,.]*\)*(?:,?and|,|、)?)+")  # "$5, $(3), and $2" is one


class Labelled(Protocol):
    """A line, or a row made of lines."""

    @property
    def label(self) -> str: ...
    @property
    def section(self) -> tuple[str, ...]: ...
    @property
    def metric(self) -> str: ...
    @property
    def is_heading(self) -> bool: ...


def plain_label(label: str) -> str:
    """Without case, spaces, hyphens, footnote marks, trailing colons and typographers' quotes:
    "Data Center" is "Datacenter"."""
    text = unicodedata.normalize("NFKC", label).casefold()
    text = re.sub("[‘’ʼ`]", "'", re.sub("[–—−]", "-", text))
    return re.sub(r"[\s-]+", "", _FOOTNOTE.sub("", text)).rstrip(":*")


def _exactly(one: Labelled) -> Hashable:
    section = tuple(plain_label(heading) for heading in one.section)
    return plain_label(one.label), section, one.is_heading


def _by_metric(one: Labelled) -> Hashable:
    return None if one.is_heading or not one.metric else one.metric


def _without_numbers(one: Labelled) -> Hashable:
    """Share counts and dates stand in labels too, and change."""
    label, section, heading = plain_label(one.label), one.section, one.is_heading
    section = tuple(plain_label(name) for name in section)
    return (_NUMBER.sub("#", label), section, heading) if _NUMBER.search(label) else None


def _by_label(one: Labelled) -> Hashable:
    return plain_label(one.label), one.is_heading


def align(rows: Sequence[Labelled], lines: Sequence[Labelled]) -> dict[int, int]:
    """Row by line. A name that several lines share is matched only where both sides have as many of
    it, in their order; what fits nowhere is left out."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for key in (_exactly, _by_metric, _without_numbers, _by_label):
        free_rows = _grouped(rows, key, taken)
        for name, own in _grouped(lines, key, set(found)).items():
            theirs = free_rows.get(name, [])
            several = key in (_exactly, _by_label)
            if len(own) != len(theirs) or (len(own) > 1 and not several):
                continue
            pairs = [
                (line, row)
                for line, row in zip(own, theirs, strict=True)
                if _may_be_one(rows[row], lines[line])
            ]
            found.update(pairs)
            taken.update(row for _, row in pairs)
    return found


def _may_be_one(row: Labelled, line: Labelled) -> bool:
    return not (row.metric and line.metric and row.metric != line.metric)


def _grouped(
    many: Sequence[Labelled], key: Callable[[Labelled], Hashable], without: set[int]
) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for i, one in enumerate(many):
        name = key(one)
        if i not in without and name is not None:
            groups.setdefault(name, []).append(i)
    return groups
