"""`tenth ask`: the pages and figures of a folder that answer."""

from pathlib import Path

import msgspec

from tenth.documents.run.stored import stored_documents
from tenth.reader.find.index import FactHit, FigureHit, Index, PageHit
from tenth.reader.ledger import NAME, read_ledger
from tenth.reader.model import Ledger

DATA = frozenset({"csv", "tsv", "json"})  # no reports: lists of questions and the like


class Answer(msgspec.Struct, frozen=True):
    """What answers a question, and in what it was looked for."""

    question: str
    pages: tuple[PageHit, ...]
    facts: tuple[FactHit, ...]
    figures: tuple[FigureHit, ...]  # made of facts, printed nowhere: margins, growth
    companies: tuple[str, ...]  # that the question is taken to be about; () for all
    strangers: tuple[str, ...]  # companies that it names and no document does
    n_documents: int  # that were searched, after companies and periods
    n_pages: int
    n_without_figures: int = 0  # documents that the ledger does not know


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
    if not documents:
        raise ValueError(
            f"{out} holds no document that is read: if the reading was stopped, "
            "the same tenth read goes on"
        )
    ledger = read_ledger(out) if (out / NAME).is_file() else Ledger()  # pages are found without
    index = Index.of(documents, ledger.reports, ledger.figures)
    pages = index.pages(question, top, company, period)
    facts = index.facts(question, top, company, period)
    figures = index.figures(question, top, company, period)
    strangers = index.strangers(question)
    scoped = index.scope.of(question, company, period)
    searched = [one for one, factor in zip(documents, scoped.factors, strict=True) if factor]
    figured = {report.document for report in ledger.reports}
    owed = sum(one.member not in figured for one in documents)
    n_pages = sum(len(one.document.pages) for one in searched)
    return Answer(
        question, tuple(pages), tuple(facts), tuple(figures), scoped.companies, tuple(strangers),
        len(searched), n_pages, owed,
    )  # fmt: skip
