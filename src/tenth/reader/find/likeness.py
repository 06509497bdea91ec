"""How much the words of a cell's label, headings, header and caption are those of a question."""

import math
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from tenth.reader.find.asks import (
    ASIDE,
    DATE,
    FUNCTION,
    GLUED,
    NUMBERS,
    SAME,
    WEAK_WORDS,
)
from tenth.reader.find.candidates import Candidate
from tenth.reader.find.words import LONGEST, terms

TOO_MUCH = 0.3  # what a term weighs against a label that the question does not say
BESIDE = 0.03  # and one in parentheses
HEADING = 0.6  # what a heading above a row counts, beside its label
HEADER = 1.0  # and the header of its column
CAPTION = 0.5  # and the caption of its table
PHRASE = 0.4  # what the whole of a label gains that stands in the question as it is
WEAK = 0.4  # what words weigh that say of which time or that it is a sum
LONG = 5  # letters of a word that may have a slip
LONGEST_WORD = 40
SLIP = 0.85  # how alike a word and its slip are, from 0 to 1


@lru_cache(maxsize=50_000)
def words_of(text: str) -> tuple[str, ...]:
    """Terms of a text, of those that mean the same one; "non-current" is one that is not
    "current"."""
    found, no = [], ""
    for term in terms(GLUED.sub(" ", text)):
        if term == "non":
            no = term
            continue
        found.append(no + SAME.get(term, term))
        no = ""
    return tuple(found)


def asked_terms(question: str, period: str, known: Collection[str] = ()) -> list[str]:
    """The question's terms in order, without those of the period and without years. A long word
    that the table does not have is the one of the `known` that differs by a slip of the pen."""
    of_period = {*terms(period), *NUMBERS.findall(question)}
    asked = [term for term in words_of(question[:LONGEST]) if term not in of_period]
    strange = {term for term in asked if term not in known and term not in FUNCTION}
    ordered = sorted(known)
    near = {term: _near(term, ordered) for term in strange}
    return [near.get(term, term) for term in asked]


def _near(term: str, known: Sequence[str]) -> str:
    """The known term that a term is with a slip of the pen; two letters may be turned about even
    in a short one: "APRU" is "ARPU"."""
    if not (term.isalpha() and 4 <= len(term) <= LONGEST_WORD):
        return term
    turned = [other for other in known if sorted(other) == sorted(term)]
    long = [other for other in known if len(other) >= LONG]
    alike = get_close_matches(term, long, 1, SLIP) if len(term) >= LONG else []
    return next(iter((*turned, *alike)), term)


def rarity(candidates: Sequence[Candidate]) -> dict[str, float]:
    """How rare a term is among the table's labels, headings and headers."""
    texts: dict[tuple, set[str]] = {}
    for one in candidates:
        row = words_of(f"{one.label} {' '.join(one.path)}")
        texts[one.table, "row", one.line] = set(row)
        texts[one.table, "column", one.cell.column] = set(words_of(one.header))
    count: dict[str, int] = {}
    for found in texts.values():
        for term in found:
            count[term] = count.get(term, 0) + 1
    n = len(texts)
    return {
        term: math.log(1 + n / df) * (WEAK if term in WEAK_WORDS or _is_day(term) else 1.0)
        for term, df in count.items()
    }


def _is_day(term: str) -> bool:
    return term.isdigit() and int(term) <= 31


def likeness(one: Candidate, asked: Sequence[str], idf: Mapping[str, float]) -> float:
    said = set(words_of(one.label))
    above = [*one.path[-2:], one.parts]
    heading = max([0.0, *(_shared(text, asked, idf, said) for text in above if text)])
    header = _shared(NUMBERS.sub(" ", one.header), asked, idf)
    label = _shared(one.label.removeprefix("total ") if one.unlabelled else one.label, asked, idf)
    caption = CAPTION * _shared(one.caption, asked, idf) if one.caption else 0.0
    if one.whole and _is_named(one, asked):
        caption += max(0.0, _shared(one.whole, asked, idf, said))
    return label + HEADING * heading + HEADER * header + caption


def _is_named(one: Candidate, asked: Sequence[str]) -> bool:
    """Label and heading are both said in whole."""
    return _all_said(one.label, asked) and any(_all_said(text, asked) for text in one.path[-2:])


def _all_said(text: str, asked: Sequence[str]) -> bool:
    said = set(words_of(ASIDE.sub(" ", text))) - FUNCTION
    return bool(said) and said <= set(asked)


def _shared(
    text: str, asked: Sequence[str], idf: Mapping[str, float], said: Collection[str] = ()
) -> float:
    """What label and question share, less what only the label says. Words in parentheses, and
    footnotes' numbers, count where they are asked for, and hardly against it where they are not;
    what was `said` before, by the row's own label, counts no more."""
    wanted = set(asked)
    text = DATE.sub(" ", text)  # of that the period is compared
    main = words_of(ASIDE.sub(" ", text))
    score = 0.0
    for term in dict.fromkeys(words_of(text)):
        if term in FUNCTION:
            continue
        if term in wanted:
            score += 0.0 if term in said else idf.get(term, 1.0)
        elif not term.isdigit():
            score -= (TOO_MUCH if term in main else BESIDE) * idf.get(term, 1.0)
    for phrase in (words_of(text), main, words_of(_turned(text))):
        words = [term for term in phrase if not term.isdigit()]
        if words and _within(words, asked):
            return score + PHRASE * sum(idf.get(t, 1.0) for t in words if t not in FUNCTION)
    return score


def _turned(text: str) -> str:
    """ "Property and equipment, net" is the net property and equipment."""
    what, _, kind = ASIDE.sub(" ", text).rpartition(",")
    return f"{kind} {what}" if what and len(kind.split()) == 1 else text


def _within(phrase: Sequence[str], asked: Sequence[str]) -> bool:
    size = len(phrase)
    return any(list(asked[i : i + size]) == list(phrase) for i in range(len(asked) - size + 1))
