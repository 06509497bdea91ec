"""Pages and facts that answer."""

import pytest

from tenth.reader.find import Index
from tests.reader.find.made import quarterly, stored, zh_annual
from tests.reader.made import Q3, report, statement

HOSTILE = [
    "", "   ", "?", "the of and", "是的吗", "a" * 10_000, "net income " * 900,
    "'; DROP TABLE facts; --", "SELECT * FROM pages WHERE 1=1", "%s%n{0}\x00\ud7ff",
    "[](){}*+?|\\^$", "2023" * 2000, "(((((" * 500, "９９９ ①②③ Ⅷ",
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Index:
    made = [
        ("a/acme-q2.pdf", "Acme Inc.", "ACME", "June 30, 2023", "100", "Net sales"),
        ("a/acme-q1.pdf", "Acme Inc.", "ACME", "March 31, 2023", "90", "Net sales"),
        ("a/widget.pdf", "Widget Corp.", "WDGT", "June 30, 2023", "70", "Revenue"),
    ]
    return Index.of([stored(member, quarterly(*rest)) for member, *rest in made])


@pytest.fixture(scope="module")
def chinese() -> Index:
    return Index.of(
        [
            stored(
                "华明.pdf", zh_annual("深圳市华明科技股份有限公司", "华明股份", 2023, "1000.00")
            ),
            stored("大成.pdf", zh_annual("大成实业股份有限公司", "大成实业", 2023, "2000.00")),
        ]
    )


def places(hits):
    return [(hit.document, hit.page) for hit in hits]


def test_the_page_that_says_it_comes_first(index):
    hits = index.pages("Is Acme sued by a competitor?", company="Acme")
    assert hits[0].page == 3
    assert "complaint" in hits[0].snippet


def test_a_word_that_is_not_printed_finds_what_it_stands_for(index):
    assert index.pages("buybacks")[0].page == 4
    assert index.pages("bottom line")[0].page == 2


def test_turnover_finds_net_sales_and_revenue(index):
    first = index.pages("turnover", 3)
    assert {hit.page for hit in first} == {2}


def test_a_company_that_is_named_restricts(index):
    assert {hit.document for hit in index.pages("Widget's net income")} == {"a/widget.pdf"}
    assert {hit.document for hit in index.pages("WDGT lawsuits")} == {"a/widget.pdf"}


def test_a_period_that_is_named_prefers(index):
    found = index.pages("Acme net income in the quarter ended March 31, 2023")
    assert found[0].document == "a/acme-q1.pdf"
    assert "a/acme-q2.pdf" in {hit.document for hit in found}


def test_what_the_caller_says_restricts(index):
    hits = index.pages("net income", company="ACME", period="Q1 2023")
    assert {hit.document for hit in hits} == {"a/acme-q1.pdf"}
    hits = index.pages("net income", documents=["acme-q2.pdf"])
    assert {hit.document for hit in hits} == {"a/acme-q2.pdf"}


def test_what_is_not_there_is_told_with_what_is(index):
    with pytest.raises(ValueError, match=r"'Initech'; there are Acme Inc\., Widget Corp"):
        index.pages("net income", company="Initech")
    with pytest.raises(ValueError, match=r"2021.*2023-03-31, 2023-06-30"):
        index.pages("net income", period="Q1 2021")
    with pytest.raises(ValueError, match=r"no period is said by 'soon'"):
        index.pages("net income", period="soon")
    with pytest.raises(ValueError, match=r"no document 'x.pdf'; there are a/acme-q2.pdf"):
        index.pages("net income", documents=["x.pdf"])


def test_a_company_without_the_period_is_told_its_own(index):
    with pytest.raises(ValueError, match=r"end on 2023-06-30$"):
        index.pages("net income", company="Widget", period="Q1 2023")


def test_ties_come_in_the_order_of_documents_and_pages():
    pages = [["nothing"], ["a lonely goodwill word"], ["a lonely goodwill word"]]
    index = Index.of([stored("b.pdf", pages), stored("a.pdf", pages)])
    assert places(index.pages("goodwill")) == [
        ("b.pdf", 2), ("b.pdf", 3), ("a.pdf", 2), ("a.pdf", 3),
    ]  # fmt: skip
    assert places(index.pages("goodwill", top=1)) == [("b.pdf", 2)]


def test_the_same_question_gives_the_same_answer(index):
    again = Index.of(index.documents)
    for question in ("net income of Acme", "legal", "Q1 2023 sales"):
        assert index.pages(question) == again.pages(question)


@pytest.mark.parametrize("question", HOSTILE)
def test_hostile_questions_do_no_harm(index, chinese, question):
    for one in (index, chinese):
        assert isinstance(one.pages(question), list)
        assert isinstance(one.facts(question), list)


def test_no_documents_have_no_answers():
    assert Index.of([]).pages("net income") == []
    with pytest.raises(ValueError, match="no company at all"):
        Index.of([]).pages("net income", company="Acme")


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("华明股份2023年营业收入是多少？", 2),
        ("华明科技的研发投入", 2),
        ("华明股份前五大客户占比", 3),
        ("华明股份有哪些未决诉讼", 4),
    ],
)
def test_chinese_questions_find_chinese_pages(chinese, question, page):
    assert places(chinese.pages(question))[0] == ("华明.pdf", page)


def test_an_english_question_finds_a_chinese_page(chinese):
    assert chinese.pages("revenue")[0].page == 2


def test_facts_of_the_metric_and_the_period_come_first():
    rows = [
        ("Total net sales", "Revenues", ["$100", "$90"]),
        ("Cost of sales", "CostOfRevenue", ["40", "35"]),
        ("Net income", "NetIncomeLoss", ["12", "11"]),
    ]
    year = statement("income", rows, [Q3, Q3.__class__("2023-01-01", "2023-09-30")])
    made = report(year)
    pages = quarterly("Acme Corporation", "ACME", "September 30, 2023", "100", "Total net sales")
    index = Index.of([stored(made.document, pages)], [made])
    first = index.facts("Acme net income for the nine months ended September 30, 2023")[0].fact
    assert first.metric == "NetIncomeLoss"
    first = index.facts("Acme revenue by quarter")[0].fact
    assert (first.metric, first.period) == ("Revenues", Q3)


def test_cells_of_a_document_answer_too(index):
    hit = index.cells("acme-q1.pdf", "What did the company spend on research and development?")[0]
    assert (hit.row, hit.cell.text) == ("Research and development", "15")
