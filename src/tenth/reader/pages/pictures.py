"""Pages as pictures, as they are shown: rotation and crop applied, points from the top left."""

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pypdfium2
from PIL import Image

from tenth.config import ReadConfig
from tenth.documents.ocr import image as pictures
from tenth.documents.pdf.reader import render

PICTURED = ("pdf", "image")  # kinds whose pages can be shown as they are
MOST_PIXELS = 6_000_000  # of a picture: a poster is drawn smaller


def page_image(path: Path, kind: str, page: int, scale: float) -> Image.Image:
    """The page (from 1) of a PDF or an image, `scale` pixels a point, fewer for a poster.

    Raises ValueError where the file cannot be opened (encrypted, broken), has no such page, or is
    of a kind whose pages are not pictures.
    """
    image, _ = picture(path, kind, page, scale)
    return image


def picture(path: Path, kind: str, page: int, scale: float) -> tuple[Image.Image, float]:
    """As `page_image`, and how many pixels a point has in it."""
    if kind == "pdf":
        with opened(path) as pdf:
            return pdf_picture(pdf, path, page, scale)
    if kind == "image":
        return _of_image(path, page, scale)
    raise ValueError(
        f"{path.name}: pages of {kind!r} are no pictures; those of {', '.join(PICTURED)} are"
    )


@contextmanager
def opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF. Raises ValueError where it cannot be opened."""
    try:
        pdf = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as error:
        said = str(error).rstrip(".")
        why = "it is encrypted" if "assword" in said else said
        raise ValueError(f"{path.name}: the PDF cannot be opened ({why})") from None
    with closing(pdf):
        yield pdf


def pdf_picture(
    pdf: pypdfium2.PdfDocument, path: Path, page: int, scale: float
) -> tuple[Image.Image, float]:
    """A page of an open PDF, and how many pixels a point has in it."""
    if not 1 <= page <= len(pdf):
        raise ValueError(f"{path.name}: no page {page}; it has {len(pdf)}")
    try:
        with closing(pdf[page - 1]) as loaded:
            scale = _bounded(scale, *loaded.get_size())
            return render(loaded, 72 * scale), scale
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"{path.name}: page {page} cannot be drawn ({error})") from None


def _of_image(path: Path, page: int, scale: float) -> tuple[Image.Image, float]:
    shown, dpi = pictures.shown_page(path, page, ReadConfig())
    width, height = shown.width * 72 / dpi, shown.height * 72 / dpi
    scale = _bounded(min(scale, dpi / 72), width, height)  # no more pixels than it has
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return (shown if size == shown.size else shown.resize(size)).convert("RGB"), scale


def _bounded(scale: float, width: float, height: float) -> float:
    return min(scale, math.sqrt(MOST_PIXELS / max(1.0, width * height)))
