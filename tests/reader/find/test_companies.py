"""Which companies a question names."""

from tenth.reader.find.companies import companies_of, company_key, told_of
from tenth.reader.model import Cover
from tests.reader.find.made import document, quarterly, zh_annual


def made(*entities: tuple[str, str]):
    covers = [Cover(name) for name, _ in entities]
    documents = [
        document(quarterly(name, t, "June 30, 2023", "1", "Sales")) for name, t in entities
    ]
    return companies_of(covers, documents)


def test_a_company_is_known_by_its_name_its_first_word_and_its_ticker():
    acme, other = made(("ACME.COM, INC.", "ACM"), ("Widget Holdings Corporation", "WDGT"))
    for question in ("Acme's sales", "sales of ACME.COM, Inc.", "ACM sales"):
        assert acme.is_named(question) and not other.is_named(question)
    assert other.is_named("What did Widget earn?") and other.is_named("WDGT eps")


def test_a_ticker_in_small_letters_is_a_word():
    (company,) = made(("Keysight Inc.", "KEY"))
    assert not company.is_named("the key figures")
    assert company.is_called("key")


def test_a_common_first_word_is_no_name():
    (company,) = made(("General Electric Company", "GE"))
    assert not company.is_named("general and administrative expenses")
    assert company.is_named("General Electric's sales")


def test_a_name_that_two_companies_share_names_neither():
    one, other = made(("Acme Foods Inc.", "ACMF"), ("Acme Steel Inc.", "ACMS"))
    assert not one.is_named("Acme sales") and not other.is_named("Acme sales")
    assert one.is_named("Acme Foods sales")


def test_a_chinese_company_is_known_by_its_short_name_and_code():
    name = "深圳市华明科技股份有限公司"
    pages = document(zh_annual(name, "华明股份", 2023, "1000.00"))
    (company,) = companies_of([Cover(name, language="zh")], [pages])
    for question in ("华明股份的营业收入", "华明科技2023年净利润", "600999 净利润"):
        assert company.is_named(question), question
    assert not company.is_named("营业收入是多少")


def test_one_company_is_one_whatever_its_letters():
    assert company_key("AMAZON.COM, INC.") == company_key("Amazon.com, Inc.")


def test_a_renamed_company_is_called_by_the_name_that_stays():
    old, new = made(("ADOBE SYSTEMS INCORPORATED", "X"), ("ADOBE INC.", "ADBE"))
    assert old.is_named("Adobe's revenue") and new.is_named("Adobe's revenue")


def test_a_foreign_company_has_its_chinese_name():
    apple, other = made(("Apple Inc.", "AAPL"), ("Widget Corp.", "WDGT"))
    assert apple.is_named("苹果的净利润") and not other.is_named("苹果的净利润")


def test_a_document_without_a_cover_is_of_whom_it_speaks():
    companies = made(("Acme Inc.", "ACM"), ("Widget Corp.", "WDGT"))
    news = document([["Widget reports record sales", "Widget sold more than ever."]])
    assert told_of(news, companies) == "Widget Corp."
    assert told_of(document([["Widget and Acme"]]), companies) == ""
