"""Any archive or file becomes pages, blocks and tables with their positions; no torch in here.

`read_document(path)` gives one document, `read_archive(paths, out)` reads everything in archives
and folders into files and a database, `open_archive(paths, spool)` only unpacks. The names below
are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenth.config import ReadConfig
    from tenth.documents.archives.unpack import Member, open_archive
    from tenth.documents.model import Block, Box, Cell, Chart, Document, Page, Table
    from tenth.documents.read import read_document
    from tenth.documents.refusal import Refused
    from tenth.documents.run.archive import read_archive
    from tenth.documents.run.manifest import Summary
    from tenth.documents.run.markdown import to_markdown
    from tenth.documents.run.texts import iter_texts

_HOMES = {
    "ReadConfig": "tenth.config",
    "Block": "tenth.documents.model",
    "Box": "tenth.documents.model",
    "Cell": "tenth.documents.model",
    "Chart": "tenth.documents.model",
    "Document": "tenth.documents.model",
    "Member": "tenth.documents.archives.unpack",
    "Page": "tenth.documents.model",
    "Refused": "tenth.documents.refusal",
    "Summary": "tenth.documents.run.manifest",
    "Table": "tenth.documents.model",
    "iter_texts": "tenth.documents.run.texts",
    "open_archive": "tenth.documents.archives.unpack",
    "read_archive": "tenth.documents.run.archive",
    "read_document": "tenth.documents.read",
    "to_markdown": "tenth.documents.run.markdown",
}

__all__ = [
    "Block",
    "Box",
    "Cell",
    "Chart",
    "Document",
    "Member",
    "Page",
    "ReadConfig",
    "Refused",
    "Summary",
    "Table",
    "iter_texts",
    "open_archive",
    "read_archive",
    "read_document",
    "to_markdown",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
