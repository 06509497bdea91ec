"""Pages, facts and cells that answer a question, found without a model."""

from tenth.reader.find.index import FactHit, Index, PageHit

__all__ = ["FactHit", "Index", "PageHit"]
