"""Makes a report of a kind from a seed: the same file and the same gold each time."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from tests.documents.reports import fonts, words
from tests.documents.reports.content import make_content
from tests.documents.reports.flow import Flow, Look
from tests.documents.reports.gold import Report
from tests.documents.reports.pen import Pen
from tests.documents.reports.scans import scanned
from tests.documents.reports.sheet_files import sheet_report
from tests.documents.reports.style import Style, random_style
from tests.documents.reports.tables import draw_table
from tests.documents.reports.word_files import word_report

PAPER = ((612, 792), (595.28, 841.89))


def make(kind: str, seed: int, folder: Path) -> Report:
    """One report in `folder`, named after its kind and seed."""
    if kind not in MAKERS:
        raise ValueError(f"make: no kind {kind!r}; there are {', '.join(MAKERS)}")
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(f"{kind} {seed}")
    return MAKERS[kind](random, kind, seed, folder / f"{kind}-{seed:04d}")


def look_of(random: Random, family: str, columns: int = 1) -> Look:
    zh = family in ("song", "hei")
    company = random.choice(words.ZH_COMPANIES if zh else words.COMPANIES)
    title = random.choice(("2023年第三季度报告", "半年度报告") if zh else words.FORMS)
    footers = ("{page}", "第 {page} 页", "") if zh else ("{page}", "Page {page}", "- {page} -", "")
    return Look(
        family=family,
        size=random.choice((9, 9.5, 10)),
        leading=random.uniform(1.18, 1.4),
        margin=random.choice((48, 54, 64)),
        columns=columns,
        gutter=random.choice((18, 24, 30)),
        justify=not zh and random.random() < 0.5,
        header=f"{company} {title}" if random.random() < 0.8 else "",
        footer=random.choice(footers),
        footer_rule=random.random() < 0.3,
    )


class Writer:
    """Sets headings, text and tables of one report until it is long enough."""

    def __init__(self, random: Random, kind: str, path: Path, family: str, **page):
        self.random, self.kind, self.path, self.family = random, kind, path, family
        self.zh = family in ("song", "hei")
        columns = page.pop("columns", 1)
        width, height = page.pop("paper", None) or random.choice(PAPER)
        pen = Pen(path, width, height, thin_fills=random.random() < 0.3, **page)
        self.flow = Flow(pen, look_of(random, family, columns))
        self.tables = []

    def text(self, least: int = 1, most: int = 2) -> None:
        pool = words.ZH_SENTENCES if self.zh else words.SENTENCES
        for _ in range(self.random.randint(least, most)):
            chosen = self.random.sample(pool, self.random.randint(2, 5))
            self.flow.paragraph(("" if self.zh else " ").join(chosen))

    def heading(self) -> None:
        self.flow.heading(self.random.choice(words.ZH_HEADINGS if self.zh else words.HEADINGS))

    def foot_note(self) -> None:
        if self.random.random() < 0.3 and not self.flow.notes and self.flow.room > 120:
            pool = words.ZH_NOTES if self.zh else words.NOTES
            self.flow.notes.append(f"* {self.random.choice(pool)}")

    def table(self, style: Callable[[], Style], keep: bool = True, **content: Any) -> None:
        """One table; another is drawn where it is too wide for the page."""
        for _ in range(50):
            made = make_content(self.random, zh=self.zh, **content)
            if table := draw_table(self.flow, made, style(), keep):
                self.tables.append(table)
                return
        raise AssertionError(f"{self.path.name}: no table fits")

    def style(self, ruled: bool, family: str = "", **fixed: Any) -> Callable[[], Style]:
        """A style for a table, in the text's fonts or in any."""

        def draw() -> Style:
            face = family or self.random.choice(fonts.LATIN)
            return replace(random_style(self.random, ruled, face), **fixed)

        return draw

    def finish(self, seed: int) -> Report:
        self.flow.end_page()
        self.flow.pen.save()
        pages = self.flow.pen.pages
        return Report(self.path, self.kind, seed, pages, self.flow.blocks, self.tables)


def plain(ruled: bool) -> Callable[..., Report]:
    """Two to four tables among text, in one column."""

    def write(random: Random, kind: str, seed: int, path: Path) -> Report:
        writer = Writer(random, kind, path.with_suffix(".pdf"), random.choice(fonts.LATIN))
        for _ in range(random.randint(2, 4)):
            if random.random() < 0.7:
                writer.heading()
            writer.text(1, 2)
            writer.foot_note()
            writer.table(writer.style(ruled), levels=random.choice((1, 1, 2)))
        writer.text()
        return writer.finish(seed)

    return write


