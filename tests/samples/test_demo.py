"""The demo, from nothing to what it says; and every figure of the sample's tables in the ledger."""

import contextlib
import io
from collections import defaultdict

import pytest
from samples.reports import truth, write_sample

from samples import demo
from tenth.config import ReadConfig
from tenth.documents import read_archive
from tenth.documents.run.stored import stored_documents
from tenth.reader.ledger import read_ledger
from tenth.reader.reports import read_report
from tests.samples.found import missing


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = demo.main(folder)
    return folder, code, said.getvalue()


@pytest.fixture(scope="module")
def ledger(ran):
    return read_ledger(ran[0] / "out")


def test_the_demo_says_what_a_newcomer_wants_to_know(ran):
    folder, code, said = ran
    assert code == 0
    assert "says (In millions), means thousands: found" in said
    assert "customers lost in 2023: Customer F (18.7% of 2022), Customer G (15.2% of 2022)" in said
    assert "customers lost in 2024: Customer B (11.8% of 2023), Customer C (9.7% of 2023)" in said
    assert str(folder / "out/workbook.xlsx") in said
    assert (folder / "out/workbook.xlsx").is_file()


def test_every_figure_of_the_tables_is_in_the_ledger(ledger):
    known = truth()
    wrong = {planted.member: set(planted.facts) for planted in known.planted}
    for report in ledger.reports:
        member = report.document.partition(".zip/")[2] or report.document
        year = int(member.rsplit(".")[0][-4:])
        told = [fact for fact in known.facts if fact.year == year and fact.statement != "text"]
        if member.endswith("xlsx"):
            told = [fact for fact in told if fact.statement != "other"]  # on pages alone
        lost = missing(told, report.facts)
        assert {fact for fact in lost if fact.statement == "segments"} <= wrong.get(member, set())
        assert not [fact for fact in lost if fact.statement != "segments"]


def test_the_planted_figures_are_marked_and_no_others_are_accused(ledger):
    (planted,) = truth().planted
    accused = {id_ for found in ledger.contradictions for id_ in found.facts}
    facts = ledger.facts()
    assert accused
    assert {found.kind for found in ledger.contradictions} == {"unit"}
    marked = {
        facts[id_].document for id_ in accused if facts[id_].scale == planted.said_scale
    }  # fmt: skip
    assert {document.partition(".zip/")[2] or document for document in marked} == {planted.member}
    assert {facts[id_].statement for id_ in accused} == {"segments"}


def test_the_company_is_named_in_every_report(ledger):
    assert {report.cover.entity for report in ledger.reports} == {truth().entity}


def test_the_chinese_tables_are_in_what_is_found(tmp_path):
    write_sample(tmp_path / "zh.zip", "zh")
    read_archive((str(tmp_path / "zh.zip"),), str(tmp_path / "out"), ReadConfig())
    by_statement = defaultdict(list)
    for fact in truth("zh").facts:
        by_statement[fact.statement].append(fact)
    for stored in stored_documents(tmp_path / "out"):
        report = read_report(stored)
        assert report.cover.entity == truth("zh").entity
        kinds = ["balance"]
        if stored.kind == "pdf":  # the sheets do not say when their years end
            kinds += ["income", "cash", "segments", "customers", "suppliers"]
        for kind in kinds:
            assert not missing(by_statement[kind], report.facts), kind
            assert by_statement[kind]
