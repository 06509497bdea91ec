"""Whole archives into a folder: processes, results that last, outputs."""
