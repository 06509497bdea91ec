"""The page's Markdown: what models write, and what a hostile one would; nothing becomes markup."""

import random

import pytest

from tenth.engine import Engine
from tests.engine.conftest import tiny

from .browser import NEEDS_BROWSER, PHONE, chatting, chromium
from .conftest import running

pytestmark = [NEEDS_BROWSER, pytest.mark.slow]

RENDER = "async source => (await import('/markdown.js')).render(source).innerHTML"


@pytest.fixture(scope="module")
def chat(tokenizer):
    with (
        running(Engine(tiny("dense", max_seq=512), tokenizer)) as served,
        chromium() as browser,
        chatting(browser, served.url) as page,
    ):
        yield page


def outline(chat, source: str) -> str:
    """The tags of the rendered text, without the frames around code and tables."""
    html = chat(RENDER, source)
    for frame in ('<div class="scroll" tabindex="0" role="region" aria-label="Table">', "</div>"):
        html = html.replace(frame, "")
    return html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a *b* **c** ***d*** `e`", "<p>a <em>b</em> <strong>c</strong> "
         "<em><strong>d</strong></em> <code>e</code></p>"),
        ("__a__ _b_ snake_case_name 2 * 3 * 4", "<p><strong>a</strong> <em>b</em> "
         "snake_case_name 2 * 3 * 4</p>"),
        ("**“你好”**世界", "<p><strong>“你好”</strong>世界</p>"),
        ("~~a~~ ~b~", "<p><del>a</del> ~b~</p>"),
        ("`` a`b `` `c", "<p><code>a`b</code> `c</p>"),
        (r"\*a\* \_ \\", "<p>*a* _ \\</p>"),
        ("&lt;b&gt; &amp;amp; &unknown;", "<p>&lt;b&gt; &amp;amp; &amp;unknown;</p>"),
        ("a  \nb\\\nc<br>d\ne", "<p>a  <br>b<br>c<br>d\ne</p>"),
        ("**a *b", "<p>**a *b</p>"),
        ("# One\n### Three #\n####### Seven\n#none", "<h3>One</h3><h5>Three</h5>"
         "<p>####### Seven\n#none</p>"),
        ("Title\n===\nSub\n---", "<h3>Title</h3><h4>Sub</h4>"),
        ("a\n\n***\n\nb", "<p>a</p><hr><p>b</p>"),
        ("- a\n- b\n  - c\n\n- d", "<ul><li><p>a</p></li><li><p>b</p><ul><li><p>c</p></li></ul>"
         "</li><li><p>d</p></li></ul>"),
        ("3. a\n   - b\n4. c", '<ol start="3"><li><p>a</p><ul><li><p>b</p></li></ul></li>'
         "<li><p>c</p></li></ol>"),
        ("text\n- a\n- b\ntail\n\nafter", "<p>text</p><ul><li><p>a</p></li><li><p>b\ntail</p></li>"
         "</ul><p>after</p>"),
        ("in 2020\n1999. no list", "<p>in 2020\n1999. no list</p>"),
        ("> a\n> > b\n\nc", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"
         "<p>c</p>"),
        ("| a | b |\n|--|:-:|\n| 1 | 2 \\| 3 |\n| 4 |", '<table><thead><tr><th scope="col" '
         'class="left">a</th><th scope="col" class="center">b</th></tr></thead><tbody><tr>'
         '<td class="left">1</td><td class="center">2 | 3</td></tr><tr><td class="left">4</td>'
         '<td class="center"></td></tr></tbody></table>'),
        ("a | b\nno table", "<p>a | b\nno table</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_is_read_as_models_write_it(chat, source, expected):
    assert outline(chat, source) == expected


@pytest.mark.parametrize(
    ("source", "language", "code"),
    [
        ("```python\nif a:\n    b *c*\n```\nend", "python", "if a:\n    b *c*"),
        ("~~~\n```\n~~~", "text", "```"),
        ("````md\n```\na\n```\n````", "md", "```\na\n```"),
        ("1. a\n   ```js\n   b\n     c\n   ```", "js", "b\n  c"),
        ("```py\nunclosed <b>\n", "py", "unclosed <b>\n"),
    ],
)
def test_code_keeps_every_character_and_can_be_copied(chat, source, language, code):
    found = chat(
        """async source => {
          const made = (await import('/markdown.js')).render(source).querySelector('.code');
          return [made.querySelector('.bar span').textContent, made.querySelector('code')
            .textContent, made.querySelector('button').textContent];
        }""",
        source,
    )
    assert found == [language, code, "Copy"]


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("[a](https://b.c/d_(e))", [("https://b.c/d_(e)", "a")]),
        ('[*a*](http://b.c "title")', [("http://b.c/", "a")]),
        ("see https://b.c/d_e. (http://f.g/)", [("https://b.c/d_e", "https://b.c/d_e"),
                                                ("http://f.g/", "http://f.g/")]),
        ("<mailto:a@b.c> ![picture](https://b.c/p.png)", [("mailto:a@b.c", "mailto:a@b.c"),
                                                         ("https://b.c/p.png", "picture")]),
        ("[](https://b.c/)", [("https://b.c/", "https://b.c/")]),
        ("[a [b](https://c.d/) e](https://f.g/)", [("https://c.d/", "b"),
                                                   ("https://f.g/", "https://f.g/")]),
        ("[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x) [d](vbscript:x)", []),
        ("[a](java\nscript:x) [b](\x01javascript:x) [c](/etc) [d](//e.f) [g](file:///x)", []),
        ("<javascript:alert(1)> [a]: https:// https://", []),
    ],
)  # fmt: skip
def test_links_lead_to_the_web_or_to_mail_only(chat, source, links):
    found = chat(
        """async source => [...(await import('/markdown.js')).render(source)
          .querySelectorAll('a')].map(a => [a.href, a.textContent, a.rel, a.target])""",
        source,
    )
    assert [tuple(link[:2]) for link in found] == links
    assert all(link[2:] == ["noopener noreferrer", "_blank"] for link in found)


