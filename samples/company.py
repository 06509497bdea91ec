"""An invented company's books: six years of whole numbers, every identity holding to the unit."""

import random

FIRST, LAST = 2021, 2024  # the years with flows; FIRST - 1 is only an opening balance
SEGMENTS = ("sensors", "motion", "services")
GROWTH = {  # of net sales by segment; 2023 loses the two largest customers
    2021: (0.00, 0.00, 0.00),
    2022: (0.11, 0.07, 0.13),
    2023: (-0.17, -0.09, 0.08),
    2024: (0.09, 0.04, 0.10),
}
# Shares of net sales, first the year's own top five in order. Who is missing bought nothing.
CUSTOMERS = {
    2021: {"F": 0.176, "G": 0.139, "A": 0.094, "B": 0.072, "C": 0.055, "D": 0.029},
    2022: {"F": 0.187, "G": 0.152, "A": 0.091, "B": 0.074, "C": 0.058, "D": 0.031, "E": 0.022},
    2023: {"A": 0.143, "B": 0.118, "C": 0.097, "D": 0.084, "E": 0.061, "H": 0.038, "I": 0.017},
    2024: {"H": 0.131, "I": 0.108, "A": 0.092, "J": 0.083, "K": 0.064, "E": 0.037},
}
SUPPLIERS = {  # shares of purchases
    2021: (0.160, 0.118, 0.090, 0.071, 0.048),
    2022: (0.164, 0.121, 0.088, 0.069, 0.052),
    2023: (0.151, 0.127, 0.092, 0.064, 0.058),
    2024: (0.172, 0.110, 0.097, 0.071, 0.049),
}
ASSETS = ("cash", "securities", "receivables", "inventories", "prepaid", "ppe", "goodwill",
          "intangibles", "other_assets")  # fmt: skip
LIABILITIES = ("payables", "accrued", "deferred", "current_debt", "debt", "other_liabilities")
EQUITY = ("stock", "paid_in", "retained", "oci")
Year = dict[str, int]


def books(seed: int, unit: int = 1) -> dict[int, Year]:
    """The years FIRST - 1 to LAST by number; amounts in thousands, times `unit`."""
    rng = random.Random(seed)

    def near(amount: float, spread: float = 0.02) -> int:
        return round(amount * unit * (1 + spread * (2 * rng.random() - 1)))

    def part(amount: int, share: float, spread: float = 0.02) -> int:
        return round(amount * share * (1 + spread * (2 * rng.random() - 1)))

    opening = {
        "cash": near(61_400), "securities": near(24_800), "receivables": near(56_100),
        "inventories": near(48_900), "prepaid": near(9_300), "ppe": near(88_700),
        "goodwill": near(41_200), "intangibles": near(19_500), "other_assets": near(7_800),
        "payables": near(31_300), "accrued": near(22_700), "deferred": near(12_600),
        "current_debt": near(6_000, 0), "debt": near(54_000, 0), "other_liabilities": near(10_900),
        "stock": near(42, 0), "paid_in": near(118_600), "oci": -near(2_400),
    }  # fmt: skip
    owed = sum(opening.get(key, 0) for key in (*LIABILITIES, *EQUITY))
    opening["retained"] = sum(opening[key] for key in ASSETS) - owed
    base = {"sensors": near(176_500), "motion": near(131_900), "services": near(61_200)}
    years: dict[int, Year] = {FIRST - 1: _totals({**opening, **base})}
    for number in range(FIRST, LAST + 1):
        last = years[number - 1]
        year = _income(number, last, near, part)
        _balance(number, year, last, near, part)
        years[number] = _totals(year)
    return years


def _income(number: int, last: Year, near, part) -> Year:
    """From net sales to net income."""
    year = {
        name: part(last[name], 1 + growth, 0.012)
        for name, growth in zip(SEGMENTS, GROWTH[number], strict=True)
    }
    year["products"] = year["sensors"] + year["motion"]
    year["sales"] = sales = year["products"] + year["services"]
    poor = number == 2023
    year["cost_products"] = part(year["products"], 0.612 if poor else 0.587)
    year["cost_services"] = part(year["services"], 0.455)
    year["cost"] = year["cost_products"] + year["cost_services"]
    year["gross"] = sales - year["cost"]
    year["research"] = near(36_200 + 1_400 * (number - FIRST))
    year["selling"] = near(74_900 + 1_900 * (number - FIRST) - 2_600 * poor)
    year["restructuring"] = near(5_700) if poor else 0
    year["operating_expenses"] = year["research"] + year["selling"] + year["restructuring"]
    year["operating"] = year["gross"] - year["operating_expenses"]
    year["interest_income"] = near(1_150 + 420 * (number - FIRST))
    year["interest_expense"] = near(2_480)
    year["other_income"] = near(310) * (-1 if number % 2 else 1)
    year["other_total"] = year["interest_income"] - year["interest_expense"] + year["other_income"]
    year["before_tax"] = year["operating"] + year["other_total"]
    year["tax"] = part(year["before_tax"], 0.216)
    year["net"] = year["before_tax"] - year["tax"]
    year["corporate"] = -near(14_900)
    year["profit_services"] = part(year["services"], 0.262)
    left = year["operating"] - year["corporate"] - year["profit_services"]
    year["profit_sensors"] = part(left, 0.631)
    year["profit_motion"] = left - year["profit_sensors"]
    year["shares"] = near(41_900 - 520 * (number - FIRST), 0.002)
    year["diluted_shares"] = year["shares"] + near(710, 0.2)
    return year


