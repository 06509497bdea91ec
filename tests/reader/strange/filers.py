"""Filings to the SEC of other kinds than those the reader grew up with: a retailer, a bank, an
insurer, a foreign filer."""

from tests.reader.strange.paper import Break, Col, Grid, Paper, Words, table


def cover(name: str, form: str, period: str) -> tuple[Words | Break, ...]:
    kind = "ANNUAL" if form == "10-K" else "QUARTERLY"
    return (
        Words("UNITED STATES SECURITIES AND EXCHANGE COMMISSION", 1),
        Words(f"FORM {form}", 1),
        Words(
            f"{kind} REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934"
        ),
        Words(f"For the {period}"),
        Words("Commission file number 001-99999"),
        Words(name, 1),
        Words("(Exact name of registrant as specified in its charter)"),
        Break(),
    )


F22, F21, F20 = "2022-01-30..2023-01-28", "2021-01-31..2022-01-29", "2020-02-02..2021-01-30"
RETAIL = Paper("retail-10k", "retailer's 10-K", (
    *cover("Harbor & Pine Stores, Inc.", "10-K", "fiscal year ended January 28, 2023"),
    Words("Our fiscal year ends on the Saturday closest to January 31. Fiscal 2022 ended on "
          "January 28, 2023, fiscal 2021 ended on January 29, 2022 and fiscal 2020 ended on "
          "January 30, 2021. Each consisted of 52 weeks."),
    Grid("CONSOLIDATED STATEMENTS OF INCOME",
         table("|Fiscal Year Ended|<|<\n|January 28, 2023|January 29, 2022|January 30, 2021"),
         table("""
Net sales|$ 4,321,098|$ 4,098,765|$ 3,210,987
Cost of goods sold|2,765,432|2,654,321|2,234,567
Gross profit|1,555,666|1,444,444|976,420
Selling, general and administrative expenses|1,123,456|1,034,567|998,765
Operating income (loss)|432,210|409,877|(22,345)
Interest expense, net|12,345|13,456|23,456
Income (loss) before income taxes|419,865|396,421|(45,801)
Income tax expense (benefit)|98,765|91,234|(12,345)
Income (loss) from continuing operations|321,100|305,187|(33,456)
Loss from discontinued operations, net of tax|(1,234)|—|(5,678)
Net income (loss)|$ 319,866|$ 305,187|$ (39,134)
Net income (loss) per share:|||
Basic|$ 3.21|$ 3.05|$ (0.40)
Diluted|$ 3.17|$ 3.01|$ (0.40)
Weighted-average common shares outstanding:|||
Basic|99,654|100,123|97,835
Diluted|100,987|101,456|97,835
"""), (Col(F22), Col(F21), Col(F20)), 1000, "USD", "(In thousands, except per share data)",
         units={"Basic": "both", "Diluted": "both"}, metrics={"Net sales": "Revenues"}),
    Grid("CONSOLIDATED BALANCE SHEETS", table("|January 28, 2023|January 29, 2022"), table("""
ASSETS||
Current assets:||
Cash and cash equivalents|$ 345,678|$ 398,765
Merchandise inventories|654,321|598,765
Total current assets|999,999|997,530
Property and equipment, net|1,234,567|1,198,765
Total assets|$ 2,234,566|$ 2,196,295
LIABILITIES AND STOCKHOLDERS' EQUITY||
Accounts payable|$ 345,678|$ 321,098
Total liabilities|345,678|321,098
Total stockholders' equity|1,888,888|1,875,197
Total liabilities and stockholders' equity|$ 2,234,566|$ 2,196,295
"""), (Col("2023-01-28"), Col("2022-01-29")), 1000, "USD", "(In thousands)",
         metrics={"Merchandise inventories": "InventoryNet", "Total assets": "Assets"}),
    Break(),
    Grid("CONSOLIDATED STATEMENTS OF STOCKHOLDERS' EQUITY",
         table("|Common Stock|Retained Earnings|Total"), table("""
Balance, January 29, 2022|$ 1,234|$ 1,873,963|$ 1,875,197
Net income|—|319,866|319,866
Cash dividends declared ($0.13 per share)|—|(525)|(525)
Balance, January 28, 2023|$ 1,234|$ 1,887,654|$ 1,888,888
"""), (Col("", "delta"), Col("", "delta"), Col("", "delta")), 1000, "USD",
         "(In thousands, except per share data)"),
    Grid("Net sales by category", table("|Fiscal 2022|Fiscal 2021|$ Change|% Change"), table("""
Apparel|$ 2,321,098|$ 2,098,765|$ 222,333|10.6%
Home|2,000,000|2,000,000|—|—%
Total net sales|$ 4,321,098|$ 4,098,765|$ 222,333|5.4%
"""), (Col(F22), Col(F21), Col("", "delta"), Col("", "change")), 1000, "USD", "(In thousands)"),
))  # fmt: skip
Q, QP = "2022-07-31..2022-10-29", "2021-08-01..2021-10-30"
N, NP = "2022-01-30..2022-10-29", "2021-01-31..2021-10-30"
WEEKS = Paper("retail-10q", "retailer's 10-Q", (
    *cover("Harbor & Pine Stores, Inc.", "10-Q", "quarterly period ended October 29, 2022"),
    Grid("CONDENSED CONSOLIDATED STATEMENTS OF INCOME (UNAUDITED)",
         table("|Thirteen Weeks Ended|<|Thirty-nine Weeks Ended|<\n"
               "|October 29, 2022|October 30, 2021|October 29, 2022|October 30, 2021"), table("""
Net sales|$ 1,021.3|$ 987.6|$ 3,012.4|$ 2,876.5
Cost of sales|654.3|623.4|1,923.4|1,812.3
Gross margin|367.0|364.2|1,089.0|1,064.2
Income before income taxes|98.7|101.2|289.3|298.7
Income tax provision|23.1|24.3|67.8|70.1
Net income|$ 75.6|$ 76.9|$ 221.5|$ 228.6
"""), (Col(Q), Col(QP), Col(N), Col(NP)), 10**6, "USD", "(In millions)",
         metrics={"Net sales": "Revenues"}),
    Grid("CONDENSED CONSOLIDATED BALANCE SHEETS (UNAUDITED)",
         table("|October 29, 2022|January 29, 2022|October 30, 2021"), table("""
Cash and cash equivalents|$ 298.7|$ 398.8|$ 345.6
Total assets|$ 2,234.5|$ 2,196.3|$ 2,187.6
Total liabilities and shareholders' equity|$ 2,234.5|$ 2,196.3|$ 2,187.6
"""), (Col("2022-10-29"), Col("2022-01-29"), Col("2021-10-30")), 10**6, "USD", "(In millions)"),
))  # fmt: skip
THREE = (Col("2023"), Col("2022"), Col("2021"))
BANK = Paper("bank-10k", "bank's 10-K", (
    *cover("First Meridian Bancorp", "10-K", "fiscal year ended December 31, 2023"),
    Grid("CONSOLIDATED STATEMENTS OF INCOME",
         table("|Years Ended December 31,|<|<\n|2023|2022|2021"), table("""
Interest income:|||
Loans, including fees|$ 456,789|$ 345,678|$ 298,765
Securities|65,432|54,321|43,210
Total interest income|522,221|399,999|341,975
Interest expense:|||
Deposits|123,456|34,567|12,345
Borrowings|23,456|12,345|6,789
Total interest expense|146,912|46,912|19,134
Net interest income|375,309|353,087|322,841
Provision for credit losses|23,456|12,345|(6,543)
Net interest income after provision for credit losses|351,853|340,742|329,384
Noninterest income|87,654|82,345|79,876
Noninterest expense|234,567|223,456|212,345
Income before income taxes|204,940|199,631|196,915
Income tax expense|43,210|41,234|39,876
Net income|$ 161,730|$ 158,397|$ 157,039
Earnings per share - diluted|$ 3.45|$ 3.38|$ 3.31
"""), THREE, 1000, "USD", "(dollars in thousands, except per share data)",
         units={"Earnings per share": "share"},
         metrics={"Net interest income": "InterestIncomeExpenseNet"}),
    Grid("CONSOLIDATED BALANCE SHEETS", table("|December 31,|<\n|2023|2022"), table("""
Assets||
Cash and due from banks|$ 123,456|$ 134,567
Loans, net of unearned income|8,765,432|8,123,456
Allowance for credit losses|(98,765)|(91,234)
Total assets|$ 10,987,654|$ 10,123,456
Liabilities||
Noninterest-bearing deposits|$ 2,345,678|$ 2,567,890
Total deposits|8,901,234|8,456,789
Total liabilities|9,876,543|9,112,345
Shareholders' equity||
Common stock, $0.01 par value; 100,000,000 shares authorized|465|464
Total shareholders' equity|1,111,111|1,011,111
Total liabilities and shareholders' equity|$ 10,987,654|$ 10,123,456
"""), (Col("2023-12-31"), Col("2022-12-31")), 1000, "USD", "(dollars in thousands)",
         metrics={"Total deposits": "Deposits"}),
))  # fmt: skip
