"""Makes DOCX reports: paragraphs and tables with merged cells and marked header rows."""

from pathlib import Path
from random import Random

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from openpyxl.utils import get_column_letter

from tests.documents.reports import words
from tests.documents.reports.content import Content, Head, make_content
from tests.documents.reports.gold import GoldBlock, GoldCell, GoldTable, Report

NOWHERE = (0.0, 0.0, 0.0, 0.0)  # the format has no positions


class WordWriter:
    def __init__(self, random: Random, zh: bool):
        self.random, self.zh = random, zh
        self.file = Document()
        self.blocks: list[GoldBlock] = []
        self.tables: list[GoldTable] = []

    def add(self, kind: str, text: str, style: str = "Normal") -> None:
        self.file.add_paragraph(text, style)
        self.blocks.append(GoldBlock(kind, text, 0, NOWHERE))

    def heading(self, text: str, level: int) -> None:
        self.file.add_heading(text, level)
        self.blocks.append(GoldBlock("heading", text, 0, NOWHERE))

    def text(self) -> None:
        pool = words.ZH_SENTENCES if self.zh else words.SENTENCES
        self.add("paragraph", ("" if self.zh else " ").join(self.random.sample(pool, 3)))

    def table(self, content: Content) -> None:
        self.add("caption", content.caption, "Caption")
        if content.scale:
            self.add("caption", content.scale)
        rows, columns = content.header_rows + len(content.rows), len(content.columns)
        table = self.file.add_table(
            rows, columns, self.random.choice(("Table Grid", "Normal Table"))
        )
        gold = GoldTable(
            n_rows=rows, n_columns=columns, header_rows=content.header_rows,
            caption=content.caption, scale=content.scale,
        )  # fmt: skip
        self.blocks.append(GoldBlock("table", "", 0, NOWHERE, table=len(self.tables)))
        self.tables.append(gold)
        for head in content.heads:
            self.cell(table, gold, head, True)
        for i, row in enumerate(content.rows):
            for column, text in enumerate(row.texts):
                if text:
                    down, across = (row.row_span, row.label_span) if column == 0 else (1, 1)
                    place = Head(content.header_rows + i, column, text, down, across)
                    self.cell(table, gold, place, False)
        for i in range(content.header_rows):
            mark_header(table, i)
        gold.cells.sort(key=lambda cell: (cell.row, cell.column))

    def cell(self, table: WordTable, gold: GoldTable, place: Head, header: bool) -> None:
        text = place.text.replace("\n", " ").replace("|", " ")
        cell = table.cell(place.row, place.column)
        if place.row_span * place.column_span > 1:
            last = table.cell(place.row + place.row_span - 1, place.column + place.column_span - 1)
            cell = cell.merge(last)
        cell.text = text
        ref = f"table {len(self.tables)}!{get_column_letter(place.column + 1)}{place.row + 1}"
        gold.cells.append(
            GoldCell(
                place.row, place.column, text, place.row_span, place.column_span, header, ref=ref
            )
        )


def mark_header(table: WordTable, row: int) -> None:
    """As a word processor's "repeat as header row" does."""
    properties = table.rows[row]._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def span_heads(content: Content) -> None:
    """A head under no other reaches up to the table's top."""
    covered = {c for h in content.heads if h.column_span > 1
               for c in range(h.column, h.column + h.column_span)}  # fmt: skip
    for head in content.heads:
        if head.row and head.column not in covered:
            head.row, head.row_span = 0, head.row + 1


def word_report(random: Random, kind: str, seed: int, path: Path) -> Report:
    zh = random.random() < 0.3
    writer = WordWriter(random, zh)
    writer.heading(random.choice(words.ZH_HEADINGS if zh else words.HEADINGS), 1)
    for _ in range(random.randint(2, 4)):
        writer.text()
        spans = not zh and random.random() < 0.3
        topics = ("income", "balance", "segments", "cash") if zh or spans else None
        content = make_content(random, zh=zh, rows=(4, 14), row_spans=spans, topics=topics)
        if random.random() < 0.5:
            span_heads(content)
        writer.table(content)
        for note in content.notes:
            writer.add("paragraph", note)
    path = path.with_suffix(".docx")
    writer.file.save(str(path))
    return Report(path, kind, seed, [], writer.blocks, writer.tables)
