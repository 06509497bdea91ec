"""What every request passes before anything is read of it: the key, the drain, the size."""

import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenth.server.errors import ApiError

MAX_BODY = 8 << 20  # bytes
RETRY_DRAINING = "10"  # seconds: another instance may stand there by then


class Gate:
    """Open until the server is told to stop."""

    draining = False


class Guard:
    """Around all of the app, in plain ASGI: nothing of a refused body is kept."""

    def __init__(self, app: ASGIApp, gate: Gate, api_key: str | None, max_body: int = MAX_BODY):
        self.app, self.gate, self.max_body = app, gate, max_body
        self.api_key = None if api_key is None else api_key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            headers = Headers(scope=scope)
            if scope["path"].startswith("/v1/"):
                self._admit(headers)
            await self.app(scope, self._bounded(headers, receive), watched_send)
        except ApiError as error:
            if started:
                raise
            await error.response()(scope, receive, send)

    def _admit(self, headers: Headers) -> None:
        kind, _, key = headers.get("authorization", "").partition(" ")
        given = key.strip().encode("latin-1")
        if self.api_key is not None and not (
            hmac.compare_digest(given, self.api_key) and kind.lower() == "bearer"
        ):
            said = "this API key is not known" if key else "an API key is needed"
            ask = {"WWW-Authenticate": "Bearer"}
            message = f"{said}: send Authorization: Bearer KEY"
            raise ApiError(401, message, code="invalid_api_key", headers=ask)
        if self.gate.draining:
            retry = {"Retry-After": RETRY_DRAINING, "Connection": "close"}
            raise ApiError(503, "the server is shutting down", code="draining", headers=retry)

    def _bounded(self, headers: Headers, receive: Receive) -> Receive:
        def refuse() -> ApiError:
            said = f"the body is larger than {self.max_body} bytes"
            return ApiError(413, said, code="body_too_large", headers={"Connection": "close"})

        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self.max_body:
            raise refuse()
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.max_body:
                raise refuse()
            return message

        return bounded
