"""How much better would the dense arm have to be for a race's leverage to fall to 4?

    python bench/break_even.py [RESULT.json...]     # default: the newest of each race

The dense arm's sizes are never tuned to the last grain: this says how much that could matter. With
the dense arm at a tenth left as it is, leverage is 4 where the slope s of the dense line is
ln(b_tenth / b_sparse) / ln 4, and the dense arm then has b_tenth / 10^s bits per byte. Printed:
that, and its distance from the dense arm's own, for each seed.
"""

import json
import math
import sys
from pathlib import Path

from curve import RESULTS, newest
from tenth.race.seeds import of_seed

BAR = 4.0


def needed(sparse: dict, tenth: dict, dense: dict, bar: float = BAR) -> float:
    """The dense arm's bits per byte at which the sparse arm's leverage is `bar`."""
    over_tenth = math.log(bar * sparse["flops"] / tenth["flops"])
    slope = math.log(tenth["bits_per_byte"] / sparse["bits_per_byte"]) / over_tenth
    return tenth["bits_per_byte"] * (dense["flops"] / tenth["flops"]) ** -slope


def main() -> None:
    for path in map(Path, sys.argv[1:] or newest(sorted(RESULTS.glob("*-race-*.json")))):
        result = json.loads(path.read_text())
        for seed in range(result["seeds"]):
            of = [of_seed(result["arms"], n, seed) for n in ("sparse", "dense-tenth", "dense")]
            b, had = needed(*of), of[2]["bits_per_byte"]
            print(
                f"{path.name} seed {seed}: leverage {BAR:g} where the dense arm has {b:.4f} bits "
                f"per byte instead of {had:.4f}: {100 * (1 - b / had):.1f} % better"
            )


if __name__ == "__main__":
    main()
