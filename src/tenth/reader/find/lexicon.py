"""What the words of a question stand for in reports: other terms, metrics, statements."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import msgspec

from tenth.reader.analysis.catalogue import GROWING, METRICS, QUARTER, YEAR
from tenth.reader.find.derived import asked_metrics
from tenth.reader.find.idioms import IDIOMS, STATEMENTS, TABLES
from tenth.reader.find.words import LONGEST, couples, normal, question_terms, terms
from tenth.reader.labels import plain
from tenth.reader.metrics import Metric, all_metrics
from tenth.reader.model import StatementKind

COUPLE = 0.8  # what two neighbouring words of a question weigh as one term, beside 1 for each
LABELS = 0.6  # what a term weighs that all labels of a metric have and the question does not
INPUT = 0.5  # and one of a metric that a figure which is asked for is worked out from
IDIOM = 0.6  # what a term of an idiom weighs
FEWEST = 0.2  # the share of a metric's labels that have to have a term


class Meaning(msgspec.Struct, frozen=True):
    """A question as the index is asked it."""

    terms: Mapping[str, float]  # what to look for and how much each weighs
    asked: tuple[str, ...]  # the question's own terms, in order
    metrics: tuple[str, ...]  # that it names, the longest names first
    statements: tuple[StatementKind, ...]  # where such metrics are printed
    called: tuple[StatementKind, ...] = ()  # those that it calls by their names
    worked: tuple[StatementKind, ...] = ()  # that print what a figure is worked out from


def meaning_of(question: str, without: Iterable[str] = ()) -> Meaning:
    """What a question asks for. `without`: terms that say which company or which period, as far
    as these are looked at apart."""
    left_out = set(without)
    asked = [term for term in question_terms(question) if term not in left_out]
    weights = dict.fromkeys(asked, 1.0)
    for couple in couples(asked):
        weights[couple] = COUPLE
    metrics = metrics_in(question)
    inputs = [name for name in made_of(asked_metrics(question)) if name not in metrics]
    for weight, names in ((LABELS, metrics), (INPUT, inputs)):
        for name in names:
            for term, share in _label_terms(name).items():
                weights[term] = max(weights.get(term, 0.0), weight * share)
    for term in _idiom_terms(question):
        weights[term] = max(weights.get(term, 0.0), IDIOM)
    kinds: dict[StatementKind, None] = {}
    for name in (*metrics, *inputs):
        kinds[all_metrics()[name].statements[0]] = None
    for kind, asks in TABLES.items():
        if _is_any_said(asks.split("|"), question):
            kinds[kind] = None
    called: list[StatementKind] = [
        kind for kind, asks in STATEMENTS.items() if _is_any_said(asks.split("|"), question)
    ]
    kinds.update(dict.fromkeys(called))
    worked: dict[StatementKind, None] = {all_metrics()[name].statements[0]: None for name in inputs}
    return Meaning(
        weights, tuple(asked), tuple(metrics), tuple(kinds), tuple(called), tuple(worked)
    )


def made_of(figures: Sequence[str]) -> list[str]:
    """The metrics that figures are worked out from: a margin from revenue and cost."""
    found: dict[str, None] = {}
    for name in figures:
        words = re.findall(r"[A-Za-z_]+", METRICS[name].formula)
        if base := GROWING.get(name.removesuffix(QUARTER).removesuffix(YEAR)):
            words = [base]
        for word in words:
            if word in all_metrics():
                found[word] = None
            elif word in METRICS and word != name:
                found.update(dict.fromkeys(made_of([word])))
    return list(found)


def metrics_in(question: str) -> list[str]:
    """The metrics that a question names by one of their labels; of labels within one another only
    the longest counts."""
    text = normal(question[:LONGEST])
    asked = terms(text)
    found: dict[str, None] = {}
    taken = [False] * len(asked)
    labels, longest = _labels()
    for size in range(min(longest, len(asked)), 0, -1):
        for at in range(len(asked) - size + 1):
            name = labels.get(tuple(asked[at : at + size]))
            if name and not any(taken[at : at + size]):
                taken[at : at + size] = [True] * size
                found[name] = None
    for label, name in _han_labels():
        if label in text:
            found[name] = None
            text = text.replace(label, " ")
    return list(found)


@cache
def _labels() -> tuple[dict[tuple[str, ...], str], int]:
    """Labels in Latin letters as their terms; the first metric of the file that says one has it."""
    found: dict[tuple[str, ...], str] = {}
    for metric in all_metrics().values():
        for label in (*metric.says, metric.title_en):
            key = tuple(terms(label))
            if key and label.isascii() and not _too_wide(key):
                found.setdefault(key, metric.name)
    return found, max(map(len, found), default=0)


@cache
def _han_labels() -> list[tuple[str, str]]:
    """Labels in ideographs, the longest first."""
    found: dict[str, str] = {}
    for metric in all_metrics().values():
        for label in (*metric.says, metric.title_zh):
            text = plain(label)
            if not text.isascii() and len(text) > 1:
                found.setdefault(text, metric.name)
    return sorted(found.items(), key=lambda item: (-len(item[0]), item[0]))


def _too_wide(key: Sequence[str]) -> bool:
    """Labels that are a metric only under their heading: "total", "other", "basic"."""
    return len(key) == 1 and key[0] in {
        "total", "other", "basic", "dilut", "net", "product", "servic", "cash", "market",
        "interest", "equipment", "adjust", "consolidat", "balanc", "chang", "share", "not", "loan",
    }  # fmt: skip


@cache
def _label_terms(name: str) -> dict[str, float]:
    """Terms of a metric's labels, each with the share of its language's labels that have it."""
    metric: Metric = all_metrics()[name]
    shares: dict[str, float] = {}
    labels = dict.fromkeys((*metric.says, metric.title_en, metric.title_zh))
    for latin in (True, False):
        own = [terms(label) for label in labels if label.isascii() == latin]
        count: dict[str, int] = {}
        for label in own:
            for term in dict.fromkeys((*label, *couples(label))):
                count[term] = count.get(term, 0) + 1
        for term, n in count.items():
            if n >= FEWEST * len(own):
                shares[term] = max(shares.get(term, 0.0), n / len(own))
    return shares


@cache
def _idioms() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    made = []
    for asked, printed in IDIOMS.items():
        found: dict[str, None] = {}
        for phrase in printed.split(";"):
            own = terms(phrase)
            found.update(dict.fromkeys(couples(own) or own))
        made.append((tuple(asked.split("|")), tuple(found)))
    return tuple(made)


def _idiom_terms(question: str) -> list[str]:
    found: dict[str, None] = {}
    for asked, printed in _idioms():
        if _is_any_said(asked, question):
            found.update(dict.fromkeys(printed))
    return list(found)


def _is_any_said(phrases: Sequence[str], question: str) -> bool:
    text = normal(question[:LONGEST])
    spaced = f" {' '.join(terms(text))} "
    return any(_is_said(phrase, text, spaced) for phrase in phrases)


def _is_said(phrase: str, text: str, spaced: str) -> bool:
    if not phrase.isascii():
        return phrase in text
    return f" {' '.join(terms(phrase))} " in spaced
