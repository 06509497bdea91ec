"""Files, folders and globs as a stream of documents; archives and reports by way of `documents`."""

import difflib
import glob
import os
import platform
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tenth.config import DataConfig
from tenth.data.contents import Reading, texts_in_file, texts_in_text
from tenth.data.reports import is_report, report_texts

SPLIT_ON = ("", "blank-line")
NOT_STDLIB = frozenset(
    ("test", "tests", "encodings", "idlelib", "pydoc_data", "site-packages", "dist-packages")
)
NO_TEXT = frozenset({"__pycache__"})  # its .pyc are nobody's text


@dataclass(frozen=True)
class Document:
    name: str
    text: str
    group: str = ""  # the top-level package: documents of one group share a split


def source_label(config: DataConfig) -> str:
    if config.paths:
        return ", ".join(config.paths)
    return f"python {platform.python_version()} standard library"


def iter_documents(
    config: DataConfig, paths: Iterable[str] | None = None, reading: Reading | None = None
) -> Iterator[Document]:
    """The documents of `paths` (else of `config.paths`, else of the standard library), in order;
    what archives and reports (PDF, office files, HTML, mail, images) hold comes after the rest.

    Files that are neither UTF-8 text nor a report that can be read are skipped and listed in
    `reading.skipped`; more than half of them is a ValueError, as are paths that do not exist and
    records without the field.
    """
    if config.split_on not in SPLIT_ON:
        choices = ", ".join(map(repr, SPLIT_ON))
        raise ValueError(f"DataConfig.split_on: {config.split_on!r} is not one of {choices}")
    reading = reading if reading is not None else Reading()
    paths = tuple(config.paths if paths is None else paths)
    files = list(_files(paths) if paths else _standard_library())
    files_before, skipped_before = reading.files, len(reading.skipped)
    reading.total += sum(path.stat().st_size for path, _, _ in files)
    reports = [path for path, _, _ in files if paths and is_report(path)]
    for path, name, group in files:
        if paths and is_report(path):
            continue
        reading.files += 1
        for number, text in texts_in_file(path, config, reading):
            yield from _documents(name, number, text, group)
        reading.finished, reading.raw = reading.finished + path.stat().st_size, None
    if reports:
        yield from _reports(reports, config, reading)
    n_files, skipped = reading.files - files_before, reading.skipped[skipped_before:]
    if 2 * len(skipped) > n_files:
        nor = " nor documents that can be read" if reports else ""
        raise ValueError(
            f"{', '.join(paths)}: {len(skipped)} of {n_files} files are not UTF-8 text{nor}, "
            f"first: {skipped[0]}"
        )


def _documents(name: str, number: int, text: str, group: str = "") -> Iterator[Document]:
    if text and not text.isspace():
        # JSON may spell half a surrogate pair, which UTF-8 cannot hold: it becomes "?"
        text = text if text.isascii() else text.encode("utf-8", "replace").decode()
        yield Document(f"{name}:{number}" if number else name, text, group)


def _reports(paths: list[Path], config: DataConfig, reading: Reading) -> Iterator[Document]:
    def on_path(path: Path) -> None:
        reading.finished += path.stat().st_size

    def on_skip(line: str) -> None:
        reading.files += 1
        reading.skipped.append(line)

    for name, text in report_texts(paths, on_path, on_skip):
        reading.files += 1
        for number, part in texts_in_text(name, text, config):
            yield from _documents(name, number, part)


# Which files: (path, name, group) triples


def _files(paths: tuple[str, ...]) -> Iterator[tuple[Path, str, str]]:
    seen: set[Path] = set()
    for given in paths:
        for path in _found(given):
            if (resolved := path.resolve()) not in seen:
                seen.add(resolved)
                yield path, str(path), ""


def _found(given: str) -> Iterator[Path]:
    path = Path(given).expanduser()
    if path.is_dir():
        yield from _walk(path, NO_TEXT)
    elif path.exists():
        yield path
    elif matches := sorted(glob.glob(str(path), recursive=True)):
        for match in map(Path, matches):
            yield from _walk(match, NO_TEXT) if match.is_dir() else [match]
    else:
        siblings = os.listdir(path.parent) if path.parent.is_dir() else []
        near = difflib.get_close_matches(path.name, siblings, n=3, cutoff=0.5)
        hint = f"; nearest: {', '.join(str(path.parent / name) for name in near)}" if near else ""
        raise ValueError(f"no such file or folder: {given!r}{hint}")


def _walk(folder: Path, left_out: frozenset[str]) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if n not in left_out and not n.startswith("."))
        for path in (Path(here, name) for name in sorted(names) if not name.startswith(".")):
            if path.is_file():  # no broken link, socket or pipe
                yield path


def _standard_library() -> Iterator[tuple[Path, str, str]]:
    root = Path(sysconfig.get_paths()["stdlib"])
    for path in _walk(root, NOT_STDLIB | NO_TEXT):
        name = path.relative_to(root)
        # _sysconfigdata and config-* tell of the machine that built Python, not of Python
        if path.suffix == ".py" and not name.parts[0].startswith(("_sysconfigdata", "config-")):
            yield path, name.as_posix(), name.parts[0].removesuffix(".py")
