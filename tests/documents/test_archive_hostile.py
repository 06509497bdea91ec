from pathlib import Path

import pytest

from tests.documents import hostile_archives as hostile
from tests.documents.probe import unpack_apart

MEMORY = 512 << 20  # what unpacking may add, whatever is in the archive
RATIO = "max_ratio = 250"
EXPECTED = {  # the archive: how many of its members are read, and what the last line says
    "traversal.zip": (5, ""),
    "links.zip": (1, "a device or pipe"),
    "overlapping.zip": (0, "overlap"),
    "one_body_many_lines.zip": (0, "overlap"),
    "flat_bomb.zip": (0, "larger than max_member_bytes = 1,073,741,824"),
    "bzip2_bomb.zip": (0, RATIO),
    "nested_bomb.zip": (None, RATIO),
    "too_deep.zip": (4, "deeper than max_depth = 4"),
    "lying_sizes.zip": (1, ""),
    "many_members.zip": (0, "more than max_members = 20,000"),
    "a_million_lines.zip": (0, "more than max_members = 20,000"),
    "a_huge_list.zip": (0, "its list of members has 180,138,000 bytes"),
    "a_short_list_and_a_long_one.zip": (0, "more than max_members = 20,000"),
    "tar_escapes.tar": (6, "a device or pipe"),
    "sparse.tar": (1, RATIO),
    "pax_bomb.tar.gz": (0, "a header of more than 262,144 bytes"),
    "long_name_bomb.tar.gz": (0, "a header of more than 262,144 bytes"),
    "pax_for_all.tar.xz": (15_000, "members may be missing"),
    "many_in_tar.tar.gz": (20_000, "more than max_members = 20,000"),
    "negative_size.tar": (1, "broken"),
    "gz_bomb.gz": (0, "larger than max_member_bytes"),
    "bz2_bomb.bz2": (0, RATIO),
    "xz_bomb.xz": (0, RATIO),
    "zst_bomb.zst": (0, RATIO),
    "xz_dictionary.xz": (0, "too much memory"),
    "zst_window.zst": (0, "too much memory"),
    "sevenzip_escapes.7z": (5, "a device or pipe"),
    "sevenzip_bomb.7z": (1, RATIO),
    "sevenzip_deflate_bomb.7z": (4, RATIO),
    "sevenzip_lzma_bomb.7z": (1, RATIO),
    "sevenzip_lying_sizes.7z": (0, "broken: it holds less than it declares"),
    "sevenzip_dictionary.7z": (0, "asks for 4,294,967,296 bytes of memory"),
    "sevenzip_many_members.7z": (0, "more than max_members = 20,000"),
    "sevenzip_million_members.7z": (0, "more than max_members = 20,000"),
}


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_each_hostile_archive_has_its_expectation():
    assert set(EXPECTED) == set(hostile.HOSTILE)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_hostile_archive_ends_with_a_line_within_memory_and_writes_nothing_outside(
    name, tmp_path
):
    home = tmp_path / "a" / "b" / "c"  # room for names that climb
    home.mkdir(parents=True)
    hostile.HOSTILE[name](home / name)
    before = tree(tmp_path)
    spool = home / "spool"
    got = unpack_apart(home / name, spool)

    inside = tree(spool) if spool.exists() else set()
    written = tree(tmp_path) - before - {"a/b/c/spool"}
    assert written == {f"a/b/c/spool/{file}" for file in inside}, "all that was written"
    assert not any("/" in file or file.startswith("unfinished") for file in inside)
    assert not Path("/escaped.txt").exists()
    assert got["growth"] < MEMORY

    lines = [why for _, _, why in got["members"] if why] + [got["refused"]] * bool(got["refused"])
    read, why = EXPECTED[name]
    if read is not None:
        assert len(got["members"]) - len(lines) + bool(got["refused"]) == read
    assert why in (lines or [""])[-1]
    assert all(len(line) < 250 and "\n" not in line for line in lines)


def test_names_that_climb_are_read_under_names_that_do_not(tmp_path):
    for name in ("traversal.zip", "tar_escapes.tar", "sevenzip_escapes.7z"):
        hostile.HOSTILE[name](tmp_path / name)
        members = unpack_apart(tmp_path / name, tmp_path / "spool")["members"]
        shown = [member for member, _, why in members if not why and "link" not in member]
        assert shown == [f"{name}/escaped.txt"] * 4 + [f"{name}/a/b"]


def test_each_lie_about_a_size_is_told_and_the_honest_member_is_read(tmp_path):
    hostile.HOSTILE["lying_sizes.zip"](tmp_path / "lying.zip")
    members = unpack_apart(tmp_path / "lying.zip", tmp_path / "spool")["members"]
    more, less, stored, honest = (why for _, _, why in members)
    assert more == "broken: holds more than the 10 bytes it declares"
    assert RATIO in less and RATIO in stored and honest == ""


def test_a_member_that_declares_more_than_it_holds_is_broken(tmp_path):
    path = tmp_path / "less.zip"
    hostile.write_zip(
        path, (b"a.txt", b"few", {"method": 8, "size": 9}), (b"b.txt", b"few", {"size": 9})
    )
    members = unpack_apart(path, tmp_path / "spool")["members"]
    assert {why for _, _, why in members} == {"broken: holds less than the 9 bytes it declares"}


def test_a_link_in_the_spools_place_is_not_written_through(tmp_path):
    """Someone else's link under the name of a file of ours is replaced, not followed."""
    from tenth.documents.archives.unpack import open_archive

    hostile.write_zip(tmp_path / "a.zip", (b"a.txt", b"content\n", {}))
    (first,) = open_archive(tmp_path / "a.zip", tmp_path / "spool")
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine\n")
    first.path.unlink()
    first.path.symlink_to(victim)
    (second,) = open_archive(tmp_path / "a.zip", tmp_path / "spool")
    assert victim.read_bytes() == b"mine\n" and second.path.read_bytes() == b"content\n"
    assert not second.path.is_symlink()
