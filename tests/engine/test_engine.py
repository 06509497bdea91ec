"""The engine: cached decoding is the full forward pass, and every rule that ends a text."""

import weakref

import pytest
import torch

from tenth.engine import Engine, SamplingParams
from tenth.engine.sequence import Sequence

from .conftest import COUNTED, FULL, KINDS, TEXT, VOCAB, tiny
from .test_text import ids_of_bytes

GREEDY = SamplingParams(temperature=0, max_tokens=20)


def tokens_of(engine: Engine, prompt: str, params: SamplingParams) -> list[int]:
    return [token for chunk in engine.stream(prompt, params) for token in chunk.tokens]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "chunks", [[40], [1] * 40, [7, 7, 7, 7, 7, 5], [1, 2, 30, 1, 1, 5], [39, 1]]
)
@pytest.mark.parametrize("capacity", [1, 3, 40, 100])
@torch.inference_mode()
def test_cached_decoding_equals_the_full_forward_pass(kind, chunks, capacity):
    model = tiny(kind)
    strange = torch.randint(VOCAB, (40,), generator=torch.Generator().manual_seed(5))
    tokens = torch.stack((strange, torch.from_numpy(COUNTED[70:110].copy())))
    tokens[:, 20:30] = tokens[:, 3:13]
    full, _, none = model(tokens)
    state, cached = model.new_state(2, capacity), []
    for part in tokens.split(chunks, dim=1):
        logits, _, state = model(part, state)
        cached.append(logits)
    assert none is None and state.length == 40
    assert (torch.cat(cached, 1) - full).abs().max() <= 1e-4 * full.abs().max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prefill_chunk", [1, 3, 8, 512])
def test_the_greedy_stream_is_the_argmax_of_a_full_pass_at_each_step(
    tokenizer, kind, prefill_chunk
):
    model = tiny(kind, seed=4)  # of other seeds some repeat one token for ever
    engine = Engine(model, tokenizer, prefill_chunk=prefill_chunk)
    seen = list(engine.encode(TEXT[0]))
    streamed = tokens_of(engine, TEXT[0], GREEDY)
    for token in streamed:
        with torch.inference_mode():
            assert token == model(torch.tensor([seen])).logits[0, -1].argmax()
        seen.append(token)
    assert len(set(streamed)) > 3


@pytest.mark.parametrize("seed", [1, 2])
def test_a_prompt_read_in_chunks_gives_the_text_of_one_read_whole(tokenizer, seed):
    prompt, model = "the cat sat on the mat " * 3, tiny(FULL)
    params = SamplingParams(temperature=1.0, top_p=1.0, seed=seed, max_tokens=30)
    chunks = (512, 1, 4, 11)
    texts = [Engine(model, tokenizer, prefill_chunk=n).generate(prompt, params) for n in chunks]
    assert len(set(texts)) == 1


@torch.inference_mode()
def test_what_the_memory_and_the_routed_head_say_reaches_the_text():
    tokens = torch.tensor([[9, 8, 7, 9, 8]])
    model = tiny(FULL)
    logits = [model(tokens).logits[0, -1]]
    for change in (lambda: model.memory.p_1.fill_(0.5), lambda: tokens[0, 2].fill_(6)):
        change()
        logits.append(model(tokens).logits[0, -1])
    assert (logits[0] - logits[1]).abs().max() > 0.1
    assert logits[2][6] - logits[1][6] > 0.1  # it follows what was said before


@torch.inference_mode()
def test_the_engines_logits_equal_the_full_forward_pass_at_every_step(tokenizer):
    model = tiny()
    engine, tokens = Engine(model, tokenizer, prefill_chunk=4), list(range(1, 31))
    state = model.new_state(1, 2)
    logits_SV, _, state = engine.runner.forward(tokens[:11], state)
    for n in range(11, 31):
        full_V = model(torch.tensor([tokens[:n]])).logits[0, -1]
        assert (logits_SV[-1] - full_V).abs().max() <= 1e-4 * full_V.abs().max()
        if n < 30:
            logits_SV, _, state = engine.runner.forward(tokens[n : n + 1], state)


