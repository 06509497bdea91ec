"""Covers: entity, form, period, language, currency and scale, each with the place that says it."""

import pytest

from tenth.documents.model import Block, Document, Page
from tenth.documents.run.stored import Stored
from tenth.reader.cover import currency_meant, read_cover, with_fiscal_year
from tenth.reader.fiscal import fiscal_year
from tenth.reader.model import Cover, Period
from tenth.reader.reports import read_report
from tests.reader.pages import document_of, page_of, table_of

FILING = (
    "# UNITED STATES",
    "# SECURITIES AND EXCHANGE COMMISSION",
    "# FORM 10-Q",
    "☒ QUARTERLY REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934",
    "For the quarterly period ended September 30, 2023",
    "or",
    "For the transition period from to .",
    "Commission File Number: 001-00001",
    "# Acme Widgets, Inc.",
    "____________________________",
    "(Exact name of registrant as specified in its charter)",
    "Indicate by check mark whether the registrant is a shell company. Yes ☐ No ☒",
)
GREEN = "青山科技股份有限公司"
MONEY = table_of([["", "2023"], ["Net sales", "$1,234"]])


def test_a_filings_cover_says_whose_it_is_its_form_and_its_quarter():
    cover = read_cover(document_of(page_of(*FILING), tables=[MONEY]))
    assert (cover.entity, cover.form, cover.language) == ("Acme Widgets, Inc.", "10-Q", "en")
    assert cover.period == Period("2023-07-01", "2023-09-30")
    assert cover.currency == "USD"
    assert cover.scale is None


def test_whatever_the_cover_says_has_its_words_and_place():
    cover = read_cover(document_of(page_of(*FILING), tables=[MONEY]))
    said = {one.what: one for one in cover.said}
    assert said["entity"].text == "Acme Widgets, Inc."
    assert said["entity"].place.locator == "1:72.00,172.00,500.00,182.00"
    assert said["period"].text == "For the quarterly period ended September 30, 2023"
    assert said["currency"].text == "$1,234"


def test_a_name_and_its_caption_in_one_line_are_told_apart():
    lines = [*FILING[:8], "Acme Widgets, Inc. (Exact name of registrant as specified)"]
    assert read_cover(document_of(page_of(*lines))).entity == "Acme Widgets, Inc."


def test_without_its_caption_the_name_follows_the_file_number():
    lines = [line for line in FILING if not line.startswith(("(Exact", "__"))]
    assert read_cover(document_of(page_of(*lines))).entity == "Acme Widgets, Inc."


def test_a_cover_read_in_one_piece_says_the_same():
    text = ("UNITED STATES SECURITIES AND EXCHANGE COMMISSION Washington, D.C. 20549 FORM 10-K "
            "☒ ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE EXCHANGE ACT "
            "For the fiscal year ended December 31, 2022 OR ☐ TRANSITION REPORT Commission file "
            "number 1-123 Initech Corporation (Exact name of registrant as specified)")  # fmt: skip
    cover = read_cover(document_of(page_of(text)))
    assert (cover.entity, cover.form) == ("Initech Corporation", "10-K")
    assert cover.period == Period("2022-01-01", "2022-12-31")


def test_two_registrants_of_one_filing_are_nobody():
    lines = [
        *FILING,
        "Acme Finance Corp.",
        "(Exact name of registrant as specified in its charter)",
    ]
    assert read_cover(document_of(page_of(*lines))).entity == ""


def test_an_annual_form_reports_on_a_year():
    lines = ["FORM 10-K", "For the fiscal year ended June 30, 2023", "Commission File Number 0-1",
             "GLOBEX CORPORATION"]  # fmt: skip
    cover = read_cover(document_of(page_of(*lines)))
    assert (cover.entity, cover.form) == ("GLOBEX CORPORATION", "10-K")
    assert cover.period == Period("2022-07-01", "2023-06-30")


