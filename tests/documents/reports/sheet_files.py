"""Makes XLSX reports: sheets of numbers with formulas, their cached values and number formats."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import xlsxwriter
from openpyxl.utils import get_column_letter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.documents.reports import words
from tests.documents.reports.gold import GoldBlock, GoldCell, GoldTable, Report

NOWHERE = (0.0, 0.0, 0.0, 0.0)
AMOUNT = "#,##0;(#,##0)"
DOLLARS = "$#,##0;$(#,##0)"
PERCENT = "0.0%"


def shown(value: float, code: str) -> str:
    """What a spreadsheet shows of a number in one of these formats."""
    if code == PERCENT:
        return f"{value * 100:.1f}%"
    sign = "$" if code == DOLLARS else ""
    return f"{sign}({-value:,.0f})" if value < 0 else f"{sign}{value:,.0f}"


@dataclass
class Sheet:
    """One table on a sheet, its first cell at `top`, `left`."""

    random: Random
    book: Workbook
    sheet: Worksheet
    top: int
    left: int
    zh: bool
    gold: GoldTable = field(default_factory=GoldTable)
    values: dict[tuple[int, int], float] = field(default_factory=dict)

    def ref(self, row: int, column: int) -> str:
        return f"{get_column_letter(self.left + column + 1)}{self.top + row + 1}"

    def put(self, row: int, column: int, text: str, **more) -> None:
        """Notes a cell in the gold."""
        ref = f"{self.sheet.get_name()}!{self.ref(row, column)}"
        self.gold.cells.append(GoldCell(row, column, text, ref=ref, **more))

    def label(self, row: int, column: int, text: str, bold: bool = False, **more) -> None:
        style = self.book.add_format({"bold": bold, "indent": 0 if bold else 1})
        self.sheet.write_string(self.top + row, self.left + column, text, style)
        self.put(row, column, text, value=text, **more)

    def number(self, row: int, column: int, value: float, code: str, formula: str = "") -> None:
        style = self.book.add_format({"num_format": code})
        at = self.top + row, self.left + column
        if formula:
            self.sheet.write_formula(*at, formula, style, value)
        else:
            self.sheet.write_number(*at, value, style)
        self.values[row, column] = value
        self.put(row, column, shown(value, code), value=float(value), formula=formula)

    def header(self, n: int, levels: int) -> None:
        """Years; at two levels spans of two years each over them."""
        bold = self.book.add_format({"bold": True, "align": "center"})
        year = self.random.randint(2019, 2024)
        last = levels - 1
        self.label(last, 0, "项目" if self.zh else "Item", True, header=True)
        spans = words.ZH_SPANS if self.zh else words.SPANS
        for c in range(1, n + 1):
            name = f"{year - (c - 1) % (2 if levels == 2 else n)}"
            name = f"{name}年" if self.zh else f"FY{name}"
            self.label(last, c, name, True, header=True)
            if levels == 2 and c % 2 and c < n:
                at = self.top, self.left + c, self.top, self.left + c + 1
                text = spans[c // 2 % len(spans)]
                self.sheet.merge_range(*at, text, bold)
                self.put(0, c, text, value=text, column_span=2, header=True)

    def body(self, n: int, first: int, groups: tuple) -> int:
        """Sections with a sum each, and their sum at the end; returns the row after the last."""
        row, totals = first, []
        for title, items in groups:
            self.label(row, 0, title, True)
            start = row = row + 1
            for item in items:
                self.label(row, 0, item)
                for c in range(1, n + 1):
                    if self.random.random() > 0.08 or row == start:
                        code = DOLLARS if row == start and not self.zh else AMOUNT
                        self.number(row, c, self.random.randint(-900, 99_000), code)
                row += 1
            self.sums(row, n, words.ZH_TOTALS[0] if self.zh else "Total", range(start, row))
            totals.append(row)
            row += 1
        self.sums(row, n, "总计" if self.zh else "Grand total", totals)
        return row + 1

    def sums(self, row: int, n: int, label: str, rows) -> None:
        self.label(row, 0, label, True)
        for c in range(1, n + 1):
            value = sum(self.values.get((r, c), 0) for r in rows)
            cells = (
                f"{self.ref(rows[0], c)}:{self.ref(rows[-1], c)}"
                if isinstance(rows, range)
                else ",".join(self.ref(r, c) for r in rows)
            )
            self.number(row, c, value, AMOUNT, f"=SUM({cells})")

    def growth(self, n: int, header: int, rows: int) -> None:
        """A column at the right: how the first year grew over the second."""
        self.label(header - 1, n + 1, "同比增减" if self.zh else "Change", True, header=True)
        for row in range(header, rows):
            new, old = self.values.get((row, 1)), self.values.get((row, 2))
            if new is not None and old:
                formula = f"={self.ref(row, 1)}/{self.ref(row, 2)}-1"
                self.number(row, n + 1, new / old - 1, PERCENT, formula)


def fill_sheet(random: Random, book: Workbook, name: str, zh: bool) -> tuple[GoldTable, list[str]]:
    sheet = book.add_worksheet(name)
    topic = random.choice(tuple(words.ZH_GROUPS) if zh else ("income", "balance", "cash"))
    groups = words.ZH_GROUPS[topic] if zh else getattr(words, topic.upper())
    caption = random.choice((words.ZH_CAPTIONS if zh else words.CAPTIONS)[topic])
    scale = random.choice(words.ZH_SCALES if zh else words.SCALES)
    left = random.randint(0, 2)
    sheet.write_string(0, left, caption, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, left, scale)
    table = Sheet(random, book, sheet, random.choice((2, 3, 3)), left, zh)
    levels = random.choice((1, 2))
    n = random.choice((2, 4)) if levels == 2 else random.randint(1, 5)
    table.header(n, levels)
    gold = table.gold
    gold.header_rows, gold.caption, gold.scale = levels, caption, scale
    gold.n_rows = table.body(n, levels, groups[: random.randint(1, len(groups))])
    gold.n_columns = n + 1
    if n > 1 and random.random() < 0.5:
        table.growth(n, levels, gold.n_rows)
        gold.n_columns += 1
    gold.cells.sort(key=lambda cell: (cell.row, cell.column))
    return gold, [caption, scale]


def sheet_report(random: Random, kind: str, seed: int, path: Path) -> Report:
    path, zh = path.with_suffix(".xlsx"), random.random() < 0.3
    report = Report(path, kind, seed)
    with xlsxwriter.Workbook(str(path)) as book:
        for number in range(1, random.randint(2, 4)):
            gold, lines = fill_sheet(random, book, f"{'表' if zh else 'Sheet'}{number}", zh)
            report.blocks += [GoldBlock("caption", line, number, NOWHERE) for line in lines]
            index = len(report.tables)
            report.blocks.append(GoldBlock("table", "", number, NOWHERE, table=index))
            report.tables.append(gold)
    return report
