"""Texts with figures from the books: each figure that a sentence carries is noted as a fact."""

import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from samples.company import Year
from samples.english_tables import bought_by
from samples.tables import Told

INSTANTS = ("cash", "inventories", "debt")
LOST = {2022: (2022, "FG"), 2023: (2022, "FG"), 2024: (2023, "BCD")}  # whose share is told of


@cache
def texts(language: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8"))


class Speaker:
    """Fills texts of one report; what it says of figures gathers in `told`."""

    def __init__(self, year: int, books: dict[int, Year]) -> None:
        self.year, self.books, self.told = year, books, Told(year)
        self.labels: dict[str, str] = texts("english")["labels"]

    def speak(self, text: str) -> str:
        causes = {
            key: value
            for key, value in texts("english")["years"][str(self.year)].items()
            if isinstance(value, str)
        }
        text = text.format(self.year, self.year - 1, **causes)
        return re.sub(r"\[(\w+)(<|%|/\w+|)\]", self._figure, text)

    def _figure(self, match: re.Match[str]) -> str:
        key, mark = match[1], match[2]
        now, last = self.books[self.year], self.books[self.year - 1]
        if key == "lost":
            return self._lost()
        label = self.labels[key]
        if mark == "%":
            change = round(Decimal(now[key]) / last[key] - 1, 3)
            shown = self._percent(f"Change in {label}", key, change)
            return f"{'a decrease' if change < 0 else 'an increase'} of {shown}"
        if mark.startswith("/"):
            whole = mark[1:]
            ratio = round(Decimal(now[key]) / now[whole], 3)
            return self._percent(f"{label} of {self.labels[whole].lower()}", key, ratio)
        of = self.year - (mark == "<")
        millions = round(Decimal(self.books[of][key]) / 1000, 1)
        self.told.note(label, *_span(key, of), millions * 1_000_000, "currency", 1_000_000)
        return f"${millions:,.1f} million"

    def _percent(self, label: str, key: str, value: Decimal) -> str:
        self.told.note(label, *_span(key, self.year), value, "pure", 1)
        return f"{abs(value) * 100:.1f}%"

    def _lost(self) -> str:
        of, names = LOST[self.year]
        amount = sum(bought_by(name, of, self.books[of]) for name in names)
        share = round(Decimal(amount) / self.books[of]["sales"], 3)
        label = "Share of " + ", ".join(f"Customer {name}" for name in names)
        self.told.note(label, *_span("sales", of), share, "pure", 1)
        return f"{share * 100:.1f}%"


def _span(key: str, year: int) -> tuple[str, str]:
    return ("" if key in INSTANTS else f"{year}-01-01"), f"{year}-12-31"
