"""What is asked and how far it has got: one request's settings, tokens and end, without tensors."""

import math
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

FinishReason = Literal["stop", "length"]


@dataclass(frozen=True)
class SamplingParams:
    """How the next token is drawn, and when to stop. The engine's `sampler.py` says in what order.

    `temperature=0` takes the most probable token each time; `top_p=1`, `top_k=0` and `min_p=0`
    are off, as are the penalties' defaults; `seed=None` draws a fresh one.
    """

    temperature: float = 0.8
    top_p: float = 0.95
    top_k: int = 0
    min_p: float = 0.0
    seed: int | None = None
    max_tokens: int = 256
    stop: tuple[str, ...] = ()  # the text ends before the first of these
    frequency_penalty: float = 0.0  # taken off a logit for each time its token was generated
    presence_penalty: float = 0.0  # taken off once if it was generated at all
    repetition_penalty: float = 1.0  # divides the logits of all tokens so far, the prompt's too
    logit_bias: tuple[tuple[int, float], ...] = ()  # (token, what is added to its logit)

    def __post_init__(self):
        def need(ok: bool, name: str, allowed: str) -> None:
            if not ok:
                raise ValueError(f"SamplingParams.{name}: {getattr(self, name)!r} is not {allowed}")

        t, p = self.temperature, self.top_p
        need(_number(t) and 0 <= t < math.inf, "temperature", "a finite number from 0")
        need(_number(p) and 0 < p <= 1, "top_p", "above 0 and at most 1 (1: off)")
        need(_whole(self.top_k) and self.top_k >= 0, "top_k", "a whole number from 0 (0: off)")
        need(_number(self.min_p) and 0 <= self.min_p <= 1, "min_p", "within 0..1 (0: off)")
        seed = 0 if self.seed is None else self.seed
        need(_whole(seed) and -(2**63) <= seed < 2**63, "seed", "None or a 64-bit whole number")
        need(
            _whole(self.max_tokens) and self.max_tokens >= 0, "max_tokens", "a whole number from 0"
        )
        stops = isinstance(self.stop, tuple) and all(s and isinstance(s, str) for s in self.stop)
        need(stops, "stop", "a tuple of non-empty strings")
        for name in ("frequency_penalty", "presence_penalty"):
            value = getattr(self, name)
            need(_number(value) and abs(value) < math.inf, name, "a finite number (0: off)")
        r = self.repetition_penalty
        need(_number(r) and 0 < r < math.inf, "repetition_penalty", "a number above 0 (1: off)")
        biases = all(_whole(token) and abs(bias) < math.inf for token, bias in self.logit_bias)
        need(biases, "logit_bias", "pairs of a token and a finite number")

    @property
    def penalises(self) -> bool:
        return bool(
            self.frequency_penalty
            or self.presence_penalty
            or self.repetition_penalty != 1
            or self.logit_bias
        )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return _whole(value) or isinstance(value, float)


class Report(NamedTuple):
    """What is told of each token beside its text."""

    top_logprobs: int | None = None  # this many alternatives; None: no log-probabilities at all
    prompt: bool = False  # the prompt's tokens as well
    experts: bool = False


NO_REPORT = Report()


class TokenLogprob(NamedTuple):
    """A token's natural log-probability as the model gives it, before temperature and filters."""

    token: int
    logprob: float
    top: tuple[tuple[int, float], ...] = ()  # the most probable tokens there, best first


@dataclass(eq=False)
class Sequence:
    """One prompt and what has been generated for it.

    The model's state holds `cached` tokens from `start` on; the engine moves both. The rest are
    still to be computed.
    """

    prompt: tuple[int, ...]
    params: SamplingParams
    end_tokens: tuple[int, ...]
    report: Report = NO_REPORT
    shown: tuple[str, ...] = ()  # special tokens that belong to the text
    generated: list[int] = field(default_factory=list)
    finish_reason: FinishReason | None = None
    start: int = 0
    cached: int = 0

    def __len__(self) -> int:
        return len(self.prompt) + len(self.generated)

    def uncached(self) -> list[int]:
        """The tokens that the model has yet to see."""
        seen = self.start + self.cached
        if seen >= len(self.prompt):
            return self.generated[seen - len(self.prompt) :]
        return [*self.prompt[seen:], *self.generated]

    def slide(self, window: int) -> bool:
        """Keeps the last half of the window when the tokens no longer fit; says whether it did.

        The kept tokens are computed afresh, so that no position exceeds those trained.
        """
        if len(self) - self.start <= window:
            return False
        self.start, self.cached = len(self) - max(1, window // 2), 0
        return True

    def append(self, token: int) -> None:
        self.generated.append(token)
        if token in self.end_tokens:
            self.finish_reason = "stop"
        elif len(self.generated) >= self.params.max_tokens:
            self.finish_reason = "length"
