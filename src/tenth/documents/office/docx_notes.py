"""Footnotes, endnotes and comments of a Word document, each shown where it is referred to."""

from typing import Any

from tenth.documents.office.docx_styles import roman
from tenth.documents.office.docx_text import Paragraph
from tenth.documents.office.package import Package
from tenth.documents.office.xml import attr, every


class Notes:
    def __init__(self, package: Package, main: str):
        self._texts = {
            "footnote": _read(package, main, "footnotes", "w:footnote"),
            "endnote": _read(package, main, "endnotes", "w:endnote"),
        }
        self._comments = _read(package, main, "comments", "w:comment", authors=True)
        self._foot: list[tuple[int, str]] = []  # page, text
        self._end: list[str] = []

    def refer(self, kind: str, identity: str, page: int) -> None:
        """Notes are numbered in the order in which the text refers to them."""
        text = self._texts.get(kind, {}).pop(identity, "")
        if text and kind == "footnote":
            self._foot.append((page, f"{len(self._foot) + 1} {text}"))
        elif text:
            self._end.append(f"{roman(len(self._end) + 1).lower()} {text}")

    def comment(self, identity: str) -> str:
        text = self._comments.pop(identity, "")
        return f"Comment{text}" if text else ""

    def by_page(self, last: int) -> dict[int, list[str]]:
        """Footnotes on their page, endnotes, in small Roman numbers, on the last."""
        pages: dict[int, list[str]] = {}
        for page, text in self._foot + [(last, text) for text in self._end]:
            pages.setdefault(page, []).append(text)
        return pages


def _read(
    package: Package, main: str, kind: str, name: str, authors: bool = False
) -> dict[str, str]:
    found = {}
    for part in package.related(main, kind):
        for item in every(package.tree(part), name):
            if attr(item, "w:type") in ("separator", "continuationSeparator"):
                continue
            text = "\n".join(filter(None, (Paragraph(p).text for p in every(item, "w:p"))))
            if authors and text:
                author = _author(item)
                text = f" ({author}): {text}" if author else f": {text}"
            found[attr(item, "w:id")] = text
    return found


def _author(item: Any) -> str:
    return attr(item, "w:author").strip()
