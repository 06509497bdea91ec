"""The paragraphs of a shape on a slide: text, level, and the bullet or number before it."""

import re
from typing import Any, NamedTuple

from tenth.documents.office.docx_styles import spelled
from tenth.documents.office.omml import linear
from tenth.documents.office.xml import child, children, chosen, every, integer, tag

_SAYS = ("a:buNone", "a:buChar", "a:buAutoNum", "a:buBlip")
_NUMBERS = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter",
            "romanLc": "lowerRoman", "romanUc": "upperRoman", "circleNum": "decimalEnclosedCircle",
            "ea1": "chineseCounting"}  # fmt: skip


class Line(NamedTuple):
    text: str
    level: int
    bullet: bool
    formula: bool


def lines(body: Any, styles: tuple[Any, ...] = ()) -> list[Line]:
    """Of an `a:txBody` or its like; empty paragraphs are left out."""
    found: list[Line] = []
    counts: dict[int, int] = {}
    for paragraph in children(body, "a:p"):
        properties = child(paragraph, "a:pPr")
        level = min(8, max(0, integer(properties.get("lvl")))) if properties is not None else 0
        text, formula = text_of(paragraph)
        if not text.strip():
            continue
        bullet = _bullet(properties, level, styles)
        numbered = bullet is not None and tag(bullet) == "a:buAutoNum"
        for deeper in [key for key in counts if key > level or (key == level and not numbered)]:
            del counts[deeper]
        if bullet is not None and numbered:
            counts[level] = counts.get(level, integer(bullet.get("startAt"), 1) - 1) + 1
            text = f"{_number(counts[level], bullet.get('type', ''))} {text.strip()}"
        shown = bullet is not None and tag(bullet) != "a:buNone"
        found.append(Line(text.strip(), level if shown else 0, shown, formula))
    return found


def text_of(paragraph: Any) -> tuple[str, bool]:
    """Its text, and whether equations are all of it."""
    text, plain = "", ""
    for item in chosen(paragraph):
        name = tag(item)
        if name in ("a:r", "a:fld"):
            part = "".join(t.text or "" for t in children(item, "a:t"))
            text, plain = text + part, plain + part
        elif name == "a:br":
            text += "\n"
        elif name == "a14:m" or name.startswith("m:"):
            equations = list(every(item, "m:oMath"))
            text += " ".join(" ".join(linear(e).split()) for e in equations)
    text = text.replace("\v", "\n")
    return text, bool(text.strip()) and not plain.strip()


def plain(body: Any) -> str:
    return "\n".join(filter(None, (text_of(p)[0].strip() for p in every(body, "a:p"))))


def _bullet(properties: Any, level: int, styles: tuple[Any, ...]) -> Any:
    """What says of the bullet first: the paragraph, else the nearest list style; or None."""
    sources = [properties, *(child(style, f"a:lvl{level + 1}pPr") for style in styles)]
    for source in sources:
        for item in source if source is not None else ():
            if tag(item) in _SAYS:
                return item
    return None


def _number(count: int, form: str) -> str:
    match = re.match(r"(arabic|alphaLc|alphaUc|romanLc|romanUc|circleNum|ea1)", form)
    number = spelled(count, _NUMBERS[match[1]] if match else "decimal")
    if form.endswith("ParenBoth"):
        return f"({number})"
    return number + (")" if form.endswith("ParenR") else "." if form.endswith("Period") else "")
