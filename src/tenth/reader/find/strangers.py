"""Companies that a question names and no document does."""

import re
from collections.abc import Callable
from functools import cache

from tenth.reader.find.aliases import ALIASES
from tenth.reader.find.idioms import IDIOMS, TABLES
from tenth.reader.find.when import WHEN_WORDS
from tenth.reader.find.words import LONGEST, STOP, normal, stem, terms
from tenth.reader.metrics import all_metrics

_NAME = re.compile(r"[A-Z][A-Za-z0-9&.'’-]*[A-Za-z0-9]")
# What a question may begin with, or print in capitals, that is no company
_WORDS = frozenset(
    stem(word)
    for word in """biggest largest smallest highest lowest latest newest top best worst compare
    compute calculate find explain define using based assume please average sum total annual
    breakdown trend trends history overview summary evolution development ratio growth decline
    gross net operating adjusted diluted basic consolidated free working long short usd eur gbp jpy
    cny rmb hkd us uk eu china usa ebit ebitda ebitdar eps roe roa roic roce fcf cagr capex opex
    sga cogs gaap ifrs yoy qoq ytd dso dpo dio arpu nav wacc ceo cfo esg ai it r&d ppe pp&e sg&a
    mda sec ipo etf bps kpi america europe asia""".split()  # noqa: SIM905
)


def strangers_in(question: str, is_said: Callable[[str], bool]) -> list[str]:
    """Names in a question of companies that no document has. `is_said`: whether any document has a
    term.

    A name is one or more words with a capital that stand together, one of which no document has.
    The first word of a question has its capital anyway: alone it is a name only where the rest asks
    for something that reports print, or 's follows it; so is every word where all have one.
    """
    question = question[:LONGEST]
    found = [
        alias
        for alias in ALIASES
        if not alias.isascii() and alias in question and not is_said(alias)
    ]
    told = [f"{alias} ({ALIASES[alias].title()})" for alias in found]
    latin = re.findall(r"[A-Za-z][\w&.'’-]*", question)
    titled = len(latin) > 2 and all(word[0].isupper() or len(word) < 4 for word in latin)
    if titled:
        return told
    for match in re.finditer(rf"{_NAME.pattern}(?: (?:& )?{_NAME.pattern})*", question):
        name = re.sub(r"['’]s$", "", match.group())
        words = [word for word in re.split(r"[\s&]+", name) if normal(word) not in STOP]
        new = [word for word in words if _is_new(word, is_said)]
        if not new:
            continue
        first = not question[: match.start()].strip(" \"'“¿(")
        if (
            first
            and len(words) == 1
            and name == match.group()
            and not _asks(question[match.end() :])
        ):
            continue
        told.append(" ".join(words))
    return told


def _is_new(word: str, is_said: Callable[[str], bool]) -> bool:
    found = terms(word)
    if not found or any(term in _known() or term in _WORDS for term in found):
        return False
    return not any(is_said(term) for term in found)


def _asks(rest: str) -> bool:
    return bool(set(terms(rest)) & _known())


@cache
def _known() -> frozenset[str]:
    """The words of what reports print and questions ask for."""
    texts = [text for pair in IDIOMS.items() for text in pair] + list(TABLES.values())
    for metric in all_metrics().values():
        texts += [*metric.says, metric.title_en]
    return frozenset(terms(" ".join(texts).replace("|", " "))) | WHEN_WORDS
