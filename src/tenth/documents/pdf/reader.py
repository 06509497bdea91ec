"""PDF: PDFium's characters, lines and fills as the ink of a page; each page is read by itself."""

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2

from tenth.config import ReadConfig
from tenth.documents.model import Box, Page
from tenth.documents.page.ink import Draft, Ink, Rule, Word
from tenth.documents.page.layout import read_layout
from tenth.documents.page.shown import as_shown
from tenth.documents.page.turning import upright
from tenth.documents.pdf.paths import Matrix, drawn
from tenth.documents.pdf.text import Characters
from tenth.documents.refusal import Refused

FEW_WORDS = 60  # of a page: it may be a scan


def count_pages(path: Path, config: ReadConfig) -> int:
    """How many pages the PDF has. Raises Refused."""
    with _opened(path) as pdf:
        count = len(pdf)
    if count > config.max_pages:
        raise Refused(f"{path.name}: {count} pages, over the limit max_pages of {config.max_pages}")
    if count == 0:
        raise Refused(f"{path.name}: a PDF without pages")
    return count


def read_pages(
    path: Path, numbers: Iterable[int], config: ReadConfig, on_ocr: Callable[[int], None]
) -> Iterator[Draft]:
    """These pages, each for itself; one that PDFium cannot load is a failed one."""
    with _opened(path) as pdf:
        for number in numbers:
            try:
                page = pdf[number - 1]
            except pypdfium2.PdfiumError:
                yield Draft(Page(number=number, source="failed", reason="PDFium cannot load it"))
                continue
            with closing(page):
                ink = _with_ocr(page, number, ink_of(page, lines=not config.tables), config, on_ocr)
                yield as_shown(read_layout(ink, number, config.tables), ink)


def render(page: pypdfium2.PdfPage, dpi: float) -> Any:
    """The page as a PIL image."""
    bitmap = page.render(scale=dpi / 72)  # pyright: ignore[reportArgumentType]
    try:
        return bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()


def _with_ocr(
    page: pypdfium2.PdfPage,
    number: int,
    ink: Ink,
    config: ReadConfig,
    on_ocr: Callable[[int], None],
) -> Ink:
    """The page's ink by OCR where its text layer cannot be trusted and OCR reads more."""
    if config.ocr == "never":
        bare = not ink.words and ink.images
        return msgspec.structs.replace(ink, reason="no text layer; OCR is off") if bare else ink
    from tenth.documents.ocr.quality import trouble

    reason = "asked for" if config.ocr == "always" else trouble(ink)
    if not reason:
        return ink
    from tenth.documents.ocr.recognition import RENDER_DPI, better, read_image

    on_ocr(number)
    dpi = min(RENDER_DPI, 72 * math.sqrt(config.max_pixels / max(1.0, ink.width * ink.height)))
    return better(ink, read_image(render(page, dpi), dpi / 72, reason, config))


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        said = str(error)
        if "assword" in said:
            raise Refused(
                f"{path.name}: the PDF is encrypted; save it without its password"
            ) from None
        raise Refused(f"{path.name}: not a PDF that can be read ({said.rstrip('.')})") from None
    with closing(pdf):
        yield pdf


def ink_of(page: pypdfium2.PdfPage, lines: bool = False) -> Ink:
    """The page's ink, turned so that most of its words stand upright (see `Ink.shown`).

    What a reader cannot see (outside the page, tiny, in no ink at all) is left out. With `lines`
    it holds text alone, no rules and fills, and words' places within a line are guessed.
    """
    to_shown, width, height = _shown(page)
    rules, fills, images = ([], [], []) if lines else drawn(page, to_shown)
    characters = Characters(page, to_shown, fills, images)
    words = [
        item
        for item in (characters.lines() if lines else characters.words())
        if _seen(item.word, width, height)
    ]
    if lines and sum(1 + item.word.text.count(" ") for item in words) < FEW_WORDS:
        return ink_of(page)  # with its images, which tell whether it is a scan
    bare = Ink(
        width,
        height,
        rules=tuple(Rule(*box) for r in rules if (box := _near(_box(r), width, height))),
        fills=tuple(box for fill in fills if (box := _near(fill, width, height))),
        images=tuple(box for image in images if (box := _near(image, width, height))),
    )
    return upright(bare, words)


def _box(item: Word | Rule) -> Box:
    return item.x0, item.y0, item.x1, item.y1


def _seen(word: Word, width: float, height: float) -> bool:
    """Whether some of it is on the page, and all of it no farther away than `_near` allows."""
    return (
        -width <= word.x0 < width
        and -height <= word.y0 < height
        and 0 < word.x1 <= 2 * width
        and 0 < word.y1 <= 2 * height
    )


def _near(box: Box, width: float, height: float) -> Box | None:
    """What of a box lies no farther from the page than its size: files place things miles away, or
    nowhere (NaN)."""
    x0, y0 = max(box[0], -width), max(box[1], -height)
    x1, y1 = min(box[2], 2 * width), min(box[3], 2 * height)
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None


def _shown(page: pypdfium2.PdfPage) -> tuple[Matrix, float, float]:
    """From the page's own space to points from the top left as it is shown, and its size there."""
    left, bottom, right, top = page.get_bbox()  # what of its crop lies on its paper
    rotation = page.get_rotation()
    if rotation == 90:
        matrix = Matrix(0, 1, 1, 0, -bottom, -left)
    elif rotation == 180:
        matrix = Matrix(-1, 0, 0, 1, right, -bottom)
    elif rotation == 270:
        matrix = Matrix(0, -1, -1, 0, top, right)
    else:
        matrix = Matrix(1, 0, 0, -1, -left, top)
    width, height = page.get_size()
    return matrix, width, height
