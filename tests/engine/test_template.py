"""Chat templates: transformers' text and tokens, and what a user types is never a control token."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from tenth.engine.template import ChatTemplate
from tenth.engine.typed import Marks, Prompt

from .chat_styles import CONVERSATIONS, NOT_SPECIAL, SPECIAL, STYLES, TOOLS

NAMES = {"bos_token": "<s>", "eos_token": "</s>"}


def byte_level() -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )  # fmt: skip
    made.train_from_iterator([" ".join(SPECIAL), "the user and the assistant 世界\n\n"] * 9, trainer)
    made.add_tokens([AddedToken(token, special=False, normalized=False) for token in NOT_SPECIAL])
    return made


def sentencepiece_like() -> Tokenizer:
    vocab = {"<unk>": 0} | {f"<0x{byte:02X}>": byte + 1 for byte in range(256)}
    pieces = ["▁", *"abcdefghijklmnopqrstuvwxyz<>|/[]_"]
    vocab |= {piece: len(vocab) + i for i, piece in enumerate(pieces)}
    made = Tokenizer(models.BPE(vocab, [], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    made.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0),
    ])  # fmt: skip
    made.add_special_tokens(SPECIAL)
    made.add_tokens([AddedToken(token, special=False, normalized=False) for token in NOT_SPECIAL])
    return made


TOKENIZERS = {"byte level": byte_level(), "sentencepiece": sentencepiece_like()}


def oracle(tokenizer: Tokenizer, template) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(tokenizer.to_str()), chat_template=template, **NAMES
    )


@pytest.fixture
def folder(tmp_path):
    def write(template, **config):
        config = {**NAMES, **config}
        if template is not None:
            config["chat_template"] = template
        (tmp_path / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
        return tmp_path

    return write


def made(style: str) -> ChatTemplate:
    return ChatTemplate({"default": STYLES[style]}, NAMES, "test")


@pytest.mark.parametrize("kind", TOKENIZERS)
@pytest.mark.parametrize("tools", [None, TOOLS], ids=["no tools", "tools"])
@pytest.mark.parametrize("conversation", CONVERSATIONS)
@pytest.mark.parametrize("style", STYLES)
def test_text_and_tokens_are_those_of_transformers(style, conversation, tools, kind):
    template, peer = made(style), oracle(TOKENIZERS[kind], STYLES[style])
    for options in (
        {},
        {"add_generation_prompt": False},
        {"enable_thinking": False, "thinking": True, "reasoning_effort": "high"},
    ):
        messages = CONVERSATIONS[conversation]
        asked = {"add_generation_prompt": True, **options}
        try:
            expected = peer.apply_chat_template(messages, tools, tokenize=False, **asked)
        except Exception as error:
            with pytest.raises(ValueError, match="the chat template fails"):
                template.render(messages, tools, **options)
            assert "can only concatenate" in str(error) or "must" in str(error) or style == "harmony"
            continue
        prompt = template.render(messages, tools, **options)
        assert prompt == expected
        ids = peer.apply_chat_template(messages, tools, return_dict=False, **asked)
        assert template.encode(TOKENIZERS[kind], prompt) == ids
