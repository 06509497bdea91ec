"""Breaks files at random, the same way for the same seed: bytes, numbers, XML in zips, PDF."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
ELEMENT = re.compile(rb"</?[A-Za-z][^<>]{0,300}>")
STREAM = re.compile(rb"/FlateDecode.{0,200}?stream\r?\n(.{1,400000}?)\r?\nendstream", re.DOTALL)
WORD = re.compile(rb"/[A-Za-z]{1,20}|\b[A-Za-z]{1,3}\b")
NUMBERS = (
    b"0", b"-1", b"1", b"65535", b"65536", b"2147483647", b"-2147483648", b"4294967295",
    b"18446744073709551615", b"1e308", b"-1e-308", b"999999999999999999999", b"NaN", b"inf", b"0.0",
)  # fmt: skip
TOKENS = (
    b"/Type", b"/Page", b"/Pages", b"/Kids", b"/Count", b"/Parent", b"/Contents", b"/Length",
    b"/Font", b"/ToUnicode", b"/Encoding", b"/Widths", b"/XObject", b"/Subtype /Form", b"/Image",
    b"/MediaBox [0 0 0 0]", b"/MediaBox [-9e9 -9e9 9e9 9e9]", b"/CropBox [9 9 1 1]", b"/Rotate 90",
    b"/Rotate 45", b"/UserUnit 1e6", b"<<", b">>", b"[", b"]", b"BT", b"ET", b"Tj", b"TJ", b"Tf",
    b"Tm", b"0 0 0 0 0 0 Tm", b"1e9 0 0 1e9 0 0 cm", b"0 0 0 0 0 0 cm", b"Do", b"q", b"Q", b"re",
    b"f", b"S", b"1 0 R", b"3 0 R", b"stream", b"endstream", b"endobj", b"xref", b"trailer",
    b"\0", b"\xff\xff", b"\xed\xa0\x80", "\u202e".encode(), "\U0001f600".encode(), b"\r", b"\x1e",
    b"<table>", b"</td>", b"<tr>", b"<td rowspan=99999 colspan=99999>", b"<!--", b"]]>", b"&#0;",
    b"&amp;", b'"', b"'", b"=", b"\n\n", b"\t", b";", b"|", b"--", b"=?utf-8?b?", b"boundary=",
)  # fmt: skip


def mutated(data: bytes, random: Random) -> bytes:
    """One to four mutations, of the kinds that fit what the data are."""
    kinds: list[Mutation] = [bits, cut, drop, repeat, swap, blank, token, number, number]
    if data[:2] == b"PK":
        kinds = [in_zip] * 12 + kinds
    elif data[:5] == b"%PDF-":
        kinds += [in_stream] * 6 + [word] * 4
    elif data.lstrip()[:1] == b"<":
        kinds += [element] * 8
    for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
        data = (random.choice(kinds) if data else token)(data, random) or data
    return data


def span(data: bytes, random: Random, most: int = 4096) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 4, 64, random.randrange(1, most))))


def bits(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 2, 8, 64))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(1, len(data) + 1)]


def drop(data: bytes, random: Random) -> bytes:
    start, end = span(data, random)
    return data[:start] + data[end:]


def repeat(data: bytes, random: Random) -> bytes:
    start, end = span(data, random)
    return data[:end] + data[start:end] * random.choice((1, 2, 50)) + data[end:]


def swap(data: bytes, random: Random) -> bytes:
    (a, b), (c, d) = sorted((span(data, random), span(data, random)))
    b = min(b, c)
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def blank(data: bytes, random: Random) -> bytes:
    start, end = span(data, random)
    return data[:start] + random.choice((b"\0", b"\xff", b" ")) * (end - start) + data[end:]


def token(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(TOKENS) + data[place:]


def _one_of(pattern: re.Pattern[bytes], data: bytes, random: Random) -> re.Match[bytes] | None:
    """A match at a random place, without looking through all of a large file."""
    start = random.randrange(len(data) + 1)
    return pattern.search(data, start) or pattern.search(data)


def number(data: bytes, random: Random) -> bytes:
    for _ in range(random.choice((1, 1, 3, 10))):
        if match := _one_of(NUMBER, data, random):
            data = data[: match.start()] + random.choice(NUMBERS) + data[match.end() :]
    return data


def word(data: bytes, random: Random) -> bytes:
    """One name or operator in the place of another."""
    first, second = _one_of(WORD, data, random), _one_of(WORD, data, random)
    if not first or not second:
        return data
    return data[: first.start()] + second[0] + data[first.end() :]


def element(data: bytes, random: Random) -> bytes:
    """A tag goes, is there twice, or stands in the place of another."""
    first, second = _one_of(ELEMENT, data, random), _one_of(ELEMENT, data, random)
    if not first or not second:
        return data
    put = random.choice((b"", first[0] * 2, second[0], second[0] + first[0], first[0] * 200))
    return data[: first.start()] + put + data[first.end() :]


def in_stream(data: bytes, random: Random) -> bytes:
    """Within what a PDF has packed, and packed again."""
    if not (match := _one_of(STREAM, data, random)):
        return data
    try:
        inside = zlib.decompress(match[1])
    except zlib.error:
        return data
    for _ in range(random.choice((1, 3, 10))):
        inside = random.choice((number, token, word, drop, repeat, bits))(inside, random)
    return data[: match.start(1)] + zlib.compress(inside) + data[match.end(1) :]


def in_zip(data: bytes, random: Random) -> bytes:
    """Within some parts of an office file, or with parts lost, doubled and exchanged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError):
        return data
    texts = [place for place, (name, _) in enumerate(parts) if name.endswith((".xml", ".rels"))]
    if not texts:
        return data
    for _ in range(random.choice((1, 1, 2, 4))):
        place = random.choice(texts)
        name, text = parts[place]
        change = random.choice((element, element, number, number, token, drop, repeat, bits))
        parts[place] = name, change(text, random) or text
    if random.random() < 0.1:
        first, second = random.choice(texts), random.choice(texts)
        parts[first] = parts[first][0], parts[second][1]
    if random.random() < 0.05:
        del parts[random.randrange(len(parts))]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts:
            archive.writestr(zipfile.ZipInfo(name), text)
    return packed.getvalue()
