"""In what the figures of a table are: the line that says "(in millions, except per share data)"."""

import re
from decimal import Decimal

import msgspec

from tenth.documents.currencies import (
    HAN,
    NAME_SAID,
    OPEN_SIGNS,
    SAID,
    SAYS,
    SIGN_SAID,
    TABLE,
    any_of,
)
from tenth.reader.figures import plain
from tenth.reader.model import Unit

ZERO = Decimal(0)
_TRADITIONAL = str.maketrans("仟萬億幣單別臺圓貳", "千万亿币单别台元二")
_UNITS = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "mn": 10**6,
    "mm": 10**6, "mil": 10**6, "bn": 10**9, "000": 10**3, "000,000": 10**6, "m": 10**6, "k": 10**3,
    "b": 10**9, "hundred million": 10**8, "ten thousand": 10**4, "hundred": 10**2,
    "lakh": 10**5, "lac": 10**5, "crore": 10**7, "cr": 10**7,
}  # fmt: skip
_HAN_UNITS = {
    "": 1, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "百亿": 10**10,
}  # fmt: skip
_RANDS = re.compile(r"(?<![A-Za-z])R ?(?=m\b|bn\b|['’]000|(?:thousand|million|billion)s?\b)")
_OPEN = (  # what else the document says, has to tell which is meant
    (re.compile(r"¥"), "¥"),
    (re.compile(r"\$|\bdollars?\b"), "$"),
    (re.compile(r"\brs\b\.?|\brupees?\b"), "Rs"),
    (re.compile("元"), "元"),
)
_UNIT = re.compile(
    rf"(?<![\d.])(?<!\d )\b(hundreds? (?:of )?million|tens? (?:of )?thousand|thousand|million"
    rf"|billion|trillion|hundred|lakh|lac|crore)s?\b"
    rf"|(?:{SIGN_SAID}|\bin|\(|^)\s*['’‘`]?(000,000|000)['’]?s?\b|['’‘`](000,000|000)s?\b"
    rf"|(?:{SIGN_SAID}|\bin|\()\s?['’‘]?(mn|mm|mil|bn|m|k|b)\b\.?"
    rf"|{SIGN_SAID}[\s.]*(?:in )?(cr)\b"
)
_SAID_AS = re.compile(
    rf"\b(?:in|of)\b|\b(?:omitted|amounts|figures)\b|{SIGN_SAID}|['’(]0|^\W*(?:thousand|million|billion|lakh|crore)"
    rf"|{NAME_SAID}"
)
_ONLY_MONEY = re.compile(
    r"\b(?:net income|net loss|earnings|income|revenues?|sales|monetary|currency)\b"
    rf"|{SAID}"
)
_WHOLE = re.compile(
    r"(?:all )?(?:amounts|figures|values)?(?: are)? ?"
    r"(?:expressed|stated|presented|reported|shown)? ?in (?:whole |actual )?(?:[a-z.]+ ){0,2}"
    rf"{SAID}"
)
_HAN_MONEY = any_of(HAN)
_HAN_UNIT = r"十万|百万|千万|十亿|百亿|千|万|亿"
_HAN = re.compile(
    rf"(?<![\d.十百千万亿])(?<!\d )(?:{_HAN_MONEY})?\s*(?P<unit>{_HAN_UNIT})?\s*"
    rf"(?P<of>元|{_HAN_MONEY}|股)"
    r"(?P<per>\s*[/／每]\s*\w+)?"
)
_HAN_AFTER = re.compile(  # "人民币 百万", without the 元
    rf"(?:{_HAN_MONEY})\s*(?P<unit>{_HAN_UNIT})(?!\s*(?:元|股|{_HAN_UNIT}))"
)
_HAN_SAYS = re.compile(
    r"^(?:千|万|百万|十?亿)[港美欧日]元$|单位|列示|表示|列报|[(\[][^()]*(?:元|人民币|港币)[^()]*[)\]]|^\W*(?:以)?(?:人民币|港币|美元|新台币)"
)
_PERCENT = re.compile(
    r"\(\s*%\s*\)|^\W*%|\bin (?:%|percent|per cent)|(?<=[^\W\d]) ?%\s*$"
    r"|\bas (?:a )?(?:percentages?|percent|%) of\b|单位\s*:?\s*%"
)


LARGE_COUNT = 10**6  # of shares, as printed: in thousands it would be a billion
MOST_SHARES = 3 * 10**10  # that a company with amounts in dollars or euros counts


