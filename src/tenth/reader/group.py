"""A statement's columns of a group beside those of the company that heads it."""

import re
from collections.abc import Mapping
from typing import Literal

from tenth.documents.numbers import CURRENCY
from tenth.reader.model import Period

GROUP = frozenset({"group", "consolidated", "consolidated group", "consolidated entity"})
PARENT = frozenset({"company", "parent", "parent company", "parent entity"})


def parents(columns: Mapping[int, tuple[str, Period]]) -> set[int]:
    """The columns of the company alone, by what each header says but for its period; none where
    the two do not show the same periods. A heading that was read above the first of its columns is
    said of the next ones too."""
    scopes: dict[int, str] = {}
    for column, (words, _) in sorted(columns.items()):
        scopes[column] = _scope(words) or next(reversed(scopes.values()), "")
    if set(scopes.values()) != {"group", "parent"}:
        return set()
    of_group = sorted(columns[c][1] for c, scope in scopes.items() if scope == "group")
    of_parent = sorted(columns[c][1] for c, scope in scopes.items() if scope == "parent")
    return {c for c in scopes if scopes[c] == "parent"} if of_group == of_parent else set()


def _scope(words: str) -> Literal["group", "parent", "other", ""]:
    left = " ".join(re.sub(rf"\b(?i:note)\b|{CURRENCY}", " ", words).split())
    left = left.strip(" .,:").casefold()
    return "group" if left in GROUP else "parent" if left in PARENT else "other" if left else ""
