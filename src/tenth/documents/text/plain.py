"""Reads plain text, source code, Markdown and tables of text (CSV) into documents."""

import re
from pathlib import Path

from tenth.config import ReadConfig
from tenth.documents.kinds import CODE_SUFFIXES, kind_of
from tenth.documents.model import Block, Document, Page
from tenth.documents.native import read_bytes
from tenth.documents.text.encoding import decode

MAX_PARAGRAPHS = 200_000  # of a text; with more, several share a block
BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def read(path: Path, config: ReadConfig) -> Document:
    """A file of kind "txt", "md" or "csv". Raises Refused."""
    kind = kind_of(path)
    text, encoding = decode(read_bytes(path, config))
    warnings = () if encoding == "utf-8" else (f"read as {encoding}",)
    if nuls := text.count("\0"):
        text = text.replace("\0", "")
        warnings += (f"{nuls:,} NUL characters left out",)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if kind == "csv":
        from tenth.documents.text.delimited import read_csv

        return read_csv(text, path.name, config, warnings)
    if kind == "md":
        from tenth.documents.text.commonmark import read_markdown

        if (document := read_markdown(text, path.name, config, warnings)) is not None:
            return document
        warnings += ("too deep or too large to be read as Markdown: read as plain text",)
    if path.suffix.lower() in CODE_SUFFIXES:
        return Document("txt", (Page(1, code_block(text)),), warnings=warnings)
    return Document(kind if kind == "md" else "txt", plain_pages(text), warnings=warnings)


def code_block(text: str) -> tuple[Block, ...]:
    text = text.rstrip()
    return (Block("code", text),) if text else ()


def plain_pages(text: str) -> tuple[Page, ...]:
    """Paragraphs with their line breaks as they stand; a form feed begins a page."""
    parts = text.split("\f") if text.count("\f") < 10_000 else [text.replace("\f", "\n\n")]
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    least = len(text) // MAX_PARAGRAPHS  # characters in a block
    paged = len(parts) > 1
    return tuple(
        Page(n, tuple(Block("paragraph", p, page=n * paged) for p in paragraphs(part, least)))
        for n, part in enumerate(parts, 1)
    )


def paragraphs(text: str, least: int = 0) -> list[str]:
    """What stands between blank lines, if it has `least` characters; more of them otherwise."""
    found, start = [], 0
    for gap in BLANK_LINES.finditer(text):
        if gap.start() - start >= least:
            found.append(text[start : gap.start()])
            start = gap.end()
    found.append(text[start:])
    found = [_without_blank_ends(paragraph) for paragraph in found]
    return [paragraph for paragraph in found if paragraph]


def _without_blank_ends(text: str) -> str:
    """The indentation of the first line stays."""
    text = text.rstrip()
    first = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, first) + 1 :]
