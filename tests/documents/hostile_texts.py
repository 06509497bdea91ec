"""Office files, pages, mail and tables of text made to harm whoever reads them."""

import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.documents.hostile_archives import write_zip

HOSTILE: dict[str, Callable[[Path], Any]] = {}


def hostile(*suffixes: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """One file of each suffix; the builder is told which by its path."""

    def named(build: Callable[[Path], Any]) -> Callable[[Path], Any]:
        HOSTILE.update({build.__name__ + suffix: build for suffix in suffixes})
        return build

    return named


# Office

OFFICE = "http://schemas.openxmlformats.org/"
TYPES = OFFICE + "package/2006/content-types"
RELATIONS = OFFICE + "package/2006/relationships"
OF_OFFICE = OFFICE + "officeDocument/2006/relationships"
SHEET_SPACE = f'xmlns="{OFFICE}spreadsheetml/2006/main" xmlns:r="{OF_OFFICE}"'
MAIN = {  # suffix: the main part, the type of its content, its root's name, its namespaces
    ".docx": ("word/document.xml", "wordprocessingml.document", "w:document",
              f'xmlns:w="{OFFICE}wordprocessingml/2006/main" xmlns:r="{OF_OFFICE}"'),
    ".xlsx": ("xl/workbook.xml", "spreadsheetml.sheet", "workbook", SHEET_SPACE),
    ".pptx": ("ppt/presentation.xml", "presentationml.presentation", "p:presentation",
              f'xmlns:p="{OFFICE}presentationml/2006/main" xmlns:r="{OF_OFFICE}" '
              f'xmlns:a="{OFFICE}drawingml/2006/main"'),
}  # fmt: skip
Parts = dict[str, str | bytes | Iterable[str | bytes]]


def relations(*items: tuple[str, str], external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{OF_OFFICE}/{kind}" Target="{target}"{mode}/>'
        for n, (kind, target) in enumerate(items, 1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{lines}</Relationships>'


def frame(suffix: str) -> Parts:
    part, kind, _, _ = MAIN[suffix]
    full = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    types = f'<Types xmlns="{TYPES}"><Override PartName="/{part}" ContentType="{full}"/></Types>'
    return {"[Content_Types].xml": types, "_rels/.rels": relations(("officeDocument", part))}


def main_part(suffix: str, *inside: str, before: str = "") -> Iterator[str]:
    _, _, root, spaces = MAIN[suffix]
    yield f"{before}<{root} {spaces}>"
    yield from inside
    yield f"</{root}>"


def write_parts(path: Path, parts: Parts) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, str | bytes) else content:
                    part.write(piece.encode() if isinstance(piece, str) else piece)


def write_docx(path: Path, *body: str, **more: Any) -> None:
    main = main_part(".docx", "<w:body>", *body, "</w:body>")
    write_parts(path, frame(".docx") | {"word/document.xml": main} | more)


def write_xlsx(path: Path, rows: Iterable[str], after: str = "", strings: Any = None) -> None:
    def sheet() -> Iterator[str]:
        yield f"<worksheet {SHEET_SPACE}><sheetData>"
        yield from rows
        yield f"</sheetData>{after}</worksheet>"

    book = main_part(".xlsx", '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>')
    linked = relations(("worksheet", "worksheets/s.xml"), ("sharedStrings", "strings.xml"))
    parts: Parts = {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": linked}
    write_parts(path, frame(".xlsx") | parts | {"xl/worksheets/s.xml": sheet(),
                "xl/strings.xml": strings or f"<sst {SHEET_SPACE}/>"})  # fmt: skip


@hostile(".docx", ".xlsx", ".pptx")
def entity_bomb(path: Path) -> None:
    """A billion laughs."""
    lines = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    before = f'<!DOCTYPE x [<!ENTITY e0 "laugh">{lines}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    main = main_part(path.suffix, "&e9;&f;", before=before)
    write_parts(path, frame(path.suffix) | {MAIN[path.suffix][0]: main})


@hostile(".docx", ".xlsx", ".pptx")
def a_million_nested(path: Path) -> None:
    name = {".docx": "w:sdt", ".xlsx": "sheets", ".pptx": "p:grpSp"}[path.suffix]
    opening, closing = [f"<{name}>" * 10_000] * 100, [f"</{name}>" * 10_000] * 100
    main = main_part(path.suffix, *opening, *closing)
    write_parts(path, frame(path.suffix) | {MAIN[path.suffix][0]: main})


@hostile(".docx", ".xlsx", ".pptx")
def lying_part(path: Path) -> None:
    """Its main part says 10 bytes and unpacks to 500 MB."""
    parts: Parts = frame(path.suffix)
    head = "".join(main_part(path.suffix)).partition("</")[0].encode()
    members = [(name.encode(), str(text).encode(), {}) for name, text in parts.items()]
    bomb = (MAIN[path.suffix][0].encode(), head + b" " * 500_000_000, {"method": 8, "size": 10})
    write_zip(path, *members, bomb)


@hostile(".xlsx")
def overlapping_parts(path: Path) -> None:
    """Two thousand sheets whose lines in the list name one body."""
    rows = f"<worksheet {SHEET_SPACE}><sheetData>" + "<row><c><v>1</v></c></row>" * 20_000
    members = [(b"xl/s0.xml", (rows + "</sheetData></worksheet>").encode(), {"method": 8})]
    names = "".join(f'<sheet name="{n}" r:id="rId{n + 1}"/>' for n in range(2_000))
    texts = frame(".xlsx") | {
        "xl/workbook.xml": "".join(main_part(".xlsx", f"<sheets>{names}</sheets>")),
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"s{n}.xml") for n in range(2_000))
        ),
    }
    members += [(name.encode(), str(text).encode(), {}) for name, text in texts.items()]
    write_zip(path, *members)
    data = path.read_bytes()
    start = struct.unpack("<L", data[-6:-2])[0]
    line = data[start : data.index(b"PK\1\2", start + 4)]
    lines = data[start:-22]
    lines += b"".join(_renamed(line, b"xl/s%d.xml" % n) for n in range(1, 2_000))
    count = 2_000 + len(texts)
    path.write_bytes(data[:start] + lines + struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(lines), start, 0))  # fmt: skip


