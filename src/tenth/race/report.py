"""Draws a race's result.json as report.html: one page that needs nothing else and no network."""

import io
import json
import math
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from tenth.race import verdict as v

FORMAT = 1
Result = Mapping[str, Any]
Arm = Mapping[str, Any]

# name, line style, marker: colour is never the only cue. The colours themselves are the page's
# (CSS variables, one set for light and one for dark); a chart is drawn in stand-ins for them.
STYLES: dict[str, tuple[str, Any, str]] = {
    "sparse": ("sparse: experts and memory", "-", "o"),
    "sparse-plain": ("sparse-plain: experts alone", (0, (5, 2)), "s"),
    "dense-tenth": ("dense-tenth: same compute", (0, (1, 1.5)), "^"),
    "dense": ("dense: the whole budget", (0, (7, 2, 1.5, 2)), "D"),
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
}
_COLOUR = {css[6:-1]: stand_in for stand_in, css in _STAND_IN.items()}
_NEEDED = ("name", "budget", "arms", "verdict", "informative", "not_informative_because")
_NEEDED_OF_ARM = (
    "flops", "seconds", "peak_bytes", "params_active", "params_total",
    "inference_flops_per_token", "tokens", "epochs", "bits_per_byte", "curve",
)  # fmt: skip


def write_report(folder: Path) -> Path:
    """Read folder/result.json, write folder/report.html (whole or not at all), return its path."""
    result = read_result(folder / "result.json")
    target = folder / "report.html"
    handle, scratch = tempfile.mkstemp(dir=folder, prefix=".report-", suffix=".html")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(render(result))
        os.chmod(scratch, 0o644)
        os.replace(scratch, target)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
    return target


