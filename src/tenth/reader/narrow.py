"""Where exactly on its page a sentence's figure stands: its block's box drawn in to the figure."""

import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import msgspec
import pypdfium2 as pdfium

from tenth.documents.model import Box, union
from tenth.reader.model import Fact, Place

MARGIN = 1.0  # points around a block's box within which its characters stand


def narrow(path: Path, fact: Fact) -> Fact:
    """The fact with the box of its figure's own characters on its page of the PDF at `path`.

    Where the figure cannot be found there, or stands twice without telling which is meant, the
    fact keeps its paragraph's box. Raises ValueError where `path` is no PDF that can be read."""
    return narrowed(path, [fact])[0]


def narrowed(path: Path, facts: Iterable[Fact]) -> list[Fact]:
    """As `narrow`, for all facts of sentences of one PDF: it is opened once."""
    facts = list(facts)
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise ValueError(f"{path} cannot be read as a PDF: {error}") from error
    with closing(document):
        pages: dict[int, list[tuple[str, Box]]] = {}
        return [_narrowed(document, pages, fact) for fact in facts]


def _narrowed(
    document: pdfium.PdfDocument, pages: dict[int, list[tuple[str, Box]]], fact: Fact
) -> Fact:
    page, box = fact.place.page, fact.place.box
    if fact.table or box is None or not 1 <= page <= len(document):
        return fact
    if page not in pages:
        pages[page] = _characters(document, page)
    inside = [(char, at) for char, at in pages[page] if _is_inside(at, box)]
    found = _span("".join(char for char, _ in inside), fact)
    if found is None:
        return fact
    own = union(at for _, at in inside[found[0] : found[1]])
    rounded = tuple(round(value, 2) for value in own)
    place = Place(page, rounded)  # type: ignore[arg-type]
    said = tuple(
        msgspec.structs.replace(one, place=place) if one.what == "currency" else one
        for one in fact.said
    )
    return msgspec.structs.replace(fact, place=place, said=said)


def _span(text: str, fact: Fact) -> tuple[int, int] | None:
    """From where to where in a block's characters the figure stands: in its sentence, if the same
    characters stand in the block more than once."""
    wanted = _bare(fact.verbatim)
    starts = _occurrences(text, wanted)
    if len(starts) > 1:
        sentence = next((_bare(one.text) for one in fact.said if one.what == "section"), "")
        at = _occurrences(text, sentence)
        if len(at) != 1:
            return None
        starts = [start for start in starts if at[0] <= start < at[0] + len(sentence)]
    return (starts[0], starts[0] + len(wanted)) if len(starts) == 1 else None


def _occurrences(text: str, wanted: str) -> list[int]:
    """Where `wanted` stands and is no part of a longer number."""
    if not wanted:
        return []
    pattern = rf"(?<![\d.,]){re.escape(wanted)}(?![\d]|[.,]\d)"
    return [found.start() for found in re.finditer(pattern, text)]


def _bare(text: str) -> str:
    return "".join(text.split())


def _is_inside(at: Box, box: Box) -> bool:
    x, y = (at[0] + at[2]) / 2, (at[1] + at[3]) / 2
    return box[0] - MARGIN <= x <= box[2] + MARGIN and box[1] - MARGIN <= y <= box[3] + MARGIN


def _characters(document: pdfium.PdfDocument, number: int) -> list[tuple[str, Box]]:
    """The visible characters of a page in their order, with their boxes from the top left."""
    with closing(document[number - 1]) as page, closing(page.get_textpage()) as text:
        left, _, _, top = page.get_bbox()
        if page.get_rotation():
            return []  # turned pages: their boxes are those of the page as it is shown
        found = []
        for index in range(text.count_chars()):
            char = text.get_text_range(index, 1)
            if char and not char.isspace():
                x0, y0, x1, y1 = text.get_charbox(index)
                found.append((char, (x0 - left, top - y1, x1 - left, top - y0)))
        return found
