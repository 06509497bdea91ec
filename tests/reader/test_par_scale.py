"""Statements that do not say in what they are: shares at par say it, counted on the cover."""

import msgspec

from tenth.documents.model import Document
from tenth.documents.run.stored import Stored
from tenth.reader.par_scale import scale_by_par
from tenth.reader.reports import read_report
from tests.reader.pages import document_of, page_of, table_of

STOCK = ("Common stock, $0.01 par value, 50,000,000 shares authorized; 12,613,978 and 11,986,873 "
         "shares issued and outstanding")  # fmt: skip
COUNTED = (
    "As of March 30, 2023, the issuer had a total of 14,314,800 shares of common stock outstanding."
)
TITLE = "Consolidated Balance Sheets as of December 31, 2022 and 2021"


def of(*stock: str, label: str = STOCK, counted: str = COUNTED) -> Document:
    rows = [
        ["", "2022", "2021"],
        ["Cash and cash equivalents", "$ 582,776", "$ 1,302,438"],
        ["Total assets", "1,655,680", "1,924,018"],
        ["Accounts payable", "409,522", "568,851"],
        ["Total liabilities", "811,611", "932,082"],
        [label, *stock],
        ["Accumulated deficit", "(512,826)", "(309,220)"],
        ["Total stockholders’ equity", "844,069", "991,936"],
        ["Total liabilities and stockholders’ equity", "1,655,680", "1,924,018"],
    ]
    table = msgspec.structs.replace(table_of(rows, page=2), caption=TITLE)
    return document_of(
        page_of("ACME, INC.", "Form 10-K", counted), page_of(number=2), tables=[table]
    )


def scale(document: Document) -> int | None:
    found = scale_by_par(document)
    return found[0] if found else None


def test_shares_issued_times_par_tell_the_scale():
    assert scale(of("126,140", "119,869")) == 1
    other = "Ordinary shares, par value $0.25: 20,000,000 shares issued in 2022, 18,000,000 in 2021"
    counted = "There were 20,400,112 shares outstanding."
    assert scale(of("5,000", "4,500", label=other, counted=counted)) == 1_000
    assert scale(of("5,000,000", "4,500,000", label=other, counted=counted)) == 1


def test_a_single_figure_or_one_of_few_digits_may_be_chance():
    assert scale(of("126,140", "98,765")) is None
    assert scale(of("126", "—")) is None
    assert scale(of("13", "12")) is None


def test_a_count_that_the_cover_does_not_bear_out_may_itself_be_in_thousands():
    assert scale(of("126,140", "119,869", counted="")) is None
    billions = "There were 12,914,314,800 shares of common stock outstanding."
    assert scale(of("126,140", "119,869", counted=billions)) is None


def test_a_report_takes_it_and_says_the_line_that_tells_it():
    report = read_report(Stored("key", "name", "acme.pdf", "pdf", "00", of("126,140", "119,869")))
    assets = [fact for fact in report.facts if fact.label == "Total assets"]
    assert [fact.value for fact in assets] == [1_655_680, 1_924_018]
    assert {one.text for one in assets[0].said if one.what == "scale"} == {STOCK}
    report = read_report(Stored("key", "name", "acme.pdf", "pdf", "00", of("12,614", "11,987")))
    assert {f.scale for f in report.facts if f.label == "Total assets"} == {None}