HOSTILE = [
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>", "<a href='javascript:alert(1)'>x</a>",
    "`<b>` <style>*{display:none}</style>", "```<img onerror=alert(1)>\n<script>alert(1)</script>",
    "|<img src=x onerror=alert(1)>|b|\n|-|-|\n|<script>alert(1)</script>|c|",
    "[<img src=x onerror=alert(1)>](https://a.b/\"onmouseover=alert(1))", "&lt;script&gt;",
    "</div></main><form action=https://evil.example><input>",
    "<!-- a", "<base href=//evil.example>",
    "![x](https://a.b/\" onload=\"alert(1))", "<br onclick=alert(1)>", "\u202e\u0000\ufffe",
]  # fmt: skip
TAGS = {"DIV", "P", "H3", "H4", "H5", "H6", "UL", "OL", "LI", "BLOCKQUOTE", "HR", "BR", "EM", "DEL",
        "STRONG", "CODE", "PRE", "A", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "SPAN",
        "BUTTON", "svg", "use"}  # fmt: skip
ATTRIBUTES = {"class", "href", "rel", "target", "start", "scope", "tabindex", "role", "aria-label",
              "aria-hidden", "type"}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text_stays_text(chat, source):
    tags, attributes = chat(
        """async source => {
          const all = [...(await import('/markdown.js')).render(source).querySelectorAll('*')];
          return [all.map(e => e.tagName), all.flatMap(e => e.getAttributeNames())];
        }""",
        source,
    )
    assert set(tags) <= TAGS and set(attributes) <= ATTRIBUTES
    assert "<script" not in source or "alert(1)" in outline(chat, source)


def test_hostile_answers_stay_text_on_the_page_itself(chat):
    """As kept answers they pass all the way that streamed ones do."""
    text = "\n\n".join([*HOSTILE, "x" * 100_000, "```\nunclosed " + "y" * 20_000])
    chat.tab.goto(f"{chat.url}/health")  # the page itself would save its own as it goes
    chat.keep("chat", [{"role": "user", "content": text}, {"role": "assistant", "model": text,
              "content": text, "reasoning": text, "note": text}])  # fmt: skip
    chat.tab.set_viewport_size(dict(zip(("width", "height"), PHONE, strict=True)))
    chat.open()
    assert chat.turns[0] == ("user", text) and "onerror=alert(1)" in chat.turns[1][1]
    assert chat.count("#turns img, #turns script, #turns iframe, #turns form, #turns style") == 0
    assert chat("() => document.documentElement.scrollWidth") == PHONE[0]
    assert chat("() => document.querySelector('#log').scrollWidth") == PHONE[0]
    chat.tab.click("#new-chat")


