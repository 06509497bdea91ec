"""Whose figures a note's table shows: a metric stays where it can be the company's."""

import msgspec

from tenth.reader.model import Report
from tenth.reader.scope import with_scopes
from tests.reader.made import LAST_Q3, Q3, Row, report, statement

INCOME: list[Row] = [
    ("Revenue", "Revenues", ["100", "90"]), ("Cost of sales", "CostOfRevenue", ["60", "50"]),
    ("Net income", "NetIncomeLoss", ["9", "8"]),
]  # fmt: skip


def with_note(rows: list[Row], note_scale: int = 1_000_000) -> dict[str, list[str]]:
    """The metrics that a note's figures keep, by label."""
    note, facts = statement("other", rows, [Q3, LAST_Q3], table=2, scale=note_scale)
    made = report(statement("income", INCOME, [Q3, LAST_Q3]), (note, facts))
    (found,) = with_scopes([made])
    kept: dict[str, list[str]] = {}
    for fact in found.facts:
        if fact.table == 2:
            kept.setdefault(fact.label, []).append(fact.metric)
    return kept


def test_a_note_of_something_else_loses_the_names():
    kept = with_note([("Cost of sales", "CostOfRevenue", ["2", "3"])])
    assert kept == {"Cost of sales": ["", ""]}


def test_a_note_that_agrees_keeps_them_and_what_differs_in_it_too():
    kept = with_note([("Revenue", "Revenues", ["100", "90"]),
                      ("Cost of sales", "CostOfRevenue", ["60", "51"])])  # fmt: skip
    assert kept == {"Revenue": ["Revenues"] * 2, "Cost of sales": ["CostOfRevenue"] * 2}


def test_a_note_that_agrees_but_for_a_scale_keeps_them():
    kept = with_note([("Revenue", "Revenues", ["100", "90"])], note_scale=1_000)
    assert kept == {"Revenue": ["Revenues"] * 2}


def test_rounding_is_no_disagreement():
    kept = with_note([("Revenue", "Revenues", ["101", "90"])])
    assert kept == {"Revenue": ["Revenues"] * 2}


def test_notes_that_no_statement_confirms_lose_what_they_disagree_on():
    def note(table: int, figure: str):
        rows: list[Row] = [("Inventory", "InventoryNet", [figure])]
        return statement("other", rows, [Q3], table=table)

    (apart,) = with_scopes([report(note(2, "5"), note(3, "8"))])
    (alike,) = with_scopes([report(note(2, "5"), note(3, "5"))])
    metrics = [[fact.metric for fact in one.facts] for one in (apart, alike)]
    assert metrics == [["", ""], ["InventoryNet", "InventoryNet"]]


def test_where_there_are_statements_a_note_they_say_nothing_of_loses_its_names():
    kept = with_note([("Inventory", "InventoryNet", ["5", "5"])])
    assert kept == {"Inventory": ["", ""]}


def test_another_report_of_the_company_confirms_and_one_of_another_does_not():
    note = statement("other", [("Revenue", "Revenues", ["7", "7"])], [Q3, LAST_Q3], table=2)
    last = report(statement("income", INCOME, [Q3, LAST_Q3], document="reports/last.pdf"))

    def metrics(of: Report) -> list[str]:
        return [fact.metric for fact in with_scopes([report(note), of])[0].facts]

    assert metrics(last) == ["", ""]
    cover = msgspec.structs.replace(last.cover, entity="Bolt Ltd")
    other = msgspec.structs.replace(last, cover=cover)
    assert metrics(other) == ["Revenues", "Revenues"]


def test_lines_lose_the_metric_with_their_last_figure():
    note = statement("other", [("Cost of sales", "CostOfRevenue", ["2", "3"])], [Q3, LAST_Q3],
                     table=2)  # fmt: skip
    (found,) = with_scopes([report(statement("income", INCOME, [Q3, LAST_Q3]), note)])
    assert [line.metric for line in found.statements[1].lines] == [""]
    assert [line.metric for line in found.statements[0].lines] == [m for _, m, _ in INCOME]
