"""Documents that nobody tuned for: each figure as its writer meant it, or unknown, never wrong."""

from pathlib import Path

import pytest

from tests.reader.strange.judged import judged
from tests.reader.strange.paper import Paper
from tests.reader.strange.papers import PAPERS
from tests.reader.strange.written import write

KNOWN = 0.9  # of a paper's figures, at least


@pytest.mark.parametrize("kind", ["pdf", "html", "docx", "xlsx"])
@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_no_figure_of_a_strange_document_is_wrong(paper: Paper, kind: str, tmp_path: Path) -> None:
    verdict = judged(paper, write(paper, kind, tmp_path))
    assert not verdict.counts["wrong"], "\n".join(verdict.misses)
    assert not verdict.ledger.contradictions
    assert verdict.counts["right"] >= KNOWN * sum(verdict.counts.values()), verdict.misses
