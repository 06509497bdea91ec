"""out/pages: a static HTML page for each page that holds a cited fact, every fact boxed on it."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from tenth.documents.kinds import kind_of
from tenth.documents.model import Table
from tenth.documents.run.outputs import safe_name
from tenth.files import atomic_write_bytes
from tenth.reader.model import Fact
from tenth.reader.pages.cells import excerpt
from tenth.reader.pages.pictures import PICTURED
from tenth.reader.pages.rendered import Rendered, Renderer
from tenth.reader.pages.shown import card, words_of
from tenth.reader.pages.sources import Sources

PAGES = "pages"
OURS = (".png", ".html", ".tmp")  # suffixes of what lies there
Tables = Callable[[Fact], Table | None]


def write_pages(
    out: Path,
    facts: Iterable[Fact],
    sources: Sources,
    tables: Tables = lambda fact: None,
    kinds: Mapping[str, str] | None = None,
) -> Callable[[Fact], str]:
    """Writes the pages of these facts and removes all others; gives what links to a fact's box
    from `out`: "pages/NAME-003.html#ID", "" for a fact that was not among them.

    `tables` gives the table a fact was read from, which is shown where a format has no pages;
    `kinds` the kind of a document by its hash, which spares a look at the file. A page that is
    there already and unchanged is not drawn again, and its file not unpacked. A page that cannot
    be drawn says why.
    """
    folder = out / PAGES
    folder.mkdir(parents=True, exist_ok=True)
    drawing = _Pages(folder, sources, tables, kinds or {})
    once = {fact.id: fact for fact in facts}
    links = drawing.write(sorted(once.values(), key=_order))
    for path in folder.iterdir():
        if path.suffix in OURS and path.name not in drawing.written:
            path.unlink()
    return lambda fact: links.get(fact.id, "")


def _order(fact: Fact) -> tuple:
    box = fact.place.box or (0.0, 0.0, 0.0, 0.0)
    return (
        fact.document,
        fact.sha256,
        fact.place.page,
        fact.table,
        fact.row,
        box[1],
        box[0],
        fact.id,
    )


class _Pages:
    def __init__(self, folder: Path, sources: Sources, tables: Tables, kinds: Mapping[str, str]):
        self.folder, self.sources, self.tables, self.kinds = folder, sources, tables, kinds
        self.renderer = Renderer(folder, sources)
        self.written: set[str] = set()
        self.template = Environment(
            loader=PackageLoader("tenth.reader.pages", ""),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        ).get_template("page.html.j2")

    def write(self, facts: list[Fact]) -> dict[str, str]:
        grouped: dict[tuple[str, str], list[Fact]] = {}
        for fact in facts:
            place = fact.place
            if place.box is not None and self._is_pictured(fact):
                name = f"{place.page:03}"
            else:
                name = f"t{fact.table:03}" if fact.table else "text"
            key = safe_name(fact.document, fact.sha256), name
            grouped.setdefault(key, []).append(fact)
        self.sources.want(fact.sha256 for fact in facts)
        links: dict[str, str] = {}
        with self.renderer:
            for (document, name), own in grouped.items():
                file = f"{document}-{name}"
                html = self._html(file, own, pictured=name.isdigit())
                self._put(f"{file}.html", html.encode("utf-8", "replace"))
                for fact in own:
                    links[fact.id] = f"{PAGES}/{quote(file)}.html#{fact.id}"
        return links

    def _is_pictured(self, fact: Fact) -> bool:
        if self.renderer.has_any(fact):
            return True
        kind = self.kinds.get(fact.sha256)
        if kind is None:
            try:
                kind = kind_of(self.sources.file(fact.sha256, fact.document), fact.document)
            except ValueError:
                return True  # its page will say what is wrong
            self.kinds = {**self.kinds, fact.sha256: kind}
        return kind in PICTURED

    def _html(self, file: str, facts: list[Fact], pictured: bool) -> str:
        first, words = facts[0], words_of(facts)
        picture = table = None
        rows: list[list[dict | None]] = []
        reason = ""
        if pictured:
            made = self.renderer.rendered(first, f"{file}.png")
            picture, reason = (made, "") if isinstance(made, Rendered) else (None, made)
            self.written |= {f"{file}.png"} if picture else set()
        elif first.table and (table := self.tables(first)) is not None:
            rows = _rows(table, facts)
        cards = [card(fact, words, picture) for fact in facts]
        placed = {cell["id"] for row in rows for cell in row if cell}
        return self.template.render(
            words=words, document=first.document, page=first.place.page if pictured else 0,
            picture=picture, image=quote(f"{file}.png"), rows=rows, reason=reason, cards=cards,
            by_id={made["id"]: made for made in cards},
            placed={fact.id for fact in facts} if picture else placed,
            caption=table.caption if table else "", scale=table.scale if table else "",
        )  # fmt: skip

    def _put(self, name: str, content: bytes) -> None:
        path = self.folder / name
        self.written.add(name)
        if not path.is_file() or path.read_bytes() != content:
            atomic_write_bytes(path, content)


def _rows(table: Table, facts: list[Fact]) -> list[list[dict | None]]:
    cited: dict[tuple[int, int], str] = {}
    for fact in facts:
        cited.setdefault((fact.row, fact.column), fact.id)
    part = excerpt(table, cited.keys())
    return [
        [
            shown
            and {
                "text": shown.cell.text,
                "header": shown.cell.header,
                "wide": shown.column_span,
                "high": shown.row_span,
                "ref": shown.cell.ref,
                "id": cited.get((shown.cell.row, shown.cell.column), ""),
            }
            for shown in row
        ]
        for row in part.rows
    ]
