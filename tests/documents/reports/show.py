"""Prints a report's tables as they are and as tenth finds them, and saves pictures of its pages.

python -m tests.documents.reports.show KIND SEED [FOLDER]
"""

import sys
import tempfile
from itertools import zip_longest
from pathlib import Path

from tests.documents.reports.generator import make
from tests.documents.reports.gold import GoldTable, Report
from tests.documents.reports.scores import match, same_cell, score
from tests.documents.reports.texts import compact

WIDTH = 34


def picture(report: Report, folder: Path, found=None) -> None:
    """Pages with the gold's boxes in green, those of found cells that are not right in red."""
    import pypdfium2
    from PIL import ImageDraw

    zoom = 1.8
    document = pypdfium2.PdfDocument(report.path)
    for number, page in enumerate(document, 1):
        image = page.render(scale=zoom).to_pil().convert("RGB")
        draw = ImageDraw.Draw(image)
        for tables, colour in ((report.tables, "green"), (found.tables if found else (), "red")):
            for cell in (c for t in tables for c in t.cells if c.page == number and c.box):
                draw.rectangle([v * zoom for v in cell.box], outline=colour)
        image.save(folder / f"{report.path.stem}-{number}.png")
    document.close()


def side_by_side(gold: GoldTable, found) -> None:
    """Rows of both; "!" before what is not in the other."""
    ours, theirs = compact(gold.cells), compact(found.cells)
    print(f"  gold  {gold.kind}, {gold.n_rows} x {gold.n_columns}, {gold.header_rows} header rows,")
    print(f"        caption {gold.caption!r}, scale {gold.scale!r}, parts {gold.parts}")
    print(f"  found {found.n_rows} x {found.n_columns}, {found.header_rows} header rows,")
    print(f"        caption {found.caption!r}, scale {found.scale!r}, parts {found.parts}")
    for row in range(max((r for r, _ in (*ours, *theirs)), default=-1) + 1):
        lines = []
        for grid, other in ((ours, theirs), (theirs, ours)):
            line = []
            for r, c in sorted(grid):
                if r == row:
                    right = (r, c) in other and same_cell(ours[r, c], theirs[r, c])
                    cell, down, across = grid[r, c]
                    spans = f" [{down}x{across}]" if cell.header and down * across > 1 else ""
                    line.append(f"{'' if right else '!'}{c}:{cell.text[:WIDTH]}{spans}")
            lines.append(" | ".join(line))
        print("   ", lines[0] if lines[0] == lines[1] else f"{lines[0]}\n  ->  {lines[1]}")


def main(kind: str, seed: str, folder: str = "") -> None:
    from tenth.documents.read import read_document

    place = Path(folder or tempfile.mkdtemp())
    report = make(kind, int(seed), place)
    found = read_document(report.path)
    pairs = match(report.tables, found.tables)
    for i, gold in enumerate(report.tables):
        print(f"\ntable {i}, found as {pairs.get(i)}")
        side_by_side(gold, found.tables[pairs[i]] if i in pairs else GoldTable())
    extra = [found.tables[j] for j in range(len(found.tables)) if j not in pairs.values()]
    for table in extra:
        print("\nfound, but in no gold:")
        side_by_side(GoldTable(), table)
    print("\nblocks (gold | found)")
    theirs = [f"{b.kind[:9]:9} {b.text[:60]}" for page in found.pages for b in page.blocks]
    ours = [f"{b.kind[:9]:9} {b.text[:60]}" for b in report.blocks]
    for a, b in zip_longest(ours, theirs, fillvalue=""):
        print(f"  {a:72} | {b}")
    print(f"\n{report.path}\n{score(report, found).line()}")
    if report.path.suffix == ".pdf":
        picture(report, place, found)
        print(f"pictures in {place}")


if __name__ == "__main__":
    main(*sys.argv[1:])
