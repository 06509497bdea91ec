"""From what was read to the outputs: the same bytes each time, and nothing of what is gone."""

import shutil
import zipfile
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import openpyxl
import pyarrow.parquet
import pytest

import tenth.reader.run as run_module
from tenth.config import ReadConfig
from tenth.documents import read_archive
from tenth.documents.run.stored import stored_documents
from tenth.reader.ledger import read_ledger
from tenth.reader.model import Ledger, Report
from tenth.reader.run import CACHE, MADE, remove_outputs, spoken, write_outputs
from tenth.reader.source import FOLDER, write_source
from tests.reader.made import Q3, report, statement
from tests.reader.reading import copied, outputs, read, sample


def part_of_sample(path: Path, *endings: str, rename: str = "") -> Path:
    """An archive of some members of the sample."""
    with zipfile.ZipFile(sample()[0]) as whole, zipfile.ZipFile(path, "w") as file:
        for name in whole.namelist():
            if name.endswith(endings):
                file.writestr(rename or name, whole.read(name))
    return path


def test_two_runs_give_the_same_bytes_and_rows(tmp_path):
    archive, out = sample()
    read(archive, tmp_path / "out")
    assert outputs(tmp_path / "out") == outputs(out)
    assert read_ledger(tmp_path / "out") == read_ledger(out)


def test_a_second_run_over_the_same_documents_changes_nothing(tmp_path):
    archive, _ = sample()
    out = copied(tmp_path)
    before = outputs(out)
    write_outputs(out, [archive], ReadConfig())
    assert outputs(out) == before


def test_another_archive_into_the_folder_leaves_nothing_of_the_first(tmp_path):
    first = part_of_sample(tmp_path / "first.zip", "2022.xlsx", "2022.pdf")
    second = part_of_sample(tmp_path / "second.zip", "2023.pdf")
    out = tmp_path / "out"
    read(first, out)
    facts = read_ledger(out).facts()
    drawn = write_source(out, next(iter(facts)))
    read(second, out)
    assert not drawn.exists()
    read(second, tmp_path / "fresh")
    assert outputs(out) == outputs(tmp_path / "fresh")
    assert {path.name for path in (out / CACHE).iterdir()} == {
        path.name for path in (tmp_path / "fresh" / CACHE).iterdir()
    }


def test_a_picture_that_was_asked_for_stays_while_its_figure_does(tmp_path):
    archive = part_of_sample(tmp_path / "one.zip", "2023.xlsx")
    out = tmp_path / "out"
    read(archive, out)
    drawn = write_source(out, next(iter(read_ledger(out).facts())))
    read(archive, out)
    assert drawn.is_file()


def test_an_archive_without_figures_gives_outputs_that_say_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "notes.zip", "w") as file:
        file.writestr("note.txt", "Nothing is counted here.")
    out = tmp_path / "out"
    outcome = read(tmp_path / "notes.zip", out)
    assert outcome.ledger.facts() == {} and not outcome.broken
    assert (out / "facts.csv").read_text().count("\n") == 1
    assert pyarrow.parquet.read_table(out / "facts.parquet").num_rows == 0
    assert openpyxl.load_workbook(out / "workbook.xlsx").sheetnames
    assert (out / "summary.html").read_text().startswith("<!")
    assert list((out / "pages").iterdir()) == []


# A document that breaks us


def test_a_document_that_breaks_the_search_costs_its_own_facts_alone(tmp_path, monkeypatch):
    archive = part_of_sample(tmp_path / "two.zip", "2022.xlsx", "2023.xlsx")
    real = run_module.read_report

    def breaks(stored):
        if "2022" in stored.member:
            raise RecursionError("too deep")
        return real(stored)

    monkeypatch.setattr(run_module, "read_report", breaks)
    outcome = read(archive, tmp_path / "out")
    ((document, reason),) = outcome.broken
    assert document == "two.zip/tarnwick/tarnwick-2022.xlsx"
    assert reason == "looking for facts broke (RecursionError: too deep)"
    found = {fact.document for fact in outcome.ledger.facts().values()}
    assert found == {"two.zip/tarnwick/tarnwick-2023.xlsx"}
    monkeypatch.undo()
    outcome = write_outputs(tmp_path / "out", [archive], ReadConfig())  # nothing of it was kept
    assert not outcome.broken


