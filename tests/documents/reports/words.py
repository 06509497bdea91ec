"""The vocabulary of made-up reports, English and Chinese."""

COMPANIES = (
    "Northwind Industries", "Calder Semiconductor", "Halden Energy", "Ostrava Foods",
    "Brightwater Logistics", "Meridian Software", "Kestrel Medical", "Amberline Retail",
)  # fmt: skip
FORMS = ("Form 10-Q", "Interim Report", "Equity Research", "Annual Report", "Sector Review")
MONTH_ENDS = ("March 31,", "June 30,", "September 30,", "December 31,")
SPANS = ("Three Months Ended", "Six Months Ended", "Nine Months Ended", "Year Ended")

INCOME = (
    ("Revenue:", ("Product", "Service", "Licensing and other", "Subscription and support")),
    ("Cost of revenue:", ("Product", "Service", "Amortization of acquired technology")),
    ("Operating expenses:", ("Research and development", "Sales and marketing",
        "General and administrative", "Restructuring and other charges, net",
        "Impairment of goodwill and other long-lived intangible assets of reporting units")),
    ("Other income (expense):", ("Interest income", "Interest expense",
        "Gains (losses) on equity investments, net", "Foreign exchange loss")),
)  # fmt: skip
BALANCE = (
    ("Current assets:", ("Cash and cash equivalents", "Short-term investments",
        "Accounts receivable, net of allowance for doubtful accounts of $650 and $633",
        "Inventories", "Prepaid expenses and other current assets")),
    ("Non-current assets:", ("Property and equipment, net of accumulated depreciation",
        "Operating lease right-of-use assets", "Goodwill", "Intangible assets, net",
        "Deferred tax assets", "Other long-term assets")),
    ("Current liabilities:", ("Accounts payable", "Accrued compensation", "Short-term debt",
        "Unearned revenue", "Income taxes payable", "Other current liabilities")),
    ("Stockholders’ equity:", ("Common stock and paid-in capital", "Retained earnings",
        "Accumulated other comprehensive loss", "Treasury stock, at cost")),
)  # fmt: skip
CASH = (
    ("Operating activities:", ("Net income", "Depreciation, amortization, and other",
        "Stock-based compensation expense", "Deferred income taxes",
        "Changes in operating assets and liabilities, net of effects of acquisitions of businesses",
        "Accounts receivable", "Inventories", "Accounts payable")),
    ("Investing activities:", ("Purchases of marketable securities",
        "Proceeds from maturities of marketable securities", "Capital expenditures",
        "Acquisitions of companies, net of cash acquired")),
    ("Financing activities:", ("Repayments of debt", "Common stock repurchased",
        "Dividends and dividend equivalents paid",
        "Payments for taxes related to net share settlement of equity awards")),
)  # fmt: skip
SEGMENTS = (
    ("By segment:", ("Cloud", "Data Center", "Client Computing", "Devices and Consumer",
        "Network and Edge", "Automotive and embedded systems, including licensing")),
    ("By region:", ("United States", "Europe, Middle East and Africa", "Greater China", "Japan",
        "Rest of Asia Pacific", "Latin America")),
)  # fmt: skip
PRICES = (
    ("Metals:", ("Copper, LME cash", "Aluminium", "Nickel",
        "Lithium carbonate, 99.5% battery grade",
        "Polysilicon", "Iron ore, 62% Fe fines delivered to Qingdao")),
    ("Energy:", ("Brent crude", "Natural gas, Henry Hub",
        "Thermal coal", "Electricity, day-ahead")),
    ("Agriculture:", ("Soybeans", "Wheat", "Sugar No. 11", "Palm oil")),
)  # fmt: skip
UNITS = ("$/t", "$/bbl", "€/MWh", "kg", "$/MMBtu", "c/lb")
CUSTOMERS = (
    "Alder & Co.", "Bergmann GmbH", "Cascade Utilities", "Dahlia Stores", "Eastgate Rail",
    "Fjord Shipping", "Grand Union Telecom", "Harbor Point Capital Partners", "Ilmenau Optik",
    "Juniper Farms", "Kronos Steel", "Lowland Water", "Maple Leaf Foods", "Nordic Paper",
)  # fmt: skip
REGIONS = ("North America", "Europe", "Asia Pacific", "Latin America", "Middle East")
PRODUCTS = ("Turbines", "Sensors", "Software", "Power modules", "Maintenance", "Wafers")
RATINGS = ("Buy", "Hold", "Sell", "Outperform", "Underperform")
CAPTIONS = {
    "income": ("Condensed Consolidated Statements of Operations", "Income Statements"),
    "balance": ("Condensed Consolidated Balance Sheets", "Statement of Financial Position"),
    "cash": ("Condensed Consolidated Statements of Cash Flows", "Cash Flow Statement"),
    "segments": ("Net sales by segment and region", "Disaggregation of revenue"),
    "prices": ("Commodity prices and forecasts", "Average realized prices"),
    "customers": ("Largest customers", "Order book by customer"),
}
SCALES = (
    "(in millions)", "(In millions, except per share amounts)", "(In thousands) (Unaudited)",
    "(Dollars in millions)", "(in thousands of U.S. dollars)", "(In billions)",
)  # fmt: skip
SENTENCES = (
    "Revenue grew in all regions, led by demand for power modules and by higher average prices.",
    "Gross margin was lower than a year ago because of freight, energy and a weaker currency.",
    "Management expects capital expenditures to remain at the level of the prior year.",
    "The increase was driven by volume of $1,240 million and was partly offset by mix.",
    "Operating expenses rose 7% as the company added engineers and opened two test sites.",
    "We believe that inventories in the channel have returned to a normal level.",
    "No single customer accounted for more than 10% of net sales in any period presented.",
    "Cash from operations was used for repurchases, dividends and the repayment of term debt.",
    "These statements should be read together with the notes in our latest annual report.",
    "Our price target rests on 18 times expected earnings, in line with the average of peers.",
    "Foreign exchange lowered growth by about two percentage points, mostly in Europe.",
    "Deliveries to the two largest projects slipped into the next quarter.",
)
NOTES = (
    "Excludes amortization of acquired intangible assets.",
    "Prior period amounts were reclassified to the current presentation.",
    "Includes amounts attributable to noncontrolling interests.",
    "Figures may not add up because of rounding.",
)
HEADINGS = (
    "Results of Operations", "Liquidity and Capital Resources", "Overview", "Outlook",
    "Segment Information", "Critical Estimates", "Market Risk", "Valuation",
)  # fmt: skip

