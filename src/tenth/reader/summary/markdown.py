"""Plain text as Markdown shows it, and back."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~&])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|$~&+.)-])")
_LIST = re.compile(r"^(\d+)([.)])(?=\s|$)|^([+-])(?=\s)")


def escaped(text: str) -> str:
    """On one line, with nothing in it taken for Markdown."""
    flat = _SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", text))
    return _LIST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", flat)


def plain(text: str) -> str:
    """What `escaped` was given, but for its white space."""
    return _ESCAPED.sub(r"\1", text)
