"""Tables of the parent company alone: the head of their page says so, or the heading above them.

Beside the group's statements, 10-Ks have "Schedule II (Parent company only)", Australian reports a
note "Parent entity information", mainland ones 母公司财务报表主要项目注释.
"""

import re
from itertools import takewhile

import msgspec

from tenth.documents.model import Block, Document, Page
from tenth.documents.numbers import is_scale
from tenth.reader.labels import plain

TOP = 4  # texts at the head of a page
LONGEST = 100  # characters of a heading
PARENT = re.compile(
    r"\bparent(?: company)? only\b|^\W*company only\b"
    r"|\bfinancial information of (?:the )?(?:registrant|parent)\b"
    r"|\bparent(?: entity| company)?(?:['’]?s)? (?:only )?(?:condensed )?(?:financial )?"
    r"(?:information|disclosures?|statements)\b"
    r"|(?<![及和与、])母公司(?:财务)?报表"
)
_NOTE = re.compile(r"(?:note )?\(?\d{1,2}[.:)]?[ –—-]|[一二三四五六七八九十]{1,3}、", re.IGNORECASE)


def with_parents(document: Document) -> Document:
    """The document, its tables of the parent alone with what says so before their caption."""
    said: dict[int, str] = {}
    for page in document.pages:
        if head := _head(page):
            said |= {block.table: head for block in page.blocks if block.table is not None}
    said |= _below_headings(document)
    if not said:
        return document
    tables = [
        msgspec.structs.replace(table, caption=f"{said[i]} {table.caption}".strip())
        if i in said and said[i] not in table.caption
        else table
        for i, table in enumerate(document.tables)
    ]
    return msgspec.structs.replace(document, tables=tuple(tables))


def _head(page: Page) -> str:
    """What the page's first lines say of the parent; "" where they say nothing. A heading is said
    of what stands below it."""
    first = [block for block in page.blocks if block.text.strip() or block.table is not None][:TOP]
    lines = takewhile(lambda block: block.table is None, first)
    return next((b.text for b in lines if b.kind != "heading" and _says_parent(b)), "")


def _below_headings(document: Document) -> dict[int, str]:
    """By table: the heading of the parent's own part, which ends at the next note where it is one,
    else at the next heading of its level."""
    said: dict[int, str] = {}
    heading: Block | None = None
    for block in (block for page in document.pages for block in page.blocks):
        if block.table is not None:
            said |= {block.table: heading.text} if heading else {}
        elif _heads(block):
            if _says_parent(block):
                heading = block
            elif heading and _ends(block, heading):
                heading = None
    return said


def _heads(block: Block) -> bool:
    if is_scale(block.text):
        return False
    return block.kind == "heading" or (block.kind == "caption" and bool(_NOTE.match(block.text)))


def _ends(block: Block, heading: Block) -> bool:
    if _NOTE.match(heading.text):
        return bool(_NOTE.match(block.text))
    return block.level <= heading.level


def _says_parent(block: Block) -> bool:
    return len(block.text) <= LONGEST and bool(PARENT.search(plain(block.text)))
