"""The currencies that are known: their codes, the signs that mean one alone, their names.

"$", "¥", "Rs." and "元" mean more than one: only the document can say which.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Currency(NamedTuple):
    """`signs` and `han` begin with what a summary writes; `english` is a pattern in lower case."""

    code: str
    signs: tuple[str, ...]
    english: str
    han: tuple[str, ...] = ()


# in the order in which a text is looked through: what one is called is not read as another's
TABLE = (
    Currency("USD", ("US$",), r"u\.?s\.? dollars?|united states dollars?", ("美元",)),
    Currency("HKD", ("HK$",), r"hong kong dollars?", ("港元", "港币")),
    Currency("TWD", ("NT$",), r"(?:new taiwan|nt) dollars?|\bntd\b", ("新台币", "台币")),
    Currency("AUD", ("A$", "AU$"), r"australian dollars?", ("澳元",)),
    Currency("CAD", ("C$", "CA$"), r"canadian dollars?", ("加元",)),
    Currency("SGD", ("S$",), r"singapore dollars?", ("新加坡元",)),
    Currency("NZD", ("NZ$",), r"new zealand dollars?", ("新西兰元",)),
    Currency("CNY", ("RMB",), r"renminbi|yuan", ("人民币",)),
    Currency("EUR", ("€",), r"euros?", ("欧元",)),
    Currency(
        "GBP", ("£",), r"pounds? sterling|(?<=in )sterling(?!['’])|british pounds?", ("英镑",)
    ),
    Currency("JPY", ("JP¥",), r"(?:japanese )?yen", ("日元",)),
    Currency("CHF", (), r"swiss francs?", ("瑞士法郎",)),
    Currency("KRW", ("₩",), r"korean won", ("韩元",)),
    Currency("INR", ("₹",), r"indian rupees?", ("印度卢比",)),
    Currency("SEK", (), r"swedish kron\w+", ("瑞典克朗",)),
    Currency("NOK", (), r"norwegian kron\w+", ("挪威克朗",)),
    Currency("DKK", (), r"danish kron\w+", ("丹麦克朗",)),
    Currency("ZAR", (), r"south african rands?", ("南非兰特",)),
    Currency("BRL", ("R$",), r"brazilian rea(?:l|is)|reais", ("巴西雷亚尔",)),
    Currency("MXN", (), r"mexican pesos?", ("墨西哥比索",)),
    Currency("MYR", ("RM",), r"(?:malaysian )?ringgits?", ("马来西亚林吉特",)),
    Currency("THB", ("฿",), r"(?:thai )?baht", ("泰铢",)),
    Currency("IDR", (), r"(?:indonesian )?rupiahs?", ("印尼盾",)),
    Currency("PHP", ("₱",), r"philippine pesos?", ("菲律宾比索",)),
    Currency("VND", ("₫",), r"vietnamese dongs?", ("越南盾",)),
    Currency("PLN", (), r"(?:polish )?zlot(?:y|ys|ies)", ("波兰兹罗提",)),
    Currency("CZK", (), r"czech (?:koruna|crown)s?", ("捷克克朗",)),
    Currency("HUF", (), r"(?:hungarian )?forints?", ("匈牙利福林",)),
    Currency("TRY", ("₺",), r"turkish liras?", ("土耳其里拉",)),
    Currency("ILS", ("₪", "NIS"), r"(?:new )?(?:israeli )?shekels?", ("以色列新谢克尔",)),
    Currency("RUB", ("₽",), r"(?<!belarusian )(?:russian )?ro?ubles?", ("俄罗斯卢布", "卢布")),
    Currency("AED", (), r"(?:u\.?a\.?e\.? |emirati )dirhams?", ("阿联酋迪拉姆",)),
    Currency("SAR", (), r"saudi (?:arabian )?ri?yals?", ("沙特里亚尔",)),
    Currency("QAR", (), r"qatari? ri?yals?", ("卡塔尔里亚尔",)),
    Currency("KWD", (), r"kuwaiti dinars?", ("科威特第纳尔",)),
    Currency("NGN", ("₦",), r"(?:nigerian )?naira", ("尼日利亚奈拉",)),
    Currency("PKR", (), r"pakistan(?:i)? rupees?", ("巴基斯坦卢比",)),
)
BY_CODE = {one.code: one for one in TABLE}
SIGNS = {sign: one.code for one in TABLE for sign in (*one.signs, one.code)}
OPEN_SIGNS = {  # what a sign may mean that is more than one currency's
    "$": frozenset(one.code for one in TABLE if "dollar" in one.english),
    "¥": frozenset({"CNY", "JPY"}),
    "Rs": frozenset(one.code for one in TABLE if "rupee" in one.english),
    "元": frozenset(one.code for one in TABLE if any("元" in name for name in one.han))
    | {"CNY", "TWD"},
}
HAN = {name: one.code for one in TABLE for name in one.han}
_ALSO_WORDS = frozenset({"TRY", "SAR"})  # in lower case they mean something else
_ENDS = r"(?=(?:mm?|mn|bn|k|millions?|billions?|thousands?)?(?![a-z]))"  # "usdm", "chf000"
_START = r"(?:(?<![a-z])|(?<=\bin))"  # "inus$" has lost its space


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _lowered(sign: str) -> str:
    """The pattern of a sign or a code in lower case: "us$" is written "u.s. $" too."""
    letters = sign.lower().removesuffix("$")
    if letters == sign.lower():
        return re.escape(letters) + _ENDS
    dotted = r"\.?".join(letters) + (r"\.? ?" if len(letters) > 1 else "")
    return rf"{dotted}\$"


def _signs(currencies: Iterable[Currency]) -> str:
    signs = [sign for one in currencies for sign in (*one.signs, one.code)]
    letters = [_lowered(s) for s in signs if s[0].isascii() and s not in _ALSO_WORDS]
    others = [s for s in signs if not s[0].isascii()]
    return "|".join((f"{_START}(?:{'|'.join(letters)})", *others)) if letters else "|".join(others)


def _printed(signs: Iterable[str]) -> str:
    signs = list(signs)
    letters = any_of(sign for sign in signs if sign[0].isascii() and not sign.isalpha())
    codes = any_of(sign for sign in signs if sign.isascii() and sign.isalpha())
    symbols = "".join(sorted(_SYMBOLS & set(signs)))
    return rf"(?:(?<![A-Za-z])(?:{letters}|(?:{codes})(?![A-Za-z]))|[$¥￥{symbols}])"


# as a figure prints one: "US$", "CHF", "€"; in tables, where a code alone may be a word ("Pay CHF"
# above what is paid), only what is hardly anything else; what lower-case text says: a name, too
_SYMBOLS = {sign for sign in SIGNS if not sign[0].isascii()}
_OFTEN = {"RMB", "CNY", "USD", "EUR", "GBP", "JPY"}
PRINTED = _printed((*SIGNS, "Rs.", "Rs"))
IN_TABLES = _printed({sign for sign in SIGNS if "$" in sign} | _SYMBOLS | _OFTEN)
SYMBOLS = "$¥￥" + "".join(sorted(_SYMBOLS))  # of one letter each
SAYS = {
    one.code: re.compile(
        "|".join(filter(None, (_signs([one]), rf"\b(?:{one.english})\b", *one.han)))
    )
    for one in TABLE
}
SIGN_SAID = rf"(?:{_signs(TABLE)}|[$¥]|(?<![a-z])rs\b\.?)"
NAME_SAID = rf"(?:\b(?:{'|'.join(one.english for one in TABLE)}|dollars?|rupees?)\b)"
SAID = f"(?:{NAME_SAID}|{SIGN_SAID})"


def sign_of(code: str) -> str:
    """What stands before an amount in English: "US$", "RMB ", "CHF "."""
    one = BY_CODE.get(code)
    sign = one.signs[0] if one and one.signs else code
    return f"{sign} " if sign.isalpha() else sign


def han_name_of(code: str) -> str:
    """What stands behind an amount in Chinese: "美元", and "元" for the renminbi."""
    one = BY_CODE.get(code)
    return "元" if code == "CNY" else one.han[0] if one and one.han else code
