"""Totals know what they are made of, and no line that only looks like a total does."""

from decimal import Decimal

import msgspec
import pytest

from tenth.reader.model import Statement, StatementKind
from tenth.reader.sums import find_sums, printed_step, with_parts
from tests.reader.made import LAST_Q3, NOW, Q3, YEAR_END, Row, statement


def parts_of(kind: StatementKind, rows: list[Row], columns: int = 2) -> dict[str, list[str]]:
    """By a total's label: the labels of its parts, deductions with a minus."""
    periods = [Q3, LAST_Q3, NOW, YEAR_END][:columns]
    made, facts = statement(kind, rows, periods)
    done = with_parts(made, {fact.id: fact for fact in facts})
    return {
        line.label: [("-" if p.sign < 0 else "") + done.lines[p.line].label for p in line.parts]
        for line in done.lines
        if line.parts
    }


INCOME: list[Row] = [
    ("Net sales:", "", []),
    ("Products", "", ["$60,584", "$63,355"]),
    ("Services", "", ["21,213", "19,604"]),
    ("Total net sales", "Revenues", ["81,797", "82,959"]),
    ("Cost of sales", "CostOfRevenue", ["45,384", "47,074"]),
    ("Gross margin", "GrossProfit", ["36,413", "35,885"]),
    ("Research and development", "", ["7,442", "6,797"]),
    ("Selling, general and administrative", "", ["5,973", "6,012"]),
    ("Operating income", "OperatingIncomeLoss", ["22,998", "23,076"]),
    ("Other income/(expense), net", "", ["(265)", "(10)"]),
    ("Income before provision for income taxes", "", ["22,733", "23,066"]),
    ("Provision for income taxes", "", ["2,852", "3,624"]),
    ("Net income", "NetIncomeLoss", ["19,881", "19,442"]),
    ("Earnings per share, basic", "", ["$1.27", "$1.20"]),
]


def test_an_income_statement_adds_up_as_an_accountant_would_write_it() -> None:
    assert parts_of("income", INCOME) == {
        "Total net sales": ["Products", "Services"],
        "Gross margin": ["Total net sales", "-Cost of sales"],
        "Operating income": [
            "Gross margin", "-Research and development", "-Selling, general and administrative",
        ],
        "Income before provision for income taxes": [
            "Operating income", "Other income/(expense), net",
        ],
        "Net income": [
            "Income before provision for income taxes", "-Provision for income taxes",
        ],
    }  # fmt: skip


def test_one_column_alone_adds_up_where_the_labels_say_so() -> None:
    rows = [(label, metric, figures[:1]) for label, metric, figures in INCOME]
    assert parts_of("income", rows, 1)["Total net sales"] == ["Products", "Services"]
    assert parts_of("income", rows, 1)["Gross margin"] == ["Total net sales", "-Cost of sales"]
    renamed = [(label.replace("Total", "Such"), "", figures) for label, _, figures in rows[:4]]
    assert parts_of("income", renamed, 1) == {}


def test_a_benefit_printed_negative_is_added_and_a_tax_printed_positive_is_taken_off() -> None:
    rows: list[Row] = [
        ("Income (loss) before income taxes", "", ["12,189", "(4,974)"]),
        ("Benefit (provision) for income taxes", "", ["(2,306)", "1,990"]),
        ("Equity-method activity, net of tax", "", ["(4)", "(16)"]),
        ("Net income (loss)", "", ["9,879", "(3,000)"]),
        ("Less: Net income attributable to non-controlling interests", "", ["13", "—"]),
        ("Net income (loss) attributable to Acme", "", ["9,866", "(3,000)"]),
    ]
    got = parts_of("income", rows)
    assert got["Net income (loss)"] == [row[0] for row in rows[:3]]
    assert got["Net income (loss) attributable to Acme"] == [rows[3][0], "-" + rows[4][0]]


