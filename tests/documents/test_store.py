from pathlib import Path

import pytest

from tenth.config import ReadConfig
from tenth.documents.model import Block, Document, Page
from tenth.documents.page.ink import Draft
from tenth.documents.run.store import SPAN, Count, Failure, Stale, Store, pack
from tenth.documents.run.work import as_json

SHA = "ab" * 32


def draft(number: int) -> Draft:
    return Draft(Page(number, (Block("paragraph", f"Seite {number} 表", number),), source="text"))


def filled(folder: Path, pages: int, config: ReadConfig | None = None):
    entry = Store(folder, config or ReadConfig()).entry(SHA, "pdf")
    entry.put_count(Count(pages, 0.5))
    for first in range(1, pages + 1, SPAN):
        numbers = range(first, min(first + SPAN, pages + 1))
        entry.put_span(first, [as_json(draft(n)) for n in numbers], 1.0, False)
    return entry


def test_pages_come_back_in_order_as_often_as_asked(tmp_path):
    entry = filled(tmp_path, 30)
    for _ in range(2):
        assert list(entry.drafts()) == [draft(n) for n in range(1, 31)]
    assert entry.total_seconds() == 3.5


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_broken_file_of_results_counts_as_none(tmp_path, damage):
    entry = filled(tmp_path, 30)
    path = entry.folder / "000013"
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(
        {
            "cut": content[:middle],
            "flipped": content[:middle] + bytes([content[middle] ^ 64]) + content[middle + 1 :],
            "empty": b"",
        }[damage]
    )
    assert [entry.has_span(first) for first in (1, 13, 25)] == [True, False, True]


def test_what_another_version_wrote_is_stale_and_not_a_crash(tmp_path):
    entry = filled(tmp_path, 1)
    (entry.folder / "000001").write_bytes(pack(b'{"seconds": 1.0, "drafts": [{"sheet": 3}]}'))
    with pytest.raises(Stale):
        list(entry.drafts())


def test_a_document_read_in_one_go_comes_back(tmp_path):
    entry = Store(tmp_path, ReadConfig()).entry(SHA, "docx")
    assert not entry.has_whole()
    document = Document("docx", (Page(1, (Block("paragraph", "x"),)),), title="T")
    entry.put_whole(pack(as_json(document)), 0.25)
    assert entry.has_whole() and entry.whole() == document and entry.total_seconds() == 0.25


def test_settings_that_change_results_have_results_of_their_own(tmp_path):
    entry = filled(tmp_path, 3)
    for config in (ReadConfig(ocr="never"), ReadConfig(tables=False), ReadConfig(max_cells=7)):
        assert Store(tmp_path, config).entry(SHA, "pdf").count() is None
    for kind in ("image", "docx"):
        assert Store(tmp_path, ReadConfig()).entry(SHA, kind).count() is None
    assert Store(tmp_path, ReadConfig()).entry(SHA, "pdf").name == entry.name


def test_what_failed_is_tried_again_under_other_limits_and_what_was_read_stays(tmp_path):
    entry = filled(tmp_path, 12)
    entry.put_span(13, [as_json(draft(13))], 1.0, True)
    entry.put_failure(Failure("took over 120 s"))
    other = Store(tmp_path, ReadConfig(page_seconds=99)).entry(SHA, "pdf")
    assert [entry.has_span(1), entry.has_span(13)] == [True, True]
    assert [other.has_span(1), other.has_span(13)] == [True, False]
    assert entry.failure() == Failure("took over 120 s") and other.failure() is None


def test_results_of_what_is_gone_and_of_older_versions_go(tmp_path):
    store, entry = Store(tmp_path, ReadConfig()), filled(tmp_path, 3)
    other = Store(tmp_path, ReadConfig(tables=False)).entry(SHA, "pdf")
    other.put_count(Count(3))
    gone = store.entry("cd" * 32, "pdf")
    gone.put_count(Count(1))
    old = tmp_path / entry.name.replace(".v", ".v0")
    old.mkdir()
    store.keep_only({SHA})
    assert entry.folder.is_dir() and other.folder.is_dir()
    assert not gone.folder.exists() and not old.exists()
