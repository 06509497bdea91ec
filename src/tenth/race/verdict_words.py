"""The verdict in plain words, also where the outcome is nothing, or less, or beyond the line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenth.race.spoken import bits, percent, pm, share, shares, times

NOT_INFORMATIVE = "NOT INFORMATIVE: "  # opens the verdict's warnings


@dataclass(frozen=True)
class Found:
    """What a verdict is made of."""

    numbers: Mapping[str, Any]  # a number or None by name
    ci: Mapping[str, Any]  # the half width of its interval; empty for one seed
    bits: Mapping[str, tuple[float, float | None]]  # bits per byte of an arm or count model, and ±
    reasons: Sequence[str]
    beyond: Collection[str] = ()  # the leverages outside the two dense arms
    seeds: int = 1
    tokens: Mapping[str, int | None] = field(default_factory=dict)  # of each class of them
    documents: Mapping[str, Any] = field(default_factory=dict)  # intervals over the documents
    settings: Sequence[str] = ()  # given by hand
    busy: bool = False  # other work stood beside the arms

    def said(self, key: str) -> str:
        """A share of performance, with its interval."""
        return pm(share(self.numbers[key]), self.ci.get(key))

    def lever(self, key: str) -> str:
        """A leverage, with its interval, and marked where the line had to be drawn further up."""
        text = times(self.numbers[key], self.ci.get(key))
        return f"{text}, extrapolated" if key in self.beyond and self.numbers[key] > 1 else text


def words(f: Found) -> list[str]:
    """The verdict, in the order one should read it."""
    said = [_kept(f), *_leverage(f), *_earned(f), _control(f), _time(f)]
    said += [*_novel(f), *_fresh(f), *_counting(f), *_memory_alone(f), *_dense_memory(f)]
    said += [*_chance(f), *_by_hand(f)]
    return said + [NOT_INFORMATIVE + reason for reason in f.reasons]


def _kept(f: Found) -> str:
    ratio = f.numbers["compute_ratio"]
    of_flops = "an unknown share" if ratio is None else f"{percent(ratio, 1)} %"
    shown = bits(f.bits["sparse"][0], f.bits["dense"][0])
    pair = [pm(text, f.bits[n][1]) for text, n in zip(shown, ("sparse", "dense"), strict=True)]
    means = f"; means of {f.seeds} seeds, ± their 95 % interval" if f.seeds > 1 else ""
    measured = f"(bits per byte on text it never saw: {pair[0]} against {pair[1]}{means})"
    kept = f.numbers["performance_kept"]
    if kept is None:
        return f"At {of_flops} of the FLOPs no share of performance can be given {measured}."
    if kept > 1 and _undecided(kept, f.ci.get("performance_kept")):
        return (
            f"At {of_flops} of the FLOPs the sparse model cannot be told from the dense one: it "
            f"has {f.said('performance_kept')} of its performance {measured}."
        )
    if kept > 1:
        return (
            f"At {of_flops} of the FLOPs the sparse model beats the dense one: it has "
            f"{f.said('performance_kept')} of its performance {measured}."
        )
    return (
        f"At {of_flops} of the FLOPs the sparse model keeps {f.said('performance_kept')} of the "
        f"dense model's performance {measured}."
    )


def _leverage(f: Found) -> list[str]:
    lever, for_95 = f.numbers["leverage"], f.numbers["leverage_for_95"]
    if lever is None:
        return [
            "No leverage can be given: a dense model gained too little from ten times the compute "
            "to say what compute is worth here."
        ]
    shown = times(lever, f.ci.get("leverage"))
    if lever < 0.95:
        said = f"It does worse than a dense model of its own compute would (leverage {shown})"
    elif lever < 1.05:
        said = f"It does no more than a dense model of its own compute would (leverage {shown})"
    else:
        said = f"It does what a dense model needs {shown} its compute for"
    if for_95 is not None:
        target = times(for_95, f.ci.get("leverage_for_95"))
        widths = [f.ci.get(key) or 0.0 for key in ("leverage", "leverage_for_95")]
        if abs(lever - for_95) <= sum(widths) and any(widths):
            said += f"; keeping 95 % takes {target} on this text, which lies within the intervals"
        elif lever >= for_95:
            said += f"; keeping 95 % takes {target} on this text, so that is reached"
        else:
            said += f"; to keep 95 % would take {target} on this text"
    if "leverage" not in f.beyond:
        return [f"{said}."]
    return [
        f"{said}.",
        "That leverage lies beyond the two dense models, on their line drawn further: no dense "
        f"model was trained there{_were_it_better(f)}.",
    ]


def _were_it_better(f: Found) -> str:
    """A leverage far out hangs on the last grain of the dense model's tuning."""
    better = f.numbers.get("leverage_if_dense_better")
    if better is None:
        return ""
    shown = times(better, f.ci.get("leverage_if_dense_better"))
    return f"; were the dense one 1 % better, it would be {shown}"


