"""Does `tenth serve` stay right and small under rude clients?

    python bench/soak.py [--minutes 5] [--clients 16] [--save]

Every client does at random what clients do: asks and reads, whole or streamed; leaves in the
middle, with or without a stream; sends bodies that are no request; reads slowly. Each finished
answer must equal what the same request got alone on the idle server, no status may be a 5xx, the
resident memory must stay flat (the last fifth's median within 5 % of the second fifth's), and at
the end no slot may be taken.
"""

import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import click
import httpx
import psutil

from served import make_model, served

RESULTS = Path(__file__).resolve().parent / "results"
NAME, SLOTS, QUEUE = "soak", 4, 10  # 16 clients overflow them now and then
TEXTS = ["import torch", "the model", "你好、世界", "def main():\n    ", "a", "👍🏽 naïve café",
         "tokenizer " * 40]  # fmt: skip
MALFORMED = [b"", b"{", b"[" * 50_000, b'{"model": 1}', b'{"model": "soak"}', b"\xff\xfe", b"null",
             b'{"model": "soak", "prompt": "\\ud800"}', b'{"model": "none", "prompt": "a"}',
             b'{"model": "soak", "prompt": "a", "temperature": -3}', b" " * 9_000_000]  # fmt: skip
GROWTH = 1.05


def requests() -> list[tuple[str, dict[str, Any]]]:
    """What is asked, each with its seed: 56 of them, of both kinds, short and long."""
    made = []
    for i, text in enumerate(TEXTS * 8):
        body: dict[str, Any] = {"model": NAME, "seed": i, "max_tokens": 5 + 11 * (i % 9)}
        body |= {"temperature": 0.5 * (i % 4), "top_p": 0.95, "n": 1 + (i % 5 == 0)}
        if i % 2:
            made.append(("/v1/completions", body | {"prompt": text}))
        else:
            messages = [{"role": "user", "content": text}]
            made.append(("/v1/chat/completions", body | {"messages": messages}))
    return made


def texts_of(choices: list[dict[str, Any]]) -> list[str]:
    return [c["message"]["content"] if "message" in c else c["text"] for c in choices]


