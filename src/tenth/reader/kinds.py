"""Which table is which statement, told by its title, its header and its rows together."""

import re
from collections.abc import Sequence

from tenth.reader.labels import plain
from tenth.reader.model import StatementKind
from tenth.reader.subjects import BY_PART, kind_by_subject

FLOWS = ("income", "comprehensive", "cash")
MAIN = ("income", "comprehensive", "balance", "cash")  # their columns are periods and nothing else
_TITLES: tuple[tuple[StatementKind, re.Pattern[str]], ...] = (
    ("equity", re.compile(
        r"statements? of (consolidated )?(changes in )?(\w+ )?(stockholders |total )?"
        r"(equity|deficit)|equity statements?|(所有者|股东)权益变动表|权益变动表"
    )),
    ("cash", re.compile(
        r"statements? of (consolidated )?cash flows?|cash flows? statements?|现金流量表"
    )),
    ("balance", re.compile(
        r"balance sheets?|statements? of (consolidated )?financial (condition|position)|资产负债表"
        r"|财务状况表"
    )),
    ("income", re.compile(
        r"statements? of (consolidated )?(operations|income|earnings|profit|loss)|"
        r"(income|profit and loss|operations|earnings) statements?|(利润|损益|全面收益)表"
    )),
    ("comprehensive", re.compile(
        r"statements? of (consolidated )?(other )?comprehensive (income|loss|earnings)|"
        r"comprehensive income statements?|综合收益表"
    )),
)  # fmt: skip
_NOT_A_STATEMENT = re.compile(
    r"parenthetical|parent compan|\bparent only\b|registrant|\bschedule [iv1-9]|pro ?forma|"
    r"reconcil|\b(operations|income|sheets?|flows?|financial|earnings) data\b|"
    r"selected|summar|highlights|results of operations|condensing|"
    r"consolidating|guarantor|supplement|related to|as follows|following|components|"
    r"included in|recorded (on|in)|line items?|补充资料|附注|主要会计数据|简表|摘要"
)
_PARENT = re.compile(
    r"parent (?:compan|entit)|\bparent only\b|registrant|^\(?company only|"
    r"(^|\b(plc|limited|ltd|group|n\.?v|ag|se) )company "  # beside the group's
    r"(balance sheet|statement of|(income|cash flow) statement)|"
    r"\bobligor|deed of cross|母公司(?!股东|所有者|普通股)|"
    r"^公司(资产负债|利润|现金流量|所有者权益|股东权益)"
)
_ROWS: dict[str, re.Pattern[str]] = {
    "assets": re.compile(r"total assets|资产(总计|合计|总额|总值)|总资产"),
    "part_of_assets": re.compile(
        r"(total )?assets less current liabilities|total (non)?current assets|net assets|"
        r"(total )?net current (assets|liabilities)|(非)?流动资产(总计|合计|总额|总值|净值|净额)|"
        r"资产净值|总资产减流动负债"
    ),
    "both_sides": re.compile(
        r"(total )?liabilities.* (and|&) .*(equity|deficit|investment|capital)|"
        r"total equity and liabilities|负债(和|及|与).*权益.*(总计|合计|总额)|"
        r"(总)?权益(和|及|与)负债(总计|合计|总额)?"
    ),
    "revenue": re.compile(
        r"(total )?(net )?(operating )?(sales|revenues?)\b.*|net (product|service) sales|"
        r"营业(总)?收入|收益|turnover|(total )?interest income|利息净收入|total revenue.*|"
        r"sales and other operating revenues|premiums.*|保险服务收入"
    ),
    "before_tax": re.compile(
        r".*(income|earnings|profit|loss)\b.* before\b.*\btax.*|利润总额|.*税前(利润|溢利)"
    ),
    "tax": re.compile(r".*\btax(es|ation)?\b.*|所得税费用"),
    "net_income": re.compile(
        r"(consolidated )?net (income|loss|earnings|profit)\b.*|净利润|(年|期)(内|度)(溢利|利润)|"
        r"(profit|loss) for the (financial )?(year|period)( attributable to .*)?|"
        r"(profit|loss) after (income )?tax(ation)?\b.*|"
        r"(profit|loss) and total comprehensive (income|loss|expense)\b.*"
    ),
    "per_share": re.compile(r".*per .*share.*|basic|.*每股收益|diluted"),
    "operating_cash": re.compile(
        r".*\bcash\b.* (operating activities|operations)|经营活动产生的现金流量净额"
    ),
    "investing_cash": re.compile(
        r".*\bcash\b.* investing( activities)?|投资活动产生的现金流量净额"
    ),
    "financing_cash": re.compile(
        r".*\bcash\b.* financing( activities)?|筹资活动产生的现金流量净额"
    ),
    "cash_left": re.compile(
        r"cash\b.*\b(end|ending|beginning)\b.*|.*现金及现金等价物余额|balance at (beginning|end).*"
    ),
    "oci": re.compile(r".*other comprehensive (income|loss|earnings)\b.*|.*其他综合收益.*"),
    "comprehensive": re.compile(
        r"(total |consolidated )*comprehensive (income|loss|earnings)\b.*|综合收益总额"
    ),
}
_ITEM_8 = re.compile(
    r"(item|part) [ivx\d]+[a-z]?\b[.,: -]*|"
    r"(consolidated )?financial statements( and supplementa(ry|l) (data|information|schedules?))?"
)
_UNITS = re.compile(
    r"\([^()]*\b(in|amounts?|except|dollars?|shares?|audited|u\.?s\.?|continued)\b[^()]*\)|"
    r"\b((dollars|amounts|shares)( \w+)? )?in (thousands|millions|billions)\b.*$|\bexcept .*$"
)
_SELECTED = re.compile(r"\b(statements?|sheets?|shares?|operating|flows?|financial) data$")
_EQUITY_COLUMN = re.compile(  # of a statement of equity, whose title may stand among its headers
    r"paid in|capital in excess|retained earnings|accumulated (other|deficit)"
    r"|treasury (stock|shares)|non ?controlling|(common|preferred) (stock|shares)"
    r"|(股本|资本公积|库存股|盈余公积|未分配利润|其他综合收益|少数股东权益)$"
)
LEAST_EQUITY = 3  # such columns
LEAST_CASH = 15  # rows of a whole cash flow statement
_OF_BOTH = re.compile(
    r"(profit or loss|income|operations|loss|earnings) and (other )?comprehensive"
)
_SHARE_OF = re.compile(r"(%|percent(age)?) of|% change|占.{0,12}(比例|比重)")


