"""Which facts are the same figure: of one entity, metric (or statement, section and label) and
unit; and whether a figure is of the whole group or of a part of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tenth.reader.checks.world import World
from tenth.reader.model import Fact

PRIMARY = ("income", "comprehensive", "balance", "cash")
REST = ("[others]", "[top five]")
OTHERS = re.compile(r"\[(?:all )?(?:others?|rest of)\b.*\]$", re.IGNORECASE)
SHARED = ("NetIncomeLoss", "ProfitLoss")  # the same in the income and the cash flow statement
PARENT = re.compile(r"\bparent\b|\bcompany only\b|\bseparate financial|(?<!归属于)母公司", re.I)
GROUP = re.compile(r"\bconsolidated\b|\bgroup\b|合并", re.IGNORECASE)
SEGMENT = re.compile(r"\bsegments?\b|\bdivision\b|分部", re.IGNORECASE)
ONGOING = re.compile(r"(?<!dis)continuing operations|(?<!非)持续经营", re.IGNORECASE)
BALANCE = re.compile(r"\b(?:beginning|end|ending|opening|closing)\b|期初|期末|年初|年末", re.I)


@dataclass(frozen=True, order=True)
class Key:
    """What a figure is of, without its period and currency."""

    entity: str
    what: str
    unit: str


def key_of(fact: Fact) -> Key | None:
    """None where nothing says what, whose or of when it is."""
    if not fact.entity or not fact.period.end or fact.value is None:
        return None
    if fact.metric.endswith(REST):
        return None  # what is left beside those named depends on who is named
    entity = " ".join(re.findall(r"\w+", fact.entity.casefold()))
    named = (*PRIMARY, "text", "other")  # a note's figure has a metric where it is the company's
    if fact.metric and (fact.statement in named or "[" in fact.metric):
        own = fact.statement == "cash" and fact.metric not in SHARED
        return Key(entity, f"cash: {fact.metric}" if own else fact.metric, fact.unit)
    if fact.statement not in PRIMARY or not fact.label.strip():
        return None
    words = " > ".join(plain_label(text) for text in (*fact.section, fact.label))
    return Key(entity, f"{fact.statement}: {words}", fact.unit)


def plain_label(label: str) -> str:
    """A label without notes, numbers that change with the date, and punctuation."""
    label = re.sub(r"\((?:note|see|\d)[^)]*\)|（附注[^）]*）", " ", label, flags=re.IGNORECASE)
    label = re.split(r",? (?:net of|par value|shares authorized|\$\d)|[,;–—] *\$?\d", label)[0]
    return " ".join(re.findall(r"\w+", label.lower()))


def by_key(facts: Iterable[Fact]) -> dict[Key, list[Fact]]:
    found: dict[Key, list[Fact]] = {}
    for fact in facts:
        if (key := key_of(fact)) is not None:
            found.setdefault(key, []).append(fact)
    return dict(sorted(found.items()))


def is_balance_in_a_flow(fact: Fact) -> bool:
    """Cash at the beginning, in a column of months."""
    return bool(BALANCE.search(fact.label)) or "AtBeginning" in fact.metric


def ambiguous(facts: Iterable[Fact]) -> bool:
    """One table gives several figures for one period: labels that repeat, not a mistake. Or two
    tables of one report do of what is left beside those that each of them names."""
    seen: dict[tuple[str, str, int, str], tuple[int, int, int]] = {}
    for fact in facts:
        if not fact.table:
            continue  # sentences say the same again and again
        table = 0 if OTHERS.search(fact.metric) else fact.table
        place = (fact.sha256, fact.statement, table, str(fact.period))
        at = (fact.table, fact.row, fact.column)
        if seen.setdefault(place, at) != at:
            return True
    return False


def scope_of(fact: Fact, world: World) -> str:
    """ "the parent company alone", "a segment", "continuing operations alone", or "" for all."""
    title, _, header = world.title(fact).partition(" | ")
    for words in (header, " ".join(fact.section), title):
        if GROUP.search(words) and PARENT.search(words):
            continue  # "合并及母公司资产负债表": its columns say which is which
        if GROUP.search(words):
            return ""
        if PARENT.search(words):
            return "the parent company alone"
    around = " ".join((title, header, *fact.section, fact.label))
    if SEGMENT.search(around) and "[" not in fact.metric:
        return "a segment"
    return "continuing operations alone" if ONGOING.search(fact.label) else ""


def without_parent(facts: list[Fact], world: World) -> list[Fact]:
    """A report that prints the group's figures and the parent's contradicts nothing: the group's
    stand for it. A report that has the parent's alone keeps them."""
    scopes = {fact.id: scope_of(fact, world) for fact in facts}
    whole = {(fact.sha256, fact.period) for fact in facts if not scopes[fact.id]}
    return [f for f in facts if not scopes[f.id] or (f.sha256, f.period) not in whole]


def rank(fact: Fact) -> tuple[int, int, int, int]:
    """The primary statement's figure before one from elsewhere, in print order."""
    order = (*PRIMARY, "equity", "segments", "customers", "suppliers", "other", "text")
    return order.index(fact.statement), fact.table, fact.row, fact.column
