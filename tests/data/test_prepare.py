import errno
import json
import lzma
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tenth.config import DataConfig
from tenth.data import EOS, Corpus, iter_documents, open_corpus, prepare
from tenth.data import prepare as prepare_function
from tenth.data.spool import Spool, pieces

module = sys.modules[prepare_function.__module__]
SHARED = Path(__file__).parents[3] / "shared" / "data"
SPLITS = ("train", "tune", "verdict")


def config(*paths, **settings) -> DataConfig:
    held_out = tuple(map(str, settings.pop("held_out", ())))
    settings = {"vocab_size": 300, **settings}
    return DataConfig(paths=tuple(map(str, paths)), held_out=held_out, **settings)


def documents(corpus: Corpus, name: str) -> list[str]:
    """The texts of a split, decoded from its shard."""
    tokens = getattr(corpus, name).tokens
    parts = np.split(np.asarray(tokens), np.flatnonzero(tokens == corpus.eos_id) + 1)
    assert len(parts.pop()) == 0  # the shard ends with an end token
    return [corpus.tokenizer.decode(p[:-1], skip_special_tokens=False) for p in parts]


def texts_of(paths: DataConfig) -> list[str]:
    return sorted(d.text for d in iter_documents(paths))


def test_every_text_is_in_one_split_and_comes_back_exactly(notes, tmp_path):
    (notes / "end.txt").write_text(f"é {EOS} 漢字\r\n")
    corpus = prepare(config(notes), tmp_path / "data")
    back = [text for name in SPLITS for text in documents(corpus, name)]
    assert sorted(back) == texts_of(config(notes))


def test_a_process_that_comes_second_takes_the_corpus_of_the_first(notes, tmp_path, monkeypatch):
    build = module._build

    def overtaken(settings, folder, tell):
        build(settings, folder, tell)
        shutil.copytree(folder, tmp_path / "data")

    monkeypatch.setattr(module, "_build", overtaken)
    corpus = prepare(config(notes), tmp_path / "data")
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith("data")] == ["data"]
    assert documents(corpus, "train") == documents(open_corpus(tmp_path / "data"), "train")
    shutil.rmtree(tmp_path / "data")
    other = config(notes, vocab_size=310)
    monkeypatch.setattr(module, "_build", lambda _, *rest: overtaken(other, *rest))
    with pytest.raises(ValueError, match="vocab_size 310, not 300"):
        prepare(config(notes), tmp_path / "data")


def test_the_accounts_count_text_bytes_and_one_end_token_a_document(notes, tmp_path):
    corpus = prepare(config(notes), tmp_path / "data")
    for name in SPLITS:
        split, counts = getattr(corpus, name), corpus.info["splits"][name]
        texts = documents(corpus, name)
        assert split.n_documents == counts["documents"] == len(texts) > 0
        assert split.n_bytes == counts["bytes"] == sum(len(t.encode()) for t in texts)
        encoded = sum(len(corpus.tokenizer.encode(t).ids) for t in texts)
        assert len(split.tokens) == counts["tokens"] == encoded + len(texts)
    assert corpus.eos_id == 0
    assert corpus.vocab_size == corpus.info["vocab_size"] == corpus.tokenizer.get_vocab_size()


def test_the_shards_are_little_endian_and_memory_mapped(notes, tmp_path):
    corpus = prepare(config(notes), tmp_path / "data")
    assert isinstance(corpus.tune.tokens, np.memmap)
    raw = np.fromfile(tmp_path / "data" / "tune.bin", "<u2")
    assert (raw == corpus.tune.tokens).all()


