"""What clients may send: OpenAI's request bodies, with the values that tenth takes.

A field that OpenAI knows and tenth does not act on is in `HINTS`: it is taken, and the answer
says so in `tenth.ignored`. What would change the answer's form is refused by name in `asking.py`;
a field that nobody knows is refused here.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_STOPS, MAX_STOP = 16, 1000  # strings, and characters of one
MAX_TOP = 20  # alternatives to a token
MAX_N = 128

Stop = Annotated[str, Field(min_length=1, max_length=MAX_STOP)]
Stops = Annotated[list[Stop], Field(max_length=MAX_STOPS)]
Token = Annotated[int, Field(ge=0)]
Penalty = Annotated[float, Field(ge=-2, le=2)]


class Body(BaseModel):
    """Strict: a number in quotes is no number."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class StreamOptions(Body):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None  # false or true: tenth pads no chunks


class Tenth(Body):
    """Extensions for tenth's own chat page."""

    experts: bool = False  # for each sparse layer, which experts answered


class Request(Body):
    """What Chat Completions and Completions share."""

    model: str
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=MAX_N)] | None = None
    max_tokens: Annotated[int, Field(ge=0)] | None = None
    temperature: Annotated[float, Field(ge=0, le=100)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    top_k: Annotated[int, Field(ge=-1)] | None = None  # 0 and -1: off
    min_p: Annotated[float, Field(ge=0, le=1)] | None = None
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None
    stop: Stop | Stops | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
    repetition_penalty: Annotated[float, Field(gt=0, le=100)] | None = None
    logit_bias: dict[str, Annotated[float, Field(ge=-100, le=100)]] | None = None
    ignore_eos: bool | None = None  # an end token does not end the answer (for benchmarks)
    user: str | None = None
    tenth: Tenth | None = None


class Message(BaseModel):
    """One turn; what a template may want beyond these fields passes through."""

    model_config = ConfigDict(extra="allow", strict=True)

    role: Literal["developer", "system", "user", "assistant", "tool", "function"]
    content: str | list[dict[str, Any]] | None = None


class ChatRequest(Request):
    messages: Annotated[list[Message], Field(min_length=1)]
    max_completion_tokens: Annotated[int, Field(ge=0)] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=MAX_TOP)] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    functions: list[dict[str, Any]] | None = None
    function_call: str | dict[str, Any] | None = None
    response_format: dict[str, Any] | None = None
    modalities: list[str] | None = None
    audio: dict[str, Any] | None = None
    reasoning_effort: str | None = None
    chat_template_kwargs: dict[str, Any] | None = None  # for the template, as vLLM has it
    metadata: dict[str, Any] | None = None
    moderation: dict[str, Any] | None = None
    prediction: dict[str, Any] | None = None
    prompt_cache_key: str | None = None
    prompt_cache_options: dict[str, Any] | None = None
    prompt_cache_retention: str | None = None
    safety_identifier: str | None = None
    service_tier: str | None = None
    store: bool | None = None
    verbosity: str | None = None
    web_search_options: dict[str, Any] | None = None


class CompletionRequest(Request):
    prompt: str | list[str] | list[Token] | list[list[Token]] | None  # null: a document's start
    echo: bool | None = None
    logprobs: Annotated[int, Field(ge=0, le=MAX_TOP)] | None = None
    best_of: Annotated[int, Field(ge=0, le=MAX_TOP)] | None = None
    suffix: str | None = None


HINTS = (
    "metadata", "moderation", "prediction", "prompt_cache_key", "prompt_cache_options",
    "prompt_cache_retention", "safety_identifier", "service_tier", "store", "user", "verbosity",
    "web_search_options",
)  # fmt: skip


def ignored(request: Request) -> list[str]:
    """The fields of this request that change nothing here."""
    return [name for name in HINTS if getattr(request, name, None) not in (None, False)]
