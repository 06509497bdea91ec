"""The same fact in two reports: units, periods, restatements, scope; quarters that make a year."""

import msgspec

from tenth.reader.checks import contradicted
from tenth.reader.model import Period, Place, Report
from tests.reader.checks.built import INCOME, changed, check, kinds, millions, one
from tests.reader.made import LAST_Q3, Q3, Row, report, statement

NEXT_Q3 = Period("2024-07-01", "2024-09-30")


def later(rows: list[Row]) -> list[Row]:
    """The next year's report: its own figures first, then those of the earlier one."""
    return [
        (label, metric, [f"{int(figures[0].replace(',', '')) + 11 * k + 7:,}", figures[0]])
        if figures
        else (label, metric, [])
        for k, (label, metric, figures) in enumerate(rows)
    ]


def summed(rows: list[Row]) -> list[Row]:
    """The later report's own column made consistent: twice the earlier figures."""
    return [
        (
            label,
            metric,
            [f"{2 * int(figures[0].replace(',', '')):,}", figures[0]] if figures else [],
        )
        for label, metric, figures in rows
    ]


FIRST = one(INCOME, [Q3, LAST_Q3], "2023.pdf")


def second(rows: list[Row], **more) -> Report:
    return one(rows, [NEXT_Q3, Q3], "2024.pdf", **more)


def test_two_reports_that_agree_contradict_nothing() -> None:
    assert check(FIRST, second(summed(INCOME))) == ()


def test_a_rounded_sentence_agrees_with_the_table() -> None:
    made, facts = statement("text", [("Net sales", "Revenues", ["81.8"])], [Q3], scale=10**9)
    told = [msgspec.structs.replace(fact, table=0) for fact in facts]
    sentence = msgspec.structs.replace(report((made, told)), statements=())
    assert check(FIRST, sentence) == ()
    off, wrong = statement("text", [("Net sales", "Revenues", ["81.5"])], [Q3], scale=10**9)
    told = [msgspec.structs.replace(fact, table=0) for fact in wrong]
    assert kinds(check(FIRST, msgspec.structs.replace(report((off, told)), statements=()))) == {
        ("same fact", "real")
    }


def test_what_a_table_rounds_up_to_add_up_agrees_with_the_exact_figure() -> None:
    def told(figure: str, scale: int, table: int) -> Report:
        rows: list[Row] = [("Other revenues", "RevenuesNet", [figure])]
        return report(statement("income", rows, [Q3], table=table, scale=scale))

    def found(figure: str) -> set[tuple[str, str]]:
        return kinds(check(told(figure, 10**6, 1), told("328,400", 10**3, 2)))

    assert found("329") == set()
    assert found("330") == {("same fact", "real")}


def test_a_statement_in_another_unit_is_one_contradiction_of_units() -> None:
    found = check(FIRST, second(summed(INCOME), scale=10_000))
    assert kinds(found) == {("same fact", "unit")}
    (unit,) = found
    assert unit.metric == "Revenues[Products]" and len(unit.facts) == 22
    assert "2023.pdf, page 3" in unit.note and "2024.pdf, page 3" in unit.note
    assert "factor of 100" in unit.note and "10 more lines" in unit.note


def test_the_same_amount_in_two_currencies_is_one_of_units() -> None:
    other = second(summed(INCOME))
    euros = tuple(msgspec.structs.replace(fact, currency="EUR") for fact in other.facts)
    found = check(FIRST, msgspec.structs.replace(other, facts=euros))
    assert kinds(found) == {("same fact", "unit")}
    converted = tuple(msgspec.structs.replace(f, value=f.value / 2 + 13) for f in euros)  # type: ignore[operator]
    assert check(FIRST, msgspec.structs.replace(other, facts=converted)) == ()


def test_columns_that_are_swapped_are_one_of_periods() -> None:
    swapped = [(a, b, figures[::-1]) for a, b, figures in INCOME]
    again = one(swapped, [Q3, LAST_Q3], "2023-again.pdf")
    found = check(FIRST, again)
    assert kinds(found) == {("same fact", "period")}
    facts = {fact.id: fact for own in (FIRST, again) for fact in own.facts}
    assert contradicted(facts, found) == set(facts)