class Soak:
    """What the clients share: the requests, the answers each got alone, and the counts."""

    def __init__(self, url: str):
        self.url, self.requests = url, requests()
        self.alone: list[list[str]] = []
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self._lock = threading.Lock()

    def count(self, what: str, fault: str = "") -> None:
        with self._lock:
            self.counts[what] += 1
            if fault:
                self.faults.append(fault)

    def ask_alone(self) -> None:
        with httpx.Client(base_url=self.url, timeout=120) as client:
            for path, body in self.requests:
                answer = client.post(path, json=body)
                self.alone.append(texts_of(answer.raise_for_status().json()["choices"]))

    def client(self, seed: int, end: float) -> None:
        draw = random.Random(seed)
        acts = [(self.whole, 25), (self.streamed, 25), (self.slow, 15), (self.breaks_off, 15),
                (self.gives_up, 10), (self.malformed, 10)]  # fmt: skip
        with httpx.Client(base_url=self.url, timeout=120) as client:
            while time.monotonic() < end:
                (act,) = draw.choices([a for a, _ in acts], [w for _, w in acts])
                try:
                    act(client, draw)
                except httpx.HTTPError as error:
                    self.count("broken", f"{act.__name__}: {error!r}")
                except Exception as error:  # a client that dies would make the soak milder
                    self.count("broken", f"{act.__name__}: {error!r}")

    def whole(self, client: httpx.Client, draw: random.Random) -> None:
        i = draw.randrange(len(self.requests))
        path, body = self.requests[i]
        answer = client.post(path, json=body)
        if self._accepted(answer, draw):
            self._compare(i, texts_of(answer.json()["choices"]))

    def streamed(self, client: httpx.Client, draw: random.Random, pause: float = 0) -> None:
        i = draw.randrange(len(self.requests))
        path, body = self.requests[i]
        texts = [""] * len(self.alone[i])
        with client.stream("POST", path, json=body | {"stream": True}) as answer:
            if not self._accepted(answer, draw):
                return
            for line in answer.iter_lines():
                if line.startswith("data: {"):
                    choice = json.loads(line[6:])["choices"][0]
                    added = choice["delta"].get("content") if "delta" in choice else choice["text"]
                    texts[choice["index"]] += added or ""
                    time.sleep(pause * draw.random())
        self._compare(i, texts)

    def slow(self, client: httpx.Client, draw: random.Random) -> None:
        self.streamed(client, draw, pause=0.1)

    def breaks_off(self, client: httpx.Client, draw: random.Random) -> None:
        path, body = draw.choice(self.requests)
        with client.stream("POST", path, json=body | {"stream": True}) as answer:
            if self._accepted(answer, draw):
                for _, _ in zip(range(draw.randrange(12)), answer.iter_lines(), strict=False):
                    pass
        self.count("broken off")

    def gives_up(self, client: httpx.Client, draw: random.Random) -> None:
        path, body = draw.choice(self.requests)
        try:
            client.post(path, json=body | {"max_tokens": 200}, timeout=0.02 + draw.random() / 2)
        except httpx.TimeoutException:
            self.count("given up")

    def malformed(self, client: httpx.Client, draw: random.Random) -> None:
        path, body = draw.choice(self.requests)[0], draw.choice(MALFORMED)
        try:
            kind = {"Content-Type": "application/json"}
            answer = client.post(path, content=body, headers=kind)
        except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
            assert len(body) > 2**23, "it hung up on a small body"
            return self.count("hung up on a giant body")
        ok = 400 <= answer.status_code < 500 and "message" in answer.json()["error"]
        self.count("malformed, refused", "" if ok else f"{answer.status_code} for {body[:60]!r}")

    def _accepted(self, answer: httpx.Response, draw: random.Random) -> bool:
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) >= 1
            self.count("429, queue full")
            time.sleep(0.2 * draw.random())
        elif answer.status_code != 200:
            self.count("other status", f"status {answer.status_code}")
        return answer.status_code == 200

    def _compare(self, i: int, texts: list[str]) -> None:
        same = texts == self.alone[i]
        fault = "" if same else f"request {i}: {texts} is not {self.alone[i]}"[:500]
        self.count("finished, equal" if same else "finished, different", fault)


def memory_while(process: psutil.Process, end: float) -> list[float]:
    """Resident MB, once a second."""
    seen = []
    while time.monotonic() < end:
        seen.append(process.memory_info().rss / 2**20)
        time.sleep(1)
    return seen


def fifths(values: list[float]) -> list[float]:
    n = max(1, len(values) // 5)
    return [round(statistics.median(values[i * n : (i + 1) * n] or values), 1) for i in range(5)]


@click.command()
@click.option("--minutes", default=5.0)
@click.option("--clients", default=16)
@click.option("--save", is_flag=True)
def main(minutes: float, clients: int, save: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = make_model(Path(temporary), 256)
        with served(folder, NAME, str(SLOTS), str(QUEUE)) as (process, url):
            soak = Soak(url)
            soak.ask_alone()
            end = time.monotonic() + 60 * minutes
            threads = [threading.Thread(target=soak.client, args=(i, end)) for i in range(clients)]
            for thread in threads:
                thread.start()
            memory = fifths(memory_while(psutil.Process(process.pid), end))
            for thread in threads:
                thread.join()
            time.sleep(1)
            load = httpx.get(f"{url}/health").json()
    checks = {
        "every finished answer equals its solo run": soak.counts["finished, different"] == 0
        and soak.counts["finished, equal"] > 0,
        "no fault": not soak.faults,
        "memory flat": memory[4] <= GROWTH * memory[1],
        "no slot taken at the end": load["running"] == load["waiting"] == 0,
    }
    command = f"python bench/soak.py --minutes {minutes:g} --clients {clients}"
    result = {"command": command, "slots": SLOTS, "queue": QUEUE, "checks": checks,
              "counts": dict(soak.counts.most_common()), "resident_MB_by_fifths": memory,
              "faults": soak.faults[:20]}  # fmt: skip
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if save:
        path = RESULTS / f"{date.today().isoformat()}-soak.json"
        path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    sys.exit(not all(checks.values()))


if __name__ == "__main__":
    main()
