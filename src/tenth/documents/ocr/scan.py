"""The pixels of a scanned page: set upright and straight, its ink in pieces, its ruling lines."""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from tenth.documents.page.ink import Rule

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Matrix = np.ndarray[Any, np.dtype[np.float64]]  # (2, 3), or (3, 3) with the last row 0 0 1

LEAST_SKEW = 0.12  # degrees; less moves no line by more than a point
MOST_SKEW = 12.0  # more is a sloping text, not a skewed scan
THICKEST = 3.5  # points: of a ruling line
SHORTEST_ACROSS, SHORTEST_DOWN = 16.0, 14.0  # points: of a ruling line
STROKE = 6.0  # points: of a letter are shorter, mostly
AROUND = 12.0  # points: wider than any stroke but those of headlines
FAINTEST = 28  # gray levels between paper and print
FAINTEST_LINE = 10  # ... between a line and what is beside it
HAIRLINE = 2.2  # points: thinner than the strokes of headlines, with what is beside it
SHORTEST_FAINT = 24.0  # points
SPECK = 0.12  # square points: smaller pieces are dirt or noise


def gray(image: Any) -> Pixels:
    """An image of any mode as gray levels, what is transparent as white paper."""
    pixels = np.asarray(image)
    if pixels.dtype == bool:
        pixels = pixels.astype(np.uint8) * 255
    if pixels.ndim == 3 and pixels.shape[2] in (2, 4):
        alpha = pixels[..., -1:].astype(np.uint16)
        pixels = (pixels[..., :-1] * alpha + 255 * (255 - alpha)) // 255
    if pixels.ndim == 3:
        pixels = (
            pixels[..., 0] if pixels.shape[2] == 1 else pixels @ np.array([0.299, 0.587, 0.114])
        )
    if pixels.dtype != np.uint8:
        pixels = pixels.round().clip(0, 255).astype(np.uint8)
    return np.ascontiguousarray(pixels)


