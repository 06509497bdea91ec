"""What the reader finds: facts with the places that say them, statements, figures made of facts.

A value is a plain decimal in whole units: the scale is applied, percent is a fraction, the sign is
the printed one (parentheses are minus). What no place in the document says is unknown, never
guessed: a fact without a scale has no value.
"""

from decimal import Decimal
from typing import Literal

import msgspec

from tenth.documents.model import Box

Unit = Literal["currency", "currency/share", "shares", "pure"]
Status = Literal["ok", "unknown", "contradicted"]
StatementKind = Literal[
    "income", "comprehensive", "balance", "cash", "equity", "segments", "customers", "suppliers",
    "other", "text",
]  # fmt: skip
Conflict = Literal["unit", "period", "restatement", "scope", "real"]


class Period(msgspec.Struct, frozen=True, order=True):
    """ISO dates, both included. An instant has no start; an unknown period has no end either."""

    start: str = ""
    end: str = ""

    @property
    def is_instant(self) -> bool:
        return bool(self.end) and not self.start


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place in a document: a box on a page, or a cell of a sheet."""

    page: int = 0
    box: Box | None = None
    ref: str = ""  # "Sheet1!B3"; "table 2!B3" in formats without pages

    @property
    def locator(self) -> str:
        """`page:x0,y0,x1,y1` in points from the top left, or `sheet!cell`."""
        if self.box is None:
            return self.ref
        return f"{self.page}:" + ",".join(f"{value:.2f}" for value in self.box)


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """What else than the figure itself a fact rests on, verbatim, and where it stands."""

    what: Literal["label", "section", "scale", "period", "entity", "currency"]
    text: str
    place: Place


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One figure of one document."""

    id: str  # of what it is and where it stands; the same in every run over the same file
    entity: str  # "" where no place says whose figure it is
    metric: str  # of metrics.toml, a member in brackets: "Revenues[Products]"; "" where unmapped
    label: str  # as printed
    period: Period
    value: Decimal | None
    unit: Unit
    currency: str  # ISO 4217; "" where none is said, or the unit has none
    scale: int | None  # None: unknown
    status: Status
    document: str  # the member's name in the archive
    sha256: str  # of the member
    place: Place
    verbatim: str  # the figure as printed: "$(2,028)"
    said: tuple[Said, ...] = ()
    statement: StatementKind = "other"
    table: int = 0  # from 1 in its document; 0: from a sentence
    row: int = 0
    column: int = 0
    section: tuple[str, ...] = ()  # the headings above its row, outermost first
    restated: bool = False  # its column says that it was restated or recast


class Part(msgspec.Struct, frozen=True):
    """A line that a total is made of."""

    line: int  # index within Statement.lines
    sign: int  # 1 or -1


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row of a statement."""

    row: int  # of its table
    label: str
    section: tuple[str, ...] = ()
    metric: str = ""
    facts: tuple[str, ...] = ()  # ids, one for each of the statement's columns; "": no figure
    parts: tuple[Part, ...] = ()  # it is their sum in every column, as printed
    level: int = 0  # of its heading: len(section)

    @property
    def is_heading(self) -> bool:
        return not any(self.facts)


class Column(msgspec.Struct, frozen=True):
    column: int  # of its table
    period: Period
    header: str  # as printed, levels joined by a space


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table of facts as printed, its lines in order."""

    kind: StatementKind
    entity: str
    document: str
    table: int  # from 1 in its document
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    page: int = 0
    scale: int | None = None
    currency: str = ""


class Cover(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a document says of itself."""

    entity: str = ""
    form: str = ""  # "10-Q", "10-K", "annual report", "research report", ...
    period: Period = Period()  # the one it reports on; the start may be unknown
    language: Literal["en", "zh"] = "en"
    currency: str = ""
    scale: int | None = None  # said for the whole document
    fiscal_year_start: str = ""  # ISO date, from the balance sheet's comparative column
    said: tuple[Said, ...] = ()


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that was found in one document."""

    document: str
    sha256: str
    kind: str  # "pdf", ...
    cover: Cover
    facts: tuple[Fact, ...] = ()  # by table, row, column
    statements: tuple[Statement, ...] = ()
    reason: str = ""  # why nothing was found, where looking for facts broke
    lost: int = 0  # facts left out, for the file holds another text where they stand


class Input(msgspec.Struct, frozen=True):
    """What a letter in a formula stands for."""

    name: str  # as in the formula: "GrossProfit"
    id: str  # of a fact, or of a figure
    value: Decimal


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure that no document prints, made of facts."""

    id: str
    entity: str
    metric: str  # "gross_margin", "revenue_growth", "customer_revenue_lost", ...
    period: Period
    value: Decimal
    unit: Unit
    currency: str
    formula: str  # over the names of its inputs: "GrossProfit / Revenues"
    inputs: tuple[Input, ...]
    note: str = ""  # what it does not include, which period it compares with


class Contradiction(msgspec.Struct, frozen=True, omit_defaults=True):
    """Two facts, or a fact and what follows from others, that cannot both be right."""

    id: str
    kind: Conflict
    check: str  # "same fact", "sum", "balance", "cash", "quarters", "growth", "scale"
    entity: str
    metric: str  # or the label, where unmapped
    period: Period
    facts: tuple[str, ...]  # ids of both sides, at least one
    expected: Decimal | None  # what it should be by the others
    found: Decimal | None
    note: str  # one sentence, in plain words


class Ledger(msgspec.Struct, frozen=True, omit_defaults=True):
    """All of an archive."""

    reports: tuple[Report, ...] = ()
    figures: tuple[Figure, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    def facts(self) -> dict[str, Fact]:
        return {fact.id: fact for report in self.reports for fact in report.facts}
