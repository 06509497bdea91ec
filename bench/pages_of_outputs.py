"""Draws every page that a reader of the outputs sees, for the eye, and checks what a machine can.

    python bench/pages_of_outputs.py SHEETS [--filings] [--kept NAME=FOLDER]... [--save]

The sample archives in English and Chinese are read (with `--filings` the 20 quarterly reports too;
`--kept` takes a folder that was read before). The workbook is printed by LibreOffice, the summary
shown by chromium at 1280 and 390 pixels, light and dark, folded and unfolded: SHEETS/NAME holds the
contact sheets. Checked without eyes: ### and errors on paper and on the screen, recalculated values
against those that the file has, texts cut off by their neighbours, every link of workbook, summary
and pages, overflow, figures hidden by their own card, figures cut in drawn pictures. Exit code 1
where any of it is wrong. `--save` writes bench/results/DATE-pages-of-outputs.json.
"""

import io
import json
import re
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import click
import openpyxl
import pypdfium2
from lxml import html
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.mutations import FILINGS, read  # noqa: E402
from samples.reports import write_sample  # noqa: E402
from tests.reader.workbook.office import convert, recalculated  # noqa: E402

from tenth.documents.run.stored import stored_documents  # noqa: E402
from tenth.reader.ledger import read_ledger  # noqa: E402
from tenth.reader.pages import drawing  # noqa: E402
from tenth.reader.workbook.looks import text_width  # noqa: E402

BAD = re.compile(r"#{3,}|#REF!|#NAME\?|#VALUE!|#DIV/0!|#N/A|#NUM!|Err:\d+")
SIZES = {"1280": (1280, 900), "390": (390, 844)}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
HIDDEN = """id => {
  location.hash = id;
  const card = document.querySelector(':target > .card'), at = document.querySelector(':target');
  if (!at || !card) return 'no card';
  const one = card.getBoundingClientRect(), two = at.getBoundingClientRect();
  if (!two.height || two.bottom > innerHeight || two.top < one.bottom) return 'hidden';
  return '';
}"""
TRIED = 3  # figures of each page
PATIENCE = 3600  # seconds for LibreOffice
SLICE = 1800  # pixels of a page's height in one picture


# The workbook


def workbook(out: Path, folder: Path) -> dict:
    path = out / "workbook.xlsx"
    pages = printed(path, folder / "paper")
    contact([image for _, image in pages], folder / "workbook", 3, 2, (800, 800))
    screen = folder / "screen" / path.name
    without_print_areas(path, screen)
    texts = [text for text, _ in printed(screen, folder / "screen", draw=False)]
    sheets = Counter(text.split("\n")[0].strip()[-60:] for text, _ in pages)
    formulas, differ, errors = recalculation(path, folder / "anew")
    links, broken = workbook_links(path, out)
    return {
        "pages": len(pages), "sheets": len(openpyxl.load_workbook(path, read_only=True).sheetnames),
        "most_pages_of_a_heading": sheets.most_common(1)[0][1],
        "pages_with_errors": sum(bool(BAD.search(text)) for text, _ in pages),
        "screen_pages_with_errors": sum(bool(BAD.search(text)) for text in texts),
        "formulas": formulas, "formulas_that_differ": differ, "error_cells": errors,
        "links": links, "broken_links": broken, "cut_texts": list(cut_texts(path)),
    }  # fmt: skip


def printed(path: Path, folder: Path, draw: bool = True) -> list[tuple[str, Image.Image | None]]:
    convert(path, folder, "pdf", PATIENCE)
    found = []
    with closing(pypdfium2.PdfDocument(folder / f"{path.stem}.pdf")) as pdf:
        for page in pdf:
            with closing(page), closing(page.get_textpage()) as text:
                image = page.render(scale=100 / 72).to_pil() if draw else None
                found.append((text.get_text_range(), image))
    return found


def without_print_areas(path: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                areas = rb'<definedName name="_xlnm.Print_Area"[^>]*>[^<]*</definedName>'
                content = re.sub(areas, b"", content)
            new.writestr(name, content)


def recalculation(path: Path, folder: Path) -> tuple[int, int, int]:
    """Formulas, those whose value LibreOffice gives otherwise, cells with an error."""
    anew, cached = (
        recalculated(path, folder, PATIENCE),
        openpyxl.load_workbook(path, data_only=True),
    )
    formulas = differ = errors = 0
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            was = cached[sheet.title][cell.coordinate].value
            now = anew[sheet.title][cell.coordinate].value
            errors += bool(BAD.search(str(now)))
            if cell.data_type == "f":
                formulas += 1
                number = isinstance(was, int | float) and isinstance(now, int | float)
                differ += abs(was - now) > 1e-9 * max(1, abs(was)) if number else was != now
    return formulas, differ, errors


def workbook_links(path: Path, out: Path) -> tuple[int, int]:
    book, ids = openpyxl.load_workbook(path), {}
    count = broken = 0
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink):
            count += 1
            link = cell.hyperlink
            if link.target:
                broken += not leads(out / unquote(link.target), link.location or "", ids)
            else:
                name, _, at = (link.location or "").rpartition("!")
                name = name.strip("'").replace("''", "'")
                broken += name not in book.sheetnames or book[name][at].value is None
    return count, broken