class Scales(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a figure of each unit is to be multiplied by; None where the line leaves it open, or
    says two different things."""

    money: int | None = None
    shares: int | None = None
    per_share: int | None = 1  # no scale is ever meant for amounts per share
    percent_only: bool = False  # the figures are percents, whether or not they print the sign
    follow: bool = False  # the shares' scale is the money's, because nothing else excepts them
    whole: bool = False  # the document says no scale anywhere: large counts are whole too
    currency: str = ""  # ISO, or "$", "¥", "元" where the document has to say which


def scales_said(text: str) -> Scales | None:
    """What a caption, a header or a line above a table says of its figures' scale, currency or
    percent; None where it says nothing."""
    text = _lowered(text)
    text = re.sub(r"\bin(?=(?:thousand|million|billion)s?\b)", "in ", text)
    if any(char > "一" for char in text):
        return _han(text)
    return _english(text)


def scale_for(scales: Scales | None, unit: Unit, printed: Decimal = ZERO) -> int | None:
    """By what to multiply a figure of `unit`, as `printed`; None where nothing says it."""
    if unit == "pure":
        return 1
    if unit == "currency/share":
        return scales.per_share if scales else 1
    if scales is None:
        return None
    if unit == "currency":
        return scales.money
    if scales.whole and abs(printed) >= LARGE_COUNT:
        return 1
    too_many = scales.follow and abs(printed) * (scales.shares or 0) > MOST_SHARES
    return None if too_many else scales.shares


def currency_said(text: str) -> str:
    """The currency that words or signs of `text` name: ISO, "$", "¥" or "元"; "" where none."""
    return _currency(_lowered(text))


def _lowered(text: str) -> str:
    """In lower case and on one line; "Rm" and "R'000" are of rands, where "RM" is of ringgits."""
    text = _RANDS.sub("ZAR ", plain(text).translate(_TRADITIONAL))
    return " ".join(text.lower().split())


def _currency(text: str) -> str:
    found = set()
    for pattern, code in (*((SAYS[one.code], one.code) for one in TABLE), *_OPEN):
        text, count = pattern.subn(" ", text)  # what is named is not read again as "dollars"
        found |= {code} if count else set()
    for sign, may_be in OPEN_SIGNS.items():
        if found & may_be:
            found -= {sign}  # "Canadian dollars ($)", 人民币元
    return next(iter(found)) if len(found) == 1 else ""


def _english(text: str) -> Scales | None:
    money: set[int] = set()
    shares: set[int] = set()
    everything: set[int] = set()  # of figures of every kind
    excepted: set[str] = set()  # what of: "per share", "shares", ...
    exempt, shares_exempt, subject, waiting = False, False, "", ""
    parts = re.split(
        r"(\bexcept(?:ing)?\b|\bexcluding\b|\bother than\b)|[;()]|,(?!\d)|\band\b|&", text
    )
    for part in filter(None, parts):
        if part.startswith(("except", "excluding", "other than")):
            exempt = True
            continue
        units = {_factor(found) for found in _UNIT.finditer(part)}
        if exempt and part.strip():
            excepted.add(_subject(part) or part)
        subject = _subject(part) or (subject if re.match(r"\s*(?:which|that)\b", part) else "")
        if units and not (_SAID_AS.search(part) or len(part) < 24):
            continue  # "a million customers"
        if waiting == "money" and units:
            money |= units  # "dollars and share amounts in thousands"
        waiting = subject if not units and not exempt and len(part.split()) <= 2 else ""
        if subject == "shares":
            shares |= units
            shares_exempt |= exempt
        elif subject == "money" and not exempt:
            money |= units
        elif not subject and not exempt:
            everything |= units
    if not (money or shares or everything):
        return _whole_or_percent(text)
    # "($ in millions, except per share amounts)": all others are, counts of shares too
    follow = bool(money) and not (shares or everything or shares_exempt)
    follow = follow and excepted == {"per share"} and "par value" not in text
    shares = shares or ({1} if shares_exempt else money if follow else everything)
    return Scales(_one(money | everything), _one(shares), currency=_currency(text), follow=follow)


def _whole_or_percent(text: str) -> Scales | None:
    bare = text.strip("()[] ").split(",")[0]
    if _WHOLE.fullmatch(bare):
        return Scales(1, None, currency=_currency(text))
    return Scales(percent_only=True) if _PERCENT.search(text) else None


def _subject(part: str) -> str:
    if re.search(r"\bper[ -](?:common )?(?:share|unit|ads|ads?)\b|\bpar value\b", part):
        return "per share"
    if re.search(r"\bshares?\b", part):
        return "shares"
    return "money" if _ONLY_MONEY.search(part) else ""


def _factor(found: re.Match[str]) -> int:
    word = next(group for group in found.groups() if group)
    word = re.sub(r"s?(?: of)? ", " ", word)
    return _UNITS[word]


def _one(said: set[int]) -> int | None:
    return next(iter(said)) if len(said) == 1 else None


def _han(text: str) -> Scales | None:
    if not _HAN_SAYS.search(text):
        return Scales(percent_only=True) if _PERCENT.search(text) else _english(text)
    money: set[int] = set()
    shares: set[int] = set()
    kept = re.split(r"[,，;；(]?[^,，;；()]*(?:除外|除.{0,6}外)", text)  # "每股数据除外"
    for found in _HAN.finditer(" ".join(kept)):
        factor = _HAN_UNITS[found["unit"] or ""]
        if found["per"]:
            continue  # 元/股, 元/吨
        if found["of"] == "股":
            shares.add(factor)
        elif found["of"] != "人民币" or found["unit"]:  # "百万人民币"
            money.add(factor)
    money |= {_HAN_UNITS[found["unit"]] for found in _HAN_AFTER.finditer(" ".join(kept))}
    if money or shares or _HAN.search(text):
        return Scales(_one(money), _one(shares), currency=_currency(text))
    return Scales(percent_only=True) if _PERCENT.search(text) else None
