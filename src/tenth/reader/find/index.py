"""The index over an archive's documents: the pages and the facts that answer a question.

It is built where it is needed, in memory: a thousand pages take a second or two, and what is not
stored cannot be out of date. No model, no network; the same question gives the same answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import msgspec
import numpy as np

from tenth.documents.run.stored import Stored
from tenth.reader.cover import read_cover
from tenth.reader.find.bm25 import Bm25, best
from tenth.reader.find.cells import CellHit, ranked_cells
from tenth.reader.find.companies import Company, companies_of, company_key, told_of
from tenth.reader.find.derived import Figures
from tenth.reader.find.facts import FactTexts
from tenth.reader.find.lexicon import Meaning, meaning_of
from tenth.reader.find.pages import PageText, pages_of, passages_of
from tenth.reader.find.reporting import Reporting, latest_of, own_quarter
from tenth.reader.find.scope import Scope, Scoped
from tenth.reader.find.strangers import strangers_in
from tenth.reader.find.words import couples, normal, terms
from tenth.reader.model import Cover, Fact, Figure, Report, StatementKind

STATEMENT = 0.25  # what a page gains where it holds the statement that prints the metric asked for
CALLED = 0.75  # and where it holds a statement that the question calls by its name
WORKED = 0.75  # and one that a figure which is asked for is worked out from
WITH_TABLE = 0.1  # and where it holds a table at all, of a question for a figure
UNASKED = 0.4  # what a term counts in choosing a snippet that the question itself does not say
SNIPPET = 240  # characters
_AMOUNTS = frozenset(terms("how much many amount total figure value number percent rate margin"))


class PageHit(msgspec.Struct, frozen=True):
    document: str  # the member's name in the archive
    page: int
    score: float  # comparable within one answer
    snippet: str  # as printed: the passage of the page that answers best


class FactHit(msgspec.Struct, frozen=True):
    fact: Fact
    score: float


class FigureHit(msgspec.Struct, frozen=True):
    """A figure made of facts, and those facts."""

    figure: Figure
    sources: tuple[Fact, ...]


class Index:
    """Made by `Index.of`; asked by `pages`, `facts` and `figures`."""

    def __init__(
        self,
        documents: Sequence[Stored],
        reports: Sequence[Report],
        figures: Sequence[Figure] = (),
    ):
        self.documents = list(documents)
        by_name = {report.document: report for report in reports}
        self.reports = [by_name.get(stored.member) for stored in self.documents]
        self.covers: list[Cover] = [
            report.cover if report else read_cover(stored.document)
            for report, stored in zip(self.reports, self.documents, strict=True)
        ]
        self.companies: list[Company] = companies_of(
            self.covers, [stored.document for stored in self.documents]
        )
        keys = [
            company_key(cover.entity or told_of(stored.document, self.companies))
            for cover, stored in zip(self.covers, self.documents, strict=True)
        ]
        latest = latest_of(self.covers, keys)
        reporting = [
            Reporting(cover, own_quarter(stored.document), is_latest)
            for cover, stored, is_latest in zip(self.covers, self.documents, latest, strict=True)
        ]
        names = [stored.member for stored in self.documents]
        self.scope = Scope(self.companies, keys, reporting, names)
        self._pages: list[tuple[int, PageText]] = [
            (at, page)
            for at, stored in enumerate(self.documents)
            for page in pages_of(stored.document, _kinds(self.reports[at]))
        ]
        counted = [page.counts() for _, page in self._pages]
        self._bm25 = Bm25.of([count for count, _ in counted], [length for _, length in counted])
        self._of = np.array([at for at, _ in self._pages], np.int64)
        self._has_table = np.array([bool(page.figures) for _, page in self._pages], bool)

        self._figures = Figures(figures)

    @classmethod
    def of(
        cls,
        documents: Iterable[Stored],
        reports: Sequence[Report] = (),
        figures: Sequence[Figure] = (),
    ) -> "Index":
        """The index of documents; with their reports (matched by the member's name) it also knows
        their facts, and takes their covers from there; with the ledger's figures these too."""
        return cls(list(documents), reports, figures)

    def pages(
        self,
        question: str,
        top: int = 10,
        company: str | None = None,
        period: str | None = None,
        documents: Iterable[str] | None = None,
    ) -> list[PageHit]:
        """The pages that answer, best first. Raises ValueError where no document is of `company`,
        reports on `period`, or is called as `documents` says."""
        scoped = self.scope.of(question, company, period, documents)
        meaning = meaning_of(question, scoped.words)
        scores = self._page_scores(question, meaning) * self._factors(scoped)[self._of]
        return [self._page_hit(i, float(scores[i]), meaning) for i in best(scores, top)]

    def facts(
        self,
        question: str,
        top: int = 10,
        company: str | None = None,
        period: str | None = None,
        documents: Iterable[str] | None = None,
    ) -> list[FactHit]:
        """The facts that answer, best first. Raises ValueError as `pages` does."""
        scoped = self.scope.of(question, company, period, documents)
        meaning = meaning_of(question, scoped.words)
        factors = self._factors(scoped)
        ranked = self._facts.ranked(meaning, scoped, factors, self.covers, top)
        return [FactHit(fact, round(score, 6)) for fact, score in ranked]

    def figures(
        self,
        question: str,
        top: int = 10,
        company: str | None = None,
        period: str | None = None,
    ) -> list[FigureHit]:
        """The figures made of others that a question names, such as margins and growth, with the
        facts that they rest on. Raises ValueError as `pages` does."""
        scoped = self.scope.of(question, company, period)
        ranked = self._figures.ranked(question, scoped, self.covers, top)
        return [FigureHit(one, tuple(self._sources(one))) for one in ranked]

    def strangers(self, question: str) -> list[str]:
        """The companies that a question names and no document does."""
        named = [name for one in self.companies for name in one.names]
        said = {term for name in named for term in terms(name)} | set(named)
        said |= {normal(ticker) for one in self.companies for ticker in one.tickers}
        return strangers_in(question, lambda t: t in said or t in self._bm25.vocabulary)

    def _sources(self, figure: Figure) -> list[Fact]:
        """The facts that a figure is made of, by way of other figures too."""
        found: dict[str, Fact] = {}
        waiting, seen = [*figure.inputs], {figure.id}
        while waiting:
            item = waiting.pop(0)
            if item.id in seen:
                continue
            seen.add(item.id)
            if item.id in self._by_id:
                found[item.id] = self._by_id[item.id]
            elif inner := self._figures.by_id.get(item.id):
                waiting += inner.inputs
        return list(found.values())

    @cached_property
    def _by_id(self) -> dict[str, Fact]:
        return {fact.id: fact for report in self.reports if report for fact in report.facts}

    def cells(self, document: str, question: str, period: str = "", top: int = 10) -> list[CellHit]:
        """The cells of all tables of a document that answer, best first; `table` counts from 0.
        `period` as a header prints it. Raises ValueError where there is no such document."""
        scoped = self.scope.of("", documents=[document])
        found = next(i for i, factor in enumerate(scoped.factors) if factor)
        return ranked_cells(self.documents[found].document.tables, question, period, top)

    @cached_property
    def _facts(self) -> FactTexts:
        return FactTexts.of(self.reports)

    def _factors(self, scoped: Scoped) -> np.ndarray:
        return np.array(scoped.factors, np.float64)

    def _page_scores(self, question: str, meaning: Meaning) -> np.ndarray:
        scores = self._bm25.scores(meaning.terms)
        gain = np.ones(len(scores))
        if meaning.statements:
            gain += STATEMENT * self._has_kind(meaning.statements)
        if meaning.called:
            gain += CALLED * self._has_kind(meaning.called)
        if meaning.worked:
            gain += WORKED * self._has_kind(meaning.worked)
        if _AMOUNTS & set(terms(question)) or meaning.metrics:
            gain += WITH_TABLE * self._has_table
        return scores * gain

    def _has_kind(self, kinds: Sequence[StatementKind]) -> np.ndarray:
        wanted = set(kinds)
        return np.array([bool(wanted & set(page.kinds)) for _, page in self._pages], bool)

    def _page_hit(self, i: int, score: float, meaning: Meaning) -> PageHit:
        at, page = self._pages[i]
        stored = self.documents[at]
        snippet = self._snippet(passages_of(stored.document, page.number), meaning)
        return PageHit(stored.member, page.number, round(score, 6), snippet)

    def _snippet(self, passages: Iterable[str], meaning: Meaning) -> str:
        """The passage that says most of what was asked for, cut short; the first of equals."""
        own = {*meaning.asked, *couples(meaning.asked)}
        most, chosen = 0.0, ""
        for passage in passages:
            found = terms(passage)
            said = {*found, *couples(found)}
            gain = sum(
                weight * self._bm25.idf(term) * (1.0 if term in own else UNASKED)
                for term, weight in sorted(meaning.terms.items())
                if term in said
            )
            gain /= 1 + len(found) / 100
            if meaning.metrics and any(char.isdigit() for char in passage):
                gain *= 1 + STATEMENT
            if gain > most:
                most, chosen = gain, passage
        return _cut(chosen, meaning)


def _kinds(report: Report | None) -> Mapping[int, StatementKind] | None:
    """What a report knows of its tables (counted from 0); None where there is no report."""
    if report is None:
        return None
    return {statement.table - 1: statement.kind for statement in report.statements}


def _cut(passage: str, meaning: Meaning) -> str:
    """A long passage around the first of the terms asked for."""
    text = " ".join(passage.split())
    if len(text) <= SNIPPET:
        return text
    words = text.split(" ")
    first = next((i for i, word in enumerate(words) if set(terms(word)) & set(meaning.asked)), 0)
    start = len(" ".join(words[: max(0, first - 8)]))
    piece = text[start : start + SNIPPET].strip()
    return ("… " if start else "") + piece + (" …" if start + SNIPPET < len(text) else "")
