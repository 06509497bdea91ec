"""What a PDF page draws besides text, as it is shown: straight lines, shaded areas, images."""

import ctypes
import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from tenth.documents.model import Box
from tenth.documents.page.ink import Rule

THIN = 3.0  # points: a filled box no thicker serves as a line
SHORT = 2.0  # points: shorter lines are dots of a leader or parts of a drawing
PALE = 247  # of 255: a lighter fill or line is not seen
MAX_DEPTH = 6  # forms within forms
MAX_RULES = 4_000  # of a page: more are hatching or a map
MAX_OBJECTS = 40_000  # of a page: a drawing beyond that is no table


class Matrix(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def then(self, other: "Matrix") -> "Matrix":
        return Matrix(
            self.a * other.a + self.b * other.c,
            self.a * other.b + self.b * other.d,
            self.c * other.a + self.d * other.c,
            self.c * other.b + self.d * other.d,
            self.e * other.a + self.f * other.c + other.e,
            self.e * other.b + self.f * other.d + other.f,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The box around a box of a space turned by quarters."""
        ax, ay = self.point(x0, y0)
        bx, by = self.point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


IDENTITY = Matrix(1, 0, 0, 1, 0, 0)


def drawn(page: pypdfium2.PdfPage, to_shown: Matrix) -> tuple[list[Rule], list[Box], list[Box]]:
    """Rules, fills and images."""
    rules: list[Rule] = []
    fills: list[Box] = []
    images: list[Box] = []
    for item, kind, matrix in _objects(page, to_shown):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            images.append(_image(item, matrix))
        else:
            _path(item, matrix, rules, fills)
    rules = [r for r in _joined(rules) if max(r.x1 - r.x0, r.y1 - r.y0) >= SHORT]
    return (rules if len(rules) <= MAX_RULES else []), fills[:MAX_RULES], images


def _objects(page: pypdfium2.PdfPage, to_shown: Matrix) -> Iterator[tuple[Any, int, Matrix]]:
    """Paths and images, each with the way from its own container to the page as shown."""
    left = MAX_OBJECTS

    def inside(count: int, get: Any, matrix: Matrix, depth: int) -> Iterator[Any]:
        nonlocal left
        for i in range(count):
            left -= 1
            if left < 0:
                return
            item = get(i)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
                yield item, kind, matrix
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                yield from inside(
                    pdfium.FPDFFormObj_CountObjects(item),
                    lambda k, form=item: pdfium.FPDFFormObj_GetObject(form, k),
                    _matrix_of(item).then(matrix),
                    depth + 1,
                )

    raw = page.raw
    count = pdfium.FPDFPage_CountObjects(raw)
    yield from inside(count, lambda k: pdfium.FPDFPage_GetObject(raw, k), to_shown, 0)


def _matrix_of(item: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _image(item: Any, matrix: Matrix) -> Box:
    whole = _matrix_of(item).then(matrix)  # an image is drawn on the unit square
    xs, ys = zip(*(whole.point(x, y) for x in (0, 1) for y in (0, 1)), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _path(item: Any, matrix: Matrix, rules: list[Rule], fills: list[Box]) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    filled = bool(fill.value) and _is_seen(item, pdfium.FPDFPageObj_GetFillColor)
    stroked = bool(stroke.value) and _is_seen(item, pdfium.FPDFPageObj_GetStrokeColor)
    if not filled and not stroked:
        return
    for points, closed in _subpaths(item, _matrix_of(item).then(matrix)):
        box = _box_of(points)
        if filled and box is not None:
            x0, y0, x1, y1 = box
            if min(x1 - x0, y1 - y0) <= THIN:
                _add_rule(rules, *box)
                continue
            fills.append(box)
        if stroked:
            ends = [*points, points[0]] if closed else points
            for (ax, ay), (bx, by) in itertools.pairwise(ends):
                if abs(ax - bx) < 0.3 or abs(ay - by) < 0.3:
                    _add_rule(rules, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _add_rule(rules: list[Rule], x0: float, y0: float, x1: float, y1: float) -> None:
    if x1 - x0 < math.inf and y1 - y0 < math.inf:  # nor are they no numbers at all
        rules.append(Rule(x0, y0, x1, y1))


def _is_seen(item: Any, get_color: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    ok = get_color(item, *(ctypes.byref(c) for c in (red, green, blue, alpha)))
    if not ok:
        return True  # a pattern or shading
    return alpha.value > 8 and min(red.value, green.value, blue.value) < PALE


def _subpaths(item: Any, matrix: Matrix) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The corners of each part of a path, and whether it returns to its start. Curves end a part:
    no table is drawn with them."""
    points: list[tuple[float, float]] = []
    closed = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(min(pdfium.FPDFPath_CountSegments(item), 20_000)):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            points, closed = [], False
            continue
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, closed
            points, closed = [], False
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        points.append(matrix.point(x.value, y.value))
        closed = closed or bool(pdfium.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield points, closed


def _box_of(points: list[tuple[float, float]]) -> Box | None:
    """The box that these corners draw, if they draw one."""
    if not 4 <= len(points) <= 6:
        return None
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    on_edges = all(min(x - x0, x1 - x) < 0.3 and min(y - y0, y1 - y) < 0.3 for x, y in points)
    return (x0, y0, x1, y1) if on_edges else None


def _joined(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line as one rule: dashes, and the edges of neighbouring cells."""
    joined: list[Rule] = []
    for horizontal in (True, False):
        lying = [rule for rule in rules if rule.horizontal == horizontal]
        key = (lambda r: (round(r.y0 + r.y1), r.x0)) if horizontal else (
            lambda r: (round(r.x0 + r.x1), r.y0)
        )  # fmt: skip
        current: Rule | None = None
        for rule in sorted(lying, key=key):
            if current is not None and _meet(current, rule, horizontal):
                current = Rule(
                    min(current.x0, rule.x0), min(current.y0, rule.y0),
                    max(current.x1, rule.x1), max(current.y1, rule.y1),
                )  # fmt: skip
                continue
            if current is not None:
                joined.append(current)
            current = rule
        if current is not None:
            joined.append(current)
    return joined


def _meet(a: Rule, b: Rule, horizontal: bool) -> bool:
    if horizontal:
        near = b.x0 <= a.x1 + 1.5 and a.x0 <= b.x1 + 1.5
        return near and abs((a.y0 + a.y1) - (b.y0 + b.y1)) < 2
    near = b.y0 <= a.y1 + 1.5 and a.y0 <= b.y1 + 1.5
    return near and abs((a.x0 + a.x1) - (b.x0 + b.x1)) < 2
