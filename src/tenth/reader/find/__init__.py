"""Pages, facts and cells that answer a question, found without a model."""

from tenth.reader.find.cells import CellHit, ranked_cells
from tenth.reader.find.command import Answer, ask
from tenth.reader.find.index import FactHit, FigureHit, Index, PageHit
from tenth.reader.find.printed import print_answer

__all__ = [
    "Answer",
    "CellHit",
    "FactHit",
    "FigureHit",
    "Index",
    "PageHit",
    "ask",
    "print_answer",
    "ranked_cells",
]