ZH_COMPANIES = ("华岭科技股份有限公司", "远航能源集团", "东湖食品股份有限公司", "明川证券研究所")
ZH_GROUPS = {
    "income": (
        ("一、营业总收入", ("其中：营业收入", "利息收入", "手续费及佣金收入")),
        ("二、营业总成本", ("其中：营业成本", "税金及附加", "销售费用", "管理费用", "研发费用",
            "财务费用")),
        ("三、营业利润", ("加：营业外收入", "减：营业外支出", "减：所得税费用")),
    ),
    "balance": (
        ("流动资产：", ("货币资金", "交易性金融资产", "应收票据", "应收账款", "预付款项", "存货")),
        ("非流动资产：", ("长期股权投资", "固定资产", "在建工程", "无形资产", "商誉")),
        ("流动负债：", ("短期借款", "应付账款", "合同负债", "应付职工薪酬", "应交税费")),
    ),
    "cash": (
        ("经营活动产生的现金流量：", ("销售商品、提供劳务收到的现金", "收到的税费返还",
            "购买商品、接受劳务支付的现金", "支付给职工以及为职工支付的现金")),
        ("投资活动产生的现金流量：", ("收回投资收到的现金", "取得投资收益收到的现金",
            "购建固定资产、无形资产和其他长期资产支付的现金")),
    ),
    "segments": (
        ("分行业", ("新能源", "半导体", "消费电子", "工业自动化")),
        ("分地区", ("华东地区", "华南地区", "华北地区", "境外")),
    ),
}  # fmt: skip
ZH_CAPTIONS = {
    "income": ("合并利润表", "简明合并损益表"),
    "balance": ("合并资产负债表",),
    "cash": ("合并现金流量表",),
    "segments": ("主营业务分行业、分地区情况", "营业收入构成"),
}
ZH_SCALES = ("单位：万元", "单位：元 币种：人民币", "（人民币百万元）", "单位：亿元")
ZH_TOTALS = ("合计", "小计", "总计")
ZH_HEADS = (("2023年", "2022年"), ("本期金额", "上期金额"), ("期末余额", "期初余额"))
ZH_SPANS = ("截至9月30日止三个月", "截至9月30日止九个月", "本报告期")
ZH_SENTENCES = (
    "报告期内，公司营业收入较上年同期增长，主要系新能源业务销量上升所致。",
    "毛利率同比下降1.2个百分点，原因是原材料价格上涨和产品结构变化。",
    "公司持续加大研发投入，研发人员数量达到1,240人。",
    "我们维持对行业的推荐评级，并上调目标价至38.50元。",
    "经营活动产生的现金流量净额增加，主要由于回款改善。",
    "本报告期内未发生影响公司持续经营能力的重大事项。",
)
ZH_HEADINGS = ("经营情况讨论与分析", "主要财务数据", "风险因素", "投资建议", "行业概况")
ZH_NOTES = ("不含少数股东损益。", "上年同期数已按新准则重述。", "数据经四舍五入。")
