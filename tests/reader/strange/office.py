"""Papers as DOCX and XLSX."""

from io import BytesIO

import docx
import xlsxwriter

from tests.reader.strange.paper import Break, Grid, Paper, Words, laid_out


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
            head, spans = laid_out(part)
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
            above = [line for line in lines[:8] if len(line) < 80] if number == 1 else []
            above += [part.title, part.scale_line]
            row = 0
            for line in filter(None, above):
                sheet.write_string(row, 0, line)
                row += 1
            for cells in (*laid_out(part)[0], *part.rows):
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
