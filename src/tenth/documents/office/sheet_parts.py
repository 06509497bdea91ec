"""What a sheet refers to: its named tables, comments, charts, pictures and text boxes."""

from typing import Any, NamedTuple

from tenth.documents.model import Block, Chart
from tenth.documents.office.charts import charts_of
from tenth.documents.office.package import Package, relation_of
from tenth.documents.office.regions import Area
from tenth.documents.office.sheet_xml import corners, text_of
from tenth.documents.office.xml import child, chosen, every, integer, tag


class Drawn(NamedTuple):
    blocks: list[Block]
    charts: list[Chart]


def areas(package: Package, part: str) -> list[Area]:
    """The tables that a sheet defines ("ListObjects")."""
    found = []
    for name in package.related(part, "table"):
        root = package.tree(name)
        place = corners(root.get("ref", ""))
        if place:
            title = root.get("displayName") or root.get("name") or ""
            found.append(Area(title, *place, integer(root.get("headerRowCount"), 1)))
    return found


def comments(package: Package, part: str) -> dict[str, str]:
    """By cell. A thread of comments stands in two forms; the newer has no words of Excel's own."""
    found: dict[str, str] = {}
    for name in package.related(part, "comments"):
        for item in every(package.tree(name), "s:comment"):
            text = child(item, "s:text")
            if text is not None:
                found[item.get("ref", "")] = text_of(text).strip()
    threads: dict[str, list[str]] = {}
    for name in package.related(part, "threadedComment"):
        for item in package.tree(name):
            texts = [
                e.text or "" for e in item if isinstance(e.tag, str) and e.tag.endswith("}text")
            ]
            threads.setdefault(item.get("ref", ""), []).append("".join(texts).strip())
    return found | {ref: "\n".join(texts) for ref, texts in threads.items()}


def drawings(package: Package, part: str, page: int) -> Drawn:
    """In the order of the file, which is the order in which they were drawn."""
    drawn = Drawn([], [])
    for name in package.related(part, "drawing"):
        relations = package.relations(name)
        for anchor in package.tree(name):
            for item in chosen(anchor):
                _draw(package, item, relations, page, drawn)
    return drawn


def _draw(package: Package, item: Any, relations: dict, page: int, drawn: Drawn) -> None:
    kind = tag(item)
    if kind == "xdr:grpSp":
        for inner in chosen(item):
            _draw(package, inner, relations, page, drawn)
    elif kind == "xdr:sp":
        paragraphs = ("".join(t.text or "" for t in every(p, "a:t")) for p in every(item, "a:p"))
        text = "\n".join(p for p in paragraphs if p.strip())
        if text:
            drawn.blocks.append(Block("paragraph", text, page=page))
    elif kind == "xdr:pic":
        about = next(every(item, "xdr:cNvPr"), None)
        alt = "" if about is None else about.get("descr") or about.get("title") or ""
        drawn.blocks.append(Block("figure", alt, page=page))
    elif kind == "xdr:graphicFrame":
        for reference in every(item, "c:chart", "cx:chart"):
            target = relation_of(reference, relations)
            if target in package:
                charts = charts_of(package.tree(target), page=page)
                drawn.charts.extend(charts)
                drawn.blocks.append(Block("figure", charts[0].title, page=page))
