"""The report's charts: inline SVG in the page's own colours, the same bytes for the same result."""

import io
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from tenth.race.formulas import BITS, bits_of, both, dense_compute_for, dense_slope, gap_closed
from tenth.race.report_tables import Arm, Result, clock, load_rows, sci
from tenth.race.seeds import arm_and_seed, mean_ci95, mean_of, of_seed
from tenth.race.spoken import shares, times

# name, line style, marker: colour is never the only cue. The colours themselves are the page's
# (CSS variables, one set for light and one for dark); a chart is drawn in stand-ins for them.
STYLES: dict[str, tuple[str, Any, str]] = {
    "sparse": ("sparse: experts and memory", "-", "o"),
    "sparse-plain": ("sparse-plain: experts alone", (0, (5, 2)), "s"),
    "dense-tenth": ("dense-tenth: same compute", (0, (1, 1.5)), "^"),
    "dense-memory-tenth": ("dense-memory-tenth: memory", (0, (3, 1, 1, 1, 1, 1)), "v"),
    "dense-memory": ("dense-memory: memory, all of C", (0, (9, 1.5, 3, 1.5)), "P"),
    "dense": ("dense: the whole budget", (0, (7, 2, 1.5, 2)), "D"),
}
COUNTS: dict[str, tuple[str, Any]] = {
    "counts-seen": ("n-grams of what sparse saw", (0, (4, 3))),
    "counts-all": ("n-grams of all of train", (0, (1.5, 2))),
    "counts-copies": ("n-grams and copies, no network", (0, (6, 2, 1, 2))),
}
_STAND_IN = {
    "#010101": "var(--ink)",
    "#020202": "var(--soft)",
    "#030303": "var(--rule)",
    "#040404": "var(--card)",
    "#0a0a01": "var(--sparse)",
    "#0a0a02": "var(--sparse-plain)",
    "#0a0a03": "var(--dense-tenth)",
    "#0a0a04": "var(--dense)",
    "#0a0a05": "var(--over)",
    "#0a0a06": "var(--under)",
    "#0a0a07": "var(--dense-memory-tenth)",
    "#0a0a08": "var(--dense-memory)",
}
_COLOUR = {css[6:-1]: stand_in for stand_in, css in _STAND_IN.items()}
_GROUND = {"fc": _COLOUR["card"], "ec": "none", "pad": 1.0}  # so that no line crosses a word
_XLINK = "http://www.w3.org/1999/xlink"  # a namespace's name, never loaded


def draw(
    salt: str, title: str, words: str, wide: float, high: float, paint: Callable[[Figure], None]
):
    """An inline SVG in the page's own colours and font: the same bytes for the same chart."""
    style: Any = {
        "svg.fonttype": "none", "svg.hashsalt": salt,
        "figure.constrained_layout.h_pad": 0.08, "font.size": 9, "text.parse_math": False,
        "text.color": _COLOUR["ink"], "axes.labelcolor": _COLOUR["soft"],
        "axes.edgecolor": _COLOUR["rule"], "xtick.color": _COLOUR["rule"],
        "ytick.color": _COLOUR["rule"], "xtick.labelcolor": _COLOUR["soft"],
        "ytick.labelcolor": _COLOUR["soft"], "grid.color": _COLOUR["rule"],
        "grid.linewidth": 0.6, "axes.spines.top": False, "axes.spines.right": False,
        "axes.axisbelow": True, "path.simplify": False, "font.family": ["DejaVu Sans"],
    }  # fmt: skip
    out = io.StringIO()
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(wide, high), layout="constrained")
        paint(figure)
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(out, format="svg", transparent=True, metadata=nothing)
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    for stand_in, css in _STAND_IN.items():
        svg = svg.replace(stand_in, css)
    svg = re.sub(r"'DejaVu Sans'(, [^;\"]*)?", "inherit-font", svg).replace(
        "inherit-font", "system-ui, sans-serif"
    )
    svg = re.sub(r'\bid="', f'id="{salt}-', svg)  # ids of several charts share one page
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{salt}-", svg)
    svg = re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', r"<svg \1 ROLE>", svg, count=1)
    label = f'role="img" aria-labelledby="{salt}-t {salt}-d" xmlns:xlink="{_XLINK}"'
    named = Markup('<title id="{0}-t">{1}</title><desc id="{0}-d">{2}</desc>').format(
        salt, title, words
    )
    return Markup(svg.replace("ROLE>", f"{label}>{named}", 1))


