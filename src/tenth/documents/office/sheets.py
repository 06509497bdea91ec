"""Reads workbooks (xlsx, xlsm, xls, xlsb, ods): a page for each sheet, tables with every cell's
reference, value, formula and the text it shows."""

import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tenth.config import ReadConfig
from tenth.documents.model import Block, Chart, Document, Page, Table
from tenth.documents.native import MOST_TABLES, cell_limit
from tenth.documents.office.formats import general
from tenth.documents.office.package import Package, open_package, refuse_ole, title_of
from tenth.documents.office.regions import Area, merged, regions
from tenth.documents.office.sheet_parts import areas, comments, drawings
from tenth.documents.office.sheet_tables import peeled, reference, table, titled
from tenth.documents.office.sheet_xml import Raw, SheetReader, Workbook, corners
from tenth.documents.refusal import Refused


class Draft:
    """A document while its sheets are read."""

    def __init__(self, name: str, kind: str, config: ReadConfig):
        self.name = name
        self.kind = kind
        self.config = config
        self.pages: list[Page] = []
        self.tables: list[Table] = []
        self.charts: list[Chart] = []
        self.warnings: list[str] = []
        self.limit, self.limit_name = cell_limit(config)
        self.left = self.limit

    def take(self, cells: Iterable[Raw], sheet: str) -> list[Raw]:
        """As many as the limit leaves."""
        cells = iter(cells)
        taken = list(islice(cells, self.left))
        self.left -= len(taken)
        if not self.left and (over := next(cells, None)):
            self.warnings.append(
                f"{reference(sheet, over.row, over.column)}: not read, nor what follows in its "
                f"sheet: {self.limit:,} cells are read, {self.limit_name}"
            )
        return taken

    def add(
        self, sheet: str, cells: list[Raw], named: Iterable[Area] = (), drawn: Iterable[Block] = (),
        notes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        number = len(self.pages) + 1
        blocks: list[Block] = []
        most = 2 * MOST_TABLES - len(self.tables)  # some are lines above the others
        found = regions(cells, tuple(named), most)
        if len(found) > most:
            raise Refused(
                f"{self.name}: its cells fall into more than {MOST_TABLES:,} tables, "
                "parted by blank rows and columns"
            )
        for region, labels in titled(found):
            lines, rest = peeled(region) if region.area is None else ([], region.cells)
            for line in labels + lines:
                blocks.append(Block("caption", line, page=number))
            if len(rest) == 1 and isinstance(rest[0].value, str) and not rest[0].formula:
                blocks.append(Block("paragraph", rest[0].text, page=number))
                continue
            made = table(rest, sheet, number, labels + lines, region.area)
            blocks.append(Block("table", page=number, table=len(self.tables)))
            self.tables.append(made)
        blocks += drawn
        for ref, text in notes.items():
            place = corners(ref)
            where = reference(sheet, place[0], place[1]) if place else sheet
            blocks.append(Block("note", f"{where}: {text}", page=number))
        self.pages.append(Page(number, tuple(blocks), name=sheet))

    def document(self, title: str = "") -> Document:
        return Document(
            kind=self.kind,
            pages=tuple(self.pages),
            tables=tuple(self.tables),
            charts=tuple(self.charts),
            title=title,
            warnings=tuple(self.warnings),
        )


def read(path: Path, config: ReadConfig) -> Document:
    if not zipfile.is_zipfile(path):
        refuse_ole(path, allowed=True)
        return _read_by_calamine(path, config, "xls")
    with open_package(path, config) as package:
        if "xl/workbook.bin" in package or "content.xml" in package:
            package.check_all()
            kind = "ods" if "content.xml" in package else "xlsb"
            return _read_by_calamine(path, config, kind)
        return _read_workbook(package, config)


def _read_workbook(package: Package, config: ReadConfig) -> Document:
    draft = Draft(package.name, "xlsx", config)
    book = Workbook(package, draft.limit)
    unknown = lost = 0
    for sheet in book.sheets:
        if sheet.hidden:
            draft.warnings.append(f"sheet {sheet.name!r} is hidden")
        reader = SheetReader(book, sheet.part)
        cells = draft.take(reader.cells(), sheet.name)
        unknown += reader.unknown
        lost += reader.lost
        drawn = drawings(package, sheet.part, len(draft.pages) + 1)
        draft.charts += drawn.charts
        draft.add(
            sheet.name,
            merged(cells, reader.merges),
            areas(package, sheet.part),
            drawn.blocks,
            comments(package, sheet.part),
        )
    if lost:
        draft.warnings.append(
            f"{lost:,} texts not read: {draft.limit:,} entries of the string table are read, "
            f"{draft.limit_name}"
        )
    if unknown:
        draft.warnings.append(f"{unknown:,} formulas have no value: no program has computed them")
    return draft.document(title_of(package))


def _read_by_calamine(path: Path, config: ReadConfig, kind: str) -> Document:
    """Values without formulas or number formats: calamine reads no more of these kinds."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    draft = Draft(path.name, kind, config)
    try:
        book = CalamineWorkbook.from_path(path)
        for about in book.sheets_metadata:
            if about.visible is not SheetVisibleEnum.Visible:
                draft.warnings.append(f"sheet {about.name!r} is hidden")
            sheet = book.get_sheet_by_name(about.name)
            cells = draft.take(_cells(sheet), about.name)
            spans = [
                (top + 1, left + 1, bottom + 1, right + 1)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            ]
            draft.add(about.name, merged(cells, spans))
    except PasswordError as error:
        raise Refused(f"{path.name}: is encrypted; save it without its password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(f"{path.name}: is damaged: {error}") from error
    draft.warnings.append(f"{kind}: values alone are read, without formulas and number formats")
    return draft.document()


def _cells(sheet: Any) -> Iterable[Raw]:
    if sheet.start is None:
        return
    top, left = sheet.start
    for row, line in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        for column, value in enumerate(line, left + 1):
            if value != "" and not (isinstance(value, str) and not value.strip()):
                text, plain = _shown(value)
                yield Raw(row, column, text, plain)


def _shown(value: Any) -> tuple[str, float | str | bool]:
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), value
    if isinstance(value, int | float):
        return general(value), float(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date | time):
        return value.isoformat(), value.isoformat()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        text = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        return text, text
    return str(value), str(value)
