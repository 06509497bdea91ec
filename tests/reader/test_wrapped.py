"""A label whose figures stand in its last line is one label; a heading above a list stays one."""

import pytest

from tests.reader.test_tables import by_label, facts, table

BALANCE = [
    ["", "December 31,", ""],
    ["", "2022", "2021"],
    ["ASSETS"],
    ["Cash and cash equivalents", "$10", "$9"],
    ["Total current assets", "$10", "$9"],
]


def labels(*rows: list[str]) -> dict[str, list[str]]:
    """The figures below each label of a balance sheet."""
    made = table([*BALANCE, *rows], "(in thousands)", caption="CONSOLIDATED BALANCE SHEETS",
                 spans={(0, 1): 2})  # fmt: skip
    return {name: [one.verbatim for one in own] for name, own in by_label(facts(made)).items()}


@pytest.mark.parametrize("lines", [
    ["Loans, net of allowance of $1,230 and", " $1,450, respectively"],
    ["Common stock: $0.01 par value; 5,000,000 shares authorized;",
     "1,230,000 and 1,150,000 shares issued and outstanding at December",
     "31, 2022 and 2021, respectively"],
    ["Common stock; no par value, unlimited shares authorized, outstanding shares:",
     " 1,230,000 (December 31, 2021: 1,150,000)"],
    ["Preferred stock, $0.01 par value, 5,000,000 shares authorized, none issued on",
     " December 31, 2022 and 2021"],
    ["Gains (amount excluded", " from testing)"],
    ["Accumulated other comprehensive income (loss)", "(Net of deferred taxes of $120 in 2022)"],
])  # fmt: skip
def test_the_lines_of_a_label_are_one(lines: list[str]):
    found = labels(
        *([line] for line in lines[:-1]), [lines[-1], "30", "20"], ["Goodwill", "4", "5"]
    )
    whole = " ".join(line.strip() for line in lines)
    assert found[whole] == ["30", "20"]
    assert found["Goodwill"] == ["4", "5"]


@pytest.mark.parametrize("lines", [
    ["Proceeds from", " borrowings", " disposals"],
    ["Deposits and", " Savings", " Current"],
    ["Notes of $1,000 par value:", " 4.5% due 2025", " 5.5% due 2027"],
    ["Attributable to", "Owners", "Others"],
    ["Loans receivable", "consumer", "commercial"],
])  # fmt: skip
def test_a_heading_stays_a_heading(lines: list[str]):
    found = labels([lines[0]], [lines[1], "30", "20"], [lines[2], "4", "5"])
    assert {line.strip() for line in lines[1:]} <= found.keys()


def test_a_label_of_several_lines_is_named_and_heads_nothing():
    made = table(
        [*BALANCE, ["Common stock, $0.01 par value; 5,000,000 shares authorized; issued"],
         [" 1,230,000 and 1,150,000 shares, respectively", "30", "20"], ["Goodwill", "4", "5"]],
        "(in thousands)", caption="CONSOLIDATED BALANCE SHEETS", spans={(0, 1): 2},
    )  # fmt: skip
    stock = next(one for one in facts(made) if one.verbatim == "30")
    goodwill = next(one for one in facts(made) if one.verbatim == "4")
    assert stock.metric == "CommonStockValue" and stock.section == goodwill.section == ("ASSETS",)
    (said,) = (one for one in stock.said if one.what == "label")
    assert said.place.box and said.place.box[3] - said.place.box[1] > 12  # both lines
