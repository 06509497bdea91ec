"""A whole race on text the test makes: every arm, every figure, resumed, refused, repeated."""

import json
import math
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console

from tenth.config import ArmConfig, DataConfig, from_dict
from tenth.data import NGrams, open_corpus
from tenth.evals.bits_per_byte import bits_per_byte, token_bits, windows
from tenth.families import load_model
from tenth.model import flops
from tenth.race import arms as rule
from tenth.race.counting import count_models, memory_by_itself
from tenth.race.display import Display
from tenth.race.runner import RaceConfig, Runner
from tenth.race.verdict import ALL_ARMS, ARMS
from tenth.race.verdict_text import (
    copied_tokens,
    document_bits,
    novel_tokens,
    token_classes,
    verbatim_share,
)
from tenth.train.loop import Interrupted


def quiet() -> Display:
    return Display(Console(quiet=True))


def run(config: RaceConfig, folder: Path, should_stop=lambda: False) -> dict:
    return Runner(config, folder, quiet(), should_stop).run()


@pytest.fixture(scope="module")
def config(text_folder: Path, tmp_path_factory) -> RaceConfig:
    evals = tmp_path_factory.mktemp("evals") / "lambada_openai.jsonl"
    lines = [{"context": "the cat sat on the", "continuation": " mat"}] * 3
    evals.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return RaceConfig("t", DataConfig(paths=(str(text_folder),)), "1e11", evals=str(evals),
                      settings=("train.device=cpu", "train.dtype=float32"))  # fmt: skip


