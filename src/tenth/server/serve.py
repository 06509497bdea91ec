"""Runs the app until it is told to stop, and then until everyone it serves has been answered."""

import logging
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn

from tenth.engine.engine import Engine
from tenth.server.app import QUEUE, SLOTS, Service, make_app

HOST, PORT = "127.0.0.1", 8000
LAST_WORDS = 10  # seconds for slow readers once the engine has nothing left to do
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(
    engine: Engine,
    model_name: str,
    host: str = HOST,
    port: int = PORT,
    api_key: str | None = None,
    queue: int = QUEUE,
    slots: int = SLOTS,
    say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
) -> None:
    """Returns when SIGTERM or Ctrl-C came and all that was accepted is answered; a second one
    ends it at once. `port=0` takes a free one, which `say` tells."""
    listener = _listen(host, port)
    app = make_app(engine, model_name, api_key, queue, slots)
    at = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False,
        timeout_graceful_shutdown=LAST_WORDS, h11_max_incomplete_event_size=64 << 10, http="h11",
        ws="none",
    )  # fmt: skip
    logging.getLogger("tenth.server").setLevel(logging.WARNING)
    if host not in LOOPBACK and api_key is None:
        say("tenth: anyone who reaches this port may use the model; --api-key asks for a key")
    ready = f"tenth: {model_name} at http://{shown}:{at}/v1, a chat page at http://{shown}:{at}/"
    Draining(config, app.state.service, say, ready).run(sockets=[listener])


class Draining(uvicorn.Server):
    """At the first signal the doors close, and the server ends once all accepted are answered."""

    def __init__(
        self, config: uvicorn.Config, service: Service, say: Callable[[str], None], ready: str
    ):
        super().__init__(config)
        self._service, self._say, self._ready = service, say, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._say(self._ready)  # now: a signal from here on drains

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._service.gate.draining:
            self.should_exit = self.force_exit = True
            return
        self._service.gate.draining = True
        load = self._service.loop and self._service.loop.load
        if load and (load.running or load.waiting):
            n = load.running + load.waiting
            self._say(f"tenth: stopping after {n} more answers; once more stops at once")

    async def on_tick(self, counter: int) -> bool:
        if self._service.gate.draining and self._service.idle:
            self.should_exit = True
        return await super().on_tick(counter)


def _listen(host: str, port: int) -> socket.socket:
    """Bound before the model is announced, so that a port in use is one clear line."""
    if not 0 <= port < 2**16:
        raise ValueError(f"--host {host} --port {port}: a port is a number from 0 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ValueError(f"--host {host} --port {port}: {error}") from None
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise ValueError(f"--host {host} --port {port}: {error}") from None
    return listener
