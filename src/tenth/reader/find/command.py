"""`tenth ask`: the pages and figures of a folder that answer, and what they look like."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tenth.documents.run.stored import stored_documents
from tenth.reader.find.index import FactHit, Index, PageHit
from tenth.reader.ledger import NAME, plain, read_ledger
from tenth.reader.metrics import title_of
from tenth.reader.model import Fact, Period, Report

DATA = frozenset({"csv", "tsv", "json"})  # no reports: lists of questions and the like
SCALES = {1_000: "thousand", 1_000_000: "million", 1_000_000_000: "billion"}
SHOWN = 44  # characters of a label or a document's name in a table


class Answer(msgspec.Struct, frozen=True):
    """What answers a question, and in what it was looked for."""

    question: str
    pages: tuple[PageHit, ...]
    facts: tuple[FactHit, ...]
    companies: tuple[str, ...]  # that the question is taken to be about; () for all
    n_documents: int  # that were searched, after companies and periods
    n_pages: int


def ask(
    out: Path,
    question: str,
    top: int = 10,
    company: str | None = None,
    period: str | None = None,
) -> Answer:
    """The pages and the facts of what `tenth read` wrote to `out` that answer a question.

    Raises ValueError where `out` holds no documents, and where none is of `company` or reports on
    `period`, naming those there are.
    """
    out = Path(out)
    documents = [one for one in stored_documents(out) if one.kind not in DATA]
    documents = documents or list(stored_documents(out))
    index = Index.of(documents, _reports(out))
    pages = index.pages(question, top, company, period)
    facts = index.facts(question, top, company, period)
    scoped = index.scope.of(question, company, period)
    searched = [one for one, factor in zip(documents, scoped.factors, strict=True) if factor]
    n_pages = sum(len(one.document.pages) for one in searched)
    return Answer(question, tuple(pages), tuple(facts), scoped.companies, len(searched), n_pages)


def _reports(out: Path) -> Sequence[Report]:
    """Facts and covers, where the ledger is there: pages are found without it too."""
    return read_ledger(out).reports if (out / NAME).is_file() else ()


def print_answer(
    console: Console,
    out: Path,
    question: str,
    company: str | None = None,
    period: str | None = None,
    top: int = 5,
    as_json: bool = False,
) -> None:
    """Prints what `ask` finds, as tables or as one JSON object. Raises ValueError as `ask` does."""
    answer = ask(out, question, top, company, period)
    if as_json:
        data = msgspec.json.format(msgspec.json.encode(_plainly(answer)), indent=2).decode()
        console.out(data, highlight=False)
        return
    if not answer.pages and not answer.facts:
        _say(console, f"nothing found: {searched(answer)}; no page has any word of the question")
        return
    if answer.facts:
        _print_facts(console, answer.facts)
    if answer.pages:
        _print_pages(console, answer.pages)
    _say(console, searched(answer))
    if answer.facts:
        _say(console, f"the page with a figure boxed: tenth ask {out} --source ID")


def searched(answer: Answer) -> str:
    """In what an answer was looked for, in words."""
    documents = "document" if answer.n_documents == 1 else "documents"
    of = f" of {', '.join(answer.companies)}" if answer.companies else ""
    return f"searched {answer.n_pages:,} pages of {answer.n_documents:,} {documents}{of}"


def value_of(fact: Fact) -> str:
    """The figure in the scale it is printed in; percent, and what is unknown, as printed."""
    if fact.value is None:
        return f"{fact.verbatim} (scale unknown)"
    if fact.unit == "pure":
        return fact.verbatim
    unit = "shares" if fact.unit == "shares" else fact.currency
    value, word = fact.value, SCALES.get(fact.scale or 1, "")
    if word:
        value /= fact.scale or 1
    return " ".join(filter(None, (f"{value:,f}", word, unit)))


def when_of(period: Period) -> str:
    if not period.end:
        return "unknown"
    return f"{period.start} to {period.end}" if period.start else period.end


def _plainly(answer: Answer) -> dict:
    """The answer as programs want it: a row of facts.csv for each fact."""
    return {
        "question": answer.question,
        "searched": {
            "companies": answer.companies, "documents": answer.n_documents, "pages": answer.n_pages,
        },
        "facts": [
            {
                "id": hit.fact.id, "entity": hit.fact.entity, "metric": hit.fact.metric,
                "label": hit.fact.label, "section": hit.fact.section,
                "period_start": hit.fact.period.start, "period_end": hit.fact.period.end,
                "value": plain(hit.fact.value), "unit": hit.fact.unit,
                "currency": hit.fact.currency, "scale": hit.fact.scale or "unknown",
                "status": hit.fact.status, "document": hit.fact.document,
                "locator": hit.fact.place.locator, "verbatim": hit.fact.verbatim,
                "score": hit.score,
            }
            for hit in answer.facts
        ],
        "pages": [msgspec.to_builtins(hit) for hit in answer.pages],
    }  # fmt: skip


def _print_facts(console: Console, facts: Sequence[FactHit]) -> None:
    table = Table(title="Figures", title_justify="left")
    for column in ("of", "what", "period"):
        table.add_column(column, overflow="fold")
    table.add_column("value", justify="right", overflow="fold")
    table.add_column("source", overflow="fold")
    table.add_column("id", no_wrap=True)
    for hit in facts:
        fact = hit.fact
        named = title_of(fact.metric)  # the name itself where the vocabulary has no title
        what = fact.label if named in (fact.metric, fact.label) else f"{fact.label} ({named})"
        where = fact.place.ref or f"page {fact.place.page}"
        row = (
            fact.entity, _short(what), when_of(fact.period), value_of(fact),
            f"{_file(fact.document)}, {where}", fact.id,
        )  # fmt: skip
        table.add_row(*map(Text, row), style="dim" if fact.status == "unknown" else "")
    console.print(table)


def _print_pages(console: Console, pages: Sequence[PageHit]) -> None:
    table = Table(title="Pages", title_justify="left")
    for column in ("document", "page", "what it says"):
        table.add_column(column, overflow="fold")
    for hit in pages:
        table.add_row(*map(Text, (_file(hit.document), str(hit.page), hit.snippet)))
    console.print(table)


def _file(member: str) -> str:
    return _short(member.rsplit("/", 1)[-1])


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _say(console: Console, line: str) -> None:
    console.print(Text(line), soft_wrap=True)
