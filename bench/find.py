"""Does the right page come up? Pages that answer questions on real quarterly reports.

    tenth read ../shared/data/reports/sec-10-q -o out/
    python bench/find.py --out out/ [--save]     # writes bench/results/DATE-find.json

bench/gold/questions.csv holds questions in our own words and every page that answers them, labelled
by eye on the rendered pages. The questions marked `dev` were looked at while the search was made,
those marked `held-out` were not. A hit at k: one of the labelled pages is among the first k.

within one filing: only the pages of the filing that the question is about are searched; of a
question about several filings each is searched apart, and each counts its share.
over all: the pages of all filings; which one is meant only the question says.

The peer is plain BM25 as the package rank_bm25 computes it (Okapi, k1 1.5, b 0.75, its floor for
the idf of common terms) over lower-case words and figures of the same pages: no lexicon, no
company, no period. Both get the same pages in the same run.
"""

import csv
import json
import math
import platform
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tenth.documents.run.stored import Stored, stored_documents
from tenth.reader.find import Index
from tenth.reader.find.pages import passages_of
from tenth.reader.ledger import NAME, read_ledger
from tenth.reader.model import Report

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "bench/gold/questions.csv"
TOP = 10
CUTS = (1, 3, 10)
BARS = {"within one filing": 0.85, "over all": 0.75}
Page = tuple[str, int]  # file name, page
Search = Callable[[str, Iterable[str] | None], list[Page]]


class Plain:
    """rank_bm25's BM25Okapi, its formula written down once more; texts with no score come last."""

    def __init__(
        self, pages: dict[Page, str], k1: float = 1.5, b: float = 0.75, floor: float = 0.25
    ):
        self.names = list(pages)
        self.counts = [Counter(re.findall(r"\w+", text.lower())) for text in pages.values()]
        lengths = [sum(count.values()) for count in self.counts]
        mean = sum(lengths) / len(lengths)
        self.norms = [k1 * (1 - b + b * length / mean) for length in lengths]
        self.k1 = k1
        said = Counter(term for count in self.counts for term in count)
        n = len(self.counts)
        self.idf = {t: math.log(n - df + 0.5) - math.log(df + 0.5) for t, df in said.items()}
        least = floor * sum(self.idf.values()) / len(self.idf)
        self.idf = {term: idf if idf >= 0 else least for term, idf in self.idf.items()}

    def search(self, question: str, files: Iterable[str] | None) -> list[Page]:
        wanted = None if files is None else set(files)
        asked = re.findall(r"\w+", question.lower())
        ranked = []
        for i, (name, count, norm) in enumerate(
            zip(self.names, self.counts, self.norms, strict=True)
        ):
            if wanted is None or name[0] in wanted:
                score = sum(
                    self.idf[t] * count[t] * (self.k1 + 1) / (count[t] + norm)
                    for t in asked
                    if t in count
                )
                ranked.append((-score, i, name))
        return [name for _, _, name in sorted(ranked)[:TOP]]


def file_of(member: str) -> str:
    return member.rsplit("/", 1)[-1]


def measure(search: Search, questions: Sequence[dict], show: bool = False) -> dict:
    """Hits at each cut and the mean reciprocal rank, within one filing and over all."""
    sums: dict[str, Counter] = {name: Counter() for name in BARS}
    for question in questions:
        files = question["filing"].split(";")
        gold = {
            (file, int(page))
            for file, pages in zip(files, question["pages"].split(";"), strict=True)
            for page in pages.split()
        }
        asked = [("within one filing", [file], 1 / len(files)) for file in files]
        for name, only, weight in [*asked, ("over all", None, 1.0)]:
            found = search(question["question"], only)
            rank = next((i for i, page in enumerate(found, 1) if page in gold), 0)
            if rank:
                sums[name]["mrr"] += weight / rank
                for cut in CUTS:
                    sums[name][f"hit@{cut}"] += weight * (rank <= cut)
            elif show:
                print(f"missed {name}: {question['id']} {question['question']}")
    keys = [*(f"hit@{cut}" for cut in CUTS), "mrr"]
    n = len(questions)
    return {name: {key: round(sums[name][key] / n, 4) for key in keys} for name in BARS}


def searches(documents: Sequence[Stored], reports: Sequence[Report]) -> dict[str, Search]:
    """Ours and the peer over the same pages."""
    index = Index.of(documents, reports)

    def ours(question: str, files: Iterable[str] | None) -> list[Page]:
        hits = index.pages(question, TOP, documents=files)
        return [(file_of(hit.document), hit.page) for hit in hits]

    return {"tenth": ours, "plain BM25": Plain(texts_of(documents)).search}


def texts_of(documents: Sequence[Stored]) -> dict[Page, str]:
    return {
        (file_of(stored.member), page.number): "\n".join(passages_of(stored.document, page.number))
        for stored in documents
        for page in stored.document.pages
    }


def show(results: dict, title: str = "Pages that answer", searched: Iterable[str] = BARS) -> None:
    table = Table(title=title)
    for column in ("split", "questions", "searched", "by", *(f"hit@{k}" for k in CUTS), "MRR"):
        table.add_column(column)
    for split, result in results.items():
        for where in searched:
            for name in ("tenth", "plain BM25"):
                cells = [f"{value:.3f}" for value in result[name][where].values()]
                table.add_row(split, str(result["questions"]), where, name, *cells)
    Console(width=120).print(table)


def save(results: dict, settings: dict) -> None:
    out = {
        "date": date.today().isoformat(),
        "command": "python bench/find.py --out OUT --save",
        "settings": settings,
        "machine": {"python": platform.python_version(), "processor": platform.machine()},
        "versions": {"tenth": version("tenth")},
        "bars": {f"{name}, hit@10": bar for name, bar in BARS.items()},
        "results": results,
    }
    path = ROOT / "bench/results" / f"{date.today().isoformat()}-find.json"
    path.write_text(json.dumps(out, indent=2, ensure_ascii=False) + "\n")
    print(f"wrote {path.relative_to(ROOT)}")


@click.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Of tenth read.")
@click.option("--split", default="dev,held-out", help="Which questions, by commas.")
@click.option("--missed", is_flag=True, help="Print the questions that ours misses.")
@click.option("--save/--no-save", "keep", default=False, help="Write bench/results/DATE-find.json.")
def main(out: Path, split: str, missed: bool, keep: bool) -> None:
    """Measures page retrieval beside plain BM25. Exits with 1 where a bar is missed."""
    documents = [stored for stored in stored_documents(out) if stored.kind == "pdf"]
    with GOLD.open(newline="", encoding="utf-8") as file:
        questions = list(csv.DictReader(file))
    reports = read_ledger(out).reports if (out / NAME).is_file() else ()
    by = searches(documents, reports)
    results = {}
    for name in split.split(","):
        asked = [question for question in questions if question["split"] == name]
        results[name] = {"questions": len(asked)}
        for who, search in by.items():
            results[name][who] = measure(search, asked, missed and who == "tenth")
    show(results)
    if keep:
        pages = sum(len(stored.document.pages) for stored in documents)
        save(results, {"documents": len(documents), "pages": pages, "top": TOP})
    ours = [result["tenth"] for result in results.values()]
    if any(one[name]["hit@10"] < bar for one in ours for name, bar in BARS.items()):
        sys.exit(1)


if __name__ == "__main__":
    main()
