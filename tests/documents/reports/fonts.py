"""Fonts with the ink of each glyph known: TTF outlines, the AFM tables of the base fonts, CJK."""

from functools import cache
from pathlib import Path

import matplotlib
import reportlab
from fontTools.ttLib import TTCollection, TTFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

from tests.documents.reports.gold import Box

MPL = Path(matplotlib.get_data_path()) / "fonts"
RL = Path(reportlab.__file__).parent / "fonts"
TTF = {
    "DejaVuSans": MPL / "ttf/DejaVuSans.ttf",
    "DejaVuSans-Bold": MPL / "ttf/DejaVuSans-Bold.ttf",
    "DejaVuSerif": MPL / "ttf/DejaVuSerif.ttf",
    "DejaVuSerif-Bold": MPL / "ttf/DejaVuSerif-Bold.ttf",
    "Vera": RL / "Vera.ttf",
    "VeraBd": RL / "VeraBd.ttf",
}
AFM = ("Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold")
CID = "STSong-Light"
HEI = "WenQuanYi"
HEI_FILES = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
)
FAMILIES = {  # regular, bold
    "sans": ("DejaVuSans", "DejaVuSans-Bold"),
    "serif": ("DejaVuSerif", "DejaVuSerif-Bold"),
    "vera": ("Vera", "VeraBd"),
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "times": ("Times-Roman", "Times-Bold"),
    "song": (CID, CID),
    "hei": (HEI, HEI),
}
LATIN = ("sans", "serif", "vera", "helvetica", "helvetica", "times", "times")


def hei_file() -> Path | None:
    """The CJK font with outlines, where this machine has it."""
    return next((Path(name) for name in HEI_FILES if Path(name).exists()), None)


@cache
def register(font: str) -> str:
    """Makes `font` known to reportlab, once."""
    if font in TTF:
        pdfmetrics.registerFont(EmbeddedFont(font, str(TTF[font])))
    elif font == CID:
        pdfmetrics.registerFont(UnicodeCIDFont(CID))
    elif font == HEI:
        pdfmetrics.registerFont(EmbeddedFont(HEI, str(hei_file()), subfontIndex=0))
    return font


@cache
def open_ttf(font: str) -> TTFont:
    return TTCollection(str(hei_file())).fonts[0] if font == HEI else TTFont(str(TTF[font]))


@cache
def afm_boxes(font: str) -> dict[str, Box]:
    """Glyph boxes of a base font by their names: "C 48 ; WX 556 ; N zero ; B 37 -19 519 703 ;"."""
    boxes = {}
    for line in (MPL / "pdfcorefonts" / f"{font}.afm").read_text().splitlines():
        if line.startswith("C "):
            parts = {p.split()[0]: p.split()[1:] for p in line.split(";") if p.strip()}
            x0, y0, x1, y1 = (float(n) / 1000 for n in parts["B"])
            boxes[parts["N"][0]] = (x0, y0, x1, y1)
    return boxes


@cache
def glyph_box(font: str, char: str) -> Box | None:
    """Where one character's ink is, in ems; None for a space."""
    if char.isspace():
        return None
    if font in AFM:
        from fontTools.agl import UV2AGL

        return afm_boxes(font).get(UV2AGL.get(ord(char), ""), (0.0, 0.0, advance(font, char), 0.7))
    if font == CID:
        return (0.04, -0.08, advance(font, char) - 0.04, 0.82 if ord(char) > 0x2E80 else 0.7)
    ttf = open_ttf(font)
    glyph = ttf["glyf"][ttf.getBestCmap()[ord(char)]]
    em = ttf["head"].unitsPerEm
    if not glyph.numberOfContours:
        return None
    return glyph.xMin / em, glyph.yMin / em, glyph.xMax / em, glyph.yMax / em


@cache
def advance(font: str, char: str) -> float:
    return pdfmetrics.stringWidth(char, register(font), 1000) / 1000


def width(font: str, text: str, size: float) -> float:
    return size * sum(advance(font, char) for char in text)


def ink(font: str, text: str, size: float) -> Box:
    """Where the ink of `text` is, in points: x from the pen's start, y below the baseline."""
    x, boxes = 0.0, []
    for char in text:
        if box := glyph_box(font, char):
            boxes.append((x + box[0], -box[3], x + box[2], -box[1]))
        x += advance(font, char)
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0) * size, min(y0) * size, max(x1) * size, max(y1) * size
