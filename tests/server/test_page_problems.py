"""What goes wrong between the chat page and the real server, and the way on from there."""

import pytest

from tenth.engine import Engine
from tests.engine.conftest import tiny

from .browser import NEEDS_BROWSER, Chat, chatting, chromium, endless
from .conftest import NAME, running

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def served(tokenizer, tmp_path_factory):
    engine = endless(tokenizer, tmp_path_factory.mktemp("talker"))
    with running(engine, slots=1, queue=0) as made:
        yield made


@pytest.fixture
def chat(browser, served):
    with chatting(browser, served.url) as page:
        page.keep("settings", {"max_tokens": 24, "seed": 1, "temperature": 1})
        yield page
    served.until_idle()


def test_a_full_server_says_when_to_try_again(chat, served):
    chat.ask("a fox")  # while another one holds the only slot, there is no place
    with served.openai.completions.create(
        model=NAME, prompt="the cat", max_tokens=8000, stream=True, temperature=1
    ) as other:
        next(iter(other))
        chat.ask("the queen", wait=False)
        chat.tab.wait_for_selector(".problem")
        assert "busy" in chat.text(".problem strong") and "wait" in chat.text(".problem p")
    served.until_idle()
    assert [who for who, _ in chat.turns] == ["user", "answer", "user"]
    chat.tab.click(".problem button")
    chat.until_answered()
    assert chat.count(".problem") == 0 and len(chat.turns) == 4
    assert len(chat.complaints) == 1 and "429" in chat.complaints.pop()


def test_a_refusal_is_shown_in_the_servers_words(chat):
    chat.keep("settings", {"max_tokens": 5, "temperature": 101})
    chat.ask("the cat", wait=False)
    chat.tab.wait_for_selector(".problem [role=alert]")
    assert "temperature" in chat.text(".problem p")
    assert len(chat.complaints) == 1 and "400" in chat.complaints.pop()


def test_the_server_asks_for_its_key_once_a_tab(browser, served):
    with running(served.engine, api_key="sésame") as locked, browser.new_context() as context:
        chat = Chat(context.new_page(), locked.url)
        chat.tab.goto(locked.url)
        for key in ("wrong", "sésame"):
            chat.tab.wait_for_selector("#key[open]")
            chat.tab.fill("#key-field", key)
            chat.tab.keyboard.press("Enter")
        chat.tab.wait_for_selector("#model option", state="attached")
        chat.keep("settings", {"max_tokens": 5})
        chat.ask("the cat")
        assert chat.turns[1][0] == "answer"
        chat.open()  # still known after a reload
        assert "sésame" not in chat("() => JSON.stringify(localStorage)")
        assert len(chat.complaints) == 2 and all("401" in said for said in chat.complaints)


def test_a_server_that_is_gone_is_said_so(chat):
    chat.tab.context.set_offline(True)
    chat.ask("the cat", wait=False)
    chat.tab.wait_for_selector(".problem")
    assert "cannot be reached" in chat.text(".problem p")
    chat.tab.context.set_offline(False)
    chat.tab.click(".problem button")
    chat.until_answered()
    assert [who for who, _ in chat.turns] == ["user", "answer"]
    assert len(chat.complaints) == 1 and "DISCONNECTED" in chat.complaints.pop()


def test_an_answer_that_breaks_off_stays_with_a_word_on_why(browser, served):
    with running(served.engine) as short_lived, browser.new_context() as context:
        chat = Chat(context.new_page(), short_lived.url).open()
        chat.keep("settings", {"max_tokens": 8000, "temperature": 1})
        chat.ask("the cat", wait=False)
        chat.until_words()
        short_lived.app.state.service.loop.stop()  # the engine's thread goes, as if it had died
        chat.tab.wait_for_selector(".problem")
        assert len(chat.turns) == 2 and len(chat.turns[1][1]) >= 20
        assert chat.text(".note") and chat.count(".problem button") == 1


def test_a_conversation_past_the_context_is_said_so(browser, tokenizer):
    with (
        running(Engine(tiny("sparse", max_seq=64), tokenizer)) as served,
        chatting(browser, served.url) as chat,
    ):
        chat.ask("the cat " * 200, wait=False)
        chat.tab.wait_for_selector(".problem")
        assert "longer than the model can read" in chat.text(".problem strong")
        assert "64" in chat.text(".problem p")
        chat.complaints.clear()


def test_when_the_browser_keeps_nothing_the_page_still_talks(browser, served):
    with chatting(browser, served.url) as chat:
        chat.tab.add_init_script(
            "for (const name of ['getItem', 'setItem', 'removeItem'])"
            " Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError'); };"
        )
        chat.open()
        chat.ask("the cat", wait=False)
        chat.until_words()
        chat.tab.keyboard.press("Escape")
        chat.until_answered()
        chat.tab.click("#new-chat")
        assert chat.turns == []
    served.until_idle()
