"""A report as XLSX: a sheet for each of its tables, numbers as numbers, totals in bold."""

from datetime import datetime
from itertools import groupby
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from samples.tables import Table, Unit

FONT = {"font_name": "Arial", "font_size": 10}
HEADER = FONT | {"bold": True, "align": "right", "bottom": 1}
AMOUNT = '#,##0_);(#,##0);"—"_)'
FORMATS: dict[Unit, str] = {
    "currency": AMOUNT, "shares": AMOUNT, "currency/share": '$0.00_);($0.00);"—"_)',
    "pure": '0.0%;(0.0%);"—"',
}  # fmt: skip
DOLLARS = '$#,##0_);($#,##0);"—"_)'  # of totals
CENTS = '#,##0.00;-#,##0.00;"-"'


def write(
    path: Path, entity: str, title: str, tables: dict[str, Table], language: str = "en"
) -> None:
    """One sheet a table, by its name. Chinese: two decimals, percent by the header's sign."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": title, "author": entity, "created": datetime(2025, 3, 3)})
        made: dict[tuple[str, bool, int], Format] = {}

        def form(shown: str = "", bold: bool = False, indent: int = 0) -> Format:
            key = shown, bold, indent
            if key not in made:
                look = FONT | {"bold": bold, "indent": indent, "text_wrap": indent > 0}
                made[key] = book.add_format({**look, **({"num_format": shown} if shown else {})})
            return made[key]

        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            sheet.fit_to_pages(1, 0)
            sheet.set_column(0, 0, 58, form())
            sheet.set_column(1, len(table.columns), 19, form())
            for line, text in enumerate((entity, title, table.title, table.scale_line)):
                sheet.write(line, 0, text, form(bold=line in (0, 2)))
            at = _head(sheet, table, book.add_format(HEADER))
            for row in table.rows:
                bold = row.kind != "line"
                sheet.write(at, 0, row.label, form(bold=bold, indent=row.level))
                for column, value in enumerate(row.values):
                    unit = row.unit or table.columns[column].unit
                    if value is None:
                        continue
                    if language == "zh":
                        shown, value = CENTS, value * (100 if unit == "pure" else 1)
                    else:
                        shown = DOLLARS if bold and unit == "currency" else FORMATS[unit]
                    sheet.write_number(at, column + 1, float(value), form(shown, bold))
                at += 1
            sheet.freeze_panes(at - len(table.rows), 1)


def _head(sheet: Worksheet, table: Table, form: Format) -> int:
    """Writes the header below the titles; returns the next row."""
    at, first = 5, 1
    if any(column.group for column in table.columns):
        for group, members in groupby(table.columns, key=lambda column: column.group):
            last = first + len(list(members)) - 1
            if last > first:
                sheet.merge_range(at, first, at, last, group, form)
            else:
                sheet.write(at, first, group, form)
            first = last + 1
        at += 1
    sheet.write(at, 0, table.first, form)
    for k, column in enumerate(table.columns):
        sheet.write(at, k + 1, column.header, form)
    return at + 1
