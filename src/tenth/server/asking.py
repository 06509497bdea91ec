"""From a request's body to what the engine runs, or to a refusal that names the field."""

import json
import threading
from typing import Any, NamedTuple

from tenth.engine.engine import Engine
from tenth.engine.reasoning import ReasoningSplitter
from tenth.engine.sequence import Report, SamplingParams, Sequence
from tenth.server.errors import bad
from tenth.server.schema import ChatRequest, CompletionRequest, Message, Request

DEFAULT_COMPLETION = 16  # tokens, as OpenAI has it; a chat goes on to the end of the context
FIM = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")  # around a gap to fill
OWN_KWARGS = ("messages", "tools", "add_generation_prompt")

_templates = threading.Lock()  # a template's budget is that of one rendering at a time


class Asked(NamedTuple):
    """`n` sequences for each prompt, one after another."""

    sequences: list[Sequence]
    echoes: list[str]  # for each sequence, the text before its answer
    splitters: list[ReasoningSplitter | None]  # and what tells its reasoning from the rest
    prompt_tokens: int
    ignored: list[str]


def chat(engine: Engine, request: ChatRequest) -> Asked:
    """Renders the conversation; in a thread, since a template may take its time."""
    if engine.template is None:
        raise bad("messages", f"{request.model[:100]!r} is a base model: it has no chat template. "
                  "Ask /v1/completions to continue a text")  # fmt: skip
    _refuse_chat(request)
    tools = request.tools or [{"type": "function", "function": f} for f in request.functions or ()]
    if "none" in (request.tool_choice, request.function_call):
        tools = []
    messages = [_message(i, message) for i, message in enumerate(request.messages)]
    try:
        with _templates:
            text = engine.template.render(messages, tools or None, **_kwargs(request))
            prompt = tuple(engine.template.encode(engine.tokenizer, text))
    except ValueError as error:
        raise bad("messages", str(error)) from None
    limit = request.max_completion_tokens
    limit = request.max_tokens if limit is None else limit
    top = (request.top_logprobs or 0) if request.logprobs else None
    report = Report(top, experts=bool(request.tenth and request.tenth.experts))
    splitters = [ReasoningSplitter.of(engine.template, text) for _ in range(request.n or 1)]
    shown = splitters[0].markers if splitters[0] else ()
    sequences = _sequences(engine, request, prompt, limit, report, "messages", shown)
    return Asked(sequences, [""] * len(sequences), splitters, len(prompt), [])


def completion(engine: Engine, request: CompletionRequest) -> Asked:
    n = request.n or 1
    if request.best_of and request.best_of > n:
        raise bad("best_of", f"best_of: {request.best_of} is more than n; tenth ranks no answers")
    report = Report(
        request.logprobs,
        prompt=bool(request.echo and request.logprobs is not None),
        experts=bool(request.tenth and request.tenth.experts),
    )
    limit = DEFAULT_COMPLETION if request.max_tokens is None else request.max_tokens
    sequences: list[Sequence] = []
    echoes: list[str] = []
    n_prompt, unused = 0, []
    for text, tokens in _prompts(engine, request):
        if request.suffix:
            gap = _gap(engine, tokens, request.suffix)
            unused = [] if gap else ["suffix"]
            tokens = gap or tokens
        sequences += _sequences(engine, request, tokens, limit, report, "prompt")
        echoes += [text if request.echo else ""] * n
        n_prompt += len(tokens)
    return Asked(sequences, echoes, [None] * len(sequences), n_prompt, unused)


def _refuse_chat(request: ChatRequest) -> None:
    """What would have to change the answer's form, and cannot yet."""
    form = request.response_format
    kind = "text" if form is None else form.get("type")
    if kind != "text":
        raise bad("response_format", f"response_format: {str(kind)[:50]!r} is not supported; only 'text' is",
                  "unsupported_value")  # fmt: skip
    for name in ("tool_choice", "function_call"):
        choice = getattr(request, name)
        if choice not in (None, "none", "auto"):
            shown = json.dumps(choice)[:100]
            raise bad(name, f"{name}: {shown} is not supported; 'auto' and 'none' are",
                      "unsupported_value")  # fmt: skip
    if set(request.modalities or ["text"]) != {"text"}:
        raise bad("modalities", "modalities: only ['text'] is supported", "unsupported_value")
    if request.top_logprobs and not request.logprobs:
        raise bad("top_logprobs", "top_logprobs: it needs logprobs to be true")


