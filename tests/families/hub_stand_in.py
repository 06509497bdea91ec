"""A hub of one's own: the endpoints that huggingface_hub speaks to, over a folder of models."""

import hashlib
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

MODEL = re.compile(r"/api/models/(?P<name>[\w.-]+/[\w.-]+)(/revision/(?P<revision>[^/]+))?")
TREE = re.compile(r"/api/models/(?P<name>[\w.-]+/[\w.-]+)/tree/(?P<revision>[^/]+)/?")
FILE = re.compile(r"/(?P<name>[\w.-]+/[\w.-]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)")
STORED = re.compile(r"/stored/(?P<name>[\w.-]+/[\w.-]+)/(?P<file>.+)")


class Request(NamedTuple):
    method: str
    path: str
    range: str
    sent: list[int]  # bytes of the body


class Hub:
    """`root/org/name` is the model org/name. Weights lie behind a redirect, as on the real one."""

    def __init__(self, root: Path):
        self.root = root
        self.requests: list[Request] = []
        self.gated: set[str] = set()
        self.breaks: dict[str, list[int]] = {}  # file: after how many bytes the line goes dead
        self.url = self.stores = ""  # weights come from another host, as from the real one

    def commit(self, name: str) -> str:
        stamps = [(p.name, p.stat().st_mtime_ns) for p in sorted((self.root / name).iterdir())]
        return hashlib.sha1(repr(stamps).encode()).hexdigest()

    def sent(self, ending: str) -> int:
        return sum(sum(r.sent) for r in self.requests if r.path.endswith(ending))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_GET(self):
        self._answer()

    def do_HEAD(self):
        self._answer()

    def log_message(self, *_):
        pass

    def _answer(self):
        path = unquote(urlsplit(self.path).path)
        asked = Request(self.command, path, self.headers.get("Range", ""), [])
        self.hub.requests.append(asked)
        for pattern, tell in ((TREE, self._tree), (MODEL, self._model), (FILE, self._file),
                              (STORED, self._stored)):  # fmt: skip
            if found := pattern.fullmatch(path):
                parts = found.groupdict()
                if not (self.hub.root / parts["name"]).is_dir():
                    return self._refuse(401, "RepoNotFound")
                revision = parts.get("revision") or "main"
                if revision not in ("main", self.hub.commit(parts["name"])):
                    return self._refuse(404, "RevisionNotFound")
                return tell(asked, **{k: v for k, v in parts.items() if k != "revision"})
        return self._refuse(404, "EntryNotFound")

    def _model(self, asked: Request, name: str):
        files = [
            {"rfilename": path.name, "size": path.stat().st_size}
            for path in sorted((self.hub.root / name).iterdir())
        ]
        self._json(asked, {"id": name, "modelId": name, "sha": self.hub.commit(name),
                           "private": False, "tags": [], "siblings": files})  # fmt: skip

    def _tree(self, asked: Request, name: str):
        listed = []
        for path in sorted((self.hub.root / name).iterdir()):
            size, etag = path.stat().st_size, _etag(path)
            entry = {"type": "file", "path": path.name, "size": size, "oid": etag[:40]}
            if _is_large(path):
                entry["lfs"] = {"oid": etag, "size": size, "pointerSize": 134}
            listed.append(entry)
        self._json(asked, listed)

    def _file(self, asked: Request, name: str, file: str):
        path = self.hub.root / name / file
        if name in self.hub.gated:
            return self._refuse(403, "GatedRepo")
        if not path.is_file():
            return self._refuse(404, "EntryNotFound")
        if not _is_large(path):
            return self._bytes(asked, path, {"X-Repo-Commit": self.hub.commit(name)})
        self._head(302, 0, {
            "Location": f"{self.hub.stores}/stored/{name}/{file}", "ETag": '"pointer"',
            "X-Linked-Etag": f'"{_etag(path)}"', "X-Linked-Size": str(path.stat().st_size),
            "X-Repo-Commit": self.hub.commit(name),
        })  # fmt: skip

    def _stored(self, asked: Request, name: str, file: str):
        self._bytes(asked, self.hub.root / name / file, {})

    def _bytes(self, asked: Request, path: Path, headers: dict[str, str]):
        content, status = path.read_bytes(), 200
        headers |= {"ETag": f'"{_etag(path)}"', "Accept-Ranges": "bytes"}
        if found := re.fullmatch(r"bytes=(\d+)-(\d*)", asked.range):
            first, size = int(found[1]), len(content)
            last = min(int(found[2] or size - 1), size - 1)
            content, status = content[first : last + 1], 206
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        self._head(status, len(content), headers)
        if asked.method == "HEAD":
            return
        breaks = self.hub.breaks.get(path.name)
        if breaks:
            content = content[: breaks.pop(0)]
            self.close_connection = True
        asked.sent.append(len(content))
        self.wfile.write(content)
        if self.close_connection:
            self.wfile.flush()
            self.connection.close()

    def _json(self, asked: Request, values):
        content = json.dumps(values).encode()
        self._head(200, len(content), {"Content-Type": "application/json"})
        if asked.method == "GET":
            self.wfile.write(content)

    def _refuse(self, status: int, code: str):
        self._head(status, 0, {"X-Error-Code": code, "X-Error-Message": code})

    def _head(self, status: int, length: int, headers: dict[str, str]):
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()


def _etag(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_large(path: Path) -> bool:
    return path.suffix in (".safetensors", ".bin")


@contextmanager
def serving(root: Path):
    hub = Hub(root)
    handler = type("OwnHandler", (Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    hub.stores = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
