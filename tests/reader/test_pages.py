"""Pages behind the figures: files back from archives, the ink inside the box, links that hold."""

import hashlib
import io
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np
import pypdfium2
import pytest
from lxml import html
from openpyxl import Workbook
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tenth.documents import read_document
from tenth.documents.model import Cell, Table
from tenth.reader.model import Fact, Period, Place, Said
from tenth.reader.pages import Sources, drawing, page_image, source_image, write_pages
from tenth.reader.pages.cells import excerpt

NOW = Period("2023-07-01", "2023-09-30")


def pdf(path: Path, rotation: int = 0, crop: bool = False, password: str = "") -> Path:
    canvas = Canvas(str(path), (400, 300), invariant=True, encrypt=password or None)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(60, 220, "Net sales")
    canvas.drawString(250, 150, "81,797")
    canvas.drawString(60, 250, "(In millions)")
    canvas.showPage()
    canvas.save()
    if rotation or crop:
        document = pypdfium2.PdfDocument(path)
        if rotation:
            document[0].set_rotation(rotation)
        if crop:
            document[0].set_cropbox(40, 100, 380, 280)
        document.save(path.with_suffix(".new"))
        document.close()
        path.with_suffix(".new").replace(path)
    return path


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fact(path: Path, place: Place, name: str = "", **changes) -> Fact:
    made = Fact(
        "a1b2c3", "Acme", "Revenues", "Net sales", NOW, Decimal(81_797_000_000), "currency",
        "USD", 1_000_000, "ok", name or path.name, hash_of(path), place, "81,797",
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def place_of(path: Path, text: str) -> Place:
    """Where our own reader says that a word stands."""
    document = read_document(path)
    for table in document.tables:
        for cell in table.cells:
            if text in cell.text and cell.box:
                return Place(cell.page, cell.box)
    block = next(b for page in document.pages for b in page.blocks if text in b.text)
    return Place(block.page, block.box)


def ink(image: Image.Image, box, scale: float) -> float:
    part = np.asarray(image.convert("L"))[
        round(box[1] * scale) : round(box[3] * scale), round(box[0] * scale) : round(box[2] * scale)
    ]
    return float((part < 128).mean())


@pytest.mark.parametrize(("rotation", "crop"), [(0, False), (90, False), (180, True), (270, True)])
def test_a_page_is_drawn_as_its_boxes_say_it_is_shown(tmp_path, rotation, crop):
    path = pdf(tmp_path / "a.pdf", rotation, crop)
    place = place_of(path, "81,797")
    image = page_image(path, "pdf", 1, 2.0)
    assert ink(image, place.box, 2.0) > 0.1
    around = [place.box[0] - 6, place.box[1] - 6, place.box[2] + 6, place.box[3] + 6]
    all_ink, own = np.asarray(image.convert("L")) < 128, ink(image, place.box, 2.0)
    assert ink(image, around, 2.0) < own  # it hugs the ink
    assert all_ink.sum() > 0


def test_an_image_is_drawn_at_the_size_that_its_boxes_are_in(tmp_path):
    page_image(pdf(tmp_path / "a.pdf"), "pdf", 1, 150 / 72).save(
        tmp_path / "scan.png", dpi=(150, 150)
    )
    image = page_image(tmp_path / "scan.png", "image", 1, 2.0)
    assert abs(image.width - 800) <= 2
    assert abs(image.height - 600) <= 2
    with pytest.raises(ValueError, match="no page 2"):
        page_image(tmp_path / "scan.png", "image", 2, 2.0)


def test_what_cannot_be_drawn_says_why(tmp_path):
    path = pdf(tmp_path / "a.pdf")
    with pytest.raises(ValueError, match="no page 7; it has 1"):
        page_image(path, "pdf", 7, 1.0)
    with pytest.raises(ValueError, match="encrypted"):
        page_image(pdf(tmp_path / "locked.pdf", password="secret"), "pdf", 1, 1.0)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing else")
    with pytest.raises(ValueError, match="cannot be opened"):
        page_image(tmp_path / "broken.pdf", "pdf", 1, 1.0)
    with pytest.raises(ValueError, match="'docx' are no pictures"):
        page_image(path, "docx", 1, 1.0)


def test_a_poster_is_drawn_smaller(tmp_path):
    canvas = Canvas(str(tmp_path / "poster.pdf"), (14000, 14000))
    canvas.showPage()
    canvas.save()
    image = page_image(tmp_path / "poster.pdf", "pdf", 1, 2.0)
    assert image.width * image.height < 6_100_000


def test_the_figure_is_boxed_in_red_and_what_it_rests_on_in_blue(tmp_path):
    path = pdf(tmp_path / "a.pdf")
    one = fact(path, place_of(path, "81,797"),
               said=(Said("scale", "(In millions)", place_of(path, "(In millions)")),))  # fmt: skip
    png = source_image(one, path)
    assert png == source_image(one, path)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    red = (pixels[..., 0] > 150) & (pixels[..., 1] < 80)
    blue = (pixels[..., 2] > 150) & (pixels[..., 0] < 80)
    x0, y0, x1, y1 = (value * 150 / 72 for value in one.place.box)
    rows, columns = np.nonzero(red)
    assert columns.min() <= x0
    assert columns.max() >= x1
    assert rows.min() <= y0
    assert rows.max() >= y1
    assert columns.max() - columns.min() < x1 - x0 + 20
    assert blue.any()


def sheet(path: Path, rows: int = 400) -> tuple[Path, Table, tuple[int, int]]:
    book = Workbook()
    page = book.active
    page.append(["项目", "2023", "2022"])
    for i in range(rows):
        page.append([f"第{i}行", i * 10, i * 7])
    book.save(path)
    table = read_document(path).tables[0]
    cell = next(c for c in table.cells if c.text == "3000")
    return path, table, (cell.row, cell.column)


def test_a_sheets_cell_is_shown_among_its_neighbours(tmp_path):
    path, table, (row, column) = sheet(tmp_path / "a.xlsx")
    cell = next(c for c in table.cells if (c.row, c.column) == (row, column))
    one = fact(path, Place(1, None, cell.ref), table=1, row=row, column=column, label="第300行")
    image = Image.open(io.BytesIO(source_image(one, path, "xlsx", table)))
    assert image.height < 1000  # not all 400 rows
    with pytest.raises(ValueError, match=f"a1b2c3 stands at {cell.ref}, which cannot be drawn"):
        source_image(one, path, "xlsx")
    with Sources([path], tmp_path / "out") as sources:
        link = write_pages(tmp_path / "out", [one], sources, lambda fact: table)(one)
    tree = html.parse(tmp_path / "out" / link.split("#")[0])
    assert tree.xpath("//td/a[@id='a1b2c3']/text()")[0].strip() == "3000"
    shown = tree.xpath("//table[@class='grid']//text()")
    assert "第300行" in shown
    assert "第301行" in shown
    assert "第100行" not in shown
    assert "2023" in shown


def test_a_figure_without_page_or_table_is_listed_with_its_place(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Net sales were 81,797 million.")
    one = fact(path, Place(0, None, "line 1"), statement="text")
    with Sources([path], tmp_path / "out") as sources:
        link = write_pages(tmp_path / "out", [one], sources)(one)
    tree = html.parse(tmp_path / "out" / link.split("#")[0])
    assert tree.xpath("//*[@id='a1b2c3']")


def written(tmp_path: Path, facts: list[Fact], *paths: Path):
    with Sources(list(paths), tmp_path / "out") as sources:
        return write_pages(tmp_path / "out", facts, sources)


def test_every_cited_fact_is_a_box_on_its_page_once(tmp_path):
    path = pdf(tmp_path / "a report & more.pdf")
    one = fact(path, place_of(path, "81,797"), label="<b>Net</b> & sales")
    other = fact(path, place_of(path, "Net sales"), id="d4e5f6")
    link = written(tmp_path, [one, other], path)
    page = tmp_path / "out" / link(one).split("#")[0]
    assert link(one).startswith("pages/")
    tree = html.parse(page)
    assert len(tree.xpath("//a[@id='a1b2c3']")) == len(tree.xpath("//a[@id='d4e5f6']")) == 1
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not tree.xpath("//script | //link")
    assert "<b>Net</b> & sales" in tree.xpath("//a[@id='a1b2c3']/@title")[0]
    (image,) = tree.xpath("//img")
    assert image.get("alt")
    assert (page.parent / image.get("src").replace("%26", "&")).is_file()
    assert link(fact(path, Place(), id="nobody")) == ""


def test_pages_are_not_drawn_again_and_stale_ones_go(tmp_path):
    path, second = pdf(tmp_path / "a.pdf"), pdf(tmp_path / "b.pdf", rotation=90)
    one, other = (fact(p, place_of(p, "81,797"), id=p.stem) for p in (path, second))
    written(tmp_path, [one, other], path, second)
    folder = tmp_path / "out" / "pages"
    before = {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.iterdir()}
    assert len(before) == 4
    path.unlink()  # not needed: its page is there
    written(tmp_path, [one], path)
    after = {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.iterdir()}
    assert len(after) == 2
    assert all(before[name] == after[name] for name in after)


def test_the_same_pages_are_the_same_bytes(tmp_path):
    path = pdf(tmp_path / "a.pdf")
    one = fact(path, place_of(path, "81,797"))
    contents = []
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        with Sources([path], tmp_path / name) as sources:
            write_pages(tmp_path / name, [one], sources)
        contents.append({p.name: p.read_bytes() for p in (tmp_path / name / "pages").iterdir()})
    assert contents[0] == contents[1]


def test_a_page_that_cannot_be_drawn_says_so_and_lists_its_figures(tmp_path):
    path = pdf(tmp_path / "a.pdf")
    one = fact(path, place_of(path, "81,797"))
    locked = pdf(tmp_path / "locked.pdf", password="secret")
    one = msgspec.structs.replace(one, document="locked.pdf", sha256=hash_of(locked))
    link = written(tmp_path, [one], locked)
    text = (tmp_path / "out" / link(one).split("#")[0]).read_text()
    assert "encrypted" in text
    assert 'id="a1b2c3"' in text
    assert not list((tmp_path / "out" / "pages").glob("*.png"))


def test_a_figure_in_a_cell_over_two_columns_is_drawn_whole(tmp_path):
    """Its sign and digits are one cell over two narrow columns."""
    cells = [
        Cell(0, 0, "In millions", header=True), Cell(0, 1, "2023", header=True),
        Cell(1, 0, "Restructuring"), Cell(1, 1, "(14,747,123,456,789)", column_span=2),
        Cell(2, 0, "Other"), Cell(2, 1, "1"), Cell(2, 2, ")"),
    ]  # fmt: skip
    table = Table(tuple(cells), 3, 3, 1)
    part = excerpt(table, [(1, 1)])
    font = drawing._font(False)
    room = sum(drawing._widths(part, (1, 1), font)[1:]) - 2 * drawing.PAD
    assert drawing.clipped("(14,747,123,456,789)", room, font) == "(14,747,123,456,789)"


def test_a_number_is_never_cut_into_another():
    font = drawing._font(False)
    assert drawing.clipped("(14,747)", 30, font) == "…"
    assert drawing.clipped("Cash and cash equivalents", 120, font).startswith("Cash")
    assert drawing.clipped("(14,747)", 500, font) == "(14,747)"
