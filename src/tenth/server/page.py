"""The chat page: the files of `static/`, under a policy that lets them load nothing else."""

import base64
import hashlib
import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
INLINE = re.compile(r"<(script|style)\b(?![^>]*\bsrc=)[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)


def policy(page: Path) -> str:
    """Everything from this server alone; what stands inside the page counts by its hash."""
    allowed = {"script": ["'self'"], "style": ["'self'"]}
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    for kind, inside in INLINE.findall(text):
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        allowed[kind.lower()].append(f"'sha256-{digest}'")
    return (
        f"default-src 'none'; script-src {' '.join(allowed['script'])}; "
        f"style-src {' '.join(allowed['style'])}; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


class Page:
    """One folder without subfolders. A server without the page answers 404."""

    def __init__(self, folder: Path = STATIC):
        self._files = StaticFiles(directory=folder) if folder.is_dir() else None
        self._headers = {
            "Content-Security-Policy": policy(folder / "index.html"),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",  # a newer tenth on the same port brings a newer page
        }

    async def file(self, name: str, scope: Scope) -> Response:
        if self._files is None or "\0" in name:
            raise HTTPException(404)
        response = await self._files.get_response(name, scope)
        response.headers.update(self._headers)
        return response
