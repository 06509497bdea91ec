"""Statements that do not say in what they are: the text says it, by amounts of theirs."""

import msgspec

from tenth.documents.model import Document
from tenth.documents.run.stored import Stored
from tenth.reader.reports import read_report
from tenth.reader.spoken_scale import scale_in_sentences
from tests.reader.pages import document_of, page_of, table_of

ROWS = [
    ["", "2022", "2021"],
    ["Revenue", "$ 27,802,000", "$ 17,981,000"],
    ["Cost of revenue", "21,901,000", "14,001,000"],
    ["Operating loss", "(112,450,000)", "(81,230,000)"],
    ["Income tax expense", "96,000", "12,000"],
    ["Net loss", "(132,596,000)", "(72,439,000)"],
    ["Net loss per share, basic and diluted", "(0.46)", "(0.26)"],
]
TITLE = "Consolidated Statements of Operations for the years ended December 31, 2022 and 2021"
SAID = ("Revenue was $27.8 million, from $18.0 million.", "Costs rose to $21.9 million.",
        "The net loss was $132.6 million, from $72.4 million.", "A net loss of $132.6 million.",
        "The operating loss was $112.5 million.", "We have $2 million in escrow.")  # fmt: skip


def of(*lines: str) -> Document:
    table = msgspec.structs.replace(table_of(ROWS, page=2), caption=TITLE)
    return document_of(
        page_of("ACME, INC.", "Form 10-K", *lines), page_of(number=2), tables=[table]
    )


def test_sentences_with_a_scale_say_that_of_the_statements():
    scale, said = scale_in_sentences(of(*SAID)) or (None, ())
    assert scale == 1
    assert [one.text for one in said][:2] == ["$27.8 million", "$21.9 million"]


def test_few_amounts_or_those_of_two_scales_say_nothing():
    assert scale_in_sentences(of(*SAID[:2])) is None
    of_other = [f"Assets of ${amount} billion." for amount in ("27.8", "18.0", "132.6", "72.4")]
    assert scale_in_sentences(of(*SAID, *of_other)) is None
    assert scale_in_sentences(document_of(page_of(*SAID))) is None


def test_a_report_takes_it_where_nothing_else_says_a_scale():
    document = of(*SAID)
    report = read_report(Stored("key", "name", "acme.pdf", "pdf", "00", document))
    losses = [fact for fact in report.facts if fact.label == "Net loss" and fact.table]
    assert [fact.value for fact in losses] == [-132_596_000, -72_439_000]
    assert {one.text for one in losses[0].said if one.what == "scale"} >= {"$27.8 million"}
    (table,) = document.tables
    document = msgspec.structs.replace(
        document, tables=(msgspec.structs.replace(table, scale="(in thousands)"),)
    )
    report = read_report(Stored("key", "name", "acme.pdf", "pdf", "00", document))
    assert [f.scale for f in report.facts if f.label == "Net loss" and f.table] == [1000, 1000]


def test_notes_are_in_whole_units_where_the_statements_are_and_nothing_says_another_scale():
    rows = [["", "2022", "2021"], ["Raw materials", "5,319,000", "1,208,000"],
            ["Finished goods", "17,387,000", "9,118,000"]]  # fmt: skip
    note = msgspec.structs.replace(
        table_of(rows, page=1), caption="Inventories at December 31, 2022 and 2021"
    )
    document = of(*SAID)
    document = msgspec.structs.replace(document, tables=(*document.tables, note))

    def values(made: Document) -> list:
        report = read_report(Stored("key", "name", "acme.pdf", "pdf", "00", made))
        return [fact.value for fact in report.facts if fact.label == "Raw materials"]

    assert values(document) == [5_319_000, 1_208_000]
    other = msgspec.structs.replace(table_of(ROWS[:3], page=1), scale="(in thousands)")
    assert values(msgspec.structs.replace(document, tables=(*document.tables, other))) == [None] * 2