def test_names_and_order_change_neither_the_hash_nor_the_tokens(notes, tmp_path):
    one = prepare(config(notes), tmp_path / "1")
    other = tmp_path / "other"
    other.mkdir()
    for i, path in enumerate(sorted(notes.iterdir(), reverse=True)):
        (other / f"{i}.md").write_bytes(path.read_bytes())
    lines = tmp_path / "lines.jsonl"
    lines.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts_of(config(notes))))
    for i, path in enumerate((other, lines)):
        two = prepare(config(path), tmp_path / f"again{i}")
        assert two.corpus_hash == one.corpus_hash
        assert all((getattr(one, n).tokens == getattr(two, n).tokens).all() for n in SPLITS)
    (notes / "more.txt").write_text("one more document")
    assert prepare(config(notes), tmp_path / "3").corpus_hash != one.corpus_hash


def test_exact_copies_are_dropped_and_counted(notes, tmp_path):
    before = prepare(config(notes), tmp_path / "1")
    shutil.copytree(notes, notes / "copies")
    after = prepare(config(notes), tmp_path / "2")
    assert after.corpus_hash == before.corpus_hash
    assert after.info["copies_dropped"] == 40
    assert after.info["near_duplicates_dropped"] == 0


def test_near_duplicates_of_held_out_text_leave_train_and_are_counted(notes, tmp_path):
    before = prepare(config(notes), tmp_path / "1")
    held_out = documents(before, "tune") + documents(before, "verdict")
    for i, text in enumerate(held_out):
        for extra in range(20):  # most of which their hashes would put in train
            (notes / f"near{i}-{extra}.txt").write_text(text + f"\nword{extra}\n")
    after = prepare(config(notes), tmp_path / "2")
    n_near = after.info["near_duplicates_dropped"]
    kept = sum(getattr(after, name).n_documents for name in SPLITS)
    assert kept + n_near == 40 + 20 * len(held_out)
    assert n_near > 10 * len(held_out)
    trained = set(documents(after, "train"))
    assert not any(t.rpartition("\nword")[0] in held_out for t in trained)


def test_the_tokenizer_never_sees_held_out_text(notes, tmp_path):
    before = prepare(config(notes), tmp_path / "1")
    verdict = tmp_path / "verdict.txt"
    verdict.write_text("zzyzx " * 500)
    after = prepare(config(notes, held_out=[verdict]), tmp_path / "2")
    assert not any("zz" in token for token in after.tokenizer.get_vocab())
    assert before.tokenizer.encode("balos").ids


def test_held_out_paths_are_the_whole_verdict(notes, tmp_path, prose):
    verdict = tmp_path / "mine"
    verdict.mkdir()
    for i in range(3):
        (verdict / f"{i}.txt").write_text(prose(1000 + i))
    shutil.copy(notes / "00.txt", verdict)  # also among the others: it may not be trained on
    corpus = prepare(config(notes, held_out=[verdict]), tmp_path / "data")
    assert sorted(documents(corpus, "verdict")) == texts_of(config(verdict))
    assert corpus.info["near_duplicates_dropped"] == 1
    others = documents(corpus, "train") + documents(corpus, "tune")
    assert sorted(others) == sorted(set(texts_of(config(notes))) - set(texts_of(config(verdict))))
    assert documents(corpus, "tune")


def test_a_single_document_gives_its_end_to_tune_when_text_is_held_out(tmp_path, prose):
    (tmp_path / "book.txt").write_text(prose(1, 8000))
    (tmp_path / "mine.txt").write_text(prose(2))
    corpus = prepare(
        config(tmp_path / "book.txt", held_out=[tmp_path / "mine.txt"]), tmp_path / "data"
    )
    (head,), (tail,) = documents(corpus, "train"), documents(corpus, "tune")
    assert head + tail == prose(1, 8000)
    assert head.endswith("\n")
    assert 0.05 <= len(tail) / len(head + tail) < 0.06


