"""Customers and suppliers: tables of houses of every kind, and the sentences that name shares."""

from decimal import Decimal

import pytest

from tenth.documents.model import Block, Cell, Document, Page, Table
from tenth.reader.customers import customer_facts
from tenth.reader.model import Cover, Period

YEAR = Period("2023-01-01", "2023-12-31")
EN = Cover("Acme Corporation", "10-K", YEAR, "en", "USD", fiscal_year_start="2023-01-01")
ZH = Cover("某某股份有限公司", "annual report", YEAR, "zh", "CNY", fiscal_year_start="2023-01-01")


def table(rows: list[list[str]], caption: str = "", scale: str = "", header_rows: int = 1) -> Table:
    cells = tuple(
        Cell(r, c, text, header=r < header_rows, page=1, box=(50 + 90 * c, 50 + 12 * r,
             120 + 90 * c, 60 + 12 * r))
        for r, row in enumerate(rows) for c, text in enumerate(row) if text
    )  # fmt: skip
    return Table(
        cells, len(rows), max(map(len, rows)), header_rows, caption, scale, 1, (50, 50, 500, 200)
    )


def found(cover: Cover, *tables: Table, text: str = "") -> dict[tuple[str, str], Decimal | None]:
    """Values by metric and the period's end."""
    blocks = (Block("paragraph", text, 1, (50, 300, 500, 320)),) if text else ()
    document = Document("pdf", (Page(1, blocks, 600, 800),), tuple(tables))
    facts = customer_facts(document, cover, "ab" * 32, "acme.pdf")
    assert len({fact.id for fact in facts}) == len(facts)
    return {(fact.metric, fact.period.end): fact.value for fact in facts}


def test_the_five_largest_customers_of_a_chinese_report():
    rows = [
        ["序号", "客户名称", "销售额（万元）", "占年度销售总额比例（%）"],
        ["1", "客户一", "12,345.67", "22.35"],
        ["2", "上海某某有限公司", "8,000.00", "14.48"],
        ["合计", "", "20,345.67", "36.83"],
    ]
    facts = found(ZH, table(rows, "公司前5名客户资料"))
    assert facts == {
        ("CustomerRevenue[客户一]", "2023-12-31"): Decimal("123456700"),
        ("CustomerShare[客户一]", "2023-12-31"): Decimal("0.2235"),
        ("CustomerRevenue[上海某某有限公司]", "2023-12-31"): Decimal("80000000"),
        ("CustomerShare[上海某某有限公司]", "2023-12-31"): Decimal("0.1448"),
        ("CustomerRevenue[top two]", "2023-12-31"): Decimal("203456700"),
        ("CustomerShare[top two]", "2023-12-31"): Decimal("0.3683"),
    }


def test_the_scale_of_suppliers_may_stand_above_their_table():
    rows = [["供应商名称", "采购额", "占年度采购总额比例"], ["第一名", "1,200.00", "10.00%"]]
    facts = found(ZH, table(rows, "2022年前五名供应商", "单位：万元"))
    assert facts[("SupplierPurchases[第一名]", "2022-12-31")] == 12_000_000
    assert facts[("SupplierShare[第一名]", "2022-12-31")] == Decimal("0.1")


def test_shares_by_year_of_customers_called_by_letters():
    rows = [
        ["", "2023", "2022"],
        ["Customer A", "22 %", "15 %"],
        ["Customer B", "*", "11 %"],
        ["Distributor C", "12 %", "*"],
    ]
    facts = found(EN, table(rows, "Customers that accounted for more than 10% of revenue:"))
    assert facts == {
        ("CustomerShare[Customer A]", "2023-12-31"): Decimal("0.22"),
        ("CustomerShare[Customer A]", "2022-12-31"): Decimal("0.15"),
        ("CustomerShare[Customer B]", "2022-12-31"): Decimal("0.11"),
        ("CustomerShare[Distributor C]", "2023-12-31"): Decimal("0.12"),
    }


