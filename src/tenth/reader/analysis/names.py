"""When two names mean the same company, and when a name is only a label of its document."""

import re
import unicodedata

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
    r"(?:customer|client|supplier|vendor|distributor|reseller|partner|manufacturer|company|"
    r"purchaser|buyer|party|entity)"
)
_ROLE_ZH = r"(?:客户|供应商|单位|公司|企业|经销商|厂商|集团|供方|买方)"
_WORDS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|first|second|third|fourth|fifth)"
_LABEL = re.compile(
    "|".join(
        (
            rf"{_ROLE} (?:no )?(?:{_NUMERAL}|{_WORDS})",
            rf"(?:{_NUMERAL}|{_WORDS}|largest) {_ROLE}",
            rf"{_ROLE}s?",
            rf"no {_NUMERAL}|[a-z]|\d{{1,2}}|[ivx]{{2,4}}|[一二三四五六七八九十甲乙丙丁]",
            _WORDS,
            rf"第?{_NUMERAL}?大?{_ROLE_ZH}{_NUMERAL}?",
            rf"第{_NUMERAL}(?:名|大|位)?{_ROLE_ZH}?",
        )
    )
)


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
    """Whether it only tells entries of one document apart: "Customer A", "客户一", "第一名"."""
    return bool(_LABEL.fullmatch(" ".join(_words(name)))) or not _words(name)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return [word for word in _APART.split(_JOINED.sub("", plain)) if word]
