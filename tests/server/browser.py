"""A real browser before a real server: what the tests of the chat page share."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tenth.engine import Engine
from tenth.engine.template import ChatTemplate
from tests.engine.conftest import tiny

from .conftest import TEMPLATE

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
NEEDS_BROWSER = pytest.mark.skipif(
    CHROMIUM is None, reason=f"no browser on PATH: {', '.join(BROWSERS)}"
)
DESK, PHONE = (1280, 800), (360, 740)


def endless(tokenizer, folder: Path | None = None) -> Engine:
    """A tiny sparse model with room for long answers and an end that it never comes to; with a
    folder for its template it is a chat model."""
    template = None
    if folder:
        (folder / "chat_template.jinja").write_text(TEMPLATE)
        template = ChatTemplate.of(folder)
    return Engine(tiny("sparse", max_seq=8192), tokenizer, end_tokens=(10**6,), template=template)


@contextmanager
def chromium() -> Iterator:
    """A headless browser; its playwright ends with it, since its event loop takes the thread."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


class Chat:
    """The page in a tab, with all that the browser had to say of it."""

    def __init__(self, tab, url: str):
        self.tab, self.url = tab, url
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        tab.on("console", self._heard)
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("dialog", lambda dialog: self._alarm(dialog))
        tab.on("request", self._requested)
        tab.set_default_timeout(20_000)

    def _heard(self, message) -> None:
        looked_for_icon = message.location["url"].endswith("/favicon.ico")  # beside a bare file
        if message.type in ("error", "warning") and not looked_for_icon:
            self.complaints.append(message.text)

    def _alarm(self, dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _requested(self, request) -> None:
        if not request.url.startswith(self.url + "/"):
            self.elsewhere.append(request.url)

    def open(self) -> "Chat":
        self.tab.goto(f"{self.url}/")
        self.tab.wait_for_selector("#model option", state="attached")
        return self

    def __call__(self, script: str, argument=None):
        return self.tab.evaluate(script, argument)

    def text(self, selector: str) -> str:
        return self.tab.locator(selector).inner_text()

    def count(self, selector: str) -> int:
        return self.tab.locator(selector).count()

    @property
    def turns(self) -> list[tuple[str, str]]:
        """Who said what, as the page shows it."""
        return [
            tuple(turn)
            for turn in self.tab.locator(".turn").evaluate_all(
                "turns => turns.map(turn => [turn.classList.contains('user') ? 'user' : 'answer',"
                " turn.querySelector('.said, [data-part=content]')?.textContent ?? ''])"
            )
        ]

    def ask(self, text: str, wait: bool = True) -> None:
        self.tab.fill("#prompt", text)
        self.tab.press("#prompt", "Enter")
        if wait:
            self.until_answered()

    def until_answered(self) -> None:
        self.tab.wait_for_selector("body:not(.answering)")

    def until_words(self, n: int = 20) -> None:
        """Waits until an answer under way shows some characters."""
        for _ in range(1000):
            if len(self.turns[-1][1]) >= n and self.turns[-1][0] == "answer":
                return
            self.tab.wait_for_timeout(10)
        raise AssertionError(f"no words came: {self.turns}")

    def keep(self, key: str, value) -> None:
        """Puts something where the page keeps it in the browser."""
        self("([key, value]) => localStorage.setItem(`tenth.${key}`, JSON.stringify(value))",
             [key, value])  # fmt: skip

    @property
    def kept(self) -> list[dict]:
        return self("() => JSON.parse(localStorage.getItem('tenth.chat') ?? '[]')")

    @property
    def focused(self) -> str:
        return self("() => document.activeElement.id || document.activeElement.className")


@contextmanager
def chatting(browser, url: str, size: tuple[int, int] = DESK, **options) -> Iterator[Chat]:
    """A fresh browser's page; it asked nobody else and, unless a test says so, never complained."""
    width, height = size
    with browser.new_context(viewport={"width": width, "height": height}, **options) as context:
        chat = Chat(context.new_page(), url).open()
        yield chat
        assert not chat.complaints, chat.complaints
        assert not chat.elsewhere, chat.elsewhere