def test_figures_that_cannot_be_looked_up_in_their_file_do_not_leave_it(tmp_path, monkeypatch):
    archive = part_of_sample(tmp_path / "two.zip", "2022.xlsx", "2022.pdf")
    real = run_module.unresolved

    def breaks(path, kind, facts):
        if kind == "xlsx":
            raise TypeError("expected <class 'float'>")
        return real(path, kind, facts)

    monkeypatch.setattr(run_module, "unresolved", breaks)
    outcome = read(archive, tmp_path / "out")
    ((document, reason),) = outcome.broken
    assert document.endswith("2022.xlsx") and "looking its figures up in the file broke" in reason
    assert {fact.document[-4:] for fact in outcome.ledger.facts().values()} == {".pdf"}


def test_a_figure_that_its_place_does_not_hold_does_not_leave(tmp_path, monkeypatch):
    archive = part_of_sample(tmp_path / "one.zip", "2022.xlsx")
    real = run_module.unresolved
    lost: list[str] = []

    def one_more(path, kind, facts):
        lost.append(facts[0].id)
        yield facts[0], "something else"
        yield from real(path, kind, facts)

    monkeypatch.setattr(run_module, "unresolved", one_more)
    outcome = read(archive, tmp_path / "out")
    ledger = outcome.ledger
    assert lost and lost[0] not in ledger.facts()
    ((_, why),) = outcome.broken  # and the reader is told
    assert why.startswith(f"1 of {len(ledger.facts()) + 1:,} figures left out")
    shown = {id_ for r in ledger.reports for s in r.statements for line in s.lines
             for id_ in line.facts}  # fmt: skip
    assert lost[0] not in shown


def test_an_archive_that_changed_before_the_ledger_was_made_is_named(tmp_path):
    archive = part_of_sample(tmp_path / "one.zip", "2022.pdf")
    out = tmp_path / "out"
    read_archive(archive, out, jobs=1)
    part_of_sample(archive, "2023.pdf")
    with pytest.raises(ValueError, match=r"does not hold .*2022\.pdf .*it has changed"):
        write_outputs(out, [archive], ReadConfig())


# What is kept of each document


@pytest.mark.parametrize("content", [b"", b"torn", b"\x28\xb5\x2f\xfd" * 9])
def test_kept_facts_that_are_torn_are_found_again(tmp_path, content):
    archive, _ = sample()
    out = copied(tmp_path)
    before = outputs(out)
    for path in (out / CACHE).iterdir():
        path.write_bytes(content)
    write_outputs(out, [archive], ReadConfig())
    assert outputs(out) == before


def test_kept_facts_are_found_again_where_what_was_read_is_not_what_it_was(tmp_path):
    """A page that took too long is read at last: its file and the settings are the same."""
    archive = part_of_sample(tmp_path / "one.zip", "2022.xlsx")
    out = tmp_path / "out"
    whole = read(archive, out).ledger
    with closing(connect(out / "documents.sqlite")) as sql:
        sql.execute("DELETE FROM cells WHERE table_number > 2")
        sql.commit()
    less = write_outputs(out, [archive], ReadConfig()).ledger
    assert 0 < len(less.facts()) < len(whole.facts())


def test_a_member_that_got_another_name_is_called_by_it(tmp_path):
    archive = part_of_sample(tmp_path / "one.zip", "2022.xlsx")
    out = tmp_path / "out"
    read(archive, out)
    part_of_sample(archive, "2022.xlsx", rename="other.xlsx")
    ledger = read(archive, out).ledger
    assert {fact.document for fact in ledger.facts().values()} == {"one.zip/other.xlsx"}


# Without a ledger, and in which language


def test_outputs_of_an_earlier_run_go_where_no_ledger_is_wanted(tmp_path):
    out = copied(tmp_path)
    write_source(out, next(iter(read_ledger(out).facts())))
    assert all((out / name).exists() for name in MADE) and FOLDER in MADE
    remove_outputs(out)
    assert not any((out / name).exists() for name in MADE)
    assert list(stored_documents(out)) and (out / "manifest.csv").is_file()
    remove_outputs(out)  # none there: nothing to do


def test_the_language_is_that_of_most_reports():
    def made(language: str, name: str) -> Report:
        rows = [("Sales", "Revenues", ["1"])]
        return report(statement("income", rows, [Q3], document=name), language=language)

    two_of_three = (made("zh", "a.pdf"), made("zh", "b.pdf"), made("en", "c.pdf"))
    assert spoken(Ledger(two_of_three), "auto") == "zh"
    assert spoken(Ledger(two_of_three[1:]), "auto") == "en"
    assert spoken(Ledger(two_of_three), "en") == "en"
    assert spoken(Ledger(), "auto") == "en"


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine")
    with pytest.raises(ValueError, match="was not written by tenth read"):
        write_outputs(mine, [sample()[0]], ReadConfig())
    with pytest.raises(ValueError, match="was not written by tenth read"):
        remove_outputs(mine)
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]
    shutil.rmtree(mine)
