"""Facts from sentences: figures in paragraphs whose metric, period and scale the sentence says.

Precision before recall: a figure becomes a fact only where its sentence is built in one of a few
plain ways, names a metric of the vocabulary and a period that the cover resolves, and carries its
own scale. Forecasts, approximations, parts of something and other companies' figures are left.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

import msgspec

from tenth.documents.model import Document
from tenth.reader.cover import currency_meant
from tenth.reader.figures import Printed, parse_figure
from tenth.reader.metrics import all_metrics, metric, name_metric
from tenth.reader.model import Cover, Fact, Place, Said, StatementKind, Unit
from tenth.reader.passages import Passage, paragraphs_of, sentences_in
from tenth.reader.periods import parse_period
from tenth.reader.sentences_en import claims_en
from tenth.reader.sentences_zh import claims_zh

LONGEST = 900  # characters of a sentence worth reading: longer ones are lists that lost their marks
KINDS: tuple[StatementKind, ...] = ("income", "cash", "balance")


class Claim(msgspec.Struct, frozen=True):
    """That a sentence says a figure of a metric and a period, all as printed."""

    label: str
    period: str
    figure: str
    start: int  # of the figure, in its sentence
    whole: bool  # the sentence says that it is the whole company's


def facts_of_sentences(
    document: Document,
    cover: Cover,
    sha256: str,
    member: str,
    name_metric: Callable[[str], str],
    known: Sequence[str] = (),
) -> list[Fact]:
    """The facts of a document's running text, in its order, each at its paragraph's place.

    `name_metric` tells the metric of a label, "" for none (see `metric_in_text`); `known` are ISO
    dates that the document's tables print, see `parse_period`.
    """
    facts: dict[str, Fact] = {}
    for paragraph in paragraphs_of(document):
        for sentence, start in _placed(paragraph):
            for claim in _claims(sentence, cover):
                name = name_metric(claim.label)
                where = f"{sha256}|{paragraph.place.locator}|{start + claim.start}"
                fact = _fact(claim, name, sentence, paragraph.place, where, cover, known)
                if fact is not None:
                    fact = msgspec.structs.replace(fact, document=member, sha256=sha256)
                    facts.setdefault(fact.id, fact)
    return list(facts.values())


def metric_in_text(label: str) -> str:
    """The metric that a label means in the first of the statements that know it; "" for none."""
    return next((name for kind in KINDS if (name := name_metric(label, (), kind))), "")


def _placed(paragraph: Passage) -> Iterator[tuple[str, int]]:
    """The sentences of a paragraph and where each begins in it."""
    end = 0
    for sentence in sentences_in(paragraph.text):
        start = paragraph.text.find(sentence, end)
        end = start + len(sentence)
        if len(sentence) <= LONGEST and any(char.isdigit() for char in sentence):
            yield sentence, start


def _claims(sentence: str, cover: Cover) -> Iterator[Claim]:
    is_han = any("一" <= char <= "鿿" for char in sentence)
    for found in claims_zh(sentence, cover) if is_han else claims_en(sentence):
        yield Claim(*found)


def _fact(
    claim: Claim, name: str, sentence: str, place: Place, where: str, cover: Cover,
    known: Sequence[str],
) -> Fact | None:  # fmt: skip
    base = name.partition("[")[0]
    printed = parse_figure(claim.figure)
    if base not in all_metrics() or printed is None or printed.value is None or printed.bound:
        return None
    known_metric = metric(base)
    if "segments" in known_metric.statements and not claim.whole:
        return None  # of the company, or of the segment that the text is about
    scale = _scale(printed, known_metric.unit)
    if scale is None:
        return None
    period = parse_period([claim.period], cover, None, known)
    if not period.end or period.is_instant != known_metric.instant:
        return None
    is_money = known_metric.unit in ("currency", "currency/share")
    return Fact(
        id="f" + hashlib.sha256(where.encode()).hexdigest()[:11],
        entity=cover.entity, metric=name, label=claim.label, period=period,
        value=printed.scaled(scale), unit=known_metric.unit,
        currency=currency_meant(printed.currency, cover) if is_money else "",
        scale=scale, status="ok", document="", sha256="", place=place, verbatim=claim.figure,
        said=(
            Said("label", claim.label, place), Said("period", claim.period, place),
            Said("section", sentence, place),
        ),
        statement="text",
    )  # fmt: skip


def _scale(printed: Printed, unit: Unit) -> int | None:
    """The figure's own scale, if it is one of its metric's unit; None where it is of another."""
    if unit == "pure":
        return 1 if printed.percent or printed.measure == "multiple" else None
    if printed.percent or printed.measure in ("multiple", "time", "other"):
        return None
    if unit == "currency":
        return printed.own_scale if printed.currency and not printed.measure else None
    if unit == "currency/share":
        is_plain = printed.own_scale is None and bool(printed.currency or printed.measure)
        return 1 if is_plain else None
    return printed.own_scale if printed.measure == "shares" else None
