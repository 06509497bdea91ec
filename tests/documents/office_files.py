"""Builds and alters office files for the tests: parts of their zips, written or replaced."""

import zipfile
from pathlib import Path

FORMATS = "http://schemas.openxmlformats.org/"
RELATIONS = FORMATS + "officeDocument/2006/relationships"
SHEET = FORMATS + "spreadsheetml/2006/main"
WORD = FORMATS + "wordprocessingml/2006/main"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": WORD,
        "r": RELATIONS,
        "m": FORMATS + "officeDocument/2006/math",
        "mc": FORMATS + "markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wp": FORMATS + "drawingml/2006/wordprocessingDrawing",
        "a": FORMATS + "drawingml/2006/main",
    }.items()
)


def part_of(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def with_parts(path: Path, parts: dict[str, str | bytes]) -> Path:
    """The file with these parts in the place of its own, or added."""
    with zipfile.ZipFile(path) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (old | parts).items():
            archive.writestr(name, content)
    return path


def relations(*items: tuple[str, str, str]) -> str:
    """(id, kind, target) each."""
    lines = "".join(
        f'<Relationship Id="{i}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for i, kind, target in items
    )
    return f'<Relationships xmlns="{FORMATS}package/2006/relationships">{lines}</Relationships>'


def word(path: Path, body: str, more: dict[str, str] | None = None, rels: str = "") -> Path:
    """A Word file of this body, with the further parts that it needs."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations(("r1", "officeDocument", "word/document.xml")))
        archive.writestr(
            "word/document.xml",
            f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        )
        if rels:
            archive.writestr("word/_rels/document.xml.rels", rels)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return path


def workbook(path: Path, rows: str, shared: str | bytes = "", after: str = "") -> Path:
    """A workbook of one sheet "S" with these row elements."""
    names = f'xmlns="{SHEET}" xmlns:r="{RELATIONS}"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations(("r1", "officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {names}><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            relations(
                ("r1", "worksheet", "worksheets/sheet1.xml"),
                ("r2", "sharedStrings", "sharedStrings.xml"),
            ),
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {names}><sheetData>{rows}</sheetData>{after}</worksheet>",
        )
        archive.writestr("xl/sharedStrings.xml", shared or f'<sst xmlns="{SHEET}"/>')
    return path


def paragraph(text: str, properties: str = "") -> str:
    before = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:p>{before}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
