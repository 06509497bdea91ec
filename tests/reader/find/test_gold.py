"""The labelled questions are well formed."""

import csv
from collections import Counter
from pathlib import Path

GOLD = Path(__file__).parents[3] / "bench/gold/questions.csv"


def test_each_question_has_pages_in_each_of_its_filings():
    with GOLD.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == len(rows) == 100
    assert len({row["question"] for row in rows}) == 100
    assert Counter(row["split"] for row in rows) == {"dev": 70, "held-out": 30}
    for row in rows:
        pages = row["pages"].split(";")
        assert len(pages) == len(row["filing"].split(";")), row["id"]
        assert all(int(page) > 0 for own in pages for page in own.split()), row["id"]
        assert all(own.strip() for own in pages), row["id"]