def test_too_little_text_says_how_much_there_is_and_what_to_do(tmp_path, prose):
    (tmp_path / "a.txt").write_text(prose(1, 8000))
    n_bytes = (tmp_path / "a.txt").stat().st_size
    with pytest.raises(ValueError, match=rf"1 different documents, {n_bytes:,} bytes") as error:
        prepare(config(tmp_path / "a.txt"), tmp_path / "data")
    assert "--split-on blank-line" in str(error.value)
    assert "--held-out" in str(error.value)
    (tmp_path / "lines.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n')
    with pytest.raises(ValueError, match="2 different documents, 2 bytes"):
        prepare(config(tmp_path / "lines.jsonl"), tmp_path / "data")
    assert not list(tmp_path.glob(".data*")) + list(tmp_path.glob("data"))


def test_no_text_at_all_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "blank.txt").write_text(" \n")
    with pytest.raises(ValueError, match=r"no text in .*empty"):
        prepare(config(tmp_path / "empty"), tmp_path / "data")
    with pytest.raises(ValueError, match=r"held_out: no text in .*blank"):
        prepare(config(tmp_path, held_out=[tmp_path / "blank.txt"]), tmp_path / "data")


def test_skipped_files_are_counted_in_the_record(notes, tmp_path):
    (notes / "numbers.bin").write_bytes(b"\x89\0\0")
    (notes / "report.zip").write_bytes(b"PK\x03\x04 and no more")
    info = prepare(config(notes), tmp_path / "data").info
    assert info["skipped_files"] == 2
    plain, packed = info["skipped_names"]
    assert plain == str(notes / "numbers.bin")
    assert packed.startswith(f"{notes / 'report.zip'}: ")  # and why
    assert info["files"] == 42


def test_a_finished_folder_is_opened_without_reading_the_sources(notes, tmp_path):
    first = prepare(config(notes), tmp_path / "data")
    shutil.rmtree(notes)
    again = prepare(config(notes), tmp_path / "data")
    assert again.info == first.info
    assert open_corpus(tmp_path / "data").corpus_hash == first.corpus_hash


def test_other_settings_in_the_same_folder_are_refused_by_name(notes, tmp_path):
    prepare(config(notes), tmp_path / "data")
    with pytest.raises(ValueError, match=r"DataConfig.vocab_size 300, not 512; .* --name"):
        prepare(config(notes, vocab_size=512), tmp_path / "data")


def test_a_folder_of_something_else_is_left_alone(notes, tmp_path):
    with pytest.raises(ValueError, match=r"holds no data\.json"):
        prepare(config(notes), notes)
    assert len(list(notes.iterdir())) == 40


def test_a_truncated_shard_is_named(notes, tmp_path):
    prepare(config(notes), tmp_path / "data")
    shard = tmp_path / "data" / "train.bin"
    shard.write_bytes(shard.read_bytes()[:-2])
    with pytest.raises(ValueError, match=r"train\.bin: \d+ bytes where data\.json says \d+"):
        open_corpus(tmp_path / "data")
    shard.unlink()
    with pytest.raises(ValueError, match=r"train\.bin: 0 bytes"):
        open_corpus(tmp_path / "data")


