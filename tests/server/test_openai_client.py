"""The openai client, unmodified, over a real connection: what it asks for it gets."""

import math
from dataclasses import replace

import openai
import pytest
import torch

from tenth.engine import Engine, SamplingParams
from tenth.engine.defaults import Defaults
from tenth.engine.template import ChatTemplate

from .conftest import NAME, running

ASK = [{"role": "user", "content": "the cat sat"}]
GREEDY = {"model": NAME, "temperature": 0, "max_tokens": 12}


def chat(client, **more):
    return client.chat.completions.create(**GREEDY | {"messages": ASK} | more)


def complete(client, **more):
    return client.completions.create(**GREEDY | {"prompt": "the cat"} | more)


def solo(engine, prompt, **params) -> str:
    defaults = {"temperature": 0, "top_p": 1.0, "max_tokens": 12}
    return engine.generate(prompt, SamplingParams(**defaults | params))


def prompt_of(engine) -> list[int]:
    return engine.template.encode(engine.tokenizer, engine.template.render(ASK))


def test_a_chat_is_answered_with_the_engines_own_text_and_its_counts(client, engine):
    answer = chat(client)
    choice = answer.choices[0]
    assert choice.message.role == "assistant" and choice.finish_reason in ("length", "stop")
    assert choice.message.content == solo(engine, prompt_of(engine))
    assert answer.model == NAME and answer.object == "chat.completion"
    usage = answer.usage
    assert usage.prompt_tokens == len(prompt_of(engine)) and usage.completion_tokens == 12
    assert usage.total_tokens == usage.prompt_tokens + 12


def test_a_streamed_chat_says_the_same_and_ends_with_its_usage(client):
    stream = list(chat(client, stream=True, stream_options={"include_usage": True}))
    *parts, last, usage = stream
    assert parts[0].choices[0].delta.role == "assistant"
    text = "".join(part.choices[0].delta.content or "" for part in parts)
    assert text == chat(client).choices[0].message.content
    assert last.choices[0].finish_reason in ("length", "stop") and usage.choices == []
    assert usage.usage.completion_tokens == 12 and all(p.usage is None for p in parts)
    assert len({part.id for part in stream}) == 1


def test_without_stream_options_no_chunk_speaks_of_usage(client):
    assert all(part.usage is None and part.choices for part in chat(client, stream=True))


def test_a_completion_continues_text_and_token_ids_alike(client, engine):
    text = complete(client).choices[0].text
    assert text == solo(engine, "the cat")
    assert complete(client, prompt=list(engine.encode("the cat"))).choices[0].text == text


