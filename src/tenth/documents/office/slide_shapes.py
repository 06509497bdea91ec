"""Where a slide's shapes stand: through groups, and for placeholders through layout and master."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tenth.documents.model import Box
from tenth.documents.office.package import Package
from tenth.documents.office.xml import EMU, child, chosen, every, integer, tag

_SHAPES = frozenset({"p:sp", "p:pic", "p:graphicFrame", "p:cxnSp", "p:contentPart"})
_FRAMES = ("p:nvSpPr", "p:nvPicPr", "p:nvGraphicFramePr", "p:nvCxnSpPr", "p:nvGrpSpPr")
SAME_ROW = 12.0  # points that tops may differ by
_BODY = ("", "body", "obj", "subTitle", "tbl", "chart", "pic", "media", "dgm", "clipArt")


class Shape(NamedTuple):
    element: Any
    box: Box | None
    place: str | None  # a placeholder's type, "" the plain one; None: no placeholder
    styles: tuple[Any, ...]  # list styles, the nearest first: what a level's bullets are


class View(NamedTuple):
    """From a group's own coordinates to the slide's, in EMU."""

    x: float = 0.0
    y: float = 0.0
    scale_x: float = 1.0
    scale_y: float = 1.0

    def within(self, frame: Any) -> "View":
        """As the children of a group with this `a:xfrm` are seen."""
        off, size = _pair(frame, "a:off", "x", "y"), _pair(frame, "a:ext", "cx", "cy")
        inner, extent = _pair(frame, "a:chOff", "x", "y"), _pair(frame, "a:chExt", "cx", "cy")
        if off is None or size is None or inner is None or extent is None:
            return self
        scale_x = size[0] / extent[0] if extent[0] else 1.0
        scale_y = size[1] / extent[1] if extent[1] else 1.0
        return View(
            self.x + self.scale_x * (off[0] - inner[0] * scale_x),
            self.y + self.scale_y * (off[1] - inner[1] * scale_y),
            self.scale_x * scale_x,
            self.scale_y * scale_y,
        )

    def box(self, frame: Any) -> Box | None:
        off, size = _pair(frame, "a:off", "x", "y"), _pair(frame, "a:ext", "cx", "cy")
        if off is None or size is None:
            return None
        x, y = self.x + self.scale_x * off[0], self.y + self.scale_y * off[1]
        width, height = self.scale_x * size[0], self.scale_y * size[1]
        turn = integer(frame.get("rot")) / 60_000 % 180
        if 45 <= turn < 135:  # it stands on its side
            x, y = x + (width - height) / 2, y + (height - width) / 2
            width, height = height, width
        return x / EMU, y / EMU, (x + width) / EMU, (y + height) / EMU


def _pair(frame: Any, name: str, first: str, second: str) -> tuple[int, int] | None:
    found = None if frame is None else child(frame, name)
    return None if found is None else (integer(found.get(first)), integer(found.get(second)))


class Placeholders:
    """What a slide's placeholders take from its layout, and that from its master."""

    def __init__(self, package: Package, layout: str):
        self._levels: list[list[tuple[str, str, Any]]] = []  # layout, master: (type, idx, shape)
        self._text: Any = None  # the master's text styles
        for part in [layout, *package.related(layout, "slideMaster")[:1]] if layout else []:
            root = package.tree(part)
            self._levels.append([(*_place(shape), shape) for shape in every(root, "p:sp")])
            self._text = child(root, "p:txStyles")

    def like(self, kind: str, index: str) -> Iterator[Any]:
        for depth, level in enumerate(self._levels):
            same = [s for t, i, s in level if (i == index if not depth else _alike(t, kind))]
            yield from same[:1]

    def text_style(self, kind: str) -> Any:
        if self._text is None or kind not in _BODY:
            return None
        return child(self._text, "p:bodyStyle")


def _alike(one: str, other: str) -> bool:
    title = ("title", "ctrTitle")
    return one == other or (one in title and other in title) or (one in _BODY and other in _BODY)


def _place(shape: Any) -> tuple[str, str]:
    """A placeholder's type and index; ("-", "") where it is none."""
    found = _placeholder(shape)
    return ("-", "") if found is None else (found.get("type", ""), found.get("idx", "0"))


def _placeholder(shape: Any) -> Any:
    for name in _FRAMES:
        found = child(shape, name, "p:nvPr", "p:ph")
        if found is not None:
            return found
    return None


def _frame(shape: Any) -> Any:
    for path in (("p:spPr", "a:xfrm"), ("p:grpSpPr", "a:xfrm"), ("p:xfrm",)):
        found = child(shape, *path)
        if found is not None:
            return found
    return None


def shapes(tree: Any, known: Placeholders, view: View | None = None) -> list[Shape]:
    """All shapes below a shape tree or group, in reading order; a group's stay together."""
    view = view or View()
    units: list[tuple[Box | None, list[Shape]]] = []
    for element in chosen(tree):
        name = tag(element)
        if name == "p:grpSp":
            frame = _frame(element)
            inner = shapes(element, known, view if frame is None else view.within(frame))
            units.append((None if frame is None else view.box(frame), inner))
        elif name in _SHAPES or (
            name.startswith("?:") and next(every(element, "a:t"), None) is not None
        ):
            shape = _shape(element, known, view)
            units.append((shape.box, [shape]))
    return [shape for _, unit in in_order(units) for shape in unit]


def _shape(element: Any, known: Placeholders, view: View) -> Shape:
    frame, styles = _frame(element), [child(element, "p:txBody", "a:lstStyle")]
    kind, index = _place(element)
    if kind == "-":
        return Shape(element, view.box(frame) if frame is not None else None, None, tuple(styles))
    for above in known.like(kind, index):
        styles.append(child(above, "p:txBody", "a:lstStyle"))
        frame = _frame(above) if frame is None else frame
    styles.append(known.text_style(kind))
    box = view.box(frame) if frame is not None else None
    return Shape(element, box, kind, tuple(s for s in styles if s is not None))


def in_order(units: list[tuple[Box | None, list[Shape]]]) -> list[tuple[Box | None, list[Shape]]]:
    """Top to bottom, what stands side by side left to right; what stands nowhere comes last."""
    placed = sorted((u for u in units if u[0]), key=lambda u: u[0][1] if u[0] else 0.0)
    rows: list[list[tuple[Box | None, list[Shape]]]] = []
    top = 0.0
    for unit in placed:
        assert unit[0] is not None
        if not rows or unit[0][1] - top > SAME_ROW:
            rows.append([])
            top = unit[0][1]
        rows[-1].append(unit)
    ordered = [u for row in rows for u in sorted(row, key=lambda u: u[0][0] if u[0] else 0.0)]
    return ordered + [u for u in units if not u[0]]
