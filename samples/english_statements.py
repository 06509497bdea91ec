"""The three statements of Tarnwick Controls, as its annual reports print them."""

from decimal import Decimal

from samples.company import Year
from samples.tables import Column, Row, Table

NAME = "Tarnwick Controls, Inc."
SCALE_LINE = "(In thousands, except per share amounts)"
PAR = (
    "Common stock, $0.001 par value; 90,000 shares authorized; "
    "{0} and {1} shares issued and outstanding"
)


def flows(year: int) -> tuple[Column, ...]:
    group = "Year Ended December 31,"
    return tuple(
        Column(str(one), f"{one}-01-01", f"{one}-12-31", group) for one in (year, year - 1)
    )


def ends(year: int) -> tuple[Column, ...]:
    return tuple(Column(f"December 31, {one}", "", f"{one}-12-31") for one in (year, year - 1))


def both(now: Year, last: Year, key: str, sign: int = 1) -> tuple[Decimal | None, ...]:
    return Decimal(sign * now[key]), Decimal(sign * last[key])


def income(year: int, now: Year, last: Year) -> Table:
    def line(label: str, key: str, level: int = 0, sign: int = 1) -> Row:
        return Row(label, both(now, last, key, sign), "line", level)

    def total(label: str, key: str, level: int = 0) -> Row:
        return Row(label, both(now, last, key), "total", level)

    def per_share(label: str, key: str) -> Row:
        values = tuple(round(Decimal(one["net"]) / one[key], 2) for one in (now, last))
        return Row(label, values, "line", 1, "currency/share")

    def shares(label: str, key: str) -> Row:
        return Row(label, both(now, last, key), "line", 1, "shares")

    rows = (
        Row("Net sales:", kind="heading"),
        line("Products", "products", 1), line("Services", "services", 1),
        total("Total net sales", "sales", 1),
        Row("Cost of sales:", kind="heading"),
        line("Products", "cost_products", 1), line("Services", "cost_services", 1),
        total("Total cost of sales", "cost", 1),
        total("Gross profit", "gross"),
        Row("Operating expenses:", kind="heading"),
        line("Research and development", "research", 1),
        line("Selling, general and administrative", "selling", 1),
        line("Restructuring charges", "restructuring", 1),
        total("Total operating expenses", "operating_expenses", 1),
        total("Operating income", "operating"),
        line("Interest income", "interest_income"),
        line("Interest expense", "interest_expense", 0, -1),
        line("Other income (expense), net", "other_income"),
        total("Income before provision for income taxes", "before_tax"),
        line("Provision for income taxes", "tax"),
        total("Net income", "net"),
        Row("Earnings per share:", kind="heading"),
        per_share("Basic", "shares"), per_share("Diluted", "diluted_shares"),
        Row("Shares used in computing earnings per share:", kind="heading"),
        shares("Basic", "shares"), shares("Diluted", "diluted_shares"),
    )  # fmt: skip
    title = "CONSOLIDATED STATEMENTS OF OPERATIONS"
    return Table("income", title, SCALE_LINE, 1000, flows(year), rows)