def _balance(number: int, year: Year, last: Year, near, part) -> None:
    """The year's flows, and what they leave at its end."""
    merged = number == 2022  # it bought a maker of encoders
    year |= {
        "depreciation": part(last["ppe"], 0.148), "amortization": part(last["intangibles"], 0.163),
        "compensation": near(8_900), "capex": near(17_600 + 900 * (number - FIRST)),
        "bought": near(21_500), "matured": near(18_700), "merger": near(17_400) * merged,
        "borrowed": near(20_000, 0) * merged, "repaid": last["current_debt"],
        "options": near(2_350, 0.2), "buybacks": near(18_800, 0.1) * (number != 2023),
        "dividends": near(9_640), "exchange": near(640, 0.5) * (-1 if number < 2024 else 1),
    }  # fmt: skip
    year["receivables"] = part(year["sales"], 0.153)
    year["inventories"] = part(year["cost"], 0.226 if number != 2023 else 0.268)
    year["prepaid"], year["other_assets"] = near(9_700, 0.05), part(last["other_assets"], 1.02)
    year["payables"], year["accrued"] = part(year["cost"], 0.139), part(year["sales"], 0.060)
    year["deferred"] = part(year["services"], 0.221)
    year["other_liabilities"] = part(last["other_liabilities"], 1.01)
    goodwill = round(year["merger"] * 0.6)
    year["ppe"] = last["ppe"] + year["capex"] - year["depreciation"]
    year["goodwill"] = last["goodwill"] + goodwill
    year["intangibles"] = last["intangibles"] + year["merger"] - goodwill - year["amortization"]
    year["securities"] = last["securities"] + year["bought"] - year["matured"]
    year["current_debt"] = near(6_000, 0)
    moved = year["current_debt"] + year["repaid"] - last["current_debt"]
    year["debt"] = last["debt"] + year["borrowed"] - moved
    year["stock"] = last["stock"]
    year["paid_in"] = last["paid_in"] + year["compensation"] + year["options"]
    year["retained"] = last["retained"] + year["net"] - year["dividends"] - year["buybacks"]
    year["oci"] = last["oci"] + year["exchange"]
    for key in ("receivables", "inventories"):
        year[f"change_{key}"] = last[key] - year[key]
    for key in ("payables", "accrued", "deferred"):
        year[f"change_{key}"] = year[key] - last[key]
    year["change_other"] = (
        last["prepaid"] + last["other_assets"] - year["prepaid"] - year["other_assets"]
        + year["other_liabilities"] - last["other_liabilities"]
    )  # fmt: skip
    changes = sum(amount for key, amount in year.items() if key.startswith("change_"))
    year["wear"] = year["depreciation"] + year["amortization"]
    year["from_operations"] = year["net"] + year["wear"] + year["compensation"] + changes
    year["from_investing"] = year["matured"] - year["bought"] - year["capex"] - year["merger"]
    paid = year["repaid"] + year["buybacks"] + year["dividends"]
    year["from_financing"] = year["borrowed"] + year["options"] - paid
    flows = ("from_operations", "from_investing", "from_financing", "exchange")
    year["increase"] = sum(year[key] for key in flows)
    year["opening_cash"] = last["cash"]
    year["cash"] = last["cash"] + year["increase"]


def _totals(year: Year) -> Year:
    """With the sums of its balance sheet."""
    year["current_assets"] = sum(year[key] for key in ASSETS[:5])
    year["assets"] = sum(year[key] for key in ASSETS)
    year["current_liabilities"] = sum(year[key] for key in LIABILITIES[:4])
    year["liabilities"] = sum(year[key] for key in LIABILITIES)
    year["equity"] = sum(year[key] for key in EQUITY)
    assert year["assets"] == year["liabilities"] + year["equity"]
    return year
