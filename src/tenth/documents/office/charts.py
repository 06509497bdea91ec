"""Reads the numbers that a chart carries with it: bars, lines, pies, scatters, and the newer kinds.

A chart's XML caches what it last showed; the workbook behind it is not opened.
"""

from typing import Any

from tenth.documents.model import Box, Chart
from tenth.documents.office.formats import shown
from tenth.documents.office.xml import child, children, every, integer, tag, value_of

MOST_POINTS = 100_000  # of one series: more is no chart, but a count that lies
Series = tuple[str, tuple[float | None, ...], tuple[str, ...], str]  # name, values, categories, ref


def charts_of(root: Any, page: int = 0, box: Box | None = None) -> list[Chart]:
    """One chart, or more where its series have categories of their own, as scatters may."""
    if tag(root) == "cx:chartSpace":
        kind, title, found = _newer(root)
    else:
        kind, title, found = _older(root)
    groups: dict[tuple[str, ...], list[Series]] = {}
    for series in found:
        categories = series[2] or next(iter(groups), ())
        groups.setdefault(categories, []).append(series)
    return [
        Chart(
            kind=kind,
            title=title,
            categories=categories,
            series=tuple((name, values) for name, values, _, _ in group),
            page=page,
            box=box,
            ref=", ".join(ref for _, _, _, ref in group if ref),
        )
        for categories, group in (groups or {(): []}).items()
    ]


def _older(root: Any) -> tuple[str, str, list[Series]]:
    plot = child(root, "c:chart", "c:plotArea")
    kinds: list[str] = []
    found: list[Series] = []
    for group in plot if plot is not None else ():
        name = tag(group).removeprefix("c:")
        if not name.endswith("Chart"):
            continue
        kind = name.removesuffix("Chart")
        if kind not in kinds:
            kinds.append(kind)
        for series in children(group, "c:ser"):
            found += _series(series)
    return "+".join(kinds), _title(child(root, "c:chart", "c:title")), found


def _title(element: Any) -> str:
    if element is None:
        return ""
    written = ["".join(t.text or "" for t in every(p, "a:t")) for p in every(element, "a:p")]
    cached = [v.text or "" for v in every(element, "c:v", "cx:v")]
    return " ".join(" ".join(part for part in written or cached if part).split())


def _series(series: Any) -> list[Series]:
    name = _title(child(series, "c:tx"))
    categories = _texts(child(series, "c:cat"))
    if not categories:
        categories = _texts(child(series, "c:xVal"))
    found = []
    for where, suffix in (("c:val", ""), ("c:yVal", ""), ("c:bubbleSize", " (size)")):
        source = child(series, where)
        if source is not None:
            values = tuple(map(_number, _points(_cache(source))))
            ref = "".join(f.text or "" for f in every(source, "c:f"))
            found.append((name + suffix, values, categories, ref))
    return found


def _cache(source: Any) -> Any:
    """The element that holds the points: a cache of a reference, or literal ones."""
    return next(every(source, "c:numCache", "c:strCache", "c:numLit", "c:strLit"), None)


def _points(cache: Any) -> list[str | None]:
    """Texts by their index; a point that is not there is None."""
    if cache is None:
        return []
    texts = {}
    for point in every(cache, "c:pt", "cx:pt"):
        index = integer(point.get("idx"), -1)
        if 0 <= index < MOST_POINTS:
            value = child(point, "c:v")
            texts[index] = (point.text if value is None else value.text) or ""
    count = integer(value_of(cache, "c:ptCount") or cache.get("ptCount"))
    count = max(count if count <= MOST_POINTS else 0, max(texts, default=-1) + 1)
    return [texts.get(i) for i in range(count)]


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:  # "#N/A", or nothing
        return None
    return value if abs(value) != float("inf") and value == value else None


def _texts(source: Any) -> tuple[str, ...]:
    if source is None:
        return ()
    levels = next(every(source, "c:multiLvlStrCache"), None)
    if levels is not None:
        return _levels([_points(level) for level in children(levels, "c:lvl")])
    cache = _cache(source)
    points = _points(cache)
    code = next((e.text for e in every(source, "c:formatCode")), None) or "General"
    numeric = cache is not None and tag(cache) in ("c:numCache", "c:numLit")
    return tuple(_shown(text, code) if numeric else text or "" for text in points)


def _shown(text: str | None, code: str) -> str:
    number = _number(text)
    return text or "" if number is None else shown(number, code)


def _levels(levels: list[list[str | None]]) -> tuple[str, ...]:
    """Innermost level first; an outer one names each group at its first point."""
    count = max(map(len, levels), default=0)
    names = [""] * count
    for depth, level in enumerate(levels):
        held = ""
        for i in range(count):
            text = level[i] if i < len(level) else None
            held = text if text is not None else held if depth else ""
            names[i] = f"{held} {names[i]}".strip()
    return tuple(names)


def _newer(root: Any) -> tuple[str, str, list[Series]]:
    """Waterfalls, treemaps, funnels and their like: their data stand apart from their series."""
    data = {d.get("id"): d for d in every(root, "cx:data")}
    kinds: list[str] = []
    found: list[Series] = []
    for series in every(root, "cx:series"):
        kind = series.get("layoutId") or "chart"
        if kind not in kinds:
            kinds.append(kind)
        source = data.get(value_of(series, "cx:dataId"))
        if source is None:
            continue
        name = next((v.text or "" for v in every(series, "cx:v")), "")
        levels = [
            _points(lvl) for dim in children(source, "cx:strDim") for lvl in every(dim, "cx:lvl")
        ]
        for dim in children(source, "cx:numDim"):
            level = child(dim, "cx:lvl")
            values = tuple(map(_number, _points(level)))
            found.append((name, values, _levels(levels), _formula(dim)))
    return "+".join(kinds), _title(next(every(root, "cx:title"), None)), found


def _formula(dim: Any) -> str:
    formula = child(dim, "cx:f")
    return "" if formula is None else formula.text or ""
