"""Tables drawn as pictures, their cited cell marked, where a format has no pages to show."""

import math
import sys
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tenth.documents.model import Table
from tenth.reader.model import Fact
from tenth.reader.pages.cells import At, Excerpt, excerpt

FIGURE, REST = "#c2261a", "#1f5fae"  # of the figure's box, of those around what else it rests on
SIZE = 22  # pixels of the letters
WIDEST = 640  # pixels of a column
PAD = 12
MOST = (24, 10)  # rows and columns of a picture

# Fonts as the usual systems name them; Pillow's own, taken where there are none, has no dashes.
FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts",
    "C:/Windows/Fonts", "~/.fonts", "~/.local/share/fonts",
)  # fmt: skip
LATIN = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf", "Helvetica.ttc")
CHINESE = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf", "wqy-microhei.ttc", "wqy-zenhei.ttc", "PingFang.ttc",
    "Hiragino Sans GB.ttc", "STHeiti Light.ttc", "msyh.ttc", "simhei.ttf", "simsun.ttc",
    "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf",
)  # fmt: skip


def drawn_table(table: Table, fact: Fact) -> Image.Image:
    """The neighbourhood of the fact's cell, which is boxed and whole; its row's label is boxed
    thinner. Other texts are cut where they are longer than a column may be wide."""
    at: At = (fact.row, fact.column)
    part = excerpt(table, [at], MOST)
    said = {(place.row, place.column) for place in table.cells
            if place.ref and place.ref in {s.place.ref for s in fact.said}}  # fmt: skip
    font = _font(any(_is_chinese(cell.text) for cell in table.cells))
    title = [text for text in (fact.document, table.name, table.caption, table.scale) if text]
    widths = _widths(part, at, font)
    high = SIZE + PAD
    top = PAD + high * len(title) + PAD
    width = max([sum(widths), *(round(font.getlength(text)) for text in title)]) + 2 * PAD
    image = Image.new("RGB", (width, top + high * len(part.rows) + PAD), "white")
    draw = ImageDraw.Draw(image)
    for k, text in enumerate(title):
        draw.text((PAD, PAD + k * high), text, "#444444" if k else "black", font)
    boxes: list[tuple[tuple[int, int, int, int], bool]] = []
    for i, row in enumerate(part.rows):
        x, y = PAD, top + i * high
        if not row:
            draw.text((x + PAD, y + PAD // 2), "...", "#777777", font)
        for k, shown in enumerate(row):
            if shown:
                right = x + sum(widths[k : k + shown.column_span])
                box = (x, y, right, y + high)
                draw.rectangle(box, "#f1f1ee" if shown.cell.header else None, "#d5d5d0")
                _write(draw, shown.cell.text, box, font, numeric=k > 0 and not shown.cell.header)
                here = (shown.cell.row, shown.cell.column)
                if here == at or here in said:
                    boxes.append((box, here == at))
            x += widths[k]
    for box, figure in sorted(boxes, key=lambda item: item[1]):
        draw.rectangle(box, None, FIGURE if figure else REST, 4 if figure else 2)
    return image


Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def _widths(part: Excerpt, at: At, font: Font) -> list[int]:
    """Pixels of each column: its longest text, up to a limit; the cited figure, which may stand in
    a cell over several columns, has all it needs."""
    widths = [2 * PAD] * len(part.columns)
    spans: list[tuple[int, int, int, int]] = []  # columns, from which, pixels, at most
    for row in part.rows:
        for k, shown in enumerate(row):
            if shown:
                wanted = math.ceil(font.getlength(shown.cell.text)) + 2 * PAD + 1
                most = wanted if (shown.cell.row, shown.cell.column) == at else WIDEST
                spans.append((shown.column_span, k, min(wanted, most), most))
    for wide, k, wanted, most in sorted(spans):
        there = sum(widths[k : k + wide])
        if there < wanted <= most:
            widths[k + wide - 1] += wanted - there
    return widths


def _write(
    draw: ImageDraw.ImageDraw, text: str, box: tuple[int, int, int, int], font: Font, numeric: bool
) -> None:
    text = clipped(text, box[2] - box[0] - 2 * PAD, font)
    x = box[2] - PAD - font.getlength(text) if numeric else box[0] + PAD
    draw.text((x, box[1] + PAD // 2), text, "black", font)


def clipped(text: str, room: float, font: Font) -> str:
    """Cut where it is too long; a figure is never cut into another one: it goes as a whole."""
    if font.getlength(text) <= room:
        return text
    if any(c.isdigit() for c in text) and not any(c.isalpha() for c in text):
        return "…"
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text + "…"


@cache
def _font(chinese: bool) -> Font:
    """One of this machine's; without a Chinese one, Chinese shows as empty boxes."""
    there = _fonts()
    for name in (*(CHINESE if chinese else ()), *LATIN):
        if name in there:
            return ImageFont.truetype(str(there[name]), SIZE)
    return ImageFont.load_default(SIZE)


@cache
def _fonts() -> dict[str, Path]:
    wanted, found = {*CHINESE, *LATIN}, {}
    for folder in map(Path, FOLDERS):
        folder = folder.expanduser()
        if folder.is_dir() and (sys.platform == "win32") == (":" in str(folder)):
            for path in sorted(folder.rglob("*.[to]t[cf]")):
                if path.name in wanted:
                    found.setdefault(path.name, path)
    return found


def _is_chinese(text: str) -> bool:
    return any(c > "\u2e80" for c in text)
