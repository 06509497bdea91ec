"""A DataConfig becomes a folder of token shards, all of it or nothing."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
from tokenizers import Tokenizer

from tenth.checkpoints import write_tokenizer
from tenth.config import DataConfig, to_dict
from tenth.data.contents import Reading
from tenth.data.corpus import FORMAT, Corpus, open_corpus
from tenth.data.duplicates import NearDuplicates, signature
from tenth.data.sources import iter_documents, source_label
from tenth.data.splits import (
    DROPPED,
    MIN_DOCUMENTS,
    SHARE,
    SPLITS,
    TRAIN,
    TUNE,
    VERDICT,
    corpus_hash,
    drop_copies,
    in_digest_order,
    split_by_content,
    split_by_group,
)
from tenth.data.spool import Spool, pieces
from tenth.data.tokenizer import train_tokenizer

MIN_TRAIN_BYTES = 20_000
SAMPLE = 8 << 20  # bytes the tokenizer is trained on; Chinese takes 70 bytes of memory for each
BATCH = 2 << 20  # characters that are encoded at a time
HELD_OUT = 0  # the group of the user's own verdict text

Progress = Callable[[str, int, int], None]  # (stage, done bytes, total bytes)


def prepare(config: DataConfig, folder: Path, progress: Progress | None = None) -> Corpus:
    """The corpus in `folder`, made there first unless it stands there already.

    Raises ValueError where the text will not do, or where `folder` holds that of other settings.
    """
    folder = Path(folder)
    if (folder / "data.json").is_file():
        return _reopened(config, folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{str(folder)!r} exists and holds no data.json; choose another --name")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(folder)
    temporary = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        _build(config, temporary, _throttled(progress))
        for path in (*temporary.iterdir(), temporary):
            _sync(path)
        temporary.rename(folder)
        _sync(folder.parent)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if isinstance(error, OSError) and (folder / "data.json").is_file():
            return _reopened(config, folder)  # another process was first
        raise
    return open_corpus(folder)


def _reopened(config: DataConfig, folder: Path) -> Corpus:
    corpus = open_corpus(folder)
    for name, value in to_dict(config).items():
        if (had := corpus.info["config"].get(name)) != value:
            raise ValueError(
                f"{str(folder)!r} was made with DataConfig.{name} {had!r}, not {value!r}; "
                "choose another --name"
            )
    return corpus


# The steps, in order


def _build(config: DataConfig, folder: Path, tell: Progress) -> None:
    with Spool(folder / "spool") as spool:
        reading, names = _read(config, spool, tell)
        splits = _assigned(config, spool, names)
        n_copies = int((splits == DROPPED).sum())
        n_near = _drop_near_duplicates(spool, splits, tell)
        _need_enough_text(spool, splits, n_near)
        train = _ordered(spool, splits, TRAIN)
        tokenizer = train_tokenizer(_sample(spool, train, tell), config.vocab_size)
        write_tokenizer(folder, tokenizer)
        dtype = np.dtype("<u2" if tokenizer.get_vocab_size() <= 1 << 16 else "<u4")
        counts = {}
        for code, name in enumerate(SPLITS):
            rows = _ordered(spool, splits, code)
            n_tokens = _write(folder / f"{name}.bin", dtype, tokenizer, spool, rows, tell)
            n_bytes = int(spool.sizes[rows].sum())
            counts[name] = {"documents": len(rows), "bytes": n_bytes, "tokens": n_tokens}
        info = {
            "format": FORMAT,
            "config": to_dict(config),
            "source": source_label(config),
            "corpus_hash": corpus_hash(spool.digests, splits),
            "splits": counts,
            "vocab_size": tokenizer.get_vocab_size(),
            "dtype": dtype.str,
            "files": reading.files,
            "skipped_files": len(reading.skipped),
            "skipped_names": reading.skipped[:5],
            "copies_dropped": n_copies,  # exact ones, of which the first stays
            "near_duplicates_dropped": n_near,  # of tune and verdict, from train
        }
    (folder / "spool").unlink()
    (folder / "data.json").write_text(json.dumps(info, indent=2) + "\n")


def _read(config: DataConfig, spool: Spool, tell: Progress) -> tuple[Reading, list[str]]:
    """All documents into the spool; the names of their groups, of which 0 is the held-out text."""
    reading = Reading()
    groups: dict[str, int] = {"": HELD_OUT}
    for document in iter_documents(config, config.held_out, reading) if config.held_out else ():
        spool.add(document.text, HELD_OUT)
        tell("reading", reading.done, reading.total)
    if config.held_out and not len(spool):
        raise ValueError(f"DataConfig.held_out: no text in {', '.join(config.held_out)}")
    n_held_out = len(spool)
    for document in iter_documents(config, reading=reading):
        group = groups.setdefault(f"/{document.group}", len(groups))
        spool.add(document.text, group)
        tell("reading", reading.done, reading.total)
    if len(spool) == n_held_out:
        raise ValueError(f"no text in {source_label(config)}")
    tell("reading", reading.total, reading.total)
    return reading, list(groups)


def _assigned(config: DataConfig, spool: Spool, names: list[str]) -> np.ndarray:
    """Each row's split; exact copies are dropped, so a corpus is the set that its hash names."""
    digests, held_out = spool.digests, spool.groups == HELD_OUT
    splits = np.where(held_out, VERDICT, TRAIN).astype(np.int8)
    splits[drop_copies(digests, held_out)] = DROPPED
    # A copy of held-out text is never tuned on: it stays in train until near duplicates go.
    rows = np.flatnonzero(~held_out & ~drop_copies(digests, np.zeros(len(spool))))
    wanted = [TUNE] if config.held_out else [VERDICT, TUNE]
    if config.paths:
        splits[rows] = split_by_content(digests[rows], wanted)
    else:
        splits[rows] = split_by_group(spool.groups[rows], spool.sizes[rows], names, wanted)
    if config.held_out and len(rows) and not (splits == TUNE).any():
        spool.cut(int(rows[spool.sizes[rows].argmax()]), SHARE)
        splits = np.append(splits, np.int8(TUNE))
    return splits