def _renamed(line: bytes, name: bytes) -> bytes:
    return line[:28] + struct.pack("<H", len(name)) + line[30:46] + name


@hostile(".docx", ".xlsx")
def external_links(path: Path) -> None:
    """What it refers to lies on this machine and in the network; none of it is opened."""
    places = [("image", "http://169.254.169.254/latest/meta-data"), ("aFChunk", "file:///etc/passwd"),
              ("attachedTemplate", "\\\\169.254.169.254\\share\\t.dotx"),
              ("externalLinkPath", "file:///etc/hostname")]  # fmt: skip
    if path.suffix == ".docx":
        body = "<w:p><w:r><w:t>Words</w:t></w:r></w:p>" + "".join(
            f'<w:altChunk r:id="rId{n}"/>' for n in range(1, 5))  # fmt: skip
        linked = relations(*places, external=True)
        write_docx(path, body, **{"word/_rels/document.xml.rels": linked})
    else:
        formula = "[1]S!A1+WEBSERVICE(&quot;http://169.254.169.254/&quot;)"
        write_xlsx(path, [f'<row><c t="str"><f>{formula}</f><v>seen</v></c></row>'])


@hostile(".xlsx")
def a_gigabyte_of_strings(path: Path) -> None:
    item = "<si><t>" + "x" * 100 + "</t></si>"

    def strings() -> Iterator[str]:
        yield f"<sst {SHEET_SPACE}>"
        for _ in range(1_000):
            yield item * 10_000
        yield "</sst>"

    write_xlsx(path, ['<row><c t="s"><v>0</v></c></row>'], strings=strings())


@hostile(".xlsx")
def one_string_of_a_gigabyte(path: Path) -> None:
    strings = [f"<sst {SHEET_SPACE}><si><t>", *["x" * (1 << 20)] * 1_024, "</t></si></sst>"]
    write_xlsx(path, ['<row><c t="s"><v>0</v></c></row>'], strings=strings)


@hostile(".xlsx")
def cells_up_to_the_limit(path: Path) -> None:
    """As many small cells as the part's limit lets through."""
    row = "<row>" + "<c><v>1</v></c>" * 100 + "</row>"
    write_xlsx(path, [row * 100] * 120)


