"""The three statements of 澄湖精密, as a Chinese annual report prints them: 单位：元."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from samples.company import Year
from samples.tables import Column, Kind, Row, Table

NAME = "澄湖精密仪器股份有限公司"
SCALE_LINE = "单位：元 币种：人民币"
CAPITAL = 41_500_000_00  # shares of one yuan each, in fen
FEN = 100_000  # an amount of the books in fen, where the English ones hold thousands


Key = str | Callable[[Year], int]  # of a year, or what is worked out of it


def yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def spans(year: int) -> tuple[Column, ...]:
    return tuple(Column(f"{one}年度", f"{one}-01-01", f"{one}-12-31") for one in (year, year - 1))


def ends(year: int) -> tuple[Column, ...]:
    return tuple(Column(f"{one}年12月31日", "", f"{one}-12-31") for one in (year, year - 1))


def _line(now: Year, last: Year) -> Callable[..., Row]:
    """Makes a row of both years from a key, or from what is worked out of a year."""

    def line(label: str, key: Key, level: int = 0, kind: Kind = "line") -> Row:
        amounts = (one[key] if isinstance(key, str) else key(one) for one in (now, last))
        return Row(label, tuple(yuan(amount) for amount in amounts), kind, level)

    return line


def marketing(year: Year) -> int:
    return year["selling"] * 41 // 100


def income(year: int, now: Year, last: Year) -> Table:
    line = _line(now, last)
    per_share = [round(Decimal(one["net"]) / 100 / _shares(one), 2) for one in (now, last)]
    diluted = [value - Decimal("0.01") for value in per_share]
    rows = (
        line("一、营业总收入", "sales", 0, "total"),
        line("其中：营业收入", "sales", 1),
        line("二、营业总成本", _costs, 0, "total"),
        line("其中：营业成本", "cost", 1),
        line("销售费用", marketing, 1),
        line("管理费用", lambda one: one["selling"] - marketing(one), 1),
        line("研发费用", "research", 1),
        line("财务费用", lambda one: one["interest_expense"] - one["interest_income"], 1),
        line("加：其他收益", "other_income", 0),
        line("资产处置收益（损失以“-”号填列）", lambda one: -one["restructuring"], 0),
        line("三、营业利润（亏损以“-”号填列）", "before_tax", 0, "total"),
        line("四、利润总额（亏损总额以“-”号填列）", "before_tax", 0, "total"),
        line("减：所得税费用", "tax", 0),
        line("五、净利润（净亏损以“-”号填列）", "net", 0, "total"),
        line("归属于母公司股东的净利润", "net", 1),
        Row("六、每股收益：", kind="heading"),
        Row("（一）基本每股收益（元/股）", tuple(per_share), "line", 1, "currency/share"),
        Row("（二）稀释每股收益（元/股）", tuple(diluted), "line", 1, "currency/share"),
    )
    return Table("income", "合并利润表", SCALE_LINE, 1, spans(year), rows, "项目")


def _shares(year: Year) -> int:
    return year["shares"] // FEN * 1000


def _costs(year: Year) -> int:
    keys = ("cost", "selling", "research", "interest_expense")
    return sum(year[key] for key in keys) - year["interest_income"]


def balance(year: int, now: Year, last: Year) -> Table:
    line = _line(now, last)

    def fixed(one: Year) -> int:
        return one["assets"] - one["current_assets"]

    def owed_long(one: Year) -> int:
        return one["liabilities"] - one["current_liabilities"]

    rows = (
        Row("流动资产：", kind="heading"),
        line("货币资金", "cash", 1), line("交易性金融资产", "securities", 1),
        line("应收账款", "receivables", 1), line("存货", "inventories", 1),
        line("其他流动资产", "prepaid", 1),
        line("流动资产合计", "current_assets", 0, "total"),
        Row("非流动资产：", kind="heading"),
        line("固定资产", "ppe", 1), line("无形资产", "intangibles", 1), line("商誉", "goodwill", 1),
        line("其他非流动资产", "other_assets", 1),
        line("非流动资产合计", fixed, 0, "total"), line("资产总计", "assets", 0, "total"),
        Row("流动负债：", kind="heading"),
        line("应付账款", "payables", 1), line("合同负债", "deferred", 1),
        line("其他应付款", "accrued", 1), line("一年内到期的非流动负债", "current_debt", 1),
        line("流动负债合计", "current_liabilities", 0, "total"),
        Row("非流动负债：", kind="heading"),
        line("长期借款", "debt", 1), line("递延所得税负债", "other_liabilities", 1),
        line("非流动负债合计", owed_long, 0, "total"), line("负债合计", "liabilities", 0, "total"),
        Row("所有者权益：", kind="heading"),
        line("股本", lambda _: CAPITAL, 1),
        line("资本公积", lambda one: one["paid_in"] + one["stock"] - CAPITAL, 1),
        line("其他综合收益", "oci", 1), line("未分配利润", "retained", 1),
        line("所有者权益合计", "equity", 0, "total"),
        line("负债和所有者权益总计", "assets", 0, "total"),
    )  # fmt: skip
    return Table("balance", "合并资产负债表", SCALE_LINE, 1, ends(year), rows, "项目")


def cash(year: int, now: Year, last: Year) -> Table:
    """By the direct method: what was paid for goods is what is left of the operating flows."""
    line = _line(now, last)

    def received(one: Year) -> int:
        return one["sales"] + one["change_receivables"] + one["change_deferred"]

    def wages(one: Year) -> int:
        return (one["research"] + one["selling"]) * 58 // 100

    def goods(one: Year) -> int:
        return received(one) - wages(one) - one["tax"] - one["from_operations"]

    def paid(one: Year) -> int:
        return received(one) - one["from_operations"]

    def invested(one: Year) -> int:
        return one["matured"] - one["from_investing"]

    rows = (
        Row("一、经营活动产生的现金流量：", kind="heading"),
        line("销售商品、提供劳务收到的现金", received, 1),
        line("经营活动现金流入小计", received, 1, "total"),
        line("购买商品、接受劳务支付的现金", goods, 1),
        line("支付给职工以及为职工支付的现金", wages, 1), line("支付的各项税费", "tax", 1),
        line("经营活动现金流出小计", paid, 1, "total"),
        line("经营活动产生的现金流量净额", "from_operations", 1, "total"),
        Row("二、投资活动产生的现金流量：", kind="heading"),
        line("收回投资收到的现金", "matured", 1),
        line("投资活动现金流入小计", "matured", 1, "total"),
        line("购建固定资产、无形资产和其他长期资产支付的现金", "capex", 1),
        line("投资支付的现金", "bought", 1),
        line("取得子公司及其他营业单位支付的现金净额", "merger", 1),
        line("投资活动现金流出小计", invested, 1, "total"),
        line("投资活动产生的现金流量净额", "from_investing", 1, "total"),
        Row("三、筹资活动产生的现金流量：", kind="heading"),
        line("吸收投资收到的现金", "options", 1), line("取得借款收到的现金", "borrowed", 1),
        line("筹资活动现金流入小计", lambda one: one["options"] + one["borrowed"], 1, "total"),
        line("偿还债务支付的现金", "repaid", 1),
        line("分配股利、利润或偿付利息支付的现金", "dividends", 1),
        line("支付其他与筹资活动有关的现金", "buybacks", 1),
        line("筹资活动现金流出小计",
             lambda one: one["repaid"] + one["dividends"] + one["buybacks"], 1, "total"),
        line("筹资活动产生的现金流量净额", "from_financing", 1, "total"),
        line("四、汇率变动对现金及现金等价物的影响", "exchange"),
        line("五、现金及现金等价物净增加额", "increase", 0, "total"),
        replace(line("加：期初现金及现金等价物余额", "opening_cash", 1), at="opening"),
        replace(line("六、期末现金及现金等价物余额", "cash", 0, "total"), at="closing"),
    )  # fmt: skip
    return Table("cash", "合并现金流量表", SCALE_LINE, 1, spans(year), rows, "项目")
