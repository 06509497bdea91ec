"""`tenth ask --source`: the page with a figure boxed, as a picture."""

from collections.abc import Sequence
from pathlib import Path

from tenth.documents.model import Table
from tenth.documents.run.stored import stored_documents
from tenth.files import atomic_write_bytes
from tenth.reader.ledger import read_ledger, settings_of
from tenth.reader.model import Fact
from tenth.reader.pages import Sources, source_image

FOLDER = "sources"
NEAR = 5  # ids named where one is not there


def write_source(out: Path, id_: str, archives: Sequence[Path] = (), password: str = "") -> Path:
    """Draws OUT/sources/ID.png and gives its path. Raises ValueError where there is no such fact,
    or the archive is not where it was."""
    ledger = read_ledger(out)
    facts = ledger.facts()
    fact = facts.get(id_)
    if fact is None:
        raise ValueError(_no_such(id_, facts, {figure.id for figure in ledger.figures}))
    paths = tuple(archives) or tuple(map(Path, settings_of(out).archives))
    with Sources(paths, out, password) as sources:
        file = sources.file(fact.sha256, fact.document)
        picture = source_image(fact, file, table=_table_of(fact, out))
    path = out / FOLDER / f"{id_}.png"
    path.parent.mkdir(exist_ok=True)
    atomic_write_bytes(path, picture)
    return path


def _table_of(fact: Fact, out: Path) -> Table | None:
    for stored in stored_documents(out):
        if stored.sha256 == fact.sha256 and fact.table:
            return stored.document.tables[fact.table - 1]
    return None


def _no_such(id_: str, facts: dict[str, Fact], figures: set[str]) -> str:
    if id_ in figures:
        return f"{id_} is made of others: ask for the source of its inputs, in ledger.sqlite"
    near = sorted(facts)[:NEAR]
    return f"no figure {id_!r}; facts.csv has {len(facts):,}, such as {', '.join(near)}"