def test_the_files_name_is_never_asked():
    named = Document("pdf", (page_of("Some text of no use"),), title="Acme Inc 2023 Annual Report")
    assert read_cover(named) == Cover()


def test_an_annual_report_takes_its_year_from_its_statements():
    first = page_of("# Globex plc", "# Annual Report 2023")
    second = page_of(
        "# CONSOLIDATED INCOME STATEMENT", "For the year ended 31 March 2023", number=9
    )
    cover = read_cover(document_of(first, second))
    assert (cover.entity, cover.form) == ("Globex plc", "annual report")
    assert cover.period == Period("2022-04-01", "2023-03-31")


def test_what_is_of_a_year_is_an_annual_report_whatever_it_is_called():
    cover = read_cover(document_of(page_of("# Globex Ltd", "For the year ended 30 June 2022")))
    assert (cover.form, cover.period) == ("annual report", Period("2021-07-01", "2022-06-30"))
    half = read_cover(document_of(page_of("# Globex Ltd", "For the half-year ended 30 June 2022")))
    assert half.form == ""


def test_a_name_before_what_it_reports_is_the_entity():
    cover = read_cover(document_of(page_of("# Umbrella Holdings Limited Interim Report 2023")))
    assert (cover.entity, cover.form) == ("Umbrella Holdings Limited", "half-year report")
    assert cover.period == Period()


@pytest.mark.parametrize(
    ("lines", "form", "start", "end"),
    [
        ([f"{GREEN} 2023 年年度报告"], "annual report", "2023-01-01", "2023-12-31"),
        ([GREEN, "2023年半年度报告"], "half-year report", "2023-01-01", "2023-06-30"),
        ([GREEN, "2023 年第三季度报告"], "quarterly report", "2023-07-01", "2023-09-30"),
        ([GREEN, "二〇二三年年度报告"], "annual report", "2023-01-01", "2023-12-31"),
    ],
)  # fmt: skip
def test_a_mainland_report_is_of_the_calendar_year(lines, form, start, end):
    cover = read_cover(document_of(page_of("公司代码：600001 公司简称：青山科技", *lines)))
    assert (cover.entity, cover.form, cover.language) == (GREEN, form, "zh")
    assert cover.period == Period(start, end)


def test_the_code_may_stand_some_pages_in_and_other_reports_be_named_before():
    pages = [page_of(GREEN, "2023年半年度报告"), page_of("详见公司2022年年度报告", number=2),
             page_of("股票代码 000333", number=6)]  # fmt: skip
    cover = read_cover(document_of(*pages))
    assert cover.period == Period("2023-01-01", "2023-06-30")
    first = page_of("详见2022年年度报告全文", GREEN, "2023年第一季度报告", "证券代码：000333")
    assert read_cover(document_of(first)).period == Period("2023-01-01", "2023-03-31")


def test_a_chinese_report_that_ends_in_march_says_so_itself():
    lines = ["青山控股有限公司", "年报 2022/23", "截至2023年3月31日止年度"]
    cover = read_cover(document_of(page_of(*lines)))
    assert cover.period == Period("2022-04-01", "2023-03-31")
    assert fiscal_year(cover) is not None


def test_a_brokers_report_is_about_the_company_with_the_code():
    lines = ["证券研究报告", "公司深度报告", "青山科技（600001.SH）", "东海证券股份有限公司"]
    cover = read_cover(document_of(page_of(*lines)))
    assert (cover.entity, cover.form) == ("青山科技", "research report")


@pytest.mark.parametrize(("head", "scale"), [("2023 $’m", None), ("2023", 1)])
def test_a_sentence_that_names_a_currency_says_no_scale_beside_columns_in_millions(head, scale):
    says = "All amounts are presented in Australian dollars, unless otherwise noted."
    table = table_of([["", head], ["Revenue", "12.5"]])
    cover = read_cover(document_of(page_of("# Globex Ltd", says), tables=[table]))
    assert (cover.currency, cover.scale) == ("AUD", scale)


