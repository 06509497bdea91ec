"""Bytes into text: Unicode where they are, else the best of the encodings people still use."""

import codecs
import re

# The likely before the rare: charset-normalizer often finds two equally good
LEGACY = (
    "gb18030", "big5", "cp932", "cp949", "euc_jp", "cp1252", "cp1251", "cp1250", "koi8_r",
    "cp1253", "cp1254", "cp1255", "cp1256", "latin_1",
)  # fmt: skip
BROWSERS = {  # what browsers take a declared encoding for
    "gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252",
    "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
DECLARED = re.compile(r"(cp|iso|big5|gb|hz|euc|shift|koi|mac|johab|ascii)")  # no "zip", no "idna"
SAMPLE = 128 << 10  # bytes a legacy encoding is guessed by

BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
CONTROLS = bytes({*range(32), 127} - {*b"\t\n\r\f\x0b\x1b\x1a"})  # what no text has many of


def unicode_of(data: bytes) -> str:
    """The Unicode encoding that a BOM, or UTF-16's NULs, tell of; else ""."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return encoding
    return _utf16_of(data[: 64 << 10]) if b"\0" in data[: 64 << 10] else ""


def _utf16_of(head: bytes) -> str:
    """Either byte order may give letters of some script; the right one gives spaces and digits."""
    if head.count(0) < len(head) / 5 and _is_utf8(head):
        return ""  # a text with stray NULs
    best, most = "", 0
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(encoding, "replace")
        good = sum(c.isprintable() or c.isspace() for c in text)
        plain = sum(" " <= c <= "~" or c in "\r\n\t" for c in text)
        if good >= 0.98 * len(text) and "\ufffd" not in text[:-1] and plain > most:
            best, most = encoding, plain
    return best


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # it may end within a character
    except UnicodeDecodeError:
        return False
    return True


def readable(head: bytes) -> str | None:
    """The start of a text, good enough to tell its kind; None where it is none."""
    if encoding := unicode_of(head):
        return head.decode(encoding, "replace")
    if len(head) - len(head.translate(None, CONTROLS)) > 1 + len(head) / 100:
        return None
    return head.decode("latin-1")


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text and the encoding it was in; `declared` is tried before a guess.

    Always gives a text: what fits no encoding becomes the replacement character.
    """
    if encoding := unicode_of(data):
        return data.decode(encoding, "replace"), encoding.removesuffix("-sig")
    if b"\x1b$B" in data or b"\x1b$@" in data:  # Japanese in seven bits passes for UTF-8
        declared = "iso2022_jp"
    text = data.decode("utf-8", "replace")
    if declared != "iso2022_jp" and _is_sound(text):
        return text, "utf-8"
    for encoding in filter(None, (_python_name(declared), _guess(data))):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    encoding = _python_name(declared) or _guess(data) or "cp1252"
    other = data.decode(encoding, "replace")
    return (text, "utf-8") if text.count("\ufffd") <= other.count("\ufffd") else (other, encoding)


def _is_sound(text: str) -> bool:
    """A single broken byte among a hundred characters that are not ASCII breaks no UTF-8."""
    broken = text.count("\ufffd")
    return not broken or broken * 100 <= sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))


def _python_name(declared: str) -> str:
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return ""
    name = BROWSERS.get(name, name)
    return name if DECLARED.match(name) else ""


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    first = re.search(rb"[\x80-\xff]", data)
    start = data.rfind(b"\n", 0, first.start()) + 1 if first else 0
    start = max(start, first.start() - 1000 if first else 0)
    sample = data[start : start + SAMPLE]
    if start + SAMPLE < len(data) and b"\n" in sample:
        sample = sample[: sample.rindex(b"\n")]  # no half of a character
    best, rank = "", (2.0, 0.0, 0)
    for match in from_bytes(sample, cp_isolation=list(LEGACY)):
        for encoding in match.could_be_from_charset:
            if encoding in LEGACY:
                this = (match.chaos, -match.coherence, LEGACY.index(encoding))
                best, rank = (encoding, this) if this < rank else (best, rank)
    return best
