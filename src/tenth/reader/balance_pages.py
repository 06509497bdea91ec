"""A balance sheet whose second page has no header: it is known by its totals, which are equal."""

from collections.abc import Sequence
from decimal import Decimal

from tenth.documents.model import Document, Table
from tenth.reader.figures import parse_figure
from tenth.reader.metrics import name_metric
from tenth.reader.passages import RUNNING

TOTALS = ("Assets", "LiabilitiesAndStockholdersEquity")
Totals = dict[str, list[dict[int, Decimal]]]  # by metric: each row's figures by column


def first_page(table: Table, before: Sequence[Table], document: Document) -> Table | None:
    """The part, at the end of the page before, of the balance sheet that ends in `table`, which
    has no header: together they have each total once, and the two are equal in every column.

    `before`: the tables above, last first. A page printed from the web ends with its next line cut
    in two, and begins with it again.
    """
    above = next((one for one in before if not _is_cut(one)), None)
    if above is None or table.header_rows or not above.header_rows or table.scale:
        return None
    if table.n_columns != above.n_columns or not _are_neighbours(table, above, document):
        return None
    first, second = _totals(above), _totals(table)
    assets, both = (first[name] + second[name] for name in TOTALS)
    if len(assets) != 1 or len(both) != 1 or not second[TOTALS[1]] or len(both[0]) < 2:
        return None
    return above if assets == both else None


def _is_cut(table: Table) -> bool:
    """A line of which the page's end has left the upper half."""
    return table.n_rows == 1 and not table.header_rows and not table.caption


def _are_neighbours(table: Table, above: Table, document: Document) -> bool:
    """Whether nothing stands between them but running lines and lines cut in two."""
    if not 2 <= table.page <= len(document.pages):
        return False
    here, there = (
        [block for block in document.pages[number].blocks if block.kind not in RUNNING]
        for number in (table.page - 1, table.page - 2)
    )
    last = [cell.text for cell in above.cells if cell.row == above.n_rows - 1]
    if here and here[0].table is None and last == [here[0].text]:
        here = here[1:]
    while there and (n := there[-1].table) is not None and _is_cut(document.tables[n]):
        there = there[:-1]
    return (
        bool(here and there)
        and _shows(document, here[0].table, table)
        and _shows(document, there[-1].table, above)
        and table.caption in ("", *last)
    )


def _shows(document: Document, number: int | None, table: Table) -> bool:
    return number is not None and document.tables[number].box == table.box


def _totals(table: Table) -> Totals:
    labels = {cell.row: cell.text for cell in table.cells if not cell.column}
    found: Totals = {name: [] for name in TOTALS}
    for row, label in labels.items():
        if (name := name_metric(label, (), "balance")) in found:
            figures = {c.column: parse_figure(c.text) for c in table.cells if c.row == row}
            values = {column: one.value for column, one in figures.items()
                      if column and one and one.value is not None}  # fmt: skip
            found[name] += [values] if values else []
    return found
