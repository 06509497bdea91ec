"""Which metric a label means in its section and statement, its unit, how outputs call it."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from tenth.reader.labels import forms, plain, shown
from tenth.reader.model import StatementKind, Unit

Language = Literal["en", "zh"]


class Metric(msgspec.Struct, frozen=True):
    """One entry of metrics.toml; a member such as Revenues[Products] has its metric's."""

    name: str
    statements: tuple[StatementKind, ...]  # its own first, then those where its labels hold too
    unit: Unit
    instant: bool
    title_en: str
    title_zh: str
    ours: bool  # not an XBRL us-gaap element
    says: tuple[str, ...]  # labels, as the file writes them
    stand_ins: tuple[str, ...]  # metrics to take where a company prints no such line


class _Statement(msgspec.Struct):
    """What labels mean in one kind of statement, in the plain form of `tenth.reader.labels`."""

    labels: dict[str, str]  # plain label -> name
    under: dict[str, dict[str, str]]  # section -> plain label -> name
    like: list[tuple[re.Pattern[str], str]]
    members: dict[str, str]  # section -> name
    member_like: list[tuple[re.Pattern[str], str]]
    sections: list[tuple[str, list[re.Pattern[str]]]]


_KINDS: tuple[StatementKind, ...] = (
    "income", "comprehensive", "balance", "cash", "equity", "segments", "customers", "other",
)  # fmt: skip
_NO_MEMBER = re.compile(
    r"\b(costs?|expenses?|income|loss(es)?|profit|margin|tax(es)?|depreciation|amortization|"
    r"interest|gains?|research|administrative|selling|marketing|impairments?|restructuring|total|"
    r"percentage|change|earnings|provision)\b|[利税费]|合计|总计|成本|小计"
)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("tenth.reader").joinpath("metrics.toml").read_text("utf-8"))


def _entries() -> Iterable[tuple[StatementKind, str, dict[str, Any]]]:
    for statement in _KINDS:
        for name, entry in _file().get(statement, {}).items():
            yield statement, name, entry


@cache
def all_metrics() -> dict[str, Metric]:
    """Every metric of the vocabulary by name, in the file's order."""
    found: dict[str, Metric] = {}
    for statement, name, entry in _entries():
        known = found.get(name)
        statements: dict[StatementKind, None] = dict.fromkeys(known.statements if known else ())
        statements |= dict.fromkeys((statement, *entry.get("also", ())))
        says = list(entry.get("says", ()))
        for labels in entry.get("under", {}).values():
            says += labels
        if known:
            found[name] = msgspec.structs.replace(
                known, statements=tuple(statements), says=known.says + tuple(says)
            )
            continue
        title_en, title_zh = entry["title"]
        found[name] = Metric(
            name, tuple(statements), entry.get("unit", "currency"),
            entry.get("instant", statement == "balance"), title_en, title_zh,
            entry.get("ours", False), tuple(says), tuple(entry.get("stand_ins", ())),
        )  # fmt: skip
    return found


@cache
def _statement(kind: StatementKind) -> _Statement:
    """The vocabulary of one kind of statement; a label that means two things is in none."""
    made = _Statement({}, {}, [], {}, [], [])
    for statement, name, entry in _entries():
        if kind != statement and kind not in entry.get("also", ()):
            continue
        for label in entry.get("says", ()):
            made.labels[plain(label)] = name
        for section, labels in entry.get("under", {}).items():
            own = made.under.setdefault(section, {})
            own |= dict.fromkeys(map(plain, labels), name)
        made.like += [(re.compile(text), name) for text in entry.get("like", ())]
        made.member_like += [(re.compile(text), name) for text in entry.get("member_like", ())]
        if "members" in entry and kind == statement:
            made.members[entry["members"]] = name
    for section, texts in _file()["sections"].get(kind, {}).items():
        made.sections.append((section, [re.compile(text) for text in texts]))
    return made


def sections_of(section: Sequence[str], kind: StatementKind) -> list[str]:
    """The kinds of the headings above a row, innermost first: "current_assets", "eps", ..."""
    known = _statement(kind).sections
    found = []
    for heading in reversed(section):
        text = plain(heading)
        for name, patterns in known:
            if any(pattern.search(text) for pattern in patterns):
                found.append(name)
                break
    return found


def name_metric(label: str, section: Sequence[str], kind: StatementKind) -> str:
    """The metric that a label means under its headings (outermost first) in a kind of statement,
    a member in brackets; "" where that is not clear."""
    if kind not in _KINDS:
        return ""
    if kind == "segments":
        return _segment(label, section)
    vocabulary = _statement(kind)
    headings = sections_of(section, kind)
    found = _named(forms(label), headings, vocabulary)
    if found:
        return found
    return _member(label, headings, vocabulary)


def _named(labels: list[str], headings: list[str], vocabulary: _Statement) -> str:
    for text in labels:
        for heading in headings:
            if name := vocabulary.under.get(heading, {}).get(text):
                return name
        if name := vocabulary.labels.get(text):
            return name
    for text in labels:
        for pattern, name in vocabulary.like:
            if pattern.fullmatch(text):
                return name
    return ""


