"""Pages that are drawn, worn and read again; each reading here is a real one."""

import socket
from pathlib import Path

import msgspec
import numpy as np
import pypdfium2
import pytest
from PIL import ImageDraw, ImageOps

from tenth.config import ReadConfig
from tenth.documents.model import Block, Cell, Page, Table
from tenth.documents.ocr.recognition import better, one_by_one, read_image
from tenth.documents.ocr.scan import Pieces, dark, gray, sharpened, turned
from tenth.documents.ocr.words import Line, evened, parted, words_of
from tenth.documents.page.ink import Draft, Ink, Word
from tenth.documents.page.shown import as_shown, shown_box
from tests.documents.drawn import Box, Drawn, statement
from tests.documents.reports.fonts import hei_file

FIXTURES = Path(__file__).parents[2].parent / "shared/data/reports/fixtures"
SENTENCE = "Docling bundles PDF document conversion to JSON and Markdown in an easy self contained"


def read(page: Drawn) -> Ink:
    return read_image(page.image, page.scale, "no text layer", ReadConfig())


def small(chinese: bool = False) -> Drawn:
    """Three rows of a table, and its heading."""
    page = Drawn(400, 130)
    page.text(30, 30, "现金流量表" if chinese else "Statements of Cash Flows", 13)
    for i, (label, numbers) in enumerate(
        (("Net income", "29,998 34,630"), ("Depreciation", "2,916 2,697"), ("Other", "(317) 167"))
    ):
        y = 60 + 18 * i
        page.text(30, y, ("净利润", "折旧费用", "其他")[i] if chinese else label, 9)
        for x, number in zip((250, 330), numbers.split(), strict=True):
            page.text(x, y, number, 9, right=True)
    return page


def placed(ink: Ink) -> list[tuple[str, Box]]:
    """Words and boxes on the page as it is shown."""
    boxes = [(word.text, (word.x0, word.y0, word.x1, word.y1)) for word in ink.words]
    at = ink.shown
    return boxes if at is None else [(text, shown_box(box, at)) for text, box in boxes]


def assert_read(page: Drawn, ink: Ink, within: float = 1.5) -> None:
    """Each word once, its box within so many points."""
    words = placed(ink)
    assert sorted(text for text, _ in words) == sorted(text for text, _ in page.words)
    for text, gold in page.words:
        off = [
            max(abs(a - b) for a, b in zip(gold, box, strict=True))
            for read, box in words
            if read == text
        ]
        assert min(off) <= within, (text, min(off))


def test_words_and_numbers_come_apart_with_boxes_that_hug_their_ink():
    page = small()
    ink = read(page)
    assert_read(page, ink, within=0.8)
    assert ink.source == "ocr" and ink.reason == "no text layer" and ink.shown is None
    assert (ink.width, ink.height) == pytest.approx((400, 130), abs=0.5)


def test_a_size_and_a_baseline_are_those_of_the_print():
    ink = read(small())
    word = next(word for word in ink.words if word.text == "Statements")
    assert word.size == pytest.approx(13, rel=0.1) and word.base == pytest.approx(30, abs=0.7)
    body = next(word for word in ink.words if word.text == "Depreciation")
    assert body.size == pytest.approx(9, rel=0.12) and body.base == pytest.approx(78, abs=0.7)


def test_letters_that_touch_stand_on_the_baseline_of_their_line():
    ink = np.array([(10.0, 20.0, 34.0, 40.0), (36.0, 20.0, 46.0, 36.0)])  # "pai", "d"
    line = Line((5, 15, 50, 45), "paid", [13.0, 20.0, 27.0, 41.0])
    [word] = words_of(line, Pieces(ink, []), 1.0)
    assert word.base == pytest.approx(35.6, abs=0.5)
    assert word.size == pytest.approx(21, abs=1)


def test_lines_side_by_side_that_overlap_at_their_ends_keep_their_height():
    left, right = Line((0, 20, 175, 65), "December 31,", []), Line((173, 29, 278, 73), "Change", [])
    assert [line.box for line in parted([left, right])] == [(0, 20, 175, 65), (173, 29, 278, 73)]
    upper, lower = Line((0, 20, 175, 65), "Note", []), Line((5, 55, 178, 99), "2024", [])
    assert [line.box[1::2] for line in parted([upper, lower])] == [(20, 60), (60, 99)]


def test_measured_sizes_become_the_few_that_a_page_has():
    sizes = [9.8, 9.9, 10.1, 8.1, 8.2, 12.3]
    words = [Word("text", 0, 0, 9, 9, size, 9) for size in sizes]
    even = [word.size for word in evened(words)]
    assert even[0] == even[1] == even[2] and even[3] == even[4] and len({*even}) == 3
    assert even == pytest.approx(sizes, abs=0.25)
    assert evened([]) == []


