"""Facts from sentences: plain ones only, each with its metric, period, own scale and place."""

from decimal import Decimal

import pytest

from tenth.reader.model import Cover, Fact, Period, Place, Said
from tenth.reader.sentences import facts_of_sentences, metric_in_text
from tenth.reader.sentences_zh import claims_zh
from tests.reader.pages import document_of, page_of

QUARTER = Cover(
    "Acme Inc.", "10-Q", Period("2023-07-01", "2023-09-30"), currency="USD",
    fiscal_year_start="2023-01-01",
)  # fmt: skip
ANNUAL = Cover(
    "青山科技股份有限公司", "annual report", Period("2023-01-01", "2023-12-31"), "zh", "CNY",
    said=(Said("period", "公司代码：600001", Place()),),
)  # fmt: skip
Q3, LAST_Q3 = Period("2023-07-01", "2023-09-30"), Period("2022-07-01", "2022-09-30")
NINE = Period("2023-01-01", "2023-09-30")


def facts_of(text: str, cover: Cover = QUARTER) -> list[Fact]:
    document = document_of(page_of(text))
    return facts_of_sentences(document, cover, "ab" * 32, "acme.pdf", metric_in_text)


def told(text: str, cover: Cover = QUARTER) -> list[tuple[str, Period, Decimal | None]]:
    return [(fact.metric, fact.period, fact.value) for fact in facts_of(text, cover)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Total net sales were $81.8 billion in the third quarter of 2023, down 1% from 2022.",
         [("Revenues", Q3, "81800000000")]),
        ("Our Q3 2023 revenue was $14.2 billion, down $1.2 billion or 8% from Q3 2022.",
         [("Revenues", Q3, "14200000000")]),
        ("Interest expense was $617 million and $806 million during Q3 2022 and Q3 2023.",
         [("InterestExpense", LAST_Q3, "617000000"), ("InterestExpense", Q3, "806000000")]),
        ("Our income tax provision for the nine months ended September 30, 2023 was $4.1 billion, "
         "which included $175 million of net discrete tax expense.",
         [("IncomeTaxExpenseBenefit", NINE, "4100000000")]),
        ("Our effective tax rate was 18% and 19% for the three months ended September 30, 2023 and "
         "2022, respectively.",
         [("EffectiveIncomeTaxRateContinuingOperations", Q3, "0.18"),
          ("EffectiveIncomeTaxRateContinuingOperations", LAST_Q3, "0.19")]),
        ("Cash provided by (used in) financing activities was $3.0 billion and $(8.9) billion for "
         "Q3 2022 and Q3 2023.",
         [("NetCashProvidedByUsedInFinancingActivities", LAST_Q3, "3000000000"),
          ("NetCashProvidedByUsedInFinancingActivities", Q3, "-8900000000")]),
        ("Cash from operations increased $7.4 billion to $30.6 billion for the three months ended "
         "September 30, 2023, mainly due to more cash from customers.",
         [("NetCashProvidedByUsedInOperatingActivities", Q3, "30600000000")]),
        ("Total revenue increased from $2.5 billion in Q3 2022 to $11.2 billion in Q3 2023.",
         [("Revenues", LAST_Q3, "2500000000"), ("Revenues", Q3, "11200000000")]),
        ("Cash provided by operating activities was $115.5 million in Q3 2023, compared to $90.3 "
         "million in Q3 2022.",
         [("NetCashProvidedByUsedInOperatingActivities", Q3, "115500000"),
          ("NetCashProvidedByUsedInOperatingActivities", LAST_Q3, "90300000")]),
        ("Our operating income was $71 million in Q3 2023, compared to an operating loss of $139 "
         "million in Q3 2022.", [("OperatingIncomeLoss", Q3, "71000000")]),
        ("As of September 30, 2023, total assets were $1.2 billion.",
         [("Assets", Period("", "2023-09-30"), "1200000000")]),
        ("Diluted earnings per share was $1.26 in the third quarter of 2023.",
         [("EarningsPerShareDiluted", Q3, "1.26")]),
    ],
)  # fmt: skip
def test_a_plain_sentence_is_a_fact(text, expected):
    assert told(text) == [(name, period, Decimal(value)) for name, period, value in expected]


def test_two_more_figures_for_a_longer_period_follow_the_first_two():
    text = (
        "Interest expense was $617 million and $806 million during Q3 2022 and Q3 2023, and "
        "$17 million and $25 million for the nine months ended September 30, 2022 and 2023."
    )
    assert [fact.verbatim for fact in facts_of(text)][2:] == ["$17 million", "$25 million"]
    assert told(text)[3][1] == NINE