def test_the_stream_is_the_text_of_its_tokens_and_generate_is_the_stream(engine):
    params = SamplingParams(seed=4, max_tokens=30)
    chunks = list(engine.stream("the cat", params))
    text = "".join(chunk.text for chunk in chunks)
    assert text == engine.tokenizer.decode([t for c in chunks for t in c.tokens])
    assert text == engine.generate("the cat", params)
    assert [c.finish_reason for c in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-1].finish_reason in ("stop", "length")


def test_a_seed_gives_the_same_text_and_another_seed_another(engine):
    def texts(seed):
        return [engine.generate("the", SamplingParams(seed=seed, max_tokens=20)) for _ in range(2)]

    same, other, fresh = texts(1), texts(2), texts(None)
    assert same[0] == same[1] and other[0] == other[1]
    assert same[0] != other[0] and fresh[0] != fresh[1]


def test_max_tokens_ends_a_text(scripted):
    engine = scripted([300] * 9)
    *_, last = stream = list(engine.stream("the", SamplingParams(0, max_tokens=5)))
    assert len(stream) == 5 and last.finish_reason == "length"


def test_the_end_of_text_token_ends_a_text_and_is_not_shown(scripted, tokenizer):
    engine = scripted([*tokenizer.encode("the cat").ids, 0, 300])
    *_, last = stream = list(engine.stream("a", GREEDY))
    assert "".join(c.text for c in stream) == "the cat"
    assert last.tokens == (0,) and last.finish_reason == "stop"


def test_end_tokens_may_be_others_and_several(tokenizer):
    model = tiny("dense")
    first = tokens_of(Engine(model, tokenizer), "the cat", GREEDY)
    engine = Engine(model, tokenizer, end_tokens=(300, first[3]))
    assert tokens_of(engine, "the cat", GREEDY) == first[: first.index(first[3]) + 1]


def test_a_stop_string_over_several_tokens_ends_a_text_and_is_not_shown(scripted, tokenizer):
    spelled = ids_of_bytes(tokenizer, b"on the mat</end>more")
    engine = scripted(spelled)
    params = SamplingParams(0, stop=("</end>", "never"))
    chunks = list(engine.stream("a", params))
    assert "".join(c.text for c in chunks) == "on the mat"
    assert chunks[-1].finish_reason == "stop" and len(chunks) == len("on the mat</end>")
    assert not any("<" in c.text for c in chunks)


def test_what_was_held_back_for_a_stop_string_comes_at_the_end(scripted, tokenizer):
    engine = scripted(ids_of_bytes(tokenizer, b"mat</en"))
    params = SamplingParams(0, stop=("</end>",), max_tokens=7)
    *_, last = engine.stream("a", params)
    assert last.text == "</en" and last.finish_reason == "length"


def test_a_stop_string_at_the_last_token_allowed_is_a_stop(scripted, tokenizer):
    engine = scripted(ids_of_bytes(tokenizer, b"ab!"))
    *_, last = engine.stream("a", SamplingParams(0, stop=("!",), max_tokens=3))
    assert last.text == "" and last.finish_reason == "stop"


@pytest.mark.parametrize("text", ["你好、世界", "👩‍👩‍👧 naïve 👍🏽", "\ufffd!"])
def test_no_chunk_breaks_a_character_when_each_byte_is_a_token(scripted, tokenizer, text):
    tokens = ids_of_bytes(tokenizer, text.encode())
    pieces = [
        c.text for c in scripted(tokens).stream("a", SamplingParams(0, max_tokens=len(tokens)))
    ]
    assert [p for p in pieces if p] == list(text)


def test_a_text_cut_within_a_character_ends_in_a_replacement_character(scripted, tokenizer):
    tokens = ids_of_bytes(tokenizer, "世界".encode())
    assert scripted(tokens).generate("a", SamplingParams(0, max_tokens=5)) == "世\ufffd"


def test_an_empty_prompt_starts_from_the_end_of_text_token(engine):
    first = next(engine.stream("", GREEDY)).tokens[0]
    with torch.inference_mode():
        assert first == engine.model(torch.tensor([[0]])).logits[0, -1].argmax()


def test_end_of_text_typed_by_a_user_is_plain_text(engine):
    tokens = engine.encode("a<|endoftext|>b")
    assert 0 not in tokens and engine.tokenizer.decode(list(tokens)) == "a<|endoftext|>b"


def test_a_prompt_of_broken_unicode_is_a_clear_error_before_anything_runs(engine):
    with pytest.raises(ValueError, match="not valid Unicode at character 2"):
        engine.stream("ab\udc80")


