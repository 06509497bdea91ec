"""Many clients at once: each answer is that of the request alone, and no place is kept in vain."""

import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from tenth.engine import Engine, SamplingParams

from .conftest import NAME, running, until

LONG = {"max_tokens": 480, "ignore_eos": True, "temperature": 1}


class Slow:
    """A model that takes a while for each step, and counts them."""

    def __init__(self, engine: Engine, seconds: float = 0.02):
        self.runner, self.seconds, self.steps = engine.runner, seconds, 0

    def __getattr__(self, name):
        return getattr(self.runner, name)

    def step(self, run):
        self.steps += 1
        time.sleep(self.seconds)
        return self.runner.step(run)


@pytest.fixture
def slow(engine, tokenizer, monkeypatch):
    """A server of two slots and one place in the queue, and the steps of its model."""
    made = Engine(engine.model, tokenizer, template=engine.template)
    model = Slow(made)
    monkeypatch.setattr(made, "runner", model)
    with running(made, slots=2, queue=1) as server:
        yield server, model


@pytest.fixture
def raw():
    """Clients of our own, which can leave as rudely as any."""
    clients = []

    def client(server, body: str) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", server.port))
        clients.append(made)
        head = "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        made.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        return made

    yield client
    for made in clients:
        made.close()


ASK = '{"model": "%s", "prompt": "a", "max_tokens": 400, "ignore_eos": true, "stream": %s}'


@pytest.mark.parametrize("stream", ["true", "false"])
def test_a_client_that_leaves_frees_its_slot_within_a_step(slow, raw, stream):
    server, model = slow
    client = raw(server, ASK % (NAME, stream))
    until(lambda: model.steps > 3)
    client.close()
    before = model.steps
    until(lambda: server.load.running == 0)
    time.sleep(0.2)
    assert model.steps - before <= 3  # the step under way, and what ran while the news travelled


def test_the_openai_client_may_break_off_a_stream(slow):
    server, model = slow
    stream = server.openai.completions.create(model=NAME, prompt="a", stream=True, max_tokens=400)
    next(iter(stream))
    stream.close()
    until(lambda: server.load.running == 0)
    assert model.steps < 20


def test_a_client_that_leaves_the_queue_gives_up_its_place(slow, raw):
    server, _ = slow
    clients = [raw(server, ASK % (NAME, "false")) for _ in range(3)]
    until(lambda: server.load == (2, 1, 2, 1))
    clients.pop().close()
    until(lambda: server.load.waiting == 0)
    assert server.load.running == 2
    for client in clients:
        client.close()
    server.until_idle()


def test_a_full_queue_is_a_429_that_says_when_to_come_back(slow, raw):
    server, _ = slow
    clients = [raw(server, ASK % (NAME, "true")) for _ in range(3)]
    until(lambda: server.load == (2, 1, 2, 1))
    for more in ({}, {"stream": True}):
        response = server.complete(**more)
        assert response.status_code == 429
        assert response.json()["error"]["code"] == "queue_full"
        assert 1 <= int(response.headers["retry-after"]) <= 60
    assert server.http.get("/health").json() == {
        "status": "ok", "model": NAME, "running": 2, "waiting": 1, "slots": 2, "queue": 1,
    }  # fmt: skip
    for client in clients:
        client.close()
    server.until_idle()
    assert server.complete(max_tokens=2, n=3).status_code == 200  # all together, or none
    assert server.complete(max_tokens=2, n=4).status_code == 400  # it never fits


def test_answers_given_side_by_side_equal_those_given_alone(engine):
    prompts = ["the cat", "你好、世界", "the dog sat on the log " * 4, "a", "👍🏽 naïve"]
    asked = [(prompt, seed) for prompt in prompts for seed in (1, 2, 3)]
    alone = {
        (p, s): engine.generate(p, SamplingParams(0.9, 0.95, seed=s, max_tokens=40))
        for p, s in asked
    }
    with running(engine, slots=5, queue=20) as server, ThreadPoolExecutor(15) as pool:

        def ask(one):
            body = {"seed": one[1], "max_tokens": 40, "temperature": 0.9, "top_p": 0.95}
            return server.complete(one[0], **body).json()["choices"][0]["text"]

        assert dict(zip(asked, pool.map(ask, asked), strict=True)) == alone


