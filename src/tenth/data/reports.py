"""Archives and documents among the sources: which files are such, and their text by `documents`."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".tbz2", ".txz", ".tzst", ".bz2")
DOCUMENTS = (
    ".pdf", ".docx", ".docm", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".pptx", ".pptm",
    ".html", ".htm", ".xhtml", ".eml", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp",
    ".gif",
)  # fmt: skip


def is_report(path: Path) -> bool:
    """By its suffix: text, code, JSON lines and Parquet are streamed without `documents`."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes[-1:] and suffixes[-1] in (*ARCHIVES, *DOCUMENTS):
        return True
    return suffixes in ([".tar", ".gz"], [".tar", ".xz"], [".tar", ".zst"])


def report_texts(
    paths: Iterable[Path], on_path: Callable[[Path], None], on_skip: Callable[[str], None]
) -> Iterator[tuple[str, str]]:
    """Name and text of each document in `paths`; `on_path` is told of each path that is done."""
    from tenth.documents import iter_texts

    def skip(name: str, reason: str) -> None:
        on_skip(f"{name}: {reason}")

    waiting = list(paths)
    for name, text in iter_texts(waiting, on_skip=skip):
        while waiting and not _within(name, waiting[0]):
            on_path(waiting.pop(0))
        yield name, text
    for path in waiting:
        on_path(path)


def _within(name: str, path: Path) -> bool:
    # notes.txt.bz2 holds notes.txt
    return name == str(path) or name.startswith((f"{path}/", str(path.with_suffix(""))))
