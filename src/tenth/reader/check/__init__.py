"""`tenth read --check`: all of an output folder against the archive, trusting no stored value."""

from tenth.reader.check.again import Again, read_again
from tenth.reader.check.compare import Difference, differences

__all__ = ["Again", "Difference", "differences", "read_again"]