def chart(result: Result, against: str) -> Markup:
    """Bits per byte against FLOPs (log x, with the dense line and the leverage) or seconds."""
    arms: Mapping[str, Arm] = result["arms"]
    by_flops = against == "flops"
    ends = [(name, float(arm[against]), float(arm[BITS])) for name, arm in arms.items()]
    lines = _count_lines(result) if by_flops else []
    spent = [f"{sci(x)} FLOPs" if by_flops else clock(x) for _, x, _ in ends]
    words = "; ".join(
        [
            f"{name} ends at {b:.3f} bits per byte after {x}"
            for (name, _, b), x in zip(ends, spent, strict=True)
        ]
        + [f"{label}, without a network: {b:.3f}" for label, _, b in lines]
    )
    kinds = len({arm_and_seed(name)[0] for name in arms})

    def paint(figure: Figure) -> None:
        ax = figure.add_subplot()
        ax.set_yscale("log")
        shown = [b for *_, b in (*ends, *lines)]
        low, high = min(shown), max(shown)
        ax.set_ylim(low * 0.96 * (low / high) ** 0.1, high * max(1.28, min(1.6, high / low)))
        ax.yaxis.set_major_locator(MaxNLocator(6))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:.3g}"))
        ax.set_ylabel("bits per byte (less is better)")
        ax.grid(axis="y")
        for base in STYLES:
            _paint_arm(ax, base, arms, against)
        largest = max(x for _, x, _ in ends)
        if by_flops:
            _flops_axis(
                ax, min(x for _, x, _ in ends), largest, _paint_leverage(ax, result, largest)
            )
            _paint_counts(ax, lines)
        else:
            ax.set_xlim(0, largest * 1.06)
            unit, scale = ("hours", 3600) if largest > 7200 else ("seconds", 1)
            ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x / scale:g}"))
            ax.set_xlabel(f"{unit} of training")
        figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=8,
                      handlelength=2.9, columnspacing=0.9, borderpad=0.2)  # fmt: skip

    title = f"Bits per byte against {'training FLOPs' if by_flops else 'seconds'}"
    return draw(f"c{against}", title, words, 4.6, 3.9 + 0.35 * (kinds > 4), paint)


def _flops_axis(ax: Axes, least: float, largest: float, reach: float) -> None:
    ax.set_xscale("log")
    ax.set_xlim(least / 12, max(largest, reach) * 1.7)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: sci(x)))
    ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel("training FLOPs (log scale)")


def _count_lines(result: Result) -> list[tuple[str, Any, float]]:
    """The count models there are: label, line style, mean bits per byte."""
    means = {base: mean_of(result.get("counts") or {}, base, BITS) for base in COUNTS}
    return [(*COUNTS[base], b) for base, b in means.items() if b is not None]


def _paint_counts(ax: Axes, lines: Sequence[tuple[str, Any, float]]) -> None:
    """Level lines, for counting takes no FLOPs; every other name stands at the right edge, and the
    lowest line's below it, since they may lie close together."""
    for i, (label, dashes, b) in enumerate(sorted(lines, key=lambda line: -line[2])):
        ax.axhline(b, color=_COLOUR["ink"], lw=0.9, ls=dashes, zorder=2)
        right, below = i % 2 == 1, i == len(lines) - 1 and i > 0
        ax.annotate(label, xy=(float(right), b), xycoords=("axes fraction", "data"),
                    xytext=(-3 if right else 3, -2.5 if below else 2.5),
                    textcoords="offset points", fontsize=7.5, zorder=7, bbox=_GROUND,
                    ha="right" if right else "left", va="top" if below else "bottom")  # fmt: skip


