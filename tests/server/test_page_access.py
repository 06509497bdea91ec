"""The chat page for everyone: by keyboard, for a screen reader, on a phone, dark and light."""

from pathlib import Path

import pytest

from .browser import DESK, NEEDS_BROWSER, PHONE, Chat, chatting, chromium, endless
from .conftest import running

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]
CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
FROM_THE_TOP = (
    "() => { const b = document.body; b.tabIndex = -1; b.focus(); b.removeAttribute('tabindex'); }"
)
ANSWER = (
    "A **bold** claim with `code` and a [link](https://example.org).\n\n# A heading\n\n"
    "| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nx = 1  # "
    + "long "
    * 80
    + "\n```\n\n> quoted\n\n"
    "1. one\n2. two\n   - three\n" + "word " * 300
)
KEPT = [
    {"role": "user", "content": "A question that is long enough to be broken into lines. " * 4},
    {"role": "assistant", "content": ANSWER, "reasoning": "Thinking of it.", "model": "tiny",
     "note": "Stopped.", "rate": 12.3, "usage": {"prompt_tokens": 5, "completion_tokens": 90}},
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def served(tokenizer):
    with running(endless(tokenizer)) as made:
        yield made


def check(chat: Chat, what: str):
    return chat.tab.evaluate(f"{CHECKS}.{what}()")


def with_conversation(chat: Chat) -> None:
    chat.tab.goto(f"{chat.url}/health")
    chat.keep("chat", KEPT)
    chat.keep("settings", {"max_tokens": 30, "temperature": 1})
    chat.open()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_can_be_read_named_and_reached(browser, served, size, scheme):
    with chatting(browser, served.url, size, color_scheme=scheme) as chat:

        def all_is_well() -> None:
            for what in ("unnamed", "twiceTheSameId", "brokenReferences", "skippedHeadings",
                         "positiveTabIndex", "pale", "small", "wide"):  # fmt: skip
                assert check(chat, what) == [], what
            assert chat("() => document.documentElement.scrollWidth") == size[0]

        all_is_well()  # empty
        with_conversation(chat)
        chat.tab.click(".reasoning summary")
        all_is_well()
        chat.tab.locator("text=Edit").first.click()
        all_is_well()
        chat.tab.keyboard.press("Escape")
        chat.tab.click("#open-settings")
        all_is_well()
        chat.tab.keyboard.press("Escape")
        chat.tab.context.set_offline(True)
        chat.ask("the cat", wait=False)
        chat.tab.wait_for_selector(".problem")
        all_is_well()
        chat("() => document.getElementById('key').showModal()")
        all_is_well()
        chat.complaints.clear()  # what the browser says of being offline


def test_the_page_has_its_landmarks_and_says_what_is_live(browser, served):
    with chatting(browser, served.url) as chat:
        assert check(chat, "landmarks") == {
            "main": 1, "h1": 1, "banner": 1, "nav": 1, "aside": 1, "lang": "en",
        }  # fmt: skip
        tab = chat.tab
        assert tab.get_attribute("#log", "aria-live") == "off"
        for role, name in [
            ("log", "Conversation"), ("combobox", "Model"), ("textbox", "Text to continue"),
            ("button", "Send"), ("button", "New chat"), ("button", "Settings"),
            ("complementary", "Experts at work"), ("slider", "Token of the answer"),
        ]:  # fmt: skip
            assert tab.get_by_role(role, name=name, exact=True).count() == 1, (role, name)
        chat.ask("the cat", wait=False)
        assert tab.get_by_role("button", name="Stop", exact=True).count() == 1
        tab.keyboard.press("Escape")


def test_a_screen_reader_hears_the_answer_once_and_not_each_token(browser, served):
    with chatting(browser, served.url) as chat:
        chat.keep("settings", {"max_tokens": 150, "temperature": 1})
        chat(
            """() => {
              window.heard = [];
              const status = document.getElementById('status');
              new MutationObserver(() => window.heard.push(status.textContent))
                .observe(status, { childList: true, characterData: true, subtree: true });
            }"""
        )
        chat.ask("the cat")
        first, last = chat("() => window.heard")
        assert first == "Answering" and last == f"Answer: {chat.turns[1][1][:2000]}"


def test_the_whole_page_works_by_keyboard(browser, served):
    with chatting(browser, served.url) as chat:
        keys = chat.tab.keyboard
        chat.keep("settings", {"max_tokens": 30, "temperature": 1})
        chat(FROM_THE_TOP)
        keys.press("Tab")
        assert check(chat, "focused") == {
            "what": "a#.skip", "name": "Skip to the message box", "seen": True,
        }  # fmt: skip
        keys.press("Enter")
        assert chat.focused == "prompt"
        keys.type("the cat")
        keys.press("Shift+Enter")
        keys.type("a fox")
        keys.press("Enter")
        chat.until_answered()
        assert chat.turns[0] == ("user", "the cat\na fox")
        chat(FROM_THE_TOP)
        reached, unseen = [], []
        for _ in range(40):
            keys.press("Tab")
            focus = check(chat, "focused")
            reached.append(focus["name"])
            if not focus["seen"]:
                unseen.append(focus)
            if focus["what"].startswith("body"):
                break
        assert any(name.startswith("Model") for name in reached)
        for name in ("Skip to the message box", "New chat", "Experts", "Settings",
                     "Conversation", "Edit", "Copy", "Regenerate", "Send"):  # fmt: skip
            assert name in reached, name
        assert any(name.startswith("Grid of layers") for name in reached)
        assert [one for one in unseen if not one["what"].startswith("body")] == []


def test_enter_that_ends_a_composed_character_does_not_send(browser, served):
    with chatting(browser, served.url) as chat:
        chat.tab.fill("#prompt", "ni hao")
        chat(
            """() => document.getElementById('prompt').dispatchEvent(new KeyboardEvent(
              'keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"""
        )
        assert chat.turns == []


def test_dialogs_take_the_focus_and_give_it_back(browser, served):
    with chatting(browser, served.url) as chat:
        chat.tab.focus("#open-settings")
        chat.tab.keyboard.press("Enter")
        assert chat("() => document.getElementById('settings').contains(document.activeElement)")
        chat.tab.keyboard.press("Escape")
        assert chat.focused == "open-settings"


def test_who_wants_no_motion_gets_none(browser, served):
    for wish, moves in (("reduce", False), ("no-preference", True)):
        with chatting(browser, served.url, reduced_motion=wish) as chat:
            chat.keep("settings", {"max_tokens": 8000, "temperature": 1})
            chat.ask("the cat", wait=False)
            chat.until_words()
            assert (check(chat, "animations") > 0) == moves
            chat.tab.keyboard.press("Escape")
            chat.until_answered()


def test_the_end_stays_in_sight_unless_the_reader_went_back(browser, served):
    with chatting(browser, served.url, PHONE) as chat:
        chat.keep("settings", {"max_tokens": 8000, "temperature": 1})
        chat.ask("the cat", wait=False)
        chat.until_words(1500)
        left = "() => { const l = document.getElementById('log');" \
               " return l.scrollHeight - l.scrollTop - l.clientHeight; }"  # fmt: skip
        assert chat(left) < 60
        chat("() => document.getElementById('log').scrollTo(0, 0)")
        chat.tab.wait_for_selector("#to-end:visible")
        chat.until_words(len(chat.turns[1][1]) + 300)
        assert chat("() => document.getElementById('log').scrollTop") == 0
        chat.tab.click("#to-end")
        chat.tab.wait_for_selector("#to-end", state="hidden")
        chat.tab.keyboard.press("Escape")
        chat.until_answered()
        assert chat(left) < 60