@hostile(".xlsx")
def cells_with_all_they_may_have(path: Path) -> None:
    cells = "".join(f'<c t="str"><f>SUM(A{n}:B9)/7</f><v>1,234.5 of {n}</v></c>' for n in range(20))
    write_xlsx(path, [f"<row>{cells}</row>" * 100] * 150)


@hostile(".xlsx")
def isolated_cells(path: Path) -> None:
    """A chessboard: each cell stands alone."""

    def rows() -> Iterator[str]:
        for row in range(1, 9_001, 3):
            cells = "".join(f'<c r="{c}{row}"><v>1</v></c>' for c in letters)
            yield f'<row r="{row}">{cells}</row>'

    letters = [f"{a}{b}" for a in "ABCDEF" for b in "ADGJMPSVY"] + list("ADGJMPSVY")
    write_xlsx(path, rows())


@hostile(".xlsx")
def steps(path: Path) -> None:
    """A diagonal: each cell touches the next at a corner."""
    rows = (f'<row r="{n}"><c r="{_letters(n % 16_384 + 1)}{n}"><v>1</v></c></row>'
            for n in range(1, 300_001))  # fmt: skip
    write_xlsx(path, rows)


def _letters(column: int) -> str:
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


@hostile(".xlsx")
def many_merges(path: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 100_001))
    rows = (f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 100_001))
    write_xlsx(path, rows, after=f"<mergeCells>{merges}</mergeCells>")


@hostile(".xlsx")
def empty_cells(path: Path) -> None:
    write_xlsx(path, ["<row>" + "<c/>" * 10_000 + "</row>"] * 4_000)


@hostile(".xlsx")
def a_cell_in_each_corner(path: Path) -> None:
    """One row and one column, both full: a grid of 17 billion places, nearly all of them empty."""
    row = "<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"
    write_xlsx(path, [row] + ["<row><c><v>1</v></c></row>"] * 300_000)


@hostile(".docx")
def empty_paragraphs(path: Path) -> None:
    write_docx(path, *["<w:p/>" * 100_000] * 300)


@hostile(".docx")
def empty_runs(path: Path) -> None:
    write_docx(path, *["<w:p>" + "<w:r/>" * 1_000_000 + "</w:p>"] * 30)


@hostile(".docx")
def wide_spans(path: Path) -> None:
    cell = (
        '<w:tc><w:tcPr><w:gridSpan w:val="256"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>'
    )
    rows = "<w:tr>" + cell * 2_000 + "</w:tr>"
    write_docx(path, "<w:tbl>" + rows + "<w:tr>" + cell + "</w:tr>" + "</w:tbl>")


