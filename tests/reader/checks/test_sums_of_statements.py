"""Within one report: sums, balances, cash, amounts per share, printed changes."""

import msgspec
import pytest

from tenth.reader.checks import contradicted
from tenth.reader.model import Column, Period, Report
from tests.reader.checks.built import (
    BALANCE,
    CASH,
    INCOME,
    LAST_YEAR,
    YEAR,
    changed,
    check,
    kinds,
    millions,
    whole,
)
from tests.reader.made import LAST_Q3, NOW, Q3, YEAR_END, Row, report, statement


def test_consistent_statements_contradict_nothing() -> None:
    assert check(whole()) == ()


@pytest.mark.parametrize(
    ("figure", "why"),
    [("60,854", "digits changed about"), ("60,684", "a digit"), ("(60,584)", "a sign")],
)
def test_a_slip_in_a_line_breaks_its_total(figure: str, why: str) -> None:
    own = whole(income=changed(INCOME, "Products", 0, figure))
    (found,) = check(own)
    by_id = {fact.id: fact for fact in own.facts}
    assert (found.check, found.kind, found.metric) == ("sum", "real", "Revenues"), why
    assert {"Total net sales", "Products"} <= {by_id[fact].label for fact in found.facts}
    assert found.found == millions("81,797")
    assert "page 3" in found.note


def test_a_scale_slip_is_one_of_units() -> None:
    own = whole(income=changed(INCOME, "Products", 0, "60,584,000"))
    assert kinds(check(own)) == {("sum", "unit")}


def test_a_total_that_is_wrong_breaks_its_own_sum_and_the_next() -> None:
    found = check(whole(balance=changed(BALANCE, "Total current assets", 1, "53,750")))
    assert {one.found for one in found} == {millions("53,750"), millions("57,622")}
    assert kinds(found) == {("sum", "real")}


def test_a_balance_sheet_that_does_not_balance_is_told_once_as_such() -> None:
    found = check(whole(balance=changed(BALANCE, "Total assets", 0, "74,236")))
    assert ("balance", "real") in kinds(found)
    (balance,) = [one for one in found if one.check == "balance"]
    assert (balance.expected, balance.found) == (millions("74,263"), millions("74,236"))


def test_the_end_of_cash_must_be_the_balance_sheets_where_another_day_agrees() -> None:
    rows = changed(CASH, "Cash and cash equivalents, end of period", 0, "28,480")
    assert kinds(check(whole(cash=rows))) == {("cash", "real"), ("sum", "real")}


def test_a_sign_that_slipped_in_one_column_is_not_taken_for_meant() -> None:
    rows: list[Row] = [
        ("Financing activities:", "", []),
        ("Repayments of debt", "", ["(5,944)", "(3,088)"]),
        ("Proceeds from sales of shares", "", ["(1,573)", "—"]),
        ("Payment of dividends", "", ["(2,036)", "(2,996)"]),
        ("Net cash used in financing activities", "", ["(6,407)", "(6,084)"]),
    ]
    assert kinds(check(report(statement("cash", rows, [YEAR, LAST_YEAR])))) == {("sum", "real")}


def test_restricted_cash_is_no_contradiction() -> None:
    rows = [(label.replace("cash equivalents", "restricted cash"), m, f) for label, m, f in CASH]
    rows = [
        (label, m, [f"{int(x.replace(',', '')) + 90:,}" for x in f] if "period" in label else f)
        for label, m, f in rows
    ]
    assert check(whole(cash=rows)) == ()


def test_a_row_that_was_not_read_is_no_contradiction() -> None:
    rows = [row for row in BALANCE if row[0] != "Marketable securities"]
    assert check(whole(balance=rows)) == ()
    rows = [row for row in CASH if row[0] != "Acquisitions"]
    assert check(whole(cash=rows)) == ()


def test_a_table_of_one_column_contradicts_itself_where_it_says_total() -> None:
    rows: list[Row] = [
        ("Maturities:", "", []), ("2024", "", ["1,084"]), ("2025", "", ["2,117"]),
        ("2026", "", ["3,941"]), ("Thereafter", "", ["8,455"]), ("Total", "", ["15,597"]),
    ]  # fmt: skip
    assert check(report(statement("other", rows, [NOW]))) == ()
    wrong = changed(rows, "Total", 0, "15,957")
    assert kinds(check(report(statement("other", wrong, [NOW])))) == {("sum", "real")}
    unlike = changed(rows, "Total", 0, "21,033")
    assert check(report(statement("other", unlike, [NOW]))) == ()


def test_whole_units_that_all_end_in_000_are_rounded_to_thousands() -> None:
    rows: list[Row] = [
        ("Prepaid insurance", "", ["1,461,000", "900,000"]), ("Software", "", ["734,000", "5,000"]),
        ("Other", "", ["2,287,000", "81,000"]), ("Total", "", ["4,481,000", "986,000"]),
    ]  # fmt: skip
    made = statement("other", rows, [NOW, YEAR_END], scale=1)
    assert check(report(made)) == ()
    wrong = changed(changed(rows, "Software", 0, "734,001"), "Total", 0, "4,428,001")
    assert kinds(check(report(statement("other", wrong, [NOW, YEAR_END], scale=1)))) == {
        ("sum", "real")
    }


