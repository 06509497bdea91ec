"""Pages, facts and cells that answer a question, found without a model."""

from tenth.reader.find.cells import CellHit, ranked_cells
from tenth.reader.find.command import Answer, ask, print_answer
from tenth.reader.find.index import FactHit, Index, PageHit

__all__ = [
    "Answer",
    "CellHit",
    "FactHit",
    "Index",
    "PageHit",
    "ask",
    "print_answer",
    "ranked_cells",
]
