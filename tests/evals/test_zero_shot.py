"""Every text is scored alone, whatever stands beside it; files say what is wrong with them."""

import gzip
import json
import lzma
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import story
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from tenth.config import MemoryConfig, ModelConfig
from tenth.data.tokenizer import EOS, train_tokenizer
from tenth.evals import cloze, minimal_pairs
from tenth.evals.intervals import mean_interval, t975, wilson
from tenth.evals.zero_shot import (
    Text,
    TransformerLM,
    batches,
    encode,
    evaluate,
    greedy,
    log_prob,
    open_eval,
)
from tenth.families import save_model
from tenth.model import Transformer

SHARED = Path(__file__).parents[3] / "shared" / "data" / "evals"
PAIR = {"paradigm": "number", "field": "syntax", "good": "a b", "bad": "b a"}
PASSAGE = {"context": "a b", "continuation": "c"}


class Uniform:
    """Knows nothing: every token has the same probability, and token 0 is taken for the next."""

    def log_prob(self, inputs, targets):
        return torch.full(inputs.shape, -math.log(10))

    def predict(self, inputs):
        return torch.zeros_like(inputs)


class Theirs:
    """A model of transformers."""

    def __init__(self, model):
        self.model = model.eval()

    @torch.no_grad()
    def log_prob(self, inputs, targets):
        return self.model(inputs).logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]

    @torch.no_grad()
    def predict(self, inputs):
        return self.model(inputs).logits.argmax(-1)

    @torch.no_grad()
    def own_log_prob(self, tokens):
        """By their own loss, one text at a time, without our batches or our shift."""
        ids = torch.tensor([[0, *tokens]])
        return -self.model(ids, labels=ids).loss.item() * len(tokens)


def letters(n=10):
    vocab = {"<eos>": 0} | {chr(96 + i): i for i in range(1, n)}
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token="<eos>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


SMALL = {"vocab_size": 40, "d_model": 16, "n_layers": 2, "n_heads": 2, "n_kv_heads": 1,
         "d_head": 8, "d_ff": 24, "max_seq": 64}  # fmt: skip
SPARSE = {"n_experts": 4, "d_expert": 8, "memory": MemoryConfig(order=0)}
KINDS = {"dense": {}, "sparse": SPARSE, "routed head": {"head_groups": 4}}


def transformer(**changes):
    model = Transformer(ModelConfig(**{**SMALL, **changes})).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator) * 0.3)
    return model


def random_texts(n, vocab=40, longest=30, seed=0):
    draw = np.random.default_rng(seed)
    texts = []
    for _ in range(n):
        tokens = draw.integers(1, vocab, draw.integers(1, longest)).tolist()
        texts.append(Text(tokens, int(draw.integers(0, len(tokens)))))
    return texts


def scores(model, texts, seq=64, **options):
    nats, right = np.empty(len(texts)), np.empty(len(texts), dtype=bool)
    for some in batches(texts, seq, **options):
        nats[some.rows], right[some.rows] = log_prob(model, some), greedy(model, some)
    return nats, right


def gpt2():
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    config = GPT2Config(vocab_size=40, n_embd=16, n_layer=2, n_head=2, n_positions=64,
                        initializer_range=0.5, bos_token_id=0, eos_token_id=0)  # fmt: skip
    return Theirs(GPT2LMHeadModel(config))


# ---------------------------------------------------------------- batches


@given(
    st.lists(st.lists(st.integers(1, 99), min_size=1, max_size=30), min_size=1, max_size=12),
    st.integers(1, 20),
    st.integers(1, 100),
    st.data(),
)
def test_each_text_is_read_once_after_the_end_of_text_and_only_its_own_tokens_count(
    token_lists, seq, batch, data
):
    texts = [Text(t, data.draw(st.integers(0, len(t) - 1))) for t in token_lists]
    steps, seen = [], []
    for some in batches(
        texts, seq, eos=100, batch=batch, progress=lambda *done: steps.append(done)
    ):
        seen += some.rows
        rows, width = some.inputs_BS.shape
        assert width <= seq and (rows == 1 or rows * width <= batch)
        for row, i in enumerate(some.rows):
            tokens, counts = texts[i].tokens, some.counts_BS[row]
            cut = max(0, len(tokens) - seq)
            assert some.targets_BS[row][counts].tolist() == tokens[max(cut, texts[i].score_from) :]
            n = len(tokens) - cut
            assert some.inputs_BS[row, :n].tolist() == [100, *tokens][cut:-1]
    assert sorted(seen) == list(range(len(texts)))
    assert steps[-1] == (len(texts), len(texts)) and steps == sorted(set(steps))


