"""`tenth ask --source`: the page with a figure boxed, as a picture."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
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
    if id_ not in facts:
        raise ValueError(_no_such(id_, facts, {figure.id for figure in ledger.figures}))
    paths = tuple(archives) or tuple(map(Path, settings_of(out).archives))
    _write(out, [facts[id_]], paths, password)
    return out / FOLDER / f"{id_}.png"


def write_sources(out: Path, ids: Iterable[str], archives: Sequence[Path], password: str) -> None:
    """The same of those of several facts that can be drawn, in one pass over the archive."""
    if wanted := sorted(ids):
        facts = read_ledger(out).facts()
        _write(out, [facts[id_] for id_ in wanted], archives, password, ValueError)


def keep_only(out: Path, ids: AbstractSet[str]) -> None:
    """Removes the pictures of facts that are not there any more."""
    for path in (out / FOLDER).glob("*.png"):
        if path.stem not in ids:
            path.unlink()


def _write(
    out: Path, facts: Sequence[Fact], archives: Sequence[Path], password: str,
    *passed_over: type[Exception],
) -> None:  # fmt: skip
    tables = _tables(out, {fact.sha256 for fact in facts})
    with Sources(archives, out, password) as sources:
        sources.want(fact.sha256 for fact in facts)
        for fact in facts:
            with suppress(*passed_over):
                file = sources.file(fact.sha256, fact.document)
                table = tables[fact.sha256][fact.table - 1] if fact.table else None
                picture = source_image(fact, file, table=table)
                path = out / FOLDER / f"{fact.id}.png"
                path.parent.mkdir(exist_ok=True)
                atomic_write_bytes(path, picture)


def _tables(out: Path, hashes: AbstractSet[str]) -> dict[str, tuple[Table, ...]]:
    return {
        stored.sha256: stored.document.tables
        for stored in stored_documents(out)
        if stored.sha256 in hashes
    }


def _no_such(id_: str, facts: dict[str, Fact], figures: set[str]) -> str:
    if id_ in figures:
        return f"{id_} is made of others: ask for the source of its inputs, in ledger.sqlite"
    near = sorted(facts)[:NEAR]
    return f"no figure {id_!r}; facts.csv has {len(facts):,}, such as {', '.join(near)}"
