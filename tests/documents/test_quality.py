"""Which text layers are believed."""

import random
import string
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from tenth.documents.ocr.quality import coverage, trouble
from tenth.documents.page.ink import Ink, Word
from tenth.documents.pdf.reader import ink_of

REPORTS = Path(__file__).parents[2].parent / "shared/data/reports"
ENGLISH = (
    "The Company recognizes revenue when control of the promised goods passes to the customer, in "
    "an amount that reflects the consideration it expects to receive in exchange for them. Cash "
    "equivalents include investments with original maturities of three months or less at purchase."
)
OTHERS = {
    "Chinese": "本公司在履行了合同中的履约义务，即在客户取得相关商品或服务控制权时确认收入。" * 8,
    "Japanese": "当社は、約束した財又はサービスの支配が顧客に移転した時点で収益を認識しております。"
    * 8,
    "Arabic": "تعترف الشركة بالإيرادات عند انتقال السيطرة على السلع الموعودة إلى العميل " * 4,
    "Russian": "Компания признаёт выручку, когда контроль над товарами переходит к покупателю " * 4,
    "German": "Die Gesellschaft erfasst Umsatzerlöse, sobald die Verfügungsmacht übergeht " * 4,
    "Polish": "Spółka ujmuje przychody w momencie przeniesienia kontroli nad towarami na klienta "
    * 4,
    "Vietnamese": "Công ty ghi nhận doanh thu khi quyền kiểm soát hàng hóa được chuyển giao " * 4,
    "Finnish": "Yhtiö tuloutetaan myynnin, kun määräysvalta luvattuihin tavaroihin siirtyy " * 4,
    "capitals": "NET INCOME AND COMPREHENSIVE INCOME ATTRIBUTABLE TO COMMON STOCKHOLDERS " * 5,
    "numbers": " ".join(f"{i * 7919 % 99991:,} ({i * 31 % 977}.{i % 10}%)" for i in range(200)),
    "formulas": "α = ∑ βᵢ xᵢ² ∫ f(x) dx ≤ ε ∂y/∂t λ‖w‖ θ̂ ∈ ℝⁿ " * 20,
    "code": "for (int i = 0; i < n; ++i) { buf[i] = tbl[(x >> 3) & 0xff] ^ crc; } /* xfrm */ " * 5,
    "codes": " ".join(
        "".join(random.Random(i).choices(string.ascii_uppercase + string.digits, k=12))
        for i in range(100)
    ),
    "hashes": " ".join(f"{random.Random(i).getrandbits(128):032x}" for i in range(40)),
}
SCANS = ("ocr_test", "ocr_test_rotated_90", "ocr_test_rotated_180", "ocr_test_rotated_270",
         "nemotron_multipage", "sample_with_rotation_mismatch")  # fmt: skip


def layer(text: str, images: tuple[tuple[float, float, float, float], ...] = ()) -> Ink:
    words = tuple(Word(word, 0, 0, 1, 1, 10) for word in text.split())
    return Ink(600, 800, words, images=images)


def shifted(text: str, by: int) -> str:
    return "".join(c if c == " " else chr(ord(c) + by) for c in text)


@pytest.mark.parametrize("kind", OTHERS)
def test_a_text_of_any_language_or_of_codes_is_believed(kind):
    assert trouble(layer(OTHERS[kind])) == ""


@pytest.mark.parametrize("by", [-29, -31, 3, -1, 4])
def test_english_with_shifted_characters_is_not(by):
    assert trouble(layer(ENGLISH)) == ""
    assert f"shifted by {by:+d}" in trouble(layer(shifted(ENGLISH, by)))


@pytest.mark.parametrize("leader", ["." * 60, " ." * 60, "…" * 20])
def test_leaders_from_labels_to_figures_are_no_letters_of_a_shifted_alphabet(leader):
    rows = [f"Regulatory assessments of the year {leader} 8{k}1 60{k}" for k in range(30)]
    assert trouble(layer(" ".join(rows))) == ""


