"""The report in a real browser: nothing wider than a phone, and a picture of it."""

import html
import re
import shutil
import subprocess

import pytest
from test_report import a_result, write

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason=f"no browser on PATH: {', '.join(BROWSERS)}"),
    pytest.mark.slow,
]

# A window of headless chromium is at least 500 px wide, so the phone is an iframe.
PHONE = """<!doctype html><title>phone</title><body style="margin: 0">
<iframe style="border: 0; width: 390px; height: 800px" srcdoc="{page}"></iframe>
<script>
onload = () => {{
  const d = document.querySelector("iframe").contentDocument;
  for (const closed of d.querySelectorAll("details")) closed.open = true;
  document.title = "width " + d.documentElement.scrollWidth;
}};
</script>"""


def browse(tmp_path, page, *flags):
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--hide-scrollbars", f"--user-data-dir={tmp_path / 'profile'}", *flags, page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("seeds", "full"), [(1, False), (3, False), (3, True)])
def test_nothing_is_wider_than_a_phone(tmp_path, seeds, full):
    result = a_result(seeds=seeds, full=full)
    result["arms"]["sparse"]["sample"] = "x" * 4000  # a small model may well loop
    result["arms"]["sparse"]["settings"]["train"]["note"] = "y" * 500
    result["source"] = "/a/long/path" * 40
    host = tmp_path / "host.html"
    host.write_text(PHONE.format(page=html.escape(write(tmp_path, result))), encoding="utf-8")
    found = re.search(r"<title>width (\d+)</title>", browse(tmp_path, host, "--dump-dom"))
    assert found and int(found[1]) == 390


@pytest.mark.parametrize("scheme", [0, 1], ids=["dark", "light"])
def test_a_screenshot_is_drawn(tmp_path, scheme):
    write(tmp_path, a_result(full=True))
    picture = tmp_path / "report.png"
    flags = (f"--blink-settings=preferredColorScheme={scheme}", "--window-size=1200,2400")
    browse(tmp_path, tmp_path / "report.html", f"--screenshot={picture}", *flags)
    image = pytest.importorskip("matplotlib.image").imread(picture)
    assert image.shape[:2] == (2400, 1200)
    assert (image[5, 5, :3].mean() > 0.5) == (scheme == 1)  # the paper of the wanted scheme
    assert image[..., :3].std() > 0.05  # and something on it


def test_the_table_of_a_full_race_needs_no_scrolling_at_a_desk(tmp_path):
    """Also not with the longest names, those of a further seed."""
    page = write(tmp_path, a_result(seeds=3, full=True))
    tables = "[...d.querySelectorAll('main > .scroll')]"
    wide = PHONE.replace("width: 390px", "width: 1200px").replace(
        "d.documentElement.scrollWidth",
        f"{tables}.filter(s => s.scrollWidth > s.clientWidth).length",
    )
    host = tmp_path / "host.html"
    host.write_text(wide.format(page=html.escape(page)), encoding="utf-8")
    out = browse(tmp_path, host, "--window-size=1200,900", "--dump-dom")
    assert "<title>width 0</title>" in out
