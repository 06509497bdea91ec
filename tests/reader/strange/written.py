"""Papers as files: PDF by reportlab, HTML as EDGAR writes it, DOCX, XLSX."""

import html
from io import BytesIO
from pathlib import Path

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from tests.documents.reports.fonts import CID, register
from tests.reader.strange.office import to_docx, to_xlsx
from tests.reader.strange.paper import Break, Grid, Paper, Words, laid_out

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
    head, spans = laid_out(grid)
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


WRITERS = {"pdf": to_pdf, "html": to_html, "docx": to_docx, "xlsx": to_xlsx}
