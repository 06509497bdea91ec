"""metrics.toml as the reader looks things up in it: metrics by name, labels by statement."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from tenth.reader.labels import plain
from tenth.reader.model import StatementKind, Unit

KINDS: tuple[StatementKind, ...] = (
    "income", "comprehensive", "balance", "cash", "equity", "segments", "customers", "suppliers",
    "other",
)  # fmt: skip


class Metric(msgspec.Struct, frozen=True):
    """One entry of metrics.toml; a member such as Revenues[Products] has its metric's."""

    name: str
    statements: tuple[StatementKind, ...]  # its own first, then those where its labels hold too
    unit: Unit
    instant: bool
    title_en: str
    title_zh: str
    ours: bool  # not an XBRL us-gaap element
    says: tuple[str, ...]  # labels, as the file writes them
    stand_ins: tuple[str, ...]  # metrics to take where a company prints no such line


class Vocabulary(msgspec.Struct):
    """What labels mean in one kind of statement, in the plain form of `tenth.reader.labels`."""

    labels: dict[str, str]  # plain label -> name
    under: dict[str, dict[str, str]]  # section -> plain label -> name
    like: list[tuple[re.Pattern[str], str]]
    members: dict[str, str]  # section -> name
    member_like: list[tuple[re.Pattern[str], str]]
    sections: list[tuple[str, list[re.Pattern[str]]]]

    def named(self, labels: list[str], headings: list[str]) -> str:
        """The metric of the first form of a label that means one under its headings, innermost
        first, or anywhere; "" where none does."""
        for text in labels:
            for heading in headings:
                if name := self.under.get(heading, {}).get(text):
                    return name
            if name := self.labels.get(text):
                return name
        for text in labels:
            for pattern, name in self.like:
                if pattern.fullmatch(text):
                    return name
        return ""


@cache
def contents() -> dict[str, Any]:
    """metrics.toml as it is parsed."""
    return tomllib.loads(files("tenth.reader").joinpath("metrics.toml").read_text("utf-8"))


def entries() -> Iterable[tuple[StatementKind, str, dict[str, Any]]]:
    """Every entry with its statement and name, in the file's order."""
    for statement in KINDS:
        for name, entry in contents().get(statement, {}).items():
            yield statement, name, entry


@cache
def all_metrics() -> dict[str, Metric]:
    """Every metric of the vocabulary by name, in the file's order."""
    found: dict[str, Metric] = {}
    for statement, name, entry in entries():
        known = found.get(name)
        statements: dict[StatementKind, None] = dict.fromkeys(known.statements if known else ())
        statements |= dict.fromkeys((statement, *entry.get("also", ())))
        says = list(entry.get("says", ()))
        for labels in entry.get("under", {}).values():
            says += labels
        if known:
            found[name] = msgspec.structs.replace(
                known, statements=tuple(statements), says=known.says + tuple(says)
            )
            continue
        title_en, title_zh = entry["title"]
        found[name] = Metric(
            name, tuple(statements), entry.get("unit", "currency"),
            entry.get("instant", statement == "balance"), title_en, title_zh,
            entry.get("ours", False), tuple(says), tuple(entry.get("stand_ins", ())),
        )  # fmt: skip
    return found


@cache
def of_statement(kind: StatementKind) -> Vocabulary:
    """The vocabulary of one kind of statement."""
    made = Vocabulary({}, {}, [], {}, [], [])
    for statement, name, entry in entries():
        if kind != statement and kind not in entry.get("also", ()):
            continue
        for label in entry.get("says", ()):
            made.labels[plain(label)] = name
        for section, labels in entry.get("under", {}).items():
            own = made.under.setdefault(section, {})
            own |= dict.fromkeys(map(plain, labels), name)
        made.like += [(re.compile(text), name) for text in entry.get("like", ())]
        made.member_like += [(re.compile(text), name) for text in entry.get("member_like", ())]
        if "members" in entry and kind == statement:
            made.members[entry["members"]] = name
    for section, texts in contents()["sections"].get(kind, {}).items():
        made.sections.append((section, [re.compile(text) for text in texts]))
    return made
