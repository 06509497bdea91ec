"""What a table says before it is laid out: its columns, header and rows, drawn from a seed."""

import re
from dataclasses import dataclass, field
from random import Random

from tests.documents.reports import words

DASH = "—"


@dataclass
class Column:
    kind: str  # "label", "amount", "percent", "price", "text", "unit", "ref"
    currency: str = ""  # stands before the number in the first row and in totals


@dataclass
class Head:
    """A cell of the header; lines are broken where the text has "\\n"."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass
class Row:
    """`texts` holds one for each column, the label's first; a sign before "|" stands apart."""

    texts: list[str]
    style: str = "item"  # "section", "total", "grand"
    indent: int = 0
    row_span: int = 1  # of its first cell; the rows it covers have an empty first text
    label_span: int = 1  # columns of its first cell


@dataclass
class Content:
    topic: str
    columns: list[Column]
    heads: list[Head]
    header_rows: int
    rows: list[Row]
    caption: str = ""
    scale: str = ""
    language: str = "en"
    notes: list[str] = field(default_factory=list)


def amount(random: Random, column: Column, big: float, first: bool) -> str:
    """One number as it is printed; "$|" is a sign that may stand apart."""
    chance = random.random()
    if column.kind == "percent":
        n = random.uniform(-30, 60)
        return f"({-n:.1f})%" if n < 0 else f"{n:.1f}%" if chance > 0.06 else DASH
    if column.kind == "price":
        return f"{random.uniform(0.2, 900):,.2f}"
    if chance < 0.05 and not first:
        return DASH
    if chance < 0.09 and not first:
        return ""
    n = int(10 ** random.uniform(0.5, big))
    text = f"({n:,})" if random.random() < 0.22 else f"{n:,}"
    return f"{column.currency}|{text}" if first and column.currency else text


@dataclass
class Filler:
    """Writes the rows of a financial table."""

    random: Random
    topic: str
    columns: list[Column]
    zh: bool
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self):
        self.big = self.random.choice((3.5, 4.5, 5.5, 6.5))  # digits of the largest numbers
        self.depth = self.random.choice((0, 1, 1))

    def add(self, label: str, style: str, indent: int, first: bool = False) -> None:
        cells = []
        for column in self.columns[1:]:
            if column.kind == "ref":
                cells.append(str(self.random.randint(2, 24)) if style == "item" else "")
            elif column.kind == "unit":
                cells.append(self.random.choice(words.UNITS) if style == "item" else "")
            else:
                cells.append(amount(self.random, column, self.big, first))
        if not any(re.search(r"\d.*\d|\d$", cell) for cell in cells):  # or it were a section
            cells[-1] = f"{self.random.randint(10, 9999):,}"
        self.rows.append(Row([label, *cells], style, indent))

    def section(self, title: str, items: tuple[str, ...], titled: bool) -> None:
        random = self.random
        if titled:
            self.rows.append(Row([title] + [""] * (len(self.columns) - 1), "section"))
        chosen = [item for item in items if random.random() < 0.75] or list(items[:2])
        for i, item in enumerate(chosen):
            mark = f" ({random.randint(1, 3)})" if random.random() < 0.05 else ""
            self.add(item + mark, "item", self.depth if titled else 0, i == 0)
        if self.topic != "prices" and random.random() < 0.8:
            name = random.choice(words.ZH_TOTALS) if self.zh else f"Total {plain(title)}"
            self.add(name, "total", self.depth * 2 if random.random() < 0.3 else 0)

    def fill(self, n: int, titled: bool) -> list[Row]:
        """Sections of items, each with its total, a grand total at the end: about `n` rows."""
        groups = words.ZH_GROUPS[self.topic] if self.zh else getattr(words, self.topic.upper())
        while len(self.rows) < n:
            for title, items in groups:
                self.section(title, items, titled)
                if len(self.rows) >= n:
                    break
        if self.topic != "prices":
            last = "总计" if self.zh else f"Net {self.random.choice(('total', 'income', 'change'))}"
            self.add(last, "grand", 0, True)
        return self.rows


def plain(title: str) -> str:
    return title.rstrip(":").removeprefix("By ").lower()


def customer_table(random: Random, n: int) -> tuple[list[Column], list[Head], list[Row]]:
    """Columns of words beside columns of numbers, one header row."""
    names = ["Customer", "Region", "Product", "Since", "Revenue", "Share of\nnet sales", "Rating"]
    kinds = ["label", "text", "text", "ref", "amount", "percent", "text"]
    keep = [0, *sorted(random.sample(range(1, 7), random.randint(2, 6)))]
    if not {4, 5} & set(keep):
        keep.append(4)
        keep.sort()
    columns = [Column(kinds[i], "$" if kinds[i] == "amount" else "") for i in keep]
    heads = [Head(0, i, names[k]) for i, k in enumerate(keep)]
    rows = []
    for i in range(n):
        full = [
            words.CUSTOMERS[i % len(words.CUSTOMERS)], random.choice(words.REGIONS),
            random.choice(words.PRODUCTS), str(random.randint(1994, 2023)),
            amount(random, Column("amount", "$"), 4, i == 0) or DASH,
            f"{random.uniform(0.1, 20):.1f}%", random.choice(words.RATINGS),
        ]  # fmt: skip
        rows.append(Row([full[k] for k in keep]))
    return columns, heads, rows