BALANCE: list[Row] = [
    ("Current assets:", "", []),
    ("Cash and cash equivalents", "", ["28,408", "23,646"]),
    ("Inventories", "", ["7,351", "4,946"]),
    ("Total current assets", "AssetsCurrent", ["35,759", "28,592"]),
    ("Goodwill", "Goodwill", ["4,430", "4,372"]),
    ("Total assets", "Assets", ["40,189", "32,964"]),
    ("Current liabilities:", "", []),
    ("Accounts payable", "", ["9,101", "6,563"]),
    ("Long-term debt", "", ["8,457", "9,703"]),
    ("Total liabilities", "Liabilities", ["17,558", "16,266"]),
    ("Shareholders' equity:", "", []),
    ("Preferred stock", "", ["—", "—"]),
    ("Common stock", "", ["2", "2"]),
    ("Retained earnings", "", ["22,629", "16,696"]),
    ("Total shareholders' equity", "StockholdersEquity", ["22,631", "16,698"]),
    ("Total liabilities and shareholders' equity", "", ["40,189", "32,964"]),
]


def test_a_balance_sheet_adds_up_and_a_line_of_dashes_belongs_to_its_section() -> None:
    got = parts_of("balance", BALANCE)
    assert got["Total assets"] == ["Total current assets", "Goodwill"]
    assert got["Total shareholders' equity"] == [
        "Preferred stock", "Common stock", "Retained earnings",
    ]  # fmt: skip
    assert got["Total liabilities and shareholders' equity"] == [
        "Total liabilities", "Total shareholders' equity",
    ]  # fmt: skip


@pytest.mark.parametrize("beginning_first", [True, False])
def test_cash_at_the_end_is_cash_at_the_beginning_and_the_change(beginning_first: bool) -> None:
    beginning: Row = ("Cash, beginning of period", "", ["3,389", "1,990"])
    rows: list[Row] = [
        ("Operating activities:", "", []),
        ("Net income", "", ["17,475", "2,954"]),
        ("Adjustments:", "", []),
        ("Depreciation", "", ["(884)", "439"]),
        ("Net cash provided by operating activities", "", ["16,591", "3,393"]),
        ("Investing activities:", "", []),
        ("Purchases", "", ["(4,000)", "7,000"]),
        ("Acquisitions", "", ["(457)", "378"]),
        ("Net cash provided by (used in) investing activities", "", ["(4,457)", "7,378"]),
        ("Financing activities:", "", []),
        ("Net cash used in financing activities", "", ["(10,004)", "(9,961)"]),
        ("Effect of exchange rates", "", ["10", "(20)"]),
        ("Change in cash and cash equivalents", "", ["2,140", "790"]),
    ]
    rows.insert(0 if beginning_first else len(rows), beginning)
    rows.append(("Cash, end of period", "", ["5,529", "2,780"]))
    got = parts_of("cash", rows)
    assert got["Net cash provided by operating activities"] == ["Net income", "Depreciation"]
    assert got["Change in cash and cash equivalents"] == [
        "Net cash provided by operating activities",
        "Net cash provided by (used in) investing activities",
        "Net cash used in financing activities", "Effect of exchange rates",
    ]  # fmt: skip
    assert set(got["Cash, end of period"]) == {beginning[0], "Change in cash and cash equivalents"}


CHINESE: list[Row] = [
    ("一、营业总收入", "", ["1,000.10", "900.20"]),
    ("其中：营业收入", "", ["960.10", "880.20"]),
    ("利息收入", "", ["40.00", "20.00"]),
    ("二、营业总成本", "", ["700.00", "650.00"]),
    ("其中：营业成本", "", ["500.00", "470.00"]),
    ("税金及附加", "", ["17.00", "19.00"]),
    ("研发费用", "", ["153.00", "141.00"]),
    ("财务费用", "", ["30.00", "20.00"]),
    ("其中：利息费用", "", ["35.50", "26.10"]),
    ("利息收入", "", ["7.10", "8.30"]),
    ("加：其他收益", "", ["11.00", "13.00"]),
    ("投资收益（损失以“－”号填列）", "", ["-5.00", "8.00"]),
    ("其中：对联营企业和合营企业的投资收益", "", ["2.00", "3.00"]),
    ("资产减值损失（损失以“－”号填列）", "", ["(19.30)", "(4.20)"]),
    ("三、营业利润（亏损以“－”号填列）", "", ["286.80", "267.00"]),
    ("加：营业外收入", "", ["3.20", "1.00"]),
    ("减：营业外支出", "", ["1.00", "2.00"]),
    ("四、利润总额（亏损总额以“－”号填列）", "", ["289.00", "266.00"]),
    ("减：所得税费用", "", ["40.00", "36.00"]),
    ("五、净利润（净亏损以“－”号填列）", "", ["249.00", "230.00"]),
    ("1.归属于母公司股东的净利润", "", ["240.00", "225.00"]),
    ("2.少数股东损益", "", ["9.00", "5.00"]),
]


