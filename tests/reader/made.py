"""Small reports made up in memory, for tests of what goes on from facts."""

import hashlib
from decimal import Decimal

from tenth.reader.model import (
    Column,
    Cover,
    Fact,
    Line,
    Period,
    Place,
    Report,
    Said,
    Statement,
    StatementKind,
    Unit,
)

Row = tuple[str, str, list[str]]  # label, metric ("" for none), figures as printed; [] a heading
Q3 = Period("2023-07-01", "2023-09-30")
LAST_Q3 = Period("2022-07-01", "2022-09-30")
NOW = Period("", "2023-09-30")
YEAR_END = Period("", "2022-12-31")


def amount(text: str, scale: int) -> Decimal | None:
    plain = text.strip("$()%").replace(",", "")
    if not plain or plain == "—":
        return Decimal(0) if plain else None
    return Decimal(plain) * scale * (-1 if "(" in text else 1)


def statement(
    kind: StatementKind,
    rows: list[Row],
    periods: list[Period],
    entity: str = "Acme Corporation",
    document: str = "reports/acme-2023.pdf",
    table: int = 1,
    scale: int = 1_000_000,
    page: int = 3,
) -> tuple[Statement, list[Fact]]:
    """A statement whose rows stand 12 points apart, and its facts. Labels of headings end in ":";
    a label with "per share" is in currency/share."""
    facts, lines, section = [], [], ""
    sha256 = hashlib.sha256(document.encode()).hexdigest()
    for i, (label, metric, figures) in enumerate(rows):
        if not figures:
            section = label
        ids = []
        for k, (text, period) in enumerate(zip(figures, periods, strict=False)):
            if not text:
                ids.append("")
                continue
            unit: Unit = "currency/share" if "per share" in label.lower() else "currency"
            own = 1 if unit == "currency/share" else scale
            box = (300.0 + 80 * k, 100.0 + 12 * i, 350.0 + 80 * k, 110.0 + 12 * i)
            name = hashlib.sha256(f"{sha256}:{table}:{i}:{k}".encode()).hexdigest()[:12]
            fact = Fact(
                name, entity, metric, label, period, amount(text, own), unit, "USD", own, "ok",
                document, sha256, Place(page, box), text,
                (Said("scale", "(in millions)", Place(page, (100.0, 80.0, 200.0, 90.0))),),
                kind, table, i, k + 1, (section,) if section else (),
            )  # fmt: skip
            facts.append(fact)
            ids.append(name)
        own_section = (section,) if section and figures else ()
        lines.append(Line(i, label, own_section, metric, tuple(ids), level=len(own_section)))
    columns = tuple(Column(k + 1, period, period.end) for k, period in enumerate(periods))
    title = f"CONSOLIDATED {kind.upper()} STATEMENT"
    made = Statement(
        kind, entity, document, table, title, columns, tuple(lines), page, scale, "USD"
    )
    return made, facts


def report(*made: tuple[Statement, list[Fact]], language: str = "en") -> Report:
    """Statements of one document as its report."""
    first = made[0][0]
    cover = Cover(
        first.entity, "10-Q", first.columns[0].period, language, "USD",  # type: ignore[arg-type]
    )  # fmt: skip
    sha256 = hashlib.sha256(first.document.encode()).hexdigest()
    facts = tuple(fact for _, own in made for fact in own)
    return Report(first.document, sha256, "pdf", cover, facts, tuple(one for one, _ in made))