def _drop_near_duplicates(spool: Spool, splits: np.ndarray, tell: Progress) -> int:
    """Takes what resembles tune or verdict text out of train; only their signatures are held."""
    held_out, train = np.flatnonzero(splits > TRAIN), np.flatnonzero(splits == TRAIN)
    sizes, done, sketches = spool.sizes, 0, []
    total, n_dropped = int(sizes[splits >= TRAIN].sum()), 0
    for row in held_out.tolist():
        sketches.append(signature(spool.text(row)))
        tell("comparing", done := done + int(sizes[row]), total)
    index = NearDuplicates(np.array(sketches)) if sketches else None
    for row in train.tolist():
        if index and index.hold(signature(spool.text(row))):
            splits[row] = DROPPED
            n_dropped += 1
        tell("comparing", done := done + int(sizes[row]), total)
    return n_dropped


def _need_enough_text(spool: Spool, splits: np.ndarray, n_near: int) -> None:
    n_documents = int((splits != DROPPED).sum()) + n_near
    n_bytes = int(spool.sizes[splits == TRAIN].sum())
    whole = all((splits == code).any() for code in (TRAIN, TUNE, VERDICT))
    if n_bytes >= MIN_TRAIN_BYTES and whole:
        return
    dropped = f" ({n_near} near duplicates of held-out text dropped)" if n_near else ""
    raise ValueError(
        f"too little text: {n_documents} different documents, {n_bytes:,} bytes to train on"
        f"{dropped}; at least {MIN_DOCUMENTS} documents and {MIN_TRAIN_BYTES:,} bytes are needed. "
        "--split-on blank-line makes a document of each block of text; "
        "--held-out names verdict text of your own"
    )


def _ordered(spool: Spool, splits: np.ndarray, code: int) -> np.ndarray:
    # Not in the order of the sources: corpora of one hash are then the same token for token.
    return in_digest_order(spool.digests, np.flatnonzero(splits == code))


def _sample(spool: Spool, rows: np.ndarray, tell: Progress) -> Iterator[str]:
    """Train text for the tokenizer: all of it, or pieces spread evenly over it."""
    total = int(spool.sizes[rows].sum())
    share = min(1.0, SAMPLE / total)
    seen = taken = 0
    for row in rows.tolist():
        for piece in pieces(spool.text(row)):
            size = len(piece.encode())
            seen += size
            if taken < share * seen:
                taken += size
                yield piece
            tell("training the tokenizer", seen, total)


def _write(
    path: Path,
    dtype: np.dtype,
    tokenizer: Tokenizer,
    spool: Spool,
    rows: np.ndarray,
    tell: Progress,
) -> int:
    """Streams the rows' tokens into a flat file; how many they are."""
    n_tokens, done, total = 0, 0, int(spool.sizes[rows].sum())
    with path.open("wb") as file:
        for batch in _batches(spool, rows):
            texts = [piece for piece, _ in batch]
            encodings = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
            for encoding, (piece, ends) in zip(encodings, batch, strict=True):
                ids = np.array(encoding.ids + [0] * ends, dtype)  # 0 is EOS
                file.write(ids.tobytes())
                n_tokens += len(ids)
                done += len(piece.encode())
            tell(f"writing {path.stem}", done, total)
    return n_tokens


def _batches(spool: Spool, rows: np.ndarray) -> Iterator[list[tuple[str, bool]]]:
    """Pieces of documents, about BATCH characters at a time, and whether each ends its document."""
    batch, size = [], 0
    for row in rows.tolist():
        parts = list(pieces(spool.text(row)))
        for i, piece in enumerate(parts):
            batch.append((piece, i == len(parts) - 1))
            size += len(piece)
            if size >= BATCH:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


# Around the steps


def _throttled(progress: Progress | None) -> Progress:
    """`progress`, called ten times a second at most, and at each stage's end."""
    last = 0.0

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if progress and (now - last >= 0.1 or done == total):
            last = now
            progress(stage, done, total)

    return tell


def _remove_stale(folder: Path) -> None:
    for path in folder.parent.glob(f".{folder.name}-*"):
        pid = path.name.rpartition("-")[2]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):  # else another process is at work
            shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
