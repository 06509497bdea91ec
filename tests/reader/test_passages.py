"""Sentences of paragraphs, lines of covers, and where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.documents.model import Block, Document, Page
from tenth.reader.passages import lines_of, paragraphs_of, sentences_in
from tests.reader.pages import document_of, page_of, table_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Sales rose 3.5%. Costs fell.", ["Sales rose 3.5%.", "Costs fell."]),
        ("Acme Inc. sold it. We kept it.", ["Acme Inc. sold it.", "We kept it."]),
        ("In the U.S. Sales rose.", ["In the U.S. Sales rose."]),
        ("It was “good.” We left.", ["It was “good.”", "We left."]),
        ("营收12.3亿元。净利润1亿元；毛利率30%。", ["营收12.3亿元。", "净利润1亿元；毛利率30%。"]),
        ("one\ntwo", ["one", "two"]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_would_end_them(text, sentences):
    assert sentences_in(text) == sentences


@given(st.text(alphabet="aA1. 。!？\n“”)$", max_size=60))
def test_no_character_of_a_paragraph_is_lost(text):
    assert "".join("".join(sentences_in(text)).split()) == "".join(text.split())


def test_a_covers_table_is_read_as_rows():
    page = Page(1, (Block("table", page=1, box=(0, 0, 1, 1), table=0),))
    document = Document(
        "pdf", (page,), (table_of([["Commission file", "001-2"], ["Acme", "Inc."]]),)
    )
    lines = list(lines_of(document, 1))
    assert [line.text for line in lines] == ["Commission file 001-2", "Acme Inc."]
    assert lines[1].place.box == (0.0, 20.0, 180.0, 30.0)


def test_running_heads_are_no_paragraphs():
    page = Page(1, (Block("header", "Acme"), Block("paragraph", "Text.", 1), Block("footer", "7")))
    assert [one.text for one in paragraphs_of(document_of(page))] == ["Text."]
    assert [one.text for one in paragraphs_of(document_of(page_of("A", "B")))] == ["A", "B"]


def test_only_on_the_first_page_may_a_running_head_be_a_title():
    pages = [Page(n, (Block("header", f"Acme {n}", n),)) for n in (1, 2)]
    assert [line.text for line in lines_of(document_of(*pages), 2)] == ["Acme 1"]