def _message(i: int, message: Message) -> dict[str, Any]:
    """One turn as the template's room knows it."""
    made = message.model_dump(exclude_none=True)
    made["role"] = "system" if message.role == "developer" else message.role
    if message.content is None:
        if message.role != "assistant":
            raise bad("messages", f"messages[{i}].content: this field is required")
        made["content"] = ""
    return made


def _kwargs(request: ChatRequest) -> dict[str, Any]:
    kwargs = dict(request.chat_template_kwargs or {})
    for name in OWN_KWARGS:
        if name in kwargs:
            raise bad("chat_template_kwargs", f"chat_template_kwargs: {name!r} is not for clients")
    if request.reasoning_effort == "none":
        kwargs.setdefault("enable_thinking", False)
    elif request.reasoning_effort is not None:
        kwargs.setdefault("reasoning_effort", request.reasoning_effort)
    return kwargs


def _prompts(engine: Engine, request: CompletionRequest) -> list[tuple[str, tuple[int, ...]]]:
    """(text, tokens) of each prompt; without one the model starts a document."""
    given: Any = request.prompt
    if isinstance(given, list) and not given:
        raise bad("prompt", "prompt: the list is empty")
    if given is None or isinstance(given, str) or isinstance(given[0], int):
        given = [given or ""]
    return [_prompt(engine, prompt) for prompt in given]


def _prompt(engine: Engine, prompt: str | list[int]) -> tuple[str, tuple[int, ...]]:
    if isinstance(prompt, str):
        return prompt, engine.encode(prompt) or engine.end_tokens[:1]
    known = engine.model.config.vocab_size
    if prompt and max(prompt) >= known:
        raise bad("prompt", f"prompt: token {max(prompt)} is not below {known}")
    text = engine.tokenizer.decode(prompt, skip_special_tokens=False)
    return text, tuple(prompt) or engine.end_tokens[:1]


def _gap(engine: Engine, prompt: tuple[int, ...], suffix: str) -> tuple[int, ...] | None:
    """The tokens that ask for what stands between; None: this model knows no gaps."""
    before, after, between = (engine.tokenizer.token_to_id(name) for name in FIM)
    if before is None or after is None or between is None:
        return None
    return (before, *prompt, after, *engine.encode(suffix), between)


def _sequences(
    engine: Engine,
    request: Request,
    prompt: tuple[int, ...],
    limit: int | None,
    report: Report,
    param: str,
    shown: tuple[str, ...] = (),
) -> list[Sequence]:
    """`n` answers; the seeds of the second and the following count up from the first's."""
    room = engine.window - len(prompt) + 1  # the last token need not be read
    if room < 1:
        raise bad(param, f"This model's maximum context length is {engine.window} tokens; "
                  f"the prompt has {len(prompt)}", "context_length_exceeded")  # fmt: skip
    made = []
    for j in range(request.n or 1):
        seed = request.seed
        if seed is not None:
            seed = (seed + j + 2**63) % 2**64 - 2**63
        params = _params(engine, request, min(room, room if limit is None else limit), seed)
        made.append(engine.sequence(prompt, params, report, not request.ignore_eos, shown))
    return made


def _params(engine: Engine, request: Request, max_tokens: int, seed: int | None) -> SamplingParams:
    """What the client names, then what the model's makers advise, then OpenAI's defaults."""
    asked = {
        name: getattr(request, name)
        for name in ("temperature", "top_p", "top_k", "min_p", "repetition_penalty")
    }
    advised = engine.defaults
    values = {k: getattr(advised, k) if value is None else value for k, value in asked.items()}
    stop = request.stop or ()
    return SamplingParams(
        **values | {"top_k": max(0, values["top_k"])},
        seed=seed,
        max_tokens=max_tokens,
        stop=advised.stop + ((stop,) if isinstance(stop, str) else tuple(stop)),
        frequency_penalty=request.frequency_penalty or 0.0,
        presence_penalty=request.presence_penalty or 0.0,
        logit_bias=_biases(engine, request.logit_bias or {}),
    )


def _biases(engine: Engine, given: dict[str, float]) -> tuple[tuple[int, float], ...]:
    known, made = engine.model.config.vocab_size, []
    for key, bias in given.items():
        if not bias:  # it changes nothing
            continue
        if not (key.isascii() and key.isdecimal() and len(key) < 10 and int(key) < known):
            raise bad(
                "logit_bias", f"logit_bias: {key[:50]!r} is not a token from 0 to {known - 1}"
            )
        made.append((int(key), bias))
    return tuple(made)
