"""Papers as files: PDF by reportlab, HTML as EDGAR writes it, DOCX, XLSX."""

import html
from io import BytesIO
from pathlib import Path

import docx
import xlsxwriter
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from tests.documents.reports.fonts import CID, register
from tests.reader.strange.paper import Break, Grid, Paper, Words

FIGURE = set("0123456789,.()-+%$€¥ —–HKRMBUS")


def write(paper: Paper, kind: str, folder: Path) -> Path:
    path = folder / f"{paper.name}.{kind}"
    path.write_bytes(WRITERS[kind](paper))
    return path


def _is_figure(text: str) -> bool:
    return any(char.isdigit() for char in text) and set(text) <= FIGURE


# PDF


def to_pdf(paper: Paper) -> bytes:
    font = register(CID) if paper.language == "zh" else "Times-Roman"
    body = ParagraphStyle("body", fontName=font, fontSize=9, leading=13, spaceAfter=5,
                          wordWrap="CJK" if paper.language == "zh" else None)  # fmt: skip
    title = ParagraphStyle("title", parent=body, fontSize=11, leading=15, alignment=TA_CENTER)
    flow: list = []
    for part in paper.parts:
        if isinstance(part, Break):
            flow.append(PageBreak())
        elif isinstance(part, Words):
            flow.append(Paragraph(html.escape(part.text), title if part.level else body))
        else:
            if part.title:
                flow.append(Paragraph(html.escape(part.title), title))
            if part.scale_line:
                flow.append(Paragraph(html.escape(part.scale_line), title))
            flow += [_pdf_table(part, font, paper.language == "zh"), Spacer(0, 10)]
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4, leftMargin=40, rightMargin=40, invariant=1).build(flow)
    return out.getvalue()


def _pdf_table(grid: Grid, font: str, ruled: bool) -> Table:
    head, spans = _spans(grid)
    size = 8 if len(grid.columns) < 6 else 7
    cells = [[_wrapped(c, font, size, len(grid.columns)) for c in row] for row in grid.rows]
    style = [
        ("FONT", (0, 0), (-1, -1), font, size), ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("LINEBELOW", (1, len(head) - 1), (-1, len(head) - 1), 0.5, "black"),
    ]  # fmt: skip
    for row, first, last in spans:
        style += [("SPAN", (first, row), (last, row)),
                  ("ALIGN", (first, row), (last, row), "CENTER"),
                  ("LINEBELOW", (first, row), (last, row), 0.5, "black")]  # fmt: skip
    if ruled:
        style.append(("GRID", (0, 0), (-1, -1), 0.4, "black"))
    first = 150 if len(grid.columns) > 4 else 190
    widths = [first, *[(515 - first) / len(grid.columns)] * len(grid.columns)]
    heads = [[_wrapped(c, font, size, len(grid.columns)) for c in row] for row in head]
    return Table(heads + cells, style=style, colWidths=widths, repeatRows=len(head))


def _wrapped(text: str, font: str, size: float, columns: int) -> str:
    """Lines broken by hand where a cell is too narrow, so that they stay plain text."""
    room = (16 if columns < 4 else 9) if any("一" <= c <= "鿿" for c in text) else 46
    if _is_figure(text) or len(text) <= room:
        return text
    if any("一" <= char <= "鿿" for char in text):
        return "\n".join(text[i : i + room] for i in range(0, len(text), room))
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 40:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _spans(grid: Grid) -> tuple[list[list[str]], list[tuple[int, int, int]]]:
    """Header rows in which "<" goes on with the cell before it."""
    spans, rows = [], []
    for number, row in enumerate(grid.head):
        cells, start = list(row), 0
        for i in range(1, len(cells) + 1):
            if i == len(cells) or cells[i] != "<":
                if i - start > 1:
                    spans.append((number, start, i - 1))
                start = i
        rows.append(["" if cell == "<" else cell for cell in cells])
    return rows, spans


# HTML: signs and closing parentheses in cells of their own, as EDGAR's filers do


