"""The notes of figures in Chinese: nothing of ours is left in English."""

import re

import pytest

from tenth.reader.analysis import note_in
from tenth.reader.analysis.catalogue import METRICS
from tenth.reader.ledger import read_ledger
from tests.reader.reading import sample

ENGLISH = re.compile(r"\b[a-z]{2,}\b")


def test_every_note_of_the_sample_is_told_in_chinese():
    ledger = read_ledger(sample()[1])
    notes = {figure.note for figure in ledger.figures if figure.note}
    documents = {report.document for report in ledger.reports}
    assert len(notes) > 30
    for note in notes:
        told = note_in(note, "zh")
        for document in documents:
            told = told.replace(document, "")
        assert not ENGLISH.search(told), told


def test_every_note_of_the_catalogue_is_told_in_chinese():
    for metric in METRICS.values():
        told = note_in(metric.note.format(days=92), "zh")
        assert not ENGLISH.search(told) and bool(told) == bool(metric.note)


@pytest.mark.parametrize(
    ("note", "chinese"),
    [
        ("against 2023-01-01 to 2023-12-31", "与2023-01-01至2023-12-31相比"),
        ("against 2023-12-31, of 364 days where this has 371",
         "与2023-12-31相比，前者364天，本期371天"),
        ("rank 2 to 1; 2024-12-31 against 2023-12-31; the lists of two documents, by name",
         "排名由2到1；2024-12-31与2023-12-31相比；按名称比对两份文件的名单"),
        ("Customer F, Customer G; both years from one document, those that it lists",
         "Customer F、Customer G；两年均据同一文件所列"),
        ("of the 5 listed in 年报, 2024.pdf", "年报, 2024.pdf所列5家"),
    ],
)  # fmt: skip
def test_periods_names_and_documents_stay_in_it(note, chinese):
    assert note_in(note, "zh") == chinese
    assert note_in(note, "en") == note
