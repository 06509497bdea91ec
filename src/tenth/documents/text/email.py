"""Reads mail (.eml) and web archives (.mht): who wrote what to whom, and what is attached.

The older policy of the standard library parses the parts: the newer one's header parser takes
minutes and gigabytes for a subject of a megabyte.
"""

import mimetypes
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import compat32
from pathlib import Path

from tenth.config import ReadConfig
from tenth.documents.model import Block, Document, Page, Table
from tenth.documents.native import Budget, read_bytes
from tenth.documents.refusal import Refused
from tenth.documents.text.encoding import decode
from tenth.documents.text.html import declared, parse
from tenth.documents.text.plain import paragraphs

SHOWN = ("From", "To", "Cc", "Date")
MAX_HEADER = 4_000  # characters that are read of one
MAX_MULTIPARTS = 500  # messages in messages too; each line is held against all that are open
NESTING = re.compile(rb"boundary\s*=|message/rfc822", re.IGNORECASE)


def read(path: Path, config: ReadConfig) -> Document:
    """The message's text; attachments are only named, `iter_attachments` gives them. Raises
    Refused."""
    body = _Body(Budget(path.name, config))
    message = _parsed(path, config)
    title = body.add_headers(message)
    for part, role in _parts(message):
        if role == "attachment":
            name, data = _attachment(part, body.attachments)
            body.attachments += 1
            body.add(Block("note", f"Attachment: {name} ({len(data):,} bytes)"))
        else:
            body.add_text(part, role)
    page = Page(1, tuple(body.blocks))
    warnings = tuple(dict.fromkeys(body.warnings))
    return Document(
        "eml", (page,), tuple(body.tables), title=title or body.title, warnings=warnings
    )


def iter_attachments(path: Path, config: ReadConfig) -> Iterator[tuple[str, bytes]]:
    """Name and content of each attachment, in order; a message that is one ends in ".eml".

    Raises Refused.
    """
    attached = (part for part, role in _parts(_parsed(path, config)) if role == "attachment")
    for number, part in enumerate(attached):
        if number == config.max_members:
            raise Refused(
                f"{path.name}: has more attachments than max_members={config.max_members:,}"
            )
        yield _attachment(part, number)


def _parsed(path: Path, config: ReadConfig) -> Message:
    data = read_bytes(path, config)
    count = sum(1 for _ in NESTING.finditer(data))
    if count > MAX_MULTIPARTS:
        raise Refused(
            f"{path.name}: {count:,} messages and multiparts within each other, "
            f"more than {MAX_MULTIPARTS}"
        )
    parser = BytesFeedParser(policy=compat32)
    try:
        for start in range(0, len(data), 1 << 16):
            parser.feed(data[start : start + (1 << 16)])
        return parser.close()
    except (MessageError, RecursionError, LookupError, ValueError) as error:
        raise Refused(f"{path.name}: cannot be read as mail: {error}") from error


def _parts(message: Message) -> Iterator[tuple[Message, str]]:
    """The parts to read in order, each as "text", "html" or "attachment"."""
    stack = [message]
    while stack:
        part = stack.pop()
        kind, inside = part.get_content_type(), _inside(part)
        if not inside:
            yield part, _role(part)
        elif kind == "message/rfc822":
            yield part, "attachment"
        elif kind == "multipart/alternative":
            stack += _best(inside)
        elif kind == "multipart/related":  # pictures and styles of a page are no attachments
            stack += [p for p in reversed(inside) if _inside(p) or _role(p) != "attachment"]
        else:
            stack += reversed(inside)


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [p for p in payload if isinstance(p, Message)] if isinstance(payload, list) else []


def _role(part: Message) -> str:
    kind = part.get_content_type()
    if "attachment" in str(part.get("Content-Disposition", ""))[:40].lower():
        return "attachment"
    if kind in ("text/html", "application/xhtml+xml"):
        return "html"
    # a multipart that is none, its boundary lost, is shown as it stands
    return "text" if kind == "text/plain" or kind.startswith("multipart/") else "attachment"


def _best(choices: list[Message]) -> list[Message]:
    """Of a text told in several ways: the plain one, if it says anything; then HTML."""
    for part in choices:
        if part.get_content_type() == "text/plain" and _content(part).strip():
            return [part]
    others = [p for p in choices if _inside(p) or p.get_content_type() == "text/html"]
    return others[:1] or choices[:1]


def _content(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return b""
    return data if isinstance(data, bytes) else b""


def _attachment(part: Message, number: int) -> tuple[str, bytes]:
    inside = _inside(part)
    if part.get_content_type() == "message/rfc822" and inside:
        name = f"{_header(inside[0], 'Subject') or f'message {number + 1}'}.eml"
        return name, inside[0].as_bytes(policy=compat32)
    try:
        name = _words(part.get_filename() or "")
    except (ValueError, LookupError):
        name = ""
    suffix = mimetypes.guess_extension(part.get_content_type()) or ".bin"
    return name or f"attachment {number + 1}{suffix}", _content(part)


# Headers


def _header(message: Message, name: str) -> str:
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return _words(str(raw))


def _words(raw: str) -> str:
    """A header in plain words: encoded ones, and bytes that should have been, decoded."""
    raw = raw[:MAX_HEADER]
    raw, _ = decode(raw.encode("utf-8", "surrogateescape"))
    words = ""
    try:
        for piece, charset in decode_header(raw):
            words += piece if isinstance(piece, str) else _piece(piece, charset)
    except (MessageError, ValueError):
        words = raw
    return " ".join(words.split())


def _piece(piece: bytes, charset: str | None) -> str:
    """decode_header gives what was not encoded as bytes of escaped ASCII."""
    return decode(piece, charset)[0] if charset else piece.decode("raw-unicode-escape", "replace")


class _Body:
    def __init__(self, budget: Budget):
        self.budget = budget
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.warnings: list[str] = []
        self.title = ""
        self.attachments = 0

    def add(self, block: Block) -> None:
        self.budget.take()
        self.blocks.append(block)

    def add_headers(self, message: Message) -> str:
        subject = _header(message, "Subject")
        if subject:
            self.add(Block("heading", subject, level=1))
        lines = [f"{name}: {text}" for name in SHOWN if (text := _header(message, name))]
        if lines:
            self.add(Block("paragraph", "\n".join(lines)))
        return subject

    def add_text(self, part: Message, role: str) -> None:
        data = _content(part)
        charset = str(part.get_content_charset() or "")
        text, encoding = decode(data, charset or (declared(data) if role == "html" else ""))
        if encoding != "utf-8":
            self.warnings.append(f"read as {encoding}")
        if role == "html":
            blocks, tables, title = parse(text, self.budget, len(self.tables))
            self.blocks += blocks
            self.tables += tables
            self.title = self.title or title
            return
        for paragraph in paragraphs(text.replace("\r\n", "\n").replace("\r", "\n")):
            self.add(Block("paragraph", paragraph))
