"""Amounts as a report prints them."""

from decimal import Decimal

from samples.tables import Unit


def printed(value: Decimal, unit: Unit, language: str = "en") -> str:
    """With thousands' commas, nothing as a dash, shares in percent. English: a minus is in
    parentheses; Chinese: two decimals, and the percent sign stands in the header."""
    if language == "zh":
        return f"{value * (100 if unit == 'pure' else 1):,.2f}" if value else "-"
    if not value:
        return "—"
    if unit == "pure":
        return f"{value * 100:.1f}%" if value > 0 else f"({-value * 100:.1f}%)"
    return f"({-value:,})" if value < 0 else f"{value:,}"