def wide(random: Random, kind: str, seed: int, path: Path) -> Report:
    """Tables of up to twelve columns on landscape pages."""
    family = random.choice(("helvetica", "times"))
    writer = Writer(random, kind, path.with_suffix(".pdf"), family, paper=(792, 612))
    for _ in range(2):
        writer.text(1, 1)
        style = writer.style(random.random() < 0.5, family, size=7.5)
        writer.table(style, columns=(6, 11), rows=(5, 16))
    return writer.finish(seed)


def merged(random: Random, kind: str, seed: int, path: Path) -> Report:
    """Headers of two levels; in grids, first columns whose cells span rows."""
    writer = Writer(random, kind, path.with_suffix(".pdf"), random.choice(fonts.LATIN))
    for i in range(random.randint(2, 3)):
        writer.text(1, 1)
        ruled = i % 2 == 0
        topics = ("income", "balance", "segments", "cash")
        spans = ruled and random.random() < 0.6
        style = writer.style(ruled)
        writer.table(style, levels=2, columns=(2, 5), topics=topics, row_spans=spans)
    return writer.finish(seed)


def over_pages(random: Random, kind: str, seed: int, path: Path) -> Report:
    """One or two tables that are longer than a page."""
    writer = Writer(random, kind, path.with_suffix(".pdf"), random.choice(fonts.LATIN))
    for _ in range(random.randint(1, 2)):
        writer.heading()
        writer.text(1, 2)
        writer.table(writer.style(random.random() < 0.5), keep=False, rows=(45, 110))
        writer.text(1, 1)
    return writer.finish(seed)


def two_columns(random: Random, kind: str, seed: int, path: Path) -> Report:
    """Text in two columns with narrow tables in it, so that a table stands beside text."""
    family = random.choice(fonts.LATIN)
    writer = Writer(random, kind, path.with_suffix(".pdf"), family, columns=2)
    writer.heading()
    for _ in range(random.randint(2, 4)):
        writer.text(2, 4)
        style = writer.style(random.random() < 0.4, family, size=7.5, gap=9)
        writer.table(style, columns=(1, 2), rows=(4, 9), levels=1)
        if random.random() < 0.5:
            writer.heading()
    writer.text(2, 3)
    return writer.finish(seed)


def turned(random: Random, kind: str, seed: int, path: Path) -> Report:
    """Pages that the file holds turned, or larger than what is shown of them."""
    family = random.choice(fonts.LATIN)
    if kind == "rotated":
        page = {
            "paper": random.choice(((792, 612), (612, 792))),
            "rotate": random.choice((90, 90, 270, 180)),
        }
    else:
        page = {"crop": tuple(random.randint(12, 60) for _ in range(4))}
    writer = Writer(random, kind, path.with_suffix(".pdf"), family, **page)
    for _ in range(2):
        writer.text(1, 2)
        writer.table(writer.style(random.random() < 0.5, family), rows=(5, 14))
    return writer.finish(seed)


def chinese(random: Random, kind: str, seed: int, path: Path, family: str = "") -> Report:
    """Chinese pages; where this machine has a CJK font, it is embedded in half of them."""
    family = family or random.choice(("song", "hei"))
    family = family if fonts.hei_file() else "song"
    writer = Writer(random, kind, path.with_suffix(".pdf"), family)
    for _ in range(random.randint(2, 3)):
        writer.heading()
        writer.text(1, 2)
        writer.table(writer.style(random.random() < 0.7, family), columns=(2, 4), rows=(5, 16))
    return writer.finish(seed)


def scan(random: Random, kind: str, seed: int, path: Path) -> Report:
    """A scan of a report of another kind."""
    if kind == "chinese-scanned":
        if not fonts.hei_file():
            raise FileNotFoundError(f"no CJK font with outlines: none of {fonts.HEI_FILES}")
        first = chinese(random, kind, seed, path.with_name(f"{path.name}-printed"), "hei")
    else:
        base = random.choice((plain(True), plain(False), merged, two_columns))
        first = base(random, kind, seed, path.with_name(f"{path.name}-printed"))
    return scanned(first, path.with_suffix(".pdf"), random)


MAKERS: dict[str, Callable[..., Report]] = {
    "ruled": plain(True),
    "borderless": plain(False),
    "wide": wide,
    "merged": merged,
    "pages": over_pages,
    "columns": two_columns,
    "rotated": turned,
    "cropped": turned,
    "chinese": chinese,
    "scanned": scan,
    "chinese-scanned": scan,
    "docx": word_report,
    "xlsx": sheet_report,
}