@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS)
def test_batches_and_padding_change_nothing(changes):
    model, texts = TransformerLM(transformer(**changes)), random_texts(50)
    alone, right_alone = scores(model, texts, batch=1)
    for batch in (16 * 30, 10_000):
        together, right = scores(model, texts, batch=batch)
        np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-5)
        assert (right == right_alone).all()
    assert alone.std() > 1  # there was something to tell apart


def test_what_a_model_says_of_padding_is_not_heard():
    class NotANumberAfterZero(Uniform):  # the texts hold no zero: it is the padding
        def log_prob(self, inputs, targets):
            return torch.where(targets == 0, math.nan, super().log_prob(inputs, targets))

    nats, _ = scores(NotANumberAfterZero(), [Text([1] * n) for n in (1, 4, 9)])
    np.testing.assert_allclose(nats, [-n * math.log(10) for n in (1, 4, 9)], rtol=1e-6)
    with pytest.raises(ValueError, match="not numbers"):
        scores(NotANumberAfterZero(), [Text([1, 0, 1])])


def test_of_a_long_text_the_last_tokens_are_scored_from_those_before_them():
    model = TransformerLM(transformer())
    text = random_texts(1, longest=60, seed=4)[0].tokens
    assert len(text) > 20
    (nats,), _ = scores(model, [Text(text)], seq=8)
    logits = model.model(torch.tensor([text[-9:-1]])).logits[0]
    by_hand = -torch.nn.functional.cross_entropy(logits, torch.tensor(text[-8:]), reduction="sum")
    assert nats == pytest.approx(by_hand.item(), rel=1e-5)


# ---------------------------------------------------------------- models


def test_the_log_probabilities_are_those_of_transformers_own_loss():
    model, texts = gpt2(), random_texts(20)
    nats, _ = scores(model, [Text(t.tokens) for t in texts])
    theirs = [model.own_log_prob(t.tokens) for t in texts]
    np.testing.assert_allclose(nats, theirs, rtol=1e-4)


def test_our_model_scores_as_transformers_does_with_the_same_weights(tmp_path, monkeypatch):
    from transformers import AutoModelForCausalLM

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    ours = transformer()
    save_model(ours, tmp_path)
    theirs = Theirs(AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32))
    texts = [Text(t.tokens) for t in random_texts(20)]
    nats, _ = scores(TransformerLM(ours), texts)
    np.testing.assert_allclose(nats, [theirs.own_log_prob(t.tokens) for t in texts], rtol=1e-4)


def test_greedy_is_right_where_transformers_would_generate_just_that():
    model = gpt2()
    texts, expected = [], []
    for prompt in (t.tokens for t in random_texts(12, longest=12)):
        ids = torch.tensor([[0, *prompt]])
        given = model.model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=3,
            eos_token_id=None, pad_token_id=0,
        )  # fmt: skip
        tokens = given[0, 1:].tolist()
        assert len(tokens) == len(prompt) + 3
        for place in (None, -1, -2, -3):
            changed = list(tokens)
            if place is not None:
                changed[place] = (changed[place] + 1) % 40
            texts.append(Text(changed, len(prompt)))
            expected.append(place is None)
    assert scores(model, texts)[1].tolist() == expected


@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS)
def test_what_our_model_scores_and_predicts_are_its_logits(changes):
    model = transformer(**changes)
    inputs, targets = torch.randint(40, (2, 3, 9), generator=torch.Generator().manual_seed(1))
    log_p = model(inputs).logits.detach().log_softmax(-1)
    ours = TransformerLM(model)
    torch.testing.assert_close(
        ours.log_prob(inputs, targets), log_p.gather(-1, targets[..., None])[..., 0]
    )
    assert torch.equal(ours.predict(inputs), log_p.argmax(-1))


def test_logits_are_held_a_few_rows_at_a_time_with_the_same_result():
    model = transformer(**SPARSE)
    rows = []
    model.embed.register_forward_pre_hook(lambda _, given: rows.append(len(given[0])))
    texts = random_texts(24)
    wide = scores(TransformerLM(model), texts, batch=10_000)
    assert max(rows) == 24
    rows.clear()
    narrow = scores(TransformerLM(model, max_logits=3 * 29 * 40), texts, batch=10_000)
    assert max(rows) == 3
    np.testing.assert_allclose(narrow[0], wide[0], rtol=1e-5)
    assert (narrow[1] == wide[1]).all()
    scores(TransformerLM(model, max_logits=1), texts)  # at least one row


def test_scoring_changes_no_weight_and_leaves_no_gradient():
    model = transformer(**SPARSE)
    before = {k: v.clone() for k, v in model.state_dict().items()}
    scores(TransformerLM(model), random_texts(3))
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())


# ---------------------------------------------------------------- the tokenizer


