"""Reads one file into a document: which reader takes which kind, by pages where it has them."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tenth.config import ReadConfig
from tenth.documents.kinds import REFUSED, kind_of
from tenth.documents.model import Document, Page, Table
from tenth.documents.native import MOST_TABLES, PLACES, PLAIN_BYTES, cell_limit
from tenth.documents.page.ink import Draft
from tenth.documents.refusal import Refused

PAGED = {"pdf": "pdf.reader", "image": "ocr.image"}  # read page by page, in any order
READERS = {  # kind: the module and its function (path, config) -> Document, read in one go
    "docx": "office.docx",
    "xlsx": "office.sheets",
    "xlsm": "office.sheets",
    "xlsb": "office.sheets",
    "xls": "office.sheets",
    "ods": "office.sheets",
    "pptx": "office.slides",
    "html": "text.html",
    "eml": "text.email",
    "csv": "text.plain",
    "md": "text.plain",
    "txt": "text.plain",
}


def read_document(path: str | Path, config: ReadConfig | None = None) -> Document:
    """The document in the file `path`, read in this process.

    Raises Refused (a ValueError) with one line on why it cannot be read. A page of it that cannot
    is in the document all the same, with `source` "failed" and its reason.
    """
    path, config = Path(path), config or ReadConfig()
    kind = kind_of(path)
    if kind not in PAGED:
        return read_whole(path, kind, config)
    numbers = range(1, count_pages(path, kind, config) + 1)
    return collect(kind, lambda: read_pages(path, kind, numbers, config))


def read_whole(path: Path, kind: str, config: ReadConfig) -> Document:
    """A document of a kind that is read in one go. Raises Refused."""
    if reason := no_reader(kind):
        raise Refused(f"{path.name}: {reason}")
    try:
        document = reader_of(kind).read(path, config)
    except RecursionError:
        raise Refused(f"{path.name}: its parts lie too deep within each other") from None
    check_tables(path, document, config)
    return document


def check_tables(path: Path, document: Document, config: ReadConfig) -> None:
    """Raises Refused where writing the tables would take without bounds: a table may have holes,
    yet its grid has a place for each, and each table is a file."""
    places = sum(table.n_rows * table.n_columns for table in document.tables)
    limit, named = cell_limit(config, PLAIN_BYTES)
    if places > PLACES * limit:
        raise Refused(
            f"{path.name}: its tables have {places:,} places, empty ones included, more than "
            f"{PLACES} for each of {limit:,} cells, {named}"
        )
    if len(document.tables) > MOST_TABLES:
        raise Refused(
            f"{path.name}: falls into {len(document.tables):,} tables, more than {MOST_TABLES:,}"
        )


def reader_of(kind: str) -> ModuleType:
    """The module that reads files of this kind, imported when it is first needed."""
    return import_module(f"tenth.documents.{(PAGED | READERS)[kind]}")


def no_reader(kind: str) -> str:
    """Why files of this kind are not read; "" where they are."""
    if kind in REFUSED:
        return REFUSED[kind]
    if kind in PAGED or kind in READERS:
        return ""
    return f"no reader for {kind!r}; there are {', '.join(sorted({*READERS, *PAGED}))}"


def count_pages(path: Path, kind: str, config: ReadConfig) -> int:
    """How many pages a file of a PAGED kind has. Raises Refused."""
    return reader_of(kind).count_pages(path, config)


def read_pages(
    path: Path,
    kind: str,
    numbers: Iterable[int],
    config: ReadConfig,
    on_ocr: Callable[[int], None] = lambda number: None,
) -> Iterator[Draft]:
    """These pages (from 1) of a file of a PAGED kind, each for itself.

    `on_ocr(number)` is called before a page is handed to OCR, which takes longer. A page that
    cannot be read comes as a failed one; Refused is raised where the file cannot be opened.
    """
    return reader_of(kind).read_pages(path, numbers, config, on_ocr)


def assemble(drafts: Callable[[], Iterable[Draft]]) -> Iterator[tuple[Page, tuple[Table, ...]]]:
    """Pages in order, each with the tables that begin on it, whole: running headers and footers
    are told apart, tables that go on over pages are in one piece, and blocks' `table` counts
    through the document.

    `drafts` is called twice and gives the same drafts each time, in the order of their pages.
    """
    from tenth.documents.page.pages import assembled

    return assembled(drafts)


def collect(kind: str, drafts: Callable[[], Iterable[Draft]]) -> Document:
    """`assemble`, as one document in memory."""
    kept = list(drafts())
    pages: list[Page] = []
    tables: list[Table] = []
    for page, begun in assemble(lambda: kept):
        pages.append(page)
        tables += begun
    failed = tuple(f"page {p.number}: {p.reason}" for p in pages if p.source == "failed")
    return Document(kind=kind, pages=tuple(pages), tables=tuple(tables), warnings=failed)