def test_several_prompts_get_an_answer_each_in_their_order(client, engine):
    prompts = ["the cat", "你好", "the dog"]
    answer = complete(client, prompt=prompts, n=2, temperature=1, seed=3)
    assert [choice.index for choice in answer.choices] == list(range(6))
    for i, choice in enumerate(answer.choices):
        alone = solo(engine, prompts[i // 2], temperature=1, seed=3 + i % 2)
        assert choice.text == alone
    assert answer.usage.prompt_tokens == sum(len(engine.encode(p)) for p in prompts)


def test_a_streamed_completion_of_several_says_what_the_whole_one_says(client):
    more = {"prompt": ["the cat", "你好"], "n": 2, "temperature": 1, "seed": 5}
    texts = [""] * 4
    for part in complete(client, stream=True, **more):
        texts[part.choices[0].index] += part.choices[0].text
    assert texts == [choice.text for choice in complete(client, **more).choices]


def test_without_max_tokens_a_completion_has_sixteen_and_a_chat_the_context(client, engine):
    bias = {str(engine.end_tokens[0]): -100}
    answer = client.completions.create(model=NAME, prompt="a", logit_bias=bias, temperature=0)
    assert answer.usage.completion_tokens == 16
    answer = client.chat.completions.create(
        model=NAME, messages=ASK, logit_bias=bias, temperature=0
    )
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.total_tokens == engine.window + 1  # the last token is not read


def test_no_tokens_asked_for_are_none_given(client):
    for answer in (chat(client, max_tokens=0), chat(client, max_completion_tokens=0)):
        assert answer.choices[0].message.content == "" and answer.usage.completion_tokens == 0
        assert answer.choices[0].finish_reason == "length"
    assert complete(client, max_tokens=0, echo=True).choices[0].text == "the cat"


def test_max_completion_tokens_comes_before_max_tokens(client):
    assert chat(client, max_completion_tokens=3).usage.completion_tokens == 3


def test_a_stop_string_ends_the_answer_before_it(client):
    text = complete(client, max_tokens=40).choices[0].text
    stop = text[5:8]
    answer = complete(client, max_tokens=40, stop=[stop, "never said"])
    assert answer.choices[0].text == text[: text.index(stop)]
    assert answer.choices[0].finish_reason == "stop"
    streamed = complete(client, max_tokens=40, stop=stop, stream=True)
    assert "".join(p.choices[0].text for p in streamed) == text[: text.index(stop)]


def test_a_seed_repeats_an_answer_and_n_gives_others(client):
    first, second = (chat(client, temperature=1, seed=7, n=3, top_p=1) for _ in range(2))
    texts = [choice.message.content for choice in first.choices]
    assert texts == [choice.message.content for choice in second.choices]
    assert len(set(texts)) == 3 and [c.index for c in first.choices] == [0, 1, 2]
    assert chat(client, temperature=1, seed=8, top_p=1).choices[0].message.content == texts[1]
    edge = chat(client, temperature=1, seed=2**63 - 1, n=2)
    assert len(edge.choices) == 2


def test_chat_logprobs_are_the_models_own_with_the_best_alternatives(client, engine):
    content = chat(client, logprobs=True, top_logprobs=4).choices[0].logprobs.content
    assert len(content) == 12
    with torch.inference_mode():
        logits_V = engine.model(torch.tensor([prompt_of(engine)])).logits[0, -1]
    top = logits_V.double().log_softmax(-1).topk(4)
    first = content[0]
    assert first.logprob == pytest.approx(top.values[0].item(), abs=1e-4)
    assert [t.logprob for t in first.top_logprobs] == pytest.approx(top.values.tolist(), abs=1e-4)
    said = b"".join(bytes(token.bytes) for token in content).decode(errors="replace")
    assert said == chat(client).choices[0].message.content
    assert chat(client, logprobs=True).choices[0].logprobs.content[0].top_logprobs == []
    assert chat(client).choices[0].logprobs is None


def test_streamed_logprobs_are_those_of_the_whole_answer(client):
    whole = chat(client, logprobs=True, top_logprobs=2).choices[0].logprobs.content
    parts = chat(client, logprobs=True, top_logprobs=2, stream=True)
    streamed = [e for p in parts if p.choices[0].logprobs for e in p.choices[0].logprobs.content]
    assert streamed == whole


def test_echo_with_logprobs_scores_the_prompt_as_log_likelihoods_need(client, engine):
    prompt = list(engine.encode("the cat sat on the mat"))
    answer = complete(client, prompt=[prompt, prompt], echo=True, logprobs=1, max_tokens=1)
    lists = answer.choices[1].logprobs
    assert len(lists.tokens) == len(lists.token_logprobs) == len(prompt) + 1
    with torch.inference_mode():
        log_p = engine.model(torch.tensor([prompt])).logits[0].double().log_softmax(-1)
        start = engine.model(torch.tensor([[engine.end_tokens[0]]])).logits[0, -1]
    expected = [log_p[i, token].item() for i, token in enumerate(prompt[1:])]
    assert lists.token_logprobs[1:-1] == pytest.approx(expected, abs=1e-4)
    first = start.double().log_softmax(-1)[prompt[0]].item()
    assert lists.token_logprobs[0] == pytest.approx(first, abs=1e-4)
    greedy = [
        value == max(top.values())
        for value, top in zip(lists.token_logprobs, lists.top_logprobs, strict=True)
    ]
    best = log_p.argmax(-1)[:-1].tolist()
    assert greedy[1:-1] == [b == t for b, t in zip(best, prompt[1:], strict=True)]
    assert greedy[-1] and answer.choices[1].text.startswith("the cat sat on the mat")
    text, offsets = answer.choices[1].text, lists.text_offset
    cut = [text[a:b] for a, b in zip(offsets, [*offsets[1:], len(text)], strict=True)]
    assert cut[:-1] == lists.tokens[:-1]


def test_a_prompt_alone_can_be_scored(client):
    answer = complete(client, echo=True, logprobs=0, max_tokens=0)
    assert answer.choices[0].text == "the cat" and answer.choices[0].logprobs.top_logprobs is None
    assert "".join(answer.choices[0].logprobs.tokens) == "the cat"


def test_a_long_prompt_read_in_parts_has_the_scores_of_one_read_whole(engine, client, monkeypatch):
    more = {"prompt": "the cat sat on the mat " * 9, "echo": True, "logprobs": 2, "max_tokens": 0}
    whole = complete(client, **more).choices[0].logprobs.token_logprobs
    monkeypatch.setattr(engine.runner, "prefill_chunk", 7)
    parts = complete(client, **more).choices[0].logprobs.token_logprobs
    assert len(whole) > 20 and parts == pytest.approx(whole, abs=1e-4)


def test_tokens_that_are_half_a_character_keep_names_of_their_own(client, engine):
    prompt = list(engine.encode("😀"))
    lists = complete(client, prompt=prompt, echo=True, logprobs=1, max_tokens=0).choices[0].logprobs
    assert lists.tokens[0].startswith("bytes:\\xf0") and len(set(lists.tokens)) == len(prompt)


def test_penalties_and_biases_change_what_is_drawn(client, engine):
    plain = complete(client, max_tokens=30).choices[0].text
    assert complete(client, max_tokens=30, frequency_penalty=2).choices[0].text != plain
    token = engine.encode("q")[0]
    answer = complete(client, max_tokens=3, logit_bias={str(token): 100})
    assert answer.choices[0].text == "qqq"
    assert math.isclose(
        complete(client, logprobs=0, max_tokens=1).choices[0].logprobs.token_logprobs[0],
        complete(client, logprobs=0, max_tokens=1, temperature=0.1, seed=1, extra_body={"top_k": 1})
        .choices[0].logprobs.token_logprobs[0],
    )  # fmt: skip


def test_the_models_are_listed_with_what_the_page_shows(client, engine):
    (model,) = client.models.list().data
    assert model.id == NAME and model.object == "model"
    told = {"n_experts": 6, "n_sparse_layers": 2, "top_k": 2, "context": 512, "chat": True}
    assert model.tenth == told and client.models.retrieve(NAME).id == NAME
    for call in (lambda: client.models.retrieve("gpt/none"), lambda: chat(client, model="other")):
        with pytest.raises(openai.NotFoundError) as error:
            call()
        assert error.value.code == "model_not_found"


def test_the_experts_of_each_token_come_with_it_and_the_speed_at_the_end(client):
    parts = list(chat(client, stream=True, extra_body={"tenth": {"experts": True}}))
    _, *grown, last = parts
    assert len(grown) == 12
    for part in grown:
        layers = part.tenth["experts"]
        assert len(layers) == 2 and all(len(set(ids)) == 2 for ids in layers)
        assert all(0 <= expert < 6 for ids in layers for expert in ids)
    assert last.tenth["tokens_per_second"] > 0 and "experts" not in last.tenth
    assert not any(hasattr(part, "tenth") for part in chat(client, stream=True))


def test_what_changes_nothing_is_told(client):
    answer = chat(client, store=True, web_search_options={}, user="me", metadata={"a": "b"})
    assert answer.tenth["ignored"] == ["metadata", "store", "user", "web_search_options"]
    first = next(iter(chat(client, verbosity="low", stream=True)))
    assert first.tenth["ignored"] == ["verbosity"]
    assert complete(client, suffix="end").tenth["ignored"] == ["suffix"]


def test_tools_reach_the_template_unless_none_are_wanted(client, server):
    tool = {"type": "function", "function": {"name": "look", "parameters": {}}}
    n = [chat(client, **more).usage.prompt_tokens
         for more in ({}, {"tools": [tool]}, {"tools": [tool], "tool_choice": "none"})]  # fmt: skip
    assert n[0] == n[2] < n[1]


class Thinker:
    """Steps as the real one does, but says what it was told, whatever the model's logits say."""

    def __init__(self, engine, text):
        self.inner, self.text = engine.runner, text
        self.tokens = [*engine.tokenizer.encode(text).ids, engine.end_tokens[0]]

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def step(self, run):
        n = len(run.sequence.generated)
        token = self.tokens[n]
        run.sequence.params = replace(run.sequence.params, logit_bias=((token, 1e4),))
        return self.inner.step(run)


def test_what_the_model_thinks_comes_apart_from_its_answer(engine, tokenizer, tmp_path):
    template = "{% for m in messages %}{{ m.content }}{% endfor %}{# <think> </think> #}"
    (tmp_path / "chat_template.jinja").write_text(template)
    made = Engine(engine.model, tokenizer, template=ChatTemplate.of(tmp_path))
    made.runner = Thinker(made, "<think>\nthe cat\n</think>\n\nsat 你好")
    with running(made) as server:
        client, more = server.openai, {"max_tokens": 100}
        message = chat(client, **more).choices[0].message
        assert (message.reasoning_content, message.content) == ("the cat", "sat 你好")
        thought = said = ""
        for part in chat(client, stream=True, **more):
            delta = part.choices[0].delta
            thought += getattr(delta, "reasoning_content", None) or ""
            said += delta.content or ""
            assert not (thought == "" and said)  # the thought comes first
        assert (thought, said) == ("the cat", "sat 你好")


def test_the_makers_advice_counts_where_the_client_says_nothing(engine, tokenizer):
    advised = Defaults(temperature=0, top_k=5)
    with running(Engine(engine.model, tokenizer, defaults=advised)) as server:
        greedy = server.openai.completions.create(model=NAME, prompt="the cat", max_tokens=12)
        assert greedy.choices[0].text == solo(engine, "the cat")
        hot = {"temperature": 1, "seed": 1, "max_tokens": 12, "extra_body": {"top_k": 0}}
        other = server.openai.completions.create(model=NAME, prompt="the cat", **hot)
        assert other.choices[0].text == solo(engine, "the cat", temperature=1, seed=1)
