"""What stands on a page before anyone has read it: words, lines, fills; by PDFium or by OCR.

All positions are in points from the top left of the page as it is shown.
"""

import msgspec

from tenth.documents.model import Box, Page, PageSource, Table


class Word(msgspec.Struct, frozen=True):
    """Characters without a gap between them. The box hugs their ink."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float  # of the font, points; of OCR: the height of the line it stands in
    base: float = 0.0  # the baseline's y
    bold: bool = False
    font: str = ""
    gap: float = 0.0  # between it and the word before on its line, in points; 0 at a line's start


class Rule(msgspec.Struct, frozen=True):
    """A straight horizontal or vertical line, or a thin filled box that serves as one."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        return self.x1 - self.x0 >= self.y1 - self.y0


class Shown(msgspec.Struct, frozen=True):
    """Where ink that OCR set upright and straight stands on the page as it is shown."""

    width: float
    height: float
    matrix: tuple[float, ...]  # x' = a x + b y + c, y' = d x + e y + f


class Ink(msgspec.Struct, frozen=True):
    """One page."""

    width: float
    height: float
    words: tuple[Word, ...] = ()  # in the order of the file; OCR: top to bottom
    rules: tuple[Rule, ...] = ()
    fills: tuple[Box, ...] = ()  # shaded areas larger than a line: bands of rows, boxes
    images: tuple[Box, ...] = ()
    source: PageSource = "text"
    reason: str = ""  # why OCR was needed, or why not all could be read
    shown: Shown | None = None  # of OCR, where the scan lay askew: `shown.as_shown` leads back
    apart: tuple[Word, ...] = ()  # in another direction, over lines or in the margin: read last


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """One page that is read, before the pages around it are known.

    Its blocks' `table` counts within `tables`.
    """

    page: Page
    tables: tuple[Table, ...] = ()