def read_result(path: Path) -> dict[str, Any]:
    """The result, or a ValueError of one line that names the file."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; has the race finished?") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not whole JSON ({error})") from None
    if not isinstance(result, dict):
        raise ValueError(f"{path}: not a race's result")
    if result.get("format") != FORMAT:
        found = result.get("format")
        raise ValueError(f"{path}: format {found!r}, and this tenth reads format {FORMAT}")
    missing = [key for key in _NEEDED if key not in result]
    if missing:
        raise ValueError(f"{path}: lacks {', '.join(missing)}")
    for name, arm in result["arms"].items():
        missing = [key for key in _NEEDED_OF_ARM if key not in arm]
        if missing:
            raise ValueError(f"{path}: arm {name} lacks {', '.join(missing)}")
    return result


def render(result: Result) -> str:
    """The page, the same bytes for the same result."""
    env = Environment(
        loader=PackageLoader("tenth.race", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(count=count, size=size, clock=clock, sci=sci, glue=glue)
    arms: dict[str, Arm] = result["arms"]
    firsts = {name: arm for name, arm in arms.items() if v.arm_and_seed(name)[1] == 0}
    sparse = {name: arm for name, arm in firsts.items() if arm.get("expert_load")}
    said = [s for s in result["verdict"] if not s.startswith(v.NOT_INFORMATIVE)]
    return env.get_template("report.html.j2").render(
        r=result,
        lead=said[0] if said else "",
        rest=said[1:],
        tiles=tiles(result),
        chart_flops=chart(result, against="flops"),
        chart_seconds=chart(result, against="seconds"),
        rows=rows(arms),
        earned=earned_chart(result),
        loads={name: (load_chart(name, arm), load_rows(arm)) for name, arm in sparse.items()},
        samples=samples(firsts),
        settings=settings(firsts),
        seeds=max((v.arm_and_seed(name)[1] for name in arms), default=0) + 1,
        caveats=caveats(result),
        data=result.get("data") or {},
        styles={name: style[0] for name, style in STYLES.items()},
    )


# ---------------------------------------------------------------- words and numbers


def count(x: float | None) -> str:
    """1234567 as 1.23 M."""
    if x is None:
        return "–"  # noqa: RUF001
    for unit, scale in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(x) >= scale * 0.9995:
            return (
                f"{x / scale:.3g} {unit}" if abs(x) < 999.5 * scale else f"{x / scale:.0f} {unit}"
            )
    return f"{x:.3g}" if abs(x) < 999.5 else f"{x:.0f}"


def size(x: float | None) -> str:
    """Bytes, in powers of 1000."""
    return "not measured" if not x else f"{count(x)}B" if x >= 1e3 else f"{x:.0f} B"


def clock(x: float) -> str:
    """Seconds as 12.3 s, 4 min 20 s, 2 h 05 min."""
    if x < 60:
        return f"{x:.1f} s"
    minutes, seconds = divmod(round(x), 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def sci(x: float) -> str:
    """3e13, 2.97e12; ordinary size in full."""
    if 0 < abs(x) < 1e6:
        return f"{x:,.0f}".replace(",", " ") if abs(x) >= 100 else f"{x:.3g}"
    mantissa, _, exponent = f"{x:.2e}".partition("e")
    trimmed = mantissa.rstrip("0").rstrip(".")
    return f"{trimmed}e{int(exponent)}"


def glue(text: str) -> str:
    """Keep a number and what belongs to it on one line."""
    return re.sub(r" (%|±) ?", lambda m: m[0].replace(" ", "\u00a0", 1), text).replace(
        "± ", "±\u00a0"
    )


def tiles(result: Result) -> list[dict[str, str]]:
    """The numbers one looks at first: leverage, what was kept, the gap, what it cost."""

    def give(key: str, decimals: int, unit: str = "", scale: float = 1.0) -> dict[str, str]:
        value, half = result.get(key), result.get(f"{key}_ci95")
        if value is None:
            return {"value": "none", "ci": ""}
        number = f"{value * scale:.{decimals}f}" if abs(value) < 1e4 else sci(value * scale)
        if half is None:
            return {"value": f"{number}{unit}", "ci": ""}
        least = 10.0**-decimals
        wide = f"{half * scale:.{decimals}f}" if half * scale >= least / 2 else f"under {least:g}"
        return {"value": f"{number}{unit}", "ci": f"± {wide}{unit}"}

    for_95 = result.get("leverage_for_95")
    target = f"; keeping 95 % takes {v.times(for_95)} here" if for_95 is not None else ""
    tenth = result.get("performance_kept_dense_tenth")
    control = f"; a dense one at a tenth keeps {tenth:.2f}" if tenth is not None else ""
    return [
        {"name": "Leverage", **give("leverage", 1, "x"),
         "note": f"the compute a dense model needs to match it, as a multiple of its own{target}"},
        {"name": "Performance kept", **give("performance_kept", 2),
         "note": f"dense bits per byte over sparse{control}"},
        {"name": "Gap closed", **give("gap_closed", 0, " %", 100),
         "note": "of the way from a dense model at a tenth to the whole one"},
        {"name": "FLOPs", **give("compute_ratio", 1, " %", 100),
         "note": "of the dense model's, for training, the optimizer included"},
        {"name": "Seconds", **give("time_ratio", 0, " %", 100),
         "note": "of the dense model's, on this machine"},
    ]  # fmt: skip


def rows(arms: Mapping[str, Arm]) -> list[dict[str, Any]]:
    """The table of arms, what each kept beside it: of the dense arm of its own seed."""
    out = []
    for name, arm in arms.items():
        base, seed = v.arm_and_seed(name)
        dense = arms.get(f"dense-s{seed}" if seed else "dense")
        kept = v.performance_kept(arm["bits_per_byte"], dense["bits_per_byte"]) if dense else None
        out.append({"name": name, "base": base, "kept": kept, **arm})
    return out


def load_rows(arm: Arm) -> list[dict[str, Any]]:
    """The heat map in words: each layer's busiest and idlest expert, against the fair share."""
    out = []
    for layer, shares in enumerate(arm["expert_load"]):
        fair = 1 / len(shares)
        relative = [share / fair for share in shares]
        busiest, idlest = (relative.index(f(relative)) for f in (max, min))
        out.append({
            "layer": layer, "experts": len(shares), "fair": fair,
            "busiest": busiest, "most": relative[busiest],
            "idlest": idlest, "least": relative[idlest],
            "idle": sum(x < 0.1 for x in relative),
        })  # fmt: skip
    return out


def samples(arms: Mapping[str, Arm]) -> list[dict[str, str]]:
    """What each arm wrote after the prompt; arbitrary text, which the template escapes."""
    out = []
    for name, arm in arms.items():
        prompt, text = arm.get("prompt") or "", arm.get("sample") or ""
        text = text[len(prompt) :] if prompt and text.startswith(prompt) else text
        out.append({"name": name, "prompt": prompt, "text": text})
    return out


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """{"model": {"d_model": 64}} as {"model.d_model": "64"}."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value if isinstance(value, str) else json.dumps(value)
    return flat


def settings(arms: Mapping[str, Arm]) -> dict[str, Any]:
    """Each arm's settings, and a table of those in which the arms differ."""
    flat = {name: flatten(arm.get("settings") or {}) for name, arm in arms.items()}
    keys = dict.fromkeys(key for one in flat.values() for key in one)
    table = {key: [one.get(key, "–") for one in flat.values()] for key in keys}  # noqa: RUF001
    differ = {key: values for key, values in table.items() if len(set(values)) > 1}
    return {"names": list(flat), "differ": differ, "all": flat}


