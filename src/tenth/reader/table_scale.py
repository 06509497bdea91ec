"""The scale that a table says, or the cover, or what else speaks for it."""

import re

from tenth.documents.currencies import SAID
from tenth.documents.model import Table
from tenth.documents.numbers import scale_in
from tenth.reader.grid import Grid, place_of
from tenth.reader.header_words import NO_FIGURES, PERCENT
from tenth.reader.kinds import MAIN
from tenth.reader.labels import plain
from tenth.reader.model import Cover, Place, Said, StatementKind
from tenth.reader.scales import Scales, scales_said
from tenth.reader.whole import UNSAID, Otherwise, is_whole, sign_of, whole_in, whole_of

AT_END = re.compile(  # "Statements of Cash Flows $ in millions"
    r"(?:[$€£]|\bdollars)(?: and shares)? in (?:thousands|millions|billions)\b[^.;:]{0,60}$",
    re.IGNORECASE,
)

WHOLE_BUT = re.compile(  # "(In U.S. dollars, except for number of shares and per share data)"
    rf"\((?:expressed |stated )?in (?:[a-z.]+ ){{0,2}}{SAID},? (?:except|other than)\b[^()]*",
)


def scales_of_table(
    table: Table, grid: Grid, cover: Cover, kind: StatementKind, otherwise: Otherwise = UNSAID
) -> tuple[Scales | None, tuple[Said, ...]]:
    """The nearest place that says a scale: header cells, the table's line, its caption, the
    cover; else what says whole units, which may tell the currency alone below another line."""
    where = Place(table.page, table.box)
    cells = grid.scale_cells
    places = [(cell.text, place_of(cell)) for cell in cells if not is_whole(cell.text)]
    places += [(table.scale, where), (grid.corner, where)]
    places += [(scale_in(table.caption), where)]
    places += [(found.group(), where) for found in AT_END.finditer(table.caption)]
    places += [(found.group(), where) for found in WHOLE_BUT.finditer(plain(table.caption))]
    # "Net asset value (millions)", printed above its table too, is its row's
    of_rows = {row.label for row in grid.rows if row.figures}
    for text, place in places:
        if text and text not in of_rows and (found := scales_said(text)):
            return found, (Said("scale", text, place),)
    if cover.scale is not None:
        said = tuple(one for one in cover.said if one.what == "scale")
        texts = [found for one in said if (found := scales_said(one.text))]
        return (texts[0] if texts else None), said
    if any(scales_said(header.text) for header in grid.headers.values()):
        return None, ()  # some columns say it of themselves
    if otherwise.whole and (whole := _whole(table, grid)):
        return whole
    if otherwise.scale is not None and (otherwise.everywhere or kind in MAIN):
        return Scales(otherwise.scale, None, whole=otherwise.everywhere), otherwise.said
    return None, ()


def _whole(table: Table, grid: Grid) -> tuple[Scales, tuple[Said, ...]] | None:
    """ "Figures in Pound Sterling", or one currency's sign above every column of figures:
    beside percents it only tells which are of money."""
    where = Place(table.page, table.box)
    lines = [(whole_in(cell.text), place_of(cell)) for cell in grid.scale_cells]
    lines += [(whole_in(text), where) for text in (grid.corner, table.caption)]
    for text, place in lines:
        if text:
            return whole_of(text), (Said("scale", text, place),)
    heads = [head for head in grid.headers.values()
             if head.text and not NO_FIGURES.fullmatch(head.text)]  # fmt: skip
    signs = {sign_of(head.texts) for head in heads}
    if len(signs) != 1 or "" in signs or any(PERCENT.search(head.text) for head in heads):
        return None
    sign = signs.pop()
    return whole_of(sign), (Said("scale", sign, heads[0].places[-1]),)
