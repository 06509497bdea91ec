"""Models by their hub's name, over real sockets, from a hub that stands in for the real one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import huggingface_hub
import pytest
import torch
from huggingface_hub import constants

from tenth.checkpoints import hub as ours
from tenth.checkpoints.hub import MODEL_FILES, open_headers, resolve
from tenth.families import load_model, save_model
from tenth.families.inspecting import inspect, rows

from .conftest import CONFIGS, filled
from .hub_stand_in import serving

MODEL = "lab/tiny-1.0"


def point_at(monkeypatch, url: str) -> None:
    """As HF_ENDPOINT does, which is read once, when huggingface_hub is imported."""
    monkeypatch.setattr(constants, "ENDPOINT", url)
    files = url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """It has lab/tiny-1.0: a model in shards, with what tenth must not download beside it."""
    folder = tmp_path / "hub" / MODEL
    save_model(filled(CONFIGS["sparse"]), folder, max_shard_bytes=60_000)
    (folder / "tokenizer_config.json").write_text('{"chat_template": "{{ messages }}"}')
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    (folder / "tokenizer.json").write_text("{}")
    (folder / "pytorch_model.bin").write_bytes(b"pickled" * 1000)
    (folder / "modeling_x.py").write_text("raise SystemExit")
    (folder / "consolidated.safetensors").write_bytes(b"once more" * 1000)
    with serving(tmp_path / "hub") as standing_in:
        point_at(monkeypatch, standing_in.url)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        huggingface_hub.close_session()
        yield standing_in
        huggingface_hub.close_session()


@pytest.fixture
def offline(monkeypatch):
    def switch():
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
        huggingface_hub.close_session()

    return switch


def fetched(hub) -> set[str]:
    return {Path(r.path).name for r in hub.requests if r.method == "GET" and sum(r.sent)}


def test_a_folder_that_is_there_wins(tmp_path, monkeypatch):
    (tmp_path / "lab" / "tiny-1.0").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert resolve(MODEL) == Path(MODEL)


def test_a_model_is_downloaded_once_and_loads(hub):
    folder = resolve(MODEL)
    assert torch.equal(load_model(folder).embed.weight, load_model(hub.root / MODEL).embed.weight)
    before = fetched(hub)
    left_out = {"pytorch_model.bin", "modeling_x.py", "consolidated.safetensors"}
    whole = {path.name for path in (hub.root / MODEL).iterdir()}
    assert before == whole - left_out == {path.name for path in folder.iterdir()}
    hub.requests.clear()
    assert resolve(MODEL) == folder
    assert not fetched(hub)


def test_a_revision_is_asked_for_by_name(hub):
    commit = hub.commit(MODEL)
    assert resolve(f"{MODEL}@{commit}").name == commit == resolve(f"{MODEL}@main").name
    with pytest.raises(ValueError, match=f"{MODEL} has no revision 'v9' at {hub.url}"):
        resolve(f"{MODEL}@v9")


def test_inspecting_downloads_no_weights(hub):
    found = inspect(MODEL)
    weights = sum(path.stat().st_size for path in (hub.root / MODEL).glob("model-*"))
    ranged = [r for r in hub.requests if r.path.endswith(".safetensors") and sum(r.sent)]
    assert ranged and all(r.range.startswith("bytes=0-") for r in ranged)
    cached = [path.name for path in Path(constants.HF_HUB_CACHE).rglob("*.safetensors")]
    assert not cached and weights > 100_000
    here = inspect(hub.root / MODEL)
    assert rows(found) == rows(here) and found.chat_template and found.tokenizer
    assert found.total == here.total > 0


def test_large_shards_give_their_headers_alone(hub, tmp_path):
    folder = hub.root / "lab" / "large"
    save_model(filled(CONFIGS["sparse"]), folder)
    file = folder / "model.safetensors"
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = content[8 : 8 + length].rstrip()[:-1] + (
        b',"big":{"dtype":"F32","shape":[500000],"data_offsets":[%d,%d]}}'
        % (len(content) - 8 - length, len(content) - 8 - length + 2_000_000)
    )
    header += b" " * (-len(header) % 8)
    data = content[8 + length :] + bytes(2_000_000)
    file.write_bytes(len(header).to_bytes(8, "little") + header + data)
    assert inspect("lab/large").total == inspect(folder).total > 500_000
    assert hub.sent("model.safetensors") < 110_000


def test_what_the_cache_has_needs_no_network(hub, offline):
    folder = resolve(MODEL)
    hub.requests.clear()
    offline()
    assert resolve(MODEL) == folder and inspect(MODEL).total > 0
    assert open_headers(MODEL)[1].keys() == open_headers(hub.root / MODEL)[1].keys()
    assert not hub.requests


def test_a_hub_that_cannot_be_reached_is_as_good_as_offline(hub, monkeypatch):
    folder = resolve(MODEL)
    point_at(monkeypatch, "http://127.0.0.1:1")
    assert resolve(MODEL) == folder
    with pytest.raises(ValueError, match=r"lab/other is no folder here and not whole in the cache "
                       r".*cache, and http://127.0.0.1:1 cannot be reached"):  # fmt: skip
        resolve("lab/other")


def test_offline_without_a_cache_says_so(hub, offline):
    offline()
    with pytest.raises(ValueError, match=r"not whole in the cache .*, and HF_HUB_OFFLINE is set"):
        resolve(MODEL)


def test_headers_alone_in_the_cache_are_no_model(hub, offline):
    inspect(MODEL)
    offline()
    with pytest.raises(ValueError, match=f"{MODEL} is no folder here and not whole in the cache"):
        resolve(MODEL)


def test_a_broken_download_goes_on_where_it_broke(hub, monkeypatch):
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1000)  # it is 10 MB
    shard = next((hub.root / MODEL).glob("model-00002-*"))
    size = shard.stat().st_size
    hub.breaks[shard.name] = [10_000, 5_000]
    folder = resolve(MODEL)
    assert (folder / shard.name).read_bytes() == shard.read_bytes()
    ranges = [r.range for r in hub.requests if r.path.endswith(shard.name) and sum(r.sent)]
    assert [r for r in ranges if r] == ["bytes=10000-", "bytes=15000-"]
    assert hub.sent(shard.name) == size


def test_a_download_that_was_stopped_keeps_the_files_that_are_whole(hub, monkeypatch):
    shard = next((hub.root / MODEL).glob("model-00003-*"))
    hub.breaks[shard.name] = [0] * 50
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _: None)
    with pytest.raises(ValueError, match=f"{MODEL}: {hub.url} does not give it"):
        resolve(MODEL)
    hub.breaks.clear()
    done = fetched(hub)
    hub.requests.clear()
    folder = resolve(MODEL)
    assert shard.name in fetched(hub) and not fetched(hub) & done
    assert len(load_model(folder).blocks) == 3


def test_an_unknown_model_is_one_line(hub):
    with pytest.raises(ValueError, match=f"lab/none is no folder here, and no model at {hub.url}"):
        resolve("lab/none")


def test_a_gated_model_says_where_its_terms_are(hub):
    hub.gated.add(MODEL)
    with pytest.raises(
        ValueError, match=f"{MODEL} is gated: accept its terms at {hub.url}/{MODEL}"
    ):
        resolve(MODEL)


def test_pickled_weights_are_refused_by_name(hub):
    folder = hub.root / "lab" / "old"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "pytorch_model.bin").write_bytes(b"pickled")
    with pytest.raises(ValueError, match=r"no safetensors but pickled weights \(pytorch_model.bin"):
        resolve("lab/old")
    assert not fetched(hub)


def test_a_disk_too_small_is_told_before_the_download(hub, monkeypatch):
    usage = shutil.disk_usage(hub.root)
    monkeypatch.setattr(ours.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(ValueError, match=f"{MODEL} needs 0.0 GB more in .*cache, which has 0.0 GB"):
        resolve(MODEL)
    assert not fetched(hub)


def test_a_disk_that_fills_up_is_one_line(hub, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("huggingface_hub.file_download.http_get", full)
    with pytest.raises(ValueError, match=f"{MODEL}: the disk of .*cache is full"):
        resolve(MODEL)


@pytest.mark.parametrize("name", ["tiny", "a/b/c", "../x/y", "lab/x y", "", "lab/x@", "./lab/x"])
def test_what_is_neither_a_folder_nor_a_name_is_one_line(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if name:
        with pytest.raises(ValueError, match="no such folder, and no hub id either"):
            resolve(name)


def test_a_file_is_no_model(tmp_path):
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    with pytest.raises(ValueError, match="is a file; a model is a folder"):
        resolve(tmp_path / "model.gguf")


def test_the_hub_is_the_one_that_the_environment_names(hub, tmp_path):
    code = f"from tenth.checkpoints.hub import resolve; print(resolve({MODEL!r}))"
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0",
                   "HF_HOME": str(tmp_path / "home")}  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    folder = Path(run.stdout.strip())
    assert folder.is_relative_to(tmp_path / "home") and (folder / "config.json").is_file()


def test_nothing_pickled_and_no_code_is_ever_asked_for():
    assert not any(name.endswith((".bin", ".py", ".pt")) for name in MODEL_FILES)
