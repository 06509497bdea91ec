"""Which documents a question is about: by the companies and the periods that it names."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from tenth.reader.find.companies import Company, company_key
from tenth.reader.find.reporting import Reporting, fit
from tenth.reader.find.when import WHEN_WORDS, When, periods_in
from tenth.reader.find.words import terms

OTHER_FORM = 0.5  # what a document's pages count of another form than the question names
_FORM = re.compile(r"\b(10|20|8|6)-?\s?([kqf])\b", re.I)
OTHER_PERIOD = 0.45  # what a document's pages count that reports on another period than asked for


class Scoped(msgspec.Struct, frozen=True):
    """What a question is about, document by document."""

    factors: tuple[float, ...]  # what a document's pages count; 0: it is left out
    companies: tuple[str, ...]  # their names, where the question or the caller names any
    periods: tuple[When, ...]
    words: tuple[str, ...]  # terms of the question that say these


class Scope:
    def __init__(
        self,
        companies: Sequence[Company],
        keys: Sequence[str],
        reporting: Sequence[Reporting],
        documents: Sequence[str],
    ):
        self.companies, self.keys = list(companies), list(keys)
        self.reporting, self.documents = list(reporting), list(documents)

    def of(
        self,
        question: str,
        company: str | None = None,
        period: str | None = None,
        documents: Iterable[str] | None = None,
    ) -> Scoped:
        """A company that the question names restricts; a period it names prefers. What the caller
        says restricts. Raises ValueError where the caller's choice is none, with the choices."""
        named = [one for one in self.companies if one.is_named(question)]
        chosen = self._called(company) if company is not None else named
        factors = [1.0] * len(self.documents)
        if chosen:
            wanted = {company_key(one.name) for one in chosen}
            factors = [float(key in wanted) for key in self.keys]
        if documents is not None:
            factors = self._only(factors, list(documents), company is None)
        factors = self._of_form(factors, question)
        whens = periods_in(question)
        if period is None:
            factors = self._preferred(factors, whens)
        else:
            whens = self._asked(period)
            factors = self._within(factors, whens, period)
        words = self._words(question, named, whens)
        return Scoped(tuple(factors), tuple(one.name for one in chosen), tuple(whens), words)

    def _of_form(self, factors: list[float], question: str) -> list[float]:
        """ "The 8-K of July" prefers documents of that form, where there are any."""
        forms = {f"{number}-{letter.upper()}" for number, letter in _FORM.findall(question)}
        told = [one.cover.form in forms for one in self.reporting]
        if not any(of and factor for of, factor in zip(told, factors, strict=True)):
            return factors
        return [
            factor * (1.0 if of else OTHER_FORM) for of, factor in zip(told, factors, strict=True)
        ]

    def _called(self, name: str) -> list[Company]:
        found = [one for one in self.companies if one.is_called(name)]
        if not found:
            choices = ", ".join(one.name for one in self.companies) or "no company at all"
            raise ValueError(f"no document is of a company {name!r}; there are {choices}")
        return found

    def _asked(self, period: str) -> list[When]:
        whens = periods_in(period)
        if not whens:
            raise ValueError(f"no period is said by {period!r}; {self._choices()}")
        return whens

    def _fits(self, whens: Sequence[When]) -> list[float]:
        """How well each document's period is one of those asked for."""
        return [max((fit(when, one) for when in whens), default=0.0) for one in self.reporting]

    def _preferred(self, factors: list[float], whens: Sequence[When]) -> list[float]:
        fits = self._fits(whens)
        if not any(fit and factor for fit, factor in zip(fits, factors, strict=True)):
            return factors  # nothing reports on it: a later report may still speak of it
        return [
            factor * (OTHER_PERIOD + (1 - OTHER_PERIOD) * fit)
            for factor, fit in zip(factors, fits, strict=True)
        ]

    def _within(self, factors: list[float], whens: Sequence[When], period: str) -> list[float]:
        fits = self._fits(whens)
        within = [f * fit for f, fit in zip(factors, fits, strict=True)]
        if not any(within):
            raise ValueError(f"no document reports on {period!r}; {self._choices(factors)}")
        return within

    def _choices(self, factors: Sequence[float] | None = None) -> str:
        ends = sorted(
            {
                one.cover.period.end
                for i, one in enumerate(self.reporting)
                if one.cover.period.end and (factors is None or factors[i])
            }
        )
        if not ends:
            return "no document says which period it reports on"
        return f"documents report on periods that end on {', '.join(ends)}"

    def _only(self, factors: list[float], names: Sequence[str], whoever: bool) -> list[float]:
        """Of `names` alone; `whoever` they are of, where none is of the company that is named."""
        known = {name for name in self.documents}
        wanted = {
            full
            for name in names
            for full in self.documents
            if full == name or full.rsplit("/", 1)[-1] == name
        }
        missing = [
            name
            for name in names
            if not any(f.rsplit("/", 1)[-1] == name or f == name for f in known)
        ]
        if missing:
            raise ValueError(f"no document {missing[0]!r}; there are {', '.join(self.documents)}")
        within = [
            factor if name in wanted else 0.0
            for factor, name in zip(factors, self.documents, strict=True)
        ]
        if whoever and not any(within):
            return [float(name in wanted) for name in self.documents]
        return within

    def _words(
        self, question: str, named: Sequence[Company], whens: Sequence[When]
    ) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for one in named:
            for name in (*one.names, *one.tickers):
                found.update(dict.fromkeys(terms(name)))
        if whens:
            said = terms(question)
            found.update(
                dict.fromkeys(t for t in said if t in WHEN_WORDS or (t.isdigit() and len(t) <= 4))
            )
        return tuple(found)
