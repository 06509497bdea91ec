"""Numbers as a sentence of the verdict says them: 2.7x, 0.86 ± 0.02, 3e13."""

import math
import re


def shares(gap: float, experts: float) -> tuple[str, str, str]:
    """Whole per cent of the gap: closed, by experts, by memory; the two add up to the first."""
    if max(abs(gap), abs(experts)) > 1e4:
        return percent(gap), percent(experts), percent(gap - experts)
    total, e = round(gap * 100), round(experts * 100)
    return str(total), str(e), str(total - e)


def times(x: float, half: float | None = None) -> str:
    """A multiple as one says it: 0.9x, 2.7x, 12x, over 1000x; with ± where there are seeds."""
    if x > 1000:
        return "over 1000x"
    if x < 0.05:
        return "under 0.1x"
    text = f"{x:.0f}" if x >= 9.95 else f"{x:.1f}"
    return pm(f"{text}x", half)


def pm(text: str, half: float | None, factor: float = 1.0) -> str:
    """`text` with ± half at the text's own number of decimals; bare when that rounds to zero."""
    if half is None or text.startswith(("over", "under")):
        return text
    decimals = len(re.sub(r"[^\d.]", "", text).partition(".")[2])
    shown = f"{half * factor:.{decimals}f}" if half * factor < 1e6 else sci(half * factor)
    if half * factor == 0 or re.fullmatch(r"0(\.0+)?", shown):
        return text
    number, unit = re.fullmatch(r"(\S*?)(x| %)?", text).groups()  # type: ignore[union-attr]
    return f"{number} ± {shown}{unit or ''}"


def bits(x: float, y: float) -> tuple[str, str]:
    """Two bits per byte, with the decimals it takes to tell them apart (2 to 4)."""
    if max(x, y) >= 1e4:
        return sci(x), sci(y)
    for decimals in (2, 3, 4):
        shown = f"{x:.{decimals}f}", f"{y:.{decimals}f}"
        if shown[0] != shown[1]:
            break
    return shown


def share(x: float) -> str:
    """A share of 1: 0.86; near 1 with the decimals that keep it from reading 1.00."""
    if x >= 1e4 or 0 < x < 0.005:
        return sci(x)
    return f"{x:.2f}" if x == 1 or f"{x:.2f}" != "1.00" else f"{x:.4f}"


def percent(x: float, decimals: int = 0) -> str:
    if abs(x) >= 1e4:
        return sci(x * 100 if abs(x) < 1e300 else x)
    return f"{x * 100:.{decimals}f}"


def plain(x: float) -> str:
    return sci(x) if x >= 1e4 else f"{x:.3g}" if x < 100 else f"{x:.0f}"


def sci(x: float) -> str:
    """3e13, 2.97e12."""
    if not math.isfinite(x):
        return "over 1e308"
    mantissa, _, exponent = f"{float(x):.2e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