def test_tables_that_are_no_statement_are_summed_too() -> None:
    rows: list[Row] = [
        ("iPhone", "", ["39,669", "40,665"]), ("Mac", "", ["6,840", "7,382"]),
        ("Services", "", ["21,213", "19,604"]), ("Total", "", ["67,722", "67,651"]),
    ]  # fmt: skip
    made, facts = statement("other", rows, [Q3, LAST_Q3])
    own = Report(made.document, facts[0].sha256, "pdf", report((made, facts)).cover, tuple(facts))
    assert check(own) == ()
    _, wrong = statement("other", changed(rows, "iPhone", 0, "39,696"), [Q3, LAST_Q3])
    own = Report(made.document, facts[0].sha256, "pdf", own.cover, tuple(wrong))
    assert kinds(check(own)) == {("sum", "real")}


def test_a_total_column_is_the_sum_of_the_columns_before_it() -> None:
    rows: list[Row] = [
        ("Net sales", "", ["10,101", "20,303", "30,404"]),
        ("Purchases", "", ["1,234", "2,345", "3,579"]),
        ("Salaries", "", ["3,333", "4,141", "7,474"]),
        ("Rents", "", ["707", "1,919", "2,626"]),
        ("Travel", "", ["55", "67", "122"]),
    ]
    for figure, found in (("3,579", set()), ("3,597", {("sum", "real")})):
        made, facts = statement("other", changed(rows, "Purchases", 2, figure), [Q3, Q3, Q3])
        columns = tuple(
            Column(k + 1, Q3, header) for k, header in enumerate(("Americas", "Europe", "Total"))
        )
        made = msgspec.structs.replace(made, columns=columns)
        assert kinds(check(report((made, facts)))) == found


PER_SHARE: list[Row] = [
    *INCOME,
    ("Earnings per share, basic", "", ["$1.27", "$1.20"]),
    ("Shares, basic", "", ["15,698", "16,163"]),
]


@pytest.mark.parametrize(
    ("figure", "wanted"),
    [("$1.27", set()), ("$1.72", {("per share", "real")}), ("$12.70", {("per share", "unit")})],
)
def test_an_amount_per_share_is_income_over_shares(figure: str, wanted: set) -> None:
    rows = changed(PER_SHARE, "Earnings per share, basic", 0, figure)
    made, facts = statement("income", rows, [Q3, LAST_Q3])
    facts = [
        msgspec.structs.replace(fact, unit="shares") if fact.label == "Shares, basic" else fact
        for fact in facts
    ]
    assert kinds(check(report((made, facts)))) == wanted


CHANGES: list[Row] = [
    ("Americas", "", ["35,383", "37,472", "(6)%"]),
    ("Europe", "", ["20,205", "19,287", "5%"]),
    ("Japan", "", ["4,821", "5,446", "(11)%"]),
    ("Asia", "", ["21,388", "20,754", "3%"]),
]


@pytest.mark.parametrize(("figure", "wanted"), [("3%", set()), ("13%", {("growth", "real")})])
def test_a_printed_change_is_recomputed(figure: str, wanted: set) -> None:
    made, facts = statement("other", changed(CHANGES, "Asia", 2, figure), [Q3, LAST_Q3, Period()])
    facts = [
        msgspec.structs.replace(fact, unit="pure", scale=1, value=(fact.value or 0) / 100_000_000)
        if "%" in fact.verbatim
        else fact
        for fact in facts
    ]
    columns = (*made.columns[:2], Column(3, Period(), "Change"))
    made = msgspec.structs.replace(made, columns=columns)
    assert kinds(check(report((made, facts)))) == wanted


RATIOS: list[Row] = [
    ("Tier 1 ratio", "", ["14.1%", "13.6%", "3.7%"]),
    ("Total capital ratio", "", ["18.9%", "18.4%", "2.7%"]),
    ("Leverage ratio", "", ["4.9%", "5.2%", "(5.8)%"]),
    ("Cost ratio", "", ["60.1%", "64.2%", "(6.4)%"]),
]


@pytest.mark.parametrize("points", [["3.7%", "2.7%", "(5.8)%"], ["0.5%", "0.5%", "(0.3)%"]])
def test_the_change_of_a_ratio_is_a_rate_or_a_difference(points: list[str]) -> None:
    rows = [(a, b, [*f[:2], p]) for (a, b, f), p in zip(RATIOS, points, strict=False)]
    made, facts = statement("other", rows, [Q3, LAST_Q3, Period()])
    facts = [
        msgspec.structs.replace(fact, unit="pure", scale=1, value=(fact.value or 0) / 100_000_000)
        for fact in facts
    ]
    columns = (*made.columns[:2], Column(3, Period(), "Change in %"))
    made = msgspec.structs.replace(made, columns=columns)
    assert check(report((made, facts))) == ()


def test_only_what_may_be_wrong_becomes_contradicted() -> None:
    own = whole(income=changed(INCOME, "Products", 0, "60,684"))
    facts = {fact.id: fact for fact in own.facts}
    labels = {facts[fact].label for fact in contradicted(facts, check(own))}
    assert {"Total net sales", "Products"} <= labels <= {"Total net sales", "Products", "Services"}


def test_the_same_reports_in_another_order_give_the_same() -> None:
    one = whole(income=changed(INCOME, "Products", 0, "60,684"))
    two = report(statement("balance", changed(BALANCE, "Total assets", 0, "74,236"),
                           [NOW, YEAR_END], document="b.pdf"))  # fmt: skip
    assert check(one, two) == check(two, one) != ()
