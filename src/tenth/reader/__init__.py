"""The ledger: every figure of an archive's documents with its source, checked; no torch in here.

`write_outputs(out, archives)` goes on from what `tenth.documents.read_archive` has read into `out`:
facts, contradictions, figures made of them, workbook, summary. `read_ledger(out)` gives it all
back, `ask(out, question)` finds pages and facts, `read_again` and `differences` check a folder
against its archive. The names below are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenth.reader.check import Difference, differences, read_again
    from tenth.reader.find import Answer, Index, ask
    from tenth.reader.ledger import read_ledger
    from tenth.reader.model import Contradiction, Fact, Figure, Ledger, Period, Place, Report
    from tenth.reader.run import Outcome, write_outputs

_HOMES = {
    "Answer": "tenth.reader.find",
    "Contradiction": "tenth.reader.model",
    "Difference": "tenth.reader.check",
    "Fact": "tenth.reader.model",
    "Figure": "tenth.reader.model",
    "Index": "tenth.reader.find",
    "Ledger": "tenth.reader.model",
    "Outcome": "tenth.reader.run",
    "Period": "tenth.reader.model",
    "Place": "tenth.reader.model",
    "Report": "tenth.reader.model",
    "ask": "tenth.reader.find",
    "differences": "tenth.reader.check",
    "read_again": "tenth.reader.check",
    "read_ledger": "tenth.reader.ledger",
    "write_outputs": "tenth.reader.run",
}

__all__ = [
    "Answer",
    "Contradiction",
    "Difference",
    "Fact",
    "Figure",
    "Index",
    "Ledger",
    "Outcome",
    "Period",
    "Place",
    "Report",
    "ask",
    "differences",
    "read_again",
    "read_ledger",
    "write_outputs",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
