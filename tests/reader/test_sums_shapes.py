"""Statements as companies of other countries and trades print them."""

import pytest

from tenth.reader.model import StatementKind
from tenth.reader.sums import with_parts
from tests.reader.made import LAST_Q3, Q3, Row, statement


def read(text: str) -> list[Row]:
    """Lines of "label | figure | figure"; a label alone is a heading."""
    lines = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    return [(label, "", figures) for label, *figures in lines]


def sums(kind: StatementKind, text: str) -> list[str]:
    """ "Gross profit = Revenue - Cost of sales", in print order."""
    made, facts = statement(kind, read(text), [Q3, LAST_Q3])
    done = with_parts(made, {fact.id: fact for fact in facts})
    return [
        f"{line.label} ="
        + "".join(f" {'+' if p.sign > 0 else '-'} {done.lines[p.line].label}" for p in line.parts)
        for line in done.lines
        if line.parts
    ]


CHINESE_BALANCE = """
流动资产：
货币资金 | 1,204.11 | 1,003.20
其他应收款 | 55.60 | 44.30
其中：应收利息 | 1.20 | 1.10
应收股利 | 2.00 | 3.00
存货 | 407.00 | 388.00
流动资产合计 | 1,666.71 | 1,435.50
非流动资产合计 | 1,100.70 | 1,056.90
资产总计 | 2,767.41 | 2,492.40
非流动负债：
应付债券 | 500.00 | 500.00
其中：优先股 | |
永续债 | 100.00 | 100.00
非流动负债合计 | 500.00 | 500.00
负债合计 | 500.00 | 500.00
所有者权益：
股本 | 600.00 | 600.00
减：库存股 | 50.00 | 20.00
其他综合收益 | -3.19 | 4.50
未分配利润 | 1,620.60 | 1,317.90
归属于母公司所有者权益合计 | 2,167.41 | 1,902.40
少数股东权益 | 100.00 | 90.00
所有者权益合计 | 2,267.41 | 1,992.40
负债和所有者权益总计 | 2,767.41 | 2,492.40
"""


def test_a_chinese_balance_sheet() -> None:
    assert sums("balance", CHINESE_BALANCE) == [
        "流动资产合计 = + 货币资金 + 其他应收款 + 存货",
        "资产总计 = + 流动资产合计 + 非流动资产合计",
        "非流动负债合计 = + 应付债券",
        "归属于母公司所有者权益合计 = + 股本 - 减：库存股 + 其他综合收益 + 未分配利润",
        "所有者权益合计 = + 归属于母公司所有者权益合计 + 少数股东权益",
        "负债和所有者权益总计 = + 负债合计 + 所有者权益合计",
    ]


CHINESE_INCOME = """
一、营业收入 | 1,000.00 | 900.00
减：营业成本 | 600.00 | 550.00
税金及附加 | 10.00 | 9.00
财务费用 | 5.00 | 6.00
其中：利息费用 | 9.00 | 10.00
利息收入 | 4.10 | 4.20
加：其他收益 | 12.00 | 11.00
投资收益（损失以“-”号填列） | -3.00 | 7.00
二、营业利润 | 394.00 | 353.00
减：所得税费用 | 30.00 | 28.00
三、净利润 | 364.00 | 325.00
（一）按经营持续性分类
1.持续经营净利润 | 364.00 | 325.00
（二）按所有权归属分类
1.归属于母公司股东的净利润 | 350.00 | 316.00
2.少数股东损益 | 14.00 | 9.00
四、其他综合收益的税后净额 | 5.00 | -4.00
（一）不能重分类进损益的其他综合收益 | 2.00 | -1.00
（二）将重分类进损益的其他综合收益 | 3.00 | -3.00
五、综合收益总额 | 369.00 | 321.00
归属于母公司所有者的综合收益总额 | 355.00 | 312.00
归属于少数股东的综合收益总额 | 14.00 | 9.00
"""


def test_a_chinese_income_statement_with_the_shares_of_its_owners() -> None:
    assert sums("income", CHINESE_INCOME) == [
        "二、营业利润 = + 一、营业收入 - 减：营业成本 - 税金及附加 - 财务费用 + 加：其他收益"
        " + 投资收益（损失以“-”号填列）",
        "三、净利润 = + 二、营业利润 - 减：所得税费用",
        "四、其他综合收益的税后净额 = + （一）不能重分类进损益的其他综合收益"
        " + （二）将重分类进损益的其他综合收益",
        "五、综合收益总额 = + 三、净利润 + 四、其他综合收益的税后净额",
    ]