def balance(year: int, now: Year, last: Year) -> Table:
    def line(label: str, key: str) -> Row:
        return Row(label, both(now, last, key), "line", 1)

    def total(label: str, key: str, level: int = 0) -> Row:
        return Row(label, both(now, last, key), "total", level)

    issued = [f"{round(one['shares'] * 0.994):,}" for one in (now, last)]
    rows = (
        Row("ASSETS", kind="heading"),
        Row("Current assets:", kind="heading", level=0),
        line("Cash and cash equivalents", "cash"), line("Marketable securities", "securities"),
        line("Accounts receivable, net", "receivables"), line("Inventories", "inventories"),
        line("Prepaid expenses and other current assets", "prepaid"),
        total("Total current assets", "current_assets", 1),
        Row("Property, plant and equipment, net", both(now, last, "ppe")),
        Row("Goodwill", both(now, last, "goodwill")),
        Row("Intangible assets, net", both(now, last, "intangibles")),
        Row("Other non-current assets", both(now, last, "other_assets")),
        total("Total assets", "assets"),
        Row("LIABILITIES AND STOCKHOLDERS’ EQUITY", kind="heading"),
        Row("Current liabilities:", kind="heading"),
        line("Accounts payable", "payables"), line("Accrued liabilities", "accrued"),
        line("Deferred revenue", "deferred"),
        line("Current portion of long-term debt", "current_debt"),
        total("Total current liabilities", "current_liabilities", 1),
        Row("Long-term debt", both(now, last, "debt")),
        Row("Other non-current liabilities", both(now, last, "other_liabilities")),
        total("Total liabilities", "liabilities"),
        Row("Commitments and contingencies (Note 5)"),
        Row("Stockholders’ equity:", kind="heading"),
        line(PAR.format(*issued), "stock"), line("Additional paid-in capital", "paid_in"),
        line("Retained earnings", "retained"), line("Accumulated other comprehensive loss", "oci"),
        total("Total stockholders’ equity", "equity", 1),
        Row("Total liabilities and stockholders’ equity", both(now, last, "assets"), "total"),
    )  # fmt: skip
    return Table("balance", "CONSOLIDATED BALANCE SHEETS", "(In thousands, except par value)",
                 1000, ends(year), rows)  # fmt: skip


def cash(year: int, now: Year, last: Year) -> Table:
    def line(label: str, key: str, sign: int = 1, level: int = 1) -> Row:
        return Row(label, both(now, last, key, sign), "line", level)

    def total(label: str, key: str, level: int = 1) -> Row:
        return Row(label, both(now, last, key), "total", level)

    rows = (
        Row("OPERATING ACTIVITIES", kind="heading"),
        line("Net income", "net"),
        Row("Adjustments to reconcile net income to net cash provided by operating activities:",
            kind="heading", level=1),
        line("Depreciation and amortization", "wear", 1, 2),
        line("Stock-based compensation", "compensation", 1, 2),
        Row("Changes in operating assets and liabilities:", kind="heading", level=1),
        line("Accounts receivable", "change_receivables", 1, 2),
        line("Inventories", "change_inventories", 1, 2),
        line("Accounts payable", "change_payables", 1, 2),
        line("Accrued liabilities", "change_accrued", 1, 2),
        line("Deferred revenue", "change_deferred", 1, 2),
        line("Other assets and liabilities", "change_other", 1, 2),
        total("Net cash provided by operating activities", "from_operations"),
        Row("INVESTING ACTIVITIES", kind="heading"),
        line("Purchases of property, plant and equipment", "capex", -1),
        line("Purchases of marketable securities", "bought", -1),
        line("Maturities of marketable securities", "matured"),
        line("Acquisition of business, net of cash acquired", "merger", -1),
        total("Net cash used in investing activities", "from_investing"),
        Row("FINANCING ACTIVITIES", kind="heading"),
        line("Proceeds from long-term debt", "borrowed"),
        line("Repayments of long-term debt", "repaid", -1),
        line("Proceeds from exercise of stock options", "options"),
        line("Repurchases of common stock", "buybacks", -1),
        line("Dividends paid", "dividends", -1),
        total("Net cash used in financing activities", "from_financing"),
        Row("Effect of exchange rate changes on cash", both(now, last, "exchange")),
        Row("Net increase in cash and cash equivalents", both(now, last, "increase"), "total"),
        Row("Cash and cash equivalents, beginning of year", both(now, last, "opening_cash"),
            at="opening"),
        Row("Cash and cash equivalents, end of year", both(now, last, "cash"), "total",
            at="closing"),
        Row("Supplemental cash flow disclosure:", kind="heading"),
        line("Cash paid for interest", "interest_expense"),
        line("Cash paid for income taxes, net", "tax"),
    )  # fmt: skip
    title = "CONSOLIDATED STATEMENTS OF CASH FLOWS"
    return Table("cash", title, "(In thousands)", 1000, flows(year), rows)
