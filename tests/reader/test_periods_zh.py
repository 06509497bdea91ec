"""Chinese column headers become periods, by themselves or by the cover's own period."""

import pytest

from tenth.reader.model import Cover, Period, Place, Said
from tenth.reader.periods import parse_period

CODE = (Said("period", "公司代码：600000", Place()),)
ANNUAL = Cover("某公司", "annual report", Period("2023-01-01", "2023-12-31"), "zh", said=CODE)
THIRD = Cover("某公司", "quarterly report", Period("2023-07-01", "2023-09-30"), "zh", said=CODE)
HALF = Cover("某公司", "half-year report", Period("2023-01-01", "2023-06-30"), "zh", said=CODE)
MARCH = Cover("某港股", "annual report", Period("2022-04-01", "2023-03-31"), "zh")
NOTHING = Cover(language="zh")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023年12月31日", "", "2023-12-31"),
        ("二〇二三年六月三十日", "", "2023-06-30"),
        ("2023年1-9月", "2023-01-01", "2023-09-30"),
        ("2023年1—6月", "2023-01-01", "2023-06-30"),
        ("2023年7月至9月", "2023-07-01", "2023-09-30"),
        ("截至2023年9月30日止九个月", "2023-01-01", "2023-09-30"),
        ("截至2023年3月31日止年度", "2022-04-01", "2023-03-31"),
        ("2023年1月1日至2023年6月30日", "2023-01-01", "2023-06-30"),
    ],
)
def test_dates_and_months_need_no_cover(text, start, end):
    assert parse_period([text], NOTHING) == Period(start, end)


@pytest.mark.parametrize(
    ("cover", "text", "start", "end"),
    [
        (ANNUAL, "2023年", "2023-01-01", "2023-12-31"),
        (ANNUAL, "2022年度", "2022-01-01", "2022-12-31"),
        (ANNUAL, "2023年第一季度", "2023-01-01", "2023-03-31"),
        (ANNUAL, "2022年末", "", "2022-12-31"),
        (ANNUAL, "2022年 调整后", "2022-01-01", "2022-12-31"),
        (ANNUAL, "2023年度 合并", "2023-01-01", "2023-12-31"),
        (ANNUAL, "2023年12月31日 合并", "", "2023-12-31"),
        (ANNUAL, "第四季度（10-12月份）", "2023-10-01", "2023-12-31"),
        (ANNUAL, "本报告期末", "", "2023-12-31"),
        (ANNUAL, "上年度末", "", "2022-12-31"),
        (ANNUAL, "本期金额", "2023-01-01", "2023-12-31"),
        (ANNUAL, "上期金额", "2022-01-01", "2022-12-31"),
        (ANNUAL, "本年金额", "2023-01-01", "2023-12-31"),
        (ANNUAL, "期末余额", "", "2023-12-31"),
        (ANNUAL, "期初余额", "", "2022-12-31"),
        (ANNUAL, "上年年末余额", "", "2022-12-31"),
        (THIRD, "2023年三季度", "2023-07-01", "2023-09-30"),
        (THIRD, "2023年前三季度（1-9月）", "2023-01-01", "2023-09-30"),
        (THIRD, "本报告期", "2023-07-01", "2023-09-30"),
        (THIRD, "年初至报告期末", "2023-01-01", "2023-09-30"),
        (THIRD, "年初至报告期期末", "2023-01-01", "2023-09-30"),
        (THIRD, "上年度末", "", "2022-12-31"),
        (HALF, "本报告期", "2023-01-01", "2023-06-30"),
        (HALF, "上年同期", "2022-01-01", "2022-06-30"),
        (HALF, "2023年半年度", "2023-01-01", "2023-06-30"),
        (HALF, "2023年上半年", "2023-01-01", "2023-06-30"),
        (HALF, "期初余额", "", "2022-12-31"),
        (MARCH, "本年金额", "2022-04-01", "2023-03-31"),
        (MARCH, "上年金额", "2021-04-01", "2022-03-31"),
    ],
)
def test_words_for_this_period_and_the_last_are_the_covers(cover, text, start, end):
    assert parse_period([text], cover) == Period(start, end)


@pytest.mark.parametrize(
    ("cover", "text"),
    [
        (NOTHING, "本期金额"),
        (NOTHING, "2023年度"),
        (THIRD, "本期发生额"),  # the quarter, or the nine months
        (THIRD, "2023年"),
        (ANNUAL, "本年比上年增减(%)"),
        (ANNUAL, "合计"),
        (ANNUAL, "2023年末/2023年度"),
        (ANNUAL, "2021年期末较期初"),
        (THIRD, "第一季度（1-3月份）"),
    ],
)
def test_what_the_cover_leaves_open_is_unknown(cover, text):
    assert parse_period([text], cover) == Period()
