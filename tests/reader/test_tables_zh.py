"""Tables of Chinese reports: two side by side, year ends below years, several statements in one."""

from decimal import Decimal

from tenth.reader.model import Cover, Period
from tests.reader.test_tables import by_label, facts, table

ANNUAL = Cover("海岳股份有限公司", "annual report", Period("2023-01-01", "2023-12-31"),
               currency="CNY", language="zh")  # fmt: skip
BROKER = Cover("海岳股份", "research report", Period(), currency="CNY", language="zh")
END, BEFORE = "2023-12-31", "2022-12-31"


def test_liabilities_beside_assets_are_no_figures_of_the_assets():
    found = by_label(facts(table([
        ["资产", "期末余额", "期初余额", "负债和所有者权益", "期末余额", "期初余额"],
        ["货币资金", "1,234", "1,111", "短期借款", "222", "200"],
        ["存货", "766", "689", "负债合计", "222", "200"],
        ["资产总计", "2,000", "1,800", "股本", "1,778", "1,600"],
        ["", "", "", "负债和所有者权益总计", "2,000", "1,800"],
    ], scale="单位：元", header_rows=1, caption="合并资产负债表"), ANNUAL))  # fmt: skip
    assert [fact.value for fact in found["货币资金"]] == [Decimal(1234), Decimal(1111)]
    assert [fact.value for fact in found["短期借款"]] == [Decimal(222), Decimal(200)]
    assert [fact.metric for fact in found["短期借款"]] == ["ShortTermBorrowings"] * 2
    assert [fact.period.end for fact in found["股本"]] == [END, BEFORE]


def test_ratios_beside_a_forecast_keep_their_own_labels_and_units():
    years = ["2023A", "2024E"]
    found = by_label(facts(table([
        ["利润表(百万元)", *years, "主要财务比率", *years],
        ["营业收入", "1,230", "1,452", "毛利率", "32.5%", "33.1%"],
        ["营业成本", "830", "971", "资产负债率", "40.8%", "39.1%"],
        ["净利润", "135", "168", "流动比率", "1.25", "1.44"],
    ], scale="", header_rows=1), BROKER))  # fmt: skip
    assert [fact.value for fact in found["营业成本"]] == [
        Decimal(830_000_000),
        Decimal(971_000_000),
    ]
    assert [fact.value for fact in found["毛利率"]] == [Decimal("0.325"), Decimal("0.331")]
    assert [fact.value for fact in found["流动比率"]] == [Decimal("1.25"), Decimal("1.44")]


def test_words_between_figures_of_one_table_do_not_part_it():
    found = by_label(facts(table([
        ["项目", "2023年", "变动原因", "2022年"],
        ["销售费用", "275", "推广", "218"],
        ["管理费用", "125", "薪酬", "113"],
        ["研发费用", "131", "项目", "87"],
    ], scale="单位：元", header_rows=1), ANNUAL))  # fmt: skip
    assert [fact.value for fact in found["销售费用"]] == [Decimal(275), Decimal(218)]


def test_year_ends_below_years_are_days():
    found = by_label(facts(table([
        ["主要会计数据", "2023年", "2022年", "本期比上年同期增减(%)"],
        ["营业收入", "1,582", "1,127", "40.39"],
        ["", "2023年末", "2022年末", "本期末比上年同期末增减（%）"],
        ["总资产", "6,278", "5,586", "12.40"],
    ], scale="单位：元", header_rows=1), ANNUAL))  # fmt: skip
    assert [fact.period for fact in found["总资产"]][:2] == [Period("", END), Period("", BEFORE)]
    assert found["营业收入"][0].period == ANNUAL.period


def test_statements_below_one_header_are_each_their_own():
    found = by_label(facts(table([
        ["财务报表(百万元)", "2023年", "2022年"],
        ["利润表", "", ""],
        ["营业收入", "660", "600"],
        ["利润总额", "241", "200"],
        ["净利润", "194", "180"],
        ["资产负债表", "", ""],
        ["其他流动资产", "315", "300"],
        ["资产合计", "1,781", "1,700"],
        ["负债及股东权益合计", "1,781", "1,700"],
    ], scale="", header_rows=1), ANNUAL))  # fmt: skip
    assert found["营业收入"][0].period == ANNUAL.period
    assert found["其他流动资产"][0].period == Period("", END)
    assert found["其他流动资产"][0].value == Decimal(315_000_000)


def test_sales_by_product_are_of_the_period_that_the_last_one_is_compared_with():
    found = by_label(facts(table([
        ["分产品", "营业收入", "营业成本", "毛利率（%）", "营业收入比上年增减（%）"],
        ["茅台酒", "93,464", "5,577", "94.03", "10.18"],
        ["其他系列酒", "12,594", "3,313", "73.69", "26.06"],
    ], scale="单位：元", header_rows=1, caption="主营业务分产品情况"), ANNUAL))  # fmt: skip
    sales, cost, margin, change = found["茅台酒"]
    assert sales.period == cost.period == margin.period == ANNUAL.period
    assert (sales.metric, margin.value) == ("Revenues[茅台酒]", Decimal("0.9403"))
    assert change.status == "unknown"


def test_sales_by_product_of_a_report_without_a_period_are_of_none():
    found = by_label(facts(table([
        ["分产品", "营业收入", "营业收入比上年增减（%）"],
        ["茅台酒", "93,464", "10.18"],
        ["其他系列酒", "12,594", "26.06"],
    ], scale="单位：元", header_rows=1), BROKER))  # fmt: skip
    assert {fact.status for fact in found["茅台酒"]} == {"unknown"}


def test_research_of_this_period_has_the_reports_period_without_any_header():
    found = by_label(facts(table([
        ["费用情况", "单位：元"],
        ["本期费用化研发投入", "190"],
        ["本期资本化研发投入", "10"],
        ["研发投入合计", "200"],
        ["公司研发人员的数量", "659"],
    ], scale="单位：元", header_rows=1), ANNUAL))  # fmt: skip
    assert found["研发投入合计"][0].period == found["本期费用化研发投入"][0].period == ANNUAL.period
    assert found["公司研发人员的数量"][0].unit == "pure"


def test_tonnes_in_a_table_of_ten_thousand_yuan_are_tonnes():
    found = by_label(facts(table([
        ["区域名称", "本期销售收入", "本期销售量（吨）"],
        ["国内", "10,344", "64,877.80"],
        ["国外", "261", "1,560.89"],
    ], scale="单位：万元", header_rows=1), ANNUAL))  # fmt: skip
    money, tonnes = found["国内"]
    assert (money.value, money.unit) == (Decimal(103_440_000), "currency")
    assert (tonnes.value, tonnes.unit, tonnes.scale) == (Decimal("64877.80"), "pure", 1)


def test_a_rate_without_its_sign_is_unknown_and_one_below_a_heading_in_percent_is_not():
    found = by_label(facts(table([
        ["主要财务比率", "2023年", "2022年"],
        ["获利能力 (%)", "", ""],
        ["  毛利率", "32.5", "33.1"],
        ["偿债能力", "", ""],
        ["  资产负债率", "40.8", "39.1"],
        ["  流动比率", "1.25", "1.44"],
    ], scale="", header_rows=1), ANNUAL))  # fmt: skip
    assert found["毛利率"][0].value == Decimal("0.325")
    assert [fact.status for fact in found["资产负债率"]] == ["unknown", "unknown"]
    assert (found["流动比率"][0].value, found["流动比率"][0].status) == (Decimal("1.25"), "ok")
