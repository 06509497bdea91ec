"""The words of columns' headers: what they say of a period, a scale, a share, and what is left."""

import re

from tenth.reader.dates import MONTH

# What a header says of a column without changing whose figures stand in it
NEUTRAL = re.compile(
    r"\b(?:unaudited|audited|amounts?|as reported|reported|consolidated|actual|restated|recast"
    r"|note|in|thousands?|millions?|billions?|us|usd|rmb|cny|hkd)\b"
    r"|金额|合并|经审计|未经审计|调整后|调整前|重述|人民币|单位|[百千万亿]*元",
    re.IGNORECASE,
)
COUNT = (
    r"(?<![\w-])(?:three|six|nine|twelve|thirteen|fourteen|twenty[- ](?:six|seven)|thirty[- ]nine"
    r"|forty|fifty[- ](?:two|three)|\d+)"
)
PERIOD_WORDS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b\.?|(?:19|20)\d\d(?:[aef]\b)?"
    rf"|\b{COUNT}[\s-]*(?:months?|weeks?)\b|\b(?:for|as|of|at|on|the|and|to"
    r"|from|year|years|fiscal|quarters?|quarterly|periods?|ended|ending|ends|date|ytd|fy|cy"
    r"|first|second|third|fourth|half|[hq][1-4]|[1-4][hq]|end|beginning)\b|\d+[aef]?"
    r"|[年月日度季一二三四上下半本上期末初余额报告发生数同年初至累计截至止第前]",
    re.IGNORECASE,
)
PERCENT = re.compile(r"%|％|\bpercent|百分比|占比|比例|比重|比率|增减幅度|同比", re.IGNORECASE)
NO_FIGURES = re.compile(  # headers of columns that number pages, rows and notes
    r"page(?: no\.?| number)?s?|notes?(?: no\.?)?|note\(s\)"
    r"|no\.?|行次|序号|附[注註](?:编号|号)?|页码?|頁碼?",
    re.IGNORECASE,
)
TO_DATE = re.compile(r"年初[至到]本?报告期")  # "合并年初到报告期末利润表"
TO_DATE_WORDS = "年初至报告期末"
NAMES_PERIOD = re.compile(
    r"(?:19|20)\d\d|\d{4}[-/.年]\d|季度|半年|[上本]年|[上本]期|\b(?:quarter|months|weeks)\b|\b[1-4]Q|Q[1-4]\b",
    re.IGNORECASE,
)
PARTED = re.compile(r"主营业务分\S{2,4}情况")
YEAR = re.compile(r"(?<![\d,.])(?:FY ?)?(?:19|20)\d\d(?![\d,.])")
HAS_DAY = re.compile(rf"\b\d{{1,2}} {MONTH}\b|\b{MONTH}\.? \d{{1,2}}\b", re.IGNORECASE)
AT_A_DAY = re.compile(  # "Opening balance", "Segment assets", "Cost"
    r"\b(?:opening|closing|beginning|ending|balances?|carrying|brought|carried|outstanding|start"
    r"|end|at|cost(?! of)|accumulated|book|assets?|liabilit\w+|receivables?|payables?|equity|held"
    r"|holdings?|shares|options|rights|units)\b"
    r"|余额|[期年][初末]",
    re.IGNORECASE,
)
UNIT = re.compile(r"[A-Z]{0,3}[$€£¥] ?['’]?(?:000s?|mn?|bn|k)?\b|\([ivx]+\)", re.IGNORECASE)
DAY = rf"(?:{MONTH}\.? \d{{1,2}}|\d{{1,2}} {MONTH})\b"
ENDED = re.compile(
    rf"(?:{COUNT} (?:months?|weeks?)|(?:fiscal |financial )?(?:years?|quarters?)) ended {DAY}"
    rf"|(?<=as of ){DAY}|(?<=at ){DAY}",
    re.IGNORECASE,
)
CAPTION_PERIOD = re.compile(
    rf"(?:for the |as of |as at |at |during )?(?:{COUNT} (?:months?|weeks?) "
    r"|(?:fiscal )?(?:years?|quarters?) )?(?:ended |ending )?"
    r"[A-Z][a-z]{2,8}\.? \d{1,2}, ?(?:19|20)\d\d"
    r"|(?:19|20)\d\d ?年(?: ?\d{1,2} ?月)?(?: ?\d{1,2} ?日)?(?:度|[一二三四]季度|半年度)?",
    re.IGNORECASE,
)


def words_left(label: str) -> bool:
    return bool(re.search(r"[^\W\d_]|%|％", NEUTRAL.sub(" ", PERIOD_WORDS.sub(" ", label))))
