"""What one sees while a race runs: a live table in a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tenth.config import ArmConfig
from tenth.train.loop import Step

PLAIN_EVERY = 15.0  # seconds between plain lines
SMOOTH = 0.9


class Display:
    """Bits per byte against the share of the budget, tokens/s and ETA, one row an arm."""

    def __init__(self, console: Console):
        self.console = console
        self.rows: dict[str, _Row] = {}
        self.stage_now = ""
        self.last_plain = 0.0
        self.live = Live(console=console, get_renderable=self._render, refresh_per_second=4,
                         transient=False) if console.is_terminal else None  # fmt: skip

    def __enter__(self) -> "Display":
        if self.live:
            self.live.start()
        return self

    def __exit__(self, *_) -> None:
        self.stage_now = ""
        if self.live:
            self.live.stop()

    def say(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True)

    def stage(self, name: str, done: int, total: int) -> None:
        """Progress of what is not training: reading text, the verdict."""
        share = f" {100 * done / total:3.0f} %" if total else ""
        self.stage_now = f"{name}{share}"
        if not self.live:
            if done >= total:
                self.say(f"{name}: done")
            elif self._plain_is_due():
                self.say(self.stage_now)
        if done >= total:
            self.stage_now = ""

    def arm(self, label: str, config: ArmConfig) -> Callable[[Step], None]:
        """The hook that shows one arm's steps."""
        row = self.rows[label] = _Row(label, config)
        if not self.live:
            self.say(f"{label}: {row.describe()}")

        def show(step: Step) -> None:
            row.observe(step)
            if self.live:
                return
            if step.bits_per_byte is not None or step.step == step.steps or self._plain_is_due():
                self.last_plain = time.monotonic()
                self.say(f"{label}: {row.line()}")

        return show

    def _plain_is_due(self) -> bool:
        now = time.monotonic()
        if now - self.last_plain < PLAIN_EVERY:
            return False
        self.last_plain = now
        return True

    def _render(self) -> Group:
        table = Table(box=None, padding=(0, 2, 0, 0))
        for title in ("arm", "bits per byte", "budget", "", "tokens/s", "FLOPs", "ETA"):
            right = title in ("bits per byte", "budget", "tokens/s", "FLOPs", "ETA")
            table.add_column(title, justify="right" if right else "left", no_wrap=True)
        for row in self.rows.values():
            table.add_row(*row.cells())
        return Group(table, Text(self.stage_now, style="dim"))


class _Row:
    def __init__(self, label: str, config: ArmConfig):
        self.label, self.config = label, config
        self.bits = self.rate = 0.0
        self.step: Step | None = None
        self.seen: tuple[int, float] | None = None

    def observe(self, step: Step) -> None:
        if self.seen and step.seconds > self.seen[1]:
            now = (step.tokens - self.seen[0]) / (step.seconds - self.seen[1])
            self.rate = SMOOTH * self.rate + (1 - SMOOTH) * now if self.rate else now
        self.step, self.seen = step, (step.tokens, step.seconds)
        self.bits = step.bits_per_byte or self.bits

    def describe(self) -> str:
        m, t = self.config.model, self.config.train
        parts = [f"width {m.d_model}", f"{m.n_layers} layers"]
        if m.n_experts:
            parts.append(f"{m.n_experts} experts, {m.top_k} at a time")
        if m.memory:
            parts.append("memory")
        parts.append(f"{t.steps} steps of {t.batch_size * t.seq_len} tokens")
        return ", ".join([*parts, f"{t.dtype} on {t.device}"])

    @property
    def eta(self) -> str:
        if not self.step or not self.rate:
            return "-"
        left = (self.step.steps - self.step.step) / self.step.step * self.step.tokens / self.rate
        return (
            "done" if self.step.step == self.step.steps else f"{left // 60:.0f}:{left % 60:02.0f}"
        )

    def line(self) -> str:
        assert self.step
        share = 100 * self.step.step / self.step.steps
        bits = f"{self.bits:.3f} bits per byte" if self.bits else f"loss {self.step.loss:.3f}"
        return f"{share:3.0f} % of the budget, {bits}, {self.rate:,.0f} tokens/s, ETA {self.eta}"

    def cells(self) -> tuple:
        if not self.step:
            return self.label, "-", "0 %", "", "-", "-", "-"
        share = self.step.step / self.step.steps
        bar = ProgressBar(total=1.0, completed=share, width=24)
        bits = f"{self.bits:.3f}" if self.bits else "-"
        return (self.label, bits, f"{100 * share:.0f} %", bar, f"{self.rate:,.0f}",
                f"{self.step.flops:.1e}", self.eta)  # fmt: skip
