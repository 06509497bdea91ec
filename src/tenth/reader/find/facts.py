"""Facts as texts to search, and which of them are of the period that is asked for."""

from collections.abc import Sequence

import numpy as np

from tenth.reader.find.bm25 import Bm25, best
from tenth.reader.find.lexicon import Meaning
from tenth.reader.find.reporting import period_of
from tenth.reader.find.scope import Scoped
from tenth.reader.find.words import couples, pairs, terms
from tenth.reader.metrics import all_metrics
from tenth.reader.model import Cover, Fact, Period, Report
from tenth.reader.periods import months_of

METRIC = 1.0  # what a fact of the very metric that is asked for gains, of its score
MEMBER = 0.3  # and one of a member of it
IN_STATEMENT = 0.25  # and one from the statement that prints it
OWN_PERIOD = 0.3  # and one of the document's own period, where the question names none
ASKED_PERIOD = 1.5  # and one of the period that is asked for
OWN_END = 0.5  # and one that ends as the period asked for does, of another length
QUARTER = 0.3  # and one of a quarter, where the question is about quarters
SAID = 0.4  # how much a heading above a fact counts, beside its label
SENTENCE = 0.5  # what a fact of a sentence counts, beside one of a table
_QUARTERS = frozenset(terms("quarter quarters quarterly")) | frozenset(pairs("季度"))
MAIN = ("income", "balance", "cash", "comprehensive", "equity", "customers", "suppliers")


class FactTexts:
    """The facts of reports, by what their labels, headings and metrics say."""

    def __init__(self, facts: Sequence[tuple[int, Fact]], titles: dict[tuple[str, int], str]):
        self._facts = list(facts)
        seen: dict[tuple, tuple[dict[str, float], float]] = {}  # facts of a row say the same
        counted = []
        for _, fact in self._facts:
            title = titles.get((fact.document, fact.table), "")
            key = (fact.label, fact.metric, fact.section, title)
            if key not in seen:
                seen[key] = _counts(fact, title)
            counted.append(seen[key])
        self._bm25 = Bm25.of([count for count, _ in counted], [length for _, length in counted])

    @classmethod
    def of(cls, reports: Sequence[Report | None]) -> "FactTexts":
        facts, titles = [], {}
        for at, report in enumerate(reports):
            if report is None:
                continue
            facts += [(at, fact) for fact in report.facts]
            for statement in report.statements:
                titles[statement.document, statement.table] = statement.title
        return cls(facts, titles)

    def __len__(self) -> int:
        return len(self._facts)

    def _level(self, scores: np.ndarray, meaning: Meaning) -> None:
        """Facts of one metric that is asked for score alike, whatever a company calls it."""
        of = {name: [] for name in meaning.metrics}
        for i in np.flatnonzero(scores):
            name = self._facts[i][1].metric
            if name in of:
                of[name].append(i)
        for rows in of.values():
            if rows:
                scores[rows] = scores[rows].max()

    def ranked(
        self,
        meaning: Meaning,
        scoped: Scoped,
        factors: np.ndarray,
        covers: Sequence[Cover],
        top: int,
    ) -> list[tuple[Fact, float]]:
        """The best facts with their scores. The same figure printed twice is told once, where it
        stands first."""
        scores = self._bm25.scores(meaning.terms)
        self._level(scores, meaning)
        asked = [[period_of(when, cover) for when in scoped.periods] for cover in covers]
        for i in np.flatnonzero(scores):
            at, fact = self._facts[i]
            if not factors[at]:
                scores[i] = 0.0
                continue
            scores[i] *= factors[at] * _gain(fact, meaning, asked[at], covers[at])
        found: dict[tuple, tuple[Fact, float]] = {}
        for i in best(scores, min(len(scores), 20 * top)):
            fact = self._facts[i][1]
            key = (fact.entity, fact.metric or fact.label, fact.period, fact.value, fact.unit)
            found.setdefault(key, (fact, float(scores[i])))
            if len(found) == top:
                break
        return list(found.values())


def _counts(fact: Fact, title: str) -> tuple[dict[str, float], float]:
    count: dict[str, float] = {}
    base, _, member = fact.metric.partition("[")
    metric = all_metrics().get(base)
    named = f"{metric.title_en} {metric.title_zh}" if metric else ""
    length = 0.0
    for weight, text in (
        (1.0, f"{fact.label} {member}"), (SAID, named), (SAID, " ".join(fact.section)),
        (SAID / 2, title),
    ):  # fmt: skip
        found = terms(text)
        length += weight * len(found)
        for term in (*found, *couples(found)):
            count[term] = max(count.get(term, 0.0), weight)
    return count, length


def _gain(fact: Fact, meaning: Meaning, asked: Sequence[Period], cover: Cover) -> float:
    gain = 1.0
    base, _, member = fact.metric.partition("[")
    if base and base in meaning.metrics:
        said = set(terms(member)) & set(meaning.asked)
        gain += MEMBER + METRIC * bool(said) if member else METRIC
    if fact.statement in MAIN and fact.statement in meaning.statements:
        gain += IN_STATEMENT
    if _QUARTERS & set(meaning.asked) and months_of(fact.period) == 3:
        gain += QUARTER
    known = [period for period in asked if period.end]
    if not known:
        gain += OWN_PERIOD * (fact.period.end == cover.period.end and bool(cover.period.end))
    elif any(_same(fact.period, period) for period in known):
        gain += ASKED_PERIOD
    elif any(fact.period.end == period.end for period in known):
        gain += OWN_END
    if fact.status == "unknown":
        gain /= 2
    return gain if fact.table else gain * SENTENCE


def _same(period: Period, asked: Period) -> bool:
    """The same end, and the same start where the question tells one; a day asked for is met by the
    instant and by what ends on it."""
    if period.end != asked.end:
        return False
    return not asked.start or not period.start or period.start == asked.start
