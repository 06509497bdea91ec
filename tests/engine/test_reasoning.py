"""What is thought and what is answered: the same parts however the text is cut."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenth.engine.reasoning import ChannelSplitter, ReasoningSplitter, TagSplitter, split_whole
from tenth.engine.template import ChatTemplate
from tenth.engine.text import TextStream

from .chat_styles import STYLES
from .test_template import NAMES, TOKENIZERS

WHOLE = {
    "<think>\na\n</think>\n\nb\n": ("a", "b\n"),
    "  \n<think>a</think>b": ("a", "b"),
    "<think></think>b": ("", "b"),
    "<think>\n\n</think>\n\nb <think>c</think>": ("", "b <think>c</think>"),
    "b": ("", "b"),
    " \nb": ("", " \nb"),
    "": ("", ""),
    "<thin": ("", "<thin"),
    "<thing>": ("", "<thing>"),
    "<think>a</thi": ("a</thi", ""),
    "<think>a\n\n": ("a", ""),
    "<think>a\n\nc</b</think>": ("a\n\nc</b", ""),
    "b</think>c": ("", "b</think>c"),
}
OPENED = {
    "\na\n</think>\n\nb": ("a", "b"),
    "a": ("a", ""),
    "</think>b": ("", "b"),
    "": ("", ""),
}
CHANNELS = {
    "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b"
    "<|return|>": (
        "a", "b",
    ),
    "<|channel|>final<|message|>b": ("", "b"),
    "<|channel|>analysis<|message|>a <b> <|e": ("a <b> <|e", ""),
    "<|channel|>commentary<|message|>first<|end|><|start|>assistant<|channel|>final<|message|>b": (
        "", "firstb",
    ),
    "<|channel|>analysis<|message|>a<|channel|>final<|message|>b": ("a", "b"),
    "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary to=functions.f "
    "<|constrain|>json<|message|>{}<|call|>": (
        "a", "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{}",
    ),
    "b without a header": ("", "b without a header"),
    "b" * 500: ("", "b" * 500),
    "<|channel|>ana": ("", ""),
    "": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_thoughts_stand_in_front_of_the_answer(text):
    assert split_whole(TagSplitter("<think>", "</think>"), text) == WHOLE[text]


@pytest.mark.parametrize("text", OPENED)
def test_the_prompt_may_have_opened_the_thoughts(text):
    assert split_whole(TagSplitter("<think>", "</think>", opened=True), text) == OPENED[text]


@pytest.mark.parametrize("text", CHANNELS)
def test_channels_are_told_apart(text):
    assert split_whole(ChannelSplitter(), text) == CHANNELS[text]


def in_pieces(splitter, pieces) -> tuple[str, str]:
    parts = [splitter.push(piece) for piece in pieces] + [splitter.flush()]
    return "".join(part[0] for part in parts), "".join(part[1] for part in parts)


TAG_PIECES = ["<think>", "</think>", "\n", " ", "a", "<", "</", "thi", "nk>", "b\n"]
CHANNEL_PIECES = [
    "<|channel|>", "<|message|>", "<|end|>", "<|start|>", "<|return|>", "assistant", "analysis",
    "final", "commentary", " to=functions.f", "<|", "<", "a", " ",
]  # fmt: skip


def by_rule(text: str, opened: bool) -> tuple[str, str]:
    if not opened:
        found = re.match(r"\s*<think>", text)
        if not found:
            return "", text
        text = text[found.end() :]
    thought, _, content = text.partition("</think>")
    return thought.strip("\n"), content.lstrip("\n")


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(TAG_PIECES), max_size=12).map("".join), st.booleans(), st.data())
def test_tags_are_split_the_same_however_the_text_is_cut(text, opened, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    splitter = TagSplitter("<think>", "</think>", opened=opened)
    assert in_pieces(splitter, pieces) == by_rule(text, opened)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(CHANNEL_PIECES), max_size=14).map("".join), st.data())
def test_channels_are_split_the_same_however_the_text_is_cut(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert in_pieces(ChannelSplitter(), pieces) == in_pieces(ChannelSplitter(), [text])
    assert in_pieces(ChannelSplitter(), list(text)) == in_pieces(ChannelSplitter(), [text])


def test_thoughts_come_while_they_are_thought():
    splitter = TagSplitter("<think>", "</think>")
    shown = [splitter.push(piece) for piece in ("<think>", "\nab", "c\n", "d</th", "ink>\n", "\ne")]
    assert shown == [("", ""), ("ab", ""), ("c", ""), ("\nd", ""), ("", ""), ("", "e")]


@pytest.mark.parametrize(
    "style, options, opened",
    [
        ("qwen3", {}, False),
        ("deepseek", {}, False),
        ("deepseek", {"thinking": True}, True),
        ("glm", {}, False),
        ("minimax", {}, True),
    ],
)
def test_the_splitter_of_a_template_knows_what_its_prompt_opened(style, options, opened):
    template = ChatTemplate({"default": STYLES[style]}, NAMES, "t")
    prompt = template.render([{"role": "user", "content": "a"}], **options)
    splitter = ReasoningSplitter.of(template, prompt)
    assert isinstance(splitter, TagSplitter)
    assert split_whole(splitter, "a</think>b") == (("a", "b") if opened else ("", "a</think>b"))


def test_a_user_who_ends_with_a_tag_opens_nothing():
    template = ChatTemplate({"default": STYLES["qwen3"]}, NAMES, "t")
    prompt = template.render([{"role": "user", "content": "a <think>"}])
    assert split_whole(ReasoningSplitter.of(template, prompt), "b") == ("", "b")


def test_models_that_do_not_think_have_no_splitter():
    for style in ("chatml", "llama3", "mistral"):
        template = ChatTemplate({"default": STYLES[style]}, NAMES, "t")
        assert ReasoningSplitter.of(template) is None
    assert split_whole(None, "<think>a") == ("", "<think>a")


@pytest.mark.parametrize("kind", TOKENIZERS)
def test_the_channels_tokens_are_shown_to_the_splitter_alone(kind):
    template = ChatTemplate({"default": STYLES["harmony"]}, NAMES, "t")
    splitter = ReasoningSplitter.of(template)
    assert isinstance(splitter, ChannelSplitter)
    text = "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>yes"
    tokens = template.encode(TOKENIZERS[kind], text)
    stream = TextStream(TOKENIZERS[kind], shown=splitter.markers)
    pieces = [*(stream.push(token) for token in tokens), stream.flush()]
    assert in_pieces(splitter, pieces) == ("hm", "yes")
    plain = TextStream(TOKENIZERS[kind])
    assert "<|" not in "".join(plain.push(token) for token in tokens)