def test_special_tokens_in_a_text_are_the_characters_they_are():
    tokenizer = train_tokenizer([story(0)], 300)
    text = f"the cat {EOS} saw"
    tokenizer.encode_special_tokens = False  # as a file that was opened by another tool
    (ids,) = encode(tokenizer, [text])
    assert 0 not in ids and tokenizer.decode(ids) == text


def test_the_tokenizers_own_padding_and_truncation_are_left_out_and_left_as_they_were():
    tokenizer = train_tokenizer([story(0)], 300)
    plain = encode(tokenizer, ["the cat", "the cat saw the moon in the snow"])
    tokenizer.enable_padding(length=50)
    tokenizer.enable_truncation(4)
    before = tokenizer.to_str()
    assert encode(tokenizer, ["the cat", "the cat saw the moon in the snow"]) == plain
    assert tokenizer.to_str() == before and not 4 == len(plain[0]) == len(plain[1])


def test_a_tokenizer_that_ends_each_text_with_a_token_is_kept_from_it():
    tokenizer = letters()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <eos>", special_tokens=[("<eos>", 0)]
    )
    assert tokenizer.encode("a b").ids == [1, 2, 0]
    assert encode(tokenizer, ["a b"]) == [[1, 2]]


def test_a_text_without_tokens_is_refused():
    tokenizer = letters()
    tokenizer.model = models.BPE({"a": 0}, [])  # knows no "b" and has no bytes to spell it with
    with pytest.raises(ValueError, match="no token of 'b'"):
        encode(tokenizer, ["a", "b"])


# ---------------------------------------------------------------- files


def write(path, *records):
    text = "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records)
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "wt", encoding="utf-8") as file:
        file.write(text)
    return path


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "jsonl.xz"])
def test_a_file_is_read_in_each_form(tmp_path, ending):
    first = "\ufeff" + json.dumps({**PASSAGE, "more": 1})  # some editors open a file so
    path = write(tmp_path / f"x.{ending}", first, "", {**PASSAGE, "context": "é"})
    assert open_eval(path, cloze.FIELDS) == [PASSAGE, {**PASSAGE, "context": "é"}]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", ["not JSON"]),
        ("[1]", ["not an object", "context, continuation"]),
        ({"context": "a", "text": "b"}, ["no field 'continuation'", "context, text"]),
        ({}, ["no field 'context'", "there are: none"]),
        ({**PASSAGE, "context": " "}, ["'context'", "no text", "' '"]),
        ({**PASSAGE, "continuation": 7}, ["'continuation'", "no text", "7"]),
    ],
)
def test_a_bad_line_is_named_with_its_file_number_and_field(tmp_path, line, says):
    path = write(tmp_path / "x.jsonl", PASSAGE, "", line)
    with pytest.raises(ValueError) as error:
        open_eval(path, cloze.FIELDS)
    assert str(error.value).startswith(f"{path}:3: ")
    assert all(words in str(error.value) for words in says)


def test_a_file_that_is_missing_empty_broken_or_of_another_kind_is_named(tmp_path):
    whole = write(tmp_path / "x.jsonl.xz", *[PASSAGE] * 99).read_bytes()
    for name, data, says in (
        ("no.jsonl", None, "no such file"),
        ("x.csv", b"a,b", "none of .jsonl, .jsonl.gz, .jsonl.xz"),
        ("empty.jsonl", b"\n", "no lines; each needs the fields context, continuation"),
        ("cut.jsonl.xz", whole[:-30], "cannot be read"),
        ("not.jsonl.gz", b"plain", "cannot be read"),
        ("latin.jsonl", '{"context": "é"}'.encode("latin-1"), "cannot be read"),
    ):
        path = tmp_path / name
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(ValueError, match=says) as error:
            open_eval(path, cloze.FIELDS)
        assert str(path) in str(error.value)


def test_half_a_surrogate_pair_in_json_does_not_stop_the_tokenizer(tmp_path):
    path = write(tmp_path / "x.jsonl", '{"context": "a \\ud800", "continuation": "b"}')
    (record,) = open_eval(path, cloze.FIELDS)
    assert encode(train_tokenizer([story(0)], 300), [record["context"]])


# ---------------------------------------------------------------- the entry


def test_a_folder_is_the_tests_in_it_and_a_file_the_one_of_its_name(tmp_path):
    blimp = write(tmp_path / "blimp.jsonl.xz", PAIR)
    ask = (Uniform(), letters())
    (tmp_path / "hellaswag.jsonl").write_text("something else")
    assert set(evaluate(*ask, tmp_path, 8)) == {"blimp"}
    lambada = write(tmp_path / "lambada_openai.jsonl.gz", PASSAGE)
    both = evaluate(*ask, tmp_path, 8)
    assert both == {**evaluate(*ask, blimp, 8), **evaluate(*ask, lambada, 8)}
    assert set(both) == {"blimp", "lambada"}
    write(tmp_path / "blimp.jsonl", PAIR, PAIR)  # the plain form comes first
    assert evaluate(*ask, tmp_path, 8)["blimp"]["n"] == 2


