"""`python -m tenth`, the same as `tenth`."""

from tenth.cli import main

main()
