"""One fact's page as a picture: the figure boxed, thinner what else it rests on."""

import io
from pathlib import Path

from PIL import Image, ImageDraw

from tenth.documents.kinds import kind_of
from tenth.documents.model import Box, Table
from tenth.reader.model import Fact
from tenth.reader.pages.drawing import FIGURE, REST, drawn_table
from tenth.reader.pages.pictures import PICTURED, picture

SCALE = 150 / 72
GAP = 2.0  # points between the ink and its box


def source_image(fact: Fact, path: Path, kind: str = "", table: Table | None = None) -> bytes:
    """A PNG of the page with the figure boxed, and its label, scale and period where they stand on
    the same page; of the cell's neighbourhood in `table` for formats whose pages are no pictures.

    Raises ValueError where the page cannot be drawn, and where there is neither page nor table.
    """
    kind = kind or kind_of(path)
    if fact.place.box is not None and kind in PICTURED:
        image, scale = picture(path, kind, fact.place.page, SCALE)
        for said in fact.said:
            if said.place.page == fact.place.page and said.place.box:
                _frame(image, said.place.box, scale, REST, 2)
        _frame(image, fact.place.box, scale, FIGURE, 4)
    elif table is not None:
        image = drawn_table(table, fact)
    else:
        raise ValueError(
            f"{fact.document}: fact {fact.id} stands at {fact.place.locator or 'no place'}, which "
            f"cannot be drawn"
        )
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _frame(image: Image.Image, box: Box, scale: float, color: str, width: int) -> None:
    x0, y0, x1, y1 = ((v + gap) * scale for v, gap in zip(box, (-GAP, -GAP, GAP, GAP), strict=True))
    frame = (max(0.0, x0), max(0.0, y0), min(image.width - 1.0, x1), min(image.height - 1.0, y1))
    if frame[0] < frame[2] and frame[1] < frame[3]:
        ImageDraw.Draw(image).rectangle(frame, outline=color, width=width)
