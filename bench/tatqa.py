"""Is the best cell for a question and a period one that the answer is computed from? TAT-QA.

    python bench/tatqa.py [PATH] [--save]    # writes bench/results/DATE-tatqa.json

PATH: questions in the form of TAT-QA's, JSON or JSON packed by xz; without it, its dev set.

Protocol
- Questions: all whose answer comes from the table or from table and text (`answer_from`).
- Gold cells: the table's figures that equal a number of the derivation; where there is no
  derivation, and of span questions besides, a number of the answer. Equal means the same digits
  once currency signs, percent signs, commas, parentheses and signs are off. Whole numbers below 10
  and years, as printed ("4", "2010", not "4.00", "2,010"), are operands only where the derivation
  prints nothing else (they are counts, exponents, years of a span); "* 100" is none.
- Left out, and counted: questions none of whose numbers stands in a cell (answers that are labels,
  counts of rows, figures of the text).
- Period given: what the gold cell's column says of its period, cut to dates, quarters and years
  ("2019", "September 30, 2019"); where it says none, what its row and the headings above it say;
  else none. Of several gold cells: of the first by the derivation's order that stands in one place
  only; else of the first whose year the question names (a year's closing balance is the next one's
  opening balance); else of the first. Nothing else of the table's header is given.
- Right: the one cell ranked first is a gold cell. (Of two cells with the same figure either
  counts; `in_one_cell` gives the share of questions whose numbers each stand in one cell only.)
- Dev is shown in two halves, by the hash of the tables' uid. Until 2026-11-24 one of them was not
  looked at; since then both have been, and their difference shows no more than the spread. Another
  file is shown as a whole.
- Derivations recomputed: of arithmetic questions, those whose derivation, read as arithmetic over
  decimals, gives the answer to its printed places; a percentage may be written times 100, and a
  figure in brackets may be a negative one.
"""

import ast
import hashlib
import json
import lzma
import platform
import re
import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table as Shown

from tenth.documents.model import Table
from tenth.documents.native import header_rows, table_of
from tenth.reader.dates import MONTH
from tenth.reader.find.candidates import candidates_of
from tenth.reader.find.cells import ranked_cells

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared/data/evals/tatqa_dataset_dev.json.xz"
BAR = 0.95
RECOMPUTED = 0.995
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?|(?<![\w.])\.\d+")
PERCENT = re.compile(r"[*×]\s*100(?![\d,.])")
AMOUNT = re.compile(r"[^A-Za-z]*\d[^A-Za-z]*(?:million|thousand|billion|percent)?", re.I)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
PERIOD = re.compile(
    rf"(?:\b{MONTH}\.? \d{{1,2}},? )?\b(?:19|20)\d\d\b(?:[/-](?:19|20)?\d\d\b)?|"
    rf"\b{MONTH}\.? \d{{1,2}}\b|\bQ[1-4]\b|\b(?:first|second|third|fourth) quarter\b|\bFY ?\d\d\b",
    re.I,
)


def plain(text: str) -> str:
    """The digits of a figure: "$(1,234.50)" and "1234.5" are one."""
    digits = re.sub(r"[^\d.]", "", text).strip(".")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits.lstrip("0") or ("0" if digits else "")


def numbers_of(question: dict) -> list[str]:
    """The operands in the derivation's order; then, of spans, the answer's numbers."""
    found = NUMBER.findall(PERCENT.sub(" ", question["derivation"]))
    answer = question["answer"]
    if question["answer_type"] in ("span", "multi-span"):
        for part in answer if isinstance(answer, list) else [str(answer)]:
            if AMOUNT.fullmatch(part.strip()):
                found.append(part.strip())
    telling = [number for number in found if not re.fullmatch(r"(19|20)\d\d|\d", number)]
    return list(dict.fromkeys(map(plain, telling or found)))


def period_of(candidate) -> str:
    for text in (candidate.header, f"{' '.join(candidate.path)} {candidate.label}"):
        if found := PERIOD.findall(text):
            return " ".join(found)
    return ""


def located(table: Table, question: dict) -> tuple[dict[tuple[int, int], str], str, bool]:
    """The gold cells, the period of the one to ask for, and whether each number is in one cell."""
    places = defaultdict(list)
    for candidate in candidates_of(0, table):
        places[plain(candidate.cell.text)].append(candidate)
    hits = [places[number] for number in numbers_of(question) if places.get(number)]
    gold = {(c.cell.row, c.cell.column): c.cell.text for found in hits for c in found}
    if not hits:
        return {}, "", False
    alone = [period_of(found[0]) for found in hits if len(found) == 1]
    periods = alone or [period_of(candidate) for found in hits for candidate in found]
    years = YEAR.findall(question["question"])
    named = [] if alone else [one for one in periods if set(YEAR.findall(one)) & set(years)]
    return gold, (named or periods)[0], all(len(found) == 1 for found in hits)


def half_of(uid: str) -> str:
    return "half 2" if hashlib.sha256(uid.encode()).digest()[0] % 2 else "half 1"