def test_another_prior_figure_whose_sums_hold_is_a_restatement() -> None:
    rows = summed(INCOME)
    for label, figure in (("Products", "59,584"), ("Services", "22,213")):
        rows = changed(rows, label, 1, figure)
    found = check(FIRST, second(rows))
    assert kinds(found) == {("same fact", "restatement")}
    facts = {fact.id: fact for fact in FIRST.facts}
    assert contradicted(facts, found) == set()


def test_a_column_that_says_restated_is_a_restatement() -> None:
    other = second(changed(summed(INCOME), "Net income", 1, "18,881"))
    facts = tuple(msgspec.structs.replace(fact, restated=fact.column == 2) for fact in other.facts)
    found = check(FIRST, msgspec.structs.replace(other, facts=facts))
    assert ("same fact", "restatement") in kinds(found)


def test_a_digit_that_breaks_a_sum_is_a_real_contradiction() -> None:
    found = check(FIRST, second(changed(summed(INCOME), "Products", 1, "60,684")))
    assert kinds(found) == {("same fact", "real"), ("sum", "real")}
    (same,) = [c for c in found if c.check == "same fact"]
    assert (same.expected, same.found) == (millions("60,584"), millions("60,684"))
    assert same.note.endswith("only 60,584 agrees with the sums of its report.")


def test_what_most_documents_say_is_what_is_expected() -> None:
    """Whether the odd one comes first, in between or last."""
    rows = [("Products", "Revenues[Products]", ["60,584"])]
    for odd in range(3):
        reports = [
            one(rows, [Q3], f"{number}.pdf", scale=10_000 if number == odd else 10**6)
            for number in range(3)
        ]
        (unit,) = check(*reports)
        assert unit.kind == "unit"
        assert (unit.expected, unit.found) == (millions("60,584"), millions("60,584") / 100)
        assert unit.note.endswith("2 of 3 documents say 60,584,000,000.")
        facts = {fact.id: fact for own in reports for fact in own.facts}
        assert [facts[id_].value for id_ in unit.facts] == [unit.found, unit.expected]


def test_of_two_documents_neither_is_most() -> None:
    (unit,) = check(FIRST, second(summed(INCOME), scale=10_000))
    assert "documents say" not in unit.note


def test_shares_that_were_split_are_restated_and_no_matter_of_units() -> None:
    reports = []
    for shares, period, name in (
        ("2,494", [Q3], "2023.pdf"),
        ("24,940", [NEXT_Q3, Q3], "2024.pdf"),
    ):
        own = one([("Shares, diluted", "Shares", ["24,816", shares][-len(period) :])], period, name)
        facts = tuple(msgspec.structs.replace(fact, unit="shares") for fact in own.facts)
        reports.append(msgspec.structs.replace(own, facts=facts))
    assert kinds(check(*reports)) == {("same fact", "restatement")}


def test_an_entity_is_the_same_in_capitals() -> None:
    other = second(changed(summed(INCOME), "Products", 1, "60,684"))
    facts = tuple(msgspec.structs.replace(f, entity="ACME CORPORATION") for f in other.facts)
    assert ("same fact", "real") in kinds(check(FIRST, msgspec.structs.replace(other, facts=facts)))


def test_a_cell_is_named_by_its_sheet() -> None:
    place = Place(page=4, ref="Segments!B5")
    other = second(changed(summed(INCOME), "Products", 1, "60,684"))
    facts = tuple(msgspec.structs.replace(fact, place=place) for fact in other.facts)
    found = check(FIRST, msgspec.structs.replace(other, facts=facts))
    assert any("60,684 (2024.pdf, Segments!B5)" in one.note for one in found)


def test_a_line_of_dashes_agrees_with_itself() -> None:
    again = one([("Dividends", "PaymentsOfDividends", ["—", "—"])], [NEXT_Q3, Q3], "2024.pdf")
    assert check(one([("Dividends", "PaymentsOfDividends", ["—"])], [Q3], "2023.pdf"), again) == ()


