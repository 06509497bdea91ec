"""When two names mean the same company, and when a name is only a label of its document."""

import re
import unicodedata
from functools import lru_cache

# What a name may carry or leave out. Only at its end: "Company A" is not "A".
_LEGAL = (
    "incorporated", "inc", "corporation", "corp", "company", "co", "limited", "ltd", "llc", "llp",
    "lp", "plc", "gmbh", "ag", "sa", "nv", "bv", "kk", "pty", "pte", "spa", "srl", "oyj", "ab",
    "the",
)  # fmt: skip
_LEGAL_ZH = ("股份有限公司", "有限责任公司", "有限公司", "股份公司", "公司")
_APART = re.compile(r"[\s.,，。·'’\"“”()（）&/\-–—]+")
_JOINED = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")  # "S.A." is one word
_NUMERAL = r"(?:[a-z]{1,2}|\d{1,2}|[ivx]{1,4}|[一二三四五六七八九十]{1,2}|[甲乙丙丁戊己庚辛壬癸])"
_ROLE = (
    r"(?:customer|client|supplier|vendor|distributor|reseller|retailer|partner|manufacturer|"
    r"company|purchaser|buyer|party|entity|oem|csp|cloud service provider)"
)
_ROLE_ZH = r"(?:客户|供应商|单位|公司|企业|经销商|厂商|集团|供方|买方)"
_COUNT = r"(?:one|two|three|four|five|six|seven|eight|nine|ten)"
_ORDINAL = r"(?:first|second|third|fourth|fifth|largest|biggest|major|main|principal|top)"
_KIND = r"(?:single|direct|indirect|end|external|other|another|large|certain|our|the|a|an)"
_LABEL = re.compile(
    "|".join(
        (
            rf"{_ROLE} (?:no )?(?:{_NUMERAL}|{_COUNT})",
            rf"{_NUMERAL} {_ROLE}",
            rf"[a-z]|[一二三四五六七八九十甲乙丙丁]|{_COUNT}",
            rf"{_ROLE_ZH}{_NUMERAL}",
            rf"{_NUMERAL}{_ROLE_ZH}",
        )
    )
)
_PLACE = re.compile(
    "|".join(
        (
            rf"(?:(?:{_COUNT}|{_ORDINAL}|{_KIND}) )*{_ROLE}s?",
            rf"(?:{_COUNT}|{_ORDINAL}|a|an|another) (?:\w+ ){{0,6}}{_ROLE}s?",
            rf"(?:no )?(?:\d{{1,2}}|{_ORDINAL})",
            rf"第?{_NUMERAL}?(?:大|名|位){_ROLE_ZH}?",
            rf"第{_NUMERAL}{_ROLE_ZH}?|{_ROLE_ZH}|[一某]家?{_ROLE_ZH}",
        )
    )
)


@lru_cache(maxsize=65_536)
def normal(name: str) -> str:
    """The name without case, spaces, punctuation, accents of width and what follows a company's
    name by law, for comparing. Nothing is guessed: "Acme" is not "Acme Holdings"."""
    words = _words(name)
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words.pop(0)
    text = "".join(words)
    for ending in _LEGAL_ZH:
        if text.endswith(ending) and len(text) - len(ending) >= 2:
            return text.removesuffix(ending)
    return text


def is_label(name: str) -> bool:
    """Whether it only tells entries of one document apart: "Customer A", "客户一"; a place in a
    list is no more."""
    return is_place(name) or bool(_LABEL.fullmatch(" ".join(_words(name))))


def is_place(name: str) -> bool:
    """Whether it is a place in a list, or nobody's name at all: "largest customer", "one direct
    customer", "第一名". Another year's is not the same one."""
    words = " ".join(_words(name))
    return not words or bool(_PLACE.fullmatch(words))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return [word for word in _APART.split(_JOINED.sub("", plain)) if word]