def test_running_answers_take_turns(slow):
    server, _ = slow
    done = {}

    def ask(name, n):
        server.complete(max_tokens=n, ignore_eos=True)
        done[name] = time.monotonic()

    long = threading.Thread(target=ask, args=("long", 60))
    long.start()
    until(lambda: server.load.running == 1)
    ask("short", 5)
    long.join()
    assert done["short"] < done["long"]


def test_a_long_prompt_does_not_hold_the_others_up(engine, tokenizer):
    made = Engine(engine.model, tokenizer, prefill_chunk=4)
    made.runner = model = Slow(made, 0.01)  # type: ignore[assignment]
    with running(made, slots=2) as server:
        long = threading.Thread(target=server.complete, args=("a b c d " * 40,),
                                kwargs={"max_tokens": 1})  # fmt: skip
        long.start()
        until(lambda: model.steps > 2)
        server.complete(max_tokens=3)
        assert long.is_alive() and model.steps < 40
        long.join()


def test_a_slow_reader_holds_no_slot(engine, raw):
    with running(engine, slots=1, queue=4) as server:
        body = ASK % (NAME, "true")
        client = raw(server, body.replace("400", "480"))
        server.until_idle(60)  # though nothing was read
        assert server.complete(max_tokens=2).status_code == 200
        client.close()


SERVE = """
import sys, time
from pathlib import Path
from tenth.engine import Engine
from tenth.server import serve
engine = Engine.open(Path(sys.argv[1]))
step = engine.runner.step
engine.runner.step = lambda run: (time.sleep(0.02), step(run))[1]
serve(engine, "tiny", port=0, slots=1, queue=4)
"""


@contextmanager
def started(folder):
    """`tenth serve` as a process of its own, and where it listens."""
    command = [sys.executable, "-c", SERVE, str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
            assert "http://127.0.0.1:" in line, line
            yield process, line.split(" at ")[1].split("/v1")[0]
        finally:
            process.kill()


def post(url: str, **body) -> httpx.Response:
    return httpx.post(
        f"{url}/v1/completions", json={"model": NAME, "prompt": "a"} | body, timeout=60
    )


def test_sigterm_finishes_what_was_accepted_refuses_the_rest_and_ends_well(folder):
    with started(folder) as (process, url), ThreadPoolExecutor(2) as pool:
        body = {"max_tokens": 80, "ignore_eos": True}
        accepted = [pool.submit(post, url, **body) for _ in range(2)]  # one runs, one waits
        until(lambda: httpx.get(f"{url}/health").json()["waiting"] == 1)
        process.send_signal(signal.SIGTERM)
        until(lambda: httpx.get(f"{url}/health").status_code == 503)
        late = post(url)
        assert late.status_code == 503 and late.json()["error"]["code"] == "draining"
        assert "retry-after" in late.headers
        for answer in accepted:
            assert answer.result().json()["usage"]["completion_tokens"] == 80
        assert process.wait(20) == 0
        assert "2 more answers" in process.stderr.read()


def test_a_second_signal_ends_it_at_once(folder):
    with started(folder) as (process, url), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post, url, **LONG)
        until(lambda: httpx.get(f"{url}/health").json()["running"] == 1)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)
        assert process.wait(20) == 0
        assert isinstance(answer.exception(), httpx.HTTPError) or answer.result().is_error


def test_an_idle_server_ends_at_once(folder):
    with started(folder) as (process, _):
        process.terminate()
        assert process.wait(20) == 0


def test_a_port_in_use_is_one_clear_line(engine, server):
    from tenth.server import serve

    for where in ({"port": server.port}, {"host": "no.such.host.invalid"}, {"port": 70_000}):
        with pytest.raises(ValueError, match="--host"):
            serve(engine, NAME, **where)
