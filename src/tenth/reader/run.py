"""From what was read to the ledger and all that is made of it: facts, checks, figures, outputs."""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
import zstandard

from tenth.config import ReadConfig
from tenth.documents.model import Table
from tenth.documents.run.store import pack, unpack
from tenth.documents.run.stored import Stored, stored_documents
from tenth.documents.run.workspace import Workspace
from tenth.files import atomic_write_bytes, atomic_write_text
from tenth.reader.analysis import figures_of
from tenth.reader.checks import contradicted, contradictions
from tenth.reader.facts_files import facts_csv, facts_parquet
from tenth.reader.ledger import NAME as LEDGER
from tenth.reader.ledger import Settings, write_ledger
from tenth.reader.locators import LOOKED_UP, unresolved
from tenth.reader.model import Cover, Fact, Ledger, Report
from tenth.reader.narrow import narrowed
from tenth.reader.pages import PAGES, Sources, write_pages
from tenth.reader.reports import FACTS, read_report, with_known_years, without
from tenth.reader.scope import with_scopes
from tenth.reader.source import FOLDER as SOURCES
from tenth.reader.source import keep_only
from tenth.reader.summary import cited_facts, contradictions_md, write_summary
from tenth.reader.sums import with_parts
from tenth.reader.titles import with_titles
from tenth.reader.workbook import facts_shown, write_workbook

CACHE = ".facts"
MADE = (
    LEDGER, "facts.csv", "facts.parquet", "workbook.xlsx", "summary.md", "summary.html",
    "contradictions.md", PAGES, SOURCES,
)  # fmt: skip
Tell = Callable[[str, int, int], None]  # what is done, how many of how many


@dataclass(frozen=True)
class Outcome:
    ledger: Ledger
    broken: tuple[tuple[str, str], ...]  # documents in which looking for facts broke, and how
    seconds: float


def _quiet(what: str, done: int, total: int) -> None:
    pass


def write_outputs(
    out: Path,
    archives: Sequence[Path],
    config: ReadConfig,
    language: str = "auto",
    password: str = "",
    tell: Tell = _quiet,
) -> Outcome:
    """All that is made of the documents in `out`, which `read_archive` has read from `archives`.

    Each file is whole or not there; the same documents give the same bytes, whatever killed the
    run before. Raises ValueError where `out` holds no documents, OSError of the disk.
    """
    start = time.monotonic()
    with Workspace(out):
        documents = list(stored_documents(out))
        settings = Settings(
            tuple(str(path.absolute()) for path in archives), language, asdict(config), FACTS
        )
        with Sources(archives, out, password, config) as sources:
            ledger = built(_reports(documents, out / CACHE, sources, tell))
            _write(ledger, documents, out, sources, language, tell)
        keep_only(out, ledger.facts().keys())
        seconds = time.monotonic() - start
        now = datetime.now(UTC).isoformat(timespec="seconds")
        write_ledger(ledger, out, settings, (now, round(seconds, 3), version("tenth")))
    broken = tuple((one.document, why) for one in ledger.reports if (why := _trouble(one)))
    return Outcome(ledger, broken, seconds)


def _trouble(report: Report) -> str:
    if report.reason or not report.lost:
        return report.reason
    of = report.lost + len(report.facts)
    return f"{report.lost:,} of {of:,} figures left out: the file holds other text in their places"


def remove_outputs(out: Path) -> None:
    """Without the ledger of an earlier run, which would tell of other documents than are there."""
    with Workspace(out):
        for path in (out / name for name in MADE):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def built(reports: Iterable[Report]) -> Ledger:
    """What follows from all reports together."""
    reports = [_with_parts(report) for report in with_scopes(with_known_years(list(reports)))]
    facts = {fact.id: fact for report in reports for fact in report.facts}
    found = contradictions(reports, facts)
    wrong = contradicted(facts, found)
    reports = [_marked(report, wrong) for report in reports]
    facts = {fact.id: fact for report in reports for fact in report.facts}
    return Ledger(tuple(reports), figures_of(reports, facts), found)


def _with_parts(report: Report) -> Report:
    facts = {fact.id: fact for fact in report.facts}
    statements = tuple(with_parts(one, facts) for one in report.statements)
    return msgspec.structs.replace(report, statements=statements)


def _marked(report: Report, wrong: AbstractSet[str]) -> Report:
    def marked(fact: Fact) -> Fact:
        if fact.id in wrong and fact.status == "ok":
            return msgspec.structs.replace(fact, status="contradicted")
        return fact

    return msgspec.structs.replace(report, facts=tuple(map(marked, report.facts)))


