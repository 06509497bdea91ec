"""Whose a document is: the name above "(Exact name of registrant ...)", or on its first page."""

import re
from collections.abc import Sequence

from tenth.documents.model import Document
from tenth.reader.cover_entity_zh import han_entity
from tenth.reader.model import Place
from tenth.reader.passages import Passage

_EXACT = re.compile(r"\(?\s*exact name of (?:the )?(?:registrant|company|issuer)", re.I)
_FILE_NUMBER = re.compile(
    r"^.*\bcommission file (?:number|no)\b[.:]*\s*[\d-]+\s*", re.IGNORECASE | re.DOTALL
)
_NO_NAME = re.compile(
    r"^[\W_]*$|^\(|^or$|^for the |transition period|"
    r"commission file|form \d|registrant|stock exchange|securities and exchange"
    r"|nasdaq|\bllp\b|auditor|depositary|transfer agent|trustee|washington, d\.c"
    r"|\b(?:report|statements?)\b",
    re.I,
)
FORMS = (  # that the law knows a company by
    r"(?:Inc|Incorporated|Corp|Corporation|Company|Co|Ltd|Limited|PLC|LLC|L\.L\.C|L\.P|LP|N\.V|NV|S\.A|"
    r"SA|AG|SE|GmbH|KGaA|KG|Oyj?|AB|ASA|A/S|S\.p\.A|SpA|S\.r\.l|B\.V|BV|SAS|SARL|S\.L|Pty)"
)
_SUFFIX = re.compile(
    rf"(?:\b(?:{FORMS}|Group|Holdings|Trust|Bancorp|Partners)\b\.?)\)?$", re.IGNORECASE
)
SUBSIDIARIES = r",? and (?:its )?(?:consolidated |wholly[- ]owned )?subsidiar(?:y|ies)\b"
_TITLE = re.compile(
    r"^(?P<name>.{2,80}?)(?:['’]s)?[\s,:|–—-]+(?:(?:19|20)\d\d[\s–—-]+)?"
    r"(?:(?:19|20)\d\d )?(?:annual|interim|half[- ]year|quarterly|financial|Q[1-4]|FY)\b.*"
    r"\b(?:report|results|statements|accounts)\b",
    re.I,
)
_LISTED = re.compile(
    r"(?P<name>(?:(?:[A-Z][\w&'’.-]*|&|of|and),? ){0,5}[A-Z][\w&'’.-]*,?)"
    r" \((?:NYSE|NASDAQ|Nasdaq|LSE|HKEX|SEHK)\b[^()]{0,40}\)"
)
TICKER = re.compile(r"[A-Z.]{1,5}")  # "Ticker: ACM (NYSE)" names no company
_DEFINED = re.compile(
    rf"(?P<name>(?:(?:[A-Z][\w&'’.-]*|&|of|and),? ){{1,6}}(?i:{FORMS})\b\.?)"
    r",? \((?:the )?[“\"'‘’]?(?:the )?(?:Company|Group|Parent)\b"
)
_WITH_OTHERS = re.compile(rf"(?P<name>[A-Z][\w&.,'’ -]{{2,60}}?){SUBSIDIARIES}", re.IGNORECASE)
LEAST_TITLES = 3  # that name an entity with its subsidiaries


def entity_of(
    lines: Sequence[Passage], form: str, language: str, title: str
) -> tuple[str, Passage | None]:
    """The entity as printed and where; "" where none is named, or several might be meant."""
    if language == "zh":
        return han_entity(lines, form)
    names = _above_exact_name(lines)
    if names:
        return (
            (names[0].text, names[0])
            if len({letters_of(n.text) for n in names}) == 1
            else ("", None)
        )
    return (
        _after_file_number(lines) or _by_title(lines, title) or _by_listing(lines)
        or _by_suffix(lines) or _defined(lines)
    )  # fmt: skip


def names_registrants(lines: Sequence[Passage]) -> bool:
    """Whether the cover names any: several of them stay nobody."""
    return bool(_above_exact_name(lines))


