"""English sentences that say a figure plainly: "Net sales were $8.1 billion in Q3 2023"."""

import re
from collections.abc import Iterator

from tenth.documents.currencies import PRINTED
from tenth.reader.dates import MONTHS

Found = tuple[str, str, str, int, bool]  # label, period, figure, where it begins, of the whole

_FIGURE = (
    rf"(?:{PRINTED}\s?\(?\d[\d,]*(?:\.\d+)?\)?"
    r"(?: ?(?:thousand|lakh|million|crore|billion|trillion)s?\b|(?:bn|mn|[mMbB])\b)?"
    r"(?: per (?:diluted |basic )?share)?|\(?\d{1,3}(?:\.\d+)?\)? ?%)"
)
_MONTH = "(?:" + "|".join(sorted(map(str.title, MONTHS), key=len, reverse=True)) + ")"
_DATE = rf"{_MONTH}\.? \d{{1,2}}, (?:19|20)\d\d"
_COUNT = r"(?:three|six|nine|twelve)"
_YEAR = r"(?:the )?(?:fiscal )?(?:year )?20\d\d"
_PERIOD = (
    rf"(?:the )?(?:(?:first|second|third|fourth) (?:fiscal )?quarter of {_YEAR}"
    rf"|Q[1-4] (?:FY ?)?20\d\d|YTD 20\d\d|first {_COUNT} months of {_YEAR}"
    rf"|{_COUNT}[- ]months?(?: periods?)? ended {_DATE}"
    rf"|(?:fiscal )?(?:years?|quarters?) ended {_DATE}"
    rf"|fiscal (?:year )?20\d\d|first half of {_YEAR}|{_DATE}|20\d\d)"
)
_PERIODS = rf"(?P<one>{_PERIOD})(?: and (?P<two>{_PERIOD}))?"
_IN = r"(?:in|for|during)"
_AT = rf"(?:{_IN}|as of|as at|at)"
_FIRST = r"(?:[Ii]n|[Ff]or|[Dd]uring|[Aa]s of|[Aa]s at|[Aa]t)"
_FIGURES = rf"(?P<f1>{_FIGURE})(?: and (?P<f2>{_FIGURE}))?"
_MOVED = r"(?:increased|decreased|rose|grew|declined|fell|improved)"
_HAD = r"(?:had|reported|recorded|generated|achieved|delivered|posted) (?:an? )?"
_IS = (
    r"(?:was|were|totaled|totalled|amounted to|reached|came in at|stood at|"
    rf"{_MOVED}(?:,? (?:by )?(?:{_FIGURE}|\d+ basis points)(?: or {_FIGURE})?,?)? to)"
)
_LABEL = r"(?P<label>[A-Z(a-z][^.;:$€£%\d]{2,90}?)"
_SMALL_LABEL = r"(?P<rest>[a-z][^.;:,$€£%\d]{2,60}?)"
_OUR = r"(?P<label>(?:[Oo]ur |[Tt]he [Cc]ompany['’]s |[Tt]otal )?)"
_END = (
    r"(?P<respectively>,? respectively)?(?=\.?$|[.;]|"
    r"\)?,(?! (?:excluding|including|net of|from|of which|related|and (?:for|in) ))"
    r"| (?:and|which) (?:was|were|is|are)\b| compared| \(| up | down )"
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_LABEL} {_IS} {_FIGURES},? {_AT} {_PERIODS}{_END}",
        rf"{_FIRST} {_PERIODS}, {_LABEL} {_IS} {_FIGURES}{_END}",
        rf"{_LABEL} {_AT} {_PERIODS} {_IS} {_FIGURES}{_END}",
        rf"{_OUR}(?P<one>(?:Q[1-4]|YTD) 20\d\d) {_SMALL_LABEL} {_IS} (?P<f1>{_FIGURE}){_END}",
        rf"[Ww]e {_HAD}{_LABEL} of {_FIGURES},? {_AT} {_PERIODS}{_END}",
        rf"{_FIRST} {_PERIODS}, (?:we|the [Cc]ompany) {_HAD}{_LABEL} of {_FIGURES}{_END}",
    )
)
_FROM_TO = re.compile(
    rf"{_LABEL} {_MOVED},? from (?P<f1>{_FIGURE}) {_IN} (?P<one>{_PERIOD}) "
    rf"to (?P<f2>{_FIGURE}) {_IN} (?P<two>{_PERIOD})"
)
_AND_FOR = re.compile(rf", and (?P<f1>{_FIGURE}) and (?P<f2>{_FIGURE}) {_IN} {_PERIODS}")
_COMPARED = re.compile(
    rf",? (?:as )?compared (?:to|with) (?P<f1>{_FIGURE}) {_IN} (?P<one>{_PERIOD})(?=[.;,]|$)"
)
# "customer receivables were $9 billion, vendor receivables were $2 billion": parts of something
_LISTED = re.compile(rf", (?:and )?[a-z][^$€£]{{2,60}}? (?:was|were) {_FIGURE}")
_WHOLE = re.compile(
    r"^(?:our|total|consolidated|the company['’]s|we)\b|\b(?:total|consolidated)\b", re.I
)
_LEAD = re.compile(r"^(?:[▪•●■◦*–-]\s*|\(\d+\)\s*)+")
_DETERMINERS = re.compile(r"^(?:our|the company['’]s|the|its|(?:total )?consolidated)\s+", re.I)
# A label that says the opposite of its metric's sign
_INVERSE = re.compile(
    r"\bloss(?:es)?\b(?!\))|\bbenefit\b(?!\))|\bused (?:in|for)\b(?! ?\))|\bdeficit\b", re.I
)
_BOTH_SIGNS = re.compile(r"\(loss(?:es)?\)|\(benefit\)|\(used in\)|\bprovided by\b", re.I)
_NOT_PLAIN = re.compile(
    r"\b(?:approximately|about|nearly|almost|roughly|up to|more than|less than|at least|over|around"
    r"|expect(?:s|ed)?|estimated?|forecasts?|guidance|anticipates?|would|will|could|may|might|if|"
    r"assum(?:e|es|ed|ing)|pro forma|hypothetical|target(?:s|ed)?|authorized|outlook|projected)\b",
    re.I,
)


