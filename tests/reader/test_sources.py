"""Files back from the archive by their hash, however many ask at a time."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from tenth.reader.pages import Sources

TEXTS = {"a.txt": b"the first report", "b.txt": b"the second report", "c.txt": b"the third"}
HASHES = {name: hashlib.sha256(text).hexdigest() for name, text in TEXTS.items()}


@pytest.fixture
def archive(tmp_path) -> Path:
    path = tmp_path / "reports.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, text in TEXTS.items():
            file.writestr(name, text)
    return path


def spools(out: Path) -> list[Path]:
    return sorted((out / ".spool-sources").rglob("*.txt"))


def test_a_member_comes_back_by_its_hash_and_its_spool_goes(archive, tmp_path):
    out = tmp_path / "out"
    with Sources([archive], out) as sources:
        assert not out.exists()  # nothing is unpacked before it is wanted
        assert sources.file(HASHES["b.txt"]).read_bytes() == TEXTS["b.txt"]
        assert len(spools(out)) == 1  # what nobody wants is not kept
        assert sources.file(HASHES["a.txt"]).read_bytes() == TEXTS["a.txt"]  # went by already
        assert sources.file(HASHES["c.txt"]).read_bytes() == TEXTS["c.txt"]
    assert not (out / ".spool-sources").exists()


def test_what_is_said_to_be_wanted_is_kept_as_it_goes_by(archive, tmp_path):
    with Sources([archive], tmp_path / "out") as sources:
        sources.want(HASHES.values())
        sources.file(HASHES["c.txt"])
        assert len(spools(tmp_path / "out")) == 3


def test_files_of_a_folder_are_used_where_they_lie(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_bytes(text)
    with Sources([folder], tmp_path / "out") as sources:
        assert sources.file(HASHES["b.txt"]) == folder / "b.txt"
        assert sources.file(HASHES["a.txt"]) == folder / "a.txt"
        (folder / "a.txt").write_text("not what it was")
        with pytest.raises(ValueError, match=r"a\.txt: it has changed .*--archive PATH"):
            sources.file(HASHES["a.txt"], "reports/a.txt")


def test_an_archive_that_moved_or_changed_is_named(archive, tmp_path):
    with (
        Sources([tmp_path / "gone.zip"], tmp_path / "out") as sources,
        pytest.raises(ValueError, match=r"gone\.zip: no such file or folder any more; --archive"),
    ):
        sources.file(HASHES["a.txt"])
    with (
        Sources([archive], tmp_path / "out") as sources,
        pytest.raises(ValueError, match=r"reports\.zip: does not hold x\.pdf \(sha256 000000"),
    ):
        sources.file("0" * 64, "x.pdf")


def test_two_at_a_time_do_not_trip_over_each_other(archive, tmp_path):
    out = tmp_path / "out"
    with Sources([archive], out) as first:
        path = first.file(HASHES["a.txt"])
        with Sources([archive], out) as second:
            assert second.file(HASHES["a.txt"]) != path
        assert path.read_bytes() == TEXTS["a.txt"]
    assert not (out / ".spool-sources").exists()


def test_what_a_killed_one_left_is_removed_and_what_is_in_use_is_not(archive, tmp_path):
    parent = tmp_path / "out" / ".spool-sources"
    (parent / "dead").mkdir(parents=True)
    (parent / "dead.lock").touch()
    (parent / "dead" / "left.txt").touch()
    with Sources([archive], tmp_path / "out") as alive:
        path = alive.file(HASHES["a.txt"])
        assert not (parent / "dead").exists()
        with Sources([archive], tmp_path / "out") as other:
            other.file(HASHES["a.txt"])
        assert path.exists()


def test_what_a_killed_run_left_goes_though_nothing_is_unpacked(archive, tmp_path):
    parent = tmp_path / "out" / ".spool-sources"
    (parent / "dead").mkdir(parents=True)
    (parent / "dead" / "a.txt").write_text("left")
    (parent / "dead.lock").touch()
    with Sources([archive], tmp_path / "out"):
        pass
    assert not parent.exists()
