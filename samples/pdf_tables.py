"""How a sample report looks in PDF: its styles and its tables."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from samples.printed import printed
from samples.tables import Row, Table

MARGIN = 62
ACCENT, GREY, SHADE = HexColor("#1f4e5f"), HexColor("#6b7280"), HexColor("#eef3f5")


@dataclass(frozen=True)
class Look:
    """How a company's report looks."""

    regular: str = "Times-Roman"
    bold: str = "Times-Bold"
    heading: str = "Helvetica-Bold"
    page: tuple[float, float] = letter
    language: str = "en"
    running: str = ""  # the header of each page but the cover
    foot: str = ""
    signs: bool = True  # a currency sign on the first line and on totals
    ruled: bool = False  # lines around each cell


def style(look: Look, name: str, **more: Any) -> ParagraphStyle:
    wrap = "CJK" if look.language == "zh" else None
    known: dict[str, dict[str, Any]] = {
        "text": {"fontName": look.regular, "fontSize": 10, "leading": 13.2, "spaceAfter": 7,
                 "alignment": TA_JUSTIFY},
        "head": {"fontName": look.heading, "fontSize": 11, "leading": 14, "spaceBefore": 6,
                 "spaceAfter": 4, "textColor": ACCENT},
        "title": {"fontName": look.heading, "fontSize": 17, "leading": 22, "spaceAfter": 12,
                  "textColor": ACCENT},
        "caption": {"fontName": look.bold, "fontSize": 11, "leading": 14, "alignment": 1},
        "scale": {"fontName": look.regular, "fontSize": 9, "leading": 12, "alignment": 1,
                  "spaceAfter": 6},
        "cell": {"fontName": look.regular, "fontSize": 9, "leading": 10.6},
    }  # fmt: skip
    return ParagraphStyle(name, **{"wordWrap": wrap, **known[name], **more})


def grid(table: Table, look: Look, width: float) -> Grid:
    """A statement's table: a narrow column for the currency sign before each amount."""
    wide = min(92.0, (width * 0.6) / len(table.columns))
    label_width = width - wide * len(table.columns)
    rows, rules = _head(table, look)
    first_amounts = True
    for row in table.rows:
        number = len(rows)
        bold = row.kind != "line"
        font = look.bold if bold else look.regular
        hanging = {"leftIndent": 12 * row.level + 10, "firstLineIndent": -10}
        label = Paragraph(row.label, style(look, "cell", fontName=font, **hanging))
        signs = look.signs and bool(row.values) and (first_amounts or row.kind == "total")
        rows.append([label, *_cells(row, table, look, signs)])
        rules.append(("FONTNAME", (1, number), (-1, number), font))
        first_amounts = first_amounts and not row.values
        if row.kind == "total":
            for k in range(len(table.columns)):
                place = (2 * k + 1, number), (2 * k + 2, number)
                rules.append(("LINEABOVE", *place, 0.6, GREY))
        if row.values and number % 2:
            rules.append(("BACKGROUND", (0, number), (-1, number), SHADE))
    if look.ruled:
        for number in range(len(rows)):
            rules += [("BOX", (at, number), (at + (at > 0), number), 0.4, GREY)
                      for at in (0, *range(1, 2 * len(table.columns), 2))]  # fmt: skip
    made = Grid(rows, [label_width, *([18, wide - 18] * len(table.columns))], repeatRows=2)
    made.setStyle(
        [
            ("FONTSIZE", (0, 0), (-1, -1), 9), ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
            ("TOPPADDING", (0, 0), (-1, -1), 1.6), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
            ("LEFTPADDING", (1, 0), (-1, -1), 8), ("RIGHTPADDING", (1, 0), (-1, -1), 2),
            ("VALIGN", (0, 0), (-1, -1), "BOTTOM"), *rules,
        ]
    )  # fmt: skip
    return made


def _head(table: Table, look: Look) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    """The header's rows: groups over their columns where there are any, then the columns."""
    groups, at = [""], 1
    rules: list[tuple[Any, ...]] = []
    top = any(column.group for column in table.columns)
    for group, members in groupby(table.columns, key=lambda column: column.group):
        count = 2 * len(list(members))
        groups += [group] + [""] * (count - 1)
        if top:
            rules += [("SPAN", (at, 0), (at + count - 1, 0)), ("ALIGN", (at, 0), (at, 0), "CENTER"),
                      ("LINEBELOW", (at, 0), (at + count - 1, 0), 0.5, GREY)]  # fmt: skip
        at += count
    right = style(look, "cell", fontName=look.bold, alignment=TA_RIGHT)
    names: list[Any] = [table.first]
    for k, column in enumerate(table.columns):
        names += [Paragraph(column.header, right), ""]
        place = (2 * k + 1, int(top)), (2 * k + 2, int(top))
        rules += [("SPAN", *place), ("ALIGN", place[0], place[0], "RIGHT")]
    rows = [groups, names] if top else [names]
    last = len(rows) - 1
    rules += [("FONTNAME", (0, 0), (-1, last), look.bold),
              ("LINEBELOW", (0, last), (-1, last), 0.9, ACCENT)]  # fmt: skip
    return rows, rules


def _cells(row: Row, table: Table, look: Look, signs: bool) -> list[str]:
    cells: list[str] = []
    for column, value in zip(table.columns, row.values, strict=False):
        unit = row.unit or column.unit
        money = unit == "currency/share" or (signs and unit == "currency")
        sign = "$" if look.signs and money else ""
        cells += [sign, "" if value is None else printed(value, unit, look.language)]
    return cells + [""] * (2 * len(table.columns) - len(cells))


def captioned(table: Table, look: Look, width: float, above: str = "") -> list[Flowable]:
    """A table below its title and the line of its scale, all on one page."""
    kept = [
        *([Paragraph(above, style(look, "caption"))] if above else []),
        Paragraph(table.title, style(look, "caption")),
        Paragraph(table.scale_line, style(look, "scale")),
        grid(table, look, width),
        Spacer(1, 14),
    ]
    return [KeepTogether(kept)]
