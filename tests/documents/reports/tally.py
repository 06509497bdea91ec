"""Counts what is right of how many."""

from dataclasses import dataclass


@dataclass
class Tally:
    right: int = 0
    total: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.right + other.right, self.total + other.total)

    def add(self, right: bool) -> None:
        self.right += right
        self.total += 1

    @property
    def share(self) -> float:
        """NaN where there was nothing to get right."""
        return self.right / self.total if self.total else float("nan")
