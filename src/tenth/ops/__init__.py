"""One contract per file: a plain reference and its fast twin."""

from tenth.ops.earlier import earlier_counts, earlier_counts_reference
from tenth.ops.grouped_mm import grouped_mm, grouped_mm_reference
from tenth.ops.norm import rms_norm, rms_norm_reference
from tenth.ops.orthogonalize import (
    orthogonalize,
    orthogonalize_flops,
    orthogonalize_reference,
)
from tenth.ops.rows import (
    Order,
    combine_rows,
    combine_rows_reference,
    dispatch_rows,
    dispatch_rows_reference,
    sorted_rows,
)

__all__ = [
    "Order",
    "combine_rows",
    "combine_rows_reference",
    "dispatch_rows",
    "dispatch_rows_reference",
    "earlier_counts",
    "earlier_counts_reference",
    "grouped_mm",
    "grouped_mm_reference",
    "orthogonalize",
    "orthogonalize_flops",
    "orthogonalize_reference",
    "rms_norm",
    "rms_norm_reference",
    "sorted_rows",
]