def claims_en(sentence: str) -> Iterator[Found]:
    """What a sentence plainly says: labels, periods and figures as printed, paired in order."""
    if _NOT_PLAIN.search(sentence):
        return
    offset = (_LEAD.match(sentence) or re.match("", sentence)).end()  # type: ignore[union-attr]
    text = sentence[offset:]
    if found := _FROM_TO.match(text):
        yield from _paired(found, _label(found), offset)
        return
    for form in _FORMS:
        if found := form.match(text):
            if _LISTED.search(text, found.end()):
                return
            yield from _paired(found, _label(found), offset)
            more = _AND_FOR.match(text, found.end())
            if more is None and not found.groupdict().get("f2"):
                more = _COMPARED.match(text, found.end())
            if more:
                yield from _paired(more, _label(found), offset)
            return


def _label(found: re.Match[str]) -> str:
    rest = found.groupdict().get("rest")
    return " ".join((found["label"] + (rest or "")).split())


def _paired(found: re.Match[str], raw: str, offset: int) -> Iterator[Found]:
    groups = found.groupdict()
    periods = _periods(groups.get("one") or "", groups.get("two") or "")
    figures = [name for name in ("f1", "f2") if groups.get(name)]
    label = _DETERMINERS.sub("", raw).strip(" ,")
    inverse = _INVERSE.search(raw) and not _BOTH_SIGNS.search(raw)
    if len(periods) != len(figures) or inverse:
        return
    whole = bool(_WHOLE.search(raw))
    for period, name in zip(periods, figures, strict=True):
        yield label, period, groups[name] or "", offset + found.start(name), whole


def _periods(one: str, two: str) -> list[str]:
    """Both periods in full: "nine months ended September 30, 2022 and 2023" names its months once,
    "three months ended June 25, 2022 and June 26, 2021" its span."""
    if not two:
        return [one]
    if re.fullmatch(r"20\d\d", two):
        two = re.sub(r"20\d\d(?=\D*$)", two, one)
    elif re.fullmatch(_DATE, two, re.I) and not re.fullmatch(_DATE, one, re.I):
        two = re.sub(rf"{_DATE}$", two, one)
    return [one, two]
