"""What a race prints when it is over: the verdict, the arms, where to look and whom to talk to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tenth.race.report import write_report


def print_summary(console: Console, folder: Path, result: dict[str, Any]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    titles = ("arm", "bits/byte", "novel", "FLOPs", "FLOPs/token", "s", "MB", "active", "params")
    for title in titles:
        table.add_column(title, justify="left" if title == "arm" else "right", no_wrap=True)
    for name, arm in result["arms"].items():
        table.add_row(
            name,
            *_bits(arm),
            f"{arm['flops']:.2e}",
            f"{arm['inference_flops_per_token']:.1e}",
            f"{arm['seconds']:.0f}",
            f"{arm['peak_bytes'] / 1e6:.0f}",
            in_millions(arm["params_active"]),
            in_millions(arm["params_total"]),
        )
    for name, one in (result.get("counts") or {}).items():  # no network: nothing but time
        seconds = one.get("seconds")
        table.add_row(
            name, *_bits(one), "counting", "-", "-" if seconds is None else f"{seconds:.0f}",
            "-", "-", "-",
        )  # fmt: skip
    console.print(table)
    if any(arm.get("novel_bits") for arm in result["arms"].values()):
        console.print("novel: bits per token that in train never follows the three before it")
    for sentence in result.get("verdict", []):
        console.print(f"\n{sentence}", highlight=False)
    if "verdict" in result:
        console.print(f"\nreport:     {write_report(folder)}", highlight=False)
    talker = "sparse" if "sparse" in result["arms"] else next(iter(result["arms"]))
    console.print(f"talk to it: tenth chat {folder / talker}", highlight=False)


def _bits(scored: Mapping[str, Any]) -> tuple[str, str]:
    """Bits per byte and per novel token; results of an earlier tenth have no novel tokens."""
    novel = scored.get("novel_bits")
    return f"{scored['bits_per_byte']:.4f}", "-" if novel is None else f"{novel:.3f}"


def in_millions(count: int) -> str:
    return f"{count / 1e6:.2f}M"