def cut_texts(path: Path) -> Iterator[str]:
    """Texts that are wider than their column and have a filled neighbour: they show in part."""
    for sheet in openpyxl.load_workbook(path):
        widths = {}
        for letter, column in sheet.column_dimensions.items():
            first = column.min or openpyxl.utils.column_index_from_string(letter)
            widths |= dict.fromkeys(range(first, (column.max or first) + 1), column.width)
        for row in sheet.iter_rows():
            for cell, beside in zip(row, [*row[1:], None], strict=True):
                text = cell.value if cell.data_type == "s" else None
                if not text or cell.alignment.wrap_text:
                    continue
                room = widths.get(cell.column, 8.43) + 0.6
                right = cell.alignment.horizontal == "right"
                filled = right or (beside is not None and beside.value not in (None, ""))
                if filled and text_width(text, bool(cell.font.bold)) * cell.font.size / 9 > room:
                    yield f"{sheet.title}!{cell.coordinate}: {text[:60]}"


# The summary and the pages


def leads(path: Path, anchor: str, ids: dict[Path, set[str]]) -> bool:
    if path not in ids:
        tree = html.parse(str(path)) if path.is_file() and path.suffix == ".html" else None
        ids[path] = set(tree.xpath("//@id")) if tree is not None else set()
    return path.is_file() and (not anchor or anchor in ids[path])


def html_links(out: Path) -> dict:
    ids: dict[Path, set[str]] = {}
    counts = {}
    for kind, paths in (("summary", [out / "summary.html"]), ("pages", (out / "pages").glob("*.html"))):  # fmt: skip  # noqa: E501
        links = [
            (path, link) for path in paths for link in html.parse(str(path)).xpath("//@href|//@src")
        ]
        wrong = 0
        for path, link in links:
            name, _, anchor = link.partition("#")
            wrong += not leads(path.parent / unquote(name) if name else path, anchor, ids)
        counts[kind] = {"links": len(links), "broken": wrong}
    return counts


def summary(out: Path, folder: Path, browser: Browser) -> dict:
    results = {}
    for name, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.set_default_timeout(0)
            problems: list[str] = []
            page.on("console", lambda message, to=problems: to.append(message.text))
            page.on("pageerror", lambda error, to=problems: to.append(str(error)))
            page.goto((out / "summary.html").as_uri())
            results[f"{name} {scheme}"] = one = {}
            for fold in ("folded", "unfolded"):
                if fold == "unfolded":
                    page.evaluate(
                        "document.querySelectorAll('details').forEach(d => d.open = true)"
                    )
                one[fold] = page.evaluate("document.documentElement.scrollHeight")
                one[f"{fold}_wider"] = page.evaluate(WIDE)
                one[f"{fold}_tables_wider"] = page.evaluate(
                    "[...document.querySelectorAll('.scroll')]"
                    ".filter(t => t.scrollWidth > t.clientWidth + 1).length")  # fmt: skip
                photographed(page, one[fold], folder / f"summary-{name}-{scheme}-{fold}")
            one["problems"] = problems
            page.close()
    return results


