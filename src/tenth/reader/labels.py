"""Labels and headings in one plain form, without what varies from print to print."""

import re
import unicodedata
from functools import lru_cache

_QUOTES = str.maketrans("‘’‚`´“”„—–‒−﹣‐‑", "'''''\"\"\"-------")
_SIMPLE = str.maketrans(  # characters of statements as Hong Kong and Taiwan write them
    "資產負債總計額營業務潤現東權應賬帳項貨銷損遞稅預購無價動結餘綜儲備發開實際淨歸屬"
    "於準減變匯貸銀長後與為對聯處報經費財員險賠續單幣萬億會壞證設廠樓繳撥積虧國內間關"
    "係當轉讓攤確認終類別據擔訂約構築質數創種較個籌還償臨時編製審區門戶採買賣貿進擁佔"
    "達來僱機場術",
    "资产负债总计额营业务润现东权应账账项货销损递税预购无价动结余综储备发开实际净归属"
    "于准减变汇贷银长后与为对联处报经费财员险赔续单币万亿会坏证设厂楼缴拨积亏国内间关"
    "系当转让摊确认终类别据担订约构筑质数创种较个筹还偿临时编制审区门户采买卖贸进拥占"
    "达来雇机场术",
)
_HAN = "\u4e00-\u9fff"
_NUMBERING = re.compile(
    r"^(?:(?:其中|减|加|以及)\s*:|less\s*:|add\s*:|plus\s*:|deduct\s*:|"
    r"[一二三四五六七八九十]+\s*[、.]|\([一二三四五六七八九十]+\)|\d{1,2}\s*、|\d{1,2}\.(?!\d)|\(\d{1,2}\))\s*"
)
_FOOTNOTE = re.compile(
    r"\s*(?:\((?:\d{1,2}|[a-h]|i{1,3})\)|\[\d{1,2}\]|[*†‡]+|(?<=[a-z]{3})[1-9])\s*$"
)
_SIGN_WORDS = (
    r"loss|losses|gain|gains|income|expense|expenses|deficit|accumulated deficit|benefit|"
    r"benefit from|used in|used for|provided by|decrease|increase|provision|provision for|"
    r"inflow|outflow|repayments?(?: of)?|deductions?|credit|charges?"
)
_OTHER_SIGN = re.compile(rf"/?\s*\((?:{_SIGN_WORDS})\)\s*/?")
_ONLY_SIGN = re.compile(
    r"^\((loss|profit|income)\)(?= (?:for|before|after|attributable|from|per)\b)"
)
_GLUED = re.compile(  # words that some files print without room between them
    r"(?<=consolidated)(?=statement|balance)|(?<=financial)(?=condition|position|statement)|(?<=of)(?="
    r"shares\b|operations\b|income\b|cash\b|financial\b)|(?<=\bcash)(?=flows?\b)|(?<=\bper)(?=share\b)"
    r"|(?<=\ball)(?=figures\b|amounts\b)|(?<=,)(?=except\b)|(?<=\bexcept)(?=for\b|share)|(?<=\bnumber)"
    r"(?=of\b)"
)
_ASIDE = re.compile(
    r"\s*\((?:unaudited|audited|pence|cents|restated|as restated|see [^()]*|notes? [^()]*|"
    r"[^()]*号填列[^()]*|(?:人民币)?[百千万亿]*元(?:/股)?|%|股|in [^()]*)\)|"
    r"\s*\([^()]*号填列$|"  # the bracket on a line of its own, in a font that is not at hand
    r"\s*-\s*see note.*$|,? see (?:accompanying )?notes?.*$|\s*\.{3,}.*$"
)
_TAIL = re.compile(
    r"(?:,|\(|\s)\s*(?:net of(?! proceeds)|excluding|exclusive of"  # of proceeds: another measure
    r"|less:?(?= (?:allowance|accumulated|reserve|provision|unearned|current|estimated))) .*$|"
    r"(?:\s*[,;:(]|\s-)\s*[^,;:(]*?(?:par value|stated value|"
    r"shares? (?:authori[sz]ed|issued|outstanding)|"
    r"authori[sz]ed|issued and outstanding|\d[\d,.]* (?:shares? )?(?:issued|outstanding)|"
    r"\d[\d,.]* (?:million |thousand )?shares\b).*$"
)
_HOLDERS = re.compile(r"\b(?:share|stock)[ -]?(?:holders?|owners?)\b'?s?")
_BRITISH = re.compile(r"\b(amorti|reali|unreali|capitali|recogni|authori|utili)s(?=e|a|i)")
_NAMES = re.compile(r"[®™℠]|\(r\)|\(tm\)")


def simplified(text: str) -> str:
    """Statements' words as the mainland writes them."""
    return text.translate(_SIMPLE)


@lru_cache(maxsize=1 << 16)  # each label is asked for by many patterns
def plain(label: str) -> str:
    """The label in lower case, one kind of dash and quote, without numbering, footnote marks, the
    other sign's word in parentheses, asides such as "(unaudited)", and a closing colon."""
    text = _NAMES.sub("", label)
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES).translate(_SIMPLE).casefold()
    text = re.sub(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])", "", " ".join(text.split()))
    text = _GLUED.sub(" ", text.replace("&", " and "))
    before = ""
    while before != text:
        before = text
        text = _ASIDE.sub("", _FOOTNOTE.sub("", _NUMBERING.sub("", text))).strip(" :;.,-_")
    if not re.fullmatch(r"\(.*\)", text):
        text = _OTHER_SIGN.sub(" ", _ONLY_SIGN.sub(r"\1", text))
    return _spelling(text)


def _spelling(text: str) -> str:
    """One spelling where houses differ: hyphens, the comma before "and", shareholders."""
    text = _HOLDERS.sub("stockholders", text)
    text = re.sub(r"\bnon[ -](?=[a-z])", "non", text)
    text = _BRITISH.sub(r"\1z", text)
    text = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text)
    text = re.sub(r"\s+-\s+|\s*-\s*(?=net$|basic|diluted)", ", ", text)
    text = re.sub(r",\s+(and|or)\b", r" \1", text).replace("'", "")
    text = re.sub(r"\s+([,;:)])", r"\1", text)
    return " ".join(text.split()).strip(" :;.,-/")


def forms(label: str) -> list[str]:
    """The plain label, then without what follows "net of", a par value or a count of shares, then
    without a closing "net": the first that means something is the one to take."""
    whole = plain(label)
    cut = plain(_TAIL.sub("", _before_plain(label)))
    found = [whole]
    for form in (cut, re.sub(r",? net$", "", whole), re.sub(r",? net$", "", cut)):
        if form and form not in found:
            found.append(form)
    return found


def _before_plain(label: str) -> str:
    """Letters as `plain` makes them, words untouched: what the tails are cut from."""
    text = unicodedata.normalize("NFKC", label).translate(_QUOTES).casefold()
    return " ".join(text.split())


def shown(label: str) -> str:
    """The label for outputs and for a member's name: as printed, without marks and numbering."""
    text = " ".join(_NAMES.sub("", label).split())
    before = ""
    while before != text:
        before = text
        text = _FOOTNOTE.sub("", _NUMBERING.sub("", text)).strip(" :：;")
    return text
