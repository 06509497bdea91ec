"""How people ask, and what reports print: no company's own words."""

from collections.abc import Mapping

from tenth.reader.model import StatementKind

# Said in a question, by |: looked for in reports, by ;
IDIOMS: Mapping[str, str] = {
    "buyback|buy back|bought back|buying back|repurchase|回购": (
        "repurchases of common stock; share repurchase program; shares purchased; "
        "average price paid per share; 回购股份"
    ),
    "capex|capital expenditure|capital spending|资本开支|资本支出": (
        "capital expenditures; purchases of property and equipment; additions to property, plant "
        "and equipment; acquisition of property; 购建固定资产"
    ),
    "bottom line|net profit|made a profit|lose money|make money|how profitable|净利|盈利": (
        "net income; net loss; 净利润"
    ),
    "top line|turnover|收入|营收": "revenue; net sales; 营业收入",
    "earnings per share|eps|earn per share|per share|每股收益": (
        "earnings per share basic diluted; net income per share; 基本每股收益"
    ),
    "borrow|borrowing|owe|debt|loan|bond|credit facility|借款|债务|负债": (
        "long-term debt; notes; borrowings; commercial paper; maturities; 借款; 应付债券"
    ),
    "tax rate|income tax|taxes|税率|所得税": (
        "effective tax rate; provision for income taxes; income taxes; 所得税费用"
    ),
    "lawsuit|litigation|court|sued|legal case|case against|legal battle|legal dispute|诉讼|仲裁": (
        "legal proceedings; litigation; contingencies; complaint; 诉讼"
    ),
    "job cut|cut jobs|layoff|laid off|headcount reduction|redundancy|裁员": (
        "severance; employee severance; restructuring; workforce"
    ),
    "what industry|which industry|what business|what does the company do|主营业务": (
        "overview; business; segments; products; customers"
    ),
    "employees|staff|headcount|员工|人数": "employees; headcount; personnel; 员工",
    "rsu|stock award|stock option|share-based|stock-based|stock compensation|股权激励": (
        "stock-based compensation; share-based compensation; "
        "restricted stock units; awards; 股份支付"
    ),
    "exchange rate|currency|fx|forex|汇率": (
        "foreign exchange rates; foreign currency; 汇率变动; 汇兑损益"
    ),
    "guidance|outlook|forecast|expect next quarter|展望|指引": (
        "guidance; expected to be; outlook; 展望"
    ),
    "gross margin|毛利率|毛利": (
        "gross margin; gross profit; gross margin percentage; cost of sales"
    ),
    (
        "cash from operations|operating cash|cash flow from operations|"
        "cash generated|经营现金流|经营性现金流"
    ): (
        "net cash provided by operating activities; cash flows; operating activities; "
        "经营活动产生的现金流量净额"
    ),
    "free cash flow|自由现金流": "free cash flow; purchases of property and equipment",
    "inventory|inventories|stock of goods|finished goods|raw material|存货|库存": (
        "inventories; raw materials; work in process; finished goods; 存货"
    ),
    "acquisition|acquire|takeover|bought|purchase of|merger|收购|并购": (
        "acquisition; acquired; business combinations; purchase price; 收购"
    ),
    "sold its|divest|sale of its|disposal|出售|处置": "divestiture; sale; proceeds; divested",
    (
        "customer concentration|largest customer|biggest customer|"
        "top customer|大客户|前五名客户|前五大客户"
    ): (
        "concentration of revenue; customers represented; 10% or more of total revenue; "
        "five largest customers; customer; 前五名客户销售额"
    ),
    "supplier|vendor|供应商": "suppliers; vendors; 前五名供应商采购额",
    "dividend|分红|股利|派息": "dividends declared; dividends per share; cash dividends; 现金分红",
    "lease|rent|租赁": "operating leases; finance leases; lease liabilities; 租赁负债",
    "segment|business unit|division|分部|板块": (
        "reportable segments; segment information; 分部信息"
    ),
    "region|country|countries|geograph|地区": "geographic areas; revenue by region; 分地区",
    "export control|export restriction|sanction|出口管制": (
        "export controls; license requirements; restrictions; exports"
    ),
    "sensitivity|market risk|hypothetical": (
        "quantitative and qualitative disclosures about market risk; hypothetical change; adverse"
    ),
    "warranty|质保|保修": "product warranty; accrued warranty; warranty liabilities",
    "r&d|research|研发": "research and development; 研发费用; 研发投入",
    "sg&a": "selling, general and administrative; general and administrative",
    "depreciation|useful life|useful lives|折旧": "depreciation; estimated useful lives; 折旧",
    "seasonal|season": "seasonality",
    "deferred revenue|unearned revenue|contract liabilities|合同负债|预收": (
        "deferred revenue; unearned revenue; remaining performance obligations; 合同负债"
    ),
    "interest|利息": "interest income; interest expense; 利息收入; 利息费用",
    "non-gaap|adjusted earnings|adjusted|扣非": (
        "non-GAAP; reconciliation; adjusted; 扣除非经常性损益"
    ),
    "commitment|obligation|承诺": "purchase obligations; commitments; unconditional purchase",
    "cash position|cash and investments|how much cash|货币资金": (
        "cash and cash equivalents; marketable securities; short-term investments; 货币资金"
    ),
    "new product|launch|announce|新产品": "announced; introduced; launched; new products",
    "risk|风险": "risk factors; risks; 风险因素",
    "auditor|审计": "independent registered public accounting firm; 审计报告",
    "management discussion|why|drove|driven|driver|reason|原因|为什么": (
        "due to; primarily; driven by; increased; decreased; 主要系; 原因"
    ),
}

# Tables of other kinds than statements, by the words that ask for them
TABLES: Mapping[StatementKind, str] = {
    "customers": "customer|customers|客户",
    "suppliers": "supplier|suppliers|vendor|vendors|供应商",
    "segments": "segment|segments|分部|by region|by product|by country|分地区|分产品|分行业",
}

# Statements by their names
STATEMENTS: Mapping[StatementKind, str] = {
    "income": (
        "income statement|statement of income|statement of operations|statement of earnings|"
        "profit and loss|p&l|利润表|损益表"
    ),
    "balance": "balance sheet|statement of financial position|资产负债表",
    "cash": "cash flow statement|statement of cash flow|现金流量表",
    "equity": "statement of equity|statement of stockholders equity|股东权益变动表",
}