def _paint_arm(ax: Axes, base: str, arms: Mapping[str, Arm], against: str) -> None:
    """One kind of arm: a thin curve per seed (tune split), a large marker (verdict split)."""
    label, dashes, marker = STYLES[base]
    x_of = 0 if against == "flops" else 1
    for name, arm in arms.items():
        if arm_and_seed(name)[0] != base:
            continue
        points = [p for p in thin(arm["curve"], 300) if _drawable(p[x_of]) and _drawable(p[2])]
        ax.plot([p[x_of] for p in points], [p[2] for p in points], ls=dashes, lw=1.5,
                color=_COLOUR[base], solid_capstyle="round")  # fmt: skip
        ax.plot([arm[against]], [arm[BITS]], ls=dashes, lw=1.5, marker=marker, ms=8.5,
                mec=_COLOUR["card"], mew=0.8,
                color=_COLOUR[base], label=label if name == base else None, zorder=5)  # fmt: skip


def _paint_leverage(ax: Axes, result: Result, largest: float) -> float:
    """The dense line, and the arrow from the sparse point to it; how far right they reach."""
    arms: Mapping[str, Arm] = result["arms"]
    mean = {
        base: {key: mean_of(arms, base, key) or 0.0 for key in ("flops", BITS)}
        for base in ("sparse", "dense-tenth", "dense")
    }
    lever = result.get("leverage")
    if lever is None or not all(value for one in mean.values() for value in one.values()):
        return largest
    sparse, tenth, dense = mean.values()
    log_c = dense_compute_for(sparse[BITS], tenth, dense)
    slope = dense_slope(tenth[BITS], tenth["flops"], dense[BITS], dense["flops"])
    if log_c is None or slope is None:
        return largest
    reach = min(max(log_c, math.log(tenth["flops"] / 300)), math.log(dense["flops"] * 300))
    c_star, b = math.exp(reach), sparse[BITS]
    xs = sorted({tenth["flops"], dense["flops"], c_star})
    ys = [tenth[BITS] * (tenth["flops"] / x) ** slope for x in xs]
    ax.plot(xs, ys, color=_COLOUR["soft"], lw=1, zorder=1, label="the dense line (log-log)")
    ax.annotate("", xy=(c_star, b), xytext=(sparse["flops"], b), zorder=6,
                arrowprops={"arrowstyle": "-|>", "color": _COLOUR["ink"], "lw": 1.4,
                            "shrinkA": 6, "shrinkB": 0})  # fmt: skip
    middle = math.exp((math.log(sparse["flops"]) + reach) / 2)
    ax.annotate(times(lever), xy=(middle, b), xytext=(0, -5), textcoords="offset points",
                ha="center", va="top", fontsize=12, fontweight="bold")  # fmt: skip
    return c_star


def _drawable(x: Any) -> bool:
    return isinstance(x, int | float) and math.isfinite(x) and x > 0


def thin(points: Sequence[Any], most: int) -> list[Any]:
    """At most `most` of the points, evenly, the last one kept."""
    step = max(1, math.ceil(len(points) / most))
    return [*points[:-1:step], *points[-1:]]


