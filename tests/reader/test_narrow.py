"""A sentence's figure is found within its paragraph on the page."""

import msgspec
import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tenth.config import ReadConfig
from tenth.documents.read import read_document
from tenth.reader.model import Cover, Fact, Period
from tenth.reader.narrow import narrow
from tenth.reader.sentences import facts_of_sentences, metric_in_text

COVER = Cover("Acme", "10-Q", Period("2023-07-01", "2023-09-30"), currency="USD",
              fiscal_year_start="2023-01-01")  # fmt: skip


def written(path, *lines: str) -> list[Fact]:
    canvas = Canvas(str(path), pagesize=(612, 792), pageCompression=0)
    canvas.setFont("Helvetica", 10)
    for i, line in enumerate(lines):
        canvas.drawString(72, 700 - 12 * i, line)
    canvas.save()
    document = read_document(path, ReadConfig(ocr="never"))
    return facts_of_sentences(document, COVER, "ab" * 32, "a.pdf", metric_in_text)


def test_a_figures_box_is_that_of_its_own_characters(tmp_path):
    path = tmp_path / "a.pdf"
    (fact,) = written(path, "Total net sales were $8.1 billion in Q3 2023, which is a record.")
    box = narrow(path, fact).place.box
    assert box is not None
    assert fact.place.box is not None
    begin = 72 + stringWidth("Total net sales were ", "Helvetica", 10)
    end = begin + stringWidth("$8.1 billion", "Helvetica", 10)
    assert (box[0], box[2]) == pytest.approx((begin, end), abs=1)
    assert fact.place.box[0] < box[0]
    assert box[3] - box[1] < 12


def test_the_same_figure_twice_is_told_by_its_sentence(tmp_path):
    path = tmp_path / "a.pdf"
    facts = written(
        path,
        "Total net sales were $8.1 billion in Q3 2023. Our backlog of $8.1 billion",
        "is as large as it was.",
    )
    (fact,) = facts
    box = narrow(path, fact).place.box
    assert box is not None
    assert box[2] < 240


def test_what_is_not_there_keeps_its_paragraph(tmp_path):
    path = tmp_path / "a.pdf"
    (fact,) = written(path, "Total net sales were $8.1 billion in Q3 2023.")
    other = msgspec.structs.replace(fact, verbatim="$9.9 billion")
    assert narrow(path, other) == other


def test_what_is_no_pdf_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "a.pdf"
    (fact,) = written(path, "Total net sales were $8.1 billion in Q3 2023.")
    path.write_bytes(b"no pdf")
    with pytest.raises(ValueError, match=r"a\.pdf cannot be read as a PDF"):
        narrow(path, fact)