def _earned(f: Found) -> list[str]:
    gap, experts = f.numbers["gap_closed"], f.numbers["gap_closed_by_experts"]
    if gap is None or experts is None:
        plain, sparse = bits(f.bits["sparse-plain"][0], f.bits["sparse"][0])
        tenth = bits(f.bits["dense-tenth"][0], f.bits["sparse-plain"][0])[0]
        return [
            "There is no gap to share out: in bits per byte a dense model at a tenth has "
            f"{tenth}, the experts alone {plain}, experts and memory {sparse}."
        ]
    total, e, m = shares(gap, experts)
    by = (
        f"{pm(f'{e} %', f.ci.get('gap_closed_by_experts'), 100)} by the experts, "
        f"{pm(f'{m} %', f.ci.get('gap_closed_by_memory'), 100)} by the memory"
    )
    shown = pm(f"{total} %", f.ci.get("gap_closed"), 100)
    between = "the gap between a dense model at a tenth and the full one"
    if gap < 0:
        said = f"It closes none of {between} but widens it ({shown} closed): {by}."
    elif gap > 1:
        said = f"It closes {between} and goes beyond, {shown} of it: {by}."
    else:
        said = f"Of {between} it closes {shown}: {by}."
    return [said, _parts(f)] if f.numbers["leverage_by_experts"] is not None else [said]


def _parts(f: Found) -> str:
    """What the experts earned alone and the memory on top, also where that is nothing or less."""
    experts, memory = f.numbers["leverage_by_experts"], f.numbers["leverage_by_memory"]
    shown = f.lever("leverage_by_experts")
    if _undecided(experts, f.ci.get("leverage_by_experts")):
        said = f"What the experts alone earned cannot be told from nothing (leverage {shown})"
    elif experts < 0.95:
        said = f"The experts alone earned nothing here (leverage {shown}): they cost performance"
    elif experts < 1.05:
        said = f"The experts alone earned nothing here (leverage {shown})"
    else:
        said = f"The experts alone earned a leverage of {shown}"
    if memory is None:
        return f"{said}."
    half = f.ci.get("leverage_by_memory")
    factor = times(memory, half).replace("x", "")
    if _undecided(memory, half):
        return f"{said}; what the memory adds cannot be told from nothing (a factor of {factor})."
    if memory < 0.95:
        return f"{said}; the memory lost some of it (a factor of {factor})."
    if memory < 1.05:
        return f"{said}; the memory added nothing (a factor of {factor})."
    return f"{said}; the memory multiplies that by {factor}."


def _undecided(factor: float, half: float | None) -> bool:
    """Whether 1, that is nothing, lies within the interval; one seed has none."""
    return half is not None and abs(factor - 1) <= half


def _control(f: Found) -> str:
    if f.numbers["performance_kept_dense_tenth"] is None:
        return "What a dense model at a tenth keeps cannot be given."
    shown = f.said("performance_kept_dense_tenth")
    return f"For scale: a plain dense model with a tenth of the compute already keeps {shown}."


def _time(f: Found) -> str:
    ratio = f.numbers["time_ratio"]
    if ratio is None:
        return "The times cannot be compared."
    beside = ", beside other work, so that says little" if f.busy else ""
    if ratio < 1:
        return f"In seconds it took {f.said('time_ratio')} of the dense model's time{beside}."
    return (
        f"In seconds it saved nothing: it took {f.said('time_ratio')} times the dense model's "
        f"time{beside}."
    )


def _novel(f: Found) -> list[str]:
    """On tokens that in train never follow the three before them: no count has seen them there."""
    return _on_tokens(f, "novel", "which in train never follow the three before them")


def _fresh(f: Found) -> list[str]:
    """On those of them that are no copies either: short contexts are all that the memory has."""
    said = "novel ones that did not follow the token before them earlier in the window either"
    return _on_tokens(f, "fresh", said)


def _on_tokens(f: Found, kind: str, which: str) -> list[str]:
    if f.numbers.get(f"performance_kept_{kind}") is None:
        return []
    count = f.tokens.get(kind)
    among = f" ({count:,} of them)" if count else ""
    said = f"On {kind} tokens{among}, {which}, it keeps {f.said(f'performance_kept_{kind}')}"
    if f.numbers[f"performance_kept_{kind}_dense_tenth"] is not None:
        said += f"; a dense model at a tenth {f.said(f'performance_kept_{kind}_dense_tenth')}"
    if f.numbers[f"leverage_{kind}"] is None:
        return [f"{said}. No leverage can be given there."]
    lever = f"The leverage there is {f.lever(f'leverage_{kind}')}"
    if f.numbers[f"leverage_{kind}_by_experts"] is not None:
        lever += f"; that of the experts alone {f.lever(f'leverage_{kind}_by_experts')}"
    return [f"{said}. {lever}."]


