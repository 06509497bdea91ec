"""tiktoken's ranks give the tokens of the vocabulary they were taken from."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from tenth.checkpoints.tiktoken import _STAND_INS, KIMI_WORDS, RANKS, from_tiktoken

TEXT = [
    "The cats' log isn't there; THEY'LL sit on 12345 mats.\n\n\tif x[0] != y:\n    return",
    "你好，世界。今天天气很好abc你好",
    "naïve café 👍🏽 Ünïcödé straße ДОМ дом",
] * 4


def trained() -> Tokenizer:
    made = Tokenizer(models.BPE(ignore_merges=True))
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(KIMI_WORDS), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])  # fmt: skip
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420, show_progress=False, min_frequency=1,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )  # fmt: skip
    made.train_from_iterator(TEXT, trainer)
    return made


PEER = trained()
N = PEER.get_vocab_size()
CONFIG = {
    "added_tokens_decoder": {
        str(N): {"content": "[BOS]", "special": True},
        str(N + 3): {"content": "<|im_end|>", "special": True},
        str(N + 4): {"content": "<think>", "special": False},
    }
}


def ranks_of(tokenizer: Tokenizer) -> list[str]:
    byte = {character: byte for byte, character in enumerate(_STAND_INS)}
    vocab = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    spelled = [(bytes(byte[c] for c in name), rank) for name, rank in vocab]
    return [f"{base64.b64encode(token).decode()} {rank}" for token, rank in spelled]


LINES = ranks_of(PEER)


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    def write(lines=LINES, config=CONFIG):
        folder = tmp_path_factory.mktemp("ranks")
        (folder / RANKS).write_text("\n".join(lines) + "\n")
        if config is not None:
            (folder / "tokenizer_config.json").write_text(json.dumps(config))
        return folder

    return write


@pytest.fixture(scope="module")
def made(write) -> Tokenizer:
    return from_tiktoken(write())


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.text(max_size=40), st.lists(st.sampled_from("".join(TEXT))).map("".join)))
def test_the_tokens_are_those_of_the_vocabulary_the_ranks_come_from(made, text):
    ids = made.encode(text, add_special_tokens=False).ids
    assert ids == PEER.encode(text).ids
    assert made.decode(ids) == text


def test_added_tokens_have_the_ids_of_the_configuration(made):
    made.encode_special_tokens = False
    assert made.encode("a<|im_end|>").ids[-1] == N + 3
    assert made.token_to_id("<think>") == N + 4 and made.token_to_id("[BOS]") == N
    assert made.decode([N, N + 3, N + 4]) == "<think>"


def test_words_are_cut_as_kimi_cuts_them():
    cut = pre_tokenizers.Split(Regex(KIMI_WORDS), "isolated").pre_tokenize_str
    pieces = [piece for piece, _ in cut("你好abc don't HTTPServer 12345  x\n")]
    assert pieces == [
        "你好", "abc", " don't", " HTTPServer", " ", "123", "45", " ", " x", "\n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines, config, said",
    [
        ([*LINES[:-1], "what"], CONFIG, f"line {N} is no token and rank"),
        (["!! 0"], CONFIG, "line 1 is no token and rank"),
        (LINES[:100], CONFIG, "truncated, or no ranks"),
        (LINES[:-2] + LINES[-1:], CONFIG, "truncated, or no ranks"),
        (LINES, {"added_tokens_decoder": {"a": {}}}, "names no token"),
        (LINES, None, "no added_tokens_decoder"),
        (LINES, {"added_tokens_decoder": {"5": {"content": "a"}}}, "added token 5 is among"),
        (LINES, {"added_tokens_decoder": {"999999999": {"content": "a"}}}, "far beyond"),
        (LINES, {"added_tokens_decoder": {str(N): {}}}, "has no content"),
        (
            LINES,
            {"added_tokens_decoder": {str(N): {"content": "a"}, str(N + 1): {"content": "a"}}},
            "more than once",
        ),
    ],
)
def test_broken_ranks_are_named(write, lines, config, said):
    with pytest.raises(ValueError, match=said):
        from_tiktoken(write(lines, config))