def entity_above_statements(document: Document) -> tuple[str, Passage | None]:
    """ "ACME COMPANY AND SUBSIDIARIES" above the statements, where a logo is the cover's name."""
    found: dict[str, list[Passage]] = {}
    for page in document.pages:
        for block in page.blocks:
            if len(block.text) < 200 and (name := _WITH_OTHERS.match(" ".join(block.text.split()))):
                own = Passage(name["name"].strip(" ,"), Place(page.number, block.box))
                found.setdefault(letters_of(own.text), []).append(own)
    most = max(found.values(), key=len, default=[])
    if len(most) < LEAST_TITLES or any(len(one) == len(most) for one in found.values()
                                       if one is not most):  # fmt: skip
        return "", None
    return most[0].text, most[0]


def letters_of(name: str) -> str:
    """What tells names apart, however they are spaced and printed."""
    return re.sub(r"\W+", "", name).casefold()


def _above_exact_name(lines: Sequence[Passage]) -> list[Passage]:
    names = []
    for i, line in enumerate(lines):
        found = _EXACT.search(line.text)
        if not found:
            continue
        within = _FILE_NUMBER.sub("", line.text[: found.start()]).strip(" _")
        if within:
            names.append(Passage(_name(within), line.place))
            continue
        above = [one for one in reversed(lines[max(0, i - 4) : i]) if _name(one.text)]
        if above:
            names.append(Passage(_name(above[0].text), above[0].place))
    return names


def _name(text: str) -> str:
    """The name that a line holds and nothing else; "" where it holds none."""
    text = " ".join(text.split()).strip(" _")
    says = re.search(r"[^\W\d_]{2}", _SUFFIX.sub("", text))  # not "2022 plc"
    return "" if not says or len(text) > 90 or _NO_NAME.search(text) else text


def _after_file_number(lines: Sequence[Passage]) -> tuple[str, Passage] | None:
    for i, line in enumerate(lines):
        if re.search(r"commission file (?:number|no)", line.text, re.I):
            for one in lines[i + 1 : i + 3]:
                name = _name(one.text)
                if name and _SUFFIX.search(name):
                    return name, one
    return None


def _by_title(lines: Sequence[Passage], title: str) -> tuple[str, Passage] | None:
    """ "Acme plc Annual Report 2023": the name before what it is."""
    del title  # a file's properties are seldom its own: only what is printed counts
    for line in lines[:12]:
        found = _TITLE.match(" ".join(line.text.split()))
        if found and _SUFFIX.search(found["name"]) and _name(found["name"]):
            return found["name"].strip(), line
    return None


def _by_listing(lines: Sequence[Passage]) -> tuple[str, Passage] | None:
    """ "Acme Co., Inc. (NYSE: ACM) today announced": the one company whose listing is told."""
    return _only_name(lines, _LISTED)


def _by_suffix(lines: Sequence[Passage]) -> tuple[str, Passage] | None:
    """The one line of the first page that is a company's name; "" where there are several."""
    first = lines[0].place.page if lines else 0
    found: dict[str, Passage] = {}
    for line in lines[:40]:
        text = _name(line.text)
        if line.place.page == first and text and len(text.split()) <= 9 and _SUFFIX.search(text):
            found.setdefault(letters_of(text), Passage(text, line.place))
    if len(found) == 1:
        one = next(iter(found.values()))
        return one.text, one
    return None


def _defined(lines: Sequence[Passage]) -> tuple[str, Passage | None]:
    """ "Acme plc (the Company) is incorporated in ...": the one company that is called so."""
    return _only_name(lines, _DEFINED) or ("", None)


def _only_name(lines: Sequence[Passage], pattern: re.Pattern[str]) -> tuple[str, Passage] | None:
    """The one name that `pattern` finds; none where it finds several."""
    found: dict[str, tuple[str, Passage]] = {}
    for line in lines:
        for match in pattern.finditer(" ".join(line.text.split())):
            if not TICKER.fullmatch(match["name"]):
                found.setdefault(letters_of(match["name"]), (match["name"], line))
    return next(iter(found.values())) if len(found) == 1 else None
