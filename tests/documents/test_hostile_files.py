"""Whole runs over files that mean harm; bench/hostile.py measures them all."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tenth.config import ReadConfig
from tenth.documents.run.archive import read_archive
from tests.documents import hostile_pdfs, hostile_texts

CASES = {**hostile_pdfs.HOSTILE, **hostile_texts.HOSTILE}
EXPECTED = {  # the file: what is said of it, "" where it is read
    "cyclic_page_tree.pdf": "",
    "cyclic_parents.pdf": "",
    "cyclic_forms.pdf": "needs more than 384 MB",
    "flate_bomb.pdf": "needs more than 384 MB",
    "deep_dictionaries.pdf": "",
    "encrypted.pdf": "encrypted",
    "png_bomb.png": "more pixels than the limit",
    "a_gif_of_a_million_frames.gif": "over the limit max_pages",
    "entity_bomb.docx": "declares a document type",
    "entity_bomb.xlsx": "declares a document type",
    "entity_bomb.pptx": "declares a document type",
    "a_million_nested.docx": "is damaged",
    "lying_part.xlsx": "is damaged",
    "overlapping_parts.xlsx": "is damaged",
    "a_gigabyte_of_strings.xlsx": "",
    "a_cell_in_each_corner.xlsx": "places, empty ones included",
    "isolated_cells.xlsx": "fall into more than 20,000 tables",
    "many_merges.xlsx": "",
    "half_a_million_pages.docx": "more than max_pages=20,000 pages",
    "nested_divs.html": "more than 5,000 tags within each other",
    "a_million_paragraphs.html": "has more than 402,653 cells and paragraphs",
    "spans_of_spans.html": "a table has more than 16,384 columns",
    "nested_multiparts.eml": "messages and multiparts within each other",
    "one_line_of_cells.csv": "cells and paragraphs",
    "a_long_text.txt": "needs more than 384 MB",
    "nested_quotes.md": "",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_hostile_file_ends_with_a_document_or_a_clear_line(name, tmp_path):
    CASES[name](tmp_path / name)
    patient = ReadConfig(cpu_seconds=30)  # on a busy machine all takes longer, and ends otherwise
    summary = read_archive([tmp_path / name], tmp_path / "out", patient, jobs=1)
    (status,) = summary.statuses
    said = [reason for _, _, reason in summary.reasons]
    assert (status, said) == ("read", []) if not EXPECTED[name] else EXPECTED[name] in said[0]


def test_of_a_mail_with_too_many_attachments_the_text_is_read(tmp_path):
    CASES["many_attachments.eml"](tmp_path / "mail.eml")
    summary = read_archive([tmp_path / "mail.eml"], tmp_path / "out", jobs=1)
    assert summary.statuses == {"read": 1, "skipped": 1}
    assert "more than 1,000 attachments" in summary.reasons[0][2]


def test_an_archive_without_files_says_so(tmp_path):
    hostile_texts.write_zip(tmp_path / "a.zip", (b"folder/", b"", {}))
    (tmp_path / "b.txt").write_text("words\n")
    summary = read_archive([tmp_path / "a.zip", tmp_path / "b.txt"], tmp_path / "out", jobs=1)
    assert summary.reasons == (("a.zip", "skipped", "it holds no files"),)


def test_ocr_leaves_nothing_in_the_home_of_its_user(tmp_path):
    """ONNX Runtime would: its telemetry."""
    image = Image.new("L", (400, 80), 255)
    ImageDraw.Draw(image).text((20, 20), "Revenue 1,234", fill=0, font_size=28)
    image.save(tmp_path / "a.png")
    home = tmp_path / "home"
    home.mkdir()
    command = [sys.executable, "-m", "tenth", "read", "a.png", "-o", "out"]
    environment = {"HOME": str(home), "TMPDIR": str(home), "PATH": str(Path(sys.executable).parent)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    (text,) = (tmp_path / "out" / "text").iterdir()
    assert "1,234" in text.read_text()
    assert not list(home.rglob("*"))
