"""One contract per file: a plain reference and its fast twin."""

from tenth.ops.grouped_mm import grouped_mm, grouped_mm_reference
from tenth.ops.orthogonalize import (
    orthogonalize,
    orthogonalize_flops,
    orthogonalize_reference,
)
from tenth.ops.rows import (
    combine_rows,
    combine_rows_reference,
    dispatch_rows,
    dispatch_rows_reference,
)

__all__ = [
    "combine_rows",
    "combine_rows_reference",
    "dispatch_rows",
    "dispatch_rows_reference",
    "grouped_mm",
    "grouped_mm_reference",
    "orthogonalize",
    "orthogonalize_flops",
    "orthogonalize_reference",
]
