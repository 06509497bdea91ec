"""The chat page before the real server and a tiny model: it asks, streams, stops, asks again."""

import time
from contextlib import contextmanager
from typing import Any

import pytest

from tenth.engine import Engine
from tenth.engine.template import ChatTemplate
from tests.engine.conftest import Script, tiny

from .browser import NEEDS_BROWSER, PHONE, chatting, chromium, endless
from .conftest import NAME, TEMPLATE, running

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


@contextmanager
def saying(text: str, tokenizer, folder, template: str = TEMPLATE):
    """The real server, and the real engine around a model that says just this."""
    (folder / "chat_template.jinja").write_text(template)
    tokens = [*tokenizer.encode(text, add_special_tokens=False).ids, 0]
    model: Any = Script(tokens, max_seq=4096)
    with running(Engine(model, tokenizer, template=ChatTemplate.of(folder))) as made:
        yield made


@pytest.fixture
def chat(browser, served):
    with chatting(browser, served.url) as page:
        page.keep("settings", {"max_tokens": 24, "seed": 1, "temperature": 1})
        yield page
    served.until_idle()


def test_an_answer_streams_and_tells_its_tokens_and_speed(chat):
    chat.ask("the cat")
    (user, said), (answer, text) = chat.turns
    assert (user, said, answer) == ("user", "the cat", "answer") and text.strip()
    facts = chat.text(".facts")
    assert "24 out" in facts and "tokens/s" in facts
    assert "reached its longest" in chat.text(".note")
    assert chat.tab.title() == f"{NAME} · tenth"


def test_text_shows_while_the_answer_is_under_way(chat):
    chat.keep("settings", {"max_tokens": 8000})
    chat.ask("the cat", wait=False)
    chat.until_words()
    assert chat.count("body.answering") == 1 and chat.count(".turn.busy") == 1
    first = len(chat.turns[-1][1])
    chat.until_words(first + 20)  # and it grows
    chat.tab.click("#send")
    chat.until_answered()


@pytest.mark.parametrize("how", ["button", "escape", "leaving"])
def test_stop_frees_the_servers_slot_and_keeps_the_text(chat, served, how):
    chat.keep("settings", {"max_tokens": 8000})
    chat.ask("the cat", wait=False)
    chat.until_words()
    assert served.load.running == 1
    if how == "button":
        chat.tab.click("#send")
    elif how == "escape":
        chat.tab.keyboard.press("Escape")
    else:
        chat.tab.reload()
        chat.tab.wait_for_selector("#model option", state="attached")
    served.until_idle(5)
    chat.until_answered()
    assert len(chat.turns[-1][1]) >= 20
    if how != "leaving":
        assert chat.text(".note") == "Stopped."
    chat.keep("settings", {"max_tokens": 3})
    chat.ask("a fox")
    assert [who for who, _ in chat.turns] == ["user", "answer"] * 2


def test_regenerate_replaces_the_last_answer_alone(chat):
    chat.ask("the cat")
    chat.ask("a fox")
    before = chat.turns
    chat.keep("settings", {"max_tokens": 24, "seed": 2, "temperature": 1})
    assert chat.count("text=Regenerate >> visible=true") == 1
    chat.tab.click("text=Regenerate >> visible=true")
    chat.until_answered()
    assert chat.turns[:3] == before[:3] and chat.turns[3] != before[3]
    assert chat.focused == "prompt"


def test_an_edited_message_is_sent_again_and_what_followed_is_gone(chat):
    chat.ask("the cat")
    chat.ask("a fox")
    chat.tab.locator("text=Edit").first.click()
    chat.tab.wait_for_selector(".editor textarea:focus")  # the page focuses it a frame later
    chat.tab.keyboard.press("Escape")
    chat.tab.wait_for_selector(".editor", state="detached")
    assert len(chat.turns) == 4  # thought better of it
    chat.tab.locator("text=Edit").first.click()
    chat.tab.wait_for_selector(".editor textarea:focus")
    chat.tab.fill(".editor textarea", "the miller")
    chat.tab.keyboard.press("Enter")
    chat.tab.wait_for_selector(".editor", state="detached")
    for _ in range(500):  # it may not have begun
        if len(chat.turns) == 2:
            break
        chat.tab.wait_for_timeout(20)
    chat.until_answered()
    assert [who for who, _ in chat.turns] == ["user", "answer"]
    assert chat.turns[0] == ("user", "the miller")


def test_a_conversation_survives_a_reload_with_its_experts(chat):
    chat.ask("the cat")
    before, readout = chat.turns, chat.text("#readout-head")
    chat.open()
    assert chat.turns == before and chat.text("#readout-head") == readout == "24 tokens"
    assert chat.kept[1]["trace"]["experts"] == 6


def test_a_new_chat_is_empty_and_the_last_one_comes_back(chat):
    chat.ask("the cat")
    before = chat.turns
    chat.tab.click("#new-chat")
    assert chat.turns == [] and chat.kept == [] and chat.focused == "prompt"
    chat.tab.click("text=Bring the last chat back")
    assert chat.turns == before
    chat.tab.click("#new-chat")
    chat.ask("a fox")
    assert chat.turns[0] == ("user", "a fox")


