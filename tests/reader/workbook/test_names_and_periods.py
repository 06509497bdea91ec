"""Names of companies and sheets; periods as columns."""

import pytest

from tenth.reader.model import Line, Period
from tenth.reader.workbook.align import align, plain_label
from tenth.reader.workbook.figure_names import member_name
from tenth.reader.workbook.looks import line_count, number_format, unit_words
from tenth.reader.workbook.names import SheetNames, short_name, short_names
from tenth.reader.workbook.periods import (
    calendar_quarter,
    date_text,
    is_fiscal_year,
    last_quarter,
    length_of,
    previous_part,
    year_before,
)


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Apple Inc.", "Apple"),
        ("AMAZON.COM, INC.", "Amazon.com"),
        ("NVIDIA CORPORATION", "NVIDIA"),
        ("MICROSOFT CORPORATION", "Microsoft"),
        ("Deutsche Bank AG", "Deutsche Bank"),
        ("贵州茅台酒股份有限公司", "贵州茅台酒"),
        ("阿里巴巴集团控股有限公司", "阿里巴巴"),
        ("Inc.", "Inc."),
        ("Group", "Group"),
        ("", ""),
    ],
)
def test_companies_lose_their_legal_forms(full: str, short: str) -> None:
    assert short_name(full) == short


def test_companies_whose_short_names_are_one_keep_their_full_ones() -> None:
    names = short_names(["Acme Inc.", "Acme Corp.", "Beta Ltd."])
    assert names == {"Acme Inc.": "Acme Inc.", "Acme Corp.": "Acme Corp.", "Beta Ltd.": "Beta"}


def test_sheets_have_names_that_a_spreadsheet_takes() -> None:
    names = SheetNames()
    long = "The Very Long Name of an International Holding"
    taken = [names.take(long, "Cash flow"), names.take(long, "Cash flow")]
    taken += [names.take(name) for name in ("a/b:[c]*?\\", "History", "''")]
    taken += [names.take("'quoted'", "Income")]
    assert taken == [
        "The Very Long Name Cash flow", "The Very Long Name Cash flow 2", "a b c", "History 2", "2",
        "quoted Income",
    ]  # fmt: skip
    assert all(len(name) <= 31 for name in taken)


def test_lengths_of_fiscal_calendars() -> None:
    lengths = [
        ("2022-03-27", "2022-06-25", "quarter"), ("2021-12-26", "2022-04-02", "quarter"),
        ("2023-01-01", "2023-06-30", "half"), ("2022-01-31", "2022-10-30", "nine_months"),
        ("2022-09-25", "2023-09-30", "year"), ("2023-01-01", "2023-01-31", "other"),
        ("", "2023-01-31", "instant"), ("", "", "unknown"),
    ]  # fmt: skip
    assert [length_of(Period(start, end)) for start, end, _ in lengths] == [
        name for _, _, name in lengths
    ]


def test_quarters_of_the_calendar_are_the_nearest() -> None:
    ends = ("2022-06-25", "2022-07-31", "2022-04-02", "2023-01-29", "2022-12-31")
    assert [calendar_quarter(end) for end in ends] == [
        (2022, 2), (2022, 2), (2022, 1), (2022, 4), (2022, 4),
    ]  # fmt: skip


def test_the_year_before_has_the_same_length() -> None:
    now = Period("2023-04-02", "2023-07-01")
    before = Period("2022-03-27", "2022-06-25")
    nine = Period("2021-09-26", "2022-06-25")
    assert year_before(now, [nine, before, now]) == before
    assert year_before(now, [nine, Period("", "2022-06-25")]) is None
    assert year_before(Period(), [Period()]) is None


def test_the_last_quarter_is_what_the_year_to_date_has_beyond_the_half_year() -> None:
    nine, half = Period("2023-01-01", "2023-09-30"), Period("2023-01-01", "2023-06-30")
    assert previous_part(nine, [nine, half, Period("2022-01-01", "2022-06-30")]) == half
    assert last_quarter(nine, half) == Period("2023-07-01", "2023-09-30")
    assert previous_part(half, [nine]) is None


def test_twelve_months_that_end_elsewhere_are_no_fiscal_year() -> None:
    trailing = Period("2021-10-01", "2022-09-30")
    assert not is_fiscal_year(trailing, ["2021-12-31"])
    assert is_fiscal_year(trailing, ["2020-09-26"])
    assert is_fiscal_year(trailing, [])


def test_dates_and_units_in_both_languages() -> None:
    assert date_text("2023-09-30", "en") == "Sep 30, 2023"
    assert date_text("2023-09-30", "zh") == "2023年9月30日"
    assert unit_words("currency", "USD", 1_000_000, "en") == "USD m"
    assert unit_words("currency", "CNY", 10_000, "zh") == "万元"
    assert unit_words("currency/share", "CNY", 1, "zh") == "元/股"
    assert unit_words("shares", "", 1000, "en") == "k shares"
    assert number_format(1) == '#,##0.0_);(#,##0.0);"–"_)'


def test_labels_are_compared_without_footnotes_case_and_typographers_marks() -> None:
    assert plain_label("Total net sales (4):") == plain_label("TOTAL NET SALES")
    assert plain_label("Shareholders’ equity") == plain_label("Shareholders' equity")
    assert plain_label("Data Center") == plain_label("Datacenter")
    assert plain_label("Gain (loss)") != plain_label("Gain")


def test_numbers_within_a_label_may_change_and_be_more_or_fewer() -> None:
    line = Line(0, "Unrealized gains, net of tax of $1 and $(29)")
    row = Line(0, "Unrealized gains, net of tax of $0, $(5), $1, and $(34)")
    other = Line(0, "Unrealized losses, net of tax of $1")
    assert align([row, other], [line]) == {0: 0}
    due = [Line(0, "Due in 1 year"), Line(0, "Due in 5 years")]
    assert align(due, [Line(0, "Due in 5 years")]) == {0: 1}


def test_a_metric_on_both_sides_has_to_be_the_same() -> None:
    def line(label: str, metric: str) -> Line:
        return Line(0, label, metric=metric, facts=("id",))

    assert align([line("Other", "A")], [line("Other", "B")]) == {}
    assert align([line("Sales", "A")], [line("Turnover", "A")]) == {0: 0}


def test_lines_of_a_text_in_a_column() -> None:
    assert line_count("short", 10) == 1
    assert line_count("two words here now", 10) == 2
    assert line_count("营业收入同比增长率和净利润", 10) == 3
    assert line_count("x" * 25, 10) == 3


def test_a_line_of_the_vocabulary_has_its_title_within_brackets_too() -> None:
    assert member_name("share_of_revenue[CostOfRevenue]", "en") == "Cost of revenue"
    assert (
        member_name("share_of_revenue[CostOfRevenue: Products]", "en")
        == "Cost of revenue: Products"
    )
    assert member_name("segment_share[Products: large]", "en") == "Products: large"
    assert member_name("segment_share", "en") == ""
