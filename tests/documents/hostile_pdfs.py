"""PDFs and images made to harm whoever reads them, each built by a function with a free path."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOSTILE: dict[str, Callable[[Path], Any]] = {}
BLOCK = 16 << 20


def hostile(suffix: str) -> Callable[[Callable[[Path], Any]], Callable[[Path], Any]]:
    def named(build: Callable[[Path], Any]) -> Callable[[Path], Any]:
        HOSTILE[build.__name__ + suffix] = build
        return build

    return named


# PDF


def write_pdf(path: Path, *objects: bytes, xref: bool = True, trailer: bytes = b"") -> None:
    """Objects numbered from 1; the first is the catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    if xref:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (len(objects) + 1, trailer)
    path.write_bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 5 0 R >>"
FONT = b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
WORDS = b"BT /F 12 Tf 72 700 Td (A page with a few words on it) Tj ET\n"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def packed(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 1), b"/Filter /FlateDecode " + entries)


def inflating(block: bytes, times: int) -> bytes:
    """A zlib stream of the block again and again, made without packing it as often."""
    made = zlib.compressobj(9)
    first = made.compress(block) + made.flush(zlib.Z_FULL_FLUSH)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    again = raw.compress(block) + raw.flush(zlib.Z_FULL_FLUSH)
    return first + again * (times - 1) + b"\x03\0" + bytes(4)


def write_page(path: Path, content: bytes, resources: bytes = FONT, *more: bytes) -> None:
    write_pdf(path, CATALOG, PAGES, PAGE, content, resources, *more)


@hostile(".pdf")
def cyclic_page_tree(path: Path) -> None:
    tree = b"<< /Type /Pages /Kids [3 0 R 2 0 R 6 0 R] /Count 9 >>"
    inner = b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 6 0 R] /Count 9 >>"
    write_pdf(path, CATALOG, tree, PAGE, stream(WORDS), FONT, inner)


@hostile(".pdf")
def cyclic_parents(path: Path) -> None:
    """A page that inherits its size from itself."""
    page = b"<< /Type /Page /Parent 3 0 R /Contents 4 0 R /Resources 5 0 R >>"
    write_pdf(path, CATALOG, PAGES, page, stream(WORDS), FONT)


@hostile(".pdf")
def a_wide_page_tree(path: Path) -> None:
    """Claims a billion pages."""
    write_pdf(path, CATALOG, PAGES.replace(b"/Count 1", b"/Count 1000000000"), PAGE,
              stream(WORDS), FONT)  # fmt: skip


@hostile(".pdf")
def cyclic_forms(path: Path) -> None:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources 5 0 R"
    resources = FONT[:-3] + b" /XObject << /A 6 0 R /B 7 0 R >> >>"
    first = stream(WORDS + b"/B Do /B Do\n", form)
    second = stream(WORDS + b"/A Do /A Do\n", form)
    write_page(path, stream(WORDS + b"/A Do\n"), resources, first, second)