# Each document by itself, kept under the key of its results


def _reports(
    documents: Sequence[Stored], cache: Path, sources: Sources, tell: Tell
) -> Iterator[Report]:
    cache.mkdir(exist_ok=True)
    sources.want(stored.sha256 for stored in documents)
    names = [_cache_name(stored) for stored in documents]
    for path in cache.iterdir():
        if path.name not in names:
            path.unlink()
    for number, (stored, name) in enumerate(zip(documents, names, strict=True)):
        tell(f"facts of {stored.member}", number, len(documents))
        yield _cached(stored, cache / name, sources)


def _cache_name(stored: Stored) -> str:
    """By all that facts are found in: pages that failed may have been read since."""
    return f"{hashlib.sha256(msgspec.msgpack.encode(stored)).hexdigest()}.f{FACTS}"


def _cached(stored: Stored, path: Path, sources: Sources) -> Report:
    try:
        return msgspec.json.decode(unpack(path.read_bytes()), type=Report)
    except (OSError, ValueError, zstandard.ZstdError):  # none, torn, or of another version
        pass
    report = resolved(safely_read(stored), sources)
    if not report.reason:
        atomic_write_bytes(path, pack(msgspec.json.encode(report)))
    return report


def safely_read(stored: Stored) -> Report:
    """A document that breaks us costs its own facts alone."""
    try:
        return read_report(stored)
    except Exception as error:
        return _broken(Report(stored.member, stored.sha256, stored.kind, Cover()), error)


def _broken(report: Report, error: Exception, what: str = "looking for facts") -> Report:
    reason = f"{what} broke ({type(error).__name__}: {error})"
    return Report(report.document, report.sha256, report.kind, report.cover, reason=reason)


def resolved(report: Report, sources: Sources) -> Report:
    """Without the facts whose place, looked up in the file itself, does not hold them: a figure
    that does not resolve never leaves the building. Raises ValueError where the file is not to be
    had any more."""
    if report.kind not in LOOKED_UP or not report.facts:
        return report
    file = sources.file(report.sha256, report.document)
    try:
        report = _narrowed(report, file)
        lost = {fact.id for fact, _ in unresolved(file, report.kind, report.facts)}
    except Exception as error:
        return _broken(report, error, "looking its figures up in the file")
    return msgspec.structs.replace(without(report, lost), lost=len(lost)) if lost else report


def _narrowed(report: Report, file: Path) -> Report:
    """A sentence's figure stands at its own characters, not at its paragraph."""
    said = [fact for fact in report.facts if not fact.table and fact.place.box]
    if report.kind != "pdf" or not said:
        return report
    narrow = {fact.id: fact for fact in narrowed(file, said)}
    facts = tuple(narrow.get(fact.id, fact) for fact in report.facts)
    return msgspec.structs.replace(report, facts=facts)


# Outputs


def _write(
    ledger: Ledger,
    documents: Sequence[Stored],
    out: Path,
    sources: Sources,
    language: str,
    tell: Tell,
) -> None:
    steps = 4
    tell("facts", 0, steps)
    atomic_write_bytes(out / "facts.csv", facts_csv(ledger))
    facts_parquet(ledger, out / "facts.parquet")
    tell("pages", 1, steps)
    page_link = _pages(ledger, documents, out, sources)
    tell("workbook", 2, steps)
    write_workbook(ledger, out / "workbook.xlsx", spoken(ledger, language), page_link)
    tell("summary", 3, steps)
    atomic_write_text(out / "contradictions.md", contradictions_md(ledger, page_link, language))
    write_summary(ledger, documents, out, language, page_link)
    tell("done", steps, steps)


def _pages(
    ledger: Ledger, documents: Sequence[Stored], out: Path, sources: Sources
) -> Callable[[Fact], str]:
    shown = {fact.id: fact for fact in [*facts_shown(ledger), *cited_facts(ledger, documents)]}
    kinds = {stored.sha256: stored.kind for stored in documents}
    tables = {stored.sha256: with_titles(stored.document).tables for stored in documents}

    def table_of(fact: Fact) -> Table | None:
        return tables[fact.sha256][fact.table - 1] if fact.table else None

    return write_pages(out, shown.values(), sources, table_of, kinds)


def spoken(ledger: Ledger, language: str) -> str:
    """The language of most reports, where "auto" asks for it."""
    if language != "auto":
        return language
    languages = [report.cover.language for report in ledger.reports if report.facts]
    return "zh" if languages.count("zh") * 2 > len(languages) else "en"