def kind_of(
    title: str, scale_line: str, header: Sequence[str], labels: Sequence[str]
) -> StatementKind:
    """The kind of a table by the title above it, its scale line, the texts of its header and the
    labels of its rows; "other" where it is none or where title and rows do not agree.

    A parent's own statements are none of the group's: see `is_parent_only`."""
    text = _UNITS.sub(" ", _ITEM_8.sub(" ", plain(title))).strip()
    rows = {name for name in _ROWS if any(_ROWS[name].fullmatch(plain(one)) for one in labels)}
    if is_parent_only(title):
        return "other"
    if sum(bool(_EQUITY_COLUMN.search(plain(one))) for one in set(header)) >= LEAST_EQUITY:
        return "equity"
    titled = _by_title(text)
    by_rows = _by_rows(rows, labels)
    if titled == "comprehensive" and (by_rows == "income" or {"before_tax", "net_income"} <= rows):
        titled = by_rows = "income"  # one statement of both
    if titled == "income" and by_rows == "comprehensive" and _OF_BOTH.search(text):
        by_rows = titled  # its profit has other names: "Net surplus", "Loss after tax"
    if titled == "equity":
        return "equity" if not by_rows else "other"
    if titled and not by_rows and _in_part(titled, rows, labels):
        by_rows = titled
    if by_rows and not _NOT_A_STATEMENT.search(text):
        if titled == by_rows:
            return by_rows
        around = (text, scale_line, *header)
        if (
            not titled
            and _untitled(by_rows, rows, around, labels)
            and (scale_line or by_rows != "income" or "per_share" in rows)
        ):
            return by_rows
    return kind_by_subject(text, header, labels)


def is_parent_only(title: str) -> bool:
    """Whether a statement is that of the parent company alone: 母公司资产负债表, "Parent Company
    Only", "Condensed Financial Information of Registrant"."""
    text = plain(title)
    return bool(_PARENT.search(text)) and "合并及" not in text and "合并和" not in text


def is_parents_balance(title: str) -> bool:
    """Whether it is the parent's balance sheet: none of the group's, yet of days."""
    return is_parent_only(title) and _by_title(plain(title)) == "balance"


def _by_title(text: str) -> StatementKind | None:
    """The statement whose name stands last in the title: what comes before may be a table of
    contents or a heading of the part."""
    best: StatementKind | None = None
    at = (-1, 0)
    for kind, pattern in _TITLES:
        for match in pattern.finditer(text):
            if (match.end(), -match.start()) > at:
                best, at = kind, (match.end(), -match.start())
    if best == "comprehensive" and re.search(
        r"(operations|income|earnings) and comprehensive", text
    ):
        return "income"
    return best


def _by_rows(rows: set[str], labels: Sequence[str]) -> StatementKind | None:
    if {"assets", "both_sides"} <= rows:
        return "balance"
    flows = rows & {"operating_cash", "investing_cash", "financing_cash"}
    if len(flows) >= 2 and "cash_left" in rows and len(labels) >= 8:
        return "cash"
    if "net_income" in rows and rows & {"before_tax", "tax"} and rows & {"revenue", "per_share"}:
        return "income"
    if {"comprehensive", "oci"} <= rows or {"comprehensive", "net_income"} <= rows:
        return "comprehensive"
    return None


def _in_part(titled: StatementKind, rows: set[str], labels: Sequence[str]) -> bool:
    """Whether rows are part of the statement that a title names: one without taxes, a balance
    sheet whose two sides are two tables, the first or last page of cash flows."""
    if titled == "income":
        return {"revenue", "net_income"} <= rows
    if titled == "balance":
        return bool(rows & {"assets", "both_sides", "part_of_assets"})
    flows = rows & {"operating_cash", "investing_cash", "financing_cash"}
    return titled == "cash" and bool(flows) and len(labels) >= 8


def _untitled(
    kind: StatementKind, rows: set[str], around: Sequence[str], labels: Sequence[str]
) -> bool:
    """A table whose title names no statement has to look like nothing else: not shares of a total,
    not one by segment, no selection of data, no summary of cash flows."""
    if any(_SHARE_OF.search(plain(one)) for one in around) or BY_PART.search(around[0]):
        return False
    if any(_SELECTED.search(plain(one)) for one in labels):
        return False
    return kind != "cash" or len(labels) >= LEAST_CASH
