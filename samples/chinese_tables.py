"""Main data, segments, customers and suppliers of 澄湖精密."""

from decimal import Decimal
from functools import cache

from samples.chinese_statements import FEN, SCALE_LINE, yuan
from samples.company import CUSTOMERS, SUPPLIERS, Year, books
from samples.tables import Column, Row, Table

SEED = 1
TEN_THOUSANDS = "单位：万元 币种：人民币"


@cache
def books_in_fen() -> dict[int, Year]:
    return books(SEED, FEN)


def _year(year: int, group: str = "") -> Column:
    return Column(f"{year}年", f"{year}-01-01", f"{year}-12-31", group)


def main_data(year: int) -> Table:
    """Three years, and the change against the one before."""
    named = {
        "营业收入": "sales", "利润总额": "before_tax", "归属于上市公司股东的净利润": "net",
        "经营活动产生的现金流量净额": "from_operations",
    }  # fmt: skip
    years = [books_in_fen()[one] for one in (year, year - 1, year - 2)]
    rows = []
    for label, key in named.items():
        now, last, before = (yuan(one[key]) for one in years)
        rows.append(Row(label, (now, last, round(now / last - 1, 4), before)))
    span = f"{year}-01-01", f"{year}-12-31"
    change = Column("本期比上年同期增减（%）", *span, unit="pure")
    columns = _year(year), _year(year - 1), change, _year(year - 2)
    return Table("other", "主要会计数据", SCALE_LINE, 1, columns, tuple(rows), "主要会计数据")


def segments(year: int) -> Table:
    now, last = books_in_fen()[year], books_in_fen()[year - 1]
    named = {
        "传感器": "sensors",
        "运动系统": "motion",
        "现场服务": "services",
        "营业收入合计": "sales",
    }
    rows = []
    for label, key in named.items():
        shares = [round(Decimal(one[key]) / one["sales"], 4) for one in (now, last)]
        values = yuan(now[key]), shares[0], yuan(last[key]), shares[1]
        rows.append(Row(label, values, "total" if key == "sales" else "line"))
    columns = tuple(
        column
        for one in (year, year - 1)
        for column in (
            Column("金额", f"{one}-01-01", f"{one}-12-31", f"{one}年"),
            Column("占营业收入比重（%）", f"{one}-01-01", f"{one}-12-31", f"{one}年", "pure"),
        )
    )
    return Table("segments", "营业收入构成", SCALE_LINE, 1, columns, tuple(rows), "分产品")


def _top(year: int, whole: int, named: list[tuple[str, float]]) -> tuple[Row, ...]:
    """In 万元, with shares of `whole`, and their sum as printed."""
    amounts = [round(Decimal(round(share * whole)) / 1_000_000, 2) for _, share in named]
    total = round(Decimal(whole) / 1_000_000, 2)
    rows = [
        Row(name, (amount, round(amount / total, 4)))
        for (name, _), amount in zip(named, amounts, strict=True)
    ]
    shares = (row.values[1] or Decimal(0) for row in rows)
    values = sum(amounts, Decimal(0)), sum(shares, Decimal(0))
    return (*rows, Row("合计", values, "total"))


def customers(year: int) -> Table:
    named = [(f"{name}公司", share) for name, share in list(CUSTOMERS[year].items())[:5]]
    rows = _top(year, books_in_fen()[year]["sales"], named)
    columns = _amount_and_share(year, "销售额", "占年度销售总额比例（%）")
    return Table(
        "customers", f"{year}年前五名客户", TEN_THOUSANDS, 10_000, columns, rows, "客户名称"
    )


def suppliers(year: int) -> Table:
    names = ("奥卡登半导体", "亮原铸造", "韦尔精工", "林克磁材", "埃斯港塑料")
    whole = books_in_fen()[year]["cost_products"] * 71 // 100
    rows = _top(year, whole, list(zip(names, SUPPLIERS[year], strict=True)))
    columns = _amount_and_share(year, "采购额", "占年度采购总额比例（%）")
    title = f"{year}年前五名供应商"
    return Table("suppliers", title, TEN_THOUSANDS, 10_000, columns, rows, "供应商名称")


def _amount_and_share(year: int, amount: str, share: str) -> tuple[Column, Column]:
    span = f"{year}-01-01", f"{year}-12-31"
    return Column(amount, *span), Column(share, *span, unit="pure")