def test_a_company_is_the_one_that_the_text_calls_so():
    told = "Structural Monitors Plc (the Company) is incorporated in the United Kingdom."
    lines = ("2022 plc", "Annual report", "Ticker: SMN (Nasdaq)")
    assert read_cover(document_of(page_of(*lines, told))).entity == "Structural Monitors Plc"


def test_a_currency_is_what_a_sentence_says():
    for line, code in (
        ("The consolidated financial statements are presented in Renminbi.", "CNY"),
        ("All amounts are expressed in U.S. dollars unless otherwise noted.", "USD"),
        ("单位：元 币种：人民币", "CNY"),
    ):
        assert read_cover(document_of(page_of(line))).currency == code


def test_a_currency_is_what_all_scale_lines_name():
    one = table_of([["", "2023"], ["Sales", "12"]], scale="(in thousands of U.S. dollars)")
    sheet = table_of([["RMB'000", "2023"], ["Sales", "12"]])
    assert read_cover(document_of(page_of("Acme"), tables=[one])).currency == "USD"
    assert read_cover(document_of(page_of("Acme"), tables=[sheet])).currency == "CNY"
    assert read_cover(document_of(page_of("Acme"), tables=[one, sheet])).currency == ""


def test_dollar_signs_outside_a_form_of_the_united_states_are_no_currency():
    assert read_cover(document_of(page_of("Acme Limited"), tables=[MONEY])).currency == ""


@pytest.mark.parametrize(
    ("line", "scale"),
    [
        ("All dollar amounts are in millions unless otherwise stated.", 10**6),
        ("(Tabular amounts in thousands, except per share data)", 1000),
        ("（除特别注明外，金额单位均为人民币元）", 1),
        ("Revenue grew to $5 million.", None),
        ("Rivian's financial information is as follows (in millions):", None),
    ],
)
def test_a_scale_for_the_whole_document_is_one_that_a_sentence_says(line, scale):
    assert read_cover(document_of(page_of(line))).scale == scale


def test_two_sentences_that_differ_leave_the_scale_unknown():
    lines = ["All amounts are in millions unless otherwise stated.",
             "All amounts are in thousands unless otherwise stated."]  # fmt: skip
    assert read_cover(document_of(page_of(*lines))).scale is None


def test_the_fiscal_year_begins_the_day_after_the_balance_sheets_other_date():
    cover = Cover("A", "10-Q", Period("2023-07-02", "2023-09-30"))
    told = with_fiscal_year(cover, ["2023-09-30", "2022-12-31"])
    assert told.fiscal_year_start == "2023-01-01"


def test_a_third_date_a_year_before_is_not_the_fiscal_years_end():
    cover = Cover("Shop", "10-Q", Period("2023-07-30", "2023-10-28"))
    told = with_fiscal_year(cover, ["2023-10-28", "2023-01-28", "2022-10-29"])
    assert told.fiscal_year_start == "2023-01-29"


def test_dates_that_leave_the_fiscal_year_open_change_nothing():
    cover = Cover("A", "10-Q", Period("2023-07-01", "2023-09-30"))
    assert with_fiscal_year(cover, ["2023-09-30"]) == cover
    assert with_fiscal_year(cover, ["2023-06-30", "2022-12-31"]) == cover
    assert with_fiscal_year(Cover(), ["2023-06-30"]) == Cover()


def test_an_annual_reports_other_date_is_a_year_before():
    cover = Cover("A", "10-K", Period("2022-09-25", "2023-09-30"))
    told = with_fiscal_year(cover, ["2023-09-30", "2022-09-24"])
    assert told.fiscal_year_start == "2022-09-25"


