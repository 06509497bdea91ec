"""The workbook: statements side by side, live formulas, every figure linked to its source."""

from tenth.reader.workbook.write import facts_shown, write_workbook

__all__ = ["facts_shown", "write_workbook"]