def test_a_benefit_is_a_negative_provision() -> None:
    def tax(label: str, figures: list[str], *periods: Period, name: str) -> Report:
        return one([(label, "IncomeTaxExpenseBenefit", figures)], list(periods), name)

    first = tax("Provision for income taxes", ["3,117"], Q3, name="2023.pdf")
    same = tax("Benefit (provision) for income taxes", ["4,001", "(3,117)"], NEXT_Q3, Q3, name="b")
    assert check(first, same) == ()
    slipped = tax("Provision for income taxes", ["4,001", "(3,117)"], NEXT_Q3, Q3, name="b")
    assert kinds(check(first, slipped)) == {("same fact", "real")}


def test_the_parent_alone_beside_the_group_is_one_of_scope() -> None:
    parent = [
        (a, b, [f"{int(x.replace(',', '')) // 3:,}" for x in figures]) for a, b, figures in INCOME
    ]
    alone = one(parent, [Q3, LAST_Q3], "parent.pdf", title="Parent company income statement")
    found = [c for c in check(FIRST, alone) if c.check == "same fact"]
    assert {c.kind for c in found} == {"scope"}
    assert "parent company" in found[0].note


def test_a_report_may_print_the_group_and_the_parent() -> None:
    group = statement("income", INCOME, [Q3, LAST_Q3])
    halves = [(a, b, [f"{int(x.replace(',', '')) // 2:,}" for x in f]) for a, b, f in INCOME]
    made, facts = statement("income", halves, [Q3, LAST_Q3], table=2)
    made = msgspec.structs.replace(made, title="母公司利润表")
    assert all(c.check != "same fact" for c in check(report(group, (made, facts))))


def test_one_reports_two_sound_tables_are_of_two_scopes_and_none_is_restated() -> None:
    group = statement("income", INCOME, [Q3, LAST_Q3])
    thirds = [(a, b, [f"{int(x.replace(',', '')) * 3:,}" for x in f]) for a, b, f in INCOME]
    found = check(report(group, statement("income", thirds, [Q3, LAST_Q3], table=2)))
    assert {c.kind for c in found if c.check == "same fact"} == {"scope"}


def test_what_one_report_takes_away_again_is_no_contradiction() -> None:
    less = [("Discontinued operations", "Discontinued", ["(17.4)", "(49.8)"])]
    more = [("Discontinued operations", "Discontinued", ["17.4", "49.8"])]
    tables = [
        statement("income", rows, [Q3, LAST_Q3], table=i) for i, rows in enumerate((less, more), 1)
    ]
    assert check(report(*tables)) == ()


Q1, Q2 = Period("2023-01-01", "2023-03-31"), Period("2023-04-01", "2023-06-30")
HALF = Period("2023-01-01", "2023-06-30")


def quarters(first: str, rest: str, both: str) -> set[tuple[str, str]]:
    reports = [
        one([("Revenue", "Revenues", [figure])], [period], name)
        for figure, period, name in ((first, Q1, "q1"), (rest, Q2, "q2"), (both, HALF, "h1"))
    ]
    return kinds(check(*reports))


def test_two_quarters_make_a_half_year() -> None:
    assert quarters("10,404", "12,112", "22,516") == set()
    assert quarters("10,404", "12,112", "22,517") == set(), "rounding"
    assert quarters("10,404", "12,112", "22,561") == {("quarters", "real")}
    assert quarters("10,404", "12,112", "12,112") == {("quarters", "period")}
    assert quarters("10,404", "12,112,000", "22,516") == {("quarters", "unit")}


def test_cash_at_the_beginning_is_no_flow() -> None:
    rows = [("Cash, beginning of period", "", ["5,519"])]
    reports = [
        one(rows, [period], name, kind="cash")
        for period, name in ((Q1, "q1"), (Q2, "q2"), (HALF, "h1"))
    ]
    assert check(*reports) == ()


def test_four_quarters_make_a_year() -> None:
    ends = ("2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31")
    starts = ("2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01")
    four = [Period(start, end) for start, end in zip(starts, ends, strict=True)]
    whole = Period(starts[0], ends[3])
    for figure, wanted in (("3,454", set()), ("3,544", {("quarters", "real")})):
        rows: list[Row] = [("Revenue", "Revenues", ["1,011", "2,022", figure, "4,111"])]
        year = statement("income", [("Revenue", "Revenues", ["10,598"])], [whole])
        table = statement("other", rows, four, table=9)
        assert kinds(check(report(year, table))) == wanted
