"""Draws a race's result.json as report.html: one page that needs nothing else and no network."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tenth.race import report_charts as charts
from tenth.race import report_tables as tables
from tenth.race.report_tables import Arm, Result
from tenth.race.seeds import arm_and_seed
from tenth.race.spoken import times
from tenth.race.verdict_words import NOT_INFORMATIVE

FORMAT = 1
FILTERS = (tables.count, tables.size, tables.clock, tables.sci, tables.fixed, tables.glue)
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
    env.filters.update({f.__name__: f for f in FILTERS})
    arms: dict[str, Arm] = result["arms"]
    firsts = {name: arm for name, arm in arms.items() if arm_and_seed(name)[1] == 0}
    loaded = {name: arm for name, arm in firsts.items() if arm.get("expert_load")}
    said = [s for s in result["verdict"] if not s.startswith(NOT_INFORMATIVE)]
    return env.get_template("report.html.j2").render(
        r=result,
        lead=said[0] if said else "",
        rest=said[1:],
        tiles=tiles(result),
        chart_flops=charts.chart(result, against="flops"),
        chart_seconds=charts.chart(result, against="seconds"),
        rows=tables.rows(arms),
        counts=tables.count_rows(result),
        evals=tables.evals(arms),
        gates=tables.gates(firsts),
        earned=charts.earned_chart(result),
        loads={n: (charts.load_chart(n, arm), tables.load_rows(arm)) for n, arm in loaded.items()},
        samples=tables.samples(firsts),
        settings=tables.settings(firsts),
        seeds=max((arm_and_seed(name)[1] for name in arms), default=0) + 1,
        caveats=tables.caveats(result),
        data=result.get("data") or {},
        styles={name: style[0] for name, style in charts.STYLES.items() if name in arms},
    )


def tiles(result: Result) -> list[dict[str, str]]:
    """The numbers one looks at first: leverage, what was kept, the gap, what it cost."""

    def give(key: str, decimals: int, unit: str = "", scale: float = 1.0) -> dict[str, str]:
        value, half = result.get(key), result.get(f"{key}_ci95")
        if value is None:
            return {"value": "none", "ci": ""}
        number = f"{value * scale:.{decimals}f}" if abs(value) < 1e4 else tables.sci(value * scale)
        if half is None:
            return {"value": f"{number}{unit}", "ci": ""}
        least = 10.0**-decimals
        wide = f"{half * scale:.{decimals}f}" if half * scale >= least / 2 else f"under {least:g}"
        return {"value": f"{number}{unit}", "ci": f"± {wide}{unit}"}

    for_95 = result.get("leverage_for_95")
    target = f"; keeping 95 % takes {times(for_95)} here" if for_95 is not None else ""
    tenth = result.get("performance_kept_dense_tenth")
    control = f"; a dense one at a tenth keeps {tenth:.2f}" if tenth is not None else ""
    further = "; beyond the two dense models, on their line drawn further"
    beyond = result.get("leverages_extrapolated") or ()
    classes = []
    for kind, note in (
        ("novel", "on tokens that in train never follow the three before them"),
        ("fresh", "on novel tokens that the window does not show either"),
    ):
        key = f"leverage_{kind}"
        if result.get(key) is not None:
            note += further if key in beyond else ""
            classes.append({"name": f"Leverage, {kind}", **give(key, 1, "x"), "note": note})
    if result.get("leverage_extrapolated"):
        target += further
    return [
        {"name": "Leverage", **give("leverage", 1, "x"),
         "note": f"the compute a dense model needs to match it, as a multiple of its own{target}"},
        {"name": "Performance kept", **give("performance_kept", 2),
         "note": f"dense bits per byte over sparse{control}"},
        {"name": "Gap closed", **give("gap_closed", 0, " %", 100),
         "note": "of the way from a dense model at a tenth to the whole one"},
        *classes,
        {"name": "FLOPs", **give("compute_ratio", 1, " %", 100),
         "note": "of the dense model's, for training, the optimizer included"},
        {"name": "Seconds", **give("time_ratio", 0, " %", 100),
         "note": "of the dense model's, on this machine"},
    ]  # fmt: skip
