"""The ledger: every figure of an archive's documents with its source, checked; no torch in here."""
