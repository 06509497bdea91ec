"""The picture of the experts: what the server told of each token is what the page shows."""

import pytest

from .browser import NEEDS_BROWSER, PHONE, chatting, chromium, endless
from .conftest import NAME, running

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]
LAYERS, EXPERTS, TOP_K = 2, 6, 2
ASKED = {"max_tokens": 12, "seed": 3, "temperature": 1}

LIT = """() => {  // for each cell of the picture, how close its middle is to the colour of light
  const canvas = document.getElementById('grid');
  const lit = getComputedStyle(canvas).getPropertyValue('--grid-lit').trim();
  const wanted = [1, 3, 5].map(i => parseInt(lit.slice(i, i + 2), 16));
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const across = document.getElementById('axes').textContent.startsWith('across: experts');
  const [nx, ny] = across ? [6, 2] : [2, 6];
  const lights = [];
  for (let layer = 0; layer < 2; layer += 1) for (let expert = 0; expert < 6; expert += 1) {
    const [x, y] = across ? [expert, layer] : [layer, expert];
    const at = [(x + .4) * canvas.width / nx, (y + .4) * canvas.height / ny].map(Math.floor);
    const pixel = context.getImageData(...at, 1, 1).data;
    if (wanted.every((value, i) => Math.abs(value - pixel[i]) < 4)) lights.push([layer, expert]);
  }
  return lights;
}"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def served(tokenizer):
    with running(endless(tokenizer)) as made:
        yield made


@pytest.fixture
def chat(browser, served):
    with chatting(browser, served.url) as page:
        page.keep("settings", ASKED)
        page.ask("the cat")
        yield page


@pytest.fixture(scope="module")
def told(served) -> list[list[list[int]]]:
    """The experts of each token, asked of the server without a page."""
    stream = served.openai.completions.create(
        model=NAME, prompt="the cat", max_tokens=ASKED["max_tokens"], seed=ASKED["seed"],
        temperature=ASKED["temperature"], stream=True, extra_body={"tenth": {"experts": True}},
    )  # fmt: skip
    rows = [(chunk.model_extra or {}).get("tenth", {}).get("experts") for chunk in stream]
    return [row for row in rows if row]


def test_an_answer_that_is_over_is_told_without_another_frame(browser, served):
    with chatting(browser, served.url) as chat:
        chat.keep("settings", ASKED)
        chat("() => { window.requestAnimationFrame = () => 1; }")  # none comes any more
        chat.ask("the cat")
        assert chat.text("#readout-head") == "12 tokens"


def test_the_page_counts_what_the_server_told(chat, told):
    assert len(told) == 12 and chat.text("#readout-head") == "12 tokens"
    trace = chat(
        """async () => {
          const { Trace } = await import('/trace.js');
          const { loadChat } = await import('/chat.js');
          const { trace } = loadChat()[1];
          return trace.tokens.map((_, i) => [0, 1].map(layer => [...trace.row(i, layer)]));
        }"""
    )
    assert trace == told
    pairs = {(layer, expert) for row in told for layer, ids in enumerate(row) for expert in ids}
    assert f"Used {len(pairs)} of 12 experts" in chat.text("#readout")


def test_the_slider_lights_each_tokens_experts_and_marks_its_text(chat, told):
    chat.tab.focus("#token")
    chat.tab.keyboard.press("Home")
    text = chat.turns[1][1]
    for i, row in enumerate(told):
        chat.tab.wait_for_timeout(50)
        assert chat.text("#readout-head").startswith(f"Token {i + 1} of 12")
        expected = [f"layer {k + 1}: {', '.join(map(str, ids))}" for k, ids in enumerate(row)]
        assert chat.text("#readout") == "; ".join(expected) + "."
        lit = {(layer, expert) for layer, expert in chat(LIT)}
        assert lit == {(layer, expert) for layer, ids in enumerate(row) for expert in ids}
        marked = chat("() => [...CSS.highlights.get('token')].map(String).join('')")
        assert marked in text
        spoken = chat.tab.get_attribute("#token", "aria-valuetext")
        assert f"Token {i + 1} of 12" in spoken and expected[0] in spoken
        chat.tab.keyboard.press("ArrowRight")


def test_pointing_at_a_word_shows_the_experts_of_its_token(chat, told):
    box = chat(
        """() => {
          const node = document.querySelector('[data-part=content]').firstChild;
          const range = document.createRange();
          const i = node.data.search(/[a-z]/);
          range.setStart(node, i);
          range.setEnd(node, i + 1);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2, i };
        }"""
    )
    chat.tab.mouse.move(box["x"], box["y"])
    head = chat.text("#readout-head")
    assert head.startswith("Token ") and chat.turns[1][1][box["i"]] in head
    chat.tab.mouse.move(5, 5)
    assert chat.text("#readout-head") == "12 tokens"


def test_the_arrow_keys_go_from_expert_to_expert(chat, told):
    chat.tab.focus("#grid")
    across = chat.text("#axes").startswith("across: experts")
    chat.tab.keyboard.press("ArrowRight")
    assert chat.text("#readout-head") == "Layer 1, expert 0"
    chat.tab.keyboard.press("ArrowRight" if across else "ArrowDown")
    assert chat.text("#readout-head") == "Layer 1, expert 1"
    n = sum(1 in row[0] for row in told)
    assert chat.text("#readout").startswith(f"worked on {n} of 12 tokens")
    assert len(chat("() => [...CSS.highlights.get('expert')].map(String)")) <= n
    for _ in range(9):
        chat.tab.keyboard.press("ArrowRight" if across else "ArrowDown")
    assert chat.text("#readout-head") == f"Layer 1, expert {EXPERTS - 1}"  # stays within


def test_the_bars_are_each_experts_share(chat, told):
    assert chat("() => document.getElementById('shares').open")
    chat.tab.select_option("#layer", "1")
    counts = [sum(expert in row[1] for row in told) for expert in range(EXPERTS)]
    busiest = max(range(EXPERTS), key=lambda expert: (counts[expert], -expert))
    share = counts[busiest] / len(told)
    assert f"Busiest: {busiest} ({100 * share:.0f} %)" in chat.text("#shares-note")
    assert f"even share, {100 * TOP_K / EXPERTS:.0f} %" in chat.text("#shares-note")


def test_the_light_of_a_token_fades_and_motion_can_be_refused(browser, served):
    for wish in ("no-preference", "reduce"):
        with chatting(browser, served.url, reduced_motion=wish) as chat:
            chat.keep("settings", ASKED)
            chat.ask("the cat")
            chat.tab.wait_for_timeout(100)
            still = {tuple(cell) for cell in chat(LIT)}
            chat.tab.wait_for_timeout(2500)
            later = {tuple(cell) for cell in chat(LIT)}
            assert len(still) <= LAYERS * TOP_K  # of the last token alone, at its brightest
            assert later == (still if wish == "reduce" else set())
            assert len(later) == (LAYERS * TOP_K if wish == "reduce" else 0)


def test_the_panel_can_be_closed_and_stays_so(chat):
    chat.tab.click("#toggle-experts")
    assert not chat.tab.is_visible("#experts")
    chat.open()
    chat.tab.wait_for_selector("#toggle-experts[aria-expanded=false]")
    assert not chat.tab.is_visible("#experts")


def test_a_tap_on_a_phone_shows_the_experts_of_a_word(browser, served):
    with chatting(browser, served.url, PHONE, has_touch=True, is_mobile=True) as chat:
        chat.keep("settings", ASKED)
        chat.ask("the cat")
        box = chat.tab.locator("[data-part=content]").bounding_box()
        chat.tab.touchscreen.tap(box["x"] + 12, box["y"] + 12)
        assert chat.text("#readout-head").startswith("Token ")
        assert chat("() => document.documentElement.scrollWidth") == PHONE[0]
