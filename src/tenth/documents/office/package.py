"""Opens the zip of an office file: what it unpacks is counted, never believed, and links stay shut.

Parts are read one by one, on demand, so that pictures and fonts are never unpacked.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from tenth.config import ReadConfig
from tenth.documents.office.xml import attr, every, spellings, tag
from tenth.documents.refusal import Refused

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FREE_BYTES = 32 << 20  # no ratio is asked of less
TREE_SHARE = 16  # a tree in memory takes up to twice so many times the bytes of its XML
DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
OVERLAP = max(map(len, DOCTYPES)) - 1
DAMAGED = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError, OSError, RuntimeError,
           NotImplementedError, LookupError, ValueError, OverflowError)  # fmt: skip
PARSING: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_comments": True, "remove_pis": True,
}  # fmt: skip


class Relation(NamedTuple):
    kind: str  # the last word of its type: "styles", "chart", "hyperlink"
    target: str  # the part's name; of an external one the address, which is never opened
    external: bool


class Package:
    """An office file's parts, each name as its zip has it."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, config: ReadConfig):
        self.name = path.name
        self.config = config
        self.bytes_out = 0
        self._limit = FREE_BYTES + config.max_ratio * path.stat().st_size
        self._archive = archive
        members = archive.infolist()
        if len(members) > config.max_members:
            raise Refused(
                f"{self.name}: {len(members):,} parts are more than "
                f"max_members={config.max_members:,}"
            )
        # Some writers use backslashes, and names are the same in any case.
        self._parts = {m.filename.replace("\\", "/").lower(): m for m in members}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    @property
    def parts(self) -> Iterator[str]:
        return iter(self._parts)

    def open(self, part: str) -> "Counted":
        """Raises KeyError where there is no such part."""
        return Counted(self, part, self._archive.open(self._parts[part.lower()]))

    def count(self, part: str, fresh: int, so_far: int) -> None:
        self.bytes_out += fresh
        if so_far > self.config.max_part_bytes:
            raise Refused(
                f"{self.name}: its part {part} unpacks to more than "
                f"max_part_bytes={self.config.max_part_bytes:,}"
            )
        if self.bytes_out > self._limit:
            raise Refused(
                f"{self.name}: unpacks to more than max_ratio={self.config.max_ratio:g} times "
                "its size"
            )

    def read(self, part: str) -> bytes:
        """A part that is held in memory as a tree, hence only a share of the largest."""
        with self.open(part) as stream:
            stream.held_from = 0
            return b"".join(iter(lambda: stream.read(1 << 16), b""))

    def tree(self, part: str) -> Any:
        """The root of a part. What is not well-formed is mended as far as libxml2 can."""
        data = self.read(part)
        root = etree.fromstring(data, etree.XMLParser(recover=True, **PARSING))
        if root is None:
            raise Refused(f"{self.name}: its part {part} is not XML")
        return root

    def relations(self, part: str = "") -> dict[str, Relation]:
        """What `part` (the package itself: "") refers to, by id."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self:
            return {}
        found = {}
        for item in self.tree(rels):
            external = item.get("TargetMode") == "External"
            target = item.get("Target", "").replace("\\", "/")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = item.get("Type", "").rpartition("/")[2]
            found[item.get("Id", "")] = Relation(kind, target, external)
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """The parts of one kind, such as "styles", that `part` refers to and the file has."""
        return [
            r.target
            for r in self.relations(part).values()
            if r.kind == kind and not r.external and r.target in self
        ]

    def main(self, root: str, what: str) -> str:
        """The part that holds the document, whose root must be `root`, such as "w:document"."""
        for part in self.related("", "officeDocument"):
            with self.open(part) as stream:
                for _, element in etree.iterparse(stream, events=("start",), **PARSING):
                    if tag(element) == root:
                        return part
                    raise Refused(
                        f"{self.name}: is not {what}: it opens with {tag(element)}, not {root}"
                    )
        raise Refused(f"{self.name}: is not {what}: it names no main part")

    def check_all(self) -> None:
        """Counts every part: for a library that opens the file itself."""
        for part in self.parts:
            with self.open(part) as stream:
                while stream.read(1 << 16):
                    pass


class Counted:
    """A part's unpacked bytes, counted while they are read; none may declare a document type."""

    def __init__(self, package: Package, part: str, file: IO[bytes]):
        self.position = 0
        self.held_from: int | None = None  # since where it all stands in memory, as a tree
        self._most_held = package.config.max_part_bytes // TREE_SHARE
        self._package = package
        self._part = part
        self._file = file
        self._tail = b""
        self._xml = part.lower().endswith((".xml", ".rels", ".vml"))

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(1 << 16 if size < 0 else size)
        self.position += len(chunk)
        self._package.count(self._part, len(chunk), self.position)
        if self.held_from is not None and self.position - self.held_from > self._most_held:
            raise Refused(
                f"{self._package.name}: its part {self._part} has more than "
                f"{self._most_held:,} bytes in one piece, a sixteenth of "
                f"max_part_bytes={self._package.config.max_part_bytes:,}"
            )
        if self._xml:
            seen = self._tail + chunk
            if any(doctype in seen for doctype in DOCTYPES):
                raise Refused(
                    f"{self._package.name}: its part {self._part} declares a document type, "
                    "which could define entities"
                )
            self._tail = seen[-OVERLAP:]
        return chunk

    def __enter__(self) -> "Counted":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@contextmanager
def open_package(path: Path, config: ReadConfig) -> Iterator[Package]:
    """Everything that a damaged file makes fail inside the block comes out as Refused."""
    refuse_ole(path)
    try:
        with zipfile.ZipFile(path) as archive:
            yield Package(path, archive, config)
    except Refused:
        raise
    except DAMAGED as error:
        raise Refused(f"{path.name}: is damaged: {str(error) or type(error).__name__}") from error


def refuse_ole(path: Path, allowed: bool = False) -> None:
    """Office files with a password, and those from before 2007, are OLE files, not zips."""
    with open(path, "rb") as file:
        if file.read(8) != OLE:
            return
        while block := file.read(1 << 20):
            if "EncryptedPackage".encode("utf-16-le") in block:
                raise Refused(f"{path.name}: is encrypted; save it without its password")
    if not allowed:
        raise Refused(f"{path.name}: is an office file from before 2007; save it in today's form")


def blocks(
    package: Package, part: str, names: tuple[str, ...], parents: tuple[str, ...] = ()
) -> Iterator[Any]:
    """The elements of these names, below these parents alone where some are given, one by one:
    each is forgotten before the next is read."""

    tags = [spelling for name in names for spelling in spellings(name)]
    with package.open(part) as stream:
        stream.held_from = 0
        for _, element in etree.iterparse(stream, events=("end",), tag=tags, **PARSING):
            above = element.getparent()
            if above is None or (parents and tag(above) not in parents):
                continue
            yield element
            stream.held_from = stream.position
            element.clear()
            while element.getprevious() is not None:
                del above[0]


def relation_of(element: Any, relations: dict[str, Relation], name: str = "r:id") -> str:
    """The part that an element's `r:id` or the like names; "" where none or an external one."""
    relation = relations.get(attr(element, name))
    return "" if relation is None or relation.external else relation.target


def title_of(package: Package) -> str:
    """What the file's properties call it."""
    for part in package.related("", "core-properties"):
        return next((e.text or "" for e in every(package.tree(part), "dc:title")), "").strip()
    return ""