BOMBS = {
    "stars": "*" * 100_000, "star words": "*a " * 50_000, "openers": "[" * 100_000,
    "links": "[a](" * 40_000, "ticks": "".join("`" * (i % 300) + " " for i in range(1000)),
    "quotes": ">" * 50_000, "items": "- " * 50_000,
    "nested": "*a **b " * 20_000 + "c** d*" * 20_000,
    "fences": "```a\n~~~b\n" * 10_000, "bars": "|" * 50_000 + "\n" + "|-" * 50_000,
    "table": "|a" * 300 + "\n" + "|-" * 300 + "\n" + ("|b" * 300 + "\n") * 200,
    "addresses": "xhttp://" * 20_000, "bracketed addresses": "[http://" * 20_000,
    "hashes": "# " + "#" * 100_000 + "x", "rules": "- " * 50_000 + "x", "line": "x" * 1_000_000,
    "lines": "x\n" * 50_000, "angles": "<http://" * 30_000, "escapes": "\\*" * 60_000,
    "deep items": "\n".join("  " * i + "- a" for i in range(400)), "tildes": "~~" * 50_000,
    "tails": "http://a" + "." * 100_000, "parentheses": "[a](" + "(" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_no_text_takes_long_or_nests_deep(chat, name):
    seconds, depth = chat(
        """async source => {
          const { render } = await import('/markdown.js');
          const start = performance.now();
          const made = render(source);
          const seconds = (performance.now() - start) / 1000;
          const depths = new Map([[made, 0]]);
          for (const node of made.querySelectorAll('*')) {
            depths.set(node, depths.get(node.parentElement) + 1);
          }
          return [seconds, [...depths.values()].reduce((a, b) => Math.max(a, b))];
        }""",
        BOMBS[name],
    )
    assert seconds < 3 and depth < 80


PIECES = ["# a", "- ", "  - b", "1. ", "> ", "```", "~~~", "|a|b|", "|-|-|", "---", "===", "*x*",
          "**", "`", "c d", "[e](https://f.g)", "\n", "\n\n", "    ", "\t", "\\", "<br>", "h",
          "1"]  # fmt: skip


def test_a_text_that_grows_shows_what_the_whole_text_shows(chat):
    """Piece by piece, cut anywhere, blocks kept from before and all."""
    draw = random.Random(11)
    sources = []
    for _ in range(300):
        parts = [
            draw.choice(PIECES) + draw.choice(["", "\n", " "]) for _ in range(draw.randint(3, 25))
        ]
        sources.append("".join(parts))
    differ = chat(
        """async sources => {
          const { MarkdownView, render } = await import('/markdown.js');
          return sources.filter(source => {
            const root = document.createElement('div');
            const view = new MarkdownView(root);
            for (let i = 1; i <= source.length; i += 1) view.update(source.slice(0, i));
            return root.innerHTML !== render(source).innerHTML;
          });
        }""",
        sources,
    )
    assert differ == []


def test_each_shown_character_knows_its_place_in_the_source(chat):
    draw = random.Random(12)
    sources = ["".join(draw.choice(PIECES) + " " for _ in range(20)) for _ in range(200)]
    sources.append(
        "- a *b*\n  ```\n  code\n  ```\n> `q` \\* https://x.y\n\n| `c` | d |\n|-|-|\n| e | f |"
    )
    wrong = chat(
        """async sources => {
          const { render } = await import('/markdown.js');
          const { origin } = await import('/inline.js');
          const wrong = [];
          for (const source of sources) {
            const walker = document.createTreeWalker(render(source), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
              const node = walker.currentNode;
              if (!origin.has(node)) continue;
              const there = source.substr(origin.get(node), node.length);
              const same = (a, b) => a.replace(/\\s/g, ' ') === b.replace(/\\s/g, ' ');
              if (!same(there, node.data)) wrong.push([source, there, node.data]);
            }
          }
          return wrong;
        }""",
        sources,
    )
    assert wrong == []