def test_permuted_letters_are_those_of_no_language():
    letters = list(string.ascii_lowercase)
    random.Random(1).shuffle(letters)
    more = " amounts billed before services rendered become deferred until performance occurs"
    permuted = (
        (ENGLISH + more).lower().translate(str.maketrans(string.ascii_lowercase, "".join(letters)))
    )
    assert "garbled" in trouble(layer(permuted))


def test_a_column_of_yes_and_no_is_no_trouble():
    assert trouble(layer("yes yes yes none yes " * 60)) == ""


def test_permuted_ideographs_are_those_of_no_text():
    draw = random.Random(2)
    permuted = {c: chr(draw.randint(0x4E00, 0x9FA5)) for c in sorted(set(OTHERS["Chinese"]))}
    text = "".join(permuted[c] if c > "\u4e00" else c for c in OTHERS["Chinese"])
    assert "ideographs" in trouble(layer(text))


@pytest.mark.parametrize(
    "bad", ["\ufffd\ufffd", "\ue012\ue013", "(cid:12)(cid:7)", "\x05\x07", "\U000f0012\U000f0013"]
)
def test_characters_that_mean_nothing_are_garbled(bad):
    assert "mean nothing" in trouble(layer(f"some words {bad} " * 12))


def test_bytes_of_gbk_read_as_latin_are_garbled():
    assert "encoding" in trouble(layer(OTHERS["Chinese"].encode("gbk").decode("latin-1")))


def test_bullets_of_a_symbol_font_are_no_trouble():
    assert trouble(layer("\uf0b7 net sales \uf0a7 costs " * 30)) == ""


def test_a_blank_page_and_a_short_one_are_no_trouble():
    assert trouble(Ink(600, 800)) == ""
    assert trouble(layer("Page 1")) == ""
    assert trouble(layer("", images=((10, 10, 200, 100),))) == ""  # a logo on an empty page


def test_an_image_of_the_page_without_words_has_no_text_layer():
    assert trouble(layer("", images=((0, 0, 600, 800),))) == "no text layer"


def test_strips_of_a_scan_are_added_up_and_overlaps_counted_once():
    strips = tuple((0.0, 80.0 * i, 600.0, 80.0 * i + 80) for i in range(10))
    assert coverage(layer("", strips)) == 1
    assert coverage(layer("", strips[:1] * 10)) == pytest.approx(0.1)
    assert trouble(layer("", strips)) == "no text layer"


def test_a_stamp_over_a_scan_is_too_few_words():
    assert "of 2 words" in trouble(layer("EXHIBIT 17", images=((0, 0, 600, 800),)))
    assert trouble(layer(ENGLISH, images=((0, 0, 600, 800),))) == ""


@pytest.mark.parametrize("name", SCANS)
def test_the_scanned_fixtures_need_ocr(name):
    path = REPORTS / "fixtures" / f"{name}.pdf"
    if not path.exists():
        pytest.skip(f"no {path.name} here")
    with PdfDocument(path) as pdf:
        assert trouble(ink_of(pdf[0])) == "no text layer"


@pytest.mark.slow
def test_no_page_of_the_filings_and_no_printed_fixture_needs_ocr():
    paths = sorted(REPORTS.glob("sec-10-q/*.pdf"))
    if not paths:
        pytest.skip("the filings are not here")
    printed = ("multi_page", "normal_4pages", "code_and_formula", "right_to_left_01", "equations",
               "right_to_left_03", "llncsdoc", "skipped_2pages", "amt_handbook_sample")  # fmt: skip
    told = {}
    for path in [*paths, *(REPORTS / "fixtures" / f"{name}.pdf" for name in printed)]:
        with PdfDocument(path) as pdf:
            for number in range(len(pdf)):
                if why := trouble(ink_of(pdf[number])):
                    told[path.name, number + 1] = why
    assert told == {}
