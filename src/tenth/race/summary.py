"""What a race prints when it is over: the verdict, the arms, where to look and whom to talk to."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tenth.race.report import write_report


def print_summary(console: Console, folder: Path, result: dict[str, Any]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("arm", "bits/byte", "FLOPs", "FLOPs/token", "s", "MB", "active", "params"):
        table.add_column(title, justify="left" if title == "arm" else "right", no_wrap=True)
    for name, arm in result["arms"].items():
        table.add_row(
            name,
            f"{arm['bits_per_byte']:.4f}",
            f"{arm['flops']:.2e}",
            f"{arm['inference_flops_per_token']:.1e}",
            f"{arm['seconds']:.0f}",
            f"{arm['peak_bytes'] / 1e6:.0f}",
            in_millions(arm["params_active"]),
            in_millions(arm["params_total"]),
        )
    console.print(table)
    for sentence in result.get("verdict", []):
        console.print(f"\n{sentence}", highlight=False)
    if "verdict" in result:
        console.print(f"\nreport:     {write_report(folder)}", highlight=False)
    talker = "sparse" if "sparse" in result["arms"] else next(iter(result["arms"]))
    console.print(f"talk to it: tenth chat {folder / talker}", highlight=False)


def in_millions(count: int) -> str:
    return f"{count / 1e6:.2f}M"
