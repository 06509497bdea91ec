"""One table out of a company's statements of a kind: rows in the latest one's order, a column a
period."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from tenth.reader.model import Fact, Ledger, Line, Period, Statement, StatementKind
from tenth.reader.workbook.align import align, plain_label
from tenth.reader.workbook.looks import printed_decimals
from tenth.reader.workbook.names import entity_key
from tenth.reader.workbook.periods import sort_key

SAME_TABLE = 0.4  # of the smaller one's lines that two statements share, at least
_PARENT_ONLY = re.compile(r"母公司|parent[- ]company", re.IGNORECASE)


class Key(msgspec.Struct, frozen=True):
    """A column: its period, and its header where that alone does not tell it apart."""

    period: Period
    header: str = ""


class Printed(msgspec.Struct, frozen=True):
    """Where a row's figure of a column stands."""

    statement: int  # within Block.statements
    line: int
    fact: str


@dataclass
class Row:
    label: str
    section: tuple[str, ...]
    metric: str
    level: int
    is_heading: bool
    newest: bool  # it stands in the latest statement
    lines: dict[int, int] = field(default_factory=dict)  # statement: line
    printed: dict[Key, list[Printed]] = field(default_factory=dict)  # latest document first


@dataclass
class Block:
    statements: list[Statement]  # latest first
    rows: list[Row]
    columns: list[Key] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.statements[0].title

    def row_of(self, statement: int, line: int) -> int | None:
        return next(
            (i for i, row in enumerate(self.rows) if row.lines.get(statement) == line), None
        )


class Restated(msgspec.Struct, frozen=True):
    """Two documents print different figures for one row and period."""

    row: int
    key: Key
    earlier: str  # fact
    later: str


def merged(ledger: Ledger, entity: str, kind: StatementKind) -> list[Block]:
    """The company's tables of a kind, each over all documents; consolidated ones first."""
    ends = {report.document: report.cover.period.end for report in ledger.reports}
    own = [
        statement
        for report in ledger.reports
        for statement in report.statements
        if statement.kind == kind and entity_key(statement.entity) == entity
    ]
    own.sort(key=lambda one: (one.document, -one.table), reverse=True)  # tables in their order
    own.sort(key=lambda one: ends.get(one.document, ""), reverse=True)
    blocks: list[Block] = []
    for statement in own:
        home = _home(blocks, statement)
        if home is None:
            home = Block([], [])
            blocks.append(home)
        _join(home, statement)
    for block in blocks:
        _drop_empty_headings(block)
        _find_columns(block)
    blocks = [block for block in blocks if block.columns]
    return sorted(blocks, key=lambda block: bool(_PARENT_ONLY.search(block.title)))


def _keys(statement: Statement) -> list[Key | None]:
    """None for a column without a period among others that have one ("Change")."""
    periods = [column.period for column in statement.columns]
    dated = any(period.end for period in periods)
    keys: list[Key | None] = []
    for column in statement.columns:
        if not column.period.end and dated:
            keys.append(None)
            continue
        alone = column.period.end and periods.count(column.period) == 1
        keys.append(Key(column.period, "" if alone else column.header or f"#{column.column}"))
    return keys


def _is_undated(statement: Statement) -> bool:
    """A matrix whose rows, not columns, are periods: nothing tells its editions' figures apart."""
    return not any(column.period.end for column in statement.columns)


def _home(blocks: list[Block], statement: Statement) -> Block | None:
    """The block that the statement is one more edition of."""
    best, best_score = None, 0.0
    if _is_undated(statement):
        return None
    for block in blocks:
        if _is_undated(block.statements[0]):
            continue
        found = align(block.rows, statement.lines)
        figures = [i for i, line in enumerate(statement.lines) if not line.is_heading]
        least = min(len(figures), sum(not row.is_heading for row in block.rows))
        share = sum(i in found for i in figures) / least if least else 0.0
        same_title = plain_label(block.title) == plain_label(statement.title)
        score = share + same_title
        if share < SAME_TABLE or score <= best_score or _repeats(block, statement, found):
            continue
        if bool(_PARENT_ONLY.search(block.title)) != bool(_PARENT_ONLY.search(statement.title)):
            continue
        best, best_score = block, score
    return best


