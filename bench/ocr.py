"""How well scans are read: characters, numbers and boxes against pages that we draw ourselves.

    python bench/ocr.py [PAGES]         # 3 of each kind; writes bench/results/DATE-ocr.json

A word is read by the OCR words whose middle lies in its box. `characters` is the edit distance
over the characters drawn; `numbers` the share of numbers that came as one word, every digit right;
`boxes` the largest distance of an edge, in points, for words that came as one.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the drawn pages of the tests

from tests.documents.drawn import Box, Drawn, statement
from tests.documents.reports.fonts import hei_file

from tenth.config import ReadConfig
from tenth.documents.page.ink import Ink
from tenth.documents.page.shown import shown_box

WEAR: dict[str, Callable[[Drawn], Drawn]] = {
    "clean": lambda page: page,
    "noise": lambda page: page.noisy(10),
    "noise and skew": lambda page: page.skewed(1.3).noisy(10),
    "turned": lambda page: page.noisy(6).quarters(1),
}


def distance(a: str, b: str) -> int:
    """Levenshtein's."""
    row = list(range(len(b) + 1))
    for i, c in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, d in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (c != d))
    return row[-1]


def score(page: Drawn, ink: Ink) -> dict[str, list[float]]:
    boxes = [(w.text, shown_box((w.x0, w.y0, w.x1, w.y1), ink.shown) if ink.shown
              else (w.x0, w.y0, w.x1, w.y1)) for w in ink.words]  # fmt: skip
    free = set(range(len(boxes)))
    errors, numbers, off = [], [], []
    for text, gold in page.words:
        found = sorted((i for i in free if holds(gold, boxes[i][1])), key=lambda i: boxes[i][1])
        free -= set(found)
        errors.append(float(distance(text, "".join(boxes[i][0] for i in found))))
        if any(c.isdigit() for c in text):
            numbers.append(float([boxes[i][0] for i in found] == [text]))
        if len(found) == 1:
            box = boxes[found[0]][1]
            off.append(max(abs(a - b) for a, b in zip(gold, box, strict=True)))
    errors.append(float(sum(len(boxes[i][0]) for i in free)))
    drawn = [float(len(text)) for text, _ in page.words]
    return {"errors": errors, "drawn": drawn, "numbers": numbers, "off": off}


def holds(gold: Box, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return gold[0] - 1 <= x <= gold[2] + 1 and gold[1] - 2 <= y <= gold[3] + 2


def measure(pages: int, chinese: bool, wear: Callable[[Drawn], Drawn]) -> dict[str, float]:
    from tenth.documents.ocr.recognition import read_image

    total: dict[str, list[float]] = {"errors": [], "drawn": [], "numbers": [], "off": []}
    seconds = []
    for seed in range(pages):
        page = wear(statement(seed, chinese, ruled=seed % 2 == 1))
        begun = time.perf_counter()
        ink = read_image(page.image, page.scale, "measured", ReadConfig())
        seconds.append(time.perf_counter() - begun)
        for name, values in score(page, ink).items():
            total[name] += values
    off = np.array(total["off"])
    return {
        "characters": round(sum(total["errors"]) / sum(total["drawn"]), 4),
        "numbers": round(float(np.mean(total["numbers"])), 4),
        "boxes_median": round(float(np.median(off)), 2),
        "boxes_p95": round(float(np.percentile(off, 95)), 2),
        "boxes_within_2": round(float((off <= 2).mean()), 4),
        "seconds": round(float(np.median(seconds)), 2),
    }


def main() -> None:
    from tenth.documents.ocr.recognition import engine

    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    before = peak()
    engine()
    result: dict[str, object] = {
        "date": date.today().isoformat(),
        "command": f"python bench/ocr.py {pages}",
        "pages_of_each": pages,
    }
    for language in ("English", "Chinese") if hei_file() else ("English",):
        for name, wear in WEAR.items():
            row = measure(pages, language == "Chinese", wear)
            result[f"{language}, {name}"] = row
            print(f"{language}, {name}: {row}", flush=True)
    result["megabytes_added_at_peak"] = round(peak() - before)
    print(f"{result['megabytes_added_at_peak']} MB added at the peak")
    path = Path(__file__).parent / "results" / f"{date.today()}-ocr.json"
    path.write_text(json.dumps(result, indent=2) + "\n")


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
