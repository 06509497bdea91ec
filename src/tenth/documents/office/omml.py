"""Office equations as a line of text in LaTeX's manner; symbols stay the characters they are."""

from collections.abc import Callable
from typing import Any

from tenth.documents.office.xml import child, children, is_on, tag, value_of

_BIG = dict(zip("∑∏∫∬∭∮⋃⋂∐⋁⋀", (
    r"\sum", r"\prod", r"\int", r"\iint", r"\iiint", r"\oint", r"\bigcup", r"\bigcap", r"\coprod",
    r"\bigvee", r"\bigwedge",
), strict=True))  # fmt: skip
_ACCENTS = {"\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\overline",
            "\u0307": r"\dot", "\u0308": r"\ddot", "\u20d7": r"\vec", "\u0332": r"\underline",
            "\u030c": r"\check", "\u0306": r"\breve"}  # fmt: skip
_FUNCTIONS = frozenset({
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan",
    "log", "ln", "lg", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "gcd", "arg", "ker",
    "Pr",
})  # fmt: skip


def linear(element: Any) -> str:
    """An equation, or a part of one."""
    return "" if element is None else "".join(map(_one, element))


def _one(item: Any) -> str:
    name = tag(item)
    if name == "m:r":
        return "".join(e.text or "" for e in item if tag(e) in ("m:t", "w:t"))
    shape = _SHAPES.get(name)
    if shape is not None:
        return shape(item, lambda *path: linear(child(item, *path)))
    if name.endswith("Pr") or name in ("w:del", "w:moveFrom", "m:ctrlPr"):
        return ""
    return linear(item)  # m:oMath, m:e, boxes, phantoms, and what is not known


Inner = Callable[..., str]  # the text of the child at a path


def _grouped(text: str) -> str:
    return f"{{{text}}}"


def _scripted(base: str, low: str, high: str) -> str:
    if "\\" in base and not base.startswith("("):
        base = _grouped(base)  # the exponent is the whole fraction's, not its last part's
    return (base or "{}") + (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")


def _fraction(item: Any, inner: Inner) -> str:
    above, below = inner("m:num"), inner("m:den")
    if value_of(item, "m:fPr", "m:type") == "lin":
        return f"{above}/{below}"
    if value_of(item, "m:fPr", "m:type") == "noBar":
        return rf"\binom{{{above}}}{{{below}}}"
    return rf"\frac{{{above}}}{{{below}}}"


def _root(item: Any, inner: Inner) -> str:
    degree = inner("m:deg")
    return rf"\sqrt[{degree}]{{{inner('m:e')}}}" if degree else rf"\sqrt{{{inner('m:e')}}}"


def _nary(item: Any, inner: Inner) -> str:
    sign = value_of(item, "m:naryPr", "m:chr") or "∫"
    low = "" if is_on(item, "m:naryPr", "m:subHide") else inner("m:sub")
    high = "" if is_on(item, "m:naryPr", "m:supHide") else inner("m:sup")
    limits = (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")
    return f"{_BIG.get(sign, sign)}{limits} {inner('m:e')}"


def _delimited(item: Any, inner: Inner) -> str:
    properties = child(item, "m:dPr")
    parts = [linear(e) for e in children(item, "m:e")]

    def sign(name: str, default: str) -> str:
        given = child(properties, name) if properties is not None else None
        return default if given is None else value_of(properties, name)

    return sign("m:begChr", "(") + sign("m:sepChr", "|").join(parts) + sign("m:endChr", ")")


def _function(item: Any, inner: Inner) -> str:
    name = inner("m:fName")
    word = name.split("_")[0].split("^")[0]
    name = f"\\{name}" if word in _FUNCTIONS else name
    argument = inner("m:e")
    return f"{name}{argument}" if argument.startswith(("(", "[", "{")) else f"{name} {argument}"


def _array(item: Any, inner: Inner) -> str:
    return r" \\ ".join(linear(e) for e in children(item, "m:e"))


def _matrix(item: Any, inner: Inner) -> str:
    rows = (" & ".join(linear(e) for e in children(r, "m:e")) for r in children(item, "m:mr"))
    return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"


def _accent(item: Any, inner: Inner) -> str:
    sign = value_of(item, "m:accPr", "m:chr") or "\u0302"
    return f"{_ACCENTS[sign]}{{{inner('m:e')}}}" if sign in _ACCENTS else inner("m:e") + sign


def _bar(item: Any, inner: Inner) -> str:
    low = value_of(item, "m:barPr", "m:pos") != "top"
    return (r"\underline" if low else r"\overline") + _grouped(inner("m:e"))


def _brace(item: Any, inner: Inner) -> str:
    sign = value_of(item, "m:groupChrPr", "m:chr") or "⏟"
    name = {"⏟": r"\underbrace", "⏞": r"\overbrace"}.get(sign)
    if name:
        return name + _grouped(inner("m:e"))
    side = "overset" if value_of(item, "m:groupChrPr", "m:pos") == "top" else "underset"
    return rf"\{side}{{{sign}}}{{{inner('m:e')}}}"


_SHAPES: dict[str, Callable[[Any, Inner], str]] = {
    "m:f": _fraction,
    "m:rad": _root,
    "m:nary": _nary,
    "m:d": _delimited,
    "m:func": _function,
    "m:eqArr": _array,
    "m:m": _matrix,
    "m:acc": _accent,
    "m:bar": _bar,
    "m:groupChr": _brace,
    "m:sSup": lambda item, inner: _scripted(inner("m:e"), "", inner("m:sup")),
    "m:sSub": lambda item, inner: _scripted(inner("m:e"), inner("m:sub"), ""),
    "m:sSubSup": lambda item, inner: _scripted(inner("m:e"), inner("m:sub"), inner("m:sup")),
    "m:sPre": lambda item, inner: _scripted("", inner("m:sub"), inner("m:sup")) + inner("m:e"),
    "m:limLow": lambda item, inner: f"{inner('m:e')}_{{{inner('m:lim')}}}",
    "m:limUpp": lambda item, inner: f"{inner('m:e')}^{{{inner('m:lim')}}}",
}
