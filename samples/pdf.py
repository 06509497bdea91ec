"""A report drawn as PDF: cover, letter, text in two columns, statements, notes; the same bytes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
)

from samples.pdf_tables import ACCENT, GREY, MARGIN, Look, style

GUTTER = 20


@dataclass(frozen=True)
class Pages:
    """A report's content; `across` is a table over the text that flows in two columns."""

    cover: list[Flowable]
    plain: list[list[Flowable]]
    across: list[Flowable]
    text: list[Flowable]
    after: list[list[Flowable]]


def write(path: Path, look: Look, title: str, pages: Pages) -> None:
    width, height = look.page
    inner = width - 2 * MARGIN, height - 2 * MARGIN - 14
    half = (inner[0] - GUTTER) / 2
    top = 212

    def running(canvas: Any, _document: Any) -> None:
        canvas.setFont(look.regular, 8.5)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, height - 40, look.running)
        canvas.drawRightString(width - MARGIN, height - 40, title)
        canvas.setStrokeColor(GREY)
        canvas.line(MARGIN, height - 46, width - MARGIN, height - 46)
        canvas.drawString(MARGIN, 34, look.foot)
        canvas.drawRightString(width - MARGIN, 34, str(canvas.getPageNumber()))

    def bare(canvas: Any, _document: Any) -> None:
        canvas.setFillColor(ACCENT)
        canvas.rect(0, height - 150, width, 150, stroke=0, fill=1)

    def frame(x: float, y: float, wide: float, high: float) -> Frame:
        return Frame(x, y, wide, high, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)

    def two(high: float) -> list[Frame]:
        return [frame(MARGIN + k * (half + GUTTER), MARGIN, half, high) for k in (0, 1)]

    document = BaseDocTemplate(str(path), pagesize=look.page, title=title, author=look.running,
                               invariant=1)  # fmt: skip
    across = frame(MARGIN, MARGIN + inner[1] - top, inner[0], top)
    document.addPageTemplates(
        [
            PageTemplate("cover", [frame(MARGIN, MARGIN, *inner)], bare),
            PageTemplate("plain", [frame(MARGIN, MARGIN, *inner)], running),
            PageTemplate("across", [across, *two(inner[1] - top)], running),
            PageTemplate("two", two(inner[1]), running),
        ]
    )
    story: list[Flowable] = [*pages.cover]
    for page in pages.plain:
        story += [NextPageTemplate("plain"), PageBreak(), *page]
    story += [NextPageTemplate("across"), PageBreak(), *pages.across]
    story += [NextPageTemplate("two"), FrameBreak(), *pages.text]
    for page in pages.after:
        story += [NextPageTemplate("plain"), PageBreak(), *page]
    document.build(story)


def section(title: str, text: str, look: Look) -> list[Flowable]:
    return [CondPageBreak(60), Paragraph(title, style(look, "head")),
            Paragraph(text, style(look, "text"))]  # fmt: skip
