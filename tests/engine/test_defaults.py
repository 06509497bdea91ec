"""What generation_config.json says, and what it says wrong."""

import json

import pytest

from tenth.engine import SamplingParams
from tenth.engine.defaults import Defaults, read_defaults


@pytest.fixture
def read(tmp_path, tokenizer):
    def read(generation=None, config=None, tokens=None) -> Defaults:
        named = {"generation_config": generation, "config": config, "tokenizer_config": tokens}
        for name, values in named.items():
            if values is not None:
                (tmp_path / f"{name}.json").write_text(json.dumps(values))
        return read_defaults(tmp_path, tokenizer)

    return read


def test_without_any_file_nothing_is_advised(read):
    assert read() == Defaults()
    assert read().sampling() == SamplingParams()
    assert read().sampling(temperature=None, seed=4) == SamplingParams(seed=4)


def test_the_makers_advice_stands_until_the_user_says_otherwise(read):
    defaults = read({"do_sample": True, "temperature": 0.6, "top_k": 20, "top_p": 0.9})
    assert defaults.advised == ("temperature", "top_p", "top_k")
    assert defaults.sampling() == SamplingParams(0.6, 0.9, 20)
    assert defaults.sampling(temperature=0, top_k=None) == SamplingParams(0, 0.9, 20)


@pytest.mark.parametrize(
    "values, expected",
    [
        ({"do_sample": False, "temperature": 0.6}, SamplingParams(temperature=0)),
        ({"top_k": -1}, SamplingParams(top_k=0)),
        ({"min_p": 0.1, "top_p": None}, SamplingParams(min_p=0.1)),
        ({"stop_strings": ["</s>", "User:"]}, SamplingParams(stop=("</s>", "User:"))),
        ({"stop_strings": "User:"}, SamplingParams(stop=("User:",))),
        ({"temperature": 1}, SamplingParams(temperature=1)),
    ],
)
def test_every_spelling_of_a_setting_is_read(read, values, expected):
    assert read(values).sampling() == expected


def test_what_tenth_does_not_have_is_named(read):
    notes = read({"num_beams": 4, "no_repeat_ngram_size": 3, "typical_p": 1.0}).notes
    assert notes == (
        "generation_config.json asks for num_beams=4, which tenth does not have",
        "generation_config.json asks for no_repeat_ngram_size=3, which tenth does not have",
    )
    assert read({"num_beams": 1, "bad_words_ids": [], "repetition_penalty": 1.0}).notes == ()


def test_end_tokens_are_one_or_many_and_the_tokenizers_own(read):
    end = {"eos_token": {"content": "<|endoftext|>"}}
    assert read({"eos_token_id": 7}, {"eos_token_id": 9}).end_tokens == (7,)
    assert read({"eos_token_id": [7, 8, 7]}, {"eos_token_id": 9}).end_tokens == (7, 8)
    assert read({"eos_token_id": [7, 8]}, tokens=end).end_tokens == (7, 8, 0)
    assert read({"eos_token_id": [0, 8]}, tokens={"eos_token": "<|endoftext|>"}).end_tokens == (
        0,
        8,
    )


def test_without_a_generation_config_the_models_own_says_where_a_text_ends(read):
    assert read(config={"eos_token_id": [9, 10]}).end_tokens == (9, 10)
    assert read(config={"eos_token_id": None, "text_config": {"eos_token_id": 11}}).end_tokens == (
        11,
    )
    assert read(tokens={"eos_token": "nowhere"}, config={}).end_tokens == ()


@pytest.mark.parametrize(
    "values, said",
    [
        ({"eos_token_id": "</s>"}, "eos_token_id is '</s>'"),
        ({"eos_token_id": [1, True]}, r"eos_token_id is \[1, True\]"),
        ({"eos_token_id": -1}, "eos_token_id is -1"),
        ({"temperature": -1}, "temperature: -1 is not"),
        ({"temperature": "hot"}, "temperature: 'hot' is not"),
        ({"top_p": 0}, "top_p: 0 is not"),
        ({"stop_strings": [7]}, "stop: "),
        ({"stop_strings": 7}, "stop: "),
    ],
)
def test_what_is_wrong_is_named_with_its_file(read, values, said):
    with pytest.raises(ValueError, match=rf"generation_config\.json: .*{said}"):
        read(values)
