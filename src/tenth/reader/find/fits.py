"""How well a cell fits the period, the year and the kind of figure that a question asks for."""

from collections.abc import Sequence
from datetime import date, timedelta

from tenth.documents.numbers import is_nothing
from tenth.reader.dates import dates_in
from tenth.reader.find.asks import (
    ASKS_CHANGE,
    ASKS_SHARE,
    ASKS_TOTAL,
    ASKS_WHICH,
    BETWEEN_YEARS,
    CHANGE_OF_SHARE,
    IS_OPENING,
    IS_TOTAL,
    NUMBERS,
    RATIO,
    SAYS_TOTAL,
    SHORT_YEAR,
    UNITS,
)
from tenth.reader.find.candidates import Candidate
from tenth.reader.find.words import terms
from tenth.reader.periods import is_change

SHARE = 1.0  # what a percentage gains where one is asked for
CHANGE = 1.5  # what a column of changes gains where a change is asked for, but no period
NOT_CHANGE = 4.0  # and loses where none is
NOT_SHARE = 2.0  # what a percentage loses where none is asked for, beside amounts
NOT_SHARE_ROW = 0.5  # the same in a row of percentages whose label does not call them so
NOT_TOTAL = 0.4  # what a total loses where the question says nothing of one
SUM_COLUMN = 1.0  # what a column of totals gains where a total is asked for
SUM_ROW = 1.0  # and a row that is called total and nothing else, where there is no such column
SHARE_TOLD = 3.0  # what a percentage gains where the change of one is asked for
OPENING = 0.5  # what a balance at the beginning loses where the question says nothing of it
YEAR = 1.0  # what a row gains of a year that is asked for, beside those that columns are of
UNIT = 0.5  # what a column gains in the unit that the question names
BETWEEN = 0.5  # what changes between the years that are asked for gain, others lose
NOTHING = 3.0  # what a dash loses beside a figure
TOTAL = 4.0  # what a total loses where the greatest or least of its parts is asked for


def kind_fit(one: Candidate, period: str, question: str) -> float:
    """Whether the cell is a share, a change or a total, as far as the question asks for one."""
    gain = _share_or_change(one, period, question) + _total_fit(one, question)
    if any(unit in one.header.casefold().split() for unit in UNITS.findall(question.casefold())):
        gain += UNIT
    if IS_OPENING.search(one.label) and not IS_OPENING.search(question):
        gain -= OPENING
    return gain - (NOTHING if is_nothing(one.cell.text) else 0.0)


def _total_fit(one: Candidate, question: str) -> float:
    """Whether a row or a column of sums is asked for. "The total sales" are the total below the
    sales, unless there is a column of totals: then they are that of the sales."""
    row, column = bool(IS_TOTAL.search(one.label)), one.is_sum_column
    total = bool(ASKS_TOTAL.search(question))
    if ASKS_WHICH.search(question):
        return -TOTAL * (row or (column and not total)) + SUM_COLUMN * (column and total)
    if total:
        return SUM_COLUMN * column + SUM_ROW * (one.is_bare_sum and not one.has_sum_column)
    plain = row and not one.unlabelled and not SAYS_TOTAL.search(question)
    return -NOT_TOTAL * plain


def _share_or_change(one: Candidate, period: str, question: str) -> float:
    """A change is of the years that the question names, and in percent where it says so."""
    share = bool(ASKS_SHARE.search(question))
    change = bool(ASKS_CHANGE.search(question))
    if is_change(one.header) or BETWEEN_YEARS.search(one.header):
        between = _years(period)
        if not change or (period and (len(between) < 2 or between != _years(one.header))):
            return -NOT_CHANGE
        said, wanted = _years(one.header), _years(question)
        of = 0.0 if not said or not wanted else BETWEEN if said == wanted else -BETWEEN
        return CHANGE + of + (SHARE if one.percent == share else 0.0)
    if not one.percent:
        return 0.0
    if CHANGE_OF_SHARE.search(question):
        return SHARE_TOLD
    if share and not change and not RATIO.search(question):
        return SHARE
    plain = not one.beside_amounts and not ASKS_SHARE.search(one.label)
    return -(NOT_SHARE_ROW if plain else NOT_SHARE)


def _years(text: str) -> set[str]:
    return set(NUMBERS.findall(text)) | {f"20{short}" for short in SHORT_YEAR.findall(text)}


def period_fit(one: Candidate, period: str) -> float:
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


def year_fit(one: Candidate, period: str, question: str) -> float:
    """What a row gains by a year that its own label says, or that it is between."""
    gain = 0.0
    years = _years(one.label)
    if years and _years(one.header) and (asked := _years(question) - _years(period)):
        gain += YEAR * bool(years & asked)
    if one.between and not years:
        gain += YEAR * _between_fit(one.between, question)
    return gain


def _between_fit(between: Sequence[date], question: str) -> float:
    """How much a question speaks of the time between two days, of its end above all: the year that
    ends on 1 January is the one before."""
    asked = {day for day, _, _ in dates_in(question)}
    years = {int(year) for year in _years(question)}
    ends = [(day - timedelta(1)).year for day in between]
    told = sum(day in asked for day in between) + sum(end in years for end in ends)
    return (told + (ends[-1] in years)) / len(between)
