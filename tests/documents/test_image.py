"""Images as documents: their pages, sizes, limits, and what is refused."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tenth.config import ReadConfig
from tenth.documents.ocr.image import count_pages, read_pages
from tenth.documents.page.ink import Draft
from tenth.documents.refusal import Refused
from tests.documents.drawn import Drawn


def drawn(text: str = "Net income 29,998") -> Drawn:
    page = Drawn(260, 60)
    page.text(20, 35, text, 12)
    return page


def pages(path: Path, config: ReadConfig | None = None, **more) -> list[Draft]:
    config = config or ReadConfig()
    numbers = range(1, count_pages(path, config) + 1)
    return list(read_pages(path, numbers, config, more.get("on_ocr", lambda number: None)))


def said(draft: Draft) -> str:
    return " ".join(draft.page.text.split())


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp", "gif", "webp"])
def test_an_image_of_each_format_is_read(tmp_path, suffix):
    path = tmp_path / f"page.{suffix}"
    drawn().image.save(path, dpi=(150, 150))
    (draft,) = pages(path)
    assert said(draft) == "Net income 29,998"
    assert draft.page.source == "ocr" and draft.page.number == 1


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "F"])
def test_an_image_of_each_mode_is_read(tmp_path, mode):
    path = tmp_path / "page.tif"
    page = drawn()
    if mode == "I;16":
        image = Image.frombytes(
            "I;16", page.image.size, struct.pack(f"<{page.image.width * page.image.height}H",
                                                 *(v * 257 for v in page.image.tobytes()))
        )  # fmt: skip
    else:
        image = page.image.convert("RGB").convert(mode) if mode != "F" else page.image.convert("F")
    image.save(path, dpi=(150, 150))
    assert said(pages(path)[0]) == "Net income 29,998"


def test_a_transparent_ground_is_white_paper(tmp_path):
    path = tmp_path / "page.png"
    ink = drawn().image.point(lambda level: 255 - level)
    image = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    image.putalpha(ink)
    image.save(path, dpi=(150, 150))
    assert said(pages(path)[0]) == "Net income 29,998"


def test_frames_of_a_tiff_are_pages(tmp_path):
    path = tmp_path / "fax.tiff"
    frames = [drawn(f"Page {n} of 3").image for n in (1, 2, 3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], dpi=(150, 150))
    seen: list[int] = []
    drafts = pages(path, on_ocr=seen.append)
    assert [said(draft) for draft in drafts] == ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3"]
    assert seen == [1, 2, 3]
    backwards = list(read_pages(path, (3, 1), ReadConfig(), lambda number: None))
    assert [said(draft) for draft in backwards] == ["Page 3 of 3", "Page 1 of 3"]
    with pytest.raises(Refused, match=r"fax.tiff: 3 pages, over the limit max_pages of 2"):
        count_pages(path, ReadConfig(max_pages=2))


def test_the_exif_orientation_and_the_resolution_are_heeded(tmp_path):
    path = tmp_path / "photo.jpg"
    image = drawn().image
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter to be seen right
    image.transpose(Image.Transpose.ROTATE_90).save(path, exif=exif, dpi=(300, 300))
    (draft,) = pages(path)
    assert said(draft) == "Net income 29,998"
    assert (draft.page.width, draft.page.height) == pytest.approx((130, 30), abs=0.5)


@pytest.mark.parametrize(("size", "dpi"), [((800, 200), 96), ((2400, 300), 150)])
def test_a_size_in_points_follows_where_no_resolution_is_stated(tmp_path, size, dpi):
    path = tmp_path / "screen.png"
    Image.new("L", size, 255).save(path)
    (draft,) = pages(path, ReadConfig(ocr="never"))
    assert (draft.page.width, draft.page.height) == pytest.approx(
        (size[0] * 72 / dpi, size[1] * 72 / dpi)
    )


def test_a_fax_with_half_the_lines_is_read_in_its_true_shape(tmp_path):
    path = tmp_path / "fax.tif"
    page = drawn()
    size = page.image.width * 204 // 150, page.image.height * 98 // 150
    page.image.resize(size).save(path, dpi=(204, 98))
    (draft,) = pages(path)
    assert said(draft) == "Net income 29,998"
    assert (draft.page.width, draft.page.height) == pytest.approx((260, 60), abs=1)


def test_without_ocr_an_image_is_a_figure(tmp_path):
    path = tmp_path / "page.png"
    drawn().image.save(path, dpi=(150, 150))
    (draft,) = pages(path, ReadConfig(ocr="never"), on_ocr=lambda number: pytest.fail("called"))
    assert draft.page.reason == "an image; OCR is off"
    assert [block.kind for block in draft.page.blocks] == ["figure"]


def test_an_image_without_text_is_a_figure(tmp_path):
    path = tmp_path / "sky.png"
    Image.linear_gradient("L").save(path)
    (draft,) = pages(path)
    assert draft.page.reason == "an image without text" and draft.page.source == "ocr"
    assert [block.kind for block in draft.page.blocks] == ["figure"]


def test_more_pixels_than_allowed_are_refused_before_they_are_decoded(tmp_path):
    path = tmp_path / "wide.png"
    drawn().image.save(path)
    with pytest.raises(Refused, match=r"wide.png: \d+ x \d+ pixels, over the limit max_pixels"):
        count_pages(path, ReadConfig(max_pixels=1000))


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be so large, of a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [12_000, 100_000])
def test_a_decompression_bomb_is_refused(tmp_path, side):
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb(side, side))
    with pytest.raises(Refused, match=r"bomb.png: .*max_pixels"):
        count_pages(path, ReadConfig())


def test_a_truncated_image_is_a_failed_page_with_the_reason(tmp_path):
    path = tmp_path / "cut.png"
    drawn().image.save(path)
    path.write_bytes(path.read_bytes()[:-900])
    (draft,) = pages(path)
    assert draft.page.source == "failed" and "truncated" in draft.page.reason


def test_what_is_no_image_is_refused(tmp_path):
    path = tmp_path / "note.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    with pytest.raises(Refused, match=r"note.png: not an image that can be read"):
        count_pages(path, ReadConfig())


def test_a_tiff_whose_frames_go_in_a_circle_ends(tmp_path):
    path = tmp_path / "circle.tif"
    drawn().image.save(path, dpi=(150, 150))
    data = bytearray(path.read_bytes())
    first = struct.unpack_from("<I", data, 4)[0]
    entries = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<I", data, first + 2 + 12 * entries, first)
    path.write_bytes(data)
    assert count_pages(path, ReadConfig()) <= 2
