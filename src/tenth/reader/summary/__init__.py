"""What matters, in words: the summary and the contradictions, every figure with its source."""

from tenth.reader.summary.check import unsourced
from tenth.reader.summary.contradictions import contradictions_md
from tenth.reader.summary.write import cited_facts, rendered_summary, write_summary

__all__ = ["cited_facts", "contradictions_md", "rendered_summary", "unsourced", "write_summary"]