def _repeats(block: Block, statement: Statement, found: dict[int, int]) -> bool:
    """A document does not print one figure in two tables of a kind: they are different tables."""
    keys = {key for key in _keys(statement) if key is not None}
    same = [i for i, one in enumerate(block.statements) if one.document == statement.document]
    return any(
        key in keys and any(printed.statement in same for printed in many)
        for row in found.values()
        for key, many in block.rows[row].printed.items()
    )


def _join(block: Block, statement: Statement) -> None:
    number = len(block.statements)
    block.statements.append(statement)
    found = align(block.rows, statement.lines)
    _align_totals(block, statement, found)
    matched = {line: block.rows[row] for line, row in found.items()}
    keys = _keys(statement)
    before: Row | None = None
    for i, line in enumerate(statement.lines):
        row = matched.get(i)
        if row is None:
            row = _new_row(line, newest=number == 0)
            block.rows.insert(block.rows.index(before) + 1 if before else 0, row)
        row.lines[number] = i
        for key, fact in zip(keys, line.facts, strict=False):
            if fact and key is not None:
                row.printed.setdefault(key, []).append(Printed(number, i, fact))
        before = row


def _align_totals(block: Block, statement: Statement, found: dict[int, int]) -> None:
    """A total that only changed its name is the sum of the same lines."""
    taken = set(found.values())
    sums: dict[frozenset[tuple[int | None, int]], int] = {}
    for i, row in enumerate(block.rows):
        if i not in taken and row.lines:
            number, line = min(row.lines.items())
            parts = block.statements[number].lines[line].parts
            sums[frozenset((block.row_of(number, part.line), part.sign) for part in parts)] = i
    for i, line in enumerate(statement.lines):
        parts = frozenset((found.get(part.line), part.sign) for part in line.parts)
        known = all(row is not None for row, _ in parts)
        if i not in found and known and len(parts) > 1 and parts in sums:
            found[i] = sums.pop(parts)


def _new_row(line: Line, newest: bool) -> Row:
    level = max(line.level, len(line.section))
    return Row(line.label, line.section, line.metric, level, line.is_heading, newest)


def _drop_empty_headings(block: Block) -> None:
    """Headings of older statements whose lines have all found their place under newer ones."""
    kept: list[Row] = []
    for i, row in enumerate(block.rows):
        below = block.rows[i + 1] if i + 1 < len(block.rows) else None
        wanted = below is not None and not below.newest and row.label in below.section
        if row.newest or not row.is_heading or wanted:
            kept.append(row)
    block.rows = kept


def _find_columns(block: Block) -> None:
    seen: dict[Key, int] = {}
    for statement in block.statements:
        for key in _keys(statement):
            if key is not None:
                seen.setdefault(key, len(seen))
    filled = {key for row in block.rows for key in row.printed}
    block.columns = sorted(
        (key for key in seen if key in filled), key=lambda key: (sort_key(key.period), seen[key])
    )


def restatements(block: Block, facts: Mapping[str, Fact]) -> list[Restated]:
    """Where documents differ by more than what their rounding explains, rows in order."""
    found = []
    for i, row in enumerate(block.rows):
        for key in block.columns:
            ids = [printed.fact for printed in row.printed.get(key, [])]
            found += [
                Restated(i, key, earlier, ids[0])
                for earlier in ids[1:]
                if _differ(facts[earlier], facts[ids[0]])
                and "contradicted" not in (facts[earlier].status, facts[ids[0]].status)
            ]
    return found


def _differ(one: Fact, other: Fact) -> bool:
    if one.value is None or other.value is None:
        return False
    coarse = max(_last_digit(one), _last_digit(other))
    return abs(one.value - other.value) > coarse / 2


def _last_digit(fact: Fact) -> Decimal:
    """What one in the last printed place is worth; exact where that is not known."""
    worth = Decimal(fact.scale or 1).scaleb(-printed_decimals(fact.verbatim))
    return worth / 100 if "%" in fact.verbatim or "％" in fact.verbatim else worth
