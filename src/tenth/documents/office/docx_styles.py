"""What a Word paragraph's style makes of it: heading, caption, code; the numbers of its list."""

import re
from typing import Any, NamedTuple

from tenth.documents.model import BlockKind
from tenth.documents.office.package import Package
from tenth.documents.office.xml import attr, child, children, integer, value_of

DEEPEST = 20  # styles based on styles
_HEADING = re.compile(
    r"^(?:heading|überschrift|titre|título|titolo|encabezado|kop|rubrik|nagłówek|заголовок|"
    r"标题|標題|見出し|제목)\s*([1-9])$",
    re.IGNORECASE,
)
_TITLES = {"title": 1, "subtitle": 2, "titel": 1, "标题": 1, "副标题": 2}
_CAPTIONS = frozenset(
    {"caption", "题注", "題注", "beschriftung", "légende", "図表番号", "table caption"}
)
_CODE = re.compile(
    r"^(?:source ?code|code(?: ?(?:block|listing|sample|example))?|html preformatted|"
    r"preformatted(?: text)?|program listing|verbatim|源代码|代码)$"
)


class Style(NamedTuple):
    kind: BlockKind = "paragraph"
    level: int = 0  # of a heading
    number: str = ""  # numId
    depth: int = 0  # ilvl


class Level(NamedTuple):
    start: int
    form: str  # numFmt
    text: str  # "%1.%2."
    restart: int  # -1: after any higher level
    legal: bool


class Styles:
    def __init__(self, package: Package, main: str):
        self._known: dict[str, Style] = {}
        self._elements: dict[str, Any] = {}
        self.default = ""
        for part in package.related(main, "styles")[:1]:
            for style in children(package.tree(part), "w:style"):
                if attr(style, "w:type", "paragraph") == "paragraph":
                    self._elements[attr(style, "w:styleId")] = style
                    if attr(style, "w:default") in ("1", "true"):
                        self.default = attr(style, "w:styleId")

    def __getitem__(self, name: str) -> Style:
        if name not in self._known:
            self._known[name] = self._read(name, 0)
        return self._known[name]

    def _read(self, name: str, depth: int) -> Style:
        element = self._elements.get(name)
        if element is None or depth > DEEPEST:
            return Style()
        base = self._read(value_of(element, "w:basedOn"), depth + 1)
        kind, level = named(value_of(element, "w:name"))
        if kind == "paragraph":
            kind, level = base.kind, base.level
        properties = child(element, "w:pPr")
        if properties is None:
            return base._replace(kind=kind, level=level)
        outline = value_of(properties, "w:outlineLvl")
        if outline and kind in ("paragraph", "heading"):
            kind, level = outlined(integer(outline, 9))
        number, ilvl = numbered(properties)
        return Style(kind, level, number or base.number, base.depth if ilvl is None else ilvl)


def named(name: str) -> tuple[BlockKind, int]:
    name = name.strip().lower()
    if match := _HEADING.match(name):
        return "heading", int(match[1])
    if name in _TITLES:
        return "heading", _TITLES[name]
    if name in _CAPTIONS:
        return "caption", 0
    return ("code" if _CODE.match(name) else "paragraph"), 0


def outlined(level: int) -> tuple[BlockKind, int]:
    """Level 9 is the body's text."""
    return ("heading", level + 1) if 0 <= level < 9 else ("paragraph", 0)


def numbered(properties: Any) -> tuple[str, int | None]:
    """The numId ("0": none, whatever the style says) and ilvl that paragraph properties give."""
    found = child(properties, "w:numPr")
    if found is None:
        return "", None
    depth = value_of(found, "w:ilvl")
    return value_of(found, "w:numId"), min(8, max(0, integer(depth))) if depth else None


