"""Which table is which statement, on statements and look-alikes of houses of every kind."""

import pytest

from tenth.reader.kinds import is_parent_only, kind_of

INCOME = [
    "Net sales", "Cost of sales", "Gross profit", "Operating income", "Income before taxes",
    "Income tax expense", "Net income", "Basic", "Diluted",
]  # fmt: skip
BALANCE = [
    "Cash and cash equivalents", "Total current assets", "Total assets", "Accounts payable",
    "Total liabilities", "Total stockholders’ equity", "Total liabilities and stockholders’ equity",
]  # fmt: skip
CASH = [
    "Net income", "Depreciation", "Net cash provided by operating activities",
    "Capital expenditures", "Net cash used in investing activities", "Dividends paid",
    "Net cash used in financing activities", "Net change in cash", "Cash at end of period",
]  # fmt: skip
COMPREHENSIVE = ["Net income", "Other comprehensive loss", "Comprehensive income"]
PROFIT_ZH = ["一、营业总收入", "其中：营业收入", "四、利润总额", "减：所得税费用", "五、净利润"]
BALANCE_ZH = ["货币资金", "流动资产合计", "资产总计", "负债合计", "负债和所有者权益总计"]
CASH_ZH = [
    "销售商品、提供劳务收到的现金", "经营活动现金流入小计", "经营活动产生的现金流量净额",
    "投资活动产生的现金流量净额", "吸收投资收到的现金", "筹资活动产生的现金流量净额",
    "五、现金及现金等价物净增加额", "六、期末现金及现金等价物余额",
]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "labels", "kind"),
    [
        ("CONSOLIDATED STATEMENTS OF OPERATIONS", INCOME, "income"),
        ("Consolidated Statement of Earnings", INCOME, "income"),
        ("Consolidated Statements of Operations and Comprehensive Income", INCOME, "income"),
        ("INCOME STATEMENTS", INCOME, "income"),
        ("", INCOME, "income"),
        ("STATEMENTS OF INCOME (In thousands, except per share data)", INCOME, "income"),
        ("Item 8. Financial Statements and Supplementary Data Consolidated Balance Sheets "
         "(Dollars in millions, except share data)", BALANCE, "balance"),
        ("Automatic Data Processing Statements of Consolidated Earnings", INCOME, "income"),
        ("Statement of Comprehensive Income", INCOME, "income"),
        ("Statement of Profit or Loss and Other Comprehensive Income", INCOME, "income"),
        ("Consolidated Balance Sheets", BALANCE[:3], "balance"),  # its two sides are two tables
        ("合并资产负债表（续）", BALANCE_ZH[3:], "balance"),
        ("COMPREHENSIVE INCOME STATEMENTS", COMPREHENSIVE, "comprehensive"),
        ("Consolidated Statements of Comprehensive Income", COMPREHENSIVE, "comprehensive"),
        ("Consolidated Statements of Financial Position", BALANCE, "balance"),
        ("", BALANCE, "balance"),
        ("CASH FLOWS STATEMENTS", CASH, "cash"),
        ("Consolidated Statements of Cash Flows (continued)", CASH, "cash"),
        ("合并利润表", PROFIT_ZH, "income"),
        ("綜合損益表", ["收益", "銷售成本", "除稅前溢利", "所得稅開支", "年內溢利"], "income"),
        ("2、合并资产负债表", BALANCE_ZH, "balance"),
        ("合并现金流量表", CASH_ZH, "cash"),
        ("合并及公司现金流量表", CASH_ZH, "cash"),
        ("CONSOLIDATED STATEMENTS OF STOCKHOLDERS’ EQUITY", ["Balance", "Net income"], "equity"),
        ("合并所有者权益变动表", ["一、上年年末余额", "综合收益总额"], "equity"),
    ],
)  # fmt: skip
def test_a_statement_is_told_by_its_title_and_rows(title, labels, kind):
    assert kind_of(title, "(in millions)", ["2023", "2022"], labels) == kind


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("Parent Company Only Condensed Balance Sheets", BALANCE),
        ("Condensed Financial Information of Registrant: Statements of Cash Flows", CASH),
        ("母公司利润表", PROFIT_ZH),
        ("Condensed Consolidating Statements of Operations", INCOME),
        ("Unaudited Pro Forma Statements of Operations", INCOME),
        ("Selected Consolidated Statements of Operations Data", INCOME),
        ("CONSOLIDATED BALANCE SHEETS (Parenthetical)", ["Common stock, par value", "Issued"]),
        ("Amounts included in the Consolidated Balance Sheets were as follows:", BALANCE),
        ("Reconciliation of GAAP to non-GAAP: Statements of Income", INCOME),
        ("Consolidated Balance Sheets", INCOME),  # the title of another page
        ("现金流量表补充资料", CASH_ZH),
    ],
)
def test_what_only_speaks_of_a_statement_is_none(title, labels):
    assert kind_of(title, "(in millions)", ["2023", "2022"], labels) == "other"


