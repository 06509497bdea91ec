"""Does the right page come up, on questions by others? FinanceBench's 150 over annual reports.

    tenth read PDFS -o out/
    python bench/financebench.py PDFS QUESTIONS.jsonl --out out/ [--save]

PDFS: the folder that `tenth read` was given; QUESTIONS.jsonl: financebench_open_source.jsonl.

Protocol
- Questions whose PDF is not in PDFS, or was not read, are skipped and counted.
- Gold pages: `evidence_page_num` of each piece of evidence, which counts from 0 (its text
  stands on page number + 1 as the PDF counts; `evidence_found` gives the share of the words of it
  that our text of that page has). A hit at k: one of the gold pages is among the first k.
- within the document: only the pages of the question's document are searched. Over all: the pages
  of all documents that were read, questions as they are: which document is meant only the question
  says.
- Halves by the hash of the company: those of `dev` were looked at while the search was made better,
  those of `held-out` were not.
- The peer is plain BM25 as in bench/find.py, on the same pages in the same run.
"""

import hashlib
import json
import platform
import re
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import click

from tenth.documents.run.stored import stored_documents
from tenth.reader.ledger import NAME, read_ledger
from tenth.reader.model import Ledger

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.find import CUTS, TOP, Page, Search, file_of, searches, show, texts_of  # noqa: E402

WHERE = ("within the document", "over all")
KEYS = (*(f"hit@{cut}" for cut in CUTS), "mrr")


def split_of(company: str) -> str:
    return "held-out" if hashlib.sha256(company.encode()).digest()[0] % 2 else "dev"


def gold_of(question: dict) -> set[Page]:
    file = f"{question['doc_name']}.pdf"
    return {(file, int(one["evidence_page_num"]) + 1) for one in question["evidence"]}


def measure(search: Search, questions: Sequence[dict], missed: bool) -> dict:
    sums = {name: dict.fromkeys(KEYS, 0.0) for name in WHERE}
    for question in questions:
        gold = gold_of(question)
        for name, only in zip(WHERE, ([f"{question['doc_name']}.pdf"], None), strict=True):
            found = search(question["question"], only)
            rank = next((i for i, page in enumerate(found, 1) if page in gold), 0)
            sums[name]["mrr"] += 1 / rank if rank else 0
            for cut in CUTS:
                sums[name][f"hit@{cut}"] += bool(rank) and rank <= cut
            if missed and not rank and split_of(question["company"]) == "dev":
                print(f"missed {name}: {question['question']} | {sorted(gold)} | {found[:3]}")
    n = max(1, len(questions))
    return {name: {key: round(sums[name][key] / n, 4) for key in KEYS} for name in WHERE}


def evidence_found(questions: Sequence[dict], texts: dict[Page, str]) -> float:
    """How many of the evidence's words stand on its page, at the median."""
    shares = []
    for question in questions:
        for one in question["evidence"]:
            page = (f"{question['doc_name']}.pdf", int(one["evidence_page_num"]) + 1)
            words = re.findall(r"\w+", one["evidence_text"].lower())
            said = set(re.findall(r"\w+", texts.get(page, "").lower()))
            shares.append(sum(word in said for word in words) / max(1, len(words)))
    return round(sorted(shares)[len(shares) // 2], 4) if shares else 0.0


def save(results: dict, settings: dict) -> None:
    out = {
        "date": date.today().isoformat(),
        "command": "python bench/financebench.py PDFS QUESTIONS.jsonl --out OUT --save",
        "protocol": "the docstring of bench/financebench.py",
        "settings": settings,
        "machine": {"python": platform.python_version(), "processor": platform.machine()},
        "versions": {"tenth": version("tenth")},
        "results": results,
    }
    path = ROOT / "bench/results" / f"{date.today().isoformat()}-financebench.json"
    path.write_text(json.dumps(out, indent=2, ensure_ascii=False) + "\n")
    print(f"wrote {path.relative_to(ROOT)}")


@click.command()
@click.argument("pdfs", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Of tenth read.")
@click.option("--split", default="dev,held-out", help="Which questions, by commas.")
@click.option("--missed", is_flag=True, help="Print the questions of dev that ours misses.")
@click.option("--save/--no-save", "keep", default=False, help="Write bench/results.")
def main(pdfs: Path, questions: Path, out: Path, split: str, missed: bool, keep: bool) -> None:
    """Measures page retrieval on FinanceBench beside plain BM25."""
    documents = [stored for stored in stored_documents(out) if stored.kind == "pdf"]
    read = {file_of(stored.member) for stored in documents}
    given = {path.name for path in pdfs.iterdir()}
    lines = questions.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines if line.strip()]
    there = [q for q in asked if f"{q['doc_name']}.pdf" in read & given]
    ledger = read_ledger(out) if (out / NAME).is_file() else Ledger()
    by, texts = searches(documents, ledger.reports), texts_of(documents)
    results = {}
    for name in split.split(","):
        own = [q for q in there if split_of(q["company"]) == name]
        results[name] = {"questions": len(own)}
        for who, search in by.items():
            results[name][who] = measure(search, own, missed and who == "tenth")
    show(results, "FinanceBench: pages that answer", WHERE)
    found = evidence_found(there, texts)
    print(f"{len(asked) - len(there)} questions skipped; evidence on its page: {found}")
    if keep:
        settings = {
            "documents": len(documents), "pages": len(texts), "top": TOP,
            "questions": len(there), "skipped": len(asked) - len(there),
            "evidence_found": found, "ledger": bool(ledger.reports),
        }  # fmt: skip
        save(results, settings)


if __name__ == "__main__":
    main()
