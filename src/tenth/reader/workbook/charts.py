"""Draws a planned chart as a native one."""

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tenth.reader.workbook.book import NAVY, Chart

PALETTE = ("1F3864", "2E9CCA", "7F7F7F", "C55A11", "548235", "7B5EA7", "BF9000", "A61C3C")
FONT = "Arial"


def draw(workbook: xlsxwriter.Workbook, page: Worksheet, sheet: str, plan: Chart) -> None:
    """On the page, over cells of the same sheet."""
    chart = workbook.add_chart({"type": plan.kind})
    assert chart is not None, f"XlsxWriter has no chart {plan.kind!r}"
    row, first, last = plan.categories
    for i, (at, label) in enumerate(plan.series):
        chart.add_series(
            {
                "name": [sheet, at, label],
                "categories": [sheet, row, first, row, last],
                "values": [sheet, at, first, at, last],
                **_look(plan.kind, f"#{PALETTE[i % len(PALETTE)]}"),
            }
        )
    font = {"name": FONT, "size": 9, "color": "#595959"}
    bold = {"name": FONT, "size": 11, "bold": True, "color": f"#{NAVY}"}
    chart.set_title({"name": plan.title, "name_font": bold, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font})
    small = font | {"size": 8}  # a period a label, side by side
    chart.set_x_axis({"num_font": small, "line": {"color": "#BFBFBF"}, "label_position": "low"})
    lines = {"visible": True, "line": {"color": "#E5E5E5"}}
    chart.set_y_axis(
        {
            **({"min": 0} if plan.from_zero else {}),
            "num_format": plan.number,
            "num_font": font,
            "line": {"none": True},
            "major_gridlines": lines,
        }
    )
    chart.set_size({"width": plan.width, "height": plan.height})
    chart.show_blanks_as("span" if plan.kind == "line" else "gap")
    chart.set_chartarea({"border": {"color": "#D9D9D9"}})
    down, right = plan.at
    place = {"x_offset": 4 + right * (plan.width + 12), "y_offset": 2, "object_position": 3}
    page.insert_chart(down, 0, chart, place)


def _look(kind: str, colour: str) -> dict[str, object]:
    """Of a series."""
    if kind != "line":
        return {"fill": {"color": colour}, "gap": 80}
    marker = {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}}
    return {"line": {"color": colour, "width": 2.0}, "marker": marker}
