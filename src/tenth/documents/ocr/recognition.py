"""A page without a text layer: its image becomes words and ruling lines, by RapidOCR."""

import ctypes
import logging
import os
import platform
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tenth.config import ReadConfig
from tenth.documents.ocr.around import mended_by_others
from tenth.documents.ocr.numerals import dash
from tenth.documents.ocr.scan import (
    LEAST_SKEW,
    MOST_SKEW,
    Matrix,
    Pieces,
    Pixels,
    gray,
    pieces,
    sharpened,
    turned,
)
from tenth.documents.ocr.words import Line, evened, overlooked, parted, words_of
from tenth.documents.page.ink import Ink, Rule, Shown, Word

RENDER_DPI = 200  # a page is rendered so for OCR
DETECT_DPI = 110  # text is found at this resolution, read at the image's own: memory, time
DETECT_WIDTH = 1280  # pixels: wider pages are shrunk more
BAND, BAND_OVERLAP = 704, 96  # pixels: text is found in bands so high, which bounds memory
MOST_DPI = 300  # finer images are shrunk
MOST_PIXELS = 9_000_000  # and larger ones: A4 at 300 dpi
LEAST_SCORE = 0.3  # recognition below is dirt, stamps, pictures
MOST_LINES = 4  # that detection takes for one
BLANK = 0.3  # of a box's mean ink: a row with less is blank
SURE = 0.7  # ... of what detection had not found
LARGE_BLOCK = 1 << 20  # bytes: larger ones go back to the system when freed


