"""Readers that break, for the tests of the pool and the run; no part of the product.

A file tells what its pages do, a line each: "text", "crash", "abort", "hang", "bomb", "raise",
"slow ocr", "spin", "spin ocr", "leak". The kind "broken" has pages; "brittle" is read in one go
and does as its first line says.
"""

import os
import signal
import sys
import time

from tenth.documents import read as dispatch
from tenth.documents.model import Block, Document, Page
from tenth.documents.page.ink import Draft
from tenth.documents.refusal import Refused
from tenth.documents.run import work

leaked = []


def perform(task, tell) -> None:
    register()
    work.perform(task, tell)


def register() -> None:
    """Makes the real dispatch find these readers."""
    sys.modules["tenth.documents.broken"] = sys.modules[__name__]
    dispatch.PAGED["broken"] = "broken"
    dispatch.READERS["brittle"] = "broken"


def dies_at_start(task, tell) -> None:
    os._exit(3)


def count_pages(path, config) -> int:
    lines = path.read_text().splitlines()
    if lines[0] == "no count":
        os.kill(os.getpid(), signal.SIGSEGV)
    if lines[0] == "refused":
        raise Refused(f"{path.name}: locked")
    return len(lines)


def read_pages(path, numbers, config, on_ocr):
    lines = path.read_text().splitlines()
    for number in numbers:
        text = do(lines[number - 1], lambda n=number: on_ocr(n))
        block = Block("paragraph", f"{text} {number}", number)
        yield Draft(Page(number, (block,), 612, 792, source="text"))


def read(path, config) -> Document:
    text = do(path.read_text().splitlines()[0], lambda: None)
    return Document("brittle", (Page(1, (Block("paragraph", text, 1),)),))


def do(what: str, on_ocr) -> str:
    if what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "abort":
        os.abort()
    elif what in ("hang", "wait", "work"):
        stay(what)
    elif what == "bomb":
        hoard = []
        while True:
            hoard.append(bytearray(16 << 20))
    elif what == "leak":
        leaked.append(bytearray(250 << 20))
    elif what == "raise":
        raise KeyError("no such font")
    elif what == "slow ocr":
        on_ocr()
        time.sleep(3)
    elif what.startswith("spin"):
        spin(on_ocr if what.endswith("ocr") else None)
    elif what == "half":
        return "half \ud800 pair"
    return what


def stay(what: str) -> None:
    end = time.monotonic() + (1 if what == "wait" else 600)
    while time.monotonic() < end:
        time.sleep(0 if what == "work" else 0.1)


def spin(on_ocr) -> None:
    if on_ocr:
        on_ocr()
    end = time.process_time() + 0.4
    while time.process_time() < end:
        pass
