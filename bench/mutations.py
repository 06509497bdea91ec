"""Does `tenth read --check` see one changed figure? A thousand of them, and what is not changed.

    python bench/mutations.py [--save]               # the sample archive of samples/reports.py
    python bench/mutations.py --filings [--save]     # the 20 quarterly reports of shared/data

An archive is read, and read again once as the check reads it. Then figures of the output are
changed, one at a time in a copy of the file that holds it: a digit, a sign, a scale, a year, a
currency, in every kind of file: as text, as a row of a table, as a cell, a formula, the value that
it gave, a link, a chart, a picture. A change is caught where the check names a difference in the
file; the other files are as they were. Untouched outputs, made in several ways, must give none.
`--save` writes bench/results/DATE-mutations.json.
"""

import json
import os
import platform
import random
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import click
import openpyxl
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.mutate import KINDS, Mutation, Untouchable, mutate  # noqa: E402
from samples.reports import write_sample  # noqa: E402

from tenth.config import ReadConfig  # noqa: E402
from tenth.documents import read_archive  # noqa: E402
from tenth.reader.check import differences, differences_of, files_of, read_again  # noqa: E402
from tenth.reader.run import write_outputs  # noqa: E402

FILINGS = ROOT.parent / "shared/data/reports/sec-10-q"
CAUGHT, FALSE_ALARMS = 0.995, 0.005  # the bars
# How often a figure of which files is changed
SHARES = {
    "facts.csv": 12, "facts.parquet": 12, "ledger.sqlite": 24, "documents.sqlite": 8,
    "workbook.xlsx": 20, "summary.md": 4, "summary.html": 5, "contradictions.md": 3,
    "pages/*.html": 4, "pages/*.png": 2, "tables/*/*.csv": 3, "text/*.md": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    family: str
    mutation: Mutation
    caught: bool
    said: str  # the first difference


def read(archive: Path, out: Path, language: str = "auto", jobs: int = 1) -> Path:
    """An output folder as `tenth read` makes it."""
    config = ReadConfig()
    read_archive(archive, out, config, jobs)
    write_outputs(out, [archive], config, language)
    return out


def mutations(out: Path, truth: Path, count: int, seed: int) -> Iterator[Result]:
    """Seeded: the same for the same outputs."""
    draw = random.Random(seed)
    families = {family: sorted(out.glob(family)) for family in SHARES}
    scratch = truth.parent / "mutated"
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        while True:
            family = draw.choices(list(SHARES), list(SHARES.values()))[0]
            if not families[family]:
                continue
            path = draw.choice(families[family])
            name = path.relative_to(out).as_posix()
            copy = scratch / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            try:
                made = mutate(copy, kind, draw, truth)
            except Untouchable:
                continue  # no figure of that kind there: another file
            break
        found = differences_of(name, scratch, truth)
        copy.unlink()
        yield Result(family, made, bool(found), found[0].line if found else "")


# What was not touched


def by_jobs(archive: Path, folder: Path) -> Path:
    return read(archive, folder / "jobs", jobs=2)


def in_chinese(archive: Path, folder: Path) -> Path:
    return read(archive, folder / "chinese", "zh")


def twice(archive: Path, folder: Path) -> Path:
    """What was read lies in the store, and the facts in theirs."""
    read(archive, folder / "twice")
    return read(archive, folder / "twice")


def after_another(archive: Path, folder: Path) -> Path:
    """The folder held another archive before."""
    other = folder / "other.zip"
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(other, "w") as part:
        for name in whole.namelist()[:2]:
            part.writestr(name, whole.read(name))
    read(other, folder / "after")
    return read(archive, folder / "after")


WAYS: dict[str, Callable[[Path, Path], Path]] = {
    "by two processes": by_jobs, "in Chinese": in_chinese, "twice": twice,
    "after another archive": after_another,
}  # fmt: skip


def untouched(archive: Path, folder: Path, ways: list[str]) -> dict[str, dict]:
    """Files compared and files with a difference, by the way the output was made."""
    results = {}
    for way in ways:
        out = WAYS[way](archive, folder)
        with read_again(out, jobs=1) as again:
            results[way] = told(out, again.out)
    moved = folder / "elsewhere" / "renamed.zip"
    moved.parent.mkdir()
    shutil.copyfile(archive, moved)
    out = folder / "out"
    with read_again(out, [moved], jobs=1) as again:
        results["the archive moved and renamed"] = told(out, again.out)
    return results


def resaved(out: Path, truth: Path) -> dict:
    """What is told of a workbook that openpyxl has opened and saved: it drops the values that
    formulas gave and the pictures of charts, so that this file is not as the archive gives it."""
    copy = truth.parent / "resaved" / "workbook.xlsx"
    copy.parent.mkdir()
    openpyxl.load_workbook(out / copy.name).save(copy)
    found = differences_of(copy.name, copy.parent, truth)
    return {"places": len(found), "first": found[0].line if found else ""}


def told(out: Path, truth: Path) -> dict:
    found = differences(out, truth)
    for difference in found[:5]:
        print(difference.line)
    return {
        "files": len(files_of(truth)),
        "false_alarms": len({difference.file for difference in found}),
    }


# Report


def counted(results: list[Result], of: Callable[[Result], str]) -> dict[str, dict[str, int]]:
    made, caught = Counter(map(of, results)), Counter(of(one) for one in results if one.caught)
    return {name: {"made": made[name], "caught": caught[name]} for name in sorted(made)}


def show(title: str, counts: dict[str, dict[str, int]]) -> None:
    table = Table(title=title)
    for column in ("", "made", "caught"):
        table.add_column(column)
    for name, count in counts.items():
        table.add_row(name, str(count["made"]), str(count["caught"]))
    Console(width=100).print(table)


@contextmanager
def archive_of(filings: bool, folder: Path) -> Iterator[Path]:
    path = folder / ("filings.zip" if filings else "sample.zip")
    if filings:
        with zipfile.ZipFile(path, "w") as file:
            for pdf in sorted(FILINGS.glob("*.pdf"))[:20]:
                file.write(pdf, pdf.name)
    else:
        write_sample(path)
    yield path


def save(name: str, results: dict) -> None:
    out = {
        "date": date.today().isoformat(),
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(),
                    "processor": platform.machine()},
        "versions": {one: version(one) for one in ("tenth", "pypdfium2", "openpyxl", "pyarrow")},
        "bars": {"caught": CAUGHT, "false_alarms": FALSE_ALARMS},
    } | results  # fmt: skip
    path = ROOT / "bench/results" / f"{date.today().isoformat()}-{name}.json"
    path.write_text(json.dumps(out, indent=2, ensure_ascii=False) + "\n")
    print(f"wrote {path.relative_to(ROOT)}")


