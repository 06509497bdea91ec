"""summary.md and summary.html: what an archive's documents say, every figure with its source."""

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from tenth.documents.run.stored import Stored
from tenth.files import atomic_write_text
from tenth.reader.model import Fact, Ledger
from tenth.reader.summary.markdown import escaped
from tenth.reader.summary.names import LANGUAGES
from tenth.reader.summary.notes import PageLink
from tenth.reader.summary.view import summarised
from tenth.reader.summary.words import WORDS

CHOICES = ("auto", *LANGUAGES)


def write_summary(
    ledger: Ledger,
    documents: Iterable[Stored],
    out: Path,
    language: str = "auto",
    page_link: PageLink = lambda fact: "",
) -> None:
    """Writes out/summary.md and out/summary.html. `language` is "en", "zh" or "auto", that of most
    reports; `page_link` is what `write_pages` gave. Raises ValueError for another language."""
    markdown, html = rendered_summary(ledger, documents, language, page_link)
    atomic_write_text(out / "summary.md", markdown)
    atomic_write_text(out / "summary.html", html)


def rendered_summary(
    ledger: Ledger, documents: Iterable[Stored], language: str, page_link: PageLink
) -> tuple[str, str]:
    """The Markdown and the HTML, the same bytes for the same ledger and documents."""
    if language not in CHOICES:
        raise ValueError(f"--lang: {language!r} is not one of {', '.join(CHOICES)}")
    summary = summarised(ledger, documents, language, page_link)
    values = {"language": summary.language, "words": WORDS[summary.language],
              "sections": summary.sections, "overview": summary.overview}  # fmt: skip
    markdown = template("summary.md.j2").render(values)
    return tidy(markdown), template("summary.html.j2").render(values)


def cited_facts(ledger: Ledger, documents: Iterable[Stored]) -> list[Fact]:
    """Whose pages the summary links to: facts, inputs of figures, and the sentences it quotes,
    which are facts without a value."""
    summary = summarised(ledger, documents, "en", lambda fact: "")
    return list({fact.id: fact for fact in summary.cited}.values())


@cache
def template(name: str) -> Template:
    """A template of this folder; what it is given is escaped in HTML, and by `| md` in Markdown."""
    environment = Environment(
        loader=PackageLoader("tenth.reader.summary", ""),
        autoescape=name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = escaped
    environment.filters["zip"] = partial(zip, strict=True)
    return environment.get_template(name)


def tidy(markdown: str) -> str:
    """At most one empty line at a time."""
    lines: list[str] = []
    for line in markdown.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip() + "\n"
