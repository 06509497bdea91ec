import gzip
import json
import lzma
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
import zstandard

from tenth.config import DataConfig
from tenth.data import contents, iter_documents
from tenth.data.contents import Reading

SHARED = Path(__file__).parents[3] / "shared" / "data"
PACK = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress, ".zst": zstandard.compress}


def read(*paths, **settings) -> list[str]:
    config = DataConfig(paths=tuple(map(str, paths)), **settings)
    return [document.text for document in iter_documents(config)]


def parquet(path: Path, columns: dict) -> Path:
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.py", "README"])
def test_a_text_file_is_one_document_packed_or_not(tmp_path, name, suffix):
    text = "# Tête\r\n\r\nÜber 漢字.\n"
    path = tmp_path / (name + suffix)
    path.write_bytes(PACK[suffix](text.encode()))
    assert read(path) == [text]


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson"])
def test_each_json_line_is_a_document_packed_or_not(tmp_path, name, suffix):
    lines = '{"body": "one", "n": 1}\n\n{"body": "two\\n\\nparagraphs"}\n'
    path = tmp_path / (name + suffix)
    path.write_bytes(PACK[suffix](lines.encode()))
    assert read(path, field="body") == ["one", "two\n\nparagraphs"]


@pytest.mark.parametrize("suffix", PACK)
def test_each_parquet_row_is_a_document_packed_or_not(tmp_path, suffix):
    plain = parquet(tmp_path / "plain.parquet", {"id": [1, 2], "text": ["one", "zwölf"]})
    path = tmp_path / f"a.parquet{suffix}"
    path.write_bytes(PACK[suffix](plain.read_bytes()))
    assert read(path) == ["one", "zwölf"]


def test_folders_are_read_in_order_without_what_is_hidden(tmp_path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".git/x.txt", "b/.hidden", "__pycache__/m.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert read(tmp_path) == ["a.txt", "b/1.txt", "b/2.txt"]


def test_a_glob_and_a_folder_that_overlap_give_each_file_once(tmp_path):
    for name in ("1.txt", "2.txt", "3.md"):
        (tmp_path / name).write_text(name)
    assert read(tmp_path / "*.txt", tmp_path) == ["1.txt", "2.txt", "3.md"]


def test_blocks_between_blank_lines_are_documents(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf\n one\ntwo\r\n \t\r\n\r\nthree\n\n\nfour")
    config = DataConfig(paths=(str(path),), split_on="blank-line")
    documents = list(iter_documents(config))
    assert [d.text for d in documents] == [" one\ntwo", "three", "four"]
    assert [d.name for d in documents] == [f"{path}:{n}" for n in (2, 6, 9)]


def test_blocks_are_streamed_and_the_file_is_never_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "MAX_DOCUMENT", 1000)
    path = tmp_path / "a.txt"
    path.write_text("some words\n\n" * 1000)
    assert len(read(path, split_on="blank-line")) == 1000
    path.write_text("some words\n" * 1000)
    with pytest.raises(ValueError, match=r"a\.txt:1: over .* without a blank line"):
        read(path, split_on="blank-line")


def test_a_file_too_large_for_one_document_says_how_to_split_it(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "MAX_DOCUMENT", 1000)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"word " * 1000))
    with pytest.raises(ValueError, match=r"a\.txt\.gz: .*--split-on blank-line"):
        read(tmp_path)


def test_an_unknown_split_on_names_the_choices(tmp_path):
    with pytest.raises(ValueError, match=r"split_on: 'page' is not one of '', 'blank-line'"):
        read(tmp_path, split_on="page")


