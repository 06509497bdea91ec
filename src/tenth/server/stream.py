"""From the engine's thread to the client: chunks through a queue, events as they come."""

import asyncio
import json
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any, NamedTuple

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from tenth.engine.loop import Deliver, Loop
from tenth.engine.runner import Chunk
from tenth.engine.scheduler import QueueFull
from tenth.engine.sequence import Sequence
from tenth.server.errors import ApiError, bad, of_engine


class Step(NamedTuple):
    which: int  # of the request's sequences
    chunk: Chunk
    at: float  # when it was made


class Answers:
    """The steps of all of a request's sequences, in the order in which they were made.

    A reader that is slow holds no slot: what was made waits here, which `max_tokens` bounds.
    """

    def __init__(self, loop: Loop, sequences: list[Sequence]):
        self._loop, self._sequences = loop, sequences
        self._events = asyncio.get_running_loop()
        self._steps: asyncio.Queue[tuple[int, Chunk | Exception | None, float]] = asyncio.Queue()
        if len(sequences) > loop.capacity:
            raise bad("n", f"{len(sequences)} answers are more than the {loop.capacity} that this "
                      "server holds at once")  # fmt: skip
        try:
            loop.submit({one: self._deliver(i) for i, one in enumerate(sequences)})
        except QueueFull as error:
            retry = {"Retry-After": str(loop.retry_after())}
            raise ApiError(429, str(error), code="queue_full", headers=retry) from None
        self._left = len(sequences)

    def _deliver(self, index: int) -> Deliver:
        def deliver(chunk: Chunk | Exception) -> None:
            put = (self._steps.put_nowait, (index, chunk, perf_counter()))
            try:
                self._events.call_soon_threadsafe(*put)
            except RuntimeError:  # the event loop has closed: nobody listens any more
                self.cancel()

        return deliver

    def cancel(self) -> None:
        """Frees the slots and the places in the queue at once."""
        for sequence in self._sequences:
            self._loop.cancel(sequence)
        self._sequences = []

    def leave(self) -> None:
        """Cancels, and ends the iteration too."""
        self.cancel()
        self._steps.put_nowait((0, None, 0.0))

    async def steps(self, quiet: float | None = None) -> AsyncIterator[Step | None]:
        """Every step; None where there was none for `quiet` seconds, and at `leave` the end."""
        try:
            while self._left:
                try:
                    index, chunk, at = await asyncio.wait_for(self._steps.get(), quiet)
                except TimeoutError:
                    yield None
                    continue
                if chunk is None:
                    return
                if isinstance(chunk, Exception):
                    raise of_engine(chunk)
                self._left -= chunk.finish_reason is not None
                yield Step(index, chunk, at)
        finally:
            self.cancel()


async def leave_when_gone(receive: Receive, answers: Answers) -> None:
    """Watches the connection of a client that waits for its whole answer."""
    while (await receive())["type"] != "http.disconnect":
        pass
    answers.leave()


class EventStream(StreamingResponse):
    """Server-sent events. A client that leaves, read or unread, ends its sequences."""

    def __init__(self, answers: Answers, events: AsyncIterator[dict[str, Any] | None]):
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        super().__init__(_encoded(events), media_type="text/event-stream", headers=headers)
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._answers.cancel()


async def _encoded(events: AsyncIterator[dict[str, Any] | None]) -> AsyncIterator[bytes]:
    try:
        async for event in events:
            yield b": waiting\n\n" if event is None else _data(event)
    except ApiError as error:  # the status is sent already: it comes as an event
        yield _data(error.body)
    yield b"data: [DONE]\n\n"


def _data(event: dict[str, Any]) -> bytes:
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"data: {text}\n\n".encode()
