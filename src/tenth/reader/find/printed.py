"""What an answer looks like: lines that fit a terminal, whole lines where they are piped, JSON."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from tenth.reader.analysis.catalogue import metric_of, readable
from tenth.reader.find.command import Answer, ask
from tenth.reader.find.index import FactHit, FigureHit, PageHit
from tenth.reader.ledger import plain
from tenth.reader.metrics import title_of
from tenth.reader.model import Fact, Figure, Period

SCALES = {1_000: "thousand", 1_000_000: "million", 1_000_000_000: "billion"}
HAN = re.compile(r"[\u3400-\u9fff]")
MARGIN = 4  # columns by which stands in what is said of a figure


def print_answer(
    console: Console,
    out: Path,
    question: str,
    company: str | None = None,
    period: str | None = None,
    top: int = 5,
    as_json: bool = False,
) -> None:
    """Prints what `ask` finds, as lines or as one JSON object. Raises ValueError as `ask` does."""
    answer = ask(out, question, top, company, period)
    if as_json:
        data = msgspec.json.format(msgspec.json.encode(_plainly(answer)), indent=2).decode()
        console.out(data, highlight=False)
        return
    if answer.strangers and not answer.companies:
        others = "; what follows is of others" if answer.pages or answer.facts else ""
        _line(console, f"no document names {', '.join(answer.strangers)}{others}", "bold")
    elif answer.strangers:
        _line(console, f"no document names {', '.join(answer.strangers)}", "bold")
    if not answer.pages and not answer.facts and not answer.figures:
        _line(console, f"nothing found: {searched(answer)}; no page has any word of the question")
        return
    of = " of others" if answer.strangers and not answer.companies else ""
    language: Literal["en", "zh"] = "zh" if HAN.search(question) else "en"
    _print_figures(console, answer.figures, of, language)
    _print_facts(console, answer.facts, of)
    _print_pages(console, answer.pages, of)
    _line(console, searched(answer))
    if answer.n_without_figures:
        _line(console, without_figures(answer))
    if answer.facts or answer.figures:
        _line(console, f"the page with a figure boxed: tenth ask {out} --source ID")


def searched(answer: Answer) -> str:
    """In what an answer was looked for, in words."""
    documents = "document" if answer.n_documents == 1 else "documents"
    of = f" of {', '.join(answer.companies)}" if answer.companies else ""
    return f"searched {answer.n_pages:,} pages of {answer.n_documents:,} {documents}{of}"


def without_figures(answer: Answer) -> str:
    """That an answer's figures are not those of all documents, and what that may come of."""
    n = answer.n_without_figures
    of = "one document" if n == 1 else f"{n:,} documents"
    return (
        f"the figures of {of} are not here: tenth read is under way or was stopped, or --no-ledger"
    )


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


def figure_value(figure: Figure) -> str:
    """Percent with one decimal, ratios with two, amounts in the largest scale that fits."""
    if figure.unit != "pure":
        scale = next((s for s in sorted(SCALES, reverse=True) if abs(figure.value) >= s), 1)
        places = 2 if scale == 1 or figure.unit == "currency/share" else 1
        words = (f"{figure.value / scale:,.{places}f}", SCALES.get(scale, ""), figure.currency)
        return " ".join(filter(None, words))
    known = metric_of(figure.metric)
    shown = known.shown if known else "index"
    if shown in ("percent", "points"):
        return f"{figure.value * 100:,.1f}{'%' if shown == 'percent' else ' points'}"
    ending = {"days": " days", "times": "×"}.get(shown, "")
    return f"{figure.value:,.{0 if shown == 'days' else 2}f}{ending}"


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
        "not_there": answer.strangers,
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
        "figures": [
            {
                "id": hit.figure.id, "entity": hit.figure.entity, "metric": hit.figure.metric,
                "label": readable(hit.figure.metric),
                "period_start": hit.figure.period.start, "period_end": hit.figure.period.end,
                "value": plain(hit.figure.value), "unit": hit.figure.unit,
                "currency": hit.figure.currency, "formula": hit.figure.formula,
                "note": hit.figure.note,
                "inputs": [
                    {"name": one.name, "id": one.id, "value": plain(one.value)}
                    for one in hit.figure.inputs
                ],
                "sources": [
                    {"id": fact.id, "document": fact.document, "locator": fact.place.locator}
                    for fact in hit.sources
                ],
            }
            for hit in answer.figures
        ],
        "pages": [msgspec.to_builtins(hit) for hit in answer.pages],
    }  # fmt: skip


def _print_figures(
    console: Console, hits: Iterable[FigureHit], of: str, language: Literal["en", "zh"]
) -> None:
    for number, hit in enumerate(hits):
        if not number:
            _line(console, f"Made of figures{of}", "italic")
        one = hit.figure
        _line(console, f"{figure_value(one)}  {readable(one.metric, language)}", "bold")
        _under(console, f"{one.entity}, {when_of(one.period)}  {one.id}")
        note = f"; {one.note}" if one.note else ""
        _under(console, f"= {one.formula}{note}")
        for fact in hit.sources:
            _under(console, f"{fact.label}: {value_of(fact)}  {_where(fact)}  {fact.id}")


def _print_facts(console: Console, hits: Iterable[FactHit], of: str) -> None:
    for number, hit in enumerate(hits):
        if not number:
            _line(console, f"Figures{of}", "italic")
        fact = hit.fact
        named = title_of(fact.metric)  # the name itself where the vocabulary has no title
        what = fact.label if named in (fact.metric, fact.label) else f"{fact.label} ({named})"
        style = "dim" if fact.status == "unknown" else "bold"
        _line(console, f"{value_of(fact)}  {what}", style)
        doubt = "" if fact.status == "ok" else f" ({fact.status})"
        whose = f"{fact.entity}, " if fact.entity else ""
        _under(console, f"{whose}{when_of(fact.period)}{doubt}")
        _under(console, f"{_where(fact)}  {fact.id}")


def _print_pages(console: Console, hits: Iterable[PageHit], of: str) -> None:
    for number, hit in enumerate(hits):
        if not number:
            _line(console, f"Pages{of}", "italic")
        _line(console, f"{_file(hit.document)}, page {hit.page}", "bold")
        _under(console, hit.snippet)


def _where(fact: Fact) -> str:
    return f"{_file(fact.document)}, {fact.place.ref or f'page {fact.place.page}'}"


def _file(member: str) -> str:
    return member.rsplit("/", 1)[-1]


def _line(console: Console, text: str, style: str = "") -> None:
    """A line, and what does not fit below it, further in; whole where nobody looks at columns."""
    if console.is_terminal:
        shown = Text(text, style)
        first, *rest = shown.wrap(console, console.width - MARGIN) or [shown]
        console.print(first)
        for more in rest:
            console.print(Padding(more, (0, 0, 0, MARGIN)))
    else:
        console.print(Text(text, style), soft_wrap=True)


def _under(console: Console, text: str) -> None:
    """What is said of the line before."""
    if console.is_terminal:
        console.print(Padding(Text(text), (0, 0, 0, MARGIN)))
    else:
        console.print(Text(" " * MARGIN + text), soft_wrap=True)