@hostile(".pdf")
def forms_of_forms(path: Path) -> None:
    """Twelve forms that each draw the next ten times: 10^12 words."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources 5 0 R"
    forms = b" ".join(b"/X%d %d 0 R" % (n, 6 + n) for n in range(12))
    resources = FONT[:-3] + b" /XObject << " + forms + b" >> >>"
    bodies = [stream(b"/X%d Do\n" % (n + 1) * 10, form) for n in range(11)]
    write_page(path, stream(b"/X0 Do\n"), resources, *bodies, stream(WORDS, form))


@hostile(".pdf")
def a_million_shapes(path: Path) -> None:
    lines = b"".join(b"%d %d 5 5 re f\n" % (n % 600, n // 1300) for n in range(1_000_000))
    write_page(path, packed(WORDS + lines))


@hostile(".pdf")
def a_million_letters(path: Path) -> None:
    line = b"BT /F 4 Tf 1 0 0 1 %d %d Tm (letters and 1,234 figures) Tj ET\n"
    lines = b"".join(line % (n % 60 * 10, n // 60) for n in range(45_000))
    write_page(path, packed(lines))


@hostile(".pdf")
def many_crowded_pages(path: Path) -> None:
    """Forty pages of 60,000 letters and 20,000 lines each."""
    line = b"BT /F 4 Tf 1 0 0 1 %d %d Tm (12,345 678) Tj ET\n"
    content = b"".join(line % (n % 60 * 10, n // 60 * 7) for n in range(6_000))
    content += b"".join(
        b"%d %d m %d 780 l S\n" % (n % 600, n // 600, n % 600) for n in range(20_000)
    )
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(40))
    page = PAGE.replace(b"4 0 R", b"3 0 R").replace(b"5 0 R", b"4 0 R")
    write_pdf(path, CATALOG, b"<< /Type /Pages /Kids [%b] /Count 40 >>" % kids, packed(content),
              FONT, *[page] * 40)  # fmt: skip


@hostile(".pdf")
def flate_bomb(path: Path) -> None:
    """A gigabyte of spaces to draw."""
    bomb = inflating(b" " * BLOCK, 64)
    write_page(path, stream(bomb, b"/Filter /FlateDecode"))


@hostile(".pdf")
def flate_of_flate(path: Path) -> None:
    bomb = zlib.compress(inflating(b" " * BLOCK, 64))
    write_page(path, stream(bomb, b"/Filter [/FlateDecode /FlateDecode]"))


@hostile(".pdf")
def huge_image(path: Path) -> None:
    """60,000 x 60,000 pixels of gray: 3.6 GB."""
    entries = (b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray "
               b"/BitsPerComponent 8 /Filter /FlateDecode")  # fmt: skip
    write_page(path, stream(b"600 0 0 700 0 0 cm /I Do\n"), b"<< /XObject << /I 6 0 R >> >>",
               stream(inflating(bytes(BLOCK), 215), entries))  # fmt: skip


@hostile(".pdf")
def a_page_of_miles(path: Path) -> None:
    """A page that is far too large to be drawn whole, with an image over all of it."""
    page = PAGE.replace(b"612 792", b"2000000000 2000000000")
    entries = (b"/Type /XObject /Subtype /Image /Width 100 /Height 100 /ColorSpace /DeviceGray "
               b"/BitsPerComponent 8")  # fmt: skip
    write_pdf(path, CATALOG, PAGES, page, stream(b"2000000000 0 0 2000000000 0 0 cm /I Do\n"),
              b"<< /XObject << /I 6 0 R >> >>", packed(bytes(10_000), entries))  # fmt: skip


@hostile(".pdf")
def deep_dictionaries(path: Path) -> None:
    depth = 200_000
    write_page(path, stream(WORDS), b"<< /A " * depth + b"1" + b" >>" * depth)


@hostile(".pdf")
def deep_arrays(path: Path) -> None:
    write_page(path, packed(WORDS + b"[" * 1_000_000))


@hostile(".pdf")
def truncated_xref(path: Path) -> None:
    write_page(path, stream(WORDS))
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"xref") + 30])


@hostile(".pdf")
def a_million_objects(path: Path) -> None:
    """Without a list of them, so that a reader looks for them."""
    write_pdf(path, CATALOG, PAGES, PAGE, stream(WORDS), FONT, *[b"1"] * 1_000_000, xref=False)


@hostile(".pdf")
def cyclic_references(path: Path) -> None:
    """The length of a stream is the stream, the list before the list is the list."""
    content = stream(WORDS).replace(b"/Length %d" % len(WORDS), b"/Length 4 0 R")
    write_pdf(path, CATALOG, PAGES, PAGE, content, FONT, trailer=b"/Prev 9")


@hostile(".pdf")
def encrypted(path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), encrypt="secret")
    canvas.drawString(72, 700, "A page that nobody may read")
    canvas.save()


# Images


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def write_png(path: Path, width: int, height: int, data: bytes, *before: bytes) -> None:
    head = png_chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + head + b"".join(before) + png_chunk(b"IDAT", data)
        + png_chunk(b"IEND", b"")
    )  # fmt: skip


@hostile(".png")
def png_bomb(path: Path) -> None:
    write_png(path, 60_000, 60_000, inflating(bytes(BLOCK), 215))


@hostile(".png")
def png_within_limits(path: Path) -> None:
    """As many pixels as are allowed, white, so that nothing is to be read on them."""
    write_png(path, 8_000, 8_000, zlib.compress((b"\0" + b"\xff" * 8_000) * 8_000))


@hostile(".png")
def png_of_noise(path: Path) -> None:
    """As many pixels as are allowed, all of it specks."""
    import random

    row = random.Random(0).randbytes(1 << 20)
    lines = (b"\0" + row[n * 37 : n * 37 + 8_000] for n in range(8_000))
    write_png(path, 8_000, 8_000, zlib.compress(b"".join(lines), 1))


@hostile(".png")
def png_text_bomb(path: Path) -> None:
    text = b"Comment\0\0" + inflating(b" " * BLOCK, 64)
    write_png(path, 8, 8, zlib.compress(bytes(9 * 8)), png_chunk(b"zTXt", text))


def tiff_frame(after: int) -> bytes:
    """A frame of one pixel, whose list of fields ends with where the next one is."""
    fields = [(256, 4, 1), (257, 4, 1), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8),
              (279, 4, 1)]  # fmt: skip
    lines = b"".join(struct.pack("<2HLL", tag, kind, 1, value) for tag, kind, value in fields)
    return struct.pack("<H", len(fields)) + lines + struct.pack("<L", after)


@hostile(".tiff")
def a_million_frames(path: Path) -> None:
    size, start = len(tiff_frame(0)), 16
    frames = b"".join(tiff_frame(start + (n + 1) * size) for n in range(1_000_000))
    path.write_bytes(b"II*\0" + struct.pack("<L", start) + bytes(8) + frames[:-4] + bytes(4))


@hostile(".tiff")
def frames_in_a_ring(path: Path) -> None:
    path.write_bytes(b"II*\0" + struct.pack("<L", 16) + bytes(8) + tiff_frame(16))


@hostile(".gif")
def a_gif_of_a_million_frames(path: Path) -> None:
    frame = b"\x2c" + struct.pack("<4HB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    head = b"GIF89a" + struct.pack("<2H3B", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    path.write_bytes(head + frame * 1_000_000 + b"\x3b")