def test_a_full_disk_is_an_os_error_and_leaves_nothing(notes, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        prepare(config(notes), tmp_path / "run" / "data")
    assert list((tmp_path / "run").iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from tenth.config import DataConfig
from tenth.data import prepare

def kill(stage, done, total):
    if stage == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

prepare(DataConfig(paths=(sys.argv[1],), vocab_size=300), Path(sys.argv[2]), kill)
"""


def test_a_killed_run_leaves_no_folder_and_the_next_clears_up_after_it(notes, tmp_path):
    run = tmp_path / "run"
    command = [sys.executable, "-c", KILLED, str(notes), str(run / "data"), "writing tune"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert [path.name[:6] for path in run.iterdir()] == [".data-"]
    living = run / f".data-{os.getppid()}"  # another process that is still at work
    living.mkdir()
    prepare(config(notes), run / "data")
    assert {path.name for path in run.iterdir()} == {"data", living.name}
    names = {"data.json", "tokenizer.json", "tokenizer_config.json"}
    assert {p.name for p in (run / "data").iterdir()} == names | {f"{s}.bin" for s in SPLITS}


def test_progress_names_each_stage_and_ends_at_its_total(notes, tmp_path):
    ends = {}
    prepare(config(notes), tmp_path / "data", lambda stage, *at: ends.update({stage: at}))
    assert list(ends) == [
        *("reading", "comparing", "training the tokenizer"),
        *("writing train", "writing tune", "writing verdict"),
    ]
    assert all(done == total > 0 for done, total in ends.values())


def test_a_long_text_is_cut_at_lines_only():
    rng = random.Random(0)
    lines = ["x" * rng.randrange(40) + "\n" for _ in range(500)]
    text = "".join(lines) + "y" * 250 + "\nend"
    cut = list(pieces(text, 100))
    assert "".join(cut) == text
    assert max(map(len, cut)) <= 100
    within = [piece for piece in cut[:-1] if not piece.endswith("\n")]
    assert set("".join(within)) == {"y"}  # the one line that is too long


def test_a_long_document_is_encoded_in_pieces_under_one_end_token(tmp_path, prose):
    texts = [prose(i, 400) for i in range(12)] + [prose(99, 420_000)]  # the last over 2 MiB
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    corpus = prepare(config(path), tmp_path / "data")
    assert sorted(t for name in SPLITS for t in documents(corpus, name)) == sorted(texts)


def test_the_tokenizer_is_trained_on_a_sample_spread_over_train(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SAMPLE", 10_000)
    with Spool(tmp_path / "spool") as spool:
        for i in range(1000):
            spool.add(f"{i:03} " * 25, 1)
        rows = np.arange(1000)
        sample = list(module._sample(spool, rows, lambda *_: None))
    numbers = np.array([int(text[:3]) for text in sample])
    assert len(sample) == 100
    assert (np.diff(numbers) == 10).all()


def test_a_cut_never_falls_inside_a_character(tmp_path):
    with Spool(tmp_path / "spool") as spool:
        for text in ("漢" * 101, "ab\n" * 50, "x"):
            spool.add(text, 1)
            row = len(spool) - 1
            spool.cut(row, 0.05)
            assert spool.text(row) + spool.text(row + 1) == text


def test_the_default_corpus_is_stable_and_keeps_packages_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SAMPLE", 1 << 20)  # a quicker tokenizer
    one = prepare(DataConfig(vocab_size=512), tmp_path / "1")
    two = prepare(DataConfig(vocab_size=512), tmp_path / "2")
    assert one.corpus_hash == two.corpus_hash
    assert one.info == two.info
    assert one.info["source"].startswith("python 3.")
    total = sum(one.info["splits"][name]["bytes"] for name in SPLITS)
    assert one.train.n_bytes > 0.8 * total
    package: dict[str, str] = {}
    for document in iter_documents(DataConfig()):
        package.setdefault(document.text, document.group)  # of exact copies the first stays
    seen: set[str] = set()
    for name in ("tune", "verdict"):
        split = getattr(one, name)
        assert 0.04 * total < split.n_bytes < 0.08 * total
        packages = {package[text] for text in documents(one, name)}
        assert not packages & seen
        seen |= packages  # and nothing of them is left for train:
        assert split.n_documents == sum(group in packages for group in package.values())


def test_real_wiki_text_splits_by_blank_line(tmp_path):
    source = SHARED / "text" / "wiki_en.txt.xz"
    if not source.is_file():
        pytest.skip("../shared/data is absent")
    with lzma.open(source) as file:
        (tmp_path / "wiki.txt").write_bytes(file.read(2_000_000).rpartition(b"\n\n")[0])
    corpus = prepare(config(tmp_path / "wiki.txt", split_on="blank-line"), tmp_path / "data")
    total = sum(getattr(corpus, name).n_bytes for name in SPLITS)
    assert corpus.train.n_bytes > 0.8 * total
    assert corpus.verdict.n_documents > 1
    assert set(documents(corpus, "verdict")) <= set(
        texts_of(config(tmp_path / "wiki.txt", split_on="blank-line"))
    )
