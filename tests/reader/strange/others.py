"""An insurer, foreign filers in yuan and euros, a small company in exact dollars, a release."""

from tests.reader.strange.filers import cover
from tests.reader.strange.paper import Break, Col, Grid, Paper, Words, table

Y23, Y22, Y21 = Col("2023"), Col("2022"), Col("2021")
INSURER = Paper("insurer-10k", "insurer's 10-K", (
    *cover("Granite Mutual Holdings, Inc.", "10-K", "fiscal year ended December 31, 2023"),
    Grid("Consolidated Statements of Operations", table(
        "|For the years ended December 31,|<|<\n|2023|2022 (As Restated)|2021"), table("""
Revenues||
Net premiums earned|$ 5,432.1|$ 5,098.7|$ 4,876.5
Net investment income|543.2|498.7|512.3
Net realized investment gains (losses)|(12.3)|(123.4)|45.6
Total revenues|5,963.0|5,474.0|5,434.4
Losses and loss adjustment expenses|3,654.3|3,543.2|3,210.9
Amortization of deferred policy acquisition costs|987.6|954.3|912.3
Total benefits and expenses|4,641.9|4,497.5|4,123.2
Income before income taxes|1,321.1|976.5|1,311.2
Income tax expense|264.2|195.3|262.2
Net income|$ 1,056.9|$ 781.2|$ 1,049.0
Weighted average shares outstanding - diluted|123.4|125.6|127.8
Net income per share - diluted|$ 8.56|$ 6.22|$ 8.21
""".replace("Revenues||", "Revenues|||")), (Y23, Y22, Y21), 10**6, "USD",
         "($ in millions, except per share amounts; shares in millions)",
         units={"Weighted average": "shares:1000000", "Net income per": "share"}),
))  # fmt: skip
RMB = "CNY"
YUAN = Paper("foreign-20f", "foreign filer in yuan", (
    Words("UNITED STATES SECURITIES AND EXCHANGE COMMISSION", 1), Words("FORM 20-F", 1),
    Words("ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934"),
    Words("For the fiscal year ended December 31, 2023"),
    Words("Bright Lantern Group Limited", 1),
    Words("(Exact name of Registrant as specified in its charter)"), Break(),
    Grid("CONSOLIDATED STATEMENTS OF COMPREHENSIVE INCOME", table(
        "|Year ended December 31,|<|<|<\n|2021|2022|2023|2023\n|RMB|RMB|RMB|US$"), table("""
Revenues|8,765,432|9,876,543|10,987,654|1,547,579
Cost of revenues|(5,432,109)|(6,123,456)|(6,876,543)|(968,542)
Gross profit|3,333,323|3,753,087|4,111,111|579,037
Selling and marketing expenses|(1,234,567)|(1,345,678)|(1,456,789)|(205,184)
Operating income|2,098,756|2,407,409|2,654,322|373,853
Income tax expenses|(345,678)|(398,765)|(432,109)|(60,861)
Net income|1,753,078|2,008,644|2,222,213|312,992
"""), (Col("2021", currency=RMB), Col("2022", currency=RMB), Col("2023", currency=RMB),
       Col("2023", currency="USD")), 1000, RMB,
         "(All amounts in thousands, except for share and per share data)"),
))  # fmt: skip
EURO = Paper("euro-annual", "European annual report", (
    Words("Annual Report 2023", 1), Words("Lindenberg Werke SE", 1), Break(),
    Grid("Consolidated statement of profit or loss for the year ended 31 December 2023", table(
        "|Note|2023|2022|Change in %"), table("""
Revenue|(5)|1,234,567|1,198,765|3.0
Cost of sales|(6)|−765,432|−743,210|3.0
Gross profit||469,135|455,555|3.0
Other operating income|(8)|12,345|–|n.m.
Profit before tax||98,765|87,654|12.7
Income taxes|(11)|−29,630|−26,296|12.7
Profit for the year||69,135|61,358|12.7
"""), (Col("", "-"), Y23, Y22, Col("", "change")), 1000, "EUR", "in thousands of euros"),
))  # fmt: skip
EXACT = (
    Grid("STATEMENTS OF OPERATIONS", table("|For the Years Ended December 31,|<\n|2023|2022"),
         table("""
Revenue|$ 1,234,567|$ 987,654
Cost of revenue|765,432|654,321
Gross profit|469,135|333,333
Loss before income taxes|(123,456)|(234,567)
Income tax expense|-|-
Net loss|$ (123,456)|$ (234,567)
Net loss per share, basic and diluted|$ (0.01)|$ (0.02)
"""), (Y23, Y22), None, "USD", units={"Net loss per": "share"}),
)  # fmt: skip
SMALL = Paper("small-10k", "10-K in exact dollars, said by nobody", (
    *cover("Tiny Creek Mining Corp.", "10-K", "fiscal year ended December 31, 2023"), *EXACT,
))  # fmt: skip
Q4, P4 = "2023-10-01..2023-12-31", "2022-10-01..2022-12-31"
RELEASE = Paper("release-8k", "earnings release", (
    Words("FORM 8-K", 1), Words("Nimbus Software, Inc.", 1),
    Words("(Exact name of registrant as specified in its charter)"),
    Words("Nimbus Software Announces Fourth Quarter and Full Year 2023 Results", 1), Break(),
    Grid("CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS", table(
        "|Three Months Ended December 31,|<|Year Ended December 31,|<\n|2023|2022|2023|2022"),
        table("""
Subscription revenue|$ 234,567|$ 198,765|$ 876,543|$ 743,210
Services revenue|12,345|13,456|49,876|51,234
Total revenue|246,912|212,221|926,419|794,444
Cost of revenue|54,321|49,876|210,987|187,654
Gross profit|192,591|162,345|715,432|606,790
Loss before income taxes|(12,345)|(23,456)|(65,432)|(98,765)
Provision for income taxes|1,234|987|4,567|3,456
Net loss|$ (13,579)|$ (24,443)|$ (69,999)|$ (102,221)
Net loss per share, basic and diluted|$ (0.11)|$ (0.20)|$ (0.57)|$ (0.85)
"""), (Col(Q4), Col(P4), Y23, Y22), 1000, "USD", "(in thousands, except per share amounts)",
        units={"Net loss per": "share"}, metrics={"Total revenue": "Revenues"}),
    Grid("RECONCILIATION OF GAAP TO NON-GAAP MEASURES", table(
        "|Three Months Ended December 31,|<|Year Ended December 31,|<\n|2023|2022|2023|2022"),
        table("""
GAAP net loss|$ (13,579)|$ (24,443)|$ (69,999)|$ (102,221)
Stock-based compensation|34,567|31,234|132,109|121,098
Non-GAAP net income|$ 20,988|$ 6,791|$ 62,110|$ 18,877
GAAP gross margin|78.0%|76.5%|77.2%|76.4%
"""), (Col(Q4), Col(P4), Y23, Y22), 1000, "USD", "(in thousands)",
        metrics={"Non-GAAP net income": ""}),
))  # fmt: skip
