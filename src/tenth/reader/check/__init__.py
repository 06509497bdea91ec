"""`tenth read --check`: all of an output folder against the archive, trusting no stored value."""

from tenth.reader.check.again import Again, read_again
from tenth.reader.check.compare import Difference, differences, differences_of, files_of

__all__ = ["Again", "Difference", "differences", "differences_of", "files_of", "read_again"]
