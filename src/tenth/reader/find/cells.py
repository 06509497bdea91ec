"""Which cell of a table answers a question, of the period that is asked for.

A cell is said by what stands left of it (its row's label, the headings above that) and above it
(its column's header). Each of these is compared with the question: what both say counts, by how
rare it is in the table; what only the table says counts against it. The period chooses among the
columns, or among rows where these are the periods.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import is_nothing
from tenth.reader.find.asks import (
    ASIDE,
    ASKS_CHANGE,
    ASKS_SHARE,
    ASKS_WHICH,
    DATE,
    FUNCTION,
    IS_OPENING,
    IS_TOTAL,
    NUMBERS,
    RATIO,
    SAME,
    SAYS_TOTAL,
    SHORT_YEAR,
    WEAK_WORDS,
)
from tenth.reader.find.candidates import Candidate, candidates_of
from tenth.reader.find.words import LONGEST, terms
from tenth.reader.periods import is_change

TOO_MUCH = 0.2  # what a term weighs against a label that the question does not say
HEADING = 0.5  # what a heading above a row counts, beside its label
HEADER = 1.0  # and the header of its column
CAPTION = 0.5  # and the caption of its table
PHRASE = 0.4  # what the whole of a label gains that stands in the question as it is
WHOLE = 1.0  # what a cell gains whose label and heading both are said in whole
WEAK = 0.4  # what words weigh that say of which time or that it is a sum
SHARE = 1.0  # what a percentage gains where one is asked for
CHANGE = 1.5  # what a column of changes gains where a change is asked for, but no period
NOT_SHARE = 2.0  # and loses where none is
NOT_TOTAL = 0.4  # what a total loses where the question says nothing of one
OPENING = 0.5  # what a balance at the beginning loses where the question says nothing of it
NOTHING = 0.3  # what a dash loses beside a figure
TOTAL = 4.0  # what a total loses where the greatest or least of its parts is asked for


class CellHit(msgspec.Struct, frozen=True):
    table: int  # which of those given, from 0
    cell: Cell
    score: float
    row: str  # its label, as printed
    column: str  # the header above it


def ranked_cells(
    tables: Sequence[Table], question: str, period: str = "", top: int = 10
) -> list[CellHit]:
    """The figures of tables that answer, best first; of equals the one that stands first.

    `period`: as a header prints it, "2019" or "September 30, 2019"; "" where none is asked for.
    """
    candidates = [
        one for number, table in enumerate(tables) for one in candidates_of(number, table)
    ]
    if not candidates:
        return []
    idf = _idf(candidates)
    asked = _asked(question, period)
    scored = [
        (
            round(
                _score(one, asked, idf)
                + _period_fit(one, period)
                + _kind_fit(one, period, question),
                9,
            ),
            -i,
            one,
        )
        for i, one in enumerate(candidates)
    ]
    scored.sort(key=lambda entry: entry[:2], reverse=True)
    return [
        CellHit(one.table, one.cell, score, one.label, one.header) for score, _, one in scored[:top]
    ]


def _same(found: Iterable[str]) -> list[str]:
    return [SAME.get(term, term) for term in found]


def _asked(question: str, period: str) -> list[str]:
    """The question's terms in order, without those of the period and without years."""
    of_period = set(terms(period)) | set(NUMBERS.findall(question))
    return [term for term in _same(terms(question[:LONGEST])) if term not in of_period]


def _idf(candidates: Sequence[Candidate]) -> dict[str, float]:
    """How rare a term is among the table's labels, headings and headers."""
    texts: dict[tuple, set[str]] = {}
    for one in candidates:
        row = _same(terms(f"{one.label} {' '.join(one.path)}"))
        texts[one.table, "row", one.line] = set(row)
        texts[one.table, "column", one.cell.column] = set(_same(terms(one.header)))
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


def _score(one: Candidate, asked: Sequence[str], idf: Mapping[str, float]) -> float:
    heading = max((_likeness(text, asked, idf) for text in one.path[-2:]), default=0.0)
    header = _likeness(NUMBERS.sub(" ", one.header), asked, idf)
    whole = _all_said(one.label, asked) and any(_all_said(text, asked) for text in one.path[-2:])
    label = _likeness(one.label, asked, idf)
    caption = CAPTION * _likeness(one.caption, asked, idf) if one.caption else 0.0
    return label + HEADING * heading + HEADER * header + caption + (WHOLE if whole else 0.0)


def _all_said(text: str, asked: Sequence[str]) -> bool:
    said = set(_same(terms(ASIDE.sub(" ", text)))) - FUNCTION
    return bool(said) and said <= set(asked)


def _likeness(text: str, asked: Sequence[str], idf: Mapping[str, float]) -> float:
    """What label and question share, less what only the label says. Words in parentheses, and
    footnotes' numbers, count where they are asked for, and not against it where they are not."""
    wanted = set(asked)
    text = DATE.sub(" ", text)  # of that the period is compared
    main = _same(terms(ASIDE.sub(" ", text)))
    score = 0.0
    for term in dict.fromkeys(_same(terms(text))):
        if term in FUNCTION:
            continue
        if term in wanted:
            score += idf.get(term, 1.0)
        elif term in main and not term.isdigit():
            score -= TOO_MUCH * idf.get(term, 1.0)
    if main and _within(main, asked):
        score += PHRASE * sum(idf.get(term, 1.0) for term in set(main) - FUNCTION)
    return score


def _within(phrase: Sequence[str], asked: Sequence[str]) -> bool:
    size = len(phrase)
    return any(list(asked[i : i + size]) == list(phrase) for i in range(len(asked) - size + 1))


def _kind_fit(one: Candidate, period: str, question: str) -> float:
    """Whether the cell is a share, a change or a total, as far as the question asks for one."""
    gain = 0.0
    change = bool(ASKS_CHANGE.search(question))
    if is_change(one.header):
        gain += CHANGE if change and not period else -4.0
    share = bool(ASKS_SHARE.search(question)) and not change and not RATIO.search(question)
    if "%" in f"{one.cell.text} {one.header}":
        gain += SHARE if share else -NOT_SHARE
    if IS_TOTAL.search(one.label):
        if ASKS_WHICH.search(question):
            gain -= TOTAL
        elif not SAYS_TOTAL.search(question):
            gain -= NOT_TOTAL
    if IS_OPENING.search(one.label) and not IS_OPENING.search(question):
        gain -= OPENING
    return gain - (NOTHING if is_nothing(one.cell.text) else 0.0)


def _years(text: str) -> set[str]:
    return set(NUMBERS.findall(text)) | {f"20{short}" for short in SHORT_YEAR.findall(text)}


def _period_fit(one: Candidate, period: str) -> float:
    """What a cell gains by its period: the header's, or, where that says none, its row's."""
    if not period:
        return 0.0
    asked = _years(period)
    for text in (one.header, f"{' '.join(one.path)} {one.label}"):
        said = _years(text)
        if not said and not _other_words(period, text):
            continue
        fit = 6.0 if said == asked else 3.0 if asked & said else -3.0
        return fit + _other_words(period, text)
    return 0.0


def _other_words(period: str, text: str) -> float:
    """How much of a period's day, month or quarter a text says."""
    rest = [term for term in terms(period) if not NUMBERS.fullmatch(term)]
    said = set(terms(text))
    return 2.0 * sum(term in said for term in rest) / len(rest) if rest else 0.0
