"""What in a table is a figure, a year, a sign without its number, a line that says the scale."""

import re

from tenth.documents.currencies import HAN, SYMBOLS, any_of
from tenth.documents.currencies import IN_TABLES as CURRENCY

SIGN = re.compile(CURRENCY)
MAY_BE_FIGURE = re.compile(rf"[^A-Za-z]|[Nn]|{CURRENCY}")  # how one begins; n/a, too
LONGEST = 60  # characters of a figure with all its signs
DASHES = "-–—―−‒"
# what may follow a figure without being part of another: footnote marks, units
_TAIL = (
    r"(?:\s*(?:%|％|x|×|bps?|bp|pts?|pp|ppts?|years?|months?|days?"
    r"|\*{1,3}|†|‡|\([a-z0-9]{1,2}\)|[¹²³⁴⁵⁶⁷⁸⁹]))*"
)
FIGURE = re.compile(
    rf"^[~≈<>≤≥]?\s*{CURRENCY}?\s*[(（\[]?\s*[{DASHES}+]?\s*{CURRENCY}?\s*[(（]?\s*"
    rf"(?:\d[\d,，'’ ]*(?:\.\d+)?|\.\d+)\s*%?\s*[)）\]]?\s*[)）]?{_TAIL}$"
)
NOTHING = re.compile(
    rf"^{CURRENCY}?\s*(?:[{DASHES}]{{1,3}}|n/?a|N/?A|n\.?m\.?|N\.?M\.?|nil|不适用|无)\s*%?\)?$"
)
YEAR = re.compile(r"^(?:FY\s?|Q[1-4]\s?|[1-4]Q\s?)?(?:19|20)\d\d\s*(?:[AEF]|年度?|\*|\(\d\)| \d)?$")
_CLOSES = r"(?:[)）\]]|[)）]?\s?[%％][)）]?|\*{1,3}|†|‡|[)）][%％]?)"
END_OF_DATE = re.compile(r"[1-3]?\d, (?:19|20)\d\d(?!\d)")  # below "At December"
THOUSANDS = re.compile(rf"{CURRENCY}\s?['’‘`]?000s?")  # a column's unit, and no figure
CLOSING = re.compile(rf"^{_CLOSES}$")
# a line in which it matters where each word stands: a sign alone, which closes up to its number;
# writing from right to left; ideographs, which are written without spaces
PLACED = re.compile(rf"(?:^|\s)(?:{CURRENCY}|{_CLOSES})(?:\s|$)|[\u0590-\u08ff\u2e80-\U0003ffff]")
MARK = re.compile(r"^(?:\(?(?:\d{1,2}|[a-z*†‡§])\)|\*{1,3}|†|‡|§|[¹²³⁴⁵⁶⁷⁸⁹]|注\d*[:：.]?)$")

_UNIT = (
    r"(?:thousands?|millions?|billions?|trillions?|hundreds?|lakhs?|lacs?|crores?"
    r"|['’‘]?(?<!\d[,.])000s?|mn|bn|MM)"
)
_MONEY = rf"(?:{any_of(HAN)})"
_IN = r"[^()（）\[\]]"  # within brackets
_WORD = rf"[\w.{SYMBOLS}]+"
SCALE = re.compile(
    "|".join(
        (
            rf"[(（\[]{_IN}{{0,60}}?\b(?:in|of)\s+(?:{_WORD}\s+){{0,4}}?{_UNIT}\b{_IN}*[)）\]]",
            rf"[(（\[]{_IN}{{0,40}}?(?:[{SYMBOLS}]|\b)\s?{_UNIT}\b{_IN}{{0,40}}?[)）\]]",
            rf"^(?:{_WORD},?\s+){{0,5}}?in\s+(?:{_WORD}\s+){{0,3}}?{_UNIT}\b[^.;:]{{0,120}}$",
            rf"[(（]?\s*(?:金额)?单位\s*[:：/]?\s*{_MONEY}?\s*[^\s，。；)）]{{1,8}}[)）]?",
            rf"[(（]\s*以?{_MONEY}?\s*(?:千|万|百万|千万|亿|十亿)元?[^()（）]{{0,12}}[)）]",
            rf"{_MONEY}(?:千|万|百万|亿|十亿)元",
            r"^(?:人民[币幣]\s*)?(?:千|[万萬]|百[万萬]|十?[亿億])[港美欧歐日]?[元圓]$",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
SCALE_WORDS = ("thousand", "million", "billion", "trillion", "hundred", "lakh", "lac",
               "crore", "000", "mn", "bn", "mm", "单位", "千", "万", "萬", "亿", "億")  # fmt: skip
AMOUNT = re.compile(r"\d (?:thousand|million|billion)\b", re.IGNORECASE)  # "(net of $2 million)"
SAYS_IN = re.compile(rf"\bin (?:{_WORD} ){{0,3}}?(?:thousand|million|billion)", re.IGNORECASE)
PERIOD = re.compile(
    r"^(?:for )?(?:the )?(?:(?:three|six|nine|twelve|(?:thir|four)teen|twenty[- ]six"
    r"|thirty[- ]nine|fifty[- ](?:two|three)|\d+) (?:months?|weeks?)|(?:fiscal )?"
    r"(?:years?|quarters?|periods?)) (?:end(?:ed|ing|s)|to date)\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = re.compile(rf"(?:{_MONTH} \d{{1,2}},|\d{{1,2}} {_MONTH}) ?(?:19|20)\d\d")


def is_date(text: str) -> bool:
    """ "December 31, 2022" or "31 December 2022", and nothing else."""
    return bool(_DATE.fullmatch(text))


def is_period(text: str) -> bool:
    """ "Three Months Ended September 30,": what years in a header are the ends of."""
    return bool(PERIOD.match(text))


def is_figure(text: str) -> bool:
    """A number as a table's cell shows it, or the sign that there is none."""
    if not MAY_BE_FIGURE.match(text):
        return False  # most words, sooner than the patterns find out
    text = " ".join(text.split())  # runs of spaces would take the patterns hours
    if text.endswith((",", "，")) or THOUSANDS.fullmatch(text) or END_OF_DATE.match(text):
        return False  # "29," is the middle of a date
    return len(text) <= LONGEST and bool(FIGURE.match(text) or NOTHING.match(text))


def is_nothing(text: str) -> bool:
    return bool(NOTHING.match(text))


def is_year(text: str) -> bool:
    return bool(YEAR.match(text))


def is_sign(text: str) -> bool:
    """A currency sign without its number."""
    return bool(SIGN.fullmatch(text))


def scale_in(text: str) -> str:
    """The words that say in what the figures are: "(in millions, except per share data)"."""
    low = text.lower()
    if not any(word in low for word in SCALE_WORDS):
        return ""  # most texts, sooner than the pattern finds out
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    found = SCALE.search(text)
    if found is None or (AMOUNT.search(found.group()) and not SAYS_IN.search(found.group())):
        return ""
    return " ".join(found.group().split())


def is_scale(text: str) -> bool:
    """Whether a line says the scale and hardly anything else."""
    scale = scale_in(text)
    return bool(scale) and len(text) - len(scale) < 24