@pytest.mark.parametrize(
    ("says", "currency"),
    [
        ("Our shares are listed on Nasdaq.", "USD"),
        ("Our shares are listed on Nasdaq and on the TSX.", ""),
        ("A mining company of the north.", ""),
    ],
)
def test_dollars_of_a_report_without_a_form_are_those_of_the_authorities_it_names(says, currency):
    table = table_of([["", "2023"], ["Revenue", "$ 12"]])
    pages = page_of("Acme", "Annual report 2023", says)
    assert read_cover(document_of(pages, tables=[table])).currency == currency


def test_a_dollar_is_the_documents_dollar():
    assert currency_meant("$", Cover()) == ""
    assert currency_meant("$", Cover(currency="USD")) == "USD"
    assert currency_meant("$", Cover(currency="HKD")) == "HKD"
    assert currency_meant("$", Cover(currency="CNY")) == ""
    assert currency_meant("元", Cover(language="zh")) == "CNY"
    assert currency_meant("元", Cover(language="zh", currency="HKD")) == "HKD"
    assert currency_meant("¥", Cover(language="zh")) == "CNY"
    assert currency_meant("¥", Cover()) == ""
    assert currency_meant("EUR", Cover(currency="USD")) == "EUR"
    assert currency_meant("", Cover(currency="USD")) == "USD"


def test_a_sheets_first_rows_are_its_cover():
    rows = [
        ["Acme Widgets, Inc."],
        ["Annual report 2023"],
        ["For the year ended December 31, 2023"],
    ]
    block = Block("table", page=1, table=0)
    cover = read_cover(Document("xlsx", (Page(1, (block,), name="Income"),), (table_of(rows),)))
    assert (cover.entity, cover.form) == ("Acme Widgets, Inc.", "annual report")
    assert cover.period == Period("2023-01-01", "2023-12-31")


def test_an_empty_document_says_nothing():
    assert read_cover(Document("pdf")) == Cover()


@pytest.mark.parametrize(
    "lines",
    [
        ["证券研究报告 | 公司点评 贵州茅台（600519.SH）", "可比公司见附表"],
        ["证券研究报告", "贵州茅台 (600519 CH)", "可比公司：五粮液（000858）、泸州老窖（000568）"],
        ["证券研究报告", "贵州茅台", "股票代码 600519.SH", "600519.SH 贵州茅台* CNY 1,500.00 买入"],
    ],
)
def test_a_brokers_report_is_of_the_company_beside_the_code(lines):
    cover = read_cover(document_of(page_of(*lines)))
    assert (cover.entity, cover.form) == ("贵州茅台", "research report")


def test_a_report_is_not_of_the_bank_that_gave_a_prize():
    cover = read_cover(document_of(page_of(
        "中国邮政储蓄银行股份有限公司（股票代码：601658）", "2019年年度报告",
        "中央国债登记结算有限责任公司",
    )))  # fmt: skip
    assert cover.entity == "中国邮政储蓄银行股份有限公司"


def test_notes_call_the_years_as_the_statements_do():
    first = page_of("# Globex plc", "# Annual Report 2022")
    head = page_of("For the year ended 31 March 2022", number=2)
    balance = table_of(
        [["", "2022 £’000", "2021 1 £’000"], ["Total assets", "9", "8"],
         ["Total equity and liabilities", "9", "8"]],
        page=2, caption="Statement of financial position as at 31 March 2022",
    )  # fmt: skip
    note = table_of([["", "2022", "2021"], ["Wages", "5", "4"]], page=3, caption="Employees")
    document = document_of(first, head, page_of(number=3), tables=(balance, note))
    report = read_report(Stored("k", "n", "a.pdf", "pdf", "0" * 64, document))
    of_note = [fact.period for fact in report.facts if fact.table == 2]
    assert of_note == [Period("2021-04-01", "2022-03-31"), Period("2020-04-01", "2021-03-31")]
    assert any(said.text.endswith("as at 31 March 2022 2022 £’000") for said in report.cover.said)
