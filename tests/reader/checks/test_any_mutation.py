"""Random statements that add up contradict nothing; one wrong figure is found."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reader.checks.built import check
from tests.reader.made import NOW, YEAR_END, Row, report, statement

AMOUNT = st.integers(101, 99_999)


def printed(amount: int) -> str:
    return f"{amount:,}" if amount >= 0 else f"({-amount:,})"


@st.composite
def balance_sheets(draw: st.DrawFn) -> list[tuple[str, list[int]]]:
    """Labels and amounts in two columns; sections of two to six lines, and totals of totals."""
    rows: list[tuple[str, list[int]]] = []
    totals: list[list[int]] = []
    for name in ("current assets", "other assets"):
        lines = draw(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=2, max_size=6, unique=True))
        rows.append((f"{name.capitalize()}:", []))
        rows += [(f"Line {k} of {name}", list(pair)) for k, pair in enumerate(lines)]
        totals.append([sum(pair[c] for pair in lines) for c in (0, 1)])
        rows.append((f"Total {name}", totals[-1]))
    assets = [sum(total[c] for total in totals) for c in (0, 1)]
    share = draw(st.integers(20, 80))
    debts = [amount * share // 100 + 13 * c for c, amount in enumerate(assets)]
    equity = [amount - debt for amount, debt in zip(assets, debts, strict=True)]
    rows += [
        ("Total assets", assets), ("Total liabilities", debts), ("Total equity", equity),
        ("Total liabilities and equity", assets),
    ]  # fmt: skip
    return rows


def made(rows: list[tuple[str, list[int]]]) -> list[Row]:
    return [(label, "", [printed(amount) for amount in amounts]) for label, amounts in rows]


@settings(max_examples=60, deadline=None)
@given(balance_sheets())
def test_statements_that_add_up_contradict_nothing(rows: list[tuple[str, list[int]]]) -> None:
    assert check(report(statement("balance", made(rows), [NOW, YEAR_END]))) == ()


@settings(max_examples=60, deadline=None)
@given(balance_sheets(), st.data())
def test_one_wrong_figure_is_found(rows: list[tuple[str, list[int]]], data: st.DataObject) -> None:
    """Of any summed line or total; by more than rounding."""
    places = [k for k, (label, amounts) in enumerate(rows) if amounts]
    k, column = data.draw(st.sampled_from(places)), data.draw(st.sampled_from((0, 1)))
    label, amounts = rows[k]
    right = amounts[column]
    digit = data.draw(st.integers(1, len(str(right)) - 1))
    step = 10**digit * (1 if str(right)[-1 - digit] != "9" else -1)
    wrong = data.draw(st.sampled_from((-right, right * 1000, right + step)))
    changed = [*amounts[:column], wrong, *amounts[column + 1 :]]
    mutated = [*rows[:k], (label, changed), *rows[k + 1 :]]
    assert check(report(statement("balance", made(mutated), [NOW, YEAR_END]))), (
        label,
        right,
        wrong,
    )