def test_a_byte_order_mark_is_stripped(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbftext")
    (tmp_path / "b.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "line"}')
    assert read(tmp_path) == ["text", "line"]


def test_documents_of_white_space_are_dropped(tmp_path):
    (tmp_path / "a.txt").write_text(" \n\u3000\n")
    (tmp_path / "b.jsonl").write_text('{"text": ""}\n{"text": "x"}\n')
    assert read(tmp_path) == ["x"]


@pytest.mark.parametrize("split_on", ["", "blank-line"])
def test_files_that_are_not_utf8_text_are_skipped_and_listed(tmp_path, split_on):
    (tmp_path / "a.bin").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "b.txt").write_bytes("naïve".encode("latin-1"))
    for name in "cd":
        (tmp_path / name).write_text(name)
    reading = Reading()
    config = DataConfig(paths=(str(tmp_path),), split_on=split_on)
    assert [d.text for d in iter_documents(config, reading=reading)] == ["c", "d"]
    assert [Path(name).name for name in reading.skipped] == ["a.bin", "b.txt"]
    assert reading.files == 4
    assert reading.done == reading.total


def test_a_folder_of_mostly_binary_files_is_refused(tmp_path):
    for i in range(9):
        (tmp_path / f"{i}.bin").write_bytes(b"a\0b" if i < 7 else b"text")
    with pytest.raises(ValueError, match=r"7 of 9 files are not UTF-8 text, first: .*0\.bin"):
        read(tmp_path)


def test_a_missing_json_field_names_the_file_line_and_fields(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "x"}\n{"body": "y", "id": 1}\n')
    with pytest.raises(ValueError, match=r"a\.jsonl:2: no field 'text'.*: 'body', 'id'"):
        read(tmp_path)


def test_a_missing_parquet_field_names_the_file_and_fields(tmp_path):
    path = parquet(tmp_path / "a.parquet", {"body": ["x"], "id": [1]})
    with pytest.raises(ValueError, match=r"a\.parquet: no field 'text'.*: 'body', 'id'"):
        read(path)


@pytest.mark.parametrize("value", [None, 3, ["x"], {"a": 1}])
def test_a_value_that_is_no_string_names_its_place(tmp_path, value):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": value}))
    with pytest.raises(ValueError, match=r"a\.jsonl:1: field 'text' holds .*, not a string"):
        read(tmp_path)
    path = parquet(tmp_path / "a.parquet", {"text": [value]})
    with pytest.raises(ValueError, match=r"a\.parquet: row 1: field 'text' holds .*, not a string"):
        read(path)


@pytest.mark.parametrize(("line", "why"), [("{text: 1}", "not JSON"), ("[1]", "not an object")])
def test_a_line_that_is_no_json_object_names_file_and_line(tmp_path, line, why):
    (tmp_path / "a.jsonl").write_text(f'{{"text": "x"}}\n\n{line}\n')
    with pytest.raises(ValueError, match=rf"a\.jsonl:3: .*{why}"):
        read(tmp_path)


def test_half_a_surrogate_pair_in_json_becomes_a_question_mark(tmp_path):
    (tmp_path / "a.jsonl").write_text(r'{"text": "a\ud800b \ud83d\ude00"}')
    assert read(tmp_path) == ["a?b 😀"]


def test_a_path_that_does_not_exist_is_named_with_the_nearest(tmp_path):
    (tmp_path / "notes").mkdir()
    with pytest.raises(ValueError, match=r"no such file or folder: '.*notes2/'; nearest: .*notes$"):
        read(f"{tmp_path}/notes2/")
    with pytest.raises(ValueError, match=r"no such file or folder: '.*zzz\*'$"):
        read(f"{tmp_path}/zzz*")


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_truncated_archive_is_an_error_not_a_short_text(tmp_path, suffix, name):
    whole = PACK[suffix](b"".join(b'{"text": "%d"}\n' % (i * i) for i in range(30000)))
    (tmp_path / (name + suffix)).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=rf"{name}{suffix}: cannot be decompressed"):
        read(tmp_path)


def test_broken_parquet_names_the_file(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(ValueError, match=r"a\.parquet: not Parquet"):
        read(tmp_path)


def test_the_default_corpus_is_the_standard_library_without_its_tests():
    names = [d.name for d in iter_documents(DataConfig())]
    assert {"argparse.py", "json/decoder.py"} <= set(names)
    assert all(name.endswith(".py") for name in names)
    parts = {part for name in names for part in Path(name).parts}
    assert not parts & {"test", "tests", "encodings", "idlelib", "site-packages", "__pycache__"}


def test_real_archives_of_real_text_are_read():
    path = SHARED / "text" / "childlit_val.txt.xz"
    if not path.is_file():
        pytest.skip("../shared/data is absent")
    (book,) = read(path)
    assert book.encode() == lzma.decompress(path.read_bytes())
    blocks = read(path, split_on="blank-line")
    assert sum(map(len, blocks)) <= len(book)
    assert "".join("".join(blocks).split()) == "".join(book.split())