def _member(label: str, headings: list[str], vocabulary: _Statement) -> str:
    text = plain(label)
    for pattern, name in vocabulary.member_like:
        if match := pattern.fullmatch(text):
            return f"{name}[{match[1].capitalize()}]"
    member = shown(label)
    if not headings or headings[0] not in vocabulary.members or not member:
        return ""
    return "" if _NO_MEMBER.search(text) else f"{vocabulary.members[headings[0]]}[{member}]"


_BY = re.compile(r"^(.*?)\s*\bby\b.*$")
_NOBODY = re.compile(
    r"months ended|years? ended|weeks ended|reconcil|\btotal\b|consolidated|percent|change|"
    r"^(operating |reportable )?segments?$|^in (millions|thousands)|合计|分部$|^(按|分)"
)


def _segment(label: str, section: Sequence[str]) -> str:
    """In a table by segment, product or region the member is either the label or a heading."""
    vocabulary = _statement("segments")
    own = _named(forms(label), [], vocabulary)
    titles = [plain(heading) for heading in section]
    if own:
        members = [shown(s) for s, text in zip(section, titles, strict=True) if _is_member(text)]
        if members:
            return f"{own}[{' / '.join(members)}]"
        generic = all(re.search(r"consolidated|^total|合计", text) for text in titles)
        return own if generic else ""
    for i in range(len(section) - 1, -1, -1):
        name = _titled(titles[i], vocabulary)
        if name:
            path = [shown(s) for s in (*section[i + 1 :], label)]
            if re.match(r"(total|合计|小计|consolidated)", plain(label)):
                return name if len(path) == 1 else f"{name}[{' / '.join(path[:-1])}]"
            return f"{name}[{' / '.join(path)}]" if _is_member(plain(label)) else ""
    return ""


def _is_member(text: str) -> bool:
    return not (_NOBODY.search(text) or _NO_MEMBER.search(text) or _titled_name(text))


def _titled_name(text: str) -> str:
    return _titled(text, _statement("segments"))


def _titled(text: str, vocabulary: _Statement) -> str:
    """The metric a heading is about: "Net sales by category", "Operating segment revenue"."""
    text = re.sub(r"^(operating |reportable )?segments? ", "", text)
    match = _BY.match(text)
    return vocabulary.labels.get(match[1] if match else text, "")


def metric(name: str) -> Metric:
    """The entry of a metric or of its member. Raises ValueError where there is none."""
    found = all_metrics().get(name.partition("[")[0])
    if found is None:
        raise ValueError(f"the vocabulary has no metric {name!r}; metrics.toml lists them")
    return found


def title_of(name: str, language: Language = "en") -> str:
    """How outputs call a metric; a member after a colon; the name itself where it is unknown."""
    base, _, member = name.partition("[")
    found = all_metrics().get(base)
    if found is None:
        return name
    title = found.title_zh if language == "zh" else found.title_en
    if not member:
        return title
    return title + ("：" if language == "zh" else ": ") + member.removesuffix("]")


_SHARES = re.compile(
    r"\b(number|average|weighted) .*\bshares\b|\bshares (outstanding|issued|authorized|used)\b|"
    r"^(common |basic |diluted )?shares\b|股数|股本数|\(股\)|dilutive effect|"
    r"dilutive potential (common )?shares"
)
_PER_SHARE = re.compile(r"\bper (\w+ ){0,3}share\b|每股|\beps\b|元/股")
_PURE = re.compile(
    r"\bpercentage\b|\bpercent\b|%|\brate\b|\bratio\b|\bas a % |占.*(比例|比重)|率$|率\(|倍数|"
    r"\b(in|of) years\b|\(years\)|\bdays\b|\blease term\b|员工|人数|headcount|"
    r"\bemployees\b(?=$| \()"
)
_MONEY = re.compile(r"[$€£¥￥]|\b(?:USD|RMB|EUR|HKD)\b|元")


def unit_of(label: str, section: Sequence[str], kind: StatementKind, verbatim: str) -> Unit:
    """The unit of a figure by its own print, its metric, its label, then its headings."""
    if "%" in verbatim or "％" in verbatim or re.search(r"\bbps\b|基点", verbatim):
        return "pure"
    name = name_metric(label, section, kind)
    if name:
        return metric(name).unit
    money = bool(_MONEY.search(verbatim))
    shortest = forms(label)[-1]
    for text in (f"{shortest} {label}" if "%" in label else shortest, *reversed(section)):
        unit = _told(plain(text) if text in section else text, money)
        if unit:
            return unit
    return "currency"


def _told(text: str, money: bool) -> Unit | None:
    if not money and _SHARES.search(text):
        return "shares"
    if _PER_SHARE.search(text):
        return "currency/share"
    if not money and _PURE.search(text):
        return "pure"
    return None