@hostile(".docx")
def tiny_paragraphs(path: Path) -> None:
    write_docx(path, *["<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 10_000] * 240)


@hostile(".docx")
def a_million_table_cells(path: Path) -> None:
    row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>" * 50 + "</w:tr>"
    write_docx(path, *["<w:tbl>" + row * 200 + "</w:tbl>"] * 100)


@hostile(".docx")
def nested_tables(path: Path) -> None:
    depth = 60
    inside = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p>" * depth
    write_docx(path, (inside + "</w:tc></w:tr></w:tbl>" * depth) * 300)


@hostile(".docx")
def half_a_million_pages(path: Path) -> None:
    write_docx(path, *['<w:p><w:r><w:br w:type="page"/><w:t>a</w:t></w:r></w:p>' * 10_000] * 50)


# Text


@hostile(".html")
def nested_divs(path: Path) -> None:
    path.write_text("<!doctype html>" + "<div>" * 100_000 + "words")


@hostile(".html")
def many_tables_in_html(path: Path) -> None:
    path.write_text("<!doctype html>" + "<table><tr><td>a<td>1,234<tr><td>b<td>2</table>" * 90_000)


@hostile(".html")
def nested_tables_in_html(path: Path) -> None:
    path.write_text("<!doctype html>" + "<table><tr><td>a<td>1,234" * 1_600)


@hostile(".html")
def huge_attribute(path: Path) -> None:
    path.write_text(f"<!doctype html><p title='{'x' * 100_000_000}'>words")


@hostile(".html")
def a_million_cells(path: Path) -> None:
    row = "<tr>" + "<td>1,234" * 100
    path.write_text("<!doctype html><table>" + row * 10_000)


@hostile(".html")
def a_million_paragraphs(path: Path) -> None:
    path.write_text("<!doctype html>" + "<p>words and more of them" * 1_000_000)


@hostile(".html")
def paragraphs_up_to_the_limit(path: Path) -> None:
    path.write_text("<!doctype html>" + "<p>words and more of them" * 400_000)


@hostile(".html")
def two_million_unclosed(path: Path) -> None:
    path.write_text("<!doctype html>" + "<b>x</i>" * 2_000_000)


@hostile(".html")
def spans_of_spans(path: Path) -> None:
    row = "<tr>" + "<td rowspan=65534 colspan=1000>1" * 16
    path.write_text("<!doctype html><table>" + row * 10_000)


@hostile(".eml")
def nested_multiparts(path: Path) -> None:
    lines = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(10_000)
    )
    path.write_text(f"From: a@b.c\nSubject: deep\nMIME-Version: 1.0\n{lines}\nwords\n")


@hostile(".eml")
def many_headers(path: Path) -> None:
    lines = "".join(f"X-{n}: {'=?utf-8?b?eA==?= ' * 20}\n" for n in range(100_000))
    path.write_text(f"From: a@b.c\nSubject: many\nMIME-Version: 1.0\n{lines}\nwords\n")


@hostile(".eml")
def a_long_subject(path: Path) -> None:
    path.write_text(f"From: a@b.c\nSubject: {'=?utf-8?q?x?= ' * 1_000_000}\n\nwords\n")


@hostile(".eml")
def many_attachments(path: Path) -> None:
    part = "--b\nContent-Disposition: attachment; filename=../../escaped{}.txt\n\nwords {}\n"
    head = "From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    path.write_text(head + "".join(part.format(n, n) for n in range(100_000)) + "--b--\n")


@hostile(".eml")
def an_attached_bomb(path: Path) -> None:
    from base64 import encodebytes
    from io import BytesIO

    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escaped.txt", bytes(1 << 30))
    part = b"--b\nContent-Disposition: attachment; filename=a.zip\n"
    part += b"Content-Transfer-Encoding: base64\n\n" + encodebytes(held.getvalue()) + b"--b--\n"
    head = b"From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    path.write_bytes(head + part)


@hostile(".csv")
def one_long_line(path: Path) -> None:
    path.write_bytes(b"x" * 100_000_000)


@hostile(".csv")
def one_line_of_cells(path: Path) -> None:
    path.write_bytes(b"1,234;" * 16_000_000)


@hostile(".csv")
def rows_up_to_the_limit(path: Path) -> None:
    path.write_bytes(b"name,value,1.5,2.5,3.5\n" * 160_000)


@hostile(".csv")
def an_open_quote(path: Path) -> None:
    path.write_bytes(b'a,b\n"' + b"1,2,3\n" * 3_000_000)


@hostile(".md")
def nested_quotes(path: Path) -> None:
    path.write_bytes(b"# t\n" + (b"> " * 10_000 + b"words\n") * 20 + b"- " * 500_000)


@hostile(".md")
def a_wide_table(path: Path) -> None:
    path.write_bytes(
        b"# t\n\n|" + b"a|" * 2_000 + b"\n|" + b"-|" * 2_000 + b"\n" + b"|x|\n" * 500_000
    )


@hostile(".txt")
def a_long_text(path: Path) -> None:
    path.write_bytes(b"A line of words.\n\n" * 10_000_000)


@hostile(".txt")
def a_text_of_pages(path: Path) -> None:
    path.write_bytes(b"A page.\f" * 9_999)


@hostile(".xls")
def an_ole_ring(path: Path) -> None:
    """An old office file whose list of sectors goes round in a ring."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<4H", 0x3E, 3, 0xFFFE, 9) + struct.pack("<H", 6) + bytes(6)
    head += struct.pack("<9L", 0, 1, 1, 0, 4096, 0, 1, 0, 1) + struct.pack("<109L", *[0] * 109)
    path.write_bytes(head[:512].ljust(512, b"\0") + struct.pack("<128L", *[1, 0] * 64) * 3)
