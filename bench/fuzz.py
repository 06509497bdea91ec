"""Reads files broken at random through the whole of `tenth read`: what becomes of them?

    .venv/bin/python bench/fuzz.py RECORD.jsonl [--cases 10000] [--save]
    .venv/bin/python bench/fuzz.py RECORD.jsonl --replay 1234 [--keep FILE]

Each case is one of the sources (real files in --fixtures, made-up reports, small texts, mail,
archives) mutated by the numbers of its own seed. Slices of cases are read as a folder, without OCR,
under short limits; a slice in which the run itself fails is read again case by case. What became
of each case is a line of RECORD; a second call goes on after the last one. `--replay` reads one
case in this process, with the traceback. `--save` sums up the record in bench/results/.
"""

import argparse
import csv
import json
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from random import Random

from rich.progress import Progress as Bar

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.documents import hostile_archives  # noqa: E402
from tests.documents.mutations import mutated  # noqa: E402
from tests.documents.reports.generator import MAKERS, make  # noqa: E402

from tenth.config import ReadConfig  # noqa: E402
from tenth.documents import read_archive, read_document  # noqa: E402

FIXTURES = ROOT.parent / "shared/data/reports/fixtures"
LARGEST = 400_000  # bytes of a source: the cases shall be many
SLICE = 100
SEED = 5
CONFIG = ReadConfig(ocr="never", page_seconds=8, document_seconds=30, unpack_seconds=30)
ARCHIVES = ("traversal.zip", "too_deep.zip", "lying_sizes.zip", "tar_escapes.tar", "links.zip",
            "sevenzip_escapes.7z", "negative_size.tar", "sevenzip_lying_sizes.7z")  # fmt: skip
BAD = ("broke", "crash", "over time", "over memory", "ended", "run")  # the start of such outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("record", type=Path)
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--replay", type=int)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--save", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tenth-fuzz-") as folder:
        sources = gathered(args.fixtures, Path(folder, "sources"))
        if args.replay is not None:
            return replay(args.replay, sources, args.keep or Path(folder, "case"))
        run_all(args, sources, Path(folder))
    outcomes = [json.loads(line) for line in args.record.read_text().splitlines()]
    counts = Counter(item["outcome"] for item in outcomes)
    for outcome, count in counts.most_common():
        print(f"{count:>7,}  {outcome}")
    if args.save:
        save(outcomes, counts)
    return any(outcome.startswith(("crash of the run", "run")) for outcome in counts)


# Sources


def gathered(fixtures: Path, folder: Path) -> dict[str, list[tuple[str, bytes]]]:
    """By suffix, so that each format has as many cases, whatever the number of its files."""
    folder.mkdir()
    paths = sorted(fixtures.iterdir()) if fixtures.is_dir() else []
    for kind in MAKERS:
        if "scan" not in kind:
            paths.append(make(kind, 1, folder).path)
    for name in ARCHIVES:
        hostile_archives.HOSTILE[name](folder / name)
        paths.append(folder / name)
    paths += texts(folder)
    found: dict[str, list[tuple[str, bytes]]] = {}
    for path in paths:
        if path.suffix and path.stat().st_size <= LARGEST:
            found.setdefault(path.suffix, []).append((path.name, path.read_bytes()))
    return found


