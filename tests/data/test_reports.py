"""Text for the race out of archives and documents."""

import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path

import docx
import pytest

from tenth.config import DataConfig
from tenth.data import iter_documents, prepare
from tenth.data.contents import Reading
from tenth.data.reports import is_report

BINARY = bytes(range(256)) * 4
HTML = "<html><body><h1>Wine</h1><p>It is red.</p><script>no()</script></body></html>"


def word(*paragraphs: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(file)
    return file.getvalue()


def zipped(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def read(*paths, reading: Reading | None = None, **settings) -> dict[str, str]:
    config = DataConfig(paths=tuple(map(str, paths)), **settings)
    return {d.name: d.text for d in iter_documents(config, reading=reading)}


def test_documents_texts_and_code_in_an_archive_are_text(tmp_path):
    text, code = "One.\n\nTwo, naïve.\n", "def f():\n    return 1\n"
    path = zipped(tmp_path / "a.zip", {
        "notes/a.txt": text, "b.docx": word("Revenue rose.", "It fell later."), "c.html": HTML,
        "code/d.py": code,
    })  # fmt: skip
    found = read(path)
    assert list(found) == [f"{path}/{n}" for n in ("notes/a.txt", "b.docx", "c.html", "code/d.py")]
    assert found[f"{path}/notes/a.txt"] == text and found[f"{path}/code/d.py"] == code
    assert found[f"{path}/b.docx"] == "Revenue rose.\n\nIt fell later."
    assert found[f"{path}/c.html"] == "Wine\n\nIt is red."


def test_reports_come_after_the_texts_beside_them_and_each_file_counts(tmp_path):
    (tmp_path / "a.docx").write_bytes(word("Of Word."))
    (tmp_path / "b.txt").write_text("plain")
    (tmp_path / "c.txt.xz").write_bytes(lzma.compress(b"packed"))
    with tarfile.open(tmp_path / "d.tar.gz", "w:gz") as file:
        file.add(tmp_path / "b.txt", "other.txt")
    reading = Reading()
    found = read(tmp_path, reading=reading)
    assert list(found.values()) == ["plain", "packed", "Of Word.", "plain"]
    assert reading.done == reading.total and reading.files == 4 and not reading.skipped


def test_field_and_split_on_mean_the_same_inside_an_archive(tmp_path):
    lines = "".join(json.dumps({"body": f"record {n}"}) + "\n" for n in range(3))
    path = zipped(tmp_path / "a.zip", {"a.jsonl": lines, "b.txt": "one\n\ntwo\nthree\n"})
    found = read(path, field="body", split_on="blank-line")
    assert list(found.values()) == ["record 0", "record 1", "record 2", "one", "two\nthree"]
    assert list(found)[3:] == [f"{path}/b.txt:1", f"{path}/b.txt:3"]
    with pytest.raises(ValueError, match=r"a\.zip/a\.jsonl:1: no field 'text'"):
        read(path)


def test_what_is_not_read_is_listed_with_its_reason(tmp_path):
    path = zipped(tmp_path / "a.zip", {
        "a.txt": "one", "b.txt": "two", "c.docx": b"PK\x03\x04 broken", "d.bin": BINARY,
    })  # fmt: skip
    reading = Reading()
    assert list(read(path, reading=reading).values()) == ["one", "two"]
    assert len(reading.skipped) == 2 and reading.files == 4
    assert all(
        line.startswith(f"{path}/") and len(line.split(": ")) > 1 for line in reading.skipped
    )
    assert f"{path}/d.bin: not a document" in reading.skipped


def test_an_archive_of_nothing_readable_is_refused_with_the_first_reason(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.bin": BINARY, "b.bin": BINARY[1:]})
    said = (
        r"2 of 2 files are not UTF-8 text nor documents that can be read, first: .*not a document"
    )
    with pytest.raises(ValueError, match=said):
        read(path)
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(ValueError, match=r"1 of 1 files .* first: .*b\.zip: "):
        read(tmp_path / "b.zip")


def test_a_second_copy_in_an_archive_is_left_out(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.txt": "same", "b.txt": "same", "c.txt": "other"})
    assert list(read(path).values()) == ["same", "other"]


def test_a_corpus_is_made_of_an_archive_as_of_its_folder(tmp_path, prose):
    texts = {f"{n:02}.txt": prose(n) for n in range(40)}
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)
    packed = zipped(tmp_path / "notes.zip", dict(texts))
    corpora = [
        prepare(DataConfig(paths=(str(path),), vocab_size=300), tmp_path / f"data-{path.name}")
        for path in (folder, packed)
    ]
    assert corpora[0].corpus_hash == corpora[1].corpus_hash


def test_what_is_streamed_and_what_is_a_report_goes_by_the_suffix():
    for name in ("a.zip", "a.tar.gz", "A.PDF", "a.tgz", "x.html", "scan.tiff", "q.tar.zst"):
        assert is_report(Path(name)), name
    for name in ("a.txt", "a.txt.gz", "a.py", "README", "a.jsonl.zst", "a.csv", "a.tar.txt"):
        assert not is_report(Path(name)), name