def header(random: Random, n: int, levels: int, zh: bool) -> list[Head]:
    """The header over `n` number columns that follow the label column."""
    year = random.randint(2019, 2024)
    if zh:
        names = random.choice(words.ZH_HEADS)
        low = [names[i % 2] if n <= 2 else f"{year - i}年" for i in range(n)]
        spans = words.ZH_SPANS
    else:
        end = random.choice(words.MONTH_ENDS)
        style = random.choice(("year", "year", "date", "quarter"))
        low = {
            "year": [str(year - i) for i in range(n)],
            "date": [f"{end}\n{year - i}" for i in range(n)],
            "quarter": [f"Q{4 - i % 4} {year - i // 4}" for i in range(n)],
        }[style]
        spans = tuple(f"{s}\n{end}" if random.random() < 0.4 else s for s in words.SPANS)
    if levels == 1:
        return [Head(0, i + 1, text) for i, text in enumerate(low)]
    width = 2 if n % 2 == 0 else 3 if n % 3 == 0 else n
    low = [low[i % width] for i in range(n)]
    heads = [
        Head(0, 1 + i, spans[i // width % len(spans)], column_span=width)
        for i in range(0, n, width)
    ]
    return heads + [Head(1, i + 1, text) for i, text in enumerate(low)]


def make_content(
    random: Random,
    *,
    zh: bool = False,
    rows: tuple[int, int] = (6, 22),
    columns: tuple[int, int] = (1, 5),
    levels: int | None = None,
    row_spans: bool = False,
    topics: tuple[str, ...] | None = None,
) -> Content:
    """A table. `columns` counts those beside the label; `levels` are header rows."""
    topics = topics or tuple(words.ZH_GROUPS if zh else words.CAPTIONS)
    topic = random.choice(topics)
    caption = random.choice((words.ZH_CAPTIONS if zh else words.CAPTIONS)[topic])
    scale = random.choice(words.ZH_SCALES if zh else words.SCALES)
    n = random.randint(*rows)
    if topic == "customers":
        cols, heads, body = customer_table(random, n)
        return Content(topic, cols, heads, 1, body, caption, scale if random.random() < 0.5 else "")
    levels = levels or random.choice((1, 1, 2))
    n_numbers = random.randint(*columns)
    if levels == 2 and n_numbers in (1, 5, 7, 11):
        n_numbers += 1
    currency = "" if zh or random.random() < 0.2 else random.choice(("$", "$", "$", "€", "£"))
    kind = "price" if topic == "prices" else "amount"
    cols = [Column("label")] + [Column(kind, currency) for _ in range(n_numbers)]
    heads = header(random, n_numbers, levels, zh)
    if random.random() < 0.25:  # a column of growth rates at the right
        cols.append(Column("percent"))
        heads.append(Head(levels - 1, len(cols) - 1, "同比增减" if zh else "Change"))
    if not zh and random.random() < 0.25:  # a narrow column beside the label
        kind, name = ("unit", "Unit") if topic == "prices" else ("ref", "Note")
        cols.insert(1, Column(kind))
        for head in heads:
            head.column += head.column > 0
        heads.append(Head(levels - 1, 1, name))
    stub = random.random()
    if zh or stub < 0.3:
        heads.append(Head(levels - 1, 0, "项目" if zh else random.choice(("Item", "Year to date"))))
    titled = row_spans or random.random() < 0.8
    body = Filler(random, topic, cols, zh).fill(n, titled)
    if row_spans:
        cols, heads, body = with_row_spans(random, cols, heads, body)
    heads.sort(key=lambda h: (h.row, h.column))
    made = Content(topic, cols, heads, levels, body, caption, scale, "zh" if zh else "en")
    add_notes(random, made)
    return made


def with_row_spans(
    random: Random, cols: list[Column], heads: list[Head], rows: list[Row]
) -> tuple[list[Column], list[Head], list[Row]]:
    """The sections' titles move into a first column of cells that span their rows."""
    for head in heads:
        head.column += 1
    out: list[Row] = []
    title = current = None
    for row in rows:
        if row.style == "section":
            title, current = plain(row.texts[0]).capitalize(), None
            continue
        row.texts.insert(0, "")
        row.indent = 0
        if row.style == "item" and title:
            row.texts[0] = title
            current, title = row, None
            out.append(row)
        elif row.style == "item" and current:
            current.row_span += 1
            out.append(row)
        else:
            row.texts[0], row.texts[1], row.label_span, current = row.texts[1], "", 2, None
            out.append(row)
    return [Column("text"), *cols], heads, out


def add_notes(random: Random, content: Content) -> None:
    """The footnotes that marks in the labels call for, in their order."""
    pool = words.ZH_NOTES if content.language == "zh" else words.NOTES
    for number in (1, 2, 3):
        if any(f"({number})" in text for row in content.rows for text in row.texts[:2]):
            content.notes.append(f"({number}) {pool[number - 1]}")
