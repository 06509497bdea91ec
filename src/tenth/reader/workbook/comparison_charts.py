"""Which charts a comparison has the figures for: one axis holds one currency."""

import msgspec

from tenth.reader.workbook.comparison_cells import Column, Company
from tenth.reader.workbook.looks import scale_words
from tenth.reader.workbook.words import word

NEEDS = {  # figures that a company has to have in one period
    "revenue": ("revenue",),
    "net_margin": ("revenue", "net_income"),
    "revenue_growth": ("revenue",),
    "free_cash_flow": ("operating_cash_flow", "capex"),
}
MONEY = ("revenue", "free_cash_flow")


class Wanted(msgspec.Struct, frozen=True):
    figure: str
    title: str
    companies: list[Company]

    @property
    def rate(self) -> bool:
        return self.figure not in MONEY


def charts_of(companies: list[Company], language: str) -> list[Wanted]:
    """Those with at least one company's figures, in the order in which they are shown."""
    charts = []
    for figure in NEEDS:
        able = [one for one in companies if _has(one, figure)]
        if figure not in MONEY:
            if able:
                charts.append(Wanted(figure, word(figure, language), able))
            continue
        for currency in sorted({one.currency for one in able}):
            own = [one for one in able if one.currency == currency]
            unit = scale_words(own[0].scale, currency, language)
            charts.append(Wanted(figure, f"{word(figure, language)} ({unit})", own))
    return charts


def _has(one: Company, figure: str) -> bool:
    def complete(column: Column) -> bool:
        return all((need, column) in one.taken for need in NEEDS[figure])

    if figure == "revenue_growth":
        return any(
            complete(column) and complete(Column(column.year - 1, column.quarter))
            for column in one.ends
        )
    return any(complete(column) for column in one.ends)