@cache
def engine() -> Any:
    """RapidOCR with the models in its own package, on one thread: pages run side by side."""
    _stay_silent()
    import rapidocr

    _return_freed_memory()
    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    names = {
        "Det": "PP-OCRv6_det_small.onnx",
        "Rec": "PP-OCRv6_rec_small.onnx",
        "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    }
    settings: dict[str, Any] = {
        # Given by path, a model is never fetched: a missing one is an error.
        **{f"{part}.model_path": str(models / name) for part, name in names.items()},
        "Global.log_level": "critical",
        "Global.use_preprocess_img": False,  # sizes are ours to choose
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECT_WIDTH,
        "Rec.rec_batch_num": 1,  # lines of like width do not wait for each other; less memory
    }
    made = rapidocr.RapidOCR(params=settings)
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return made


def _stay_silent() -> None:
    """ONNX Runtime from 1.29 on tells its makers of each start, and leaves a file in the user's
    home, unless the environment forbids it before it is imported."""
    os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["ORT_TELEMETRY_DISABLED"] = "1"


def _return_freed_memory() -> None:
    """glibc keeps freed blocks of a model's activations for itself, half a GiB of them."""
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(-3, LARGE_BLOCK)  # M_MMAP_THRESHOLD
        libc.mallopt(-1, LARGE_BLOCK)  # M_TRIM_THRESHOLD


def read_image(image: Any, scale: float, reason: str, config: ReadConfig) -> Ink:
    """What stands on an image (PIL or numpy) of `scale` pixels a point.

    The ink is upright and straight, so that lines are lines; where the page as shown is not,
    `shown` leads back to it (`shown.as_shown`).
    """
    page = gray(image)
    shown_h, shown_w = page.shape[0] / scale, page.shape[1] / scale
    shrink = min(1.0, MOST_DPI / 72 / scale, (MOST_PIXELS / page.size) ** 0.5)
    page, scale = _resized(page, shrink), scale * shrink
    quads = detect(page, scale)
    quarters = _quarters(page, quads)
    skew = _skew(quads if quarters % 2 == 0 else quads[:, :, ::-1] * (-1, 1))
    skew = sharpened(turned(page, quarters, 0)[0], scale, skew)
    back = None
    if quarters or abs(skew) >= LEAST_SKEW:
        page, back = turned(page, quarters, skew)
        quads = detect(page, scale)
    lines = recognise(page, quads)
    shown = None if back is None else _shown(back, scale, shown_w, shown_h)
    return ink_of(page, scale, lines, reason, shown)


def ink_of(page: Pixels, scale: float, lines: list[Line], reason: str, shown: Shown | None) -> Ink:
    """The words of these lines of a straight page and its ruling lines, in points."""
    lines = parted(lines)
    ink = pieces(page, scale, np.array([line.box for line in lines]).reshape(-1, 4))
    lines += recognise_overlooked(page, lines, ink)
    found = [word for line in lines for word in words_of(line, ink, scale)]
    words = evened(without_doubles(found))
    return Ink(
        width=page.shape[1] / scale,
        height=page.shape[0] / scale,
        words=tuple(mended_by_others(words)),
        rules=tuple(_points(rule, scale) for rule in ink.rules),
        source="ocr",
        reason=reason,
        shown=shown,
    )


def without_doubles(words: list[Word]) -> list[Word]:
    """Words without those that lie within another that holds their text: read twice."""

    def doubles(word: Word, other: Word) -> bool:
        wide = min(word.x1, other.x1) - max(word.x0, other.x0)
        high = min(word.y1, other.y1) - max(word.y0, other.y0)
        area = (word.x1 - word.x0) * (word.y1 - word.y0)
        inside = wide > 0 and high > 0 and wide * high > 0.5 * area
        return inside and len(word.text) < len(other.text) and word.text in other.text

    return [w for w in words if not any(doubles(w, other) for other in words)]


def better(of_text: Ink, of_ocr: Ink) -> Ink:
    """The text layer of a page or what OCR read of it: whichever has more to say."""
    seen, told = _said(of_ocr), _said(of_text)
    # A few words over an image may be all there is to read; what is garbled counts for less.
    least = 1.2 if of_ocr.reason.startswith("a text layer of") else 0.6
    return of_ocr if seen and seen >= least * told else of_text


def _said(ink: Ink) -> int:
    return sum(c.isalnum() for word in ink.words for c in word.text)


def detect(page: Pixels, scale: float) -> np.ndarray:
    """Where lines of text stand: (n, 4, 2), corners in pixels, clockwise from the top left."""
    factor = min(1.0, DETECT_WIDTH / page.shape[1], DETECT_DPI / 72 / scale)
    small = _resized(page, factor)
    step = BAND - BAND_OVERLAP
    found = []
    for top in range(0, max(1, small.shape[0] - BAND_OVERLAP), step):
        band = small[top : top + BAND]
        last = top + BAND >= small.shape[0]
        output = engine()(
            cv2.cvtColor(band, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False
        )
        if output.boxes is None:
            continue
        for quad in np.asarray(output.boxes, float):
            y = quad[:, 1].mean()
            # What stands where bands overlap belongs to the one that holds more around it.
            above = 0 if top == 0 else BAND_OVERLAP / 2
            below = len(band) if last else len(band) - BAND_OVERLAP / 2
            if above <= y < below:
                found.append((quad + np.array((0, top))) / factor)
    return np.array(found).reshape(-1, 4, 2)


def recognise(page: Pixels, quads: np.ndarray) -> list[Line]:
    """The text of each quadrilateral of an upright page."""
    lines = []
    low = np.maximum(quads.min(axis=1), 0)
    high = np.minimum(quads.max(axis=1), (page.shape[1], page.shape[0]))
    boxes = np.concatenate([low, high], axis=1)
    common = float(np.median(boxes[:, 3] - boxes[:, 1])) if len(boxes) else 0.0
    for x0, y0, x1, y1 in (one for box in boxes.tolist() for one in one_by_one(page, box, common)):
        vertical = y1 - y0 > max(1.8 * (x1 - x0), 2.2 * common)
        crop = page[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))]
        if min(crop.shape) < 4:
            continue
        text, score, centres = _read(np.rot90(crop, -1) if vertical else crop)
        if vertical:
            text, score, centres = max(
                (text, score, centres), _read(np.rot90(crop, 1)), key=lambda read: read[1]
            )
        if text.strip() and score >= LEAST_SCORE:
            at = [int(x0) + share * crop.shape[1] for share in centres]
            lines.append(Line((x0, y0, x1, y1), text, at, vertical))
    return lines


def one_by_one(page: Pixels, box: Sequence[float], common: float) -> list[Sequence[float]]:
    """The lines of a box that detection drew around several of the common height: of headings
    that stand close above one another. A larger line has no row without ink."""
    x0, y0, x1, y1 = box
    many = round((y1 - y0) / common) if common else 1
    if many < 2 or many > MOST_LINES or y1 - y0 > 1.8 * (x1 - x0):
        return [box]
    crop = page[int(y0) : int(y1), int(x0) : int(x1)].astype(np.float32)
    ink = (np.median(crop) - crop).clip(0).mean(axis=1)
    cuts = [0]
    for k in range(1, many):
        first, last = (int((k + side) * len(ink) / many) for side in (-0.25, 0.25))
        cuts.append(first + int(ink[first : last + 1].argmin()))
    if cuts[1:] and max(ink[cuts[1:]]) > BLANK * ink.mean():
        return [box]
    return [(x0, y0 + a, x1, y0 + b) for a, b in pairwise([*cuts, y1 - y0])]