def test_a_tokenizer_larger_than_the_model_is_refused(tokenizer):
    model = tiny("dense")
    model.config = type(model.config)(vocab_size=300)
    with pytest.raises(ValueError, match="the model only 300"):
        Engine(model, tokenizer)


def test_nan_weights_are_a_clear_error(tokenizer):
    model = tiny("dense")
    with torch.no_grad():
        model.norm.weight.fill_(torch.nan)
    with pytest.raises(ValueError, match="damaged"):
        Engine(model, tokenizer).generate("the", GREEDY)


class Watched:
    """A model that records each state it makes and the longest one it continues."""

    def __init__(self, model):
        self.model, self.config, self.embed = model, model.config, model.embed
        self.states, self.longest = [], 0

    def new_state(self, batch, capacity):
        state = self.model.new_state(batch, capacity)
        self.states.append(weakref.ref(state.attention[0].k_BGSH))
        return state

    def __call__(self, tokens, state):
        output = self.model(tokens, state)
        self.longest = max(self.longest, output.state.attention[0].k_BGSH.size(2))
        return output

    @property
    def alive(self) -> int:
        return sum(ref() is not None for ref in self.states)


def test_past_the_trained_context_the_last_half_goes_on_and_memory_stays_bounded(tokenizer):
    model = Watched(tiny(max_seq=16))
    engine = Engine(model, tokenizer, end_tokens=(300,))  # type: ignore[arg-type]
    prompt = list(engine.encode("the cat"))
    seen, start, notes, streamed = list(prompt), 0, [], []
    for chunk in engine.stream("the cat", SamplingParams(0, max_tokens=60)):
        if len(seen) - start > 16:
            start = len(seen) - 8
        with torch.inference_mode():
            expected = model.model(torch.tensor([seen[start:]])).logits[0, -1].argmax()
        assert chunk.tokens == (expected,)
        seen += chunk.tokens
        streamed += chunk.tokens
        notes.append(chunk.note)
        assert model.alive == 1
    assert len(streamed) == 60 and start > 0 and model.longest == 16
    assert sum(map(bool, notes)) == 1  # it is said once
    assert not notes[0] and "16 tokens" in next(filter(None, notes))


def test_a_very_long_prompt_is_read_from_its_last_half_window_and_it_is_said(tokenizer):
    model = Watched(tiny(max_seq=32))
    engine = Engine(model, tokenizer, prefill_chunk=5)  # type: ignore[arg-type]
    prompt = "the cat sat on the mat 你好 " * 500
    chunk = next(engine.stream(prompt, GREEDY))
    kept = torch.tensor([engine.encode(prompt)[-16:]])
    with torch.inference_mode():
        assert chunk.tokens[0] == model.model(kept).logits[0, -1].argmax()
    assert "last 16" in chunk.note and model.longest <= 32


def test_a_prompt_that_just_fits_is_read_whole(tokenizer):
    sequence = Sequence(tuple(range(32)), SamplingParams(), (0,))
    assert not sequence.slide(32) and len(sequence.uncached()) == 32
    sequence.append(7)
    assert sequence.slide(32) and sequence.uncached() == [*range(17, 32), 7]


def test_a_context_of_one_token_still_generates(tokenizer):
    engine = Engine(tiny("dense", max_seq=1), tokenizer, end_tokens=(300,))
    assert len(tokens_of(engine, "the cat", SamplingParams(0, max_tokens=5))) == 5


def test_closing_a_stream_early_frees_its_state(tokenizer):
    model = Watched(tiny())
    engine = Engine(model, tokenizer)  # type: ignore[arg-type]
    stream = engine.stream("the cat", GREEDY)
    next(stream)
    next(stream)
    assert model.alive == 1
    stream.close()
    assert model.alive == 0


def test_streams_side_by_side_do_not_disturb_each_other(engine):
    params = SamplingParams(seed=3, max_tokens=12)
    alone = [tokens_of(engine, p, params) for p in ("the cat", "你好")]
    a, b = engine.stream("the cat", params), engine.stream("你好", params)
    together = [(x.tokens[0], y.tokens[0]) for x, y in zip(a, b, strict=False)]
    n = len(together)
    assert [list(t) for t in zip(*together, strict=True)] == [alone[0][:n], alone[1][:n]]
