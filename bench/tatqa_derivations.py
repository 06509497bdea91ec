"""Do TAT-QA's derivations, evaluated as written, come to the answers that are given?

    python bench/tatqa_derivations.py [--save]    # writes bench/results/DATE-tatqa-derivations.json

All arithmetic questions of the dev set. The value, in the answer's scale (a derivation that says
"million" itself is in whole units; percent answers are in percent points, which of the two ways by
the derivation's shape, never by the answer), is rounded half up to the two decimals of the answers
and has to be equal. The bar: 99.5 %.
"""

import argparse
import json
import lzma
import platform
import re
import sys
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tenth.reader.analysis.derivations import evaluate_derivation, percent_points

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT.parent / "shared/data/evals/tatqa_dataset_dev.json.xz"
BAR = Decimal("0.995")
SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9, "percent": 1}
SAID = re.compile(r"\d\s*(?:thousand|million|billion)", re.IGNORECASE)


def arithmetic(path: Path) -> list[dict]:
    with lzma.open(path) as file:
        articles = json.load(file, parse_float=Decimal, parse_int=Decimal)
    questions = [question for article in articles for question in article["questions"]]
    return [question for question in questions if question["answer_type"] == "arithmetic"]


def recomputed(derivation: str, scale: str) -> Decimal:
    value = percent_points(derivation) if scale == "percent" else evaluate_derivation(derivation)
    if SAID.search(derivation):
        value /= SCALES[scale]
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def miss(question: dict) -> dict | None:
    """What is wrong with it; None where the value is the answer."""
    derivation, scale, answer = question["derivation"], question["scale"], question["answer"]
    try:
        got = recomputed(derivation, scale)
    except ValueError as error:
        got, said = None, str(error)
    else:
        said = ""
    if got == answer:
        return None
    return {"question": question["uid"], "derivation": derivation, "scale": scale,
            "answer": str(answer), "recomputed": None if got is None else str(got),
            "error": said}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--save", action="store_true")
    arguments = parser.parse_args()
    if not QUESTIONS.is_file():
        print(f"{QUESTIONS.name} is not here: nothing measured")
        return 2
    questions = arithmetic(QUESTIONS)
    misses = [found for question in questions if (found := miss(question))]
    for found in misses:
        print(f"{found['derivation']!r} ({found['scale'] or 'units'}): answer {found['answer']}, "
              f"recomputed {found['recomputed']} {found['error']}")  # fmt: skip
    share = 1 - Decimal(len(misses)) / len(questions)
    print(f"{len(questions) - len(misses)} of {len(questions)} recomputed: {share:.4%}")
    if arguments.save:
        save(len(questions), misses, share)
    return int(share < BAR)


def save(count: int, misses: list[dict], share: Decimal) -> None:
    result = {
        "date": date.today().isoformat(),
        "command": "python bench/tatqa_derivations.py --save",
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "data": QUESTIONS.name,
        "bar": float(BAR),
        "questions": count,
        "recomputed": count - len(misses),
        "share": float(round(share, 5)),
        "misses": misses,
    }
    path = ROOT / "bench/results" / f"{result['date']}-tatqa-derivations.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
