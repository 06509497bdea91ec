"""A number's text is what its sheet shows."""

import pytest

from tenth.documents.office.date_formats import iso
from tenth.documents.office.formats import BUILTIN, shown, shown_text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234567.891, "General", "1234567.891"),
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (1e20, "General", "1E+20"),
        (1234.5, "0", "1235"),
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0.005, "0.00", "0.01"),
        (1.005, "0.00", "1.01"),
        (-1234.4, "#,##0_);(#,##0)", "(1,234)"),
        (1234.4, "#,##0_);(#,##0)", "1,234"),
        (0, '_($* #,##0_);_($* (#,##0);_($* "-"??_);_(@_)', "$-"),
        (-5000, '_($* #,##0_);_($* (#,##0);_($* "-"??_);_(@_)', "$(5,000)"),
        (5000, '_("$"* #,##0.0_);_("$"* \\(#,##0.0\\)', "$5,000.0"),
        (0.1234, "0.0%", "12.3%"),
        (-0.05, "0%;(0%)", "(5%)"),
        (1234567, "#,##0,", "1,235"),
        (1234567890, '0.0,,"M"', "1234.6M"),
        (12345.678, "[$€-407] #,##0.00", "€ 12,345.68"),
        (12345.678, "[$¥-804]#,##0", "¥12,346"),
        (-3, "[Red]0.0", "-3.0"),
        (7, "000", "007"),
        (0.5, "#.##", ".5"),
        (5, "#.##", "5."),
        (123456, "0.00E+00", "1.23E+05"),
        (0.00012, "0.0E-0", "1.2E-4"),
        (12345, "##0.0E+0", "12.3E+3"),
        (5551234, "###-####", "555-1234"),
        (1.5, "# ?/?", "1 1/2"),
        (0.25, "?/4", "1/4"),
        (1500, '[>=1000]0.0,"k";0', "1.5k"),
        (900, '[>=1000]0.0,"k";0', "900"),
        (0, "0;-0;;@", ""),
        (-0.001, "0.00", "0.00"),
        (3, '"Q"0', "Q3"),
        (8.2, '0.0"x"', "8.2x"),
        (12.34, "0.0##", "12.34"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value, code, text):
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (45382, "yyyy-mm-dd", "2024-03-31"),
        (45382, BUILTIN[14], "3/31/2024"),
        (45382, "d-mmm-yy", "31-Mar-24"),
        (45382, "mmmm d, yyyy", "March 31, 2024"),
        (45382, "dddd", "Sunday"),
        (45382, BUILTIN[31], "2024年3月31日"),
        (45382, '[$-804]yyyy"年"m"月"', "2024年3月"),
        (45382, "aaaa", "星期日"),
        (45382.75, "h:mm AM/PM", "6:00 PM"),
        (45382.5, "m/d/yy h:mm", "3/31/24 12:00"),
        (0.0625, "h:mm:ss", "1:30:00"),
        (1.5, "[h]:mm", "36:00"),
        (0.000694444, "mm:ss", "01:00"),
        (45382.5000058, "ss.0", "00.5"),
    ],
)
def test_a_date_is_shown_as_its_format_says(value, code, text):
    assert shown(value, code) == text


def test_dates_count_from_1904_where_the_workbook_says_so():
    assert shown(43920, "yyyy-mm-dd", from_1904=True) == "2024-03-31"
    assert iso(43920, True) == "2024-03-31"


def test_a_date_is_given_in_iso_form():
    assert iso(45382) == "2024-03-31"
    assert iso(45382.75) == "2024-03-31T18:00:00"
    assert iso(0.75) == "18:00:00"
    assert iso(1e12) is None


def test_a_text_takes_what_its_format_adds():
    assert shown_text("a", '"Note: "@') == "Note: a"
    assert shown_text("a", "@") == "a"
    assert shown_text("a", "0.00") == "a"