def turned(page: Pixels, quarters: int, skew: float) -> tuple[Pixels, Matrix]:
    """The page turned clockwise by quarters and straightened by `skew` degrees (clockwise skew),
    and the matrix from its pixels back to the page's own."""
    height, width = page.shape
    if quarters % 4:
        page = np.ascontiguousarray(np.rot90(page, -quarters))
    back = np.array(
        {
            0: ((1, 0, 0), (0, 1, 0)),
            1: ((0, 1, 0), (-1, 0, height)),
            2: ((-1, 0, width), (0, -1, height)),
            3: ((0, -1, width), (1, 0, 0)),
        }[quarters % 4],
        float,
    )
    if abs(skew) < LEAST_SKEW:
        return page, back
    h, w = page.shape
    sine, cosine = abs(math.sin(math.radians(skew))), math.cos(math.radians(skew))
    new_w, new_h = round(w * cosine + h * sine), round(h * cosine + w * sine)
    straighten = cv2.getRotationMatrix2D((w / 2, h / 2), skew, 1.0)
    straighten[:, 2] += (new_w - w) / 2, (new_h - h) / 2
    paper = int(np.median(page[:: max(1, h // 200), :: max(1, w // 200)]))
    page = cv2.warpAffine(
        page, straighten, (new_w, new_h), flags=cv2.INTER_CUBIC, borderValue=paper
    )  # type: ignore[call-overload]
    return page, back @ np.vstack([cv2.invertAffineTransform(straighten), (0, 0, 1)])


def sharpened(page: Pixels, scale: float, skew: float) -> float:
    """A skew in degrees near `skew`: the one whose rows of ink stand out most."""
    factor = min(1.0, 100 / 72 / scale)
    small = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = dark(small, scale * factor)  # type: ignore[arg-type]
    h, w = ink.shape
    angles = skew + np.arange(-0.6, 0.61, 0.06)

    def contrast(angle: float) -> float:
        shear = np.array([[1, 0, 0], [-math.tan(math.radians(angle)), 1, 0]])
        rows = cv2.warpAffine(ink, shear, (w, h), flags=cv2.INTER_NEAREST).sum(axis=1, dtype=float)
        return float(np.square(np.diff(rows)).sum())

    best = max(angles, key=contrast)
    return 0.0 if contrast(0.0) >= 0.97 * contrast(best) else float(best)


@dataclass
class Pieces:
    """The connected pieces of ink on a page: characters, mostly, or what is left of them."""

    boxes: np.ndarray  # (n, 4) in pixels: x0, y0, x1, y1
    rules: list[Rule]  # in pixels

    def within(self, x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
        """The boxes of those whose middle is inside."""
        b = self.boxes
        x, y = (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2
        return b[(x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)]


def grouped(boxes: np.ndarray, reach: float, shape: tuple[int, ...]) -> np.ndarray:
    """The boxes around boxes that are no farther apart than `reach` along the line."""
    mask = np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in boxes.tolist():
        left, right = max(0, round(x0 - reach / 2)), round(x1 + reach / 2)
        mask[int(y0) : int(y1), left:right] = 255
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    x, y, w, h = (stats[1:, i] for i in range(4))
    return np.stack([x + reach / 2, y, x + w - reach / 2, y + h], axis=1)


def pieces(page: Pixels, scale: float, lines: np.ndarray) -> Pieces:
    """The ink of an upright page with `scale` pixels a point, ruling lines apart.

    `lines` are the boxes of its lines of text: strokes within one are of its letters.
    """
    mask = dark(page, scale)
    for x0, y0, x1, y1 in lines.astype(int).tolist():
        if mask[y0:y1, x0:x1].mean() > 0.5 * 255:  # a shaded band
            mask[y0:y1, x0:x1] = _on_shade(page[y0:y1, x0:x1])
    faint = [faint_lines(page, scale, across) for across in (True, False)]
    rules = [rule for rule in ruling_lines(mask, scale, faint) if not _stroke(rule, lines)]
    for rule in rules:
        x0, y0, x1, y1 = (round(v) for v in (rule.x0, rule.y0, rule.x1, rule.y1))
        mask[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    stats = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= max(2.0, SPECK * scale * scale)]
    x, y, w, h = (stats[:, i] for i in range(4))
    return Pieces(np.stack([x, y, x + w, y + h], axis=1).astype(float), rules)


def _on_shade(line: Pixels) -> Pixels:
    """The print of a line that is darker or lighter than the shade it stands on."""
    _, ink = cv2.threshold(line, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return 255 - ink if ink.mean() > 0.5 * 255 else ink  # type: ignore[return-value]


def _stroke(rule: Rule, lines: np.ndarray) -> bool:
    """Whether a line stands within the print of a line of text; an underline stands below it."""
    x0, y0, x1, y1 = lines.T
    above, below = (0.05, 0.15) if rule.horizontal else (0, 0)
    high = y1 - y0
    inside = (x0 <= rule.x0) & (rule.x1 <= x1)
    inside &= (y0 + above * high <= rule.y0) & (rule.y1 <= y1 - below * high)
    return bool(inside.any())


def dark(page: Pixels, scale: float) -> Pixels:
    """255 where there is ink: nearer to the darkest around than to the paper around.

    So that shades do not count, light print does, and neighbouring letters stay apart.
    """
    smooth = cv2.GaussianBlur(page, (3, 3), 0)
    window = np.ones((round(AROUND * scale) | 1,) * 2, np.uint8)
    paper = cv2.blur(cv2.dilate(smooth, window), window.shape).astype(np.int16)
    darkness = paper - smooth
    del paper, smooth  # a large page's are 9 MB and more each
    darkness -= int(np.median(darkness))  # the brightest speck around is brighter than the paper
    noise = float(np.median(np.abs(darkness)))
    # A shade far from print has no darker ink around it: the page's own print is the measure then.
    print_here = int(0.6 * np.percentile(darkness[::2, ::2], 99.8))
    deepest = np.maximum(cv2.dilate(darkness, window), np.int16(print_here))
    ink = darkness > max(FAINTEST, round(6 * noise))
    ink &= darkness > (deepest * np.float32(0.45)).astype(np.int16)
    return ink.astype(np.uint8) * 255


def faint_lines(page: Pixels, scale: float, across: bool) -> Pixels:
    """255 on thin straight lines darker than what is right beside them: hairlines, lines on shades.

    They are longer than words, whose letters' feet may nearly touch.
    """
    smooth: Pixels = cv2.GaussianBlur(page, (3, 3), 0)  # type: ignore[assignment]
    depth = _along(smooth, cv2.MORPH_BLACKHAT, HAIRLINE * scale, not across)
    level = max(FAINTEST_LINE, 4 * float(np.median(depth)))
    ink = (depth > level).astype(np.uint8) * 255
    return _along(ink, cv2.MORPH_OPEN, SHORTEST_FAINT * scale, across)


def ruling_lines(mask: Pixels, scale: float, faint: list[Pixels]) -> list[Rule]:
    """Straight lines in a mask of ink, in its pixels. `faint`: further ink, across and down."""
    found = []
    for across, more in zip((True, False), faint, strict=True):
        least = SHORTEST_ACROSS if across else SHORTEST_DOWN
        # Strokes longer than a letter's; the gaps between them, where a scan broke a line, closed.
        strokes = _along(mask, cv2.MORPH_OPEN, STROKE * scale, across) | more
        joined = _along(strokes, cv2.MORPH_CLOSE, 2 * scale, across)
        kept = _along(joined, cv2.MORPH_OPEN, least * scale, across)
        _, _, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8, ltype=cv2.CV_32S)
        for x, y, w, h, _ in stats[1:].tolist():
            length, thickness = (w, h) if across else (h, w)
            if thickness <= THICKEST * scale and length > 6 * thickness:
                found.append(Rule(x, y, x + w, y + h))
    return found


def _along(mask: Pixels, operation: int, length: float, across: bool) -> Pixels:
    size = max(1, round(length))
    shape = (1, size) if across else (size, 1)
    return cv2.morphologyEx(mask, operation, np.ones(shape, np.uint8))  # type: ignore[return-value]
