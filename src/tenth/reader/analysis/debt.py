"""Total debt: the sum of the borrowings that a balance sheet names."""

import re
from collections.abc import Iterable, Mapping

from tenth.reader.analysis.book import Blocked, Book
from tenth.reader.analysis.catalogue import METRICS
from tenth.reader.analysis.names import normal
from tenth.reader.model import Fact, Period, Report

# Each line of a pair of brackets in the order in which it is looked for: a total, else its parts
_SHORT_WHOLE = ("DebtCurrent",)
_SHORT = ("ShortTermBorrowings", "CommercialPaper", "LongTermDebtCurrent",
          "NoncurrentLiabilitiesDueWithinOneYear")  # fmt: skip
_LONG_WHOLE = ("LongTermDebtNoncurrent", "LongTermDebtAndCapitalLeaseObligations")
_LONG = ("LongTermBankBorrowings", "BondsPayable")
_COUNTED = frozenset({*_SHORT_WHOLE, *_SHORT, *_LONG_WHOLE, *_LONG})
_BORROWED = re.compile(
    r"\b(?:debt|borrowings?|loans?|notes|bonds?|debentures?|credit facility)\b|借款|债券|拆入",
    re.IGNORECASE,
)
_LENT = re.compile(r"receivable|investment|securities|available|held|to customers|应收|投资|发放",
                   re.IGNORECASE)  # fmt: skip


def add_debt(book: Book, unnamed: set[tuple[str, str]]) -> None:
    """For every balance sheet that has a long-term line, unless it has a borrowing besides those
    that are added up: then the sum is not known."""
    metric = METRICS["total_debt"]
    for period in book.periods(*_LONG_WHOLE, *_LONG):
        if period.start or (normal(book.entity), period.end) in unnamed:
            continue
        try:
            named = _lines(book, period)
        except Blocked:
            continue
        book.make(metric.name, period, metric.unit, " + ".join(named), named, metric.note)


def _lines(book: Book, period: Period) -> dict:
    found = {}
    for wholes, parts in ((_SHORT_WHOLE, _SHORT), (_LONG_WHOLE, _LONG)):
        whole = book.first(wholes, period)
        found |= dict([whole] if whole else filter(None, (book.first((one,), period)
                                                          for one in parts)))  # fmt: skip
    return found


def unnamed_debt(reports: Iterable[Report], facts: Mapping[str, Fact]) -> set[tuple[str, str]]:
    """Companies and dates whose balance sheet has a borrowing that is none of the lines that are
    added up."""
    found = set()
    for report in reports:
        for statement in report.statements:
            if statement.kind != "balance":
                continue
            for line in statement.lines:
                if line.metric not in _COUNTED and is_borrowing(line.label):
                    ends = [facts[id_].period.end for id_ in line.facts if id_ in facts]
                    found |= {(normal(statement.entity), end) for end in ends}
    return found


def is_borrowing(label: str) -> bool:
    return bool(_BORROWED.search(label)) and not _LENT.search(label)
