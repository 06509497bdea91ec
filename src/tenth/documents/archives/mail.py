"""What is attached to a mail, as members of it; the mail itself is a document."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tenth.documents.archives.limits import Budget, Entry, Level, Skip
from tenth.documents.refusal import Refused

LARGEST = 64 << 20  # bytes of a mail, all of which stands in memory


def entries(
    file: BinaryIO, name: str, password: str | None, budget: Budget, level: Level
) -> Iterator[Entry]:
    """None where it is no sound mail: what its reader says of it is enough."""
    from tenth.documents.text.email import iter_attachments

    if level.size > LARGEST:
        raise Skip(f"what is attached is not unpacked: a mail of more than {LARGEST:,} bytes")
    some = False
    try:
        for attached, content in iter_attachments(Path(file.name), budget.config):
            some = True
            yield Entry(attached, len(content), open=lambda held=content: io.BytesIO(held))
    except Refused as error:
        if some:
            raise Skip(str(error).removeprefix(f"{Path(file.name).name}: ")) from None