def caveats(result: Result) -> list[str]:
    """What was not controlled for."""
    seeds = int(result.get("seeds") or 1)
    one = "One seed: how much another would differ is not known."
    few = f"{seeds} seeds: the intervals are Student's t over few runs."
    rest = """
        Settings were tuned on one machine, at small budgets; more tuning might help one arm more
        than another.
        Sizes follow a rule fitted on small runs; it may not be the best size at this budget.
        The sparse arms hold more parameters and more memory than the dense ones of their compute.
        Seconds are this machine's: other hardware ranks the arms by time differently.
        On a CPU the dense arms may train in bf16 and the sparse ones in fp32: see each arm's dtype.
        All arms share one tokenizer, chosen for none of them.
        A count model (n-grams, no network) is not in this race yet.
        Downstream tasks are not measured, only bits per byte.
        The curves are on the tune split, which every choice was made on; the large markers and all
        figures are on the verdict split, read once.
        Leverage reads a straight line (log-log) through two dense models only.
    """
    lines = re.sub(r"(?<=[^.])\n\s+", " ", rest.strip()).splitlines()
    return [few if seeds > 1 else one, *(line.strip() for line in lines)]


# ---------------------------------------------------------------- charts


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


_XLINK = "http://www.w3.org/1999/xlink"  # a namespace's name, never loaded


def chart(result: Result, against: str) -> Markup:
    """Bits per byte against FLOPs (log x, with the dense line and the leverage) or seconds."""
    arms: Mapping[str, Arm] = result["arms"]
    x_of = 0 if against == "flops" else 1
    ends = [(name, float(arm[against]), float(arm["bits_per_byte"])) for name, arm in arms.items()]
    words = "; ".join(
        f"{name} ends at {b:.3f} bits per byte after "
        + (f"{sci(x)} FLOPs" if against == "flops" else clock(x))
        for name, x, b in ends
    )

    def paint(figure: Figure) -> None:
        ax = figure.add_subplot()
        ax.set_yscale("log")
        low, high = min(b for *_, b in ends), max(b for *_, b in ends)
        ax.set_ylim(low * 0.95, high * max(1.28, min(1.6, high / low)))
        ax.yaxis.set_major_locator(MaxNLocator(6))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:.3g}"))
        ax.set_ylabel("bits per byte (less is better)")
        ax.grid(axis="y")
        for base in STYLES:
            _paint_arm(ax, base, arms, against, x_of)
        largest = max(x for _, x, _ in ends)
        if against == "flops":
            ax.set_xscale("log")
            right = _paint_leverage(ax, result, largest)
            ax.set_xlim(min(x for _, x, _ in ends) / 12, max(largest, right) * 1.7)
            ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: sci(x)))
            ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
            ax.xaxis.set_minor_locator(NullLocator())
            ax.set_xlabel("training FLOPs (log scale)")
        else:
            ax.set_xlim(0, largest * 1.06)
            unit, scale = ("hours", 3600) if largest > 7200 else ("seconds", 1)
            ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x / scale:g}"))
            ax.set_xlabel(f"{unit} of training")
        figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=8,
                      handlelength=3.2, columnspacing=1.2, borderpad=0.2)  # fmt: skip

    title = f"Bits per byte against {'training FLOPs' if against == 'flops' else 'seconds'}"
    return draw(f"c{against}", title, words, 4.6, 3.9, paint)


def _paint_arm(ax: Axes, base: str, arms: Mapping[str, Arm], against: str, x_of: int) -> None:
    """One kind of arm: a thin curve per seed (tune split), a large marker (verdict split)."""
    label, dashes, marker = STYLES[base]
    for name, arm in arms.items():
        if v.arm_and_seed(name)[0] != base:
            continue
        points = [p for p in thin(arm["curve"], 300) if _drawable(p[x_of]) and _drawable(p[2])]
        ax.plot([p[x_of] for p in points], [p[2] for p in points], ls=dashes, lw=1.5,
                color=_COLOUR[base], solid_capstyle="round")  # fmt: skip
        ax.plot([arm[against]], [arm["bits_per_byte"]], ls=dashes, lw=1.5, marker=marker, ms=8.5,
                mec=_COLOUR["card"], mew=0.8,
                color=_COLOUR[base], label=label if name == base else None, zorder=5)  # fmt: skip


