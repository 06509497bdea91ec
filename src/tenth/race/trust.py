"""How far one may lean on a race: the limits, and the reasons why one should not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tenth.race import spoken
from tenth.race.formulas import ratio

Arms = Mapping[str, Mapping[str, Any]]

SHARE = 0.1  # of the dense arm's FLOPs, at most, for each arm but those of the whole budget
WHOLE = ("dense", "dense-memory")
COUNTED = {
    "counts-seen": "on the tokens the sparse arm saw",
    "counts-all": "on the whole train side",
    "counts-copies": "on the whole train side, with copies from the window",
}

MAX_TENTH_KEPT = 0.92  # a control that keeps more leaves nothing to tell apart
MAX_EPOCHS = 2.0  # a dense arm that reads on is short of text, not of compute
MAX_PARAMS = 32.0  # sparse / dense, all parameters
MAX_PEAK = 4.0  # sparse / dense, peak bytes
MIN_BUDGET = 1e12
MIN_VERDICT = 20_000  # tokens
MAX_VERBATIM = 0.1  # of the verdict split's tokens, in runs that stand in train word for word


class About(NamedTuple):
    """What a verdict was read from, beside its arms."""

    verdict_tokens: int | None = None
    verbatim: float | None = None  # how much of it stands in train word for word
    settings: Sequence[str] = ()  # that were given by hand


UNTOLD = About()


def reasons(
    arms: Arms,
    numbers: Mapping[str, float | None],
    budget: float,
    counts: Arms,
    about: About = UNTOLD,
) -> list[str]:
    """Why one should not lean on this race; empty when one may."""
    return [
        *_no_gap(arms, numbers),
        *_lost_to_counting(arms, counts),
        *_paid_elsewhere(arms),
        *_overspent(arms, numbers, budget),
        *_read_from(about),
    ]


def _no_gap(arms: Arms, numbers: Mapping[str, float | None]) -> Iterator[str]:
    kept = numbers["performance_kept_dense_tenth"]
    b_tenth, b_dense = (float(arms[name]["bits_per_byte"]) for name in ("dense-tenth", "dense"))
    if b_tenth <= b_dense:
        shown_dense, shown_tenth = spoken.bits(b_dense, b_tenth)
        yield (
            "The dense model with the whole budget is no better than the one with a tenth "
            f"({shown_dense} against {shown_tenth} bits per byte): there is no gap to close."
        )
    elif kept is not None and kept > MAX_TENTH_KEPT:
        yield (
            f"A dense model with a tenth of the compute already keeps {kept:.3f} (over "
            f"{MAX_TENTH_KEPT}): too little is left to tell the models apart."
        )


def _lost_to_counting(arms: Arms, counts: Arms) -> Iterator[str]:
    """Also where the dense arm loses: what compute buys is then worth less than no compute."""
    lost = _behind("sparse", arms, counts)
    if lost:
        yield f"The sparse model loses to counting: {lost}."
    # The memory without a network is the sparse arm's own part: that it may beat a dense model is
    # a finding, which the verdict says, and no defect of the race.
    n_grams = {name: one for name, one in counts.items() if name != "counts-copies"}
    lost = _behind("dense", arms, n_grams)
    if lost:
        yield (
            f"Even the dense model with the whole budget loses to counting: {lost}. Counting "
            "alone beats that compute, so leverage over it says little about sparsity."
        )


def _behind(name: str, arms: Arms, counts: Arms) -> str:
    """The count models an arm is not better than, with the figures; empty when there are none."""
    b = float(arms[name]["bits_per_byte"])
    lost = []
    for count, where in COUNTED.items():
        if count in counts and b >= (b_count := float(counts[count]["bits_per_byte"])):
            mine, theirs = spoken.bits(b, b_count)
            lost.append(f"{mine} against the {theirs} bits per byte of n-grams counted {where}")
    return ", and ".join(lost)


def _paid_elsewhere(arms: Arms) -> Iterator[str]:
    sparse, dense = arms["sparse"], arms["dense"]
    if dense["epochs"] > MAX_EPOCHS:
        yield (
            f"The dense model read the text {spoken.plain(dense['epochs'])} times (over "
            f"{MAX_EPOCHS:g}): it ran short of text, not of compute."
        )
    for field, limit, what in (
        ("params_total", MAX_PARAMS, "parameters in all"),
        ("peak_bytes", MAX_PEAK, "peak memory"),
    ):
        multiple = ratio(float(sparse[field]), float(dense[field]))
        if multiple is not None and multiple > limit:
            yield (
                f"The sparse model takes {spoken.plain(multiple)} times the dense model's {what} "
                f"(over {limit:g}): it is paid for elsewhere."
            )


def _read_from(about: About) -> Iterator[str]:
    if about.verdict_tokens is not None and about.verdict_tokens < MIN_VERDICT:
        yield (
            f"The verdict is read from {about.verdict_tokens:,} tokens only (under "
            f"{MIN_VERDICT:,})."
        )
    if about.verbatim is not None and about.verbatim > MAX_VERBATIM:
        yield (
            f"{100 * about.verbatim:.0f} % of the verdict's tokens stand in train word for word "
            f"(over {100 * MAX_VERBATIM:.0f} %): what is known by heart counts as performance."
        )


def _overspent(arms: Arms, numbers: Mapping[str, float | None], budget: float) -> Iterator[str]:
    if budget < MIN_BUDGET:
        yield (
            f"The budget of {spoken.sci(budget)} FLOPs is under {spoken.sci(MIN_BUDGET)}: models "
            "this small say little about larger ones."
        )
    for name, arm in arms.items():
        given = budget * (1.0 if name in WHOLE else SHARE)
        if float(arm["flops"]) > given * (1 + 1e-9):
            yield (
                f"The {name} arm spent {spoken.sci(arm['flops'])} FLOPs, over the "
                f"{spoken.sci(given)} it was given."
            )
    spent = numbers["compute_ratio"]
    if spent is not None and spent > SHARE * (1 + 1e-9):
        yield f"The sparse arm spent {spent:.6g} of the dense arm's FLOPs, over {SHARE}."
