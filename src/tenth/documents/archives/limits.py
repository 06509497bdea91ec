"""What unpacking an archive may cost: bytes, members, seconds, each counted as it is spent."""

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from tenth.config import ReadConfig

BLOCK = 1 << 20  # the most bytes that are unpacked in one go
FREE = 32 << 20  # bytes out that no ratio is asked of
DICTIONARY = 256 << 20  # the most memory that a decompressor may ask for: 7-Zip's largest preset
MAX_DIRECTORY = 64 << 20  # bytes of an archive's own list of its members


class Stop(Exception):
    """Unpacking goes no further, for a reason of ours."""


class Skip(Stop):
    """One member is not unpacked, and why; or one nested archive."""


class Crowded(Stop):
    """An archive holds more members than may come out of it; none did."""

    def __init__(self, config: ReadConfig):
        super().__init__(too_many(config))


class Over(Stop):
    """A limit of the whole archive is reached: nothing more comes out of it."""


class Expands(Stop):
    """More came out of the archive `of` than its size allows."""

    def __init__(self, of: "Level", config: ReadConfig):
        super().__init__(
            f"{of.out:,} bytes came out of {of.size:,}, more than max_ratio = {config.max_ratio:g} "
            "times; raise max_ratio to read on"
        )
        self.of = of


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...  # fewer than `size` only at the end


class Entry(NamedTuple):
    """What an archive says of one of its members, and how to read it: once, before the next."""

    name: str
    size: int | None = None  # as the archive says; None where it does not
    packed: int | None = None  # bytes it takes up inside; None where members share theirs
    open: Callable[[], Readable] | None = None
    counted: bool = False  # its reader counts its bytes in the budget
    skipped: str = ""


class Level:
    """One archive, with all that came out of it and of the archives inside."""

    def __init__(self, size: int, parent: "Level | None" = None):
        self.size = size
        self.out = 0
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 1


class Budget:
    """What one archive that the user gave may cost, all archives inside it included.

    Its clock runs only while something is unpacked: between `start` and `stop`.
    """

    def __init__(self, config: ReadConfig):
        self.config = config
        self._members = 0
        self._bytes = 0
        self._spent = 0.0
        self._since = 0.0

    def start(self) -> None:
        self._since = time.monotonic()

    def stop(self) -> None:
        self._spent += time.monotonic() - self._since

    def tick(self) -> None:
        limit = self.config.unpack_seconds
        if self._spent + time.monotonic() - self._since > limit:
            raise Over(
                f"not done after unpack_seconds = {limit:g}; raise unpack_seconds to read on"
            )

    @property
    def members_left(self) -> int:
        return self.config.max_members - self._members

    def take_member(self) -> None:
        if self.members_left <= 0:
            raise Over(too_many(self.config))
        self._members += 1
        self.tick()

    def take_bytes(self, size: int, level: Level | None) -> None:
        """Counts bytes that came out of the archive `level`."""
        self._bytes += size
        if self._bytes > (limit := self.config.max_total_bytes):
            raise Over(
                f"unpacks to more than max_total_bytes = {limit:,}; "
                "raise max_total_bytes to read on"
            )
        while level:
            level.out += size
            if level.out > FREE + self.config.max_ratio * level.size:
                raise Expands(level, self.config)
            level = level.parent
        self.tick()

    def check_member(self, size: int, packed: int | None) -> None:
        """Raises Skip where one member of so many bytes, so far or as it says, is too large."""
        if size > (limit := self.config.max_member_bytes):
            raise Skip(f"larger than max_member_bytes = {limit:,}; raise max_member_bytes")
        ratio = self.config.max_ratio
        if packed is not None and size > FREE + ratio * packed:
            raise Skip(
                f"more than max_ratio = {ratio:g} times its {packed:,} bytes in the archive; "
                "raise max_ratio"
            )


def too_many(config: ReadConfig) -> str:
    return f"more than max_members = {config.max_members:,} members; raise max_members to read on"
