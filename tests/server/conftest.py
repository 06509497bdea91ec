"""A real server over a tiny model with random weights, on a free port, for each test that asks."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from openai import OpenAI

from tenth.engine import Engine
from tenth.families import save_model
from tenth.server import make_app
from tests.engine.conftest import SPARSE, VOCAB, tiny, tokenizer

__all__ = ["SPARSE", "VOCAB", "tokenizer"]

NAME = "tiny"
TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}\n{% endfor %}"
    "{% if tools %}tools: {{ tools | tojson }}\n{% endif %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory, tokenizer) -> Path:
    """A chat model as its makers would ship it."""
    made = tmp_path_factory.mktemp("served")
    save_model(tiny("sparse", max_seq=512), made, tokenizer)
    (made / "chat_template.jinja").write_text(TEMPLATE)
    return made


@pytest.fixture(scope="session")
def engine(folder) -> Engine:
    return Engine.open(folder)


class Server:
    """What a test sees of a running server."""

    def __init__(self, app, port: int):
        self.app, self.port = app, port
        self.url = f"http://127.0.0.1:{port}"
        self.engine: Engine = app.state.service.engine
        self.http = httpx.Client(base_url=self.url, timeout=60)
        self.openai = OpenAI(base_url=f"{self.url}/v1", api_key="any", max_retries=0, timeout=60)

    @property
    def load(self):
        return self.app.state.service.loop.load

    def post(self, path: str, **body):
        return self.http.post(f"/v1/{path}", json={"model": NAME} | body)

    def complete(self, prompt: str = "the cat", **body):
        return self.post("completions", prompt=prompt, **body)

    def chat(self, text: str = "the cat", **body):
        return self.post("chat/completions", messages=[{"role": "user", "content": text}], **body)

    def until_idle(self, seconds: float = 10) -> None:
        until(lambda: self.load.running + self.load.waiting == 0, seconds)


def until(true, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.002)


@contextmanager
def running(engine: Engine, **options) -> Iterator[Server]:
    app = make_app(engine, NAME, **options)
    config = uvicorn.Config(app, port=0, log_level="error", ws="none", http="h11")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    made = Server(app, server.servers[0].sockets[0].getsockname()[1])
    try:
        yield made
    finally:
        made.http.close()
        made.openai.close()
        server.should_exit = server.force_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def server(engine) -> Iterator[Server]:
    with running(engine) as made:
        yield made


@pytest.fixture
def client(server) -> OpenAI:
    return server.openai
