"""Which figures of a summary do not resolve: every digit is a fact's, a figure's, or quoted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tenth.documents.run.stored import Stored
from tenth.reader.model import Fact, Figure, Ledger, Period
from tenth.reader.summary.amounts import MINUS, of_fact, of_figure
from tenth.reader.summary.company import is_growth
from tenth.reader.summary.markdown import plain
from tenth.reader.summary.names import Language, member_of, period_name, title, within
from tenth.reader.summary.notes import Notes, place_name
from tenth.reader.summary.partners import who
from tenth.reader.summary.words import WORDS

_NOTE = re.compile(r"^\[\^(\d+)\]: (.*)$")
_MARK = re.compile(r"\[\^(\d+)\]")
_LINK = re.compile(r"\[((?:[^\]\\]|\\.)*)\]\(([^)\s]*)\)")
_CELLS = re.compile(r"(?<!\\)\|")
_DIGITS = re.compile(r"\d[\d,.]*")
_JOINED = re.compile(r"[0-9A-Za-z+\-−.,$€£¥]$")  # what may not stand before a figure
_RISES, _FALLS = {"en": " rose ", "zh": "增长"}, {"en": " fell ", "zh": "下降"}


def unsourced(summary_text: str, ledger: Ledger, documents: Iterable[Stored] = ()) -> list[str]:
    """A line for each figure of a summary.md that does not resolve to the ledger as it is shown:
    its digits, sign, scale, currency and period, its note, its link. Quoted sentences and counts of
    pages are looked up in `documents`, those of documents that are not given are not."""
    language: Language = "zh" if summary_text.startswith(f"# {WORDS['zh']['title']}") else "en"
    body, notes = _parts(summary_text)
    check = _Check(ledger, language, {one.member: one for one in documents})
    for number, text in notes:
        check.note(number, text)
    for block in _blocks(body):
        check.block(block)
    return check.wrong


def _parts(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    body, notes = [], []
    for line in text.splitlines():
        found = _NOTE.match(line)
        if found:
            notes.append((int(found[1]), found[2]))
        else:
            body.append(line)
    return body, notes


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Tables and quotes in one piece, all else line by line."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line[:1] in ("|", ">") and (not block or block[0][0] == line[0]):
            block.append(line)
            continue
        if block:
            yield block
        block = [line] if line[:1] in ("|", ">") else []
        if line.strip() and not block:
            yield [line]


@dataclass
class _Check:
    ledger: Ledger
    language: Language
    documents: dict[str, Stored]
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self):
        notes = Notes(self.ledger, self.language, lambda fact: "")
        self.facts, self.figures = notes.facts, notes.figures
        self.cited: dict[int, list[Fact | Figure]] = {}
        self.known: dict[str, list[Fact | Figure]] = {}
        for fact in self.facts.values():
            self.known.setdefault(_flat(notes.text_of(fact)), []).append(fact)
        for figure in self.figures.values():
            self.known.setdefault(_flat(notes.text_of(figure)), []).append(figure)

    def note(self, number: int, text: str) -> None:
        found = self.known.get(_flat(plain(_MARK.sub("", _LINK.sub(r"\1", text)))), [])
        anchors = {href.partition("#")[2] for _, href in _LINK.findall(text) if "#" in href}
        found = [one for one in found if anchors <= self._ids(one)]
        if not found:
            self.wrong.append(f"note {number} is not what the ledger says: {plain(text)}")
        self.cited[number] = found

    def _ids(self, one: Fact | Figure) -> set[str]:
        return {one.id} | ({item.id for item in one.inputs} if isinstance(one, Figure) else set())

    def block(self, lines: list[str]) -> None:
        if lines[0].startswith("|"):
            self._table(lines)
        elif lines[0].startswith(">"):
            self._quote(lines)
        elif lines[0].startswith("#"):
            names = {report.cover.entity for report in self.ledger.reports}
            names |= {fact.entity for fact in self.facts.values()}
            names |= {report.document for report in self.ledger.reports}
            heading = plain(lines[0].lstrip("# "))
            if heading not in names:
                self._leftover(heading, lines[0])
        elif _LINK.search(lines[0]):
            self._document(lines[0])
        else:
            self._sentence(lines[0])

    # Tables

    def _table(self, lines: list[str]) -> None:
        header = [plain(cell.strip()) for cell in _CELLS.split(lines[0])[1:-1]]
        told: dict[int, set[str]] = {}
        for line in lines[2:]:
            cells = [cell.strip() for cell in _CELLS.split(line)[1:-1]]
            row: list[Fact | Figure] = []
            for k, cell in enumerate(cells[1:], 1):
                if cell and (one := self._figure(cell, line)):
                    row.append(one)
                    told.setdefault(k, set()).add(period_name(one.period, self.language))
            label = plain(cells[0])
            if _DIGITS.search(label) and label not in self._names(row):
                self._leftover(label, line)
        for k, text in enumerate(header):
            if _DIGITS.search(text) and told.get(k, set()) != {text}:
                own = ", ".join(sorted(told.get(k, set()))) or "no period"
                self.wrong.append(f"the column {text!r} has figures of {own}")

    def _figure(self, cell: str, line: str) -> Fact | Figure | None:
        """A cell's one figure, shown as it should be in a table."""
        marks = list(_MARK.finditer(cell))
        if len(marks) != 1 or marks[0].end() != len(cell):
            self.wrong.append(f"no source for {plain(cell)!r} in: {plain(line)}")
            return None
        shown = plain(cell[: marks[0].start()])
        for one in self.cited.get(int(marks[0][1]), []):
            signed = isinstance(one, Figure) and is_growth(one)
            if shown == self._shown(one, signed):
                return one
        self.wrong.append(f"{shown!r} is not what note {marks[0][1]} says, in: {plain(line)}")
        return None

    def _shown(self, one: Fact | Figure, signed: bool = False) -> str:
        if isinstance(one, Fact):
            return of_fact(one, self.language, signed)
        return of_figure(one, self.language, self.facts, signed)

    def _names(self, row: list[Fact | Figure]) -> set[str]:
        """What may stand in the first column of a row of these."""
        names = set()
        for one in row:
            label = one.label if isinstance(one, Fact) else ""
            names |= {_flat(label), title(one.metric, self.language, _flat(label))}
            names.add(member_of(one.metric))
        periods = {period_name(one.period, self.language) for one in row}
        return names | (periods if len(periods) == 1 else set())

    # Sentences

    def _sentence(self, line: str) -> None:
        """Each figure stands before its note; what is left holds no digits."""
        rest, cited = "", []
        start = 0
        for mark in _MARK.finditer(line):
            before = plain(line[start : mark.start()])
            start = mark.end()
            for one, shown in self._ways(int(mark[1]), line):
                if before.endswith(shown) and not _JOINED.search(before.removesuffix(shown)[-1:]):
                    cited.append(one)
                    rest += before.removesuffix(shown)
                    break
            else:
                self.wrong.append(
                    f"{before[-24:]!r} is not what note {mark[1]} says, in: {plain(line)}"
                )
        rest += plain(line[start:])
        for text in self._said(cited):
            rest = rest.replace(text, "")
        self._leftover(rest, line)

    def _ways(self, number: int, line: str) -> Iterator[tuple[Fact | Figure, str]]:
        """How a note's figure may be shown in a sentence."""
        for one in self.cited.get(number, []):
            if isinstance(one, Fact):
                yield one, f"“{_flat(one.verbatim)}”"
            elif is_growth(one):
                rises = one.value > 0
                words = (_RISES if rises else _FALLS)[self.language]
                if words in line:
                    yield one, self._shown(one).lstrip(MINUS)
                continue
            yield one, self._shown(one)

    def _said(self, cited: list[Fact | Figure]) -> list[str]:
        """Texts with digits that may stand beside these: the first one's period, their names."""
        periods: list[Period] = [one.period for one in cited[:1]]
        periods += [c.period for c in self.ledger.contradictions
                    if cited and cited[0].id in c.facts]  # fmt: skip
        said = [within(period, self.language) for period in periods]
        for one in cited:
            names = [member_of(one.metric), title(one.metric, self.language)]
            said += [*names, *([_flat(one.label)] if isinstance(one, Fact) else [])]
            if isinstance(one, Figure):
                inputs = [self.facts[item.id] for item in one.inputs if item.id in self.facts]
                said += [_flat(fact.label) for fact in inputs] + [who(one, self.language)]
                said += [title(fact.metric, self.language) for fact in inputs]
        return sorted(filter(None, said), key=len, reverse=True)

    def _leftover(self, text: str, line: str) -> None:
        for digits in _DIGITS.findall(text):
            self.wrong.append(f"no source for {digits!r} in: {plain(line)}")

    # Documents and quotes

    def _document(self, line: str) -> None:
        text = _flat(plain(_LINK.sub(r"\1", line.removeprefix("- "))))
        words = WORDS[self.language]
        for report in self.ledger.reports:
            about = Notes(self.ledger, self.language, lambda fact: "").about(report)
            expected = _flat(about + report.document)
            one = self.documents.get(report.document)
            if text == expected or (one is None and text.startswith(f"{expected} (")):
                return
            pages = len(one.document.pages) if one else 0
            count = words["page"] if pages == 1 else words["pages"].format(n=pages)
            if text == f"{expected} ({count})":
                return
        self.wrong.append(f"no document is what is said of it: {text}")

    def _quote(self, lines: list[str]) -> None:
        texts = [plain(_LINK.sub(r"\1", line.lstrip("> "))) for line in lines if line.strip("> ")]
        source = texts[-1].removeprefix("— ")
        for report in self.ledger.reports:
            one = self.documents.get(report.document)
            if one is None:
                if source.startswith(report.document):
                    return
                continue
            for page in one.document.pages:
                named = {
                    place_name(report.document, n, "", self.language) for n in (page.number, 0)
                }
                if source in named and _flat(texts[0]) in _flat(page.text):
                    return
        self.wrong.append(f"{source} does not say: {texts[0]}")


def _flat(text: str) -> str:
    return " ".join(text.split())
