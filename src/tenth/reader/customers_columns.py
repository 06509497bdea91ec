"""What the columns of a table of customers or suppliers mean: amount or share, of which period."""

import re
from dataclasses import dataclass
from typing import Literal

from tenth.documents.model import Table
from tenth.reader.figures import parse_figure
from tenth.reader.grid import Grid, Header, place_of
from tenth.reader.header_words import CAPTION_PERIOD
from tenth.reader.kinds import kind_of
from tenth.reader.model import Cover, Period, Place, Said
from tenth.reader.periods import is_change, parse_period

_SHARE = re.compile(
    r"%|％|\bper ?cent(age)?s?\b|\b(share|proportion|portion) of\b|占|比例|比重|占比", re.I
)
_AMOUNT = re.compile(
    r"\b(revenues?|sales|amounts?|purchases?|value|spend)\b|金额|销售|采购|收入|交易额|营业额", re.I
)
_BALANCES = re.compile(r"receivables?\b|payables?\b|应收|应付|余额|\bbalances?\b", re.I)
_FLOWS = re.compile(r"\b(net )?(revenues?|sales|purchases?)\b|销售|采购|收入", re.I)
_NOT_MEANT = re.compile(r"^(序号|no\.?|rank(ing)?|#|排名|years? of|成立|注册)", re.I)
# What a header says beside its period
_WORDS = re.compile(
    r"(percentage|percent|%|share|proportion|portion)( of)?|\b(total|net|our|the|annual|amounts?|"
    r"revenues?|sales|purchases?|of|in|customers?|suppliers?)\b|[(（][^()（）]*[)）]|"
    r"占?(公司|当期|本期|同期)?(年度)?(销售|采购|营业|主营业务)?(总额|金额|收入|成本|额)(的)?(比例|比重)?|"
    r"占比|比例|比重|金额",
    re.I,
)


_COUNTS = {
    "一": "one", "三": "three", "四": "four", "五": "five", "十": "ten", "二": "two", "两": "two",
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
    "8": "eight", "9": "nine", "10": "ten", "20": "twenty", "二十": "twenty",
}  # fmt: skip


@dataclass(frozen=True)
class Role:
    """Whose figures: customers' or suppliers'."""

    name: Literal["Customer", "Supplier"]
    amount: str
    share: str


ROLES = {
    "customers": Role("Customer", "CustomerRevenue", "CustomerShare"),
    "suppliers": Role("Supplier", "SupplierPurchases", "SupplierShare"),
}


@dataclass(frozen=True)
class Meaning:
    """What is said of a column."""

    period: Period
    said: tuple[Said, ...]
    is_share: bool
    is_percent: bool | None = None  # of a share without a sign: 22.5 or 0.225; None: not said
    is_dated: bool = False  # its own header says the period


@dataclass(frozen=True)
class Claim:
    """One figure of one customer or supplier, as a sentence says it."""

    side: str  # "customers", "suppliers"
    name: str
    figure: str
    start: int  # of the figure, in its sentence
    period: str  # "" where the sentence names none


def role_of_table(table: Table, grid: Grid) -> Role | None:
    """Whose table it is; None where it is neither's."""
    headers = [header.text for header in grid.headers.values()]
    labels = [row.label for row in grid.rows if row.label]
    kind = kind_of(table.caption, table.scale, [grid.corner, *headers], labels)
    return ROLES.get(kind)


def is_of_receivables(text: str) -> bool:
    """Whether a heading or header is about what is owed, not about what was sold or bought."""
    return bool(_BALANCES.search(text)) and not _FLOWS.search(_BALANCES.sub("", text))


def columns_of(table: Table, grid: Grid, role: Role, cover: Cover) -> dict[int, Meaning]:
    """The columns that say an amount or a share, each with its period."""
    found = {}
    for column in grid.headers:
        header = headed(grid, column)
        text = header.text
        if _NOT_MEANT.match(text) or is_of_receivables(text) or is_change(text):
            continue
        share = _is_share(table, grid, column, text)
        if share is None:
            continue
        period, said, dated = _period(header, table, cover)
        percent = _is_percent(grid, column, f"{text} {table.scale} {table.caption}")
        found[column] = Meaning(period, said, share, percent, dated)
    return found


def headed(grid: Grid, column: int) -> Header:
    """A column's header with the cells that also say its scale: "销售额（万元）"."""
    header = grid.headers[column]
    own = [cell for cell in grid.scale_cells if cell.column == column and cell.column_span == 1]
    return Header(
        [*header.texts, *(cell.text for cell in own)],
        [*header.places, *map(place_of, own)],
    )


def _is_share(table: Table, grid: Grid, column: int, text: str) -> bool | None:
    """True for a share, False for an amount, None where the table does not say."""
    if _SHARE.search(text):
        return True
    if any((f := parse_figure(t)) and f.percent for t in _texts(grid, column)):
        return True
    if _AMOUNT.search(text):
        return False
    title = f"{table.caption} {table.scale}"
    if is_of_receivables(title):
        return None
    if _BALANCES.search(title) and not any(is_of_receivables(r.label) for r in grid.rows):
        return None  # of both, and no heading says which
    if _SHARE.search(title):
        return True
    money = any((f := parse_figure(t)) and f.currency for t in _texts(grid, column))
    return False if money or _AMOUNT.search(title) else None


def _is_percent(grid: Grid, column: int, text: str) -> bool | None:
    """Whether figures without a sign are percentages: a header says so, or one is above 1."""
    if re.search(r"%|％|\bper ?cent|百分", text, re.I):
        return True
    values = [f.value for t in _texts(grid, column) if (f := parse_figure(t)) and f.value]
    return True if any(value > 1 for value in values) else None


def _texts(grid: Grid, column: int) -> list[str]:
    return [row.figures[column].text for row in grid.rows if column in row.figures]


def _period(header: Header, table: Table, cover: Cover) -> tuple[Period, tuple[Said, ...], bool]:
    """By the column's header, else the caption, else the document's own period; and whether the
    header says it."""
    pieces = [_WORDS.sub(" ", text) for text in header.texts]
    pieces = [" ".join(piece.split()) for piece in pieces if piece.strip(" :：,，")]
    if any(re.search(r"\d{2}|[上本]期|[上本去今]年", piece) for piece in pieces):
        period = parse_period(pieces, cover, False)
        places = zip(header.texts, header.places, strict=True)
        said = tuple(Said("period", text, place) for text, place in places)
        return period, said, True  # unknown, where its words are not understood
    dates = {match.group() for match in CAPTION_PERIOD.finditer(table.caption)}
    periods = {parse_period([text], cover, False) for text in dates}
    if len(periods) == 1 and (period := periods.pop()).end:
        where = Place(table.page, table.box)
        return period, (Said("period", table.caption, where),), False
    if dates:
        return Period(), (), False
    return *of_cover(cover), False


def of_cover(cover: Cover) -> tuple[Period, tuple[Said, ...]]:
    """The document's own period, for what names none, and where the document says it."""
    if not cover.period.start or not cover.period.end:
        return Period(), ()
    return cover.period, tuple(one for one in cover.said if one.what == "period")


def top(count: str) -> str:
    """ "五", "5", "five" as the name of a group: "top five"."""
    word = _COUNTS.get(count, count.lower())
    return f"top {word}" if word in _COUNTS.values() else ""
