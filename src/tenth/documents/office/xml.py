"""Names of office XML, the same for files saved as Transitional and as Strict; small readings."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_FORMATS = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
_NAMESPACES = {  # prefix: its address; where there is a second, Strict's
    "w": (_FORMATS + "wordprocessingml/2006/main", _STRICT + "wordprocessingml/main"),
    "a": (_FORMATS + "drawingml/2006/main", _STRICT + "drawingml/main"),
    "wp": (
        _FORMATS + "drawingml/2006/wordprocessingDrawing",
        _STRICT + "drawingml/wordprocessingDrawing",
    ),
    "pic": (_FORMATS + "drawingml/2006/picture", _STRICT + "drawingml/picture"),
    "c": (_FORMATS + "drawingml/2006/chart", _STRICT + "drawingml/chart"),
    "dgm": (_FORMATS + "drawingml/2006/diagram", _STRICT + "drawingml/diagram"),
    "xdr": (
        _FORMATS + "drawingml/2006/spreadsheetDrawing",
        _STRICT + "drawingml/spreadsheetDrawing",
    ),
    "p": (_FORMATS + "presentationml/2006/main", _STRICT + "presentationml/main"),
    "s": (_FORMATS + "spreadsheetml/2006/main", _STRICT + "spreadsheetml/main"),
    "r": (_FORMATS + "officeDocument/2006/relationships", _STRICT + "officeDocument/relationships"),
    "m": (_FORMATS + "officeDocument/2006/math", _STRICT + "officeDocument/math"),
    "mc": (_FORMATS + "markup-compatibility/2006",),
    "dc": ("http://purl.org/dc/elements/1.1/",),
    "v": ("urn:schemas-microsoft-com:vml",),
    "o": ("urn:schemas-microsoft-com:office:office",),
    "w14": (_MICROSOFT + "word/2010/wordml",),
    "wps": (_MICROSOFT + "word/2010/wordprocessingShape",),
    "wpg": (_MICROSOFT + "word/2010/wordprocessingGroup",),
    "wpc": (_MICROSOFT + "word/2010/wordprocessingCanvas",),
    "dsp": (_MICROSOFT + "drawing/2008/diagram",),
    "a14": (_MICROSOFT + "drawing/2010/main",),
    "cx": (_MICROSOFT + "drawing/2014/chartex",),
}
_PREFIXES = {address: prefix for prefix, both in _NAMESPACES.items() for address in both}
EMU = 12_700  # in a point
OFF = ("0", "false", "off", "none")


@lru_cache(maxsize=4096)
def _short(name: str) -> str:
    address, _, local = name.rpartition("}")
    return f"{_PREFIXES.get(address[1:], '?')}:{local}" if address else local


@lru_cache(maxsize=4096)
def spellings(name: str) -> tuple[str, ...]:
    """ "w:p" as lxml spells it, in each dialect."""
    prefix, _, local = name.rpartition(":")
    return tuple(f"{{{address}}}{local}" for address in _NAMESPACES[prefix]) if prefix else (name,)


def tag(element: Any) -> str:
    """ "w:p", "a:tbl"; "?:name" in a namespace that is not known here."""
    return _short(element.tag) if isinstance(element.tag, str) else ""


def attr(element: Any, name: str, default: str = "") -> str:
    for spelling in spellings(name):
        if (value := element.get(spelling)) is not None:
            return value
    return default


def child(element: Any, *path: str) -> Any:
    """The first descendant along `path`; None where there is none, also of None."""
    for name in path:
        if element is None:
            return None
        element = next((e for e in element if tag(e) == name), None)
    return element


def children(element: Any, name: str) -> Iterator[Any]:
    return (e for e in element if tag(e) == name)


def every(element: Any, *names: str) -> Iterator[Any]:
    """All descendants, and itself, of these names."""
    return element.iter(*(spelling for name in names for spelling in spellings(name)))


def value_of(element: Any, *path: str) -> str:
    """The `val` of the element at `path`: most settings are `<w:name w:val="..."/>`; or ""."""
    found = child(element, *path)
    if found is None:
        return ""
    return attr(found, f"{path[-1].partition(':')[0]}:val") or found.get("val") or ""


def is_on(element: Any, *path: str) -> bool:
    """Whether a switch such as `<w:tblHeader/>` is there and not turned off."""
    return child(element, *path) is not None and value_of(element, *path) not in OFF


def integer(text: str | None, default: int = 0) -> int:
    """Files carry any text where a number should stand."""
    try:
        return int(float(text or ""))
    except (ValueError, OverflowError):
        return default


def chosen(element: Any) -> Iterator[Any]:
    """An element's children, of alternatives for newer and older programs the first alone."""
    for item in element:
        if tag(item) != "mc:AlternateContent":
            yield item
        elif branches := [b for b in item if tag(b) in ("mc:Choice", "mc:Fallback")]:
            yield from chosen(branches[0])
