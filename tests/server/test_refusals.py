"""Whatever a client sends, the answer is in OpenAI's form and says what is wrong: never a 500."""

import json

import httpx
import openai
import pytest

from tenth.engine import Engine
from tenth.server.guard import MAX_BODY
from tests.engine.conftest import tiny

from .conftest import NAME, running

CHAT, COMPLETIONS = "chat/completions", "completions"
JSON = {"Content-Type": "application/json"}
ASK = {"model": NAME, "messages": [{"role": "user", "content": "a"}]}
CONTINUE = {"model": NAME, "prompt": "a"}


def refused(response: httpx.Response, status: int = 400) -> dict:
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"] and "\n" not in error["message"] and len(error["message"]) < 1000
    return error


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature", -3), ("temperature", "hot"), ("temperature", 1e999), ("temperature", []),
        ("top_p", 0), ("top_p", 1.5), ("top_k", -2), ("top_k", 1.5), ("min_p", 2),
        ("n", 0), ("n", 10**9), ("n", 100), ("n", "2"), ("n", True), ("n", 10**400),
        ("max_tokens", -1), ("max_tokens", 1.5), ("max_tokens", "10"), ("max_tokens", {}),
        ("seed", 2**70), ("seed", "x"), ("stop", ""), ("stop", ["a"] * 50), ("stop", [1]),
        ("stop", "x" * 10_000), ("frequency_penalty", 3), ("presence_penalty", "x"),
        ("repetition_penalty", 0), ("logit_bias", {"foo": 3}), ("logit_bias", {"99999999": 3}),
        ("logit_bias", {"1": 1000}), ("logit_bias", {"١": 1}), ("logit_bias", []),
        ("stream", "yes"), ("stream_options", True), ("stream_options", {"usage": 1}),
        ("model", None), ("model", 3), ("tenth", {"expert": True}), ("ignore_eos", 1),
        ("temprature", 1), ("x" * 3000, 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("path", "body"), [(CHAT, ASK), (COMPLETIONS, CONTINUE)])