def test_rows_of_which_are_not_added_again_and_deductions_are_negative() -> None:
    got = parts_of("income", CHINESE)
    assert got["二、营业总成本"] == ["其中：营业成本", "税金及附加", "研发费用", "财务费用"]
    assert got["一、营业总收入"] == ["其中：营业收入", "利息收入"]
    assert got["三、营业利润（亏损以“－”号填列）"] == [
        "一、营业总收入", "-二、营业总成本", "加：其他收益", "投资收益（损失以“－”号填列）",
        "资产减值损失（损失以“－”号填列）",
    ]  # fmt: skip
    assert got["四、利润总额（亏损总额以“－”号填列）"] == [
        "三、营业利润（亏损以“－”号填列）", "加：营业外收入", "-减：营业外支出",
    ]  # fmt: skip
    assert got["五、净利润（净亏损以“－”号填列）"] == [
        "四、利润总额（亏损总额以“－”号填列）", "-减：所得税费用",
    ]  # fmt: skip


def test_a_total_may_stand_above_its_members() -> None:
    rows: list[Row] = [
        ("Net sales", "", ["81,797", "82,959"]),
        ("Products", "", ["60,584", "63,355"]),
        ("Services", "", ["21,213", "19,604"]),
        ("Cost of sales", "", ["45,384", "47,074"]),
        ("Gross profit", "", ["36,413", "35,885"]),
    ]
    got = parts_of("income", rows)
    assert got == {
        "Net sales": ["Products", "Services"], "Gross profit": ["Net sales", "-Cost of sales"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("verbatim", "step"),
    [("81.8", 100_000), ("1,234", 1_000_000), ("1.234,5", 100_000), ("12,5", 100_000),
     ("1,234.50", 10_000), ("1.234.567", 1_000_000), ("$(2,028)", 1_000_000), ("—", 1_000_000)],
)  # fmt: skip
def test_the_last_printed_digit_says_how_exact_a_figure_is(verbatim: str, step: int) -> None:
    _, (fact,) = statement("income", [("Sales", "", ["1"])], [Q3])
    assert printed_step(msgspec.structs.replace(fact, verbatim=verbatim)) == step


def test_sums_of_rounded_figures_hold_within_their_rounding() -> None:
    rows: list[Row] = [
        ("A", "", ["10.3", "20.1", "31.1"]), ("B", "", ["11.4", "21.2", "30.1"]),
        ("C", "", ["15.4", "25.2", "34.5"]), ("Total", "", ["37.1", "66.4", "95.7"]),
    ]  # fmt: skip
    made, facts = statement("other", rows, [Q3, LAST_Q3, NOW])
    fit = find_sums(made, {fact.id: fact for fact in facts})[3]
    assert (fit.off, fit.rounded) == ((), (1,)) or fit.off


def test_a_total_that_fails_in_one_column_has_no_parts_but_is_known() -> None:
    rows = [*BALANCE]
    rows[3] = ("Total current assets", "", ["35,759", "28,952"])
    made, facts = statement("balance", rows, [NOW, YEAR_END])
    by_id = {fact.id: fact for fact in facts}
    assert find_sums(made, by_id)[3].off == (1,)
    assert with_parts(made, by_id).lines[3].parts == ()


def test_a_chance_sum_has_no_parts() -> None:
    rows: list[Row] = [
        ("2010 issuance", "", ["1,000", "1,000"]), ("2011 issuance", "", ["204", "204"]),
        ("2012 issuance", "", ["1,204", "1,204"]), ("2013 issuance", "", ["77", "99"]),
    ]  # fmt: skip
    assert parts_of("other", rows) == {}


def test_shares_and_amounts_per_share_are_not_summed_with_money() -> None:
    rows: list[Row] = [
        ("Sales", "", ["100.00", "200.00"]),
        ("Income per share", "", ["1.25", "2.50"]),
        ("Total", "", ["101.25", "202.50"]),
    ]
    assert parts_of("income", rows) == {}


def test_a_statement_without_values_stays_as_it_is() -> None:
    made, facts = statement("income", [("Total", "", ["1", "2"])], [Q3, LAST_Q3])
    assert with_parts(made, {}) == made
    assert isinstance(with_parts(made, {f.id: f for f in facts}), Statement)
    assert Decimal(1_000_000) == facts[0].value
