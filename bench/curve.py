"""Does it rise with the budget? Leverage, gap closed and performance kept against C, a line a text.

    python bench/curve.py                          # the newest of each bench/results/*-race-*.json
    python bench/curve.py bench/results/2026-11-30-race-books.json runs/mine/result.json

Draws docs/leverage.png and prints the figures as a Markdown table. Without arguments, races of an
earlier tenth, which had no novel tokens, are left out. One budget of a text gives a dot.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from race import cell
from tenth.race.spoken import sci

ROOT = Path(__file__).resolve().parent.parent
RESULTS, PICTURE = ROOT / "bench" / "results", ROOT / "docs" / "leverage.png"

# number, title, and the bars it is measured against
PANELS = (
    ("leverage", "leverage (hollow: extrapolated)", {4: "the bar", 10: "all of the performance"}),
    ("gap_closed", "gap closed", {1: "all of it"}),
    ("performance_kept", "performance kept", {0.95: "0.95"}),
)
LOOKS = (
    ("#00707f", "o", "-"),
    ("#a85a00", "s", "--"),
    ("#5a3fb5", "D", "-."),
    ("#b3307f", "^", ":"),
    ("#4d7c0f", "v", (0, (5, 1, 1, 1, 1, 1))),
)


def newest(paths: Sequence[Path]) -> list[Path]:
    """Of each race's name the file of the last date."""
    last: dict[str, Path] = {}
    for path in sorted(paths, key=lambda p: p.name):  # the name begins with the date
        match = re.fullmatch(r"\d{4}-\d\d-\d\d-race-(.+)\.json", path.name)
        if match:
            last[match[1]] = path
    return list(last.values())


def lines(results: Sequence[dict]) -> dict[str, list[dict]]:
    """The races of each text by budget; of two at one budget the one of more seeds, else the later.

    Races on different text do not compare, though they were called the same.
    """
    texts: dict[tuple[str, str], dict[float, dict]] = {}
    for result in sorted(results, key=lambda r: (int(r["seeds"]), r.get("created") or "")):
        text = _label(result["source"]), _hash_of(result)
        texts.setdefault(text, {})[float(result["budget"])] = result
    named: dict[str, list[dict]] = {}
    for (label, digest), races in texts.items():
        twice = sum(other == label for other, _ in texts) > 1
        name = f"{label} ({digest[:6]})" if twice else label
        named[name] = [races[budget] for budget in sorted(races)]
    return dict(sorted(named.items()))


def _hash_of(result: dict) -> str:
    return result.get("corpus_hash") or result["data"]["corpus_hash"]


def _label(source: str) -> str:
    """A path by its last part, without what says how it is packed."""
    if "/" not in source:
        return source
    return re.sub(r"(\.(txt|jsonl?|md|parquet|gz|xz|zst))+$", "", source.rstrip("/").split("/")[-1])


def table(texts: dict[str, list[dict]]) -> str:
    head = "| text | C, FLOPs | seeds | leverage | gap closed | kept |\n|---|---|---|---|---|---|"
    rows = [
        f"| {name} | {sci(r['budget'])} | {r['seeds']} | {cell(r, 'leverage', 2)} | "
        f"{cell(r, 'gap_closed', 2)} | {cell(r, 'performance_kept', 3)} |"
        for name, races in texts.items()
        for r in races
    ]
    return "\n".join([head, *rows])


def draw(texts: dict[str, list[dict]], path: Path) -> None:
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    for ax, (key, title, bars) in zip(figure.subplots(1, len(PANELS)), PANELS, strict=True):
        budgets = [float(r["budget"]) for races in texts.values() for r in races]
        for i, (name, races) in enumerate(texts.items()):
            colour, marker, style = LOOKS[i % len(LOOKS)]
            there = [r for r in races if r.get(key) is not None]
            ax.errorbar(
                [r["budget"] for r in there],
                [r[key] for r in there],
                yerr=[r.get(f"{key}_ci95") or 0 for r in there],
                color=colour, marker=marker, ls=style, ms=6, lw=1.4, capsize=3, label=name,
            )  # fmt: skip
            beyond = [r for r in there if key in r.get("leverages_extrapolated", []) and r[key] > 1]
            ax.plot([r["budget"] for r in beyond], [r[key] for r in beyond], ls="none",
                    color=colour, marker=marker, ms=6, mfc="white", zorder=5)  # fmt: skip
        _axes(ax, title, bars, budgets)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    figure.savefig(path, dpi=160, metadata={"Software": None})


def _axes(ax: Axes, title: str, bars: dict[float, str], budgets: Sequence[float]) -> None:
    ax.set_title(title, fontsize=10)
    ax.set_xscale("log")
    ax.set_xlim(min(budgets) / 2, max(budgets) * 2)
    ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: sci(x)))
    ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlabel("C, FLOPs of the dense arm", fontsize=8)
    for y, name in bars.items():
        ax.axhline(y, color="#6b7079", lw=0.9, ls=(0, (3, 2)), zorder=0)
        ax.annotate(name, xy=(0, y), xycoords=("axes fraction", "data"), xytext=(3, 2),
                    textcoords="offset points", fontsize=7, color="#565d66")  # fmt: skip
    ax.tick_params(labelsize=8)
    ax.spines[["top", "right"]].set_visible(False)


def main() -> None:
    asked = [Path(argument) for argument in sys.argv[1:]]
    results = [json.loads(p.read_text()) for p in asked or newest(list(RESULTS.glob("*.json")))]
    if not asked:
        results = [r for r in results if r.get("leverage_novel") is not None]
    if not results:
        sys.exit(f"no race to draw in {RESULTS.relative_to(ROOT)}: bench/race.py makes them")
    texts = lines(results)
    draw(texts, PICTURE)
    print(table(texts))


if __name__ == "__main__":
    main()
