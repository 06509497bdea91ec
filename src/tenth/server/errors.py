"""Every error in OpenAI's form: {"error": {message, type, param, code}}."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

log = logging.getLogger("tenth.server")

TYPES = {401: "authentication_error", 429: "rate_limit_error", 500: "server_error",
         503: "server_error"}  # fmt: skip
LONGEST = 300  # characters of a client's own value that a message repeats


class ApiError(Exception):
    """An answer other than 200. `param` is the request's field at fault, `code` for programs."""

    def __init__(
        self,
        status: int,
        message: str,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        kind = TYPES.get(self.status, "invalid_request_error")
        error = {"message": self.message, "type": kind, "param": self.param, "code": self.code}
        return {"error": error}

    def response(self) -> JSONResponse:
        return JSONResponse(self.body, self.status, headers=self.headers)


def bad(param: str | None, message: str, code: str | None = None) -> ApiError:
    """The client's mistake, in this field."""
    return ApiError(400, message, param, code)


def of_validation(error: ValidationError) -> ApiError:
    """The first of pydantic's complaints, which is the nearest to what the client meant."""
    first = max(error.errors(include_url=False), key=lambda each: each["type"] == "json_invalid")
    path = ".".join(str(part) for part in first["loc"] if _names_a_field(part))[:LONGEST]
    param = path.partition(".")[0] or None
    match first["type"]:
        case "json_invalid":
            return bad(None, f"the body is not valid JSON: {first.get('ctx', {}).get('error')}")
        case "extra_forbidden":
            return bad(param, f"Unrecognized request argument supplied: {path}")
        case "missing":
            return bad(param, f"{path}: this field is required")
    got = first.get("input")
    shown = "" if isinstance(got, dict | list) else f", not {got!r:.{LONGEST}}"
    return bad(param, f"{path or 'the body'}: {first['msg']}{shown}", "invalid_value")


def _names_a_field(part: int | str) -> bool:
    """pydantic puts the alternative of a union that it tried into the path too."""
    return isinstance(part, int) or not ("[" in part or part in ("str", "Stop", "constrained-str"))


def of_engine(error: Exception) -> ApiError:
    """What a step of the model raised: not the client's fault."""
    log.error("a request failed: %s", error, exc_info=not isinstance(error, ValueError) or None)
    said = str(error) if isinstance(error, ValueError | RuntimeError) else "the engine failed"
    return ApiError(500, said, code="engine_error")


def answer_errors(app: FastAPI) -> None:
    """Makes the app answer in this form whatever goes wrong."""

    @app.exception_handler(ApiError)
    async def _(_: Request, error: ApiError) -> JSONResponse:
        return error.response()

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> JSONResponse:
        message = f"{request.method} {request.url.path[:LONGEST]}: {error.detail}"
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code)
        made = ApiError(error.status_code, message, code=code, headers=error.headers)
        return made.response()

    @app.exception_handler(Exception)
    async def _(_: Request, error: Exception) -> JSONResponse:
        return ApiError(500, "the server failed; its log says how", code="internal").response()