def recognise_overlooked(page: Pixels, lines: list[Line], ink: Pieces) -> list[Line]:
    """The lines that detection did not find, as far as they are surely print."""
    groups, common = overlooked(lines, ink, page.shape)
    found = []
    for x0, y0, x1, y1 in groups.tolist():
        middle, half = (y0 + y1) / 2, max(common, y1 - y0 + 0.3 * common) / 2
        margin = 0.2 * common
        box = (max(0.0, x0 - margin), max(0.0, middle - half), x1 + margin, middle + half)
        if sign := dash(x1 - x0, y1 - y0, 0.75 * common):
            found.append(Line(box, sign, [(x0 + x1) / 2]))
            continue
        crop = page[int(box[1]) : int(box[3]) + 1, int(box[0]) : int(box[2]) + 1]
        text, score, centres = _read(crop)
        if score >= SURE and any(c.isalnum() or c in "$€£¥" for c in text):
            at = [int(box[0]) + share * crop.shape[1] for share in centres]
            found.append(Line(box, text, at))
    return found


def _read(crop: Pixels) -> tuple[str, float, list[float]]:
    """The text of one line, how sure it is, and where its characters stand, from 0 to 1."""
    output = engine()(
        cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_GRAY2BGR),
        use_det=False,
        use_cls=False,
        use_rec=True,
        return_word_box=True,
    )
    if not output.txts or not output.txts[0].strip():
        return "", 0.0, []
    info = output.word_results[0]
    steps = [step for word in info.word_cols for step in word]
    return output.txts[0], output.scores[0], [(s + 0.5) / info.line_txt_len for s in steps]


def _quarters(page: Pixels, quads: np.ndarray) -> int:
    """By how many quarters, clockwise, the page must be turned for its text to stand upright."""
    across, down = _sides(quads)
    sideways = down[down > 2 * across].sum() > across[across > 2 * down].sum()
    long = np.argsort(-np.maximum(across, down))[:12]
    crops = []
    for quad in quads[long]:
        x0, y0 = np.maximum(quad.min(axis=0), 0).astype(int)
        x1, y1 = np.ceil(quad.max(axis=0)).astype(int)
        crop = page[y0:y1, x0:x1]
        crops.append(np.ascontiguousarray(np.rot90(crop)) if sideways else crop)
    upright = 3 if sideways else 0
    return (upright + 2) % 4 if _upside_down([c for c in crops if min(c.shape) >= 4]) else upright


def _upside_down(crops: list[Pixels]) -> bool:
    """Whether lines of text stand on their heads."""
    if not crops:
        return False
    votes = 0
    for crop in crops:
        start = crop[:, : 6 * len(crop)]  # the classifier sees no more of a line
        output = engine()(
            cv2.cvtColor(start, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=True, use_rec=False
        )
        votes += "180" in output.cls_res[0][0]
    if votes <= 0.2 * len(crops):
        return False
    some = crops[:4]  # it errs on numbers and capitals: read them both ways
    return sum(_read(crop[::-1, ::-1])[1] for crop in some) > sum(_read(c)[1] for c in some)


def _skew(quads: np.ndarray) -> float:
    """By how many degrees, clockwise, lines of text are askew: the median of the long ones."""
    across, down = _sides(quads)
    angles, weights = [], []
    for quad, wide, high in zip(quads, across, down, strict=True):
        if wide > 5 * high:
            edge = quad[1] - quad[0] + quad[2] - quad[3]
            angles.append(float(np.degrees(np.arctan2(edge[1], edge[0]))))
            weights.append(wide)
    if not angles:
        return 0.0
    order = np.argsort(angles)
    half = np.searchsorted(np.cumsum(np.array(weights)[order]), sum(weights) / 2)
    skew = angles[order[half]]
    return skew if abs(skew) <= MOST_SKEW else 0.0


def _sides(quads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lengths of their edges across and down."""
    across = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    return across, np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)


def _points(rule: Rule, scale: float) -> Rule:
    return Rule(rule.x0 / scale, rule.y0 / scale, rule.x1 / scale, rule.y1 / scale)


def _shown(back: Matrix, scale: float, width: float, height: float) -> Shown:
    (a, b, c), (d, e, f) = back[:2].tolist()
    return Shown(width, height, (a, b, c / scale, d, e, f / scale))


def _resized(page: Pixels, factor: float) -> Pixels:
    if factor == 1:
        return page
    size = max(1, round(page.shape[1] * factor)), max(1, round(page.shape[0] * factor))
    return cv2.resize(page, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