def test_ink_of_ocr_can_be_stored_and_is_the_same_each_time():
    page = small().skewed(1).noisy(8)
    first, second = (msgspec.json.encode(read(page)) for _ in range(2))
    assert first == second and msgspec.json.decode(first, type=Ink) == read(page)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_is_read_upright_and_placed_as_shown(quarters):
    page = small().quarters(quarters)
    ink = read(page)
    assert_read(page, ink)
    assert ink.shown is not None
    assert (ink.shown.width, ink.shown.height) == pytest.approx((page.width, page.height), abs=0.5)
    assert ink.width > ink.height  # upright, it is wide


@pytest.mark.parametrize("degrees", [-4.0, 1.0])
def test_a_skewed_page_is_straightened_and_placed_as_shown(degrees):
    page = small().skewed(degrees).noisy(8)
    ink = read(page)
    assert_read(page, ink)
    rows = {word.text: word.base for word in ink.words}
    assert rows["Depreciation"] == pytest.approx(rows["2,697"], abs=1.2)


@pytest.mark.parametrize("skew", [-5.0, -1.3, -0.4, 0.3, 2.0, 5.0])
def test_a_skew_is_found_to_a_twentieth_of_a_degree(skew):
    page = statement(1).skewed(skew).noisy(8)
    assert sharpened(gray(page.image), page.scale, round(skew)) == pytest.approx(skew, abs=0.06)


def test_turning_and_straightening_lead_back_to_the_page():
    page = np.full((300, 200), 255, np.uint8)
    page[40:44, 150:154] = 0
    for quarters in range(4):
        for skew in (0.0, 3.0):
            upright, back = turned(page, quarters, skew)
            y, x = (float(v.mean()) for v in np.nonzero(upright < 128))
            assert back[:2] @ (x + 0.5, y + 0.5, 1) == pytest.approx((152, 42), abs=0.6)


def test_ruling_lines_are_found_and_letters_are_none():
    page = small()
    for x in (25, 180, 262, 340):
        page.line(x, 44, x, 104)
    for y in (44, 64, 84, 104):
        page.line(25, y, 340, y)
    ink = read(page.noisy(8))
    assert_read(page, ink)
    across = sorted({round(rule.y0) for rule in ink.rules if rule.horizontal})
    down = sorted({round(rule.x0) for rule in ink.rules if not rule.horizontal})
    assert len(ink.rules) == 8
    assert across == pytest.approx([44, 64, 84, 104], abs=1)
    assert down == pytest.approx([25, 180, 262, 340], abs=1)


def test_a_hairline_at_the_edge_of_a_shade_is_a_rule():
    page = small()
    page.shade((20, 20, 380, 44), level=215)
    at = [v * page.scale for v in (20, 44, 380, 44)]
    ImageDraw.Draw(page.image).line(at, 150, 1)
    [rule] = read(page.noisy(5)).rules
    assert rule.horizontal and rule.x1 - rule.x0 == pytest.approx(360, abs=4)


def test_a_page_without_lines_has_no_rules():
    assert read(small()).rules == ()


def test_print_on_a_shaded_band_is_read_and_hugged():
    page = Drawn(400, 130)
    page.shade((20, 48, 350, 64), level=215)
    page.text(30, 60, "Net income", 9)
    page.text(330, 60, "34,630", 9, right=True)
    assert_read(page, read(page), within=1)


def test_white_print_on_a_dark_band_is_hugged():
    page = Drawn(400, 130)
    page.text(30, 60, "Net income", 9)
    page.text(330, 60, "34,630", 9, right=True)
    band = (40, 95, 730, 140)  # in pixels
    page.image.paste(ImageOps.invert(page.image.crop(band)), band)
    assert_read(page, read(page), within=1)


def test_shades_and_noise_are_no_ink():
    page = Drawn(200, 200)
    page.shade((20, 20, 180, 180), level=225)
    assert not dark(gray(page.noisy(10).image), page.scale)[150:260, 150:260].any()


def test_headings_whose_lines_nearly_touch_are_read_line_by_line():
    """Detection may draw one box around both; read as one line, they are no word."""
    page = small()
    page.shade((240, 2, 345, 24), level=215)
    for right, year in ((250, "2022"), (335, "2021")):
        page.text(right, 12, "June 25,", 9, right=True)
        page.text(right - 6, 19.8, year, 9, right=True)
    assert_read(page, read(page.noisy(4)), within=2)


def test_a_box_is_parted_only_where_no_ink_is():
    page = np.full((100, 400), 255, np.uint8)
    page[10:28, 20:380:6] = page[34:52, 20:380:6] = 0
    box = (15, 8, 390, 54)
    parts = one_by_one(page, box, 22.0)
    assert [round(part[1]) for part in parts] == [8, pytest.approx(31, abs=4)]
    page[20:40, 60:90] = 0  # a letter of a headline
    page[20:40, 200:300:3] = 0
    assert one_by_one(page, box, 22.0) == [box]
    assert one_by_one(page, (15, 8, 390, 30), 22.0) == [(15, 8, 390, 30)]