@pytest.fixture(scope="module")
def done(config: RaceConfig, tmp_path_factory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("runs") / "t"
    return folder, run(config, folder)


def test_the_result_holds_every_arm_with_every_figure(done):
    folder, result = done
    assert list(result["arms"]) == list(ARMS)
    for name, arm in result["arms"].items():
        for key in ("flops", "seconds", "peak_bytes", "params_active", "params_total",
                    "inference_flops_per_token", "tokens", "bits_per_byte"):  # fmt: skip
            assert arm[key] > 0 and math.isfinite(arm[key]), (name, key)
        assert (folder / arm["path"] / "model.safetensors").exists()
        assert arm["curve"][-1][0] == arm["flops"] and arm["curve"][-1][1] <= arm["seconds"]
        assert arm["sample"]
    for key in ("performance_kept", "gap_closed", "gap_closed_by_experts", "leverage",
                "leverage_by_experts", "leverage_for_95", "compute_ratio", "time_ratio",
                "corpus_hash", "informative"):  # fmt: skip
        assert key in result
    assert json.loads((folder / "result.json").read_text()) == result


def test_no_arm_spends_more_than_its_budget_and_the_tenths_at_most_a_tenth(done):
    _, result = done
    dense = result["arms"]["dense"]["flops"]
    assert 0.9 * result["budget"] < dense <= result["budget"] == 1e11
    for name in ("sparse", "sparse-plain", "dense-tenth"):
        assert 0.05 * dense < result["arms"][name]["flops"] <= 0.1 * dense
    assert result["compute_ratio"] <= 0.1


def test_the_flops_are_those_of_the_settings_and_tokens_that_stand_beside_them(done):
    _, result = done
    for arm in result["arms"].values():
        settings = from_dict(ArmConfig, arm["settings"])
        t = settings.train
        assert arm["tokens"] == t.steps * t.batch_size * t.seq_len
        per_step = flops.training_flops_per_step(settings.model, t.seq_len, t.batch_size)
        assert arm["flops"] == t.steps * per_step + rule.setup_flops(settings.model)


def test_only_the_sparse_arms_have_experts_and_only_one_has_memory(done):
    _, result = done
    models = {name: arm["settings"]["model"] for name, arm in result["arms"].items()}
    assert [m["n_experts"] > 0 for m in models.values()] == [True, True, False, False]
    assert [m["head_groups"] > 0 for m in models.values()] == [True, True, False, False]
    assert [m["memory"] is not None for m in models.values()] == [True, False, False, False]
    assert len({m["vocab_size"] for m in models.values()}) == 1
    assert len(result["arms"]["sparse"]["expert_load"]) > 0


def test_the_verdict_is_what_the_saved_weights_score_on_the_verdict_split(done):
    folder, result = done
    corpus = open_corpus(folder / "data")
    for name in ("sparse", "dense"):
        model = load_model(folder / name)
        again = bits_per_byte(
            lambda x, y, m=model: m(x).logits.log_softmax(-1).gather(-1, y[..., None])[..., 0],
            corpus.verdict.tokens, corpus.verdict.n_bytes, model.config.max_seq,
        )  # fmt: skip
        assert again == pytest.approx(result["arms"][name]["bits_per_byte"], rel=1e-5)


def test_novel_tokens_are_those_whose_trigram_was_never_followed_by_them_in_train(done):
    folder, result = done
    corpus = open_corpus(folder / "data")
    train, verdict = ([0] * 3 + split.tokens.tolist() for split in (corpus.train, corpus.verdict))
    seen = {tuple(train[i : i + 4]) for i in range(len(train) - 3)}
    novel = [tuple(verdict[i : i + 4]) not in seen for i in range(len(verdict) - 3)]
    assert 0 < sum(novel) < len(novel)
    for arm in result["arms"].values():
        assert arm["novel_tokens"] == sum(novel)
    model = load_model(folder / "sparse")
    bits = token_bits(
        lambda x, y: model.log_prob(x, y).log_prob, corpus.verdict.tokens, model.config.max_seq
    )
    mean = bits[torch.tensor(novel)].mean().item()
    assert result["arms"]["sparse"]["novel_bits"] == pytest.approx(mean, rel=1e-5)


def test_fresh_tokens_are_novel_ones_that_their_window_does_not_show_either(done):
    folder, result = done
    corpus = open_corpus(folder / "data")
    tokens, seq = (
        corpus.verdict.tokens.tolist(),
        result["arms"]["sparse"]["settings"]["train"]["seq_len"],
    )
    copied = [False] * len(tokens)
    for window in windows(len(tokens), seq, seq // 2):
        for i in range(window.score_from, window.end):
            read = [tokens[window.begin - 1] if window.begin else 0, *tokens[window.begin : i]]
            copied[i] = (read[-1], tokens[i]) in pairwise(read)
    assert (copied_tokens(corpus, seq) == np.array(copied)).all() and 0 < sum(copied) < len(copied)
    classes = token_classes(corpus, seq)
    assert (classes["fresh"] == (classes["novel"] & ~np.array(copied))).all()
    for arm in result["arms"].values():
        assert 0 < arm["fresh_tokens"] == classes["fresh"].sum() <= arm["novel_tokens"]
        assert arm["fresh_bits"] > 0
    assert result["leverage_fresh"] is None or result["leverage_fresh"] > 0


def test_the_bits_of_the_documents_are_the_bits_of_the_split(done):
    folder, result = done
    corpus = open_corpus(folder / "data")
    for arm in result["arms"].values():
        whole = arm["bits_per_byte"] * corpus.verdict.n_bytes
        assert sum(arm["document_bits"]) == pytest.approx(whole)
        assert len(arm["document_bits"]) == corpus.verdict.n_documents == result["documents"]
    bits, tokens = np.arange(7.0), np.array([5, 0, 0, 3, 3, 3, 0])
    assert document_bits(bits, tokens, 0) == [1.0, 2.0, 18.0]
    assert document_bits(bits, tokens, 0, most=2) == [3.0, 18.0]


def test_text_that_stands_in_train_word_for_word_is_counted(done, monkeypatch):
    folder, result = done
    corpus = open_corpus(folder / "data")
    train, verdict = (split.tokens.tolist() for split in (corpus.train, corpus.verdict))
    runs = {tuple(train[i : i + 13]) for i in range(len(train) - 12)}
    known = set()
    for i in range(len(verdict) - 12):
        if tuple(verdict[i : i + 13]) in runs:
            known |= set(range(i, i + 13))
    assert result["verdict_verbatim"] == pytest.approx(len(known) / len(verdict))
    monkeypatch.setattr("tenth.race.verdict_text.MAX_TOKENS", len(train) // 5)
    assert verbatim_share(corpus) == result["verdict_verbatim"]
    assert verbatim_share(replace(corpus, verdict=corpus.train)) == 1.0


def test_every_race_has_its_count_models(done):
    folder, result = done
    corpus = open_corpus(folder / "data")
    seen, everything = result["counts"]["counts-seen"], result["counts"]["counts-all"]
    assert everything["tokens"] == len(corpus.train.tokens)
    assert 0 < seen["tokens"] <= min(everything["tokens"], result["arms"]["sparse"]["tokens"])
    n_grams = NGrams(np.asarray(corpus.train.tokens), corpus.vocab_size)
    nats = -n_grams.log_prob(n_grams.estimate(), np.asarray(corpus.verdict.tokens)).sum()
    bits = nats / math.log(2) / corpus.verdict.n_bytes
    assert everything["bits_per_byte"] == pytest.approx(bits)
    assert result["performance_kept_counts_all"] == pytest.approx(
        result["arms"]["dense"]["bits_per_byte"] / bits
    )


def test_the_memory_by_itself_copies_and_so_does_no_worse_than_its_counts(done):
    folder, result = done
    counts = result["counts"]
    assert list(counts) == ["counts-all", "counts-seen", "counts-copies"]
    assert counts["counts-copies"]["bits_per_byte"] < 1.02 * counts["counts-all"]["bits_per_byte"]
    corpus = open_corpus(folder / "data")
    tokens = np.arange(4000) % 50  # nothing but copies: text that repeats itself, and was counted
    n_grams = NGrams(tokens, 512)
    loop = replace(corpus, train=replace(corpus.train, tokens=tokens), vocab_size=512)
    score = memory_by_itself(n_grams, loop, 128)
    assert token_bits(score, tokens[:400], 128)[200:].mean() < 0.1


def test_the_gates_shares_add_up_to_one_and_name_their_experts(done):
    shares = done[1]["arms"]["sparse"]["gate_share"]
    assert list(shares) == ["network", "counts", "window-1", "window-2", "window-4"]
    assert sum(shares.values()) == pytest.approx(1) and min(shares.values()) >= 0
    assert "gate_share" not in done[1]["arms"]["dense"]


def test_a_tiny_budget_is_accepted_and_marked_not_informative(done):
    _, result = done
    assert not result["informative"]
    assert any("1e12" in reason for reason in result["not_informative_because"])


def test_the_same_call_again_trains_nothing(done, config, monkeypatch):
    folder, result = done

    def never(*_):
        raise AssertionError("trained again")

    monkeypatch.setattr("tenth.race.runner.train", never)
    assert run(config, folder) == result


def test_another_call_on_the_same_folder_is_refused_by_what_differs(done, config):
    folder, _ = done
    with pytest.raises(ValueError, match=r"budget '1e11', not '2e11'.*--name"):
        run(replace(config, budget="2e11"), folder)
    with pytest.raises(ValueError, match="arms"):
        run(replace(config, arms=ARMS[1:]), folder)


def test_a_run_of_another_version_is_refused(done, config, tmp_path):
    plan = json.loads((done[0] / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps({**plan, "format": 99}))
    with pytest.raises(ValueError, match=r"run\.json: a run of another version"):
        run(config, tmp_path)


@pytest.mark.slow
def test_a_race_stopped_at_any_arm_goes_on_to_the_same_verdict(done, config, tmp_path):
    calls = {"n": 0}

    def stop_now_and_then() -> bool:
        calls["n"] += 1
        return calls["n"] % 150 == 0

    for _ in range(40):
        try:
            result = run(config, tmp_path / "t", stop_now_and_then)
            break
        except Interrupted:
            continue
    assert calls["n"] > 300
    for name, arm in result["arms"].items():
        assert arm["bits_per_byte"] == done[1]["arms"][name]["bits_per_byte"], name
    assert result["leverage"] == done[1]["leverage"]


@pytest.fixture(scope="module")
def full(config: RaceConfig, tmp_path_factory) -> dict:
    return run(replace(config, arms=ALL_ARMS), tmp_path_factory.mktemp("full") / "t")


@pytest.mark.slow
def test_a_race_grown_to_a_full_one_equals_one_that_was_full_from_the_start(
    done, full, config, tmp_path
):
    shutil.copytree(done[0], tmp_path / "grown")
    grown = run(replace(config, arms=ALL_ARMS), tmp_path / "grown")
    assert list(grown["arms"]) == list(full["arms"])
    for name, arm in full["arms"].items():
        assert arm["settings"] == grown["arms"][name]["settings"]
        assert arm["bits_per_byte"] == grown["arms"][name]["bits_per_byte"]


@pytest.mark.slow
def test_a_full_race_adds_memory_without_experts_and_tests_without_training(full):
    assert list(full["arms"]) == list(ALL_ARMS)
    models = {name: arm["settings"]["model"] for name, arm in full["arms"].items()}
    for name in ("dense-memory-tenth", "dense-memory"):
        assert models[name]["memory"] and not models[name]["n_experts"]
        assert not models[name]["head_groups"]
    flops_of = {name: arm["flops"] for name, arm in full["arms"].items()}
    assert flops_of["dense-memory-tenth"] <= flops_of["dense"] / 10
    assert 0.9e11 < flops_of["dense-memory"] <= 1e11
    for arm in full["arms"].values():
        assert arm["evals"]["lambada"]["n"] == 3
    assert full["experts_on_memory"] > 0


@pytest.mark.slow
def test_seeds_give_means_with_intervals_and_each_seed_by_itself(done, config, tmp_path):
    """Seeds are added to a finished race: what stands there is not trained again."""
    shutil.copytree(done[0], tmp_path / "t")
    result = run(replace(config, seeds=2), tmp_path / "t")
    for name in ARMS:
        assert result["arms"][name] == done[1]["arms"][name]
    assert list(result["arms"])[4:] == [f"{name}-s1" for name in ARMS]
    assert (tmp_path / "t" / "sparse-s1" / "model.safetensors").exists()
    kept = [seed["performance_kept"] for seed in result["per_seed"]]
    assert len(set(kept)) == 2
    assert result["performance_kept"] == pytest.approx(sum(kept) / 2)
    assert result["performance_kept_ci95"] > 0
    with pytest.raises(ValueError, match="seeds 2, not 1"):
        run(config, tmp_path / "t")


@pytest.mark.slow
def test_a_time_budget_is_calibrated_once_and_stored_with_the_run(config, tmp_path, monkeypatch):
    timed = replace(config, budget="6s")
    folder = tmp_path / "t"

    def training() -> bool:
        return (folder / "run.json").exists() and "settled" in (folder / "run.json").read_text()

    with pytest.raises(Interrupted):
        run(timed, folder, training)
    plan = json.loads((folder / "run.json").read_text())
    assert plan["flops"] >= 1e11 and plan["calibration"]["dense"] > 0
    monkeypatch.setattr("tenth.race.runner.flops_for", lambda *_: 1 / 0)
    with pytest.raises(Interrupted):
        run(timed, folder, training)
    assert json.loads((folder / "run.json").read_text()) == plan


def test_a_run_of_another_release_is_refused_and_so_are_tests_that_are_not_there(
    done, config, tmp_path
):
    plan = json.loads((done[0] / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps({**plan, "tenth": "0.0.9"}))
    with pytest.raises(ValueError, match=r"begun with tenth 0\.0\.9"):
        run(config, tmp_path)
    with pytest.raises(ValueError, match="no such file"):
        run(replace(config, evals=str(tmp_path / "nowhere")), tmp_path / "t")
    assert not (tmp_path / "t").exists()


def test_text_beyond_what_is_counted_is_still_not_novel(done, monkeypatch):
    folder, result = done
    corpus = open_corpus(folder / "data")
    whole = novel_tokens(corpus)
    monkeypatch.setattr("tenth.race.verdict_text.MAX_TOKENS", len(corpus.train.tokens) // 5)
    monkeypatch.setattr("tenth.race.counting.MAX_TOKENS", len(corpus.train.tokens) // 5)
    assert (novel_tokens(corpus) == whole).all()
    sparse = from_dict(ArmConfig, result["arms"]["sparse"]["settings"])
    counts = count_models(corpus, {0: sparse}, token_classes(corpus, sparse.train.seq_len))
    assert counts["counts-all"]["tokens"] == len(corpus.train.tokens) // 5
    seen = min(result["counts"]["counts-seen"]["tokens"], len(corpus.train.tokens) // 5)
    assert counts["counts-seen"]["tokens"] == seen


def test_a_bad_budget_or_setting_writes_nothing(config, tmp_path):
    for wrong, told in (
        (dict(budget="1e9"), "too small"),
        (dict(budget="lots"), "no number"),
        (dict(budget="inf"), "not finite"),
        (dict(budget="nan"), "too small|not finite"),
        (dict(budget="1s"), "too small"),
        (dict(seeds=0), "--seeds 0"),
        (dict(settings=("model.d_modell=3",)), "nearest: d_model"),
        (dict(settings=("d_model=3",)), "begins with none of"),
        (dict(settings=("train.steps=3",)), "follows from the budget"),
        (dict(settings=("model.d_model=4096",)), "too small for"),
    ):
        with pytest.raises(ValueError, match=told):
            run(replace(config, **wrong), tmp_path / "t")
        assert not (tmp_path / "t").exists()


def test_two_processes_do_not_work_on_one_run(config, tmp_path):
    from filelock import FileLock

    (tmp_path / "t").mkdir()
    with FileLock(tmp_path / "t" / ".lock"), pytest.raises(ValueError, match="another process"):
        run(config, tmp_path / "t")


@pytest.mark.parametrize("exponent", [11, 11.5, 12, 12.5, 13, 13.5, 14, 15, 16, 17])
def test_the_rule_gives_arms_within_any_budget_and_within_32_times_the_parameters(exponent):
    budget = 10**exponent
    vocab = rule.vocabulary(budget)
    dense = rule.arm("dense", budget, vocab)
    spent = rule.training_flops(dense)
    assert 0.9 * budget < spent <= budget
    with torch.device("meta"):
        from tenth.model import Transformer

        _, dense_total = flops.parameter_counts(Transformer(dense.model), dense.model)
        for name in ("sparse", "sparse-plain", "dense-tenth"):
            arm = rule.arm(name, spent / 10, vocab)
            assert 0.85 * spent / 10 < rule.training_flops(arm) <= spent / 10, name
            _, total = flops.parameter_counts(Transformer(arm.model), arm.model)
            assert total <= 32 * dense_total, name
            heads = arm.model.n_heads * arm.model.d_head
            assert heads == arm.model.d_model, f"{name}: heads of {arm.model.d_head} fill the width"
            full = rule.arm(name, budget / 10, vocab).model
            assert arm.model == full, "a little under a tenth is still the tenth's row"


def test_a_setting_for_one_arm_leaves_the_others_alone():
    settings = ("dense.train.lr=0.5", "model.n_kv_heads=1")
    dense, tenth = (rule.arm(n, 1e12, 512, settings) for n in ("dense", "dense-tenth"))
    assert dense.train.lr == 0.5 != tenth.train.lr
    assert dense.model.n_kv_heads == tenth.model.n_kv_heads == 1