def _paint_leverage(ax: Axes, result: Result, largest: float) -> float:
    """The dense line, and the arrow from the sparse point to it; how far right they reach."""
    mean = {}
    for base in v.ARMS:
        own = [arm for name, arm in result["arms"].items() if v.arm_and_seed(name)[0] == base]
        if not own:
            return largest
        mean[base] = {
            key: sum(float(arm[key]) / len(own) for arm in own)
            for key in ("flops", "bits_per_byte")
        }
    sparse, tenth, dense = mean["sparse"], mean["dense-tenth"], mean["dense"]
    log_c = v.dense_compute_for(sparse["bits_per_byte"], tenth, dense)
    slope = v.dense_slope(
        tenth["bits_per_byte"], tenth["flops"], dense["bits_per_byte"], dense["flops"]
    )
    lever = result.get("leverage")
    if log_c is None or slope is None or lever is None:
        return largest
    reach = min(max(log_c, math.log(tenth["flops"] / 300)), math.log(dense["flops"] * 300))
    c_star, b = math.exp(reach), sparse["bits_per_byte"]
    xs = sorted({tenth["flops"], dense["flops"], c_star})
    ys = [tenth["bits_per_byte"] * (tenth["flops"] / x) ** slope for x in xs]
    ax.plot(xs, ys, color=_COLOUR["soft"], lw=1, zorder=1, label="the dense line (log-log)")
    ax.annotate("", xy=(c_star, b), xytext=(sparse["flops"], b), zorder=6,
                arrowprops={"arrowstyle": "-|>", "color": _COLOUR["ink"], "lw": 1.4,
                            "shrinkA": 6, "shrinkB": 0})  # fmt: skip
    middle = math.exp((math.log(sparse["flops"]) + reach) / 2)
    ax.annotate(v.times(lever), xy=(middle, b), xytext=(0, -5), textcoords="offset points",
                ha="center", va="top", fontsize=12, fontweight="bold")  # fmt: skip
    return c_star


def _drawable(x: Any) -> bool:
    return isinstance(x, int | float) and math.isfinite(x) and x > 0


def thin(points: Sequence[Any], most: int) -> list[Any]:
    """At most `most` of the points, evenly, the last one kept."""
    step = max(1, math.ceil(len(points) / most))
    return [*points[:-1:step], *points[-1:]]


def earned_chart(result: Result) -> Markup | None:
    """Who closed how much of the gap: the experts from 0, the memory on from there."""
    gap, experts = result.get("gap_closed"), result.get("gap_closed_by_experts")
    if gap is None or experts is None:
        return None
    total, e, m = v.shares(gap, experts)

    def paint(figure: Figure) -> None:
        ax = figure.add_subplot()
        bars = ((1.0, 0.0, experts, "sparse-plain", f"{e} %"),
                (0.0, experts, gap - experts, "sparse", f"{m} %"))  # fmt: skip
        low, high = min(0.0, experts, gap), max(1.0, experts, gap)
        for y, start, width, arm, text in bars:
            ax.barh(y, width, left=start, height=0.5, color=_COLOUR[arm], zorder=3)
            ax.annotate(text, xy=(max(start, start + width), y), xytext=(6, 0), va="center",
                        textcoords="offset points", fontweight="bold")  # fmt: skip
        ax.plot([experts, experts], [1.0, 0.0], color=_COLOUR["soft"], lw=0.8, ls=(0, (2, 2)))
        for x, arm in ((0.0, "dense-tenth"), (1.0, "dense")):
            ax.axvline(x, color=_COLOUR["soft"], lw=1, zorder=4)
            if high - low < 4:  # else the two names would stand on each other
                ax.annotate(arm, xy=(x, 1.5), xytext=(0, 2), textcoords="offset points",
                            ha="center", fontsize=8, color=_COLOUR["soft"])  # fmt: skip
        pad = (high - low) * 0.14
        ax.set_xlim(low - pad * 0.3, high + pad)
        ax.set_ylim(-0.5, 1.5)
        ax.set_yticks([1, 0], ["experts", "memory"])
        ax.tick_params(axis="y", length=0, labelcolor=_COLOUR["ink"])
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x * 100:g} %"))
        ax.xaxis.set_major_locator(MaxNLocator(6))
        ax.spines["left"].set_visible(False)
        ax.set_xlabel("of the gap between the two dense models")

    words = f"The experts close {e} % of the gap, the memory {m} %, together {total} %."
    return draw("earned", "Who earned what", words, 4.6, 1.75, paint)


def load_chart(name: str, arm: Arm) -> Markup:
    """Experts x layers, each cell its load as a multiple of the fair share 1/E."""
    layers: list[list[float]] = arm["expert_load"]
    widest = max(len(shares) for shares in layers)
    high = 0.55 + 0.3 * len(layers)

    def paint(figure: Figure) -> None:
        ax = figure.add_subplot()
        for y, shares in enumerate(layers):
            for x, share in enumerate(shares):
                relative = share * len(shares)
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
        ax.set_xlabel(f"expert; 1.0 is the fair share, 1/{widest} of the rows")

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
