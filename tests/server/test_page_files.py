"""GET /: the page's files, under a policy that lets them load nothing from elsewhere."""

import base64
import hashlib

import pytest

from tenth.server import page as page_room

from .conftest import running

INLINE = (
    "<!doctype html><script>let a = 1;</script><script src='app.js'></script><style>b{}</style>"
)


@pytest.fixture
def site(engine, tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text(INLINE)
    (tmp_path / "app.js").write_text("let b = 2;")
    monkeypatch.setattr(page_room.Page.__init__, "__defaults__", (tmp_path,))
    with running(engine) as server:
        yield server.http


def test_the_page_and_its_files_come_with_a_strict_policy(site):
    for path, kind in (("/", "text/html"), ("/index.html", "text/html"), ("/app.js", "javascript")):
        response = site.get(path)
        assert response.status_code == 200 and kind in response.headers["content-type"]
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        assert "*" not in policy and "http" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
    assert site.head("/").status_code == 200


def test_what_stands_inside_the_page_counts_by_its_hash(site):
    policy = site.get("/").headers["content-security-policy"]
    for inside in ("let a = 1;", "b{}"):
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.count("sha256") == 2


def test_nothing_outside_the_folder_is_served(site):
    for path in (
        "/../app.py",
        "/%2e%2e/app.py",
        "/..%2fapp.py",
        "/none.js",
        "/%00",
        "//etc/passwd",
    ):
        assert site.get(path).status_code == 404
    assert site.post("/", json={}).status_code == 405


def test_the_api_is_described_field_by_field(server):
    described = server.http.get("/openapi.json").json()["paths"]
    assert set(described) == {"/health", "/v1/models", "/v1/models/{model}",
                              "/v1/chat/completions", "/v1/completions"}  # fmt: skip
    body = described["/v1/completions"]["post"]["requestBody"]["content"]["application/json"]
    assert {"prompt", "stop", "seed", "logprobs", "echo"} <= set(body["schema"]["properties"])