CHINESE_CASH = """
一、经营活动产生的现金流量：
销售商品、提供劳务收到的现金 | 3,000.00 | 2,800.00
收到的税费返还 | 20.00 | 30.00
经营活动现金流入小计 | 3,020.00 | 2,830.00
购买商品、接受劳务支付的现金 | 1,900.00 | 1,800.00
支付的各项税费 | 200.00 | 190.00
经营活动现金流出小计 | 2,100.00 | 1,990.00
经营活动产生的现金流量净额 | 920.00 | 840.00
投资活动产生的现金流量净额 | -240.00 | -191.00
筹资活动产生的现金流量净额 | 30.00 | -30.00
四、汇率变动对现金及现金等价物的影响 | -2.00 | 1.00
五、现金及现金等价物净增加额 | 708.00 | 620.00
加：期初现金及现金等价物余额 | 900.00 | 280.00
六、期末现金及现金等价物余额 | 1,608.00 | 900.00
"""


def test_a_chinese_cash_flow_statement() -> None:
    assert sums("cash", CHINESE_CASH) == [
        "经营活动现金流入小计 = + 销售商品、提供劳务收到的现金 + 收到的税费返还",
        "经营活动现金流出小计 = + 购买商品、接受劳务支付的现金 + 支付的各项税费",
        "经营活动产生的现金流量净额 = + 经营活动现金流入小计 - 经营活动现金流出小计",
        "五、现金及现金等价物净增加额 = + 经营活动产生的现金流量净额 + 投资活动产生的现金流量净额"
        " + 筹资活动产生的现金流量净额 + 四、汇率变动对现金及现金等价物的影响",
        "六、期末现金及现金等价物余额 = + 五、现金及现金等价物净增加额"
        " + 加：期初现金及现金等价物余额",
    ]


LONDON = """
Property | 1,000 | 900
Intangible assets | 300 | 250
 | 1,300 | 1,150
Current assets
Inventories | 200 | 190
Cash and cash equivalents | 150 | 140
 | 350 | 330
Total assets | 1,650 | 1,480
Current liabilities
Trade payables | (300) | (280)
Borrowings | (100) | (90)
 | (400) | (370)
Net current liabilities | (50) | (40)
Total assets less current liabilities | 1,250 | 1,110
Non-current liabilities
Pensions | (500) | (480)
Net assets | 750 | 630
"""


def test_totals_without_labels_and_liabilities_printed_negative() -> None:
    assert sums("balance", LONDON) == [
        " = + Property + Intangible assets",
        " = + Inventories + Cash and cash equivalents",
        "Total assets = +  + ",
        " = + Trade payables + Borrowings",
        "Total assets less current liabilities = + Total assets + ",
        "Net assets = + Total assets less current liabilities + Pensions",
    ]


BANK = """
Investment banking fees | 1,722 | 1,674
All other income | 1,614 | 900
Noninterest revenue | 3,336 | 2,574
Interest income | 44,556 | 25,611
Interest expense | 21,830 | 8,091
Net interest income | 22,726 | 17,520
Total net revenue | 26,062 | 20,094
Provision for credit losses | 1,384 | 1,537
Noninterest expense
Compensation expense | 11,726 | 10,539
Occupancy expense | 1,197 | 1,162
Total noninterest expense | 12,923 | 11,701
Income before income tax expense | 11,755 | 6,856
"""


def test_a_bank() -> None:
    assert sums("income", BANK) == [
        "Noninterest revenue = + Investment banking fees + All other income",
        "Net interest income = + Interest income - Interest expense",
        "Total net revenue = + Noninterest revenue + Net interest income",
        "Total noninterest expense = + Compensation expense + Occupancy expense",
        "Income before income tax expense = + Total net revenue - Provision for credit losses"
        " - Total noninterest expense",
    ]


@pytest.mark.parametrize("text", [CHINESE_BALANCE, CHINESE_INCOME, CHINESE_CASH, LONDON, BANK])
def test_no_line_is_a_part_of_two_totals(text: str) -> None:
    made, facts = statement("other", read(text), [Q3, LAST_Q3])
    done = with_parts(made, {fact.id: fact for fact in facts})
    parts = [part.line for line in done.lines for part in line.parts]
    assert len(parts) == len(set(parts))
