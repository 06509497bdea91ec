"""How a made-up table looks, drawn from a seed."""

import re
from dataclasses import dataclass
from random import Random

NUMBERS = ("amount", "price", "percent")  # kinds of columns


@dataclass
class Style:
    """How a table looks. `grid`: "full", "columns" (no lines between rows) or "none"."""

    grid: str = "none"
    family: str = "helvetica"
    size: float = 8.5
    pad: float = 4.0  # between the lines of two rows, beyond the leading within a row
    gap: float = 14.0  # between two columns; in a grid it is split about the line
    sign_apart: bool = True
    hang: bool = True  # closing brackets and percent signs stand right of the digits' edge
    head_align: str = "right"
    bold_head: bool = True
    bold_total: bool = True
    numbers: str = "right"
    zebra: bool = False
    label_hang: float = 8.0  # how far a wrapped label's later lines are indented
    values_at: str = "bottom"  # the line of a wrapped label that has the numbers; "top"
    total_rules: bool = True
    head_rule: str = "full"  # "columns": one for each column, "none"
    frame_rules: bool = False  # above the header and below the last row
    spread: bool = True  # as wide as its frame
    section_span: bool = False
    repeat_header: bool = True
    continued: bool = False
    caption_at: str = "center"
    scale_in: str = "line"  # under the caption; "stub": in the header over the labels

    @property
    def ruled(self) -> bool:
        return self.grid != "none"

    @property
    def leading(self) -> float:
        return self.size * 1.12


def random_style(random: Random, ruled: bool, family: str) -> Style:
    pad = random.uniform(4, 7) if ruled else random.uniform(2.5, 6)
    zebra = random.random() < 0.3
    return Style(
        grid=random.choice(("full", "full", "full", "columns")) if ruled else "none",
        family=family,
        size=random.choice((7.5, 8, 8.5, 9)),
        pad=pad,
        gap=random.uniform(8, 14) if ruled else random.uniform(10, 22),
        sign_apart=random.random() < 0.7,
        hang=random.random() < 0.6,
        head_align=random.choice(("right", "center")),
        bold_head=random.random() < 0.7,
        bold_total=random.random() < 0.5,
        numbers="center" if ruled and random.random() < 0.2 else "right",
        zebra=zebra,
        label_hang=0.0 if pad > 4 and random.random() < 0.3 else 8.0,
        values_at="top" if pad > 4 and random.random() < 0.3 else "bottom",
        total_rules=random.random() < 0.8,
        head_rule="full" if zebra else random.choice(("full", "columns", "none")),
        frame_rules=random.random() < 0.5,
        spread=random.random() < 0.7,
        section_span=random.random() < 0.5,
        repeat_header=random.random() < 0.7,
        continued=random.random() < 0.5,
        caption_at=random.choice(("center", "left")),
        scale_in=random.choice(("line", "line", "stub")),
    )


def split_number(text: str) -> tuple[str, str, str]:
    """The sign that may stand apart, the digits, and what hangs right of them."""
    sign, _, body = text.rpartition("|")
    if not re.search(r"\d", body):
        return sign, body, ""
    tail = re.search(r"\D*$", body)
    assert tail
    return sign, body[: tail.start()], tail.group()
