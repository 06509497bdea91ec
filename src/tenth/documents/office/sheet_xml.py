"""Streams the cells of a workbook (xlsx, xlsm): each with what it shows, its value, its formula."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import get_column_letter

from tenth.documents.office import date_formats, formats
from tenth.documents.office.package import Package, blocks
from tenth.documents.office.xml import attr, child, children, every, integer, tag

MOST_COLUMNS = 16_384
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class Raw(NamedTuple):
    """A cell as its sheet has it; rows and columns count from 1."""

    row: int
    column: int
    text: str
    value: float | str | bool | None = None
    formula: str = ""
    row_span: int = 1
    column_span: int = 1


class Sheet(NamedTuple):
    name: str
    part: str
    hidden: bool


class Workbook:
    """What the sheets share. Raises Refused where the file is no workbook."""

    def __init__(self, package: Package, limit: int):
        self.package = package
        self.limit = limit
        self.part = package.main("s:workbook", "an Excel workbook")
        root = package.tree(self.part)
        properties = child(root, "s:workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        relations = package.relations(self.part)
        self.sheets = [
            Sheet(
                sheet.get("name", ""), relation.target, sheet.get("state") not in (None, "visible")
            )
            for sheet in every(root, "s:sheet")
            if (relation := relations.get(attr(sheet, "r:id"))) and relation.target in package
        ]
        self.formats = self._formats()
        self.strings = self._strings()

    def _formats(self) -> list[str]:
        """The number format of each style that a cell may name."""
        styles = self.package.related(self.part, "styles")
        if not styles:
            return []
        root = self.package.tree(styles[0])
        codes = dict(formats.BUILTIN)
        for item in every(root, "s:numFmt"):
            codes[integer(item.get("numFmtId"))] = item.get("formatCode", "")
        cell_styles = child(root, "s:cellXfs")
        return [
            codes.get(integer(item.get("numFmtId")), "General") or "General"
            for item in (cell_styles if cell_styles is not None else ())
        ]

    def _strings(self) -> list[str]:
        """As many as cells may be read: no more are needed, unless many are not used."""
        for part in self.package.related(self.part, "sharedStrings")[:1]:
            items = blocks(self.package, part, ("s:si",))
            return [text_of(item) for item in islice(items, self.limit)]
        return []


class SheetReader:
    """One sheet's cells, in one pass; its merges and its links to other parts stand behind them."""

    def __init__(self, workbook: Workbook, part: str):
        self.merges: list[tuple[int, int, int, int]] = []  # top, left, bottom, right
        self.lost = 0  # texts beyond the limit of the string table
        self.unknown = 0  # formulas that no program has computed yet
        self._book = workbook
        self._part = part
        self._shared: dict[str, Translator] = {}

    def cells(self) -> Iterator[Raw]:
        names = ("s:row", "s:mergeCell")
        row = 0
        for element in blocks(
            self._book.package, self._part, names, ("s:sheetData", "s:mergeCells")
        ):
            if tag(element) == "s:mergeCell":
                if area := corners(element.get("ref", "")):
                    self.merges.append(area)
                continue
            row = max(1, integer(element.get("r"), row + 1))
            column = 0
            for cell in children(element, "s:c"):
                column = _place(cell.get("r", "")) or column + 1
                found = self._cell(cell, row, column)
                if found is not None:
                    yield found

    def _cell(self, cell: Any, row: int, column: int) -> Raw | None:
        """None where nothing stands in it."""
        cached = formula = inline = None
        for item in cell:
            name = tag(item)
            if name == "s:v":  # an empty one is a text, or the mark that nothing was computed
                cached = item.text or ("" if cell.get("t", "n") != "n" else None)
            elif name == "s:f":
                formula = self._formula(item, row, column)
            elif name == "s:is":
                inline = text_of(item)
        if cached is None and inline is None and not formula:
            return None
        text, value = self._value(cell, cached, inline)
        if not text.strip() and (cached is not None or not formula):
            return None  # empty, or a formula that shows nothing
        self.unknown += cached is None and inline is None
        return Raw(row, column, text, value, formula or "")

    def _value(
        self, cell: Any, cached: str | None, inline: str | None
    ) -> tuple[str, float | str | bool | None]:
        kind = cell.get("t", "n")
        if kind == "inlineStr" or cached is None:
            return inline or "", inline
        code = self._code(cell)
        if kind == "s":
            index = integer(cached, -1)
            strings = self._book.strings
            text = strings[index] if 0 <= index < len(strings) else ""
            self.lost += index >= self._book.limit
            return formats.shown_text(text, code), text
        if kind == "b":
            return ("TRUE", True) if cached.strip() in ("1", "true") else ("FALSE", False)
        if kind in ("str", "e", "d"):
            text = unescaped(cached)
            return (formats.shown_text(text, code) if kind == "str" else text), text
        return self._number(cached, code)

    def _number(self, cached: str, code: str) -> tuple[str, float | str]:
        try:
            number = float(cached)
            if formats.is_date(code):
                moment = date_formats.iso(number, self._book.from_1904)
                value = number if moment is None else moment
            else:
                value = number
            return formats.shown(number, code, self._book.from_1904), value
        except (ValueError, ArithmeticError):  # no number, or one that no format can show
            return cached, cached

    def _code(self, cell: Any) -> str:
        style = integer(cell.get("s"))
        return self._book.formats[style] if 0 <= style < len(self._book.formats) else "General"

    def _formula(self, item: Any, row: int, column: int) -> str:
        text = item.text or ""
        index = item.get("si")
        if item.get("t") != "shared" or index is None:
            return f"={text}" if text else ""
        here = f"{get_column_letter(column)}{row}"
        try:
            if text:
                self._shared[index] = Translator(f"={text}", here)
                return f"={text}"
            first = self._shared.get(index)
            return first.translate_formula(here) if first else ""
        except (TranslatorError, TokenizerError, ValueError, IndexError):
            return f"={text}" if text else ""  # it points outside of the sheet, or is none


def text_of(item: Any) -> str:
    """A string's runs, without the readings that stand above East Asian ones."""
    if len(item) == 1 and tag(item[0]) == "s:t":
        return unescaped(item[0].text or "")
    runs = (e for e in item if tag(e) in ("s:t", "s:r"))
    texts = (e.text if tag(e) == "s:t" else "".join(t.text or "" for t in children(e, "s:t"))
             for e in runs)  # fmt: skip
    return unescaped("".join(text or "" for text in texts))


def unescaped(text: str) -> str:
    """`_x000D_` stands for a character that XML cannot hold."""
    if "_x" not in text and "\r" not in text:
        return text
    return (
        _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")
    )


@lru_cache(maxsize=65536)
def column_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _place(reference: str) -> int:
    """The column of a cell's reference; 0 where there is none that a sheet can have."""
    letters = reference.rstrip("0123456789")
    if not 0 < len(letters) <= 3 or not (letters.isascii() and letters.isalpha()):
        return 0
    return min(column_of(letters), MOST_COLUMNS)


def corners(reference: str) -> tuple[int, int, int, int] | None:
    """ "B3:D9" -> 3, 2, 9, 4; "B3" -> 3, 2, 3, 2; None where it is neither."""
    first, _, last = reference.rpartition("!")[2].partition(":")
    found = [_REFERENCE.fullmatch(part) for part in (first, last or first)]
    if not found[0] or not found[1]:
        return None
    (left, top), (right, bottom) = found[0].groups(), found[1].groups()
    area = int(top), column_of(left), int(bottom), column_of(right)
    return area if 0 < area[0] <= area[2] and area[1] <= area[3] else None
