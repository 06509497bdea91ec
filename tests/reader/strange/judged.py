"""What the reader says of a paper beside what its writer meant: right, wrong, unknown, missing."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from tenth.documents import read_document
from tenth.documents.run.stored import Stored
from tenth.reader.model import Fact, Ledger, Report
from tenth.reader.reports import read_report
from tenth.reader.run import built
from tests.reader.strange.paper import Col, Grid, Paper, Words, span

DIGITS = re.compile(r"[^\d.]")


@dataclass
class Verdict:
    counts: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)


def read(path: Path) -> Report:
    data = path.read_bytes()
    digest = sha256(data).hexdigest()
    kind = path.suffix[1:]
    return read_report(Stored(digest, path.stem, path.name, kind, digest, read_document(path)))


def judged(paper: Paper, path: Path) -> Verdict:
    """Each printed figure takes the first fact of the same text and label that is left."""
    ledger = built([read(path)])
    verdict = Verdict(ledger=ledger)
    facts: dict[str, list[Fact]] = defaultdict(list)
    for fact in ledger.reports[0].facts:
        facts[_key(fact.verbatim)].append(fact)
    for part in paper.parts:
        if isinstance(part, Grid):
            for row in part.rows:
                label = row[1] if row[0].isdigit() else row[0]
                for column, text in zip(part.columns, row[1:], strict=True):
                    _judge_cell(part, label, column, text, facts, verdict)
        elif isinstance(part, Words):
            for claim in part.claims:
                expected = (Decimal(claim.value), claim.period, claim.unit, None, None, None)
                _judge(part.text[:30], claim.verbatim, expected, facts, verdict, from_text=True)
    return verdict


def _judge_cell(grid: Grid, label: str, column: Col, text: str, facts, verdict: Verdict) -> None:
    printed = _printed(text)
    if printed is None:
        return
    if column.kind == "delta":
        return  # of no period
    if column.kind == "-":
        if any(_same(f.label, label) and f.table and f.status == "ok" and f.verbatim == text
               for f in facts.get(_key(text), ())):  # fmt: skip
            verdict.misses.append(f"note column: {label}: {text}")
            verdict.counts["wrong"] += 1
        return
    unit, scale, currency = _unit(grid, label, column, text)
    percent = unit == "pure" and ("%" in text or bool(column.kind) or "%" in label)
    value = printed / 100 if percent else None if scale is None else printed * scale
    period = column.period
    if column.kind == "change":
        period = "change"
    if (period and ".." in period) or len(period) == 4:
        for beginning in grid.balances:
            if label.startswith(beginning):
                period = span(period)[1]
    metric = grid.metrics.get(label)
    _judge(label, text, (value, period, unit, scale, currency, metric), facts, verdict)


def _unit(grid: Grid, label: str, column: Col, text: str) -> tuple[str, int | None, str]:
    said = next((u for start, u in grid.units.items() if label.startswith(start)), "")
    if column.kind in ("%", "change") or "%" in text or "%" in label or said == "pure":
        return "pure", 1, ""
    currency = grid.currency if column.currency is None else column.currency
    if said == "both":  # per share with decimals, else numbers of shares in thousands
        return ("currency/share", 1, currency) if "." in text else ("shares", 1000, "")
    if said == "share":
        return "currency/share", 1, currency
    if said.startswith("shares"):
        _, _, scale = said.partition(":")
        return "shares", int(scale) if scale else 1, ""
    return "currency", column.scale or grid.scale, currency


def _key(text: str) -> str:
    """The digits without what a sheet's number does not keep."""
    digits = DIGITS.sub("", text)
    return (digits.rstrip("0") if "." in digits else digits).rstrip(".")


def _printed(text: str) -> Decimal | None:
    bare = text.translate(str.maketrans("０１２３４５６７８９，．（）", "0123456789,.()"))
    negative = "(" in bare or bare.strip("$€¥ ").startswith(("-", "−"))
    digits = DIGITS.sub("", bare)
    if not digits.strip(".") or re.search(r"[A-Za-z一-鿿]{3}", bare):
        return None
    return -Decimal(digits) if negative else Decimal(digits)


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W", "", one) == re.sub(r"\W", "", other)


def _judge(label, text, expected, facts, verdict: Verdict, from_text: bool = False) -> None:
    bare = text.translate(str.maketrans("０１２３４５６７８９，．", "0123456789,."))
    pool = [_key(bare)]
    found = next((f for key in pool for f in facts[key]
                  if (from_text and not f.table)
                  or (not from_text and f.table and _same(f.label, label))), None)  # fmt: skip
    if found is None and not from_text:
        found = next((f for key in pool for f in facts[key] if f.table and (
            f.label in label or label in f.label)), None)  # fmt: skip
    if found is None:
        verdict.counts["missing" if expected[1] and expected[0] is not None else "right"] += 1
        if expected[1] and expected[0] is not None:
            verdict.misses.append(f"missing: {label}: {text}: {expected[1]}")
        return
    for key in pool:
        if found in facts[key]:
            facts[key].remove(found)
    value, period, unit, scale, currency, metric = expected
    is_unknown = found.status == "unknown"
    if period == "change":  # between two periods: what it is of is open
        outcome, why = ("right", "") if found.value in (value, None) else ("wrong", "value")
    elif not period or value is None:
        outcome = "right" if is_unknown else "wrong"
        why = "should be unknown"
    elif is_unknown:
        outcome, why = "unknown", "value" if found.value is None else "period"
    else:
        differs = {
            "value": found.value != value,
            "period": (found.period.start, found.period.end) != span(period),
            "unit": found.unit != unit,
            "scale": scale is not None and found.scale != scale,
            "currency": currency is not None
            and unit.startswith("currency")
            and found.currency not in ("", currency),  # a sheet's numbers lose their signs
            "metric": metric is not None and found.metric != metric,
        }
        why = ", ".join(name for name, is_so in differs.items() if is_so)
        outcome = "wrong" if why else "right"
    if found.status == "contradicted":
        verdict.counts["contradicted"] += 1
        verdict.misses.append(f"contradicted: {label}: {text}")
    verdict.counts[outcome] += 1
    if outcome != "right":
        verdict.misses.append(
            f"{outcome} ({why}): {label}: {text} expected {value} {period} {unit} {metric}; said "
            f"{found.value} {found.period.start}..{found.period.end} {found.unit} "
            f"scale {found.scale} {found.currency} [{found.metric}] {found.statement}"
        )