def pages(out: Path, browser: Browser) -> dict:
    found = {"pages": 0, "wider": 0, "figures_tried": 0, "figures_hidden": 0}
    for width, height in SIZES.values():
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(0)
        for path in sorted((out / "pages").glob("*.html")):
            page.goto(path.as_uri())
            found["pages"] += 1
            found["wider"] += page.evaluate(WIDE)
            facts = html.parse(str(path)).xpath("//a[@class='fact']/@id|//td[@class='cited']/a/@id")
            for fact in facts[:: max(1, len(facts) // TRIED)][:TRIED]:
                found["figures_tried"] += 1
                found["figures_hidden"] += bool(page.evaluate(HIDDEN, fact))
        page.close()
    return found


def drawn(out: Path) -> dict:
    """Figures of formats without pages, as `tenth ask --source` draws them: is each one whole?"""
    tables = {(s.sha256, k): table for s in stored_documents(out)
              for k, table in enumerate(s.document.tables, 1)}  # fmt: skip
    facts = [fact for fact in read_ledger(out).facts().values()
             if fact.place.box is None and (fact.sha256, fact.table) in tables]  # fmt: skip
    cut, clipped = 0, drawing.clipped
    for fact in facts:
        told: list[tuple[str, str]] = []
        drawing.clipped = lambda text, *rest, to=told: (
            to.append((text, clipped(text, *rest))) or text
        )
        drawing.drawn_table(tables[fact.sha256, fact.table], fact)
        cut += not any(text == shown and fact.verbatim in text for text, shown in told)
    drawing.clipped = clipped
    return {"figures": len(facts), "cut": cut}


# Contact sheets


def contact(images: list, folder: Path, across: int, down: int, size: tuple[int, int]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(images), across * down):
        sheet = Image.new("RGB", (size[0] * across, size[1] * down), "#999")
        for k, image in enumerate(images[first : first + across * down]):
            image = image.convert("RGB")
            image.thumbnail((size[0] - 6, size[1] - 6), Image.Resampling.LANCZOS)
            sheet.paste(image, (k % across * size[0], k // across * size[1]))
        sheet.save(folder / f"{first // (across * down):03}.png")


def photographed(page: Page, height: int, folder: Path) -> None:
    """A tall page as slices side by side; one picture of it takes minutes on a busy machine."""
    size = page.viewport_size or {}
    page.set_viewport_size({"width": size["width"], "height": SLICE})
    parts = []
    for top in range(0, height, SLICE):
        page.evaluate(f"scrollTo(0, {top})")
        parts.append(Image.open(io.BytesIO(page.screenshot())))
    page.set_viewport_size(size)
    across = 2 if size["width"] > 600 else 6
    contact(parts, folder, across, 1, (size["width"] + 6, SLICE + 6))


def outputs(filings: bool, kept: tuple[str, ...], folder: Path) -> Iterator[tuple[str, Path]]:
    given = dict(one.split("=", 1) for one in kept)
    for language in ("en", "zh"):
        name = f"sample-{language}"
        if name not in given:
            write_sample(folder / f"{name}.zip", language)
            given[name] = str(read(folder / f"{name}.zip", folder / name))
    if filings and "filings" not in given:
        given["filings"] = str(read(FILINGS, folder / "filings"))
    yield from ((name, Path(path).resolve()) for name, path in sorted(given.items()))


def is_right(one: dict) -> bool:
    book, links = one["workbook"], one["links"]
    return not (
        any(book[key] for key in ("pages_with_errors", "screen_pages_with_errors", "error_cells",
                                  "formulas_that_differ", "broken_links", "cut_texts"))
        or any(kind["broken"] for kind in links.values())
        or any(s["folded_wider"] or s["unfolded_wider"] or s["problems"]
               for s in one["summary"].values())
        or one["pages"]["wider"] or one["pages"]["figures_hidden"] or one["drawn"]["cut"]
    )  # fmt: skip


@click.command()
@click.argument("sheets", type=click.Path(path_type=Path))
@click.option("--filings", is_flag=True, help="The 20 quarterly reports too.")
@click.option("--kept", multiple=True, metavar="NAME=FOLDER", help="An output that is there.")
@click.option("--save/--no-save", "keep", default=False)
def main(sheets: Path, filings: bool, kept: tuple[str, ...], keep: bool) -> None:
    """Draws and checks; exits with 1 where something is wrong."""
    results = {}
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with tempfile.TemporaryDirectory(prefix="tenth-pages-") as name, sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for which, out in outputs(filings, kept, Path(name)):
            folder = sheets / which
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            results[which] = one = {
                "workbook": workbook(out, folder), "links": html_links(out),
                "summary": summary(out, folder, browser), "pages": pages(out, browser),
                "drawn": drawn(out),
            }  # fmt: skip
            print(which, json.dumps(one, indent=1, ensure_ascii=False), flush=True)
        browser.close()
    right = {which: is_right(one) for which, one in results.items()}
    print("right:", right)
    if keep:
        path = ROOT / "bench/results" / f"{date.today().isoformat()}-pages-of-outputs.json"
        command = "python bench/pages_of_outputs.py SHEETS" + " --filings" * ("filings" in results)
        told = {"date": date.today().isoformat(), "command": command, "right": right, **results}
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        print(f"wrote {path.relative_to(ROOT)}")
    sys.exit(not all(right.values()))


if __name__ == "__main__":
    main()