def test_a_bad_field_is_named(server, path, body, field, value):
    text = json.dumps(body | {field: value})
    error = refused(server.http.post(f"/v1/{path}", content=text, headers=JSON))
    assert error["type"] == "invalid_request_error"
    if value != 1e999:  # that is no JSON at all
        assert error["param"] == field[:300] and field[:50] in error["message"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("messages", []), ("messages", None), ("messages", "hi"), ("messages", {}),
        ("messages", [{"role": "user"}]), ("messages", [{"content": "a"}]), ("messages", ["a"]),
        ("messages", [{"role": "king", "content": "a"}]), ("messages", [None]),
        ("messages", [{"role": "user", "content": 3}]),
        ("messages", [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]),
        ("messages", [{"role": "user", "content": [{}]}]),
        ("messages", [{"role": "user", "content": [{"type": "text"}]}]),
        ("messages", [{"role": "assistant", "content": "", "tool_calls": 3}]),
        ("messages", [{"role": "user", "content": "a" * 3000}]),
        ("response_format", {"type": "json_object"}), ("response_format", {}),
        ("response_format", {"type": "x" * 5000}),
        ("response_format", {"type": "json_schema", "json_schema": {}}), ("response_format", "x"),
        ("tool_choice", "required"), ("tool_choice", {"type": "function"}), ("tools", {}),
        ("function_call", {"name": "f"}), ("modalities", ["audio"]), ("top_logprobs", 3),
        ("top_logprobs", 50), ("logprobs", 3), ("max_completion_tokens", -1), ("prompt", "a"),
        ("chat_template_kwargs", {"messages": []}), ("chat_template_kwargs", 3),
    ],
)  # fmt: skip
def test_a_bad_field_of_a_chat_is_named(server, field, value):
    error = refused(server.post(CHAT, **ASK | {field: value}))
    assert error["param"] == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", []), ("prompt", 3), ("prompt", [[]] * 50), ("prompt", [1.5]), ("prompt", [-1]),
        ("prompt", [10**6]), ("prompt", [[1], "a"]), ("prompt", ["a", 1]), ("prompt", {}),
        ("prompt", "a" * 3000), ("prompt", [5] * 600), ("logprobs", True), ("logprobs", 90),
        ("best_of", 4), ("echo", "yes"), ("suffix", 3), ("messages", []),
    ],
)  # fmt: skip
def test_a_bad_field_of_a_completion_is_named(server, field, value):
    error = refused(server.post(COMPLETIONS, **CONTINUE | {field: value}))
    assert error["param"] == ("n" if value == [[]] * 50 else field)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nonsense", b"[]", b"3", b"null", b'"a"', b"\xff\xfe\x00", b"{" * 100_000,
        b"[" * 100_000, b'{"model": "tiny", "prompt": "\\ud800"}', b'{"a": NaN}', b"\x00" * 50,
        b'{"model": "tiny", "prompt": "\xff\xff"}', b'{"model": "tiny", "prompt": "a"',
        b'{"model": "tiny", "prompt": "a", "temperature": NaN}',
        b'{"model": "tiny", "messages": ' + b'[{"role":"user","content":' * 5000,
        b'{"model": "tiny", "prompt": "a", "logit_bias": ' + b'{"1":' * 300 + b"1" + b"}" * 301,
        b'{"model": "tiny", "prompt": "a", "seed": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
def test_a_malformed_body_is_a_400(server, path, body):
    refused(server.http.post(f"/v1/{path}", content=body, headers=JSON))


def test_a_missing_field_is_named(server):
    for path, field in ((CHAT, "messages"), (CHAT, "model"), (COMPLETIONS, "prompt")):
        body = {k: v for k, v in (ASK | CONTINUE).items() if k != field}
        body.pop("prompt" if path == CHAT else "messages", None)
        error = refused(server.http.post(f"/v1/{path}", json=body))
        assert error["param"] == field and "required" in error["message"]
    assert server.complete(None, max_tokens=1).status_code == 200  # a document's start


def test_deep_but_legal_nesting_is_refused_or_answered_never_a_failure(server):
    deep: dict = {}
    for _ in range(150):
        deep = {"a": deep}
    for body in ({"tools": [deep]}, {"metadata": deep}, {"chat_template_kwargs": deep}):
        assert server.post(CHAT, **ASK | {"max_tokens": 1} | body).status_code in (200, 400)


def test_a_body_that_is_not_declared_as_json_is_a_415(server):
    for headers in ({"Content-Type": "text/plain"}, {}):
        refused(server.http.post("/v1/completions", content=b"{}", headers=headers), 415)


def test_a_giant_body_is_a_413_whether_its_length_is_said_or_not(server):
    def parts():
        for _ in range(MAX_BODY // 2**16 + 2):
            yield b"[" * 2**16

    for content in (b" " * (MAX_BODY + 1), parts()):
        try:
            response = server.http.post("/v1/completions", content=content, headers=JSON)
        except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
            continue  # it hung up while we were still sending, which is as good
        refused(response, 413)
    assert server.complete(max_tokens=1).status_code == 200


def test_unknown_paths_and_methods_are_in_openais_form(server):
    assert refused(server.http.get("/v1/nothing"), 404)["code"] == "not_found"
    assert refused(server.http.get("/v1/chat/completions"), 405)
    assert refused(server.http.post("/v1/embeddings", json={}), 404)
    assert refused(server.http.delete(f"/v1/models/{NAME}"), 405)
    assert refused(server.http.get("/%00/../../etc/passwd"), 404)
    assert refused(server.post(COMPLETIONS, model="x" * 5000, prompt="a"), 404)


def test_a_prompt_past_the_context_says_both_lengths(server, engine):
    error = refused(server.complete("the cat sat on the mat " * 200))
    assert error["code"] == "context_length_exceeded" and str(engine.window) in error["message"]
    assert server.complete([5] * engine.window, max_tokens=9).json()["usage"] == {
        "prompt_tokens": engine.window, "completion_tokens": 1, "total_tokens": engine.window + 1,
    }  # fmt: skip


def test_special_tokens_typed_by_a_client_are_text(server, engine):
    usage = server.complete("a<|endoftext|>b", max_tokens=1).json()["usage"]
    assert usage["prompt_tokens"] == len(engine.encode("a<|endoftext|>b")) > 3


def test_a_base_model_answers_completions_and_refuses_chat_by_name(tokenizer):
    with running(Engine(tiny("dense"), tokenizer)) as server:
        assert server.complete(max_tokens=2).status_code == 200
        assert "no chat template" in refused(server.chat())["message"]
        told = server.http.get("/v1/models").json()["data"][0]["tenth"]
        assert told["chat"] is False and told["n_sparse_layers"] == 0


def test_a_damaged_model_is_a_500_that_says_so_and_the_server_goes_on(tokenizer):
    model = tiny("dense")
    model.norm.weight.data.fill_(float("nan"))
    with running(Engine(model, tokenizer)) as server:
        for _ in range(2):
            assert "damaged" in refused(server.complete(), 500)["message"]
        with pytest.raises(openai.APIError, match="damaged"):
            list(server.openai.completions.create(model=NAME, prompt="a", stream=True))
        assert server.load.running == 0


def test_with_a_key_every_request_to_the_api_needs_it(engine):
    with running(engine, api_key="sésame") as server:
        for headers in (
            {}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic sésame".encode()},
            {"Authorization": "Bearer"}, {"Authorization": b"\xff\xfe"},
        ):  # fmt: skip
            response = server.http.get("/v1/models", headers=headers)
            assert refused(response, 401)["code"] == "invalid_api_key"
            assert response.headers["www-authenticate"] == "Bearer"
            response = server.http.post("/v1/completions", json=CONTINUE, headers=headers)
            refused(response, 401)
        with pytest.raises(openai.AuthenticationError):
            server.openai.models.list()
        good = {"Authorization": "bearer sésame".encode()}
        assert server.http.get("/v1/models", headers=good).status_code == 200
        assert server.http.get("/health").status_code == 200  # and a probe needs none
