"""The app: OpenAI's API over one engine.

| endpoint | what it does |
|---|---|
| GET / | the chat page |
| GET /health | `{"status": "ok", running, waiting, slots, queue, model}`; 503 while it drains |
| GET /v1/models, /v1/models/{model} | the one model, with what the page shows of it in `tenth` |
| POST /v1/chat/completions | a conversation through the model's chat template |
| POST /v1/completions | the continuation of one or several prompts, as text or token ids |
| GET /openapi.json | the request bodies, field by field |

Every answer is that of the request alone, to the last bit, whoever is served beside it. Errors
are OpenAI's: 400 names the field, 401 the key, 404 the model, 413 a giant body, 415 a body that
is not declared as JSON, 429 a full queue with Retry-After, 503 a server that shuts down.
Fields that OpenAI knows and that change nothing here come back in `tenth.ignored`.
`max_tokens: 0` asks for no token and gets none. `echo` with `logprobs` scores the prompt; its
first token has the probability that the model gives it at the start of a text.
`{"tenth": {"experts": true}}` puts into each streamed chunk `tenth.experts`, the experts of every
sparse layer that made its token, and `tenth.tokens_per_second` into the last.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tenth import __version__
from tenth.engine.engine import Engine
from tenth.engine.loop import Loop
from tenth.server import asking
from tenth.server.answers import Kind, Reply
from tenth.server.asking import Asked
from tenth.server.errors import ApiError, answer_errors, of_validation
from tenth.server.guard import Gate, Guard
from tenth.server.logprobs import TokenTexts
from tenth.server.page import Page
from tenth.server.schema import Body, ChatRequest, CompletionRequest, ignored
from tenth.server.stream import Answers, EventStream, leave_when_gone

SLOTS, QUEUE = 4, 32

B = TypeVar("B", bound=Body)


class Service:
    """What the routes share: the engine, its loop while the app runs, and the model's name."""

    def __init__(self, engine: Engine, model_name: str, slots: int, queue: int):
        self.engine, self.name, self.slots, self.queue = engine, model_name, slots, queue
        self.gate, self.texts = Gate(), TokenTexts(engine.tokenizer)
        self.created = int(time.time())
        self.arriving = 0  # requests that are read and not yet with the engine
        self.loop: Loop | None = None

    @asynccontextmanager
    async def running(self, _: FastAPI) -> AsyncIterator[None]:
        self.loop = self.engine.start(self.slots, self.queue)
        try:
            yield
        finally:
            await run_in_threadpool(self.loop.stop)

    @property
    def idle(self) -> bool:
        """Whether all that was accepted is answered, but for what readers have yet to fetch."""
        load = self.loop and self.loop.load
        return not (self.arriving or (load and (load.running or load.waiting)))

    def check(self, model: str) -> None:
        if model != self.name:
            said = f"The model {model[:200]!r} does not exist; there is {self.name!r}"
            raise ApiError(404, said, "model", "model_not_found")

    def model(self) -> dict[str, Any]:
        config = self.engine.model.config
        sparse = sum(config.is_sparse_layer(i) for i in range(config.n_layers))
        told = {
            "n_experts": config.n_experts if sparse else 0,
            "n_sparse_layers": sparse,
            "top_k": config.top_k if sparse else 0,
            "context": self.engine.window,
            "chat": self.engine.template is not None,
        }
        return {"id": self.name, "object": "model", "created": self.created, "owned_by": "tenth",
                "tenth": told}  # fmt: skip

    async def answer(
        self, kind: Kind, http: Request, body: type[B], ask: Callable[[Engine, B], Asked]
    ) -> Response:
        """Reads, checks, asks the engine, and answers whole or as a stream."""
        request: Any = await read_body(http, body)
        self.check(request.model)
        self.arriving += 1
        try:
            asked = await run_in_threadpool(ask, self.engine, request)
            assert self.loop is not None
            answers = Answers(self.loop, asked.sequences)
        finally:
            self.arriving -= 1
        asked.ignored.extend(ignored(request))
        reply = Reply(kind, self.engine, self.texts, request, asked, answers)
        if request.stream:
            return EventStream(answers, reply.events())
        watch = asyncio.create_task(leave_when_gone(http.receive, answers))
        try:
            return JSONResponse(await reply.whole())
        finally:
            watch.cancel()
            answers.cancel()


def make_app(
    engine: Engine,
    model_name: str,
    api_key: str | None = None,
    queue: int = QUEUE,
    slots: int = SLOTS,
) -> FastAPI:
    """`slots` answers run in turn and `queue` more may wait; `api_key` guards /v1."""
    service = Service(engine, model_name, slots, queue)
    app = FastAPI(title="tenth", version=__version__, docs_url=None, redoc_url=None,
                  lifespan=service.running)  # fmt: skip
    app.state.service = service
    app.add_middleware(Guard, gate=service.gate, api_key=api_key)
    answer_errors(app)

    @app.get("/health")
    async def health() -> JSONResponse:
        load = service.loop.load._asdict() if service.loop else {}
        status = "draining" if service.gate.draining else "ok"
        said = {"status": status, "model": service.name, **load}
        return JSONResponse(said, 503 if service.gate.draining else 200)

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [service.model()]}

    @app.get("/v1/models/{model:path}")
    async def model(model: str) -> dict[str, Any]:
        service.check(model)
        return service.model()

    @app.post("/v1/chat/completions", openapi_extra=_documented(ChatRequest))
    async def chat(http: Request) -> Response:
        return await service.answer("chat", http, ChatRequest, asking.chat)

    @app.post("/v1/completions", openapi_extra=_documented(CompletionRequest))
    async def completions(http: Request) -> Response:
        return await service.answer("completion", http, CompletionRequest, asking.completion)

    page = Page()

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    @app.api_route("/{file}", methods=["GET", "HEAD"], include_in_schema=False)
    async def static(http: Request, file: str = "index.html") -> Response:
        return await page.file(file, http.scope)

    return app


async def read_body(http: Request, body: type[B]) -> B:
    """Strict JSON; a page on another site cannot post it here without being asked."""
    kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(415, f"Content-Type is {kind[:100]!r}; send application/json",
                       code="unsupported_media_type")  # fmt: skip
    data = await http.body()
    try:
        return await run_in_threadpool(body.model_validate_json, data)
    except ValidationError as error:
        raise of_validation(error) from None


def _documented(body: type[Body]) -> dict[str, Any]:
    schema = body.model_json_schema()
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}