def test_the_settings_reach_the_server_and_are_kept(chat):
    sent = []
    chat.tab.on("request", lambda r: r.method == "POST" and sent.append(r.post_data_json))
    chat.tab.click("#open-settings")
    values = {"temperature": "0.5", "top_p": "0.9", "top_k": "40", "min_p": "0.05",
              "max_tokens": "5", "seed": "7"}  # fmt: skip
    for name, value in values.items():
        chat.tab.fill(f"[name={name}]", value)
    chat.tab.fill("[name=system]", "Be brief.")
    chat.tab.fill("[name=min_p]", "2")  # out of bounds: not kept, and said by the field
    assert chat.count("[name=min_p]:invalid") == 1
    chat.tab.fill("[name=min_p]", "0.05")
    chat.tab.click("text=Done")
    chat.open()
    chat.ask("the cat")
    (body,) = sent
    assert {name: body[name] for name in values} == {n: float(v) for n, v in values.items()}
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "the cat"},
    ]  # fmt: skip
    assert body["stream"] and body["stream_options"] == {"include_usage": True}


def test_a_base_model_continues_the_text(browser, tokenizer):
    with (
        running(Engine(tiny("sparse", max_seq=512), tokenizer)) as served,
        chatting(browser, served.url) as chat,
    ):
        sent = []
        chat.tab.on("request", lambda r: r.method == "POST" and sent.append(r.post_data_json))
        assert "base model" in chat.text("#about")
        chat.keep("settings", {"max_tokens": 9})
        chat.ask("the cat")
        first = chat.turns[1][1]
        chat.ask("a fox")
        expected = "the cat" + first + ("" if first.endswith("\n") else "\n") + "a fox"
        assert [body["prompt"] for body in sent] == ["the cat", expected]
        assert chat.count(".plain") == 2 and chat.text("#readout-head") == "9 tokens"


def test_a_dense_model_has_no_picture_but_a_sentence(browser, tokenizer):
    with (
        running(Engine(tiny("dense", max_seq=512), tokenizer)) as served,
        chatting(browser, served.url) as chat,
    ):
        assert "no picture of experts" in chat.text("#about")
        assert not chat.tab.is_visible("#experts")
        assert not chat.tab.is_visible("#toggle-experts")
        chat.keep("settings", {"max_tokens": 5})
        chat.ask("the cat")
        assert chat.turns[1][1]


def test_fast_streams_do_not_hold_the_page_up(browser, served):
    """A phone's page stays at hand while hundreds of tokens come."""
    with chatting(browser, served.url, PHONE) as chat:
        chat.keep("settings", {"max_tokens": 8000, "temperature": 1})
        chat.ask("the cat", wait=False)
        chat.until_words(600)
        start = time.monotonic()
        chat.tab.keyboard.press("Escape")
        chat.until_answered()
        assert time.monotonic() - start < 5
    served.until_idle()


def test_what_a_hostile_model_streams_stays_text(browser, tokenizer, tmp_path):
    said = (
        "<img src=x onerror=alert(1)><script>alert(2)</script>\n\n[a](javascript:alert(3)) "
        "![b](https://evil.example/c.png) &lt;b&gt;\n\n" + "x" * 500 + "\n\n```html\n<iframe>\n"
    )
    with saying(said, tokenizer, tmp_path) as served, chatting(browser, served.url) as chat:
        chat.ask("<script>alert(4)</script>")
        (_, asked), (_, text) = chat.turns
        assert asked == "<script>alert(4)</script>"
        assert text.startswith("<img src=x onerror=alert(1)><script>alert(2)</script>")
        assert "[a](javascript:alert(3))" in text and text.endswith("<iframe>\n")
        assert chat.count("#turns img, #turns script, #turns iframe") == 0
        assert chat.count("#turns a") == 1  # the picture, as a link that nobody follows
        assert chat.kept[1]["content"] == said


def test_reasoning_is_folded_apart_from_the_answer(browser, tokenizer, tmp_path):
    said = "first *this*,\nthen that</think>\n\nSo **it** is."
    template = TEMPLATE.replace("<|assistant|>", "<|assistant|><think>\n")
    with (
        saying(said, tokenizer, tmp_path, template) as served,
        chatting(browser, served.url) as chat,
    ):
        chat.ask("why")
        assert chat.turns[1] == ("answer", "So it is.")
        assert chat.text(".reasoning summary") == "Reasoning"
        assert not chat.tab.is_visible("[data-part=reasoning]")
        chat.tab.click(".reasoning summary")
        assert chat.text("[data-part=reasoning]") == "first this, then that"
        chat.open()
        assert chat.count(".reasoning") == 1  # after a reload too


def test_the_answer_and_its_code_can_be_copied(browser, tokenizer, tmp_path):
    said = "Take **this**:\n\n```py\nx = 1\n```\n"
    with (
        saying(said, tokenizer, tmp_path) as served,
        chatting(browser, served.url, permissions=["clipboard-read", "clipboard-write"]) as chat,
    ):
        chat.ask("how")
        for button, expected in ((".code button", "x = 1"), (".answer > .tools button", said)):
            chat.tab.locator(button).first.click()
            chat.tab.wait_for_selector("text=Copied >> visible=true")
            assert chat("() => navigator.clipboard.readText()") == expected
            chat.tab.wait_for_selector("button:has-text('Copied')", state="detached")
