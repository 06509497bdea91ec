"""Statements of another company within a report are that company's."""

import pytest

from tenth.documents.run.stored import Stored
from tenth.reader.others import others_on_pages
from tenth.reader.reports import read_report
from tests.reader.pages import document_of, page_of, table_of

COVER = page_of(
    "FORM 10-K", "For the fiscal year ended December 31, 2022", "Acme Resorts International",
    "(Exact name of registrant as specified in its charter)",
)  # fmt: skip
RESULT = [["", "2022", "2021"], ["Revenues", "30", "20"], ["Operating expenses", "12", "8"],
          ["Net income", "18", "12"]]  # fmt: skip
BALANCE = [["", "December 31, 2022", "December 31, 2021"], ["Total assets", "90", "80"],
           ["Total liabilities", "50", "45"], ["Total equity", "40", "35"]]  # fmt: skip


def report(*names: str):
    """Of a filing whose pages 2, 3, ... begin with these names; 2 and 3 hold a statement."""
    pages = [page_of(name, number=i) for i, name in enumerate(names, 2)]
    tables = [
        table_of(BALANCE, 2, "(In thousands)", "CONSOLIDATED BALANCE SHEETS"),
        table_of(RESULT, 3, "(In thousands)", "CONSOLIDATED STATEMENTS OF OPERATIONS"),
    ]
    document = document_of(COVER, *pages, tables=tables)
    return document, read_report(Stored("k", "n", "a.pdf", "pdf", "0" * 64, document))


def test_statements_headed_by_another_company_are_that_companys():
    _, read = report("CENTER HOLDINGS, LLC", "CENTER HOLDINGS, LLC", "Center Holdings, LLC")
    assert read.cover.entity == "Acme Resorts International"
    assert {one.entity for one in read.statements} == {"CENTER HOLDINGS, LLC"}
    assert {fact.entity for fact in read.facts} == {"CENTER HOLDINGS, LLC"}


@pytest.mark.parametrize(
    "name",
    [
        "ACME RESORTS INTERNATIONAL INC.",  # its own
        "A CME R ESORTS, INC. AND SUBSIDIARIES",  # its own, broken by a font
        "Acquisition of Center Holdings, LLC",  # a note
        "PARENT COMPANY",
        "The Company",
    ],
)
def test_a_companys_own_head_and_a_notes_heading_name_no_other(name):
    document, read = report(name, name, name)
    assert others_on_pages(document, read.cover.entity) == {}
    assert {fact.entity for fact in read.facts} == {"Acme Resorts International"}


def test_a_name_on_a_page_or_two_is_not_enough():
    document, read = report("Center Holdings, LLC", "Center Holdings, LLC")
    assert others_on_pages(document, read.cover.entity) == {}