def measure(data: list[dict], halves: bool, missed: bool) -> dict:
    counts: dict = defaultdict(Counter)
    for entry in data:
        half = half_of(entry["table"]["uid"])
        rows = entry["table"]["table"]
        table = table_of(rows, 1, header_rows(rows))
        for question in entry["questions"]:
            if question["answer_from"] not in ("table", "table-text"):
                continue
            gold, period, one_cell = located(table, question)
            keys = [("all", question["answer_type"]), ("all", "all"), *[(half, "all")] * halves]
            hits = ranked_cells([table], question["question"], period, 1) if gold else []
            right = bool(hits) and (hits[0].cell.row, hits[0].cell.column) in gold
            for key in keys:
                counts[key]["questions"] += 1
                counts[key]["located"] += bool(gold)
                counts[key]["in_one_cell"] += one_cell
                counts[key]["right"] += right
            if missed and gold and not right:
                got = hits[0] if hits else None
                found = got and (got.row, got.column, got.cell.text)
                print(entry["table"]["uid"][:8], question["question"], repr(period), gold, found)
    return {
        split: {
            kind: {**count, "top_cell": round(count["right"] / max(1, count["located"]), 4)}
            for (s, kind), count in sorted(counts.items())
            if s == split
        }
        for split in sorted({split for split, _ in counts})
    }


def recomputed(data: list[dict]) -> dict:
    """Arithmetic questions whose derivation gives their answer, within a half of its last place;
    percentages are printed times 100."""
    count: Counter = Counter()
    for question in (q for entry in data for q in entry["questions"]):
        if question["answer_type"] != "arithmetic":
            continue
        count["questions"] += 1
        values = [v for v in map(computed, readings(question["derivation"])) if v is not None]
        answer = Decimal(str(question["answer"]).replace(",", ""))
        half = Decimal(1).scaleb(min(0, int(answer.as_tuple().exponent))) / 2 * Decimal("1.001")
        if not values:
            count["not arithmetic"] += 1
        elif any(min(abs(v - answer), abs(100 * v - answer)) <= half for v in values):
            count["right"] += 1
    return {**count, "share": round(count["right"] / count["questions"], 4)}


def readings(derivation: str) -> list[str]:
    """What a derivation may mean: 15% may be 15 or 0.15, and (13) after an operator 13 or -13."""
    text = derivation.translate(str.maketrans("[]{}×÷–−", "()()*/--"))
    text = re.sub(r"[$€£¥,\s]|RMB|US", "", text)
    shares = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", text)
    found = [text.replace("%", ""), shares]
    return [*found, *(re.sub(r"(?<=[-+*/])\((\d[\d.]*)\)", r"(-\1)", one) for one in found)]


def computed(text: str) -> Decimal | None:
    """The value of numbers, + - * / and brackets; None where it is something else."""
    if not text or re.search(r"[^\d.+\-*/()]", text):
        return None
    exact = re.sub(r"\d+(?:\.\d+)?|\.\d+", lambda m: f"Decimal('{m.group()}')", text)
    try:
        tree = ast.parse(exact, mode="eval")
    except SyntaxError:
        return None
    allowed = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load,
               ast.operator, ast.unaryop)  # fmt: skip
    if not all(isinstance(node, allowed) for node in ast.walk(tree)):
        return None
    try:
        return eval(compile(tree, "derivation", "eval"), {"__builtins__": {}, "Decimal": Decimal})
    except (ArithmeticError, TypeError):
        return None


def show(results: dict, name: str) -> None:
    shown = Shown(title=f"TAT-QA, {name}: the cell ranked first")
    for column in ("tables", "answers", "questions", "located", "in one cell", "right", "top cell"):
        shown.add_column(column)
    for split, kinds in results.items():
        for kind, count in kinds.items():
            numbers = (count[key] for key in ("questions", "located", "in_one_cell", "right"))
            shown.add_row(split, kind, *map(str, numbers), f"{count['top_cell']:.4f}")
    Console(width=100).print(shown)


def save(results: dict, derivations: dict, given: Path | None) -> None:
    name = "tatqa" if given is None else f"tatqa-{given.name.split('.')[0]}"
    out = {
        "date": date.today().isoformat(),
        "command": f"python bench/tatqa.py {given.name if given else ''} --save".replace("  ", " "),
        "protocol": "the docstring of bench/tatqa.py",
        "machine": {"python": platform.python_version(), "processor": platform.machine()},
        "versions": {"tenth": version("tenth")},
        "bars": {"top cell": BAR, "derivations recomputed": RECOMPUTED},
        "results": results,
        "derivations": derivations,
    }
    path = ROOT / "bench/results" / f"{date.today().isoformat()}-{name}.json"
    path.write_text(json.dumps(out, indent=2) + "\n")
    print(f"wrote {path.relative_to(ROOT)}")


def questions_of(path: Path) -> list[dict]:
    if not path.is_file():
        raise SystemExit(f"no {path.name}: the data for benchmarks is not here")
    data = path.read_bytes()
    return json.loads(lzma.decompress(data) if path.suffix == ".xz" else data)


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--missed", is_flag=True, help="Print the questions that are missed.")
@click.option("--save/--no-save", "keep", default=False, help="Write bench/results.")
def main(path: Path | None, missed: bool, keep: bool) -> None:
    """Measures the ranking of cells. Exits with 1 where a bar is missed."""
    data = questions_of(path or DATA)
    results = measure(data, path is None, missed)
    derivations = recomputed(data)
    show(results, "dev" if path is None else path.name)
    print(f"derivations recomputed: {derivations}")
    if keep:
        save(results, derivations, path)
    below = any(kinds["all"]["top_cell"] < BAR for kinds in results.values())
    if below or derivations["share"] < RECOMPUTED:
        sys.exit(1)


if __name__ == "__main__":
    main()
