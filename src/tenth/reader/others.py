"""Statements of another company within a report: a joint venture's, a co-registrant's."""

import re
from collections import Counter

import msgspec

from tenth.documents.model import Document
from tenth.reader.cover_entity import FORMS, SUBSIDIARIES, letters_of
from tenth.reader.model import Cover, Place, Said
from tenth.reader.passages import Passage

LEAST_PAGES = 3  # a balance sheet, a result, cash flows; a purchase in the notes takes one
TOP = 3  # texts at the head of a page, where a statement's page names its company
NAME = re.compile(
    rf"(?P<name>[A-Z][\w&.,'’ -]{{1,70}}?,? {FORMS}\b\.?)(?:{SUBSIDIARIES}(?: companies)?)?"
    r"(?: (?:condensed )?(?:consolidated )?(?:balance sheets?|statements? of [\w’' ]{4,40}))?",
    re.IGNORECASE,
)
DEAL = re.compile(
    r"\b(?:acqui|dispos|divest|merger|sale|investment|subsidiaries|parent)", re.IGNORECASE
)
COMMON = frozenset(  # words that tell no company from another
    {
        "the", "and", "llc", "inc", "incorporated", "corp", "corporation", "company", "holdings",
        "holding", "group", "limited", "ltd", "plc", "international",
    }
)  # fmt: skip


def others_on_pages(document: Document, entity: str) -> dict[int, Passage]:
    """By page after the cover: the company at its head, if it shares no word with the report's and
    heads as many pages as statements take."""
    found: dict[int, Passage] = {}
    for page in document.pages[1:] if entity else ():
        for block in [block for block in page.blocks if block.text.strip()][:TOP]:
            named = NAME.fullmatch(" ".join(block.text.split()))
            if named and not DEAL.search(named["name"]) and not _alike(named["name"], entity):
                found[page.number] = Passage(named["name"], Place(page.number, block.box))
                break
    pages = Counter(letters_of(one.text) for one in found.values())
    return {page: one for page, one in found.items() if pages[letters_of(one.text)] >= LEAST_PAGES}


def of_another(cover: Cover, other: Passage) -> Cover:
    """The report's cover as that of the other company."""
    said = tuple(one for one in cover.said if one.what != "entity")
    own = Said("entity", other.text, other.place)
    return msgspec.structs.replace(cover, entity=other.text, said=(*said, own))


def _alike(name: str, entity: str) -> bool:
    """Whether one has a word of the other's; covers may break words ("R ESORTS")."""
    one, other = letters_of(name), letters_of(entity)
    words = _words(name)  # none: "The Company"
    return not words or any(w in other for w in words) or any(w in one for w in _words(entity))


def _words(name: str) -> list[str]:
    words = re.findall(r"\w+", name.casefold())
    return [word for word in words if len(word) > 1 and word not in COMMON]
