"""Text as it comes: whole characters only, and nothing from a stop string on."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models

from tenth.engine.text import (
    BYTE_OF_CHARACTER,
    AnyDetokenizer,
    PieceDetokenizer,
    StopMatcher,
    TextStream,
    detokenizer,
)

from .conftest import VOCAB

ids = st.lists(st.integers(0, VOCAB - 1), max_size=60)

PIECES = [bytes([byte]) for byte in b"\xe4\xbd\xa0\xf0\x9f\x98\x80\xff\xc0\xeda"]
PIECES += ["你".encode(), b"\xef\xbf\xbd"]


def ids_of_bytes(tokenizer, data: bytes) -> list[int]:
    name = {byte: character for character, byte in BYTE_OF_CHARACTER.items()}
    return [tokenizer.token_to_id(name[byte]) for byte in data]


def streamed(tokenizer, tokens, stop=()) -> list[str]:
    stream = TextStream(tokenizer, stop)
    return [*(stream.push(token) for token in tokens), stream.flush()]


@settings(max_examples=400, deadline=None)
@given(tokens=ids)
def test_the_stream_of_any_tokens_is_what_the_tokenizer_decodes(tokenizer, tokens):
    assert "".join(streamed(tokenizer, tokens)) == tokenizer.decode(tokens)


@settings(max_examples=400, deadline=None)
@given(data=st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_broken_bytes_come_out_as_the_tokenizer_decodes_them(tokenizer, data):
    tokens = ids_of_bytes(tokenizer, data)
    assert "".join(streamed(tokenizer, tokens)) == tokenizer.decode(tokens)
    assert tokenizer.decode(tokens) == data.decode(errors="replace")


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="你好世界😀👍🏽é a\n\ufffd", max_size=30))
def test_no_character_is_ever_broken_even_when_each_byte_is_a_token(tokenizer, text):
    shown = ""
    stream = TextStream(tokenizer)
    for token in ids_of_bytes(tokenizer, text.encode()):
        shown += stream.push(token)
        assert text.startswith(shown)
    assert shown + stream.flush() == text


def test_a_character_is_held_back_until_its_last_byte(tokenizer):
    tokens = ids_of_bytes(tokenizer, "a😀b".encode())
    assert streamed(tokenizer, tokens) == ["a", "", "", "", "😀", "b", ""]


def test_an_incomplete_end_comes_out_as_one_replacement_character(tokenizer):
    assert streamed(tokenizer, ids_of_bytes(tokenizer, b"a\xf0\x9f\x98")) == [
        "a", "", "", "", "\ufffd",
    ]  # fmt: skip


def test_special_tokens_are_skipped_even_inside_a_character(tokenizer):
    first, *rest = ids_of_bytes(tokenizer, "你".encode())
    assert "".join(streamed(tokenizer, [first, 0, *rest])) == "你"


def test_an_added_token_that_is_not_special_is_shown_as_it_is_spelled(tokenizer):
    assert streamed(tokenizer, [tokenizer.token_to_id("<tool 工具>")])[0] == "<tool 工具>"


BYTES = {f"<0x{byte:02X}>": byte + 1 for byte in range(256)}
NAMES = ["▁", "▁the", "▁▁", "cat", "s", "▁世", "x", "▁x▁", "<0xZZ>", "##ing", "end</w>", "."]


def sentencepiece_like(decoder) -> Tokenizer:
    vocab = {"<unk>": 0, **BYTES, **{name: 257 + i for i, name in enumerate(NAMES)}}
    made = Tokenizer(models.BPE(vocab, [], unk_token="<unk>", byte_fallback=True))
    made.decoder = decoder
    made.add_special_tokens(["</s>"])
    made.add_tokens(["<tool 工具>"])
    return made


LLAMA = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
DECODERS = {
    "llama": decoders.Sequence([*LLAMA, decoders.Strip(" ", 1, 0)]),
    "gemma": decoders.Sequence(LLAMA),
    "without fuse": decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()]),
    "metaspace": decoders.Metaspace(),
    "metaspace, first": decoders.Metaspace(prepend_scheme="first"),
    "metaspace, never": decoders.Metaspace(prepend_scheme="never"),
    "strip each": decoders.Sequence([decoders.Strip("▁", 1, 0), decoders.Fuse()]),
    "none": None,
}  # fmt: skip
OTHERS = {
    "wordpiece": decoders.WordPiece(),
    "bytes in bytes": decoders.Sequence([decoders.ByteFallback(), decoders.ByteLevel()]),
}
PIECE_IDS = st.one_of(
    st.integers(0, 257 + len(NAMES) + 4),
    st.sampled_from([byte + 1 for byte in "世👍é".encode()]),
    st.integers(257, 257 + len(NAMES) + 2),
)


@pytest.mark.parametrize("kind", DECODERS)
@settings(max_examples=300, deadline=None)
@given(tokens=st.lists(PIECE_IDS, max_size=30))
def test_the_stream_of_any_pieces_is_what_the_tokenizer_decodes(kind, tokens):
    tokenizer = sentencepiece_like(DECODERS[kind])
    assert isinstance(detokenizer(tokenizer), PieceDetokenizer)
    assert "".join(streamed(tokenizer, tokens)) == tokenizer.decode(tokens)


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="世👍éthecats .\n", max_size=30))
def test_text_in_pieces_and_bytes_is_shown_as_soon_as_it_is_whole(text):
    tokenizer = sentencepiece_like(DECODERS["llama"])
    tokens = [byte + 1 for byte in text.encode()]
    stream = TextStream(tokenizer)
    shown = "".join(stream.push(token) for token in [*tokens, tokenizer.token_to_id("x")])
    assert shown == tokenizer.decode([*tokens, tokenizer.token_to_id("x")])


def test_a_space_is_lost_at_the_beginning_alone():
    tokenizer = sentencepiece_like(DECODERS["llama"])
    tokens = [tokenizer.token_to_id(name) for name in ("</s>", "▁the", "cat", "</s>", "▁the")]
    assert streamed(tokenizer, tokens) == ["", "the", "cat", "", " the", ""]


@pytest.mark.parametrize("kind", OTHERS)
@settings(max_examples=100, deadline=None)
@given(tokens=st.lists(st.sampled_from([257, 258, 260, 261, 263, 266, 268, 269]), max_size=20))
def test_other_decoders_stream_through_tokenizers_own(kind, tokens):
    tokenizer = sentencepiece_like(OTHERS[kind])
    assert isinstance(detokenizer(tokenizer), AnyDetokenizer)
    assert "".join(streamed(tokenizer, tokens)) == tokenizer.decode(tokens)


def test_what_another_decoder_held_back_comes_at_the_end():
    tokenizer = sentencepiece_like(OTHERS["bytes in bytes"])
    tokens = [tokenizer.token_to_id(name) for name in ("x", "<0xE4>", "<0xBD>")]
    assert "".join(streamed(tokenizer, tokens)) == tokenizer.decode(tokens)


def test_time_grows_with_the_tokens_not_with_their_square(tokenizer):
    # invalid bytes without end, and a stop string for ever almost there: what made others slow
    def seconds(n: int) -> float:
        start = time.process_time()
        streamed(tokenizer, ids_of_bytes(tokenizer, b"\xff") * n, ("\ufffd" * 20 + "x",))
        return time.process_time() - start

    few = min(seconds(2_000) for _ in range(3))
    assert seconds(20_000) < 30 * few + 0.1


def reference(text: str, stops: tuple[str, ...]) -> tuple[str, bool]:
    for end in range(len(text) + 1):
        done = [s for s in stops if text[:end].endswith(s)]
        if done:
            return text[: end - max(map(len, done))], True
    return text, False


@settings(max_examples=500, deadline=None)
@given(
    pieces=st.lists(st.text("ab ", max_size=4), max_size=12),
    stops=st.lists(st.text("ab ", min_size=1, max_size=4), max_size=3).map(tuple),
)
def test_stop_strings_act_the_same_however_the_text_is_cut(pieces, stops):
    matcher, shown = StopMatcher(stops), ""
    text, stopped = reference("".join(pieces), stops)
    for piece in pieces:
        shown += matcher.push(piece)
        assert text.startswith(shown)  # what is shown is never taken back
    assert (shown + matcher.flush(), matcher.stopped) == (text, stopped)


def test_text_is_held_back_only_while_it_could_begin_a_stop_string(tokenizer):
    tokens = ids_of_bytes(tokenizer, b"one, \nUs: \nUser: x")
    pieces = streamed(tokenizer, tokens, ("\nUser:",))
    assert pieces[:9] == ["o", "n", "e", ",", " ", "", "", "", "\nUs:"]
    assert "".join(pieces) == "one, \nUs: "
