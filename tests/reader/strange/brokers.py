"""A broker's report on a mainland company, and a Hong Kong company's annual report."""

from tests.reader.strange.paper import Break, Claim, Col, Grid, Paper, Words, table

YEARS = (Col("2022"), Col("2023"), Col("2024"), Col("2025"), Col("2026"))
FORECAST = Grid(
    "盈利预测和财务指标", table("|2022A|2023A|2024E|2025E|2026E"), table("""
营业收入(百万元)|1,068|1,230|1,452|1,713|2,005
同比(%)|8.1|15.2|18.0|18.0|17.0
归母净利润(百万元)|112|135|168|205|247
同比(%)|-3.4|20.5|24.4|22.0|20.5
毛利率(%)|31.2|32.5|33.1|33.6|34.0
ROE(%)|9.8|10.9|12.4|13.6|14.5
EPS(元)|0.28|0.34|0.42|0.51|0.62
P/E(倍)|43.2|35.8|28.8|23.6|19.6
"""), YEARS, 10**6, "CNY",
    units={"EPS": "share", "P/E": "pure"}, metrics={"营业收入(百万元)": "Revenues"},
)  # fmt: skip
STATEMENT = Grid(
    "利润表", table("会计年度|2022A|2023A|2024E|2025E|2026E"), table("""
营业收入|1068.3|1230.4|1452.0|1713.1|2004.9
营业成本|735.0|830.5|971.4|1137.5|1323.2
销售费用|85.5|98.4|113.3|130.2|150.4
营业利润|131.2|158.0|196.4|239.8|288.9
利润总额|131.2|158.0|196.4|239.8|288.9
所得税|19.1|23.0|28.4|34.8|41.9
净利润|112.1|135.0|168.0|205.0|247.0
归属母公司净利润|112.1|135.0|168.0|205.0|247.0
"""), YEARS, 10**6, "CNY", "单位：百万元",
)  # fmt: skip
BROKER = Paper("broker-zh", "broker's research report", (
    Words("证券研究报告 | 公司点评报告"),
    Words("海岳股份（603998.SH）", 1),
    Words("业绩符合预期，海外业务加速", 1),
    Words("2024年04月18日"),
    Words("投资评级：买入（维持）    目标价：18.60元    当前股价：12.05元"),
    Words("事件：公司发布2023年年报。公司2023年实现营收12.3亿元，同比+15.2%；实现归母净利润1.35亿元，"
          "同比增长20.5%。", claims=(
              Claim("12.3亿元", "1230000000", "2023"),
              Claim("1.35亿元", "135000000", "2023"))),
    Words("2024年第一季度公司实现营业收入3.21亿元，同比下降4.3%。", claims=(
        Claim("3.21亿元", "321000000", "2024-01-01..2024-03-31"),)),
    Words("盈利预测：我们预计公司2024-2026年归母净利润分别为1.68/2.05/2.47亿元，对应PE为29/24/20倍。"),
    FORECAST, Break(), STATEMENT,
    Words("风险提示：原材料价格波动；海外需求不及预期。"),
), "zh")  # fmt: skip

HK_INCOME = Grid(
    "CONSOLIDATED STATEMENT OF PROFIT OR LOSS For the year ended 31 December 2023",
    table("|Notes|2023|2022\n||HK$'000|HK$'000"), table("""
Revenue|5|2,345,678|2,109,876
Cost of sales||(1,654,321)|(1,500,123)
Gross profit||691,357|609,753
Other income and gains|6|23,456|19,876
Selling and distribution expenses||(123,456)|(110,987)
Administrative expenses||(234,567)|(221,098)
Finance costs|8|(45,678)|(32,109)
PROFIT BEFORE TAX|7|311,112|265,435
Income tax expense|11|(51,334)|(43,797)
PROFIT FOR THE YEAR||259,778|221,638
Earnings per share (HK cents)|13|12.99|11.08
"""), (Col("", "-"), Col("2023"), Col("2022")), 1000, "HKD",
    units={"Earnings per share": "cents"}, metrics={"Revenue": "Revenues"},
)  # fmt: skip
HK = Paper("annual-hk", "Hong Kong annual report", (
    Words("PEARL HARBOUR HOLDINGS LIMITED", 1),
    Words("(Incorporated in the Cayman Islands with limited liability)"),
    Words("(Stock Code: 9998)"),
    Words("ANNUAL REPORT 2023", 1), Break(),
    Grid(HK_INCOME.title, HK_INCOME.head, tuple(r for r in HK_INCOME.rows if "cents" not in r[0]),
         HK_INCOME.columns, 1000, "HKD", metrics={"Revenue": "Revenues"}),
    Break(),
    Grid("CONSOLIDATED STATEMENT OF FINANCIAL POSITION 31 December 2023",
         table("|Notes|2023|2022\n||HK$'000|HK$'000"), table("""
NON-CURRENT ASSETS|||
Property, plant and equipment|14|1,234,567|1,198,765
Total non-current assets||1,234,567|1,198,765
CURRENT ASSETS|||
Inventories|18|345,678|321,098
Trade receivables|19|456,789|432,109
Cash and cash equivalents|21|567,890|543,210
Total current assets||1,370,357|1,296,417
"""), (Col("", "-"), Col("2023-12-31"), Col("2022-12-31")), 1000, "HKD",
         metrics={"Inventories": "InventoryNet"}),
), "en")  # fmt: skip
HK_ZH = Paper("annual-hk-zh", "Hong Kong annual report in Chinese", (
    Words("明珠港控股有限公司", 1),
    Words("（於開曼群島註冊成立的有限公司）（股份代號：9998）"),
    Words("2023年年度報告", 1), Break(),
    Grid("綜合損益表 截至2023年12月31日止年度",
         table("|附註|2023年|2022年\n||千港元|千港元"), table("""
收益|5|2,345,678|2,109,876
銷售成本||(1,654,321)|(1,500,123)
毛利||691,357|609,753
行政開支||(234,567)|(221,098)
除稅前溢利|7|311,112|265,435
所得稅開支|11|(51,334)|(43,797)
年內溢利||259,778|221,638
"""), (Col("", "-"), Col("2023"), Col("2022")), 1000, "HKD"),
), "zh")  # fmt: skip
