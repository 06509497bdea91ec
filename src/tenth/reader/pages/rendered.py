"""Pages rendered once: a PNG says in itself of which file, page and renderer it is."""

import io
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from tenth.documents.kinds import kind_of
from tenth.files import atomic_write_bytes
from tenth.reader.model import Fact
from tenth.reader.pages import pictures
from tenth.reader.pages.sources import Sources

DPI = 110
COLORS = 64  # of the palette
VERSION = f"1 {DPI} {COLORS} {pypdfium2.PDFIUM_INFO}"
ORIGIN, POINTS = "Source", "Points"  # texts in the PNG


@dataclass(frozen=True)
class Rendered:
    """A page's picture, its size in points and in pixels."""

    width: float
    height: float
    pixels: tuple[int, int]


class Renderer:
    """Renders pages into a folder, one document open at a time. A context manager."""

    def __init__(self, folder: Path, sources: Sources):
        self.folder, self.sources = folder, sources
        self._there = self._origins()
        self._stack = ExitStack()
        self._open: tuple[str, Path, Any] = ("", Path(), None)

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(self, *_) -> None:
        self._stack.close()

    def has_any(self, fact: Fact) -> bool:
        """Whether a page of its document has been rendered by this version."""
        return any(origin.startswith(f"{fact.sha256} ") for origin, _ in self._there.values())

    def rendered(self, fact: Fact, name: str) -> Rendered | str:
        """The fact's page as the file `name`, drawn unless it is there; or why it cannot be."""
        origin = f"{fact.sha256} {fact.place.page} {VERSION}"
        known, there = self._there.get(name, ("", None))
        if known == origin and there is not None:
            return there
        try:
            image, scale = self._picture(fact)
        except ValueError as error:
            return str(error)
        made = Rendered(round(image.width / scale, 3), round(image.height / scale, 3), image.size)
        atomic_write_bytes(self.folder / name, _png(image, origin, made))
        return made

    def _picture(self, fact: Fact) -> tuple[Image.Image, float]:
        sha256, path, pdf = self._open
        if sha256 != fact.sha256:
            self._stack.close()
            self._open = ("", Path(), None)
            path, pdf = self.sources.file(fact.sha256, fact.document), None
            if kind_of(path, fact.document) == "pdf":
                pdf = self._stack.enter_context(pictures.opened(path))
            self._open = (fact.sha256, path, pdf)
        if pdf is not None:
            return pictures.pdf_picture(pdf, path, fact.place.page, DPI / 72)
        return pictures.picture(path, kind_of(path, fact.document), fact.place.page, DPI / 72)

    def _origins(self) -> dict[str, tuple[str, Rendered]]:
        found = {}
        for path in self.folder.glob("*.png"):
            try:
                with Image.open(path, formats=("PNG",)) as image:
                    origin = str(image.info[ORIGIN])
                    width, height = map(float, str(image.info[POINTS]).split())
                    if origin.endswith(VERSION):
                        found[path.name] = origin, Rendered(width, height, image.size)
            except (OSError, KeyError, ValueError, UnidentifiedImageError):
                continue  # not one of ours: it goes, or is drawn again
        return found


def _png(image: Image.Image, origin: str, made: Rendered) -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text(ORIGIN, origin)
    texts.add_text(POINTS, f"{made.width} {made.height}")
    small = image.quantize(COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", pnginfo=texts)
    return out.getvalue()
