"""The zips of office files are opened on their real bytes, and nothing outside them is."""

import resource
import time
import zipfile

import pytest

from tenth.config import ReadConfig
from tenth.documents.office import docx, sheets, slides
from tenth.documents.office.package import open_package
from tenth.documents.refusal import Refused
from tests.documents.office_files import (
    NAMESPACES,
    SHEET,
    paragraph,
    relations,
    with_parts,
    word,
    workbook,
)


def texts(document):
    return [block.text for page in document.pages for block in page.blocks]


def test_a_gigabyte_of_strings_is_refused_soon_and_in_little_memory(tmp_path):
    path = workbook(tmp_path / "bomb.xlsx", "")
    with (  # the name is there already: the last one counts
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
        archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        part.write(f'<sst xmlns="{SHEET}">'.encode())
        item = b"<si><t>" + b"a" * (1 << 20) + b"</t></si>"
        for _ in range(1024):
            part.write(item)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with pytest.raises(Refused, match=r"bomb.xlsx: its part .*max_part_bytes=201,326,592"):
        sheets.read(path, ReadConfig())
    assert time.monotonic() - start < 10
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 512


def test_one_string_of_many_elements_is_refused_before_it_stands_in_memory(tmp_path):
    shared = f'<sst xmlns="{SHEET}"><si>{"<r/>" * (4 << 20)}</si></sst>'
    path = workbook(tmp_path / "deep.xlsx", "", shared)
    with pytest.raises(Refused, match=r"in one piece, a sixteenth of max_part_bytes"):
        sheets.read(path, ReadConfig())


def test_all_parts_together_have_a_ratio(tmp_path):
    path = word(tmp_path / "a.docx", paragraph("x" * 100_000) * 400)
    with pytest.raises(Refused, match=r"a.docx: unpacks to more than max_ratio=2 times its size"):
        docx.read(path, ReadConfig(max_ratio=2))


def test_a_declared_size_is_not_believed(tmp_path):
    path = word(tmp_path / "a.docx", paragraph("x" * 5000))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        real = archive.getinfo("word/document.xml").file_size
    little, lie = real.to_bytes(4, "little"), (100).to_bytes(4, "little")
    at = data.rfind(little)  # in the central directory
    data[at : at + 4] = lie
    path.write_bytes(data)
    with pytest.raises(Refused, match=r"a.docx: is damaged"):
        docx.read(path, ReadConfig())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_wherever_it_stands(tmp_path, encoding):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!--{"c" * 70_000}-->'
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        f"<w:document {NAMESPACES}><w:body>{paragraph('&b;')}</w:body></w:document>"
    )
    path = with_parts(word(tmp_path / "a.docx", ""), {"word/document.xml": text.encode(encoding)})
    with pytest.raises(Refused, match=r"word/document.xml declares a document type"):
        docx.read(path, ReadConfig())


def test_too_many_parts_are_refused(tmp_path):
    path = with_parts(word(tmp_path / "a.docx", ""), {f"x/{i}": b"" for i in range(50)})
    with pytest.raises(Refused, match=r"52 parts are more than max_members=40"):
        docx.read(path, ReadConfig(max_members=40))


def test_an_encrypted_file_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "secret.docx"
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000)
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(100))
    for reader in (docx, sheets, slides):
        with pytest.raises(
            Refused, match=r"secret.docx: is encrypted; save it without its password"
        ):
            reader.read(path, ReadConfig())


def test_a_file_that_is_something_else_is_refused(tmp_path):
    path = workbook(tmp_path / "table.docx", "")
    with pytest.raises(
        Refused, match=r"table.docx: is not a Word document: it opens with s:workbook"
    ):
        docx.read(path, ReadConfig())
    with pytest.raises(Refused, match=r"not a PowerPoint presentation"):
        slides.read(path, ReadConfig())
    path = word(tmp_path / "text.xlsx", "")
    with pytest.raises(Refused, match=r"not an Excel workbook"):
        sheets.read(path, ReadConfig())


def test_what_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(Refused, match=r"a.docx: is damaged: File is not a zip file"):
        docx.read(path, ReadConfig())


def test_an_external_relation_is_never_a_part(tmp_path):
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="x/styles" Target="file:///etc/passwd" TargetMode="External"/>'
        '<Relationship Id="r2" Type="x/styles" Target="../../etc/passwd"/></Relationships>'
    )
    path = word(tmp_path / "a.docx", paragraph("text"), rels=rels)
    with open_package(path, ReadConfig()) as package:
        assert package.related("word/document.xml", "styles") == []
    assert texts(docx.read(path, ReadConfig())) == ["text"]


def test_names_with_backslashes_and_other_case_are_found(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", relations(("r1", "officeDocument", "/Word/Document.xml")))
        archive.writestr(
            zipfile.ZipInfo("word\\document.xml"),
            f"<w:document {NAMESPACES}><w:body>{paragraph('text')}</w:body></w:document>",
        )
    assert texts(docx.read(path, ReadConfig())) == ["text"]


def test_strict_names_are_read_as_well(tmp_path):
    body = paragraph("Results", '<w:pStyle w:val="H"/>') + (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    styles = (
        f'<w:styles {NAMESPACES}><w:style w:type="paragraph" w:styleId="H">'
        '<w:name w:val="heading 2"/></w:style></w:styles>'
    )
    rels = relations(("r1", "styles", "styles.xml"))
    path = word(tmp_path / "a.docx", body, {"word/styles.xml": styles}, rels)
    transitional = docx.read(path, ReadConfig())
    with zipfile.ZipFile(path) as archive:
        parts = {
            name: archive.read(name)
            .replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/", b"http://purl.oclc.org/ooxml/wordprocessingml/")
            .replace(b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/")
            for name in archive.namelist()
        }  # fmt: skip
    with_parts(path, parts)
    assert docx.read(path, ReadConfig()) == transitional
    assert transitional.pages[0].blocks[0].kind == "heading"
    assert transitional.pages[0].blocks[0].level == 2
