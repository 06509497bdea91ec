"""Are the statements of real quarterly reports found whole, in one piece, with their scale?

    .venv/bin/python bench/statements.py [--filings FOLDER] [--save]

A page that has a statement's title among its first lines is one of a statement. What it prints is
taken from PDFium's plain text, apart from our reader: every amount, and the line of scale. The
tables on the page, one for each title, must hold each of these amounts as often as the page prints
it, and none more. Page numbers, and days and years in titles, may stand in no table: what of their
form does is printed as "beside", so that one may look; any other amount is a fault.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click
import pypdfium2

from tenth.documents import Document, Table, read_document

ROOT = Path(__file__).parents[1]
FILINGS = ROOT.parent / "shared/data/reports/sec-10-q"
TITLE = re.compile(
    r"^(?:condensed )?(?:consolidated )?(?:condensed )?"
    r"(?:statements of (?:consolidated )?(?:income|operations|comprehensive income|cash flows"
    r"|(?:share|stock)holders.? equity)|balance sheets"
    r"|(?:income|comprehensive income|cash flows|stockholders.? equity) statements)"
    r"(?: \(loss\))?(?: \(unaudited\))?(?: \(continued\))?$",
    re.IGNORECASE,
)
TOP = 12  # lines of a page among which its title stands
FIRST_PAGES = 16  # the statements come first in a quarterly report
AMOUNT = re.compile(r"(?<![\w.,])\(?\d[\d,]*(?:\.\d+)?(?![\d,.]*\w)")
SCALE = re.compile(
    r"\(?\b(?:in|dollars in|amounts in) (?:millions|thousands|billions)\b", re.IGNORECASE
)
BESIDE = re.compile(r"\d{1,2},?|(?:19|20)\d\d")  # a page's number, a date's day and year, a mark
FEWEST = 12  # amounts of a statement: fewer are a table of contents


@dataclass
class Page:
    """What PDFium's plain text says of a page of statements."""

    number: int
    titles: list[str]
    amounts: Counter[str]
    scales: list[str] = field(default_factory=list)


def statement_pages(path: Path) -> list[Page]:
    pages = []
    with pypdfium2.PdfDocument(path) as pdf:
        for number in range(1, min(len(pdf), FIRST_PAGES) + 1):
            text = pdf[number - 1].get_textpage().get_text_range()
            lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
            titles = [line for line in lines[:TOP] if TITLE.match(line)]
            found = amounts(lines)
            if titles and found.total() >= FEWEST:
                scales = [m[0].strip("(") for line in lines if (m := SCALE.search(line))]
                pages.append(Page(number, titles, found, scales))
    return pages


def amounts(lines: list[str]) -> Counter[str]:
    """Amounts without signs and brackets: "(1,234" and "1,234" are one."""
    return Counter(m[0].strip("(") for line in lines for m in AMOUNT.finditer(line))


def of_page(document: Document, number: int) -> list[Table]:
    return [t for t in document.tables if any(page == number for page, _ in t.parts)]


def judge(path: Path) -> tuple[int, list[str], list[str]]:
    """How many pages of statements, what is wrong with them, what stands beside the tables."""
    document, wrong, beside = read_document(path), [], []
    pages = statement_pages(path)
    for page in pages:
        here = f"{path.stem} page {page.number}"
        tables = of_page(document, page.number)
        held = amounts([c.text for t in tables for c in t.cells if c.page == page.number])
        if len(tables) != len(page.titles):
            wrong.append(f"{here}: {len(tables)} tables for {page.titles}")
        if more := held - page.amounts:
            wrong.append(f"{here}: {dict(more)} in cells, not on the page")
        left = list((page.amounts - held).elements())
        if lost := [amount for amount in left if not BESIDE.fullmatch(amount)]:
            wrong.append(f"{here}: {lost} in no table")
        if left:
            beside.append(f"{here}: {' '.join(left)}")
        if page.scales and not all(
            any(scale.lower() in f"{t.scale} {t.caption}".lower() for scale in page.scales)
            for t in tables
        ):
            wrong.append(f"{here}: scale {page.scales} is not {[t.scale for t in tables]}")
    return sum(len(page.titles) for page in pages), wrong, beside


@click.command()
@click.option("--filings", default=str(FILINGS), help="A folder of quarterly reports.")
@click.option("--save", is_flag=True, help="Write bench/results/DATE-statements.txt.")
def main(filings: str, save: bool) -> None:
    """Counts the statements that are whole, and lists what is not."""
    lines, count, faults = [], 0, 0
    for path in sorted(Path(filings).glob("*.pdf")):
        found, wrong, beside = judge(path)
        count, faults = count + found, faults + len(wrong)
        lines += [f"{path.stem}: {found} statements", *(f"  WRONG {w}" for w in wrong)]
        lines += [f"  beside {b}" for b in beside]
    lines.append(f"{count} statements, {faults} faults")
    print("\n".join(lines))
    if save:
        name = f"{date.today().isoformat()}-statements.txt"
        (ROOT / "bench/results" / name).write_text("\n".join(lines) + "\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