@click.command()
@click.option("--filings", is_flag=True, help="The 20 quarterly reports instead of the sample.")
@click.option("--count", default=1000, help="Mutations.")
@click.option("--seed", default=0)
@click.option("--ways", default=",".join(WAYS), help="Of making untouched outputs, by commas.")
@click.option("--save/--no-save", "keep", default=False)
def main(filings: bool, count: int, seed: int, ways: str, keep: bool) -> None:
    """Counts what the check catches. Exits with 1 where a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="tenth-mutations-") as name:
        folder = Path(name)
        with archive_of(filings, folder) as archive:
            out = read(archive, folder / "out")
            with read_again(out, jobs=1) as again:
                calm = {"as it was written": told(out, again.out)}
                saved_again = resaved(out, again.out)
                start = time.monotonic()
                results = list(mutations(out, again.out, count, seed))
                seconds = time.monotonic() - start
            calm |= untouched(archive, folder, list(filter(None, ways.split(","))))
    caught = sum(one.caught for one in results) / len(results)
    alarms = sum(o["false_alarms"] for o in calm.values()) / sum(o["files"] for o in calm.values())
    by_file, by_kind, by_place = (
        counted(results, of)
        for of in (lambda r: r.family, lambda r: r.mutation.kind, lambda r: r.mutation.place)
    )
    show("By file", by_file)
    show("By kind", by_kind)
    show("By place", by_place)
    for one in results:
        if not one.caught:
            print(f"missed: {one.family}: {one.mutation}")
    print(f"{caught:.2%} of {len(results)} caught, in {seconds:.0f} s")
    for way, told_ in calm.items():
        print(f"untouched, {way}: {told_['false_alarms']} of {told_['files']} files told")
    print(f"the workbook saved again by openpyxl: {saved_again}")
    if keep:
        what = "mutations-filings" if filings else "mutations"
        command = f"python bench/mutations.py{' --filings' if filings else ''} --save"
        save(what, {
            "command": command, "settings": {"count": count, "seed": seed},
            "caught": round(caught, 4), "false_alarms": round(alarms, 4),
            "seconds": round(seconds), "by_file": by_file, "by_kind": by_kind,
            "by_place": by_place, "untouched": calm, "resaved_workbook": saved_again,
            "missed": [f"{r.family}: {r.mutation}" for r in results if not r.caught],
        })  # fmt: skip
    sys.exit(caught < CAUGHT or alarms > FALSE_ALARMS)


if __name__ == "__main__":
    main()