def texts(folder: Path) -> list[Path]:
    from PIL import Image

    table = "".join(f"<tr><td>Row {n}<td>$<td>{n},000<td>({n}.5)</tr>" for n in range(9))
    page = f"<html><h1>A title</h1><p>(in millions)<table><tr><th colspan=2>A<th>2024</tr>{table}"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", "Résumé of a quarter"
    mail.set_content("Words\n\nand more of them.\n")
    mail.add_alternative(page, subtype="html")
    mail.add_attachment(b"a,b\n1,2\n", "text", "csv", filename="a.csv")
    files = {
        "page.html": page.encode(),
        "mail.eml": mail.as_bytes(),
        "table.csv": b"Title;;\n(in thousands);;\nName;2024;2023\n" + b"A;1,5;(2)\nB;$3;4%\n" * 9,
        "text.md": b"# A\n\n- one\n  1. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> q\n\n```\nx\n",
        "text.txt": "Words, 文字, слова.\n\nMore.\f\nA page.\n".encode() * 5,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    for suffix in ("png", "tiff", "gif", "jpeg"):
        Image.new("L", (64, 48), 200).save(folder / f"image.{suffix}")
        files[f"image.{suffix}"] = b""
    return [folder / name for name in files]


def case(number: int, sources: dict[str, list[tuple[str, bytes]]]) -> tuple[str, bytes]:
    """The name of its source and its bytes."""
    random = Random(f"{SEED} {number}")
    weights = {".pdf": 4, ".docx": 3, ".xlsx": 3, ".pptx": 2}
    suffixes = sorted(sources)
    (suffix,) = random.choices(suffixes, [weights.get(s, 1) for s in suffixes])
    name, data = random.choice(sources[suffix])
    return name, mutated(data, random)


# Cases


def run_all(args: argparse.Namespace, sources: dict, folder: Path) -> None:
    done = len(args.record.read_text().splitlines()) if args.record.exists() else 0
    with Bar() as bar, args.record.open("a") as record:
        task = bar.add_task("cases", total=args.cases, completed=done)
        while done < args.cases:
            numbers = range(done, min(done + SLICE, args.cases))
            for line in read_slice(numbers, sources, folder / "slice", args.jobs):
                record.write(json.dumps(line, ensure_ascii=True) + "\n")
            record.flush()
            done = numbers.stop
            bar.update(task, completed=done)


def read_slice(numbers: range, sources: dict, folder: Path, jobs: int) -> list[dict]:
    """What became of each case."""
    import shutil

    names = {}
    shutil.rmtree(folder, ignore_errors=True)
    cases = folder / "cases"
    cases.mkdir(parents=True)
    for number in numbers:
        names[number], data = case(number, sources)
        (cases / f"{number:07}{Path(names[number]).suffix}").write_bytes(data)
    start = time.monotonic()
    try:
        read_archive([cases], folder / "out", CONFIG, jobs)
    except Exception as error:
        if len(numbers) > 1:
            apart = (range(number, number + 1) for number in numbers)
            return [line for one in apart for line in read_slice(one, sources, folder, jobs)]
        traceback.print_exc()
        outcome = f"run failed ({type(error).__name__})"
        return [{"case": numbers[0], "source": names[numbers[0]], "outcome": outcome,
                 "reason": str(error)[:300]}]  # fmt: skip
    seconds = round((time.monotonic() - start) / len(numbers), 3)
    found = outcomes_of(folder / "out" / "manifest.csv")
    return [
        {"case": number, "source": names[number], "seconds": seconds, "outcome": outcome,
         "reason": reason}
        for number in numbers
        for outcome, reason in [found.get(f"{number:07}", ("run lost it", ""))]
    ]  # fmt: skip


def outcomes_of(manifest: Path) -> dict[str, tuple[str, str]]:
    """By the case's number; of an archive the worst that became of a member."""
    found: dict[str, tuple[str, str]] = {}
    with manifest.open(newline="") as file:
        for row in csv.DictReader(file):
            number = row["member"].split("/")[1].partition(".")[0]
            outcome = outcome_of(row["status"], row["reason"]), row["reason"][:300]
            if number not in found or outcome[0].startswith(BAD):
                found[number] = outcome
    return found


def outcome_of(status: str, reason: str) -> str:
    for sign, name in (
        (r"broke its reader \((\w+)", "broke"),
        (r"crashed its reader \((signal \d+)", "crash"),
        (r"took over ([\d.]+ s)", "over time"),
        (r"needs more than (\d+ MB)", "over memory"),
        (r"(?:ended its reader|was killed) ?\(?(\w*)", "ended"),
    ):
        if match := re.search(sign, reason):
            return f"{name} ({match[1]}), {status}"
    return "refused" if status == "failed" else status


def replay(number: int, sources: dict, path: Path) -> int:
    name, data = case(number, sources)
    path = path.with_suffix(Path(name).suffix)
    path.write_bytes(data)
    print(f"case {number}: {name}, {len(data):,} bytes")
    document = read_document(path, CONFIG)
    print(f"{len(document.pages)} pages, {len(document.tables)} tables; {document.warnings[:3]}")
    return 0


def save(outcomes: list[dict], counts: Counter[str]) -> None:
    today = date.today().isoformat()
    result = {
        "date": today,
        "command": " ".join(["python", "bench/fuzz.py", *(Path(a).name for a in sys.argv[1:])]),
        "seed": SEED,
        "cases": len(outcomes),
        "outcomes": dict(counts.most_common()),
        "by_format": {
            suffix: dict(Counter(o["outcome"] for o in outcomes if o["source"].endswith(suffix)))
            for suffix in sorted({Path(o["source"]).suffix for o in outcomes})
        },
        "to_replay": [o for o in outcomes if o["outcome"].startswith(BAD)],
    }
    path = ROOT / "bench" / "results" / f"{today}-fuzz.json"
    path.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
