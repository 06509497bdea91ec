"""Footnotes: each figure's page with the figure boxed, or its formula with links to each input."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tenth.reader.model import Fact, Figure, Ledger, Report
from tenth.reader.summary.amounts import MINUS, of_fact, of_figure
from tenth.reader.summary.names import Language, form_name, member_of, title, title_of_fact, within

PageLink = Callable[[Fact], str]
SCALE_WORDS = {
    1_000: ("in thousands", "单位：千"), 10_000: ("in ten thousands", "单位：万"),
    100_000: ("in lakhs", "单位：十万"), 10_000_000: ("in crores", "单位：千万"),
    1_000_000: ("in millions", "单位：百万"), 100_000_000: ("in hundred millions", "单位：亿"),
    1_000_000_000: ("in billions", "单位：十亿"),
}  # fmt: skip


@dataclass(frozen=True)
class Ref:
    """A figure as it stands in the text, with the number of its note."""

    text: str
    number: int
    href: str  # of its page; "#note-7" for a derived one
    title: str
    id: str = ""


@dataclass(frozen=True)
class Link:
    """A place: "2023 Q3 AAPL.pdf, page 4"."""

    text: str
    href: str


Part = str | Ref | Link
Parts = list[Part]


@dataclass(frozen=True)
class Note:
    number: int
    parts: Parts
    formula: str = ""
    after: Parts = field(default_factory=list)


class Notes:
    """Numbers figures in the order in which they are first shown."""

    def __init__(self, ledger: Ledger, language: Language, page_link: PageLink):
        self.language: Language = language
        self.page_link = page_link
        self.facts = ledger.facts()
        self.figures = {figure.id: figure for figure in ledger.figures}
        self.contradictions = ledger.contradictions
        self.numbers: dict[str, int] = {}
        self.notes: list[Note] = []
        self.cited: list[str] = []  # ids of facts that are linked to, inputs of figures included

    def fact(self, fact: Fact, signed: bool = False, text: str = "") -> Ref:
        """The figure of a document, `text` if it is to be shown otherwise than usual."""
        known = fact.id in self.numbers
        number = self.numbers.setdefault(fact.id, len(self.numbers) + 1)
        if not known:
            self.notes.append(Note(number, self._of_fact(fact)))
        shown = text or of_fact(fact, self.language, signed)
        return Ref(shown, number, self.page_link(fact) or f"#note-{number}",
                   f"{fact.label}: {fact.verbatim}", fact.id)  # fmt: skip

    def figure(self, figure: Figure, signed: bool = False, absolute: bool = False) -> Ref:
        """A derived figure, with "+" if it is a change, without its sign where words say it."""
        known = figure.id in self.numbers
        number = self.numbers.setdefault(figure.id, len(self.numbers) + 1)
        if not known:
            after = self._inputs(figure)
            self.notes.append(Note(number, self._of_figure(figure), figure.formula, after))
        shown = of_figure(figure, self.language, self.facts, signed)
        if absolute:
            shown = shown.lstrip(f"+{MINUS}")
        return Ref(shown, number, f"#note-{number}", figure.formula, figure.id)

    def text_of(self, one: Fact | Figure) -> str:
        """A note's text, without links and numbers."""
        if isinstance(one, Fact):
            return joined(self._of_fact(one))
        return f"{joined(self._of_figure(one))}`{one.formula}`: {joined(self._inputs(one))}"

    def about(self, report: Report) -> str:
        """ "10-Q, three months to Jul 1, 2023: "."""
        form, period = form_name(report.cover.form, self.language), report.cover.period
        said = [form] if form else []
        if period.end:
            said.append(within(period, self.language))
        if self.language == "zh":
            return "，".join(said) + ("：" if said else "")
        return ", ".join(said) + (": " if said else "")

    def _of_figure(self, figure: Figure) -> Parts:
        colon = "：" if self.language == "zh" else ": "
        return [f"{title(figure.metric, self.language)}, "
                f"{within(figure.period, self.language)}{colon}"]  # fmt: skip

    def _of_fact(self, fact: Fact) -> Parts:
        zh = self.language == "zh"
        scale = SCALE_WORDS.get(fact.scale or 0)
        printed = f"原文“{fact.verbatim}”" if zh else f"printed “{fact.verbatim}”"
        said = f" ({scale[zh]})" if scale and fact.unit in ("currency", "shares") else ""
        status = (", contradicted", "，有矛盾")[zh] if fact.status == "contradicted" else ""
        what = f"{_label(fact, self.language)}, {within(fact.period, self.language)}"
        return [f"{what}: {printed}{said}{status}, ", self.place(fact)]

    def _inputs(self, figure: Figure) -> Parts:
        parts: Parts = []
        for item in figure.inputs:
            parts.append("; " if parts else "")
            parts.append(f"{item.name} = ")
            if item.id in self.facts:
                fact = self.facts[item.id]
                parts.append(Link(f"“{fact.verbatim}”", self.page_link(fact)))
                parts.append(f" ({within(fact.period, self.language)}, ")
                parts += [self.place(fact), ")"]
            elif item.id in self.figures:
                ref = self.figure(self.figures[item.id])
                parts.append(ref)
        return parts

    def place(self, fact: Fact) -> Link:
        """Where a fact stands."""
        self.cited.append(fact.id)
        return Link(place_name(fact.document, fact.place.page, fact.place.ref, self.language),
                    self.page_link(fact))  # fmt: skip


def place_name(document: str, page: int, ref: str, language: Language) -> str:
    """ "reports/acme.pdf, page 3", "acme.xlsx, Sheet1!B3"."""
    if ref:
        return f"{document}, {ref}"
    if not page:
        return document
    return f"{document}, page {page}" if language == "en" else f"{document}，第{page}页"


def _label(fact: Fact, language: Language) -> str:
    """As printed, with the metric's name where that says more."""
    name, label = title_of_fact(fact, language), fact.label
    if label.lower() in (name.lower(), member_of(fact.metric).lower()):
        return name
    return f"{name} ({label})"


def joined(parts: Iterable[Part]) -> str:
    """Their text alone."""
    return "".join(part if isinstance(part, str) else part.text for part in parts)
