"""What is attached to a mail, as members of it; the mail itself is a document."""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tenth.documents.archives.limits import Budget, Entry, Level, Skip
from tenth.documents.refusal import Refused

MOST = 1_000  # attachments of a mail
LARGEST = 64 << 20  # bytes of a mail, all of which stands in memory


def entries(
    file: BinaryIO, name: str, password: str | None, budget: Budget, level: Level
) -> Iterator[Entry]:
    """None where it is no sound mail: what its reader says of it is enough."""
    from tenth.documents.text.email import iter_attachments

    if level.size > LARGEST:
        raise Skip(f"what is attached is not unpacked: a mail of more than {LARGEST:,} bytes")
    try:
        config = replace(budget.config, max_members=MOST + 1)  # the budget counts members
        held = list(islice(iter_attachments(Path(file.name), config), MOST + 1))
    except Refused:
        return
    if len(held) > MOST:
        raise Skip(f"what is attached is not unpacked: more than {MOST:,} attachments")
    for title, content in held:
        yield Entry(title, len(content), open=lambda content=content: io.BytesIO(content))
