"""Customers and suppliers from year to year: who stayed, who vanished, what went with them."""

from decimal import Decimal

from tenth.reader.analysis import turnover
from tenth.reader.model import Report
from tests.reader.analysis.books import (
    FIRST,
    NAMES,
    SECOND,
    Y2021,
    Y2022,
    Y2023,
    all_facts,
    figures,
    find,
    labels,
    listed,
    metrics,
    one_document,
    value,
)


def turnovers(*reports: Report):
    return turnover(reports, all_facts(reports))


def names(partners) -> list[str]:
    return [one.name for one in partners]


def test_labels_of_one_document_are_followed_from_year_to_year():
    (one,) = turnovers(one_document())
    assert (one.before, one.after, one.side) == (Y2022, Y2023, "customer")
    assert names(one.stayed) == [f"Customer {name}" for name in "ABCDE"]
    assert names(one.vanished) == ["Customer F", "Customer G"]
    assert (one.new, one.unknown, one.documents) == ((), (), ("2023.pdf",))


def test_ranks_and_their_changes_are_told():
    (one,) = turnovers(one_document())
    first = one.stayed[0]
    assert (first.rank_before, first.rank_after, first.climbed) == (3, 1, 2)
    assert (one.vanished[0].rank_before, one.vanished[0].rank_after) == (1, None)
    assert one.vanished[0].climbed is None


def test_the_revenue_that_was_lost_is_what_the_vanished_ones_had_made():
    found = figures(one_document())
    lost = find(found, "customer_revenue_lost", Y2023)
    assert (lost.value, lost.formula) == (Decimal("0.33"), "share_1 + share_2")
    assert lost.note.startswith("Customer F, Customer G; 2023-01-01 to 2023-12-31 against 2022")
    assert value(found, "customer_retained", Y2023) == Decimal("0.5")
    assert value(found, "customer_share_change[Customer A]", Y2023) == Decimal("0.05")
    assert "customer_new" not in metrics(found)


def test_names_are_followed_over_documents_in_any_spelling():
    later = {"ACME CO., LTD.": "25%", "Dune": "11%", "Crane PLC": "9%"}
    reports = listed("2022.pdf", {Y2022: NAMES}), listed("2023.pdf", {Y2023: later})
    (one,) = turnovers(*reports)
    assert names(one.stayed) == ["ACME CO., LTD.", "Crane PLC"]
    assert (names(one.vanished), names(one.new)) == (["Bolt Inc."], ["Dune"])
    assert one.documents == ("2022.pdf", "2023.pdf")
    assert "two documents, by name" in one.note and "label" not in one.note
    found = figures(*reports)
    assert value(found, "customer_revenue_lost", Y2023) == Decimal("0.12")
    assert value(found, "customer_new", Y2023) == Decimal("0.11")


def test_a_label_of_another_document_is_not_the_same_customer():
    reports = (
        listed("2022.pdf", {Y2022: labels(FIRST)}),
        listed("2023.pdf", {Y2023: labels(SECOND)}),
    )
    (one,) = turnovers(*reports)
    assert (one.stayed, one.vanished, one.new) == ((), (), ())
    assert len(one.unknown) == 7
    assert "only the same within one document" in one.note
    assert "customer_revenue_lost" not in metrics(figures(*reports))


def test_a_name_may_stand_behind_a_label_and_has_not_vanished():
    after = {"Customer A": "20%", "Acme": "15%"}
    reports = listed("2022.pdf", {Y2022: NAMES}), listed("2023.pdf", {Y2023: after})
    (one,) = turnovers(*reports)
    assert names(one.stayed) == ["Acme"]
    assert (one.vanished, one.new) == ((), ())
    assert "Bolt Inc." in one.unknown


def test_names_of_the_earlier_document_are_added_to_those_that_the_later_one_compares_with():
    later = listed("2023.pdf", {Y2023: {"Acme": "25%"}, Y2022: {"Acme": "21%"}})
    (one,) = turnovers(listed("2022.pdf", {Y2022: NAMES}), later)
    assert names(one.vanished) == ["Bolt Inc.", "Crane plc"]
    (acme,) = one.stayed
    assert acme.before is not None and acme.before.value == Decimal("0.21")  # the latest document's


def test_an_unknown_share_makes_nobody_vanish():
    now = {"Acme Ltd": "25%", "Bolt Inc.": ""}
    made = listed("2023.pdf", {Y2023: now, Y2022: NAMES})
    (one,) = turnovers(made)
    assert (names(one.vanished), one.unknown) == (["Crane plc"], ("Bolt Inc.",))
    found = metrics(figures(made))
    assert not {"customer_revenue_lost", "customer_top_1"} & found


def test_amounts_without_a_revenue_have_ranks_but_no_shares():
    made = listed("2023.pdf", {Y2023: {"Acme": "$3", "Bolt": "$2"}, Y2022: {"Bolt": "$5"}})
    (one,) = turnovers(made)
    assert [(p.name, p.rank_after) for p in one.stayed] == [("Bolt", 2)]
    assert not figures(made)


def test_suppliers_are_told_as_customers_are():
    made = listed(
        "a.pdf", {Y2023: {"Ore Ltd": "30%"}, Y2022: {"Ore Ltd": "20%", "Tin": "15%"}}, "Supplier"
    )
    found = figures(made)
    assert value(found, "supplier_purchases_lost", Y2023) == Decimal("0.15")
    assert value(found, "supplier_top_1", Y2023) == Decimal("0.3")
    assert turnovers(made)[0].side == "supplier"


def test_years_that_do_not_follow_each_other_are_not_compared():
    assert not turnovers(listed("a.pdf", {Y2023: NAMES}), listed("b.pdf", {Y2021: NAMES}))


def test_three_years_give_two_turnovers():
    made = listed("a.pdf", {Y2023: {"Acme": "9%"}, Y2022: NAMES, Y2021: {"Dune": "30%"}})
    first, second = turnovers(made)
    assert (names(first.vanished), names(second.vanished)) == (["Dune"], ["Bolt Inc.", "Crane plc"])


def test_one_customer_of_this_year_is_not_the_one_customer_of_the_last():
    made = listed("a.pdf", {Y2023: {"one customer": "12%"}, Y2022: {"one customer": "15%"}})
    (one,) = turnovers(made)
    assert (one.stayed, one.vanished, one.new, one.unknown) == ((), (), (), ("one customer",))
    assert value(figures(made), "customer_top_1", Y2023) == Decimal("0.12")


def test_a_years_list_is_that_of_the_document_that_reports_on_it():
    """The report of 2023 lists A's 2022 too, and that of 2022 its own customers with labels."""
    older = listed("2022.pdf", {Y2022: labels(FIRST), Y2021: labels({**FIRST, "Z": "5%"})})
    first, second = turnovers(older, one_document())
    assert (first.after, first.documents, names(first.vanished)) == (
        Y2022,
        ("2022.pdf",),
        ["Customer Z"],
    )
    assert (second.documents, names(second.vanished)) == (
        ("2023.pdf",),
        ["Customer F", "Customer G"],
    )
    found = figures(older, one_document())
    assert value(found, "customer_top_1", Y2022) == Decimal("0.18")


def test_nobody_is_new_where_the_year_before_had_one_without_a_name():
    made = listed("a.pdf", {Y2023: {"Customer A": "12%"}, Y2022: {"one customer": "10%"}})
    (one,) = turnovers(made)
    assert (one.new, one.vanished) == ((), ())
    assert set(one.unknown) == {"Customer A", "one customer"}
