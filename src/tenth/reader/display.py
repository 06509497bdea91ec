"""What one sees while the ledger is made, and what came of it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from tenth.reader.check.again import Again
from tenth.reader.check.compare import Difference
from tenth.reader.run import Outcome

FIRST = 5


class Steps:
    """Which step is under way, and how much of it is done."""

    def __init__(self, console: Console):
        columns = (BarColumn(24), MofNCompleteColumn(), TimeRemainingColumn(),
                   TextColumn("{task.description}"))  # fmt: skip
        self.progress = Progress(*columns, console=console, transient=True,
                                 disable=not console.is_terminal)  # fmt: skip
        self.task = self.progress.add_task("", total=None)

    def __enter__(self) -> "Steps":
        self.progress.start()
        return self

    def __exit__(self, *_) -> None:
        self.progress.stop()

    def tell(self, what: str, done: int, total: int) -> None:
        self.progress.update(self.task, description=what, completed=done, total=total)


def print_outcome(console: Console, out: Path, outcome: Outcome) -> None:
    ledger = outcome.ledger
    facts = ledger.facts().values()
    statuses = Counter(fact.status for fact in facts)
    companies = sorted({fact.entity for fact in facts if fact.entity})
    line = (
        f"{len(facts):,} figures of {_companies(companies)}: {statuses['ok']:,} whole, "
        f"{statuses['unknown']:,} with something unknown, "
        f"{statuses['contradicted']:,} contradicted; {len(ledger.figures):,} made of them"
    )
    _say(console, line)
    for document, reason in outcome.broken[:FIRST]:
        _say(console, f"  {document}: {reason}")
    kinds = Counter(one.kind for one in ledger.contradictions)
    if kinds:
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        _say(console, f"contradictions: {told}")
        for one in ledger.contradictions[:FIRST]:
            _say(console, f"  {one.kind}: {one.note}")
        if len(ledger.contradictions) > FIRST:
            more = len(ledger.contradictions) - FIRST
            _say(console, f"  and {more} more, in contradictions.md")
    else:
        _say(console, "contradictions: none found")
    _say(console, f"{out}: workbook.xlsx, summary.html and summary.md, contradictions.md, "
         f"facts.csv and .parquet, ledger.sqlite")  # fmt: skip


def _companies(names: Sequence[str]) -> str:
    if len(names) > FIRST:
        return f"{len(names)} companies"
    return ", ".join(names) or "companies that no document names"


def print_differences(
    console: Console, folder: Path, again: Again, found: Sequence[Difference], most: int
) -> None:
    for difference in found[:most]:
        _say(console, difference.line)
    if len(found) > most:
        _say(console, f"and {len(found) - most} more")
    archives = ", ".join(str(path) for path in again.archives)
    count = len(again.ledger.facts())
    if found:
        _say(console, f"{folder}: {len(found)} places differ from {archives}")
    else:
        _say(console, f"{folder}: all is as {archives} says; {count:,} figures read again")


def _say(console: Console, line: str) -> None:
    console.print(Text(line), soft_wrap=True)