def to_html(paper: Paper) -> bytes:
    out = ["<html><head><meta charset='utf-8'><title></title></head><body>"]
    for part in paper.parts:
        if isinstance(part, Break):
            out.append("<hr style='page-break-after:always'/>")
        elif isinstance(part, Words):
            tag = f"h{part.level}" if part.level else "p"
            out.append(f"<{tag}>{html.escape(part.text)}</{tag}>")
        else:
            out += [f"<p style='text-align:center'><b>{html.escape(line)}</b></p>"
                    for line in (part.title, part.scale_line) if line]  # fmt: skip
            out.append(_html_table(part, paper.language == "en"))
    return ("\n".join(out) + "</body></html>").encode()


def _html_table(grid: Grid, apart: bool) -> str:
    lines = ["<table>"]
    for row in grid.head:
        cells, i = [], 0
        while i < len(row):
            last = i + 1
            while last < len(row) and row[last] == "<":
                last += 1
            span = (last - i) * 3 if apart and i else last - i
            cells.append(f"<td colspan='{span}'>{html.escape(row[i])}</td>")
            i = last
        lines.append(f"<tr>{''.join(cells)}</tr>")
    for row in grid.rows:
        cells = [f"<td>{html.escape(row[0])}</td>"]
        for text in row[1:]:
            cells += _apart(text) if apart else [f"<td>{html.escape(text)}</td>"]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def _apart(text: str) -> list[str]:
    sign, rest = ("$", text[1:].strip()) if text.startswith("$") else ("", text)
    close = next((end for end in (")%", ")", "%") if rest.endswith(end)), "")
    rest = rest.removesuffix(close)
    return [f"<td>{html.escape(piece)}</td>" for piece in (sign, rest, close)]


# Office


def to_docx(paper: Paper) -> bytes:
    document = docx.Document()
    for part in paper.parts:
        if isinstance(part, Break):
            document.add_page_break()
        elif isinstance(part, Words):
            document.add_paragraph(part.text, f"Heading {part.level}" if part.level else None)
        else:
            for line in filter(None, (part.title, part.scale_line)):
                document.add_paragraph(line)
            head, spans = _spans(part)
            rows = head + [list(row) for row in part.rows]
            made = document.add_table(len(rows), len(part.columns) + 1, "Table Grid")
            for i, row in enumerate(rows):
                for j, text in enumerate(row):
                    made.cell(i, j).text = text
            for row, first, last in spans:
                made.cell(row, first).merge(made.cell(row, last))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def to_xlsx(paper: Paper) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    number = 0
    lines: list[str] = []
    for part in paper.parts:
        if isinstance(part, Words):
            lines.append(part.text)
        elif isinstance(part, Grid):
            number += 1
            sheet = book.add_worksheet(f"Sheet{number}")
            above = [*lines[:8], part.title, part.scale_line] if number == 1 else [
                part.title, part.scale_line]  # fmt: skip
            row = 0
            for line in filter(None, above):
                sheet.write_string(row, 0, line)
                row += 1
            for cells in (*_spans(part)[0], *part.rows):
                for column, text in enumerate(cells):
                    _write_cell(book, sheet, row, column, text)
                row += 1
    book.close()
    return out.getvalue()


def _write_cell(book, sheet, row: int, column: int, text: str) -> None:
    bare = text.replace(",", "").replace("$", "").strip()
    negative = bare.startswith("(") and bare.endswith(")")
    try:
        number = float(bare.strip("()"))
    except ValueError:
        sheet.write_string(row, column, text) if text else None
        return
    if column == 0 or (len(bare) == 4 and bare.startswith(("19", "20"))):
        sheet.write_string(row, column, text)
    else:
        places = len(bare.strip("()").partition(".")[2])
        shown = book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
        sheet.write_number(row, column, -number if negative else number, shown)


WRITERS = {"pdf": to_pdf, "html": to_html, "docx": to_docx, "xlsx": to_xlsx}
