"""Reads HTML as it streams by: what is shown, as blocks and tables. Nothing is ever fetched.

No tree is built, so that size and depth cost little: libxml2 calls `_Target` for each tag and text.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from tenth.config import ReadConfig
from tenth.documents.model import Block, BlockKind, Document, Page, Table
from tenth.documents.native import Budget, read_bytes, with_caption
from tenth.documents.refusal import Refused
from tenth.documents.text.encoding import decode
from tenth.documents.text.html_tables import Draft, Flow, finished

MAX_DEPTH = 5_000  # open tags; libxml2 looks through them all for each end tag without a start
FED = 1 << 16  # bytes handed to the parser at once
CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)

UNSEEN = frozenset(
    ("script", "style", "noscript", "template", "svg", "select", "object", "iframe", "ix:header")
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = ("ul", "ol", "menu", "dir")
BREAKS = frozenset(  # what stands on lines of its own
    ("p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "address",
     "center", "form", "fieldset", "figure", "figcaption", "blockquote", "dl", "dt", "dd", "pre",
     "li", "hr", "title", "details", "summary", "legend", "body", "html", "head", "document",
     *HEADINGS, *LISTS)
)  # fmt: skip
TABULAR = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"))
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
EAST = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60"
EAST_BREAK = re.compile(rf"(?<=[{EAST}])[ \t]*\n\s*(?=[{EAST}])")  # no space between them
NO_WIDTH = str.maketrans("", "", "\u200b\u200c\u2060\ufeff\xad")
SPACES = re.compile(r"[^\S\x1e]+")
LINE = "\x1e"  # a <br>, until the paragraph is whole


class Context(NamedTuple):
    """What an open tag makes of the text inside it."""

    tag: str
    kind: BlockKind = "paragraph"
    level: int = 0


def read(path: Path, config: ReadConfig) -> Document:
    """Raises Refused."""
    data = read_bytes(path, config)
    text, encoding = decode(data, declared(data))
    del data
    warnings = () if encoding == "utf-8" else (f"read as {encoding}",)
    blocks, tables, title = parse(text, Budget(path.name, config))
    page = Page(1, tuple(blocks))
    return Document("html", (page,), tuple(tables), title=title, warnings=warnings)


def declared(data: bytes) -> str:
    """The encoding that a page says it has."""
    found = CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def parse(text: str, budget: Budget, first: int = 0) -> tuple[list[Block], list[Table], str]:
    """The blocks, tables and title of HTML that is a text; `first` tables stand before it.

    Raises Refused.
    """
    target = _Target(budget)
    options: dict[str, Any] = {"huge_tree": True, "no_network": True, "recover": True}
    parser = etree.HTMLParser(
        target=target, encoding="utf-8", remove_comments=True, remove_pis=True, **options
    )
    for start in range(0, len(text), FED):
        parser.feed(text[start : start + FED].encode("utf-8", "replace"))
    if text:
        try:
            parser.close()
        except etree.XMLSyntaxError:  # a file without any tag or text
            target.close()
    return target.result(first)


class _Target:
    """Where text goes: `flow`, of the document or of the cell that is open."""

    def __init__(self, budget: Budget):
        self.budget = budget
        self.title = ""
        self.flow = Flow()
        self.tables: list[Draft] = []  # the open ones, each knows the flow around it
        self.contexts = [Context("")]
        self.text: list[str] = []  # of the paragraph that is open
        self.unseen = 0  # open tags within something that is not shown
        self.lists: list[int | None] = []  # the next number; None with bullets
        self.mark: str | None = None  # "3. " or "" of an item that has no text yet
        self.above = 0  # open <sup>

    # Called by the parser

    def start(self, tag: str, attributes: Any) -> None:
        if len(self.contexts) + self.unseen > MAX_DEPTH:
            raise Refused(f"{self.budget.name}: has more than {MAX_DEPTH:,} tags within each other")
        if self.unseen or tag in UNSEEN or _is_hidden(attributes):
            self.unseen += 1
            return
        if tag == "br":
            self._break()
        if tag in BREAKS or tag in TABULAR:
            self._flush()
        if tag in TABULAR:
            self._start_tabular(tag, attributes)
        elif tag in LISTS:
            self.lists.append(_integer(attributes.get("start"), 1) if tag == "ol" else None)
        self.above += tag == "sup"
        self.contexts.append(self._context(tag))

    def end(self, tag: str) -> None:
        if self.unseen:
            self.unseen -= 1
            return
        if tag in BREAKS or tag in TABULAR:
            self._flush()
        if len(self.contexts) > 1:
            self.contexts.pop()
        if tag in TABULAR:
            self._end_tabular(tag)
        elif tag in LISTS and self.lists:
            self.lists.pop()
        self.above -= tag == "sup"

    def data(self, text: str) -> None:
        if not self.unseen:
            numeric = self.above and text.strip().isdigit()
            self.text.append(text.translate(SUPERSCRIPT) if numeric else text)

    def close(self) -> None:
        self._flush()
        while self.tables:
            self._end_table()

    # What they mean

    def _context(self, tag: str) -> Context:
        above = self.contexts[-1]
        if tag in HEADINGS:
            return Context(tag, "heading", HEADINGS[tag])
        if tag == "pre":
            return Context(tag, "code")
        if tag == "title":
            return Context(tag)
        if tag in ("td", "th", "table"):
            return Context(tag)
        if tag == "figcaption":
            return Context(tag, "caption")
        if tag == "li":
            self.mark = self._next_mark()
            return Context(tag, "list", max(0, len(self.lists) - 1))
        return above._replace(tag=tag)

    def _next_mark(self) -> str:
        number = self.lists[-1] if self.lists else None
        if number is None:
            return ""
        self.lists[-1] = number + 1
        return f"{number}. "

    def _break(self) -> None:
        """A line break; two of them end a paragraph."""
        tail = next((piece for piece in reversed(self.text) if piece.strip(" \t\r\n\xa0")), "")
        if tail == LINE:
            self._flush()
        elif self.contexts[-1].kind == "code":
            self.text.append("\n")
        else:
            self.text.append(LINE)

    def _flush(self) -> None:
        """Ends the open paragraph."""
        if not self.text:
            return
        joined, self.text = "".join(self.text).translate(NO_WIDTH), []
        context = self.contexts[-1]
        if context.kind == "code":
            text = joined.replace(LINE, "\n").strip("\r\n").rstrip()
        else:
            joined = SPACES.sub(" ", EAST_BREAK.sub("", joined))
            text = "\n".join(line.strip() for line in joined.split(LINE)).strip()
        if not text:
            return
        if context.tag == "title":
            self.title = self.title or text
            return
        self.budget.take()
        kind, level = context.kind, context.level
        if kind == "heading":
            text = " ".join(text.split("\n"))
        elif kind == "list" and self.mark is None:  # an item's second paragraph
            kind, level = "paragraph", 0
        elif kind == "list":
            text, self.mark = f"{self.mark}{text}", None
        self.flow.add(Block(kind, text, level=level))

    def _start_tabular(self, tag: str, attributes: Any) -> None:
        if tag == "table":
            self.tables.append(Draft(self.flow, attributes.get("role", "")))
        elif self.tables:
            table = self.tables[-1]
            if tag == "caption":
                self.flow = table.caption
            elif tag == "tr":
                table.begin_row()
            elif tag in ("td", "th"):
                self.budget.take()
                rows, columns = (_integer(attributes.get(n), 1) for n in ("rowspan", "colspan"))
                self.flow = table.begin_cell(rows, columns, tag == "th").flow
            else:
                table.section = tag

    def _end_tabular(self, tag: str) -> None:
        if not self.tables:
            return
        if tag == "table":
            self._end_table()
        elif tag in ("td", "th", "caption"):
            self.flow = self.tables[-1].around
        elif tag in ("thead", "tbody", "tfoot"):
            self.tables[-1].section = ""

    def _end_table(self) -> None:
        table = self.tables.pop()
        self.flow = table.around
        self.flow.add_all(finished(table, self.budget))

    def result(self, first: int) -> tuple[list[Block], list[Table], str]:
        """Counts the tables, each with the lines above it as its title and scale."""
        blocks: list[Block] = []
        tables: list[Table] = []
        for item in self.flow.flat():
            if isinstance(item, Block):
                blocks.append(item)
            else:
                number = first + len(tables)
                tables.append(with_caption(blocks, item.table(number + 1)))
                blocks.append(Block("table", table=number))
        title = self.title or next((b.text for b in blocks if b.kind == "heading"), "")
        return blocks, tables, title


def _is_hidden(attributes: Any) -> bool:
    return "hidden" in attributes or bool(HIDDEN.search(attributes.get("style", "")))


def _integer(text: str | None, otherwise: int) -> int:
    match = re.match(r"\s*\+?(\d{1,6})", text or "")
    return int(match[1]) if match else otherwise