def test_single_digits_dashes_and_signs_in_a_table_are_words():
    page = Drawn(420, 190)
    for i, (label, left, right) in enumerate(
        (("Net sales", "1,204", "7"), ("Goodwill", "—", "385"), ("Interest", "2", "—"),
         ("Leases", "—", "(4)"), ("Taxes", "58", "9"))
    ):  # fmt: skip
        y = 30 + 18 * i
        page.text(30, y, label, 9)
        page.text(200, y, "$", 9)
        page.text(280, y, left, 9, right=True)
        page.text(390, y, right, 9, right=True)
    assert_read(page, read(page.noisy(8)))


def test_a_blank_page_has_no_words():
    ink = read(Drawn(300, 200).noisy(5))
    assert ink.words == () and ink.rules == ()


def test_a_page_longer_than_a_band_is_read_once():
    page = Drawn(300, 1100)
    for i in range(54):
        page.text(30, 30 + 20 * i, f"{i + 1:,} apples", 9)
    ink = read(page)
    assert_read(page, ink)


def test_a_fine_scan_gives_the_same_points():
    page = small()
    page.image = page.image.resize((page.image.width * 3, page.image.height * 3))
    ink = read_image(page.image, page.scale * 3, "", ReadConfig())
    assert_read(page, ink, within=1)


@pytest.mark.skipif(hei_file() is None, reason="no CJK font with outlines here")
def test_chinese_lines_are_runs_beside_numbers():
    page = small(chinese=True).noisy(8)
    assert_read(page, read(page))


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    from tenth.documents.ocr.recognition import engine

    engine.cache_clear()
    page = small()
    assert_read(page, read(page))


def fixture(name: str) -> Ink:
    path = FIXTURES / f"{name}.pdf"
    if not path.exists():
        pytest.skip(f"no {path.name} here")
    with pypdfium2.PdfDocument(path) as pdf:
        image = pdf[0].render(scale=150 / 72).to_pil()
    return read_image(image, 150 / 72, "", ReadConfig())


@pytest.mark.parametrize("angle", ["", "_rotated_90", "_rotated_180", "_rotated_270"])
def test_the_fixture_is_read_whichever_way_it_lies(angle):
    words = " ".join(word.text for word in fixture(f"ocr_test{angle}").words)
    assert words == f"{SENTENCE} package"


def test_a_typed_letter_is_read():
    text = " ".join(word.text for word in fixture("sample_with_rotation_mismatch").words)
    assert "THE SLEREXE COMPANY LIMITED" in text
    assert "In facsimile a photocell is caused to perform a raster scan over" in text


@pytest.mark.slow
@pytest.mark.parametrize("chinese", [False, True])
def test_a_worn_statement_loses_no_number(chinese):
    if chinese and hei_file() is None:
        pytest.skip("no CJK font with outlines here")
    page = statement(4, chinese, ruled=True).skewed(-0.8).noisy(12)
    words = placed(read(page))
    numbers = sorted(text for text, _ in page.words if any(c.isdigit() for c in text))
    assert sorted(text for text, _ in words if any(c.isdigit() for c in text)) == numbers


def test_positions_of_a_draft_go_back_to_the_page_as_shown():
    page = small().quarters(1)
    ink = read(page)
    word = next(w for w in ink.words if w.text == "Depreciation")
    box = (word.x0, word.y0, word.x1, word.y1)
    cells = (Cell(0, 0, "Depreciation", page=1, box=box),)
    table = Table(cells, 1, 1, page=1, box=box, parts=((1, box),))
    blocks = (Block("table", page=1, box=box, table=0), Block("paragraph", "no place"))
    draft = as_shown(Draft(Page(1, blocks, ink.width, ink.height), (table,)), ink)
    gold = next(box for text, box in page.words if text == "Depreciation")
    places = (draft.page.blocks[0].box, draft.tables[0].box, draft.tables[0].cells[0].box,
              draft.tables[0].parts[0][1])  # fmt: skip
    for found in places:
        assert found == pytest.approx(gold, abs=1)
    assert draft.page.blocks[1].box is None
    assert (draft.page.width, draft.page.height) == pytest.approx((130, 400), abs=0.5)


def ink_saying(text: str, reason: str = "") -> Ink:
    return Ink(600, 800, tuple(Word(t, 0, 0, 1, 1, 9) for t in text.split()), reason=reason)


def test_the_text_layer_stays_where_ocr_reads_less():
    text = ink_saying("net income was 29,998 million")
    assert better(text, ink_saying("", "garbled")) is text
    assert better(text, ink_saying("net", "garbled")) is text
    whole = ink_saying("net income was 29,998 million", "garbled")
    assert better(ink_saying("QHW LQFRPH ZDV"), whole) is whole
    assert better(Ink(600, 800), ink_saying("", "no text layer")).words == ()


def test_a_few_words_over_a_picture_stay_where_ocr_sees_no_more():
    reason = "a text layer of 3 words over an image of the page"
    text = ink_saying("Annual Report 2023")
    assert better(text, ink_saying("Annual Report 2023", reason)) is text
    more = ink_saying("Annual Report 2023 EXHIBIT with many more words", reason)
    assert better(text, more) is more
