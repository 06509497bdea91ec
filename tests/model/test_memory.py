"""The memory's mixture and the routed head: distributions, the same by either way, and honest."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tenth.config import MemoryConfig, ModelConfig
from tenth.data import NGrams
from tenth.model import Answers
from tests.model.test_model import CONFIGS, MEMORY, model_of, tokens_of

MIXED = ("memory", "routed head", "windows alone", "counts alone")


@pytest.mark.parametrize("name", MIXED)
def test_what_the_model_says_of_all_tokens_is_a_distribution(name):
    logits = model_of(CONFIGS[name])(tokens_of(2, 20)).logits
    torch.testing.assert_close(logits.exp().sum(-1), torch.ones(2, 20), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [*MIXED, "dense", "sparse"])
def test_a_targets_log_probability_is_the_same_alone_as_among_all_tokens(name):
    model, tokens = model_of(CONFIGS[name]), tokens_of(2, 21)
    alone = model.log_prob(tokens[:, :-1], tokens[:, 1:]).log_prob
    among = model(tokens[:, :-1]).logits.log_softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]
    torch.testing.assert_close(alone, among, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("vocab_size, groups", [(97, 1), (97, 97), (61, 5), (64, 8), (1000, 3)])
def test_a_routed_head_of_any_shape_holds_every_token_once(vocab_size, groups):
    config = replace(CONFIGS["dense"], vocab_size=vocab_size, head_groups=groups)
    model, tokens = model_of(config), tokens_of(1, 6)
    assert model.head.n_groups * model.head.width >= vocab_size
    logits = model(tokens).logits
    assert logits.shape == (1, 6, vocab_size)
    torch.testing.assert_close(logits.exp().sum(-1), torch.ones(1, 6), rtol=1e-4, atol=1e-4)


def test_a_target_trains_its_own_group_of_words_alone():
    model, tokens = model_of(CONFIGS["routed head"]), tokens_of(1, 2)
    model.log_prob(tokens[:, :1], tokens[:, 1:]).log_prob.sum().backward()
    used = model.head.words.grad.abs().sum((1, 2)) > 0
    assert used.sum() == 1
    assert used[model.head.slot_V[tokens[0, 1]] // model.head.width]


def test_the_models_tables_answer_as_the_counts_do():
    text = np.random.default_rng(0).integers(0, 97, 400) % 23  # model_of's text
    n_grams = NGrams(text, 97, 4)
    want = n_grams.answers(n_grams.estimate(), np.arange(40) % 23)
    model = model_of(MEMORY)
    targets = torch.arange(40)[None] % 23
    before = torch.cat((torch.zeros(1, 8, dtype=torch.long), targets[:, :-1]), 1)
    got = model.memory.answers(before, targets)
    torch.testing.assert_close(got.p_BS[0], torch.from_numpy(want.p))
    torch.testing.assert_close(got.log_gamma_BSN[0], torch.from_numpy(want.log_gamma))


def test_answers_that_are_handed_in_stand_in_for_the_tables():
    model, tokens = model_of(MEMORY), tokens_of(2, 21)
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    own = model.memory.answers(inputs, targets)
    with_own = model.log_prob(inputs, targets, own).log_prob
    torch.testing.assert_close(with_own, model.log_prob(inputs, targets).log_prob)
    sure = Answers(torch.ones_like(own.p_BS), own.log_gamma_BSN)
    assert (model.log_prob(inputs, targets, sure).log_prob > with_own).all()


def copying(windows: tuple[int, ...]) -> ModelConfig:
    return replace(CONFIGS["dense"], memory=MemoryConfig(order=0, windows=windows))


def test_a_window_copies_what_followed_the_same_tokens_before():
    memory = model_of(copying((1, 2))).memory
    known = torch.tensor([[5, 6, 7, 9, 6, 8, 5, 6]])
    #  after 6 came 7 and 8; after 5 6 came 7
    hits, matches = memory._copied(known, torch.tensor([[7]]))
    assert hits[0, 0].tolist() == [1, 1] and matches[0, 0].tolist() == [2, 1]
    hits, matches = memory._copied(known, torch.tensor([[8]]))
    assert hits[0, 0].tolist() == [1, 0] and matches[0, 0].tolist() == [2, 1]


def test_a_window_never_counts_the_token_that_is_to_be_predicted():
    memory = model_of(copying((1,))).memory
    known = torch.tensor([[5, 6, 5, 6, 5]])
    hits, matches = memory._copied(known, torch.tensor([[6, 5, 6, 5, 6]]))
    assert matches[0, :, 0].tolist() == [0, 0, 1, 1, 2]
    assert hits[0, :, 0].tolist() == [0, 0, 1, 1, 2]


def test_a_window_ends_where_the_context_that_was_trained_at_ends():
    config = replace(copying((1,)), max_seq=8)
    memory = model_of(config).memory
    known = torch.tensor([[3] + [1] * 6 + [3], [3] + [1] * 7])
    assert memory._copied(known, torch.tensor([[1], [1]]))[1][0, 0, 0] == 1  # seven back
    longer = torch.tensor([[3] + [1] * 7 + [3]])
    assert memory._copied(longer, torch.tensor([[1]]))[1][0, 0, 0] == 0  # eight back


def test_an_expert_that_has_nothing_to_say_gets_no_weight():
    model = model_of(copying((1, 2)))
    distinct = torch.arange(10)[None]
    gate = model.log_prob(distinct[:, :-1], distinct[:, 1:]).gate.exp()
    torch.testing.assert_close(gate[..., 0], torch.ones(1, 9))
    repeated = torch.tensor([[4, 5, 4, 5, 4, 5]])
    gate = model.log_prob(repeated[:, :-1], repeated[:, 1:]).gate.exp()
    assert (gate[0, 3:, 1:] > 0).all()


def test_text_that_was_never_counted_falls_back_and_stays_finite():
    model = model_of(CONFIGS["counts alone"])
    strange = torch.randint(40, 97, (1, 12), generator=torch.Generator().manual_seed(1))
    scored = model.log_prob(strange[:, :-1], strange[:, 1:])
    assert torch.isfinite(scored.log_prob).all()
    log_gamma = model.memory.answers(strange[:, :-1], strange[:, 1:]).log_gamma_BSN
    assert (log_gamma == 0).all()  # contexts never seen leave everything to the order below


def test_the_tables_stay_as_they_were_counted_when_the_model_turns_bf16():
    model = model_of(MEMORY)
    before = {name: table.clone() for name, table in model.memory.named_buffers()}
    model.to(torch.bfloat16)
    for name, table in model.memory.named_buffers():
        assert table.dtype == before[name].dtype and torch.equal(table, before[name])
    assert torch.isfinite(model(tokens_of(1, 6)).logits).all()


def test_training_states_leave_out_the_tables_which_counting_makes_again():
    state = model_of(MEMORY).state_dict()
    assert "memory.query.weight" in state and "head.slot_V" in state
    assert not any(name.startswith(("memory.keys", "memory.p_")) for name in state)


@pytest.mark.parametrize("wrong, named", [
    ({"order": 1}, "order"), ({"windows": (2, 1)}, "windows"), ({"windows": (0, 1)}, "windows"),
    ({"order": 0, "windows": ()}, "order"), ({"n_grams": (3,)}, "n_grams"),
    ({"d_gate": 0}, "d_gate"),
])  # fmt: skip
def test_a_memory_that_cannot_be_names_its_field(wrong, named):
    with pytest.raises(ValueError, match=named):
        MemoryConfig(**wrong)
