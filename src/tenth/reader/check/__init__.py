"""`tenth read --check`: all of an output folder against the archive, trusting no stored value."""

from tenth.reader.check.again import Again, read_again
from tenth.reader.check.compare import Difference, differences
from tenth.reader.check.locators import unresolved

__all__ = ["Again", "Difference", "differences", "read_again", "unresolved"]