@pytest.mark.parametrize(
    "text",
    [
        "Revenue was $3.8 billion in Q3 2023, down $441 million.",  # of a segment, perhaps
        "We expect total revenue of $5 billion in Q4 2023.",
        "Total revenue was approximately $5 billion in Q3 2023.",
        "Total revenue was $5 billion.",
        "Total revenue was $5 billion in the quarter.",
        "Total revenue was $5,123 in Q3 2023.",  # in thousands, or in dollars
        "Net loss was $5 million in Q3 2023.",  # the metric's sign is the other one
        "Total widgets were $5 million in Q3 2023.",
        "Total assets were $5 billion in Q3 2023.",
        "Total revenue was $5 billion and $6 billion in Q3 2023.",
        "Total revenue was $5 billion in Q3 2023 from our largest segment.",
        "Customer A accounted for 22% of total revenue in fiscal year 2023.",  # see customers.py
        "As of September 30, 2023, customer receivables, net, were $28.1 billion, vendor "
        "receivables, net, were $6.3 billion.",
        "2023",
    ],
)
def test_what_is_not_plain_is_no_fact(text):
    assert facts_of(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年公司实现营业收入12.3亿元，同比增长15.2%；归属于上市公司股东的净利润3.4亿元，同比增长20%。",
         [("Revenues", "1230000000"), ("NetIncomeLossAttributableToParent", "340000000")]),
        ("报告期内，公司实现营业收入1,234,567.89万元，比上年同期增长10.2%。",
         [("Revenues", "12345678900")]),
        ("公司2023年毛利率为45.6%，同比提升1.2个百分点。", [("GrossMarginRatio", "0.456")]),
        ("2023年基本每股收益为1.23元/股。", [("EarningsPerShareBasic", "1.23")]),
        ("公司2023年实现营业收入12.3亿元（同比+15%）。", [("Revenues", "1230000000")]),
    ],
)  # fmt: skip
def test_a_plain_chinese_sentence_is_a_fact(text, expected):
    year = Period("2023-01-01", "2023-12-31")
    assert told(text, ANNUAL) == [(name, year, Decimal(value)) for name, value in expected]


@pytest.mark.parametrize(
    "text",
    [
        "智能终端板块2023年实现营业收入5.6亿元。",
        "2023年子公司实现营业收入3亿元。",
        "预计2024年营业收入达到20亿元。",
        "2023年公司研发费用约2亿元。",
        "2022年、2023年公司营业收入分别为10.1亿元和12.3亿元。",
        "2023年净利润亏损1.2亿元。",
        "公司实现营业收入12.3亿元。",
        "2023年我国白酒行业营业收入7,563亿元。",
        "上年同期营业收入为3亿元。",
    ],
)
def test_a_chinese_sentence_that_is_not_plain_is_no_fact(text):
    assert facts_of(text, ANNUAL) == []


def test_a_fact_stands_at_its_paragraph_with_its_words():
    text = "It was a good year. Total net sales were $8.1 billion in Q3 2023."
    fact = facts_of(text)[0]
    assert (fact.document, fact.entity, fact.currency) == ("acme.pdf", "Acme Inc.", "USD")
    assert fact.verbatim == "$8.1 billion"
    assert fact.place.locator == "1:72.00,60.00,500.00,70.00"
    said = {one.what: one.text for one in fact.said}
    assert said == {"label": "Total net sales", "period": "Q3 2023",
                    "section": "Total net sales were $8.1 billion in Q3 2023."}  # fmt: skip
    assert (fact.table, fact.statement, fact.scale) == (0, "text", 10**9)


def test_figures_of_one_paragraph_have_names_of_their_own_in_every_run():
    text = "Interest expense was $617 million and $617 million during Q3 2022 and Q3 2023."
    names = [fact.id for fact in facts_of(text)]
    assert len(set(names)) == 2
    assert names == [fact.id for fact in facts_of(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "截至2019年12月31日，中邮消费金融有限公司总资产306.54亿元，净资产34.34亿元。",
        "2019年，医药板块持续增长，实现销售收入16.23亿元，同比增长10.52%，实现净利润2.95亿元。",
    ],
)
def test_a_subsidiarys_or_a_parts_figures_are_not_the_companys(sentence):
    cover = Cover("中国邮政储蓄银行股份有限公司", "annual report", language="zh")
    assert list(claims_zh(sentence, cover)) == []


def test_the_companys_own_figures_behind_a_subsidiarys_are_read():
    cover = Cover("海岳股份有限公司", "annual report", language="zh")
    said = "2023年子公司实现营业收入3亿元，公司实现净利润2.95亿元。"
    assert [found[0] for found in claims_zh(said, cover)] == ["净利润"]