def earned_chart(result: Result) -> Markup | None:
    """Who closed how much of the gap: the experts from 0, the memory on from there.

    With --full, below them, the memory in a dense model, at a tenth and at the whole budget.
    """
    gap, experts = result.get("gap_closed"), result.get("gap_closed_by_experts")
    if gap is None or experts is None:
        return None
    total, e, m = shares(gap, experts)
    bars = [("experts", 0.0, experts, "sparse-plain", f"{e} %"),
            ("memory", experts, gap - experts, "sparse", f"{m} %")]  # fmt: skip
    for arm, name in (("dense-memory-tenth", "memory alone"), ("dense-memory", "memory, all of C")):
        closed = _gap_of(arm, result["arms"])
        if closed is not None:
            bars.append((name, 0.0, closed, arm, f"{shares(closed, closed)[0]} %"))

    def paint(figure: Figure) -> None:
        ax = figure.add_subplot()
        top = len(bars) - 1
        ends = [0.0, 1.0, *(start + width for _, start, width, *_ in bars)]
        low, high = min(ends), max(ends)
        for i, (_, start, width, arm, text) in enumerate(bars):
            ax.barh(top - i, width, left=start, height=0.5, color=_COLOUR[arm], zorder=3)
            ax.annotate(text, xy=(max(start, start + width), top - i), xytext=(6, 0), va="center",
                        textcoords="offset points", fontweight="bold", bbox=_GROUND,
                        zorder=5)  # fmt: skip
        ax.plot([experts, experts], [top, top - 1], color=_COLOUR["soft"], lw=0.8, ls=(0, (2, 2)))
        apart = high - low < 4  # else the two names would stand on each other
        for x, arm, away in ((0.0, "dense-tenth", "right"), (1.0, "dense", "left")):
            ax.axvline(x, color=_COLOUR["soft"], lw=1, zorder=4)
            ax.annotate(arm, xy=(x, top + 0.5), xytext=(0, 2), textcoords="offset points",
                        ha="center" if apart else away,
                        fontsize=8, color=_COLOUR["soft"])  # fmt: skip
        pad = (high - low) * 0.14
        ax.set_xlim(low - pad * 0.3, high + pad)
        ax.set_ylim(-0.5, top + 0.5)
        ax.set_yticks(range(top, -1, -1), [name for name, *_ in bars])
        ax.tick_params(axis="y", length=0, labelcolor=_COLOUR["ink"])
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x * 100:g} %"))
        ax.xaxis.set_major_locator(MaxNLocator(6))
        ax.spines["left"].set_visible(False)
        ax.set_xlabel("of the gap between the two dense models")

    words = f"The experts close {e} % of the gap, the memory {m} %, together {total} %." + "".join(
        f" {arm} closes {text}." for _, _, _, arm, text in bars[2:]
    )
    return draw("earned", "Who earned what", words, 4.6, 0.95 + 0.4 * len(bars), paint)


def _gap_of(base: str, arms: Mapping[str, Arm]) -> float | None:
    """The mean share of the gap that an arm closed; None where any seed has none."""
    closed = []
    for name, arm in arms.items():
        kind, seed = arm_and_seed(name)
        if kind == base:
            tenth, dense = (bits_of(of_seed(arms, one, seed)) for one in ("dense-tenth", "dense"))
            b = float(arm[BITS])
            closed.append(both(tenth, dense, lambda x, y, b=b: gap_closed(b, x, y)))
    return mean_ci95(closed)[0]


def load_chart(name: str, arm: Arm) -> Markup:
    """Experts x layers, each cell its load as a multiple of the fair share 1/E."""
    layers: list[list[float]] = arm["expert_load"]
    widest = max(len(shares) for shares in layers)
    of_rows = f", 1/{widest} of the rows" if {len(s) for s in layers} == {widest} else ""
    high = 0.55 + 0.3 * len(layers)

    def paint(figure: Figure) -> None:
        ax = figure.add_subplot()
        for y, row in enumerate(layers):
            for x, share in enumerate(row):
                relative = share * len(row)
                depth = abs(math.log2(max(relative, 0.25))) / 2  # 4x or a quarter: full colour
                fill = (*_rgb("over" if relative >= 1 else "under"), min(1.0, depth) * 0.6)
                ax.add_patch(Rectangle((x - 0.47, y - 0.44), 0.94, 0.88, lw=0.5,
                                       ec=_COLOUR["rule"], fc=fill))  # fmt: skip
                if widest <= 20:
                    ax.text(x, y, f"{relative:.1f}", ha="center", va="center",
                            fontsize=7 if widest <= 16 else 5.5)  # fmt: skip
        ax.set_xlim(-0.6, widest - 0.4)
        ax.set_ylim(len(layers) - 0.4, -0.6)
        ax.set_yticks(range(len(layers)), [f"layer {i}" for i in range(len(layers))])
        ax.xaxis.set_major_locator(MaxNLocator(min(16, widest), integer=True))
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
        ax.set_xlabel(f"expert; 1.0 is the fair share{of_rows}")

    words = "; ".join(
        f"layer {row['layer']}: busiest expert {row['busiest']} at {row['most']:.2f} of the fair "
        f"share, idlest {row['idlest']} at {row['least']:.2f}"
        for row in load_rows(arm)
    )
    salt = "load-" + re.sub(r"\W", "-", name)
    return draw(salt, f"Expert load of {name}", words, 4.6, high, paint)


def _rgb(name: str) -> Iterable[float]:
    code = _COLOUR[name]
    return [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
