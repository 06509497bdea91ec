"""Draws pages as pictures of known words and boxes, and wears them as a scanner does."""

import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import reportlab
from PIL import Image, ImageDraw, ImageFont

from tests.documents.reports.fonts import hei_file

LATIN = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
DPI = 150
Box = tuple[float, float, float, float]


@cache
def face(chinese: bool, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(hei_file() if chinese else LATIN), pixels)


@dataclass
class Drawn:
    """A page in the making: `words` are what stands on it, with the boxes of their ink."""

    width: float = 612.0
    height: float = 792.0
    dpi: float = DPI
    paper: int = 255
    words: list[tuple[str, Box]] = field(default_factory=list)

    def __post_init__(self):
        size = round(self.width * self.dpi / 72), round(self.height * self.dpi / 72)
        self.image = Image.new("L", size, self.paper)

    @property
    def scale(self) -> float:
        return self.dpi / 72

    def text(self, x: float, y: float, text: str, size: float = 10, right: bool = False) -> None:
        """Words from `x` on (or up to it), their baseline at `y`, in points."""
        chinese = any(c > "\u2e80" for c in text)
        font = face(chinese, size * self.scale)
        draw = ImageDraw.Draw(self.image)
        if right:
            x -= font.getlength(text) / self.scale
        at = x * self.scale
        for word in text.split(" "):
            draw.text((round(at), y * self.scale), word, 0, font, anchor="ls")
            mask, (left, top) = font.getmask2(word, "L", anchor="ls")
            box = mask.getbbox()  # of the ink; textbbox reaches from the origin to the next one's
            x0, x1 = ((round(at) + left + v) / self.scale for v in box[::2])
            y0, y1 = (y + (top + v) / self.scale for v in box[1::2])
            self.words.append((word, (x0, y0, x1, y1)))
            at += font.getlength(word + " ")

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.75) -> None:
        ends = [v * self.scale for v in (x0, y0, x1, y1)]
        ImageDraw.Draw(self.image).line(ends, 0, max(1, round(width * self.scale)))

    def shade(self, box: Box, level: int = 225) -> None:
        ImageDraw.Draw(self.image).rectangle([v * self.scale for v in box], level)

    def noisy(self, sigma: float, seed: int = 0) -> "Drawn":
        noise = np.random.default_rng(seed).normal(0, sigma, (self.image.height, self.image.width))
        worn = np.asarray(self.image, np.float64) + noise
        self.image = Image.fromarray(worn.clip(0, 255).astype(np.uint8))
        return self

    def skewed(self, degrees: float) -> "Drawn":
        """Turned clockwise by a little, about its middle."""
        self.image = self.image.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=self.paper)
        sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
        mid_x, mid_y = self.width / 2, self.height / 2
        turned = []
        for word, box in self.words:
            corners = [(x - mid_x, y - mid_y) for x in box[::2] for y in box[1::2]]
            xs = [mid_x + x * cosine - y * sine for x, y in corners]
            ys = [mid_y + x * sine + y * cosine for x, y in corners]
            turned.append((word, (min(xs), min(ys), max(xs), max(ys))))
        self.words = turned
        return self

    def quarters(self, n: int) -> "Drawn":
        """Turned clockwise by `n` quarters."""
        for _ in range(n):
            self.image = self.image.transpose(Image.Transpose.ROTATE_270)
            high = self.height
            self.words = [(w, (high - y1, x0, high - y0, x1)) for w, (x0, y0, x1, y1) in self.words]
            self.width, self.height = self.height, self.width
        return self


LABELS = (
    "Net sales", "Cost of products sold", "Gross margin", "Research and development",
    "Selling, general and administrative", "Total operating expenses", "Operating income",
    "Other income (expense), net", "Income before taxes", "Provision for income taxes",
)  # fmt: skip
POSTEN = (
    "营业收入", "营业成本", "税金及附加", "销售费用", "管理费用", "研发费用", "财务费用净额",
    "投资收益", "营业利润", "所得税费用",
)  # fmt: skip


def statement(seed: int, chinese: bool = False, ruled: bool = False, **page: float) -> Drawn:
    """An income statement of three columns of numbers, and a paragraph below it."""
    draw = np.random.default_rng(seed)
    drawn = Drawn(**page)  # type: ignore[arg-type]
    drawn.text(72, 70, "合并利润表" if chinese else "CONSOLIDATED STATEMENTS OF INCOME", 13)
    drawn.text(72, 88, "单位：百万元" if chinese else "(In millions, except per share amounts)", 8)
    columns = (370, 455, 540)
    for x, year in zip(columns, (2025, 2024, 2023), strict=True):
        drawn.text(x, 116, f"{year}年" if chinese else str(year), 9, right=True)
    y = 138.0
    labels = POSTEN if chinese else LABELS
    for i in range(24):
        drawn.text(76, y, labels[i % len(labels)], 9)
        for x in columns:
            number = int(draw.integers(-99_999, 999_999)) // int(draw.choice((1, 10, 100)))
            text = f"({-number:,})" if number < 0 else f"{number:,}"
            drawn.text(x, y, text, 9, right=True)
        if ruled:
            drawn.line(70, y + 4, 546, y + 4)
        y += 15
    if ruled:
        drawn.line(70, 127, 546, 127)
        for x in (70, 290, 376, 461, 546):
            drawn.line(x, 127, x, y - 11)
    for i in range(6):
        if chinese:
            drawn.text(
                72,
                y + 16 + 15 * i,
                "本集团对收入确认采用以下会计政策，并于报告期末复核其假设。",
                10,
            )
        else:
            drawn.text(72, y + 16 + 14 * i, "Revenue is recognized when control of the goods "
                       "passes to the customer, net of returns.", 9.5)  # fmt: skip
    return drawn
