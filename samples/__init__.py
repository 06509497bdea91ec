"""Generators of sample input: reports of companies that do not exist."""
