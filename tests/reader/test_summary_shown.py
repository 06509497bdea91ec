"""The summary and its pages in a browser: nothing overflows, every link leads to a box in sight."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from lxml import html
from reportlab.pdfgen.canvas import Canvas

from tenth.reader.model import Fact, Ledger
from tenth.reader.pages import Sources, write_pages
from tenth.reader.summary import cited_facts, contradictions_md, write_summary
from tests.reader.summarised import ledger, stored
from tests.reader.test_pages import hash_of

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason=f"no browser on PATH: {', '.join(BROWSERS)}"
)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """A whole output of a made-up company: its PDFs have each figure where the facts say."""
    folder = tmp_path_factory.mktemp("shown")
    made = ledger()
    documents = stored(made)
    cited = [*cited_facts(made, documents), *made.facts().values()]
    hashes = {}
    for report in made.reports:
        path = folder / "reports" / report.document.rpartition("/")[2]
        path.parent.mkdir(exist_ok=True)
        _draw(path, {f.id: f for f in cited if f.document == report.document}.values())
        hashes[report.sha256] = hash_of(path)
    made, documents = _rehashed(made, hashes), [
        msgspec.structs.replace(one, sha256=hashes[one.sha256]) for one in documents
    ]  # fmt: skip
    cited = [*cited_facts(made, documents), *made.facts().values()]
    out = folder / "out"
    out.mkdir()
    with Sources([folder / "reports"], out) as sources:
        link = write_pages(out, cited, sources)
    write_summary(made, documents, out, "auto", link)
    (out / "contradictions.md").write_text(contradictions_md(made, link))
    return out


def _draw(path: Path, facts) -> None:
    canvas = Canvas(str(path), (612, 792), invariant=True)
    for page in range(1, 6):
        canvas.setFont("Helvetica", 9)
        for fact in facts:
            if fact.place.page == page and fact.place.box:
                x0, _, _, y1 = fact.place.box
                canvas.drawString(x0, 792 - y1 + 2, fact.verbatim)
        canvas.showPage()
    canvas.save()


def _rehashed(made: Ledger, hashes: dict[str, str]) -> Ledger:
    def own(fact: Fact) -> Fact:
        return msgspec.structs.replace(fact, sha256=hashes[fact.sha256])

    reports = tuple(
        msgspec.structs.replace(r, sha256=hashes[r.sha256], facts=tuple(map(own, r.facts)))
        for r in made.reports
    )
    return msgspec.structs.replace(made, reports=reports)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def test_every_link_of_the_summary_leads_to_a_file_and_an_id_in_it(out):
    tree = html.parse(out / "summary.html")
    links = {href for href in tree.xpath("//a/@href") if not href.startswith("#")}
    assert len(links) > 20
    for href in links:
        name, _, anchor = href.partition("#")
        page = html.parse(out / name)
        assert not anchor or page.xpath(f"//*[@id='{anchor}']"), href
        for picture in page.xpath("//img/@src"):
            assert (out / "pages" / picture).is_file()


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(out, browser, size, scheme):
    page = browser.new_page(viewport=size, color_scheme=scheme)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    for path in (out / "summary.html", *sorted((out / "pages").glob("*.html"))):
        page.goto(path.as_uri())
        assert not page.evaluate(WIDE), path.name
    assert problems == []
    page.close()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_link_opens_the_page_with_the_figure_boxed_and_in_sight(out, browser, size):
    page = browser.new_page(viewport=size)
    page.goto((out / "summary.html").as_uri())
    page.get_by_role("link", name="US$81.8 billion").first.click()
    page.wait_for_url("**/pages/*.html#*")
    card = page.locator(":target > .card")
    assert card.is_visible()
    text = card.inner_text()
    assert "81,797" in text
    assert "81,797,000,000 USD" in text
    assert "Total net sales" in text
    box = page.locator(":target").bounding_box()
    assert box
    shown = card.bounding_box()
    assert shown
    assert shown["y"] + shown["height"] <= box["y"]  # not hidden by the header
    assert box["y"] + box["height"] <= size["height"]
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert page.locator(":target > .said").first.is_visible()
    page.close()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_figure_at_the_very_top_of_its_page_is_not_hidden_by_what_is_said_of_it(
    out, browser, size
):
    page = browser.new_page(viewport=size)
    page.goto(next(iter(sorted((out / "pages").glob("*.html")))).as_uri())
    one, box = page.evaluate("""() => {
      const fact = document.querySelector('.fact');
      fact.style.top = 0;
      fact.querySelector('.card .label').textContent = 'A long sentence. '.repeat(40);
      location.hash = fact.id;
      return [fact.querySelector('.card'), fact].map(e => e.getBoundingClientRect().toJSON());
    }""")
    assert 0 < one["bottom"] <= box["top"] and box["bottom"] <= size["height"]
    page.close()


def test_the_box_is_around_the_figures_ink(out, browser):
    page = browser.new_page(viewport=DESK)
    page.goto((out / "summary.html").as_uri())
    page.get_by_role("link", name="US$36.4 billion").first.click()
    page.wait_for_url("**/pages/*.html#*")
    box = page.locator(":target").bounding_box()
    sheet = page.locator(".sheet img").bounding_box()
    assert box
    assert sheet
    scale = sheet["width"] / 612
    facts = {f.verbatim: f for f in ledger().facts().values()}
    x0, y0, x1, y1 = facts["36,413"].place.box
    expected = (
        (x0 - 1.5) * scale,
        (y0 - 1.5) * scale,
        (x1 - x0 + 3) * scale,
        (y1 - y0 + 3) * scale,
    )
    found = (box["x"] - sheet["x"], box["y"] - sheet["y"], box["width"], box["height"])
    assert all(abs(a - b) < 1 for a, b in zip(expected, found, strict=True))
    page.close()


def test_a_page_can_be_walked_by_keyboard(out, browser):
    page = browser.new_page(viewport=DESK)
    path = next(iter(sorted((out / "pages").glob("*q3*003.html"))))
    page.goto(path.as_uri())
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(":target > .card").is_visible()
    assert page.locator(".fact").count() > 5
    page.close()


def test_a_link_to_a_folded_note_unfolds_it(out, browser):
    page = browser.new_page(viewport=DESK)
    page.goto((out / "summary.html").as_uri())
    note = page.locator(".notes li").first
    assert not note.is_visible()
    page.locator("sup a").first.click()
    page.wait_for_function("document.querySelector('.notes li:target') !== null")
    assert page.locator(".notes li:target").is_visible()
    page.close()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_folded_or_not_nothing_is_wider_than_the_screen(out, browser, size):
    page = browser.new_page(viewport=size)
    page.goto((out / "summary.html").as_uri())
    folded = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert not page.evaluate(WIDE)
    assert page.evaluate("document.documentElement.scrollHeight") > 1.3 * folded
    page.close()


def test_on_paper_nothing_is_folded(out, browser, tmp_path):
    page = browser.new_page()
    page.goto((out / "summary.html").as_uri())
    page.pdf(path=tmp_path / "summary.pdf")
    page.close()
    with closing(pypdfium2.PdfDocument(tmp_path / "summary.pdf")) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    tree = html.parse(out / "summary.html")
    notes = tree.xpath("count(//ol[@class='notes']/li)")
    assert notes > 20 and text.count("printed “") >= tree.xpath(
        "count(//ol[@class='notes']/li[contains(., 'printed “')])"
    )
