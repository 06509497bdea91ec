"""Where a document says that amounts are whole, not of thousands or millions: "Figures in Pound
Sterling" at a statement's head, or a currency's sign alone above each column of it.

They say so only in a document that never tells a scale in words: beside "(in thousands of Canadian
dollars)", a line "in Canadian dollars" or a column's "$" tells the currency and nothing else.
"""

import re
from dataclasses import dataclass

from tenth.documents.currencies import NAME_SAID, SAID
from tenth.documents.model import Document
from tenth.documents.numbers import CURRENCY, scale_in
from tenth.reader.figures import plain
from tenth.reader.model import Said
from tenth.reader.scales import Scales, currency_said, scales_said

_LINE = re.compile(
    r"\b(?:amounts?|figures|expressed|stated|presented|reported|shown)"
    r"(?: (?:are|all|expressed|stated|presented|reported|shown))* in "
    rf"(?:whole |actual )?{SAID}(?![\w$])"
    r"(?! ?(?:['’‘`]?\d|thousand|million|billion|lakh|lac|crore|cr\b|m(?:n|ln|io|il|m)?\b|bn\b|k\b"
    r"|ths?\b|and\b|per\b|,? ?rounded))",
    re.IGNORECASE,
)
_SIGN = re.compile(rf"(?:^|\s)\(?({CURRENCY})\)?$")
_NAME = re.compile(rf"\(?{NAME_SAID}\)?", re.IGNORECASE)
_PARTS = re.compile(r"(?<!\d )(?<!and )\b(?:cents|pence)\b|[¢₵]$|\(p\)|^p$", re.IGNORECASE)
_IN_WORDS = re.compile(r"\b(?:in|of)\b|\bexpressed\b|\bomitted\b", re.IGNORECASE)
LONGEST_HEAD = 60  # characters
_ROUNDED = re.compile(r"\brounded\b[^.]{0,60}\bnearest\b[^.]{0,20}(?:thousand|million|000)", re.I)


@dataclass(frozen=True)
class Otherwise:
    """What says the scale of tables that do not say it of themselves."""

    whole: bool = False  # a line or a sign that names a currency alone says whole units
    scale: int | None = None  # of the statements
    said: tuple[Said, ...] = ()
    everywhere: bool = False  # it is the notes' scale too


UNSAID = Otherwise()


def whole_in(text: str) -> str:
    """What a caption says of whole units: "Figures in Pound Sterling"; "" where it says nothing,
    or a scale too."""
    text = " ".join(plain(text).split())
    found = _LINE.search(text)
    return "" if found is None or scale_in(text) else found.group()


def is_whole(text: str) -> bool:
    """Whether a cell says whole units and nothing else."""
    said = whole_in(text)
    return bool(said) and len(text.strip("()[] .:")) == len(said)


def whole_of(text: str) -> Scales:
    """Counts of shares are left open, but for large ones: no line of money is about them."""
    return Scales(1, None, whole=True, currency=currency_said(text))


def sign_of(texts: list[str]) -> str:
    """The sign that a column's header ends with, or that is one of its lines, "2022 £"; or the
    currency's name that is one of its lines, "US dollars"."""
    found = [match.group(1) for text in texts if (match := _SIGN.search(text.strip()))]
    found = found or [text for text in texts if _NAME.fullmatch(text.strip())]
    return found[0] if len(found) == 1 else ""


def in_parts_of_unit(*texts: str) -> bool:
    """Whether a column, or a line of amounts per share, is in cents or pence: no scale that the
    reader knows makes pounds of them."""
    return any(_PARTS.search(text.strip()) for text in texts)


def may_be_whole(document: Document) -> bool:
    """Whether what names a currency alone may say whole units: no line of the document says
    another scale in words, and no sentence that amounts are rounded to thousands."""
    texts = (block.text for page in document.pages for block in page.blocks)
    lines = (text for table in document.tables for text in (table.scale, table.caption))
    return not any(_says_another(text) for text in (*texts, *lines))


def heads_in_whole(document: Document) -> bool:
    """Whether no head of a column, such as "2022 $'m", says another scale."""
    heads = {cell.text for table in document.tables for cell in table.cells
             if cell.row < table.header_rows and len(cell.text) < LONGEST_HEAD}  # fmt: skip
    return not any((said := scales_said(text)) and (said.money or 1) > 1 for text in heads)


def _says_another(text: str) -> bool:
    if _ROUNDED.search(text):
        return True
    said = scale_in(text)
    if not said or not _IN_WORDS.search(said):
        return False
    scales = scales_said(said)
    return scales is not None and scales.money != 1