def test_amounts_and_shares_side_by_side_and_all_others_together():
    rows = [
        ["Customer", "Revenue", "% of total"],
        ["Wal-Mart Stores", "$1,200", "24.0%"],
        ["All other customers", "3,800", "76.0%"],
        ["Total revenue", "$5,000", "100.0%"],
    ]
    facts = found(EN, table(rows, "Top five customers", "(in millions)"))
    assert facts == {
        ("CustomerRevenue[Wal-Mart Stores]", "2023-12-31"): Decimal("1200000000"),
        ("CustomerShare[Wal-Mart Stores]", "2023-12-31"): Decimal("0.24"),
        ("CustomerRevenue[others]", "2023-12-31"): Decimal("3800000000"),
        ("CustomerShare[others]", "2023-12-31"): Decimal("0.76"),
    }


def test_what_customers_owe_is_no_share_of_revenue():
    rows = [
        ["", "Revenue", "", "Accounts receivable", ""],
        ["", "2023", "2022", "2023", "2022"],
        ["Customer A", "22%", "15%", "31%", "30%"],
    ]
    made = table(rows, "Concentration of credit risk: major customers", header_rows=2)
    cells = tuple(
        Cell(c.row, c.column, c.text, column_span=2 if c.row == 0 else 1, header=c.header, page=1,
             box=c.box)
        for c in made.cells
    )  # fmt: skip
    wide = Table(cells, 3, 5, 2, made.caption, "", 1, made.box)
    assert found(EN, wide) == {
        ("CustomerShare[Customer A]", "2023-12-31"): Decimal("0.22"),
        ("CustomerShare[Customer A]", "2022-12-31"): Decimal("0.15"),
    }


def test_a_prospectus_names_the_year_in_the_row():
    rows = [
        ["年度", "序号", "客户名称", "销售金额", "占营业收入比例"],
        ["2023年度", "1", "甲公司", "500.00", "25.00%"],
        ["", "2", "乙公司", "300.00", "15.00%"],
        ["2022年度", "1", "丙公司", "200.00", "20.00%"],
    ]
    facts = found(ZH, table(rows, "报告期内前五名客户", "单位：万元"))
    assert facts[("CustomerShare[乙公司]", "2023-12-31")] == Decimal("0.15")
    assert facts[("CustomerRevenue[丙公司]", "2022-12-31")] == 2_000_000


def test_an_amount_whose_scale_nobody_says_is_unknown():
    rows = [["Customer", "Revenue"], ["Customer A", "1,200"]]
    assert found(EN, table(rows, "Largest customers")) == {
        ("CustomerRevenue[Customer A]", "2023-12-31"): None
    }


def test_figures_that_may_be_fractions_or_percentages_are_unknown():
    rows = [["供应商名称", "占采购总额比例"], ["第一名", "0.35"], ["第二名", "0.22"]]
    facts = found(ZH, table(rows, "前五名供应商"))
    assert facts[("SupplierShare[第一名]", "2023-12-31")] is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Customer A represented 22% and 15% of total revenue for fiscal years 2023 and 2022, "
            "respectively.",
            {("Customer A", "2023-12-31"): "0.22", ("Customer A", "2022-12-31"): "0.15"},
        ),
        (
            "For the years ended December 31, 2023, 2022 and 2021, sales to Walmart Inc. accounted "
            "for approximately 14%, 13% and 12% of our net sales, respectively.",
            {("Walmart Inc.", "2023-12-31"): "0.14", ("Walmart Inc.", "2022-12-31"): "0.13",
             ("Walmart Inc.", "2021-12-31"): "0.12"},
        ),
        (
            "Two customers accounted for 16% and 13% of revenue in 2023.",
            {("first customer", "2023-12-31"): "0.16", ("second customer", "2023-12-31"): "0.13"},
        ),
        (
            "Our ten largest customers accounted for 45% of our revenue in fiscal 2023.",
            {("top ten", "2023-12-31"): "0.45"},
        ),
        (
            "Sales to Apple and Samsung Electronics represented 21% and 11% of total net sales, "
            "respectively, in fiscal year 2023.",
            {("Apple", "2023-12-31"): "0.21", ("Samsung Electronics", "2023-12-31"): "0.11"},
        ),
        (
            "Sales to one customer, or Customer A, represented 12% of total revenue for fiscal "
            "2023, and sales to Customer B represented 11% of total revenue for fiscal 2022.",
            {("Customer A", "2023-12-31"): "0.12", ("Customer B", "2022-12-31"): "0.11"},
        ),
        (
            "Customer C accounted for 18% of our total revenue.",
            {("Customer C", "2023-12-31"): "0.18"},
        ),
    ],
)  # fmt: skip
def test_a_sentence_says_whose_share_of_when(text, expected):
    facts = found(EN, text=text)
    wanted = {(f"CustomerShare[{n}]", end): Decimal(v) for (n, end), v in expected.items()}
    assert facts == wanted


