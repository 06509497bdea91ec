"""Figures that no document prints, each with its formula and what it is made of."""

from tenth.reader.analysis.catalogue import METRICS, Metric, metric_of, readable
from tenth.reader.analysis.derivations import evaluate_derivation, percent_points
from tenth.reader.analysis.figure import all_recomputed, recomputed
from tenth.reader.analysis.figures import figures_of
from tenth.reader.analysis.formula import evaluate
from tenth.reader.analysis.notes import note_in
from tenth.reader.analysis.turnover import Partner, Turnover, turnover

__all__ = [
    "METRICS",
    "Metric",
    "Partner",
    "Turnover",
    "all_recomputed",
    "evaluate",
    "evaluate_derivation",
    "figures_of",
    "metric_of",
    "note_in",
    "percent_points",
    "readable",
    "recomputed",
    "turnover",
]
