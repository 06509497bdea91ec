"""Draws on the pages of a PDF, from the top left, and tells where the ink went."""

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from tests.documents.reports import fonts
from tests.documents.reports.gold import Box, GoldPage


class Pen:
    """`rotate`: the file holds its pages turned, and /Rotate shows them upright. `crop`: what the
    page is larger by on its left, bottom, right and top than what is shown of it."""

    def __init__(
        self,
        path: Path,
        width: float,
        height: float,
        rotate: int = 0,
        crop: tuple[float, float, float, float] = (0, 0, 0, 0),
        thin_fills: bool = False,
    ):
        self.width, self.height, self.rotate, self.crop = width, height, rotate, crop
        self.thin_fills = thin_fills  # rules are filled boxes, as word processors draw them
        self.canvas = Canvas(str(path), invariant=1)
        self.pages: list[GoldPage] = []

    def start_page(self) -> int:
        left, bottom, right, top = self.crop
        w, h = self.width + left + right, self.height + bottom + top
        self.canvas.setPageSize((w, h))  # reportlab turns the sheet itself
        if self.rotate:
            self.canvas.setPageRotation(self.rotate)
        if self.rotate == 90:
            self.canvas.transform(0, 1, -1, 0, h, 0)
        elif self.rotate == 180:
            self.canvas.transform(-1, 0, 0, -1, w, h)
        elif self.rotate == 270:
            self.canvas.transform(0, -1, 1, 0, 0, w)
        if any(self.crop):
            self.canvas.setCropBox((left, bottom, left + self.width, bottom + self.height))
            self.canvas.translate(left, bottom)
            self.hide_in_margin(left, bottom)
        self.pages.append(GoldPage(len(self.pages) + 1, self.width, self.height))
        return len(self.pages)

    def hide_in_margin(self, left: float, bottom: float) -> None:
        """A printer's mark outside what is shown: it is no text of the report."""
        self.canvas.setFont("Helvetica", 6)
        self.canvas.drawString(4 - left, 6 - bottom, "PRINTER PROOF 00417")

    def end_page(self) -> None:
        self.canvas.showPage()

    def save(self) -> None:
        self.canvas.save()

    def text(
        self, x: float, y: float, text: str, font: str, size: float, align: str = "left"
    ) -> Box:
        """Writes one line with its baseline at y; returns the box around its ink."""
        wide = fonts.width(font, text, size)
        x -= wide if align == "right" else wide / 2 if align == "center" else 0
        self.canvas.setFont(fonts.register(font), size)
        self.canvas.drawString(x, self.height - y, text)
        x0, y0, x1, y1 = fonts.ink(font, text, size)
        return x + x0, y + y0, x + x1, y + y1

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.6) -> Box:
        if self.thin_fills:
            dx, dy = (0, weight) if y0 == y1 else (weight, 0)
            self.canvas.setFillGray(0)
            self.canvas.rect(x0, self.height - y1 - dy, x1 - x0 + dx, y1 - y0 + dy, 0, 1)
        else:
            self.canvas.setLineWidth(weight)
            self.canvas.line(x0, self.height - y0, x1, self.height - y1)
        return x0, y0, x1, y1

    def fill(self, x0: float, y0: float, x1: float, y1: float, gray: float = 0.9) -> Box:
        self.canvas.setFillGray(gray)
        self.canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, 0, 1)
        self.canvas.setFillGray(0)
        return x0, y0, x1, y1
