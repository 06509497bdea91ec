"""The workbook: statements side by side, live formulas, every figure linked to its source."""

from tenth.reader.workbook.write import write_workbook

__all__ = ["write_workbook"]
