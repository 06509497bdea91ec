"""Reads files with one reader and writes what it found as JSON: run as a program of its own, by
the Python that has the reader, so that its memory and time are its own.

    python peers.py READER OUT.json FILE...     a line for each file; READERS are below
"""

import json
import re
import sys
import time
from pathlib import Path

EMPTY = re.compile(r"NaN|Unnamed: \d+")  # what pandas, below MarkItDown, writes for empty cells


def table_of(rows: list[list[str]], **more) -> dict:
    """A grid of texts as a table; empty cells are left out."""
    cells = [
        {"row": r, "column": c, "text": text}
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text and text.strip()
    ]
    return {"cells": cells, **more}


def tenth_reader(**settings):
    import msgspec

    from tenth.config import ReadConfig
    from tenth.documents.read import read_document

    def read(path: str) -> dict:
        document = read_document(path, ReadConfig(**settings))
        tables = [
            {
                "cells": [msgspec.structs.asdict(cell) for cell in table.cells],
                "header_rows": table.header_rows,
                "caption": table.caption,
                "scale": table.scale,
                "parts": table.parts or (((table.page, table.box),) if table.box else ()),
            }
            for table in document.tables
        ]
        blocks = [
            {"kind": b.kind, "text": b.text, "page": b.page or page.number, "table": b.table}
            for page in document.pages
            for b in page.blocks
        ]
        return {"tables": tables, "blocks": blocks}

    return read


def plumber_reader(**settings):
    import pdfplumber

    def read(path: str) -> dict:
        tables = []
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_text()
                for found in page.find_tables(settings):
                    parts = [(page.page_number, found.bbox)]
                    cells = [
                        {
                            "row": r, "column": c, "text": text,
                            "page": page.page_number, "box": row.cells[c],
                        }
                        for r, (row, texts) in enumerate(
                            zip(found.rows, found.extract(), strict=True)
                        )
                        for c, text in enumerate(texts)
                        if text and text.strip()
                    ]  # fmt: skip
                    tables.append({"cells": cells, "parts": parts})
                page.close()
        return {"tables": tables, "blocks": []}

    return read


def markitdown_reader():
    from markitdown import MarkItDown

    convert = MarkItDown().convert

    def read(path: str) -> dict:
        return {"tables": markdown_tables(convert(path).text_content), "blocks": []}

    return read


def markdown_tables(text: str) -> list[dict]:
    """Groups of lines that begin with a bar; the line of dashes is no row."""
    tables: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("|"):
            row = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in row):
                tables[-1].append(["" if EMPTY.fullmatch(cell) else cell for cell in row])
        elif tables[-1]:
            tables.append([])
    return [table_of(rows) for rows in tables if rows]


READERS = {
    "tenth": lambda: tenth_reader(),
    "tenth, text alone": lambda: tenth_reader(tables=False),
    "pdfplumber": lambda: plumber_reader(),
    "pdfplumber, text strategy": lambda: plumber_reader(
        vertical_strategy="text", horizontal_strategy="text"
    ),
    "MarkItDown": markitdown_reader,
}


def main(reader: str, out: str, *paths: str) -> None:
    read = READERS[reader]()
    with open(out, "w") as file:
        file.write(json.dumps({"ready": time.time()}) + "\n")
        file.flush()  # whoever measures may begin now
        for path in paths:
            begun = time.perf_counter()
            try:
                found = read(path)
            except Exception as error:
                found = {"error": f"{type(error).__name__}: {error}", "tables": [], "blocks": []}
            found |= {"name": Path(path).name, "seconds": time.perf_counter() - begun}
            file.write(json.dumps(found, default=float) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