@pytest.mark.parametrize(
    "text",
    [
        "No customer represented 10% or more of total revenue for fiscal 2023.",
        "One customer accounted for more than 10% of total revenue in 2023.",
        "Two customers accounted for 14% and 11% of our accounts receivable balance in 2023.",
        "Sales to customers outside of the United States accounted for 64% of revenue in 2023.",
        "Subscription services represented 40% of total revenue for fiscal 2023.",
        "Three customers accounted for 20% and 15% of revenue in 2023.",
        "Customer A represented 20%, 15% and 9% of total revenue for fiscal 2023 and 2022.",
        "Americas represented 45% of total net sales in 2023.",
        "Gross margin represented 45% of sales, and customers liked it.",
    ],
)
def test_a_sentence_that_says_no_customers_share_says_nothing(text):
    assert found(EN, text=text) == {}


def test_suppliers_share_of_purchases():
    text = "Our five largest suppliers accounted for 52% of our total purchases in 2023."
    assert found(EN, text=text) == {("SupplierShare[top five]", "2023-12-31"): Decimal("0.52")}


def test_an_amount_beside_its_share():
    text = "Sales to Customer A were $1.2 billion, or 22%, of total revenue for fiscal 2023."
    assert found(EN, text=text) == {
        ("CustomerRevenue[Customer A]", "2023-12-31"): Decimal("1200000000"),
        ("CustomerShare[Customer A]", "2023-12-31"): Decimal("0.22"),
    }


def test_chinese_sentences_about_the_five_largest():
    text = (
        "前五名客户销售额12,345.00万元，占年度销售总额35.2%；其中前五名客户销售额中关联方销售额0万元，"
        "占年度销售总额0%。前五名供应商采购额5,000万元，占年度采购总额28.10%。"
    )
    assert found(ZH, text=text) == {
        ("CustomerRevenue[top five]", "2023-12-31"): Decimal("123450000"),
        ("CustomerShare[top five]", "2023-12-31"): Decimal("0.352"),
        ("SupplierPurchases[top five]", "2023-12-31"): Decimal("50000000"),
        ("SupplierShare[top five]", "2023-12-31"): Decimal("0.281"),
    }


def test_a_chinese_sentence_names_its_year_and_a_customer():
    text = "2022年度，公司对客户A的销售额为3,000万元，占公司营业收入的比例为21.5%。"
    assert found(ZH, text=text) == {
        ("CustomerRevenue[客户A]", "2022-12-31"): Decimal("30000000"),
        ("CustomerShare[客户A]", "2022-12-31"): Decimal("0.215"),
    }


def test_without_any_period_said_the_share_is_unknown():
    cover = Cover("Acme Corporation", "10-K", Period(), "en", "USD")
    document = Document(
        "pdf", (Page(1, (Block("paragraph", "Customer A accounted for 18% of our revenue.", 1),)),)
    )
    (fact,) = customer_facts(document, cover, "ab" * 32, "acme-2023.pdf")
    assert (fact.status, fact.period) == ("unknown", Period())
