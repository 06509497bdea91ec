"""Shares of customers and suppliers that sentences state: "Customer A represented 22% of revenue".

Only sentences built in a few plain ways; what is over a threshold ("10% or more") or of receivables
is left. Customers that a sentence does not name are called as it calls them: "one customer".
"""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from tenth.documents.model import Document
from tenth.reader.cover import currency_meant
from tenth.reader.customers_columns import ROLES, Claim, of_cover
from tenth.reader.customers_en import claims_en
from tenth.reader.customers_zh import claims_zh
from tenth.reader.figures import parse_figure
from tenth.reader.model import Cover, Fact, Period, Place, Said
from tenth.reader.passages import paragraphs_of, sentences_in
from tenth.reader.periods import parse_period
from tenth.reader.tables import fact_id

LONGEST = 900  # characters of a sentence: longer ones are lists that lost their marks


def facts_said(document: Document, cover: Cover, sha256: str, member: str) -> Iterator[Fact]:
    """The facts of a document's running text, each at its paragraph's place."""
    for paragraph in paragraphs_of(document):
        end = 0
        for sentence in sentences_in(paragraph.text):
            start = paragraph.text.find(sentence, end)
            end = start + len(sentence)
            if len(sentence) > LONGEST or not any(char.isdigit() for char in sentence):
                continue
            is_han = any("一" <= char <= "鿿" for char in sentence)
            for claim in claims_zh(sentence) if is_han else claims_en(sentence):
                where = Place(ref=f"{paragraph.place.locator}|{start + claim.start}")
                fact = _fact(claim, sentence, paragraph.place, cover)
                if fact is not None:
                    yield msgspec.structs.replace(
                        fact, id=fact_id(sha256, where), document=member, sha256=sha256
                    )


def _fact(claim: Claim, sentence: str, place: Place, cover: Cover) -> Fact | None:
    printed = parse_figure(claim.figure)
    if printed is None or printed.value is None or printed.bound:
        return None
    role = ROLES[claim.side]
    scale = 1 if printed.percent else printed.own_scale
    if not printed.percent and scale is None:
        scale = 1 if printed.value >= 10_000 and printed.currency else None
    if claim.period:
        period: Period = parse_period([claim.period], cover, False)
        said: tuple[Said, ...] = (Said("period", claim.period, place),)
    else:
        period, said = of_cover(cover)
    value: Decimal | None = printed.scaled(scale)
    known = value is not None and bool(period.end)
    metric = role.share if printed.percent else role.amount
    return Fact(
        "", cover.entity, f"{metric}[{claim.name}]", claim.name, period, value,
        "pure" if printed.percent else "currency",
        "" if printed.percent else currency_meant(printed.currency, cover), scale,
        "ok" if known else "unknown", "", "", place, claim.figure,
        (Said("label", claim.name, place), *said, Said("section", sentence, place)),
        claim.side,  # type: ignore[arg-type]
    )  # fmt: skip
