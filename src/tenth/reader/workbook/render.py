"""Writes a planned book with XlsxWriter: the same bytes for the same plan."""

from datetime import datetime
from decimal import Decimal
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from tenth.reader.workbook.book import (
    FIRST_SOURCE,
    Book,
    Cell,
    Logic,
    Sheet,
    Style,
    jump,
)
from tenth.reader.workbook.charts import draw
from tenth.reader.workbook.expressions import text_of
from tenth.reader.workbook.looks import has_chinese
from tenth.reader.workbook.paging import SIDE, TOP, layout_of, page_breaks, row_heights
from tenth.reader.workbook.sources import tip_of
from tenth.reader.workbook.words import word

MOST_LINKS = 65_000  # a sheet holds 65,530
LONGEST_TIP, LONGEST_LINK = 250, 2_000
LATIN, CHINESE = "Arial", "Microsoft YaHei"


def render(book: Book, file: IO[bytes]) -> None:
    workbook = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": LATIN, "font_size": 9},
        },
    )
    workbook.set_properties({"created": datetime(2000, 1, 1), "author": "tenth"})
    workbook.set_calc_mode("auto")
    writer = _Writer(book, workbook)
    for sheet in book.sheets.values():
        writer.write(sheet)
    workbook.close()


class _Writer:
    def __init__(self, book: Book, workbook: xlsxwriter.Workbook) -> None:
        self.book, self.workbook = book, workbook
        self.formats: dict[tuple[Style, bool, bool, str], Format] = {}

    def write(self, sheet: Sheet) -> None:
        page = self.workbook.add_worksheet(sheet.name)
        for column, width in sorted(sheet.widths.items()):
            page.set_column(column, column, width)
        for row, height in sorted(row_heights(sheet).items()):
            page.set_row(row, height)
        links = 0
        for (row, column), cell in sorted(sheet.cells.items()):
            links += self._cell(page, sheet, row, column, cell, links < MOST_LINKS)
        for chart in sheet.charts:
            draw(self.workbook, page, sheet.name, chart)
        self._set_up(page, sheet)

    def _cell(
        self, page: Worksheet, sheet: Sheet, row: int, column: int, cell: Cell, may_link: bool
    ) -> bool:
        """Writes a cell; True if it links somewhere."""
        content, name = cell.content, sheet.name
        look = self._format(cell.style, content if isinstance(content, str) else "", sheet.valign)
        url = self._url(cell) if may_link else None
        if url is not None:  # first, as it writes its own text; what follows takes that one's place
            page.write_url(row, column, url, look)  # type: ignore[call-overload, arg-type]
        if isinstance(content, str):
            if content:
                page.write_string(row, column, content, look)
            else:
                page.write_blank(row, column, None, look)
        elif isinstance(content, int | Decimal):
            page.write_number(row, column, float(content), look)
        elif isinstance(content, Logic):
            _write_formula(page, row, column, content.text, look, content.value)
        else:
            value = self.book.value(name, row, column)
            assert value is not None, f"{name} {row}:{column} has no value"
            _write_formula(page, row, column, text_of(content, name), look, float(value))
        if cell.note:
            page.write_comment(row, column, cell.note, {"x_scale": 1.6, "y_scale": 0.6})
        return url is not None

    def _url(self, cell: Cell) -> Url | None:
        target, tip = cell.link, cell.tip
        if cell.fact:
            target = jump(self.book.sources, FIRST_SOURCE + self.book.used[cell.fact])
            source = tip_of(self.book.facts[cell.fact], self.book.language)
            tip = f"{source} ({tip})" if tip else source
        if not target or len(target) > LONGEST_LINK:
            return None
        url = Url(target)
        url.text = "…"  # overwritten by the cell's content
        url.tip = (
            tip[:LONGEST_TIP].encode("utf-16-le")[: 2 * LONGEST_TIP].decode("utf-16-le", "ignore")
        )
        if target.startswith("external:"):
            # relative links with slashes: what XlsxWriter makes of them opens on Windows alone
            url._relationship_link = url._relationship_link.replace("\\", "/")
            url._link = url._link.replace("\\", "/")
        return url

    def _format(self, style: Style, text: str, valign: str) -> Format:
        quoted = text.startswith(("=", "+", "-", "@", "\t", "\r"))
        key = (style, has_chinese(text), quoted, valign)
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(_properties(*key))
        return self.formats[key]

    def _set_up(self, page: Worksheet, sheet: Sheet) -> None:
        """Panes, print area, page numbers."""
        layout = layout_of(sheet)
        page.hide_gridlines(2)
        if layout.landscape:
            page.set_landscape()
        page.set_paper(layout.paper)
        page.fit_to_pages(layout.wide, int(layout.whole))
        first, last = sheet.printed or (0, sheet.n_rows - 1)
        if layout.wide > 1 and sheet.frozen[1]:
            page.repeat_columns(0, sheet.frozen[1] - 1)
            if sheet.repeat is not None:  # a title would be cut on all but the first page
                first = sheet.repeat[0]
        if not sheet.charts:  # they may be wider than the cells
            page.print_area(first, 0, last, sheet.n_printed - 1)
        page.set_margins(left=SIDE, right=SIDE, top=TOP, bottom=TOP)
        page.set_header(f"&L&8{_plain(sheet.title)}&R&8{_plain(sheet.name)}")
        page.set_footer("&C&8" + word("page_of", self.book.language))
        if sheet.repeat is not None and not layout.whole:
            page.repeat_rows(*sheet.repeat)
        if any(sheet.frozen):
            page.freeze_panes(*sheet.frozen)
        breaks = page_breaks(sheet)
        if breaks:
            page.set_h_pagebreaks(breaks)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _write_formula(
    page: Worksheet, row: int, column: int, text: str, look: Format, value: float | str
) -> None:
    """With its value, for readers that do not calculate."""
    page.write_formula(row, column, f"={text}", look, value)  # type: ignore[arg-type]


def _plain(text: str) -> str:
    """Of a header or footer, where & begins a code; at most 255 characters go in all."""
    return text[:80].replace("&", "&&")


def _properties(style: Style, chinese: bool, quoted: bool, valign: str) -> dict[str, object]:
    look: dict[str, object] = {
        "font_name": CHINESE if chinese else LATIN,
        "font_size": style.size,
        "font_color": f"#{style.colour}",
        "valign": valign,
    }
    for name in ("bold", "italic", "top", "bottom", "indent", "underline"):
        value = getattr(style, name)
        if value:
            look[name] = int(value)
    if style.wrap:
        look["text_wrap"] = True
    if style.number:
        look["num_format"] = style.number
    if style.fill:
        look |= {"bg_color": f"#{style.fill}", "pattern": 1}
    if style.align or style.indent:
        look["align"] = style.align or "left"
    if style.top or style.bottom:
        look |= {"top_color": "#7F7F7F", "bottom_color": "#7F7F7F"}
    if quoted:
        look["quote_prefix"] = True  # stays a text also when someone edits it
    return look