def test_a_statement_of_profit_and_other_comprehensive_income_is_one_whatever_its_profit_is():
    labels = ["Other income", "Loss before tax", "Surplus", "Other comprehensive income",
              "Total comprehensive loss for the year"]  # fmt: skip
    title = "Statement of profit or loss and other comprehensive income"
    assert kind_of(title, "", (), labels) == "income"
    title = "Consolidated statements of operations and comprehensive loss"
    labels = ["Revenue", "Loss from operations", "Net loss", "Net loss per share", "Net loss",
              "Other comprehensive loss", "Total comprehensive loss"]  # fmt: skip
    assert kind_of(title, "", (), labels) == "income"
    assert kind_of("", "", (), ["Revenue", "Loss before tax", "Loss after tax for the year",
                                "Basic earnings per share"]) == "income"  # fmt: skip


@pytest.mark.parametrize(
    "labels",
    [
        ["Revenue", "Operating profit", "Profit before taxation", "Taxation",
         "Profit and total comprehensive income for the year"],
        ["Corporate costs", "Operating loss", "(Loss) for the year before income tax",
         "Income tax expense", "(Loss)/Profit for the period attributable to equity holders"],
    ],
)  # fmt: skip
def test_the_one_statement_of_a_year_is_that_of_its_income(labels):
    assert kind_of("Consolidated statement of comprehensive income", "", (), labels) == "income"


def test_a_table_of_shares_of_revenue_is_no_income_statement():
    rows = [*INCOME[:-2]]
    assert kind_of("", "", ["2023", "2022"], rows) == "other"
    header = ["2023", "% of net revenue", "2022", "% of net revenue"]
    assert kind_of("", "(in millions)", header, INCOME) == "other"


def test_quarters_under_each_year_are_no_segments():
    rows = ["2023", "Net sales", "Gross profit", "2022", "Net sales", "Gross profit"]
    assert kind_of("", "", ["First", "Second", "Third", "Fourth"], rows) == "other"
    rows = ["Fiscal 2023", "Revenues", "Earnings per diluted share", "Fiscal 2022", "Revenues"]
    assert kind_of("", "(in millions)", ["A", "B"], rows) == "other"


def test_a_selection_of_data_is_no_income_statement():
    rows = ["Income Statement Data:", *INCOME, "Per Common Share Data:"]
    assert kind_of("", "(in millions)", ["2023", "2022", "2021"], rows) == "other"


def test_a_cash_summary_without_the_cash_left_is_no_cash_flow_statement():
    rows = [label for label in CASH if "activities" in label]
    assert kind_of("Cash flow information:", "(in millions)", ["2023", "2022"], rows) == "other"


@pytest.mark.parametrize(
    ("title", "parent"),
    [
        ("母公司资产负债表", True),
        ("合并资产负债表", False),
        ("合并及母公司利润表", False),
        ("Parent Company Only", True),
        ("CONSOLIDATED BALANCE SHEETS", False),
        ("归属于母公司所有者的权益变动", False),
    ],
)
def test_a_parents_own_statement_says_so(title, parent):
    assert is_parent_only(title) is parent


@pytest.mark.parametrize(
    ("title", "header", "labels", "kind"),
    [
        ("公司前5名客户资料", ["客户名称", "占年度销售总额比例"], ["客户一"], "customers"),
        ("前五名供应商", ["供应商名称", "采购额", "占年度采购总额比例"], ["供应商A"], "suppliers"),
        ("Top five customers", ["Customer", "Revenue", "% of total"], ["Acme"], "customers"),
        ("Customers over 10% of revenue:", ["2023"], ["Customer A"], "customers"),
        ("Net sales by region", ["2023", "2022"], ["Americas", "Europe"], "segments"),
        ("Segment information", ["2023"], ["Asia:", "Sales", "Europe:", "Sales"], "segments"),
        ("主营业务分产品情况", ["营业收入", "营业成本", "毛利率"], ["手机", "平板"], "segments"),
        ("Inventories", ["2023", "2022"], ["Raw materials", "Finished goods"], "other"),
    ],
)  # fmt: skip
def test_tables_of_parts_customers_and_suppliers(title, header, labels, kind):
    assert kind_of(title, "", header, labels) == kind