def test_a_place_without_a_test_is_refused_with_the_names_it_would_have(tmp_path):
    (tmp_path / "other.jsonl").write_text("{}")
    for path in (tmp_path, tmp_path / "other.jsonl", tmp_path / "nowhere"):
        with pytest.raises(ValueError, match=r"blimp\.jsonl, lambada_openai\.jsonl") as error:
            evaluate(Uniform(), letters(), path, 8)
        assert str(path) in str(error.value)


def test_a_bad_second_file_is_told_before_the_first_is_scored(tmp_path):
    class Untouched:
        log_prob = predict = None

    write(tmp_path / "blimp.jsonl", PAIR)
    write(tmp_path / "lambada_openai.jsonl", {"text": "a b"})
    with pytest.raises(ValueError, match=r"lambada_openai\.jsonl:1: no field 'context'"):
        evaluate(Untouched(), letters(), tmp_path, 8)  # type: ignore[arg-type]


@pytest.mark.parametrize("option", ["seq", "batch", "per_paradigm", "limit"])
def test_a_number_that_makes_no_sense_is_named(tmp_path, option):
    write(tmp_path / "blimp.jsonl", PAIR)
    options = {"seq": 8, option: -1}
    with pytest.raises(ValueError, match=f"evaluate: {option} is -1"):
        evaluate(Uniform(), letters(), tmp_path, **options)


def test_the_samples_sizes_and_the_progress_reach_each_test(tmp_path):
    write(tmp_path / "blimp.jsonl", *[PAIR] * 5)
    write(tmp_path / "lambada_openai.jsonl", *[PASSAGE] * 7)
    steps = []
    result = evaluate(Uniform(), letters(), tmp_path, 8, per_paradigm=2, limit=3,
                      progress=lambda *step: steps.append(step))  # fmt: skip
    assert (result["blimp"]["n"], result["lambada"]["n"]) == (2, 3)
    assert ("blimp", 4, 4) in steps and ("lambada", 3, 3) in steps


def test_the_real_sets_are_read_and_scored():
    if not (SHARED / "blimp.jsonl.xz").is_file():
        pytest.skip("../shared/data is absent")
    pairs = minimal_pairs.read(SHARED / "blimp.jsonl.xz", per_paradigm=2)
    tokenizer = train_tokenizer([p["good"] for p in pairs], 400)
    model = TransformerLM(transformer(vocab_size=400))
    result = evaluate(model, tokenizer, SHARED, 64, per_paradigm=2, limit=20)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    blimp, lambada = result["blimp"], result["lambada"]
    assert (blimp["n"], blimp["n_paradigms"], lambada["n"]) == (134, 67, 20)
    assert set(blimp["by_field"]) == {"morphology", "semantics", "syntax", "syntax_semantics"}
    assert blimp["accuracy"] == pytest.approx(blimp["accuracy_of_pairs"])
    assert lambada["bits_per_byte"] > 1  # weights drawn at random know no English


# ---------------------------------------------------------------- intervals


def test_students_t_is_that_of_the_tables():
    table = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 8: 2.306, 25: 2.060, 66: 1.997, 10**6: 1.96}
    for df, t in table.items():
        assert t975(df) == pytest.approx(t, rel=2e-3), df


def test_wilsons_interval_is_that_of_the_formula_and_stays_inside():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 20)[0] == 0 and wilson(20, 20)[1] == 1
    assert wilson(20, 20)[0] == pytest.approx(20 / (20 + 1.96**2), abs=1e-4)


def test_one_value_says_nothing_of_its_mean():
    assert mean_interval(np.array([0.5])) == (-math.inf, math.inf)


@pytest.mark.parametrize(("p", "n"), [(0.3, 500), (0.02, 200), (0.5, 30)])
def test_wilsons_interval_covers_the_truth_nineteen_times_in_twenty(p, n):
    right = np.random.default_rng(0).binomial(n, p, 4000)
    covered = [low <= p <= high for low, high in (wilson(r, n) for r in right)]
    assert 0.93 < np.mean(covered) < 0.975


@pytest.mark.parametrize("n", [2, 5, 67])
def test_the_interval_of_a_mean_covers_it_nineteen_times_in_twenty(n):
    draws = np.random.default_rng(0).normal(3, 2, (4000, n))
    covered = [low <= 3 <= high for low, high in map(mean_interval, draws)]
    assert 0.938 < np.mean(covered) < 0.962