def _chance(f: Found) -> list[str]:
    """What else might have come out: with other documents, and other seeds."""
    said = []
    lever, kept = (f.documents.get(f"{key}_over_documents") for key in
                   ("leverage", "performance_kept"))  # fmt: skip
    if kept is not None:
        between = f"performance kept is {share(kept[0])} to {share(kept[1])}"
        if lever is not None:
            between = f"leverage is {times(lever[0])} to {times(lever[1])}, {between}"
        said.append(
            f"Were the verdict's {f.documents['documents']} documents drawn again at random, "
            f"{between} (95 %)."
        )
    if f.seeds == 1:
        said.append("One seed: how much another would differ is not known.")
    return said


def _by_hand(f: Found) -> list[str]:
    """Whoever sets one arm alone may make the other look better than it is."""
    if not f.settings:
        return []
    return [f"Set by hand, where a rule would decide: {', '.join(f.settings)}."]


def _counting(f: Found) -> list[str]:
    """How the race stands against n-grams; by how much it loses is among the reasons."""
    where = {"seen": "on the tokens the sparse model saw", "all": "on the whole train side"}
    there = [
        n
        for n in where
        if f.numbers[f"performance_kept_counts_{n}"] is not None and f"counts-{n}" in f.bits
    ]
    if not there:
        return []
    kept = " and ".join(f"{f.said(f'performance_kept_counts_{n}')} {where[n]}" for n in there)
    bits_there = [pm(share(b), half) for b, half in (f.bits[f"counts-{n}"] for n in there)]
    lost = [n for n in there if f.bits["sparse"][0] >= f.bits[f"counts-{n}"][0]]
    stands = (
        f"no better than counting {where[lost[-1]]}"
        if lost
        else f"better than {'both' if there[1:] else 'that'}"
    )
    return [
        f"Counting n-grams, without a network, keeps {kept} ({' and '.join(bits_there)} bits per "
        f"byte). The sparse model does {stands}{', on average' if f.seeds > 1 else ''}.",
        *_experts_against_counting(f),
        *_memory_without_network(f),
    ]


def _experts_against_counting(f: Found) -> list[str]:
    """No arm counts as a success while it loses to counting, whatever it earned over dense ones."""
    b = f.bits["sparse-plain"][0]
    lost = [n for n in ("counts-seen", "counts-all") if n in f.bits and b >= f.bits[n][0]]
    if not lost:
        return []
    shown = bits(b, f.bits[lost[-1]][0])
    return [
        f"The experts alone lose to counting ({shown[0]} against {shown[1]} bits per byte): what "
        "they earned over dense models is no success by itself."
    ]


def _memory_without_network(f: Found) -> list[str]:
    """How much of the outcome is counting and copying, which no network did."""
    kept = f.numbers["performance_kept_counts_copies"]
    if kept is None or "counts-copies" not in f.bits:
        return []
    b, half = f.bits["counts-copies"]
    said = (
        "The memory by itself, counts and copies without any network, keeps "
        f"{f.said('performance_kept_counts_copies')} ({pm(share(b), half)} bits per byte)"
    )
    if b <= f.bits["sparse"][0]:
        return [f"{said}: the sparse model's network adds nothing to it."]
    if kept > 1:
        return [
            f"{said}: it beats the dense model alone, so the leverage says more of counting and "
            "copying than of sparsity; the sparse network adds the rest."
        ]
    return [f"{said}; the rest is the sparse model's network."]


def _memory_alone(f: Found) -> list[str]:
    """`--full`: the memory without experts, and whether experts on top of it tell."""
    if f.numbers["performance_kept_dense_memory_tenth"] is None:
        return []
    said = (
        "Memory alone, in a dense model at a tenth, keeps "
        f"{f.said('performance_kept_dense_memory_tenth')}"
    )
    if f.numbers["leverage_by_memory_alone"] is not None:
        said += f", a leverage of {f.lever('leverage_by_memory_alone')}"
    more = f.numbers["experts_on_memory"]
    return [f"{said}.", *([] if more is None else [_experts_on_top(more, f)])]


def _experts_on_top(more: float, f: Found) -> str:
    half = f.ci.get("experts_on_memory")
    shown = pm(f"{percent(abs(more - 1), 1)} %", half, 100)
    said = f"With experts on top it is {shown} {'worse' if more < 1 else 'better'}"
    if half is None:
        return f"{said}; what is chance in that, one seed cannot tell."
    if _undecided(more, half):
        return f"{said}: within the interval, so not told from nothing."
    return f"{said}, more than the interval."


def _dense_memory(f: Found) -> list[str]:
    """`--full`: the denominator of a hostile reader, who gives the dense model the memory too."""
    if f.numbers["performance_of_dense_memory"] is None:
        return []
    said = (
        "A dense model with the same memory and the whole budget has "
        f"{f.said('performance_of_dense_memory')} of the plain one's performance"
    )
    if f.numbers["performance_kept_against_dense_memory"] is None:
        return [f"{said}."]
    against = f.said("performance_kept_against_dense_memory")
    return [f"{said}; against that one the sparse model keeps {against}."]