class Numbering:
    """Counts the lists' items as they come."""

    def __init__(self, package: Package, main: str, styles: Styles):
        self._abstract: dict[str, str] = {}  # numId: abstractNumId
        self._levels: dict[str, dict[int, Level]] = {}  # by abstractNumId
        self._starts: dict[tuple[str, int], int] = {}  # a numId's own start
        self._own: dict[tuple[str, int], Level] = {}  # a numId's own levels
        self._counts: dict[str, list[int | None]] = {}
        self._styles = styles
        for part in package.related(main, "numbering")[:1]:
            self._read(package.tree(part))

    def _read(self, root: Any) -> None:
        links: dict[str, str] = {}
        for item in children(root, "w:abstractNum"):
            name = attr(item, "w:abstractNumId")
            self._levels[name] = {
                integer(attr(lvl, "w:ilvl")): _level(lvl) for lvl in children(item, "w:lvl")
            }
            if style := value_of(item, "w:numStyleLink"):
                links[name] = style
        for item in children(root, "w:num"):
            number = attr(item, "w:numId")
            self._abstract[number] = value_of(item, "w:abstractNumId")
            for change in children(item, "w:lvlOverride"):
                depth = integer(attr(change, "w:ilvl"))
                if start := value_of(change, "w:startOverride"):
                    self._starts[number, depth] = integer(start, 1)
                own = child(change, "w:lvl")
                if own is not None:
                    self._own[number, depth] = _level(own)
        for name, style in links.items():  # a list that a style defines
            target: str = self._abstract.get(self._styles[style].number, name)
            self._levels[name] = self._levels.get(target, {}) or self._levels[name]

    def next(self, number: str, depth: int) -> str | None:
        """The next item's number as it is shown, "" for a bullet; None if there is no such list."""
        abstract = self._abstract.get(number, "")
        if not abstract:
            return None
        level = self._level(number, depth)
        counts = self._counts.setdefault(abstract, [None] * 9)
        if (number, depth) in self._starts:  # its own start counts once
            counts[depth] = self._starts.pop((number, depth)) - 1
        counts[depth] = (level.start - 1 if counts[depth] is None else counts[depth] or 0) + 1
        for deeper in range(depth + 1, 9):
            restart = self._level(number, deeper).restart
            if restart == -1 or depth < restart:
                counts[deeper] = None
        if level.form in ("bullet", "none"):
            return "" if level.form == "bullet" else level.text if "%" not in level.text else ""

        def count(match: re.Match[str]) -> str:
            other = min(8, max(0, int(match[1]) - 1))
            about = self._level(number, other)
            value = counts[other]
            form = "decimal" if level.legal else about.form
            return spelled(about.start if value is None else value, form)

        return re.sub(r"%([1-9])", count, level.text).strip()

    def _level(self, number: str, depth: int) -> Level:
        own = self._own.get((number, depth))
        if own is not None:
            return own
        levels = self._levels.get(self._abstract.get(number, ""), {})
        return levels.get(depth, Level(1, "decimal", f"%{depth + 1}.", -1, False))


def _level(element: Any) -> Level:
    return Level(
        start=integer(value_of(element, "w:start"), 1),
        form=value_of(element, "w:numFmt") or "decimal",
        text=value_of(element, "w:lvlText"),
        restart=integer(value_of(element, "w:lvlRestart"), -1),
        legal=child(element, "w:isLgl") is not None,
    )


_DIGITS = "〇一二三四五六七八九"


def spelled(number: int, form: str) -> str:
    """A list's number in the form that Word names."""
    if number < 0 or number > 9999:
        return str(number)
    if form in ("upperRoman", "lowerRoman") and number:
        return roman(number) if form == "upperRoman" else roman(number).lower()
    if form in ("upperLetter", "lowerLetter") and number:
        letter = chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("chineseCounting", "chineseCountingThousand", "ideographDigital",
                "japaneseCounting", "taiwaneseCountingThousand", "taiwaneseCounting",
                "ideographTraditional", "chineseLegalSimplified"):  # fmt: skip
        return chinese(number)
    if form == "decimalZero":
        return f"{number:02d}"
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form == "ordinal":
        last = (
            "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        )
        return f"{number}{last}"
    return str(number)


def roman(number: int) -> str:
    out = ""
    for value, sign in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
                        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"),
                        (1, "I")):  # fmt: skip
        out += sign * (number // value)
        number %= value
    return out


def chinese(number: int) -> str:
    """Below ten thousand: 一, 十二, 二十, 一百零三."""
    if number == 0:
        return "零"
    out, gap = "", False
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // value % 10
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + unit
            gap = False
        else:
            gap = bool(out)
    return out[1:] if out.startswith("一十") else out
