"""Reads rar files: rarfile reads their list, a tool of the system decompresses."""

from collections.abc import Iterator
from typing import BinaryIO

import rarfile

from tenth.documents.archives.limits import Budget, Crowded, Entry, Level, Skip

TOOLS = "unrar, unar or 7z"  # bsdtar 3.6 cannot read the single members that rarfile hands it


def entries(
    file: BinaryIO, name: str, password: str | None, budget: Budget, level: Level
) -> Iterator[Entry]:
    with _open(file.name, password, budget) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        stored = all(info.compress_type == rarfile.RAR_M0 for info in infos)
        if not stored and not _tool():
            raise Skip(f"rar needs a tool that unpacks it: install {TOOLS}")
        for info in infos:
            if info.is_symlink() or getattr(info, "file_redir", None):
                yield Entry(info.filename or "", skipped="a link")
            elif info.needs_password() and password is None:
                yield Entry(info.filename or "", skipped="encrypted: give its password")
            else:
                yield Entry(
                    info.filename or "",
                    size=info.file_size,
                    packed=info.compress_size,
                    open=lambda info=info: archive.open(info),
                )


def _open(path: str, password: str | None, budget: Budget) -> rarfile.RarFile:
    found = 0

    def count(_: rarfile.RarInfo) -> None:
        nonlocal found
        found += 1
        if found > 2 * budget.members_left:  # folders are counted too
            raise Crowded(budget.config)
        budget.tick()

    try:
        archive = rarfile.RarFile(path, info_callback=count, errors="strict")
        if password is not None:
            archive.setpassword(password)
    except rarfile.NeedFirstVolume:
        raise Skip("a later part of a split archive: its first part lists the files") from None
    except rarfile.Error as error:
        raise Skip(f"broken: {error or type(error).__name__}") from None
    if archive.needs_password() and password is None and not archive.infolist():
        raise Skip("encrypted, its list of members too: give its password")
    return archive


def _tool() -> bool:
    try:
        rarfile.tool_setup(bsdtar=False)
    except rarfile.RarCannotExec:
        return False
    return True
