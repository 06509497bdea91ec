"""The server: OpenAI's API in front of the engine, and a chat page."""

from tenth.server.app import make_app
from tenth.server.serve import serve

__all__ = ["make_app", "serve"]
