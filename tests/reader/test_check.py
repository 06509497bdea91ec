"""The check: every change of a figure is told, and nothing that was not changed."""

import io
import random
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from bench.mutate import KINDS, Untouchable, mutate
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tenth.reader.check import Difference, differences, differences_of, read_again
from tenth.reader.check.parts import lines
from tenth.reader.ledger import settings_of
from tests.reader.reading import copied, read, sample, sample_again

FAMILIES = (
    "facts.csv", "facts.parquet", "ledger.sqlite", "documents.sqlite", "workbook.xlsx",
    "summary.md", "summary.html", "contradictions.md", "pages/*.html", "pages/*.png",
    "tables/*/*.csv", "text/*.md",
)  # fmt: skip


def one_of(family: str) -> str:
    out = sample()[1]
    return sorted(out.glob(family))[0].relative_to(out).as_posix()


def copy_of(name: str, folder: Path) -> Path:
    """One file of the sample's output in a folder of its own."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sample()[1] / name, path)
    return path


def told(name: str, folder: Path) -> list[Difference]:
    return differences_of(name, folder, sample_again().out)


def test_an_untouched_output_gives_no_difference():
    assert differences(sample()[1], sample_again().out) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_changed_figure_of_each_kind_is_told_in_each_kind_of_file(tmp_path, family):
    draw, made = random.Random(family), 0
    for kind in KINDS * 2:
        name = one_of(family)
        path = copy_of(name, tmp_path)
        try:
            mutation = mutate(path, kind, draw, sample_again().out)
        except Untouchable:
            continue
        made += 1
        assert told(name, tmp_path), mutation
    assert made


@pytest.mark.parametrize("family", FAMILIES[:6])
def test_comparing_the_changed_file_alone_says_what_comparing_all_does(tmp_path, family):
    out, name = copied(tmp_path), one_of(family)
    mutate(out / name, "digit", random.Random(1), sample_again().out)
    found = differences(out, sample_again().out)
    assert found and found == differences_of(name, out, sample_again().out)


def test_a_difference_names_the_place_and_both_sides(tmp_path):
    path = copy_of("facts.csv", tmp_path)
    text = path.read_bytes().decode()
    row = text.split("\r\n")[1]
    text = text.replace(row, row.replace("339116000", "338116000"))
    path.write_bytes(text.encode())
    assert [one.line for one in told("facts.csv", tmp_path)] == [
        f"facts.csv: {row[:12]}, value: '338116000' here, '339116000' from the archive"
    ]


def test_what_is_missing_and_what_was_added_is_told(tmp_path):
    out = copied(tmp_path)
    (out / "summary.md").unlink()
    (out / "pages" / "forged.html").write_text("Revenue was 7.")
    found = differences(out, sample_again().out)
    assert [one.line for one in found] == [
        "pages/forged.html: the file: 'it' is not in the archive",
        "summary.md: the file: missing, the archive has 'it'",
    ]


def test_what_programs_leave_beside_the_files_they_open_is_not_told(tmp_path):
    out = copied(tmp_path)
    for name in (".~lock.workbook.xlsx#", "~$workbook.xlsx", ".DS_Store", "pages/Thumbs.db"):
        (out / name).write_text("x")
    assert differences(out, sample_again().out) == []


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("how", ["empty", "cut", "other"])
def test_a_broken_file_is_told_and_does_not_end_the_check(tmp_path, family, how):
    name = one_of(family)
    path = copy_of(name, tmp_path)
    whole = path.read_bytes()
    content = {"empty": b"", "cut": whole[: len(whole) // 2], "other": b"\x00\xff\xfe" * 99}[how]
    path.write_bytes(content)
    assert told(name, tmp_path)


def test_a_field_longer_than_csv_readers_take_is_told(tmp_path):
    name = one_of("tables/*/*.csv")
    copy_of(name, tmp_path).write_text("9" * 200_000)
    assert told(name, tmp_path)


def test_many_differences_of_a_file_are_counted(tmp_path):
    copy_of("facts.csv", tmp_path).write_text("id\r\n")
    found = told("facts.csv", tmp_path)
    assert len(found) == 51 and found[-1].where == "further places"


# Databases


def test_a_database_laid_out_otherwise_is_the_same(tmp_path):
    for name in ("ledger.sqlite", "documents.sqlite"):
        with closing(sqlite3.connect(copy_of(name, tmp_path), isolation_level=None)) as sql:
            sql.execute("PRAGMA page_size = 8192")
            sql.execute("VACUUM")
            sql.execute("ANALYZE")
        assert told(name, tmp_path) == []


def test_documents_that_were_written_in_another_order_are_the_same(tmp_path):
    with closing(sqlite3.connect(copy_of("documents.sqlite", tmp_path))) as sql:
        tables = ("pages", "blocks", "tables", "cells", "charts", "series", "members")
        for before, after in ((1, 901), (2, 1), (901, 2)):
            sql.execute("UPDATE documents SET id = ? WHERE id = ?", (after, before))
            for table in tables:
                sql.execute(f"UPDATE {table} SET document = ? WHERE document = ?", (after, before))
        sql.commit()
    assert told("documents.sqlite", tmp_path) == []


def test_a_run_may_be_added_and_a_table_may_not(tmp_path):
    with closing(sqlite3.connect(copy_of("ledger.sqlite", tmp_path))) as sql:
        sql.execute("INSERT INTO runs VALUES (99, '2030-01-01', 1.0, '9', 9)")
        sql.commit()
        assert told("ledger.sqlite", tmp_path) == []
        sql.execute("CREATE VIEW more AS SELECT 7 AS revenue")
        sql.commit()
    assert [one.where for one in told("ledger.sqlite", tmp_path)] == ["row more"]


def test_a_true_copy_does_not_hide_a_row_that_was_changed(tmp_path):
    with closing(sqlite3.connect(copy_of("documents.sqlite", tmp_path))) as sql:
        columns = [row[1] for row in sql.execute("PRAGMA table_info(documents)")][2:]
        names = ", ".join(columns)
        sql.execute(f"INSERT INTO documents SELECT 99, key || 'x', {names} FROM documents LIMIT 1")
        sql.execute("INSERT INTO pages SELECT 99, number, name, width, height, source, reason "
                    "FROM pages WHERE document = 1")  # fmt: skip
        sql.execute("UPDATE pages SET width = 7 WHERE document = 1 AND number = 1")
        sql.commit()
    assert any("width" in one.where for one in told("documents.sqlite", tmp_path))


# Workbooks and pictures


def repacked(path: Path, change: dict[str, tuple[str, str]]) -> None:
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            before, after = change.get(name, ("", ""))
            assert before.encode() in content
            file.writestr(name, content.replace(before.encode(), after.encode(), 1))


def test_a_workbook_packed_otherwise_is_the_same(tmp_path):
    repacked(copy_of("workbook.xlsx", tmp_path), {})
    assert told("workbook.xlsx", tmp_path) == []


def test_a_workbook_that_lost_the_values_of_its_formulas_is_told(tmp_path):
    path = copy_of("workbook.xlsx", tmp_path)
    openpyxl.load_workbook(path).save(path)
    assert any(one.where.endswith("(value kept)") for one in told("workbook.xlsx", tmp_path))


def test_what_a_chart_shows_is_told_where_no_cell_differs(tmp_path):
    path = copy_of("workbook.xlsx", tmp_path)
    with zipfile.ZipFile(path) as file:
        chart = file.read("xl/charts/chart1.xml").decode()
    value = chart.split("<c:numCache>")[1].split("<c:v>")[1].split("<")[0]
    repacked(path, {"xl/charts/chart1.xml": (f"<c:v>{value}<", "<c:v>7<")})
    (one,) = told("workbook.xlsx", tmp_path)
    assert one.where.startswith("xl/charts/chart1.xml, tag ")
    assert (one.here, one.archive) == ("<c:v>7</c:v>", f"<c:v>{value}</c:v>")


def test_a_sheet_more_or_less_is_told(tmp_path):
    path = copy_of("workbook.xlsx", tmp_path)
    book = openpyxl.load_workbook(path)
    del book[book.sheetnames[-1]]
    book.create_sheet("Mine")["A1"] = 7
    book.save(path)
    lines_ = [one.line for one in told("workbook.xlsx", tmp_path)]
    assert "workbook.xlsx: sheet Mine: 'it' is not in the archive" in lines_
    assert any(": sheet Sources: missing" in line for line in lines_)


def test_a_picture_packed_otherwise_is_the_same_and_one_of_another_page_is_not(tmp_path):
    name = one_of("pages/*.png")
    path = copy_of(name, tmp_path)
    with Image.open(path) as image:
        image.load()
        texts = PngImagePlugin.PngInfo()
        for key in ("Source", "Points"):
            texts.add_text(key, image.info[key])
        packed = io.BytesIO()
        image.save(packed, "PNG", pnginfo=texts, compress_level=1)
    path.write_bytes(packed.getvalue())
    assert told(name, tmp_path) == []
    shutil.copyfile(sorted((sample()[1] / "pages").glob("*.png"))[1], path)
    assert [one.where for one in told(name, tmp_path)] == ["the picture"]


# Lines


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_lines_differ_exactly_where_they_are_not_the_same(ours, theirs):
    found = list(lines(ours, theirs))
    assert bool(found) == (ours != theirs)
    for where, here, there in found:
        assert here != there
        if here is not None:
            assert ours[int(where.split()[1]) - 1] == here
        assert there is None or there in theirs


# Reading again


def test_nothing_is_left_beside_the_folder(tmp_path):
    out = copied(tmp_path)
    with read_again(out, jobs=1):
        assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == [out]


def test_the_archive_may_have_moved_and_have_another_name(tmp_path):
    archive, _ = sample()
    out = copied(tmp_path)
    moved = tmp_path / "elsewhere" / "other.zip"
    moved.parent.mkdir()
    shutil.copyfile(archive, moved)
    with read_again(out, [moved], jobs=1) as again:
        assert differences(out, again.out) == []


def test_an_archive_that_has_changed_is_told(tmp_path):
    archive, _ = sample()
    out, changed = copied(tmp_path), tmp_path / "sample.zip"
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(changed, "w") as file:
        for name in whole.namelist()[1:]:
            file.writestr(name, whole.read(name))
    with read_again(out, [changed], jobs=1) as again:
        assert {one.file for one in differences(out, again.out)} >= {"facts.csv", "workbook.xlsx"}


def test_an_output_inside_the_folder_that_was_read_is_no_source_of_its_own(tmp_path):
    folder = tmp_path / "reports"
    with zipfile.ZipFile(sample()[0]) as file:
        file.extractall(folder, [name for name in file.namelist() if name.endswith("2023.xlsx")])
    read(folder, folder / "out")
    read(folder, folder / "again")
    facts = [(folder / name / "facts.csv").read_bytes() for name in ("out", "again")]
    assert facts[0] == facts[1]
    with read_again(folder / "out", jobs=1) as again:
        assert differences(folder / "out", again.out) == []


def test_an_archive_given_by_a_link_keeps_the_name_of_the_link(tmp_path):
    with zipfile.ZipFile(sample()[0]) as whole, zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        name = next(name for name in whole.namelist() if name.endswith("2023.xlsx"))
        file.writestr(name, whole.read(name))
    (tmp_path / "latest.zip").symlink_to(tmp_path / "a.zip")
    out = tmp_path / "out"
    read(tmp_path / "latest.zip", out)
    assert settings_of(out).archives == (str(tmp_path / "latest.zip"),)
    with read_again(out, jobs=1) as again:
        assert differences(out, again.out) == []


def test_a_missing_archive_is_named_with_what_to_do(tmp_path):
    out = copied(tmp_path)
    with pytest.raises(ValueError, match=r"gone\.zip: not there; --archive PATH"):
        read_again(out, [tmp_path / "gone.zip"])
    assert list(tmp_path.iterdir()) == [out]


def test_an_output_of_another_version_is_not_compared(tmp_path):
    out = copied(tmp_path)
    with closing(sqlite3.connect(out / "ledger.sqlite")) as sql:
        sql.execute("""UPDATE settings SET value = replace(value, '"facts":', '"facts":9')""")
        sql.commit()
    with pytest.raises(ValueError, match="another version of tenth; read the archive again"):
        read_again(out)
