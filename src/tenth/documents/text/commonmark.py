"""Reads Markdown: headings, lists, code and tables; the text of paragraphs stays as written."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tenth.config import ReadConfig
from tenth.documents.model import Block, Document, Page, Table
from tenth.documents.native import Budget, table_of, with_caption

MAX_DEPTH = 60  # quotes in lists in quotes; the parser leaves out what is deeper
MAX_CHARACTERS = 8 << 20  # of a Markdown file; the parser is pure Python
FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)


def read_markdown(
    text: str, name: str, config: ReadConfig, warnings: tuple[str, ...]
) -> Document | None:
    """None where the text is too large or too deep to be read as Markdown. Raises Refused."""
    if len(text) > MAX_CHARACTERS:
        return None
    reader = Reader(Budget(name, config))
    if match := FRONT_MATTER.match(text):
        reader.add(Block("code", match[0].strip()))
        text = text[match.end() :]
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_DEPTH}).enable("table")
    parser.disable(["inline", "reference"])  # what links refer to is text too
    tokens = parser.parse(text)
    if max((token.level for token in tokens), default=0) >= MAX_DEPTH - 2:
        return None
    reader.read(tokens)
    title = next((b.text for b in reader.blocks if b.kind == "heading"), "")
    page = Page(1, tuple(reader.blocks))
    return Document("md", (page,), tuple(reader.tables), title=title, warnings=warnings)


class Reader:
    def __init__(self, budget: Budget):
        self.budget = budget
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.lists: list[int | None] = []  # the open ones: the next number, None with bullets
        self.item = False  # an item has begun and has no text yet

    def add(self, block: Block) -> None:
        self.budget.take()
        if block.text:
            self.blocks.append(block)

    def read(self, tokens: Sequence[Token]) -> None:
        stream = iter(tokens)
        for token in stream:
            if token.type in ("heading_open", "paragraph_open"):
                self._words(token, next(stream).content)
            elif token.type in ("fence", "code_block"):
                self.add(Block("code", token.content.rstrip("\n")))
            elif token.type == "html_block":
                self._html(token.content)
            elif token.type == "table_open":
                self._table(stream)
            else:
                self._list(token)

    def _html(self, text: str) -> None:
        if "<table" not in text.lower():
            self.add(Block("paragraph", text.strip()))
            return
        from tenth.documents.text.html import parse

        blocks, tables, _ = parse(text, self.budget, len(self.tables))
        self.blocks += blocks
        self.tables += tables

    def _words(self, opened: Token, text: str) -> None:
        if opened.type == "heading_open":
            self.add(Block("heading", text, level=int(opened.tag[1])))
        elif self.item:
            number = self.lists[-1]
            mark = "" if number is None else f"{number}. "
            self.add(Block("list", mark + text, level=len(self.lists) - 1))
            self.item = False
        else:
            self.add(Block("paragraph", text))

    def _list(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self.lists.append(None)
        elif token.type == "ordered_list_open":
            self.lists.append(int(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self.item = True
        elif token.type == "list_item_close":
            self.item = False
            if (number := self.lists[-1]) is not None:
                self.lists[-1] = number + 1

    def _table(self, stream: Iterator[Token]) -> None:
        rows: list[list[str]] = []
        for token in stream:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                self.budget.take()
                rows[-1].append(token.content.strip())
        table = table_of(rows, len(self.tables) + 1, 1)
        self.tables.append(with_caption(self.blocks, table))
        self.blocks.append(Block("table", table=len(self.tables) - 1))
