"""The summary: every figure has its source, quotes are verbatim, nothing else has a digit."""

import random
import re
from html import unescape

import msgspec
import pytest
from lxml import html

from tenth.reader.model import Ledger
from tenth.reader.summary import (
    cited_facts,
    contradictions_md,
    rendered_summary,
    unsourced,
    write_summary,
)
from tests.reader.summarised import TOLD, ledger, link, stored

LANGUAGES = ("en", "zh")


def markdown(language: str = "en") -> str:
    made = ledger(language)
    return rendered_summary(made, stored(made, language), "auto", link)[0]


def page(language: str = "en") -> html.HtmlElement:
    made = ledger(language)
    return html.fromstring(rendered_summary(made, stored(made, language), "auto", link)[1])


def body(text: str) -> str:
    return re.split(r"(?m)^\[\^1\]: ", text)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_digit_is_in_a_noted_figure_a_quote_a_date_or_a_page(language):
    """By patterns alone, without the code that made it."""
    dates = r"[A-Z][a-z]{2} \d{1,2}, \d{4}|\d{4}年\d{1,2}月\d{1,2}日"
    for line in body(markdown(language)).splitlines():
        if line.startswith("> ") and "— [" not in line:
            continue  # a quote, whose source follows
        rest = re.sub(r"\]\([^)]*\)", "]", line)
        rest = re.sub(r"[^\s|（(，由至]*(?: (?:billion|million|thousand))?\[\^\d+\]", "", rest)
        rest = re.sub(dates, "", rest)
        rest = re.sub(
            r"acme-q\d\.pdf|10-Q|Customer 7|, page \d+|，第\d+页|\(\d+(?: pages|页)\)", "", rest
        )
        assert not re.search(r"\d", rest), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_untouched_summary_resolves_wholly(language):
    made = ledger(language)
    assert unsourced(markdown(language), made, stored(made, language)) == []
    assert unsourced(markdown(language), made) == []


def test_every_note_is_shown_and_every_figure_has_one():
    text = markdown()
    shown = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    noted = re.findall(r"(?m)^\[\^(\d+)\]: ", text)
    assert len(noted) == len(set(noted))
    assert shown == set(noted)


def test_the_figures_that_matter_stand_beside_the_year_before():
    text = body(markdown())
    assert (
        "| Figure | Three months to Sep 30, 2023 | Three months to Sep 30, 2022 | Change |" in text
    )
    row = next(line for line in text.splitlines() if line.startswith("| Revenue |"))
    shown = re.sub(r"\[\^\d+\]", "", row)
    assert shown == r"| Revenue | US\$81.8 billion | US\$83.0 billion | −1.4% |"
    row = next(line for line in text.splitlines() if line.startswith("| Operating income |"))
    assert r"−US\$3.0 billion" in row
    assert "| Figure | At Sep 30, 2023 | At Dec 31, 2022 |" in text
    assert "Gross margin | 44.5%" in text


def test_what_stands_out_is_said_in_words():
    text = re.sub(r"\[\^\d+\]", "", body(markdown())).replace("\\", "")
    assert ("- Revenue: Products fell 4.4% to US$60.6 billion from US$63.4 billion "
            "(three months to Sep 30, 2023).") in text  # fmt: skip
    assert "“81,797” against “$60,584”: they cannot both be right." in text
    assert "vanished: 31.3% (three months to Sep 30, 2023): Customer F, Customer 7." in text
    zh = re.sub(r"\[\^\d+\]", "", body(markdown("zh"))).replace("\\", "")
    assert "营业收入：Products下降4.4%，由633.6亿美元降至605.8亿美元" in zh


def test_customers_stand_with_their_shares_of_each_year():
    text = re.sub(r"\[\^\d+\]", "", body(markdown()))
    assert "| Customers' share of revenue | Three months to Sep 30, 2023 |" in text
    assert "| Customer A | 14.3% | 9.1% |" in text
    assert "| Customer 7 | — | 18.7% |" in text
    assert text.index("| Customer 7") < text.index("| All other customers | 85.7% | 72.2% |")


def test_quotes_are_verbatim_of_the_discussion_and_not_said_twice():
    text = body(markdown()).replace("\\", "")
    assert f"> {TOLD}" in text
    assert "> Services net sales were $21.2 billion" in text
    assert text.count("due to lower sales of our Products") == 0  # nearly the same
    assert "may decrease" not in text  # what may be
    assert "windows" not in text  # no figure of the ledger's
    assert "weakness of foreign currencies" not in text  # beyond the discussion
    assert "— [reports/acme-q3.pdf, page 2](pages/acme-q3.pdf-002.html#q" in text
    zh = body(markdown("zh"))
    assert "> 本期营业收入818.0亿美元，同比下降1.4%，主要系产品销量下降所致。" in zh
    assert "预计" not in zh
    assert "汇率" not in zh


def test_quotes_are_among_what_is_cited_so_that_their_pages_are_made():
    made = ledger()
    cited = cited_facts(made, stored(made))
    assert any(fact.verbatim == TOLD and fact.place.page == 2 for fact in cited)
    assert {fact.id for fact in cited if fact.metric} <= set(made.facts())
    assert len({fact.id for fact in cited}) == len(cited)


def mutated(text: str, rng: random.Random) -> str:
    """One shown figure changed: a digit, a sign, a scale, a year, a currency."""
    kinds = [r"\d", r"−", r"billion|million", r"US\\\$|USD", r"\b20\d\d\b"]
    hidden = re.sub(r"\[\^\d+\]:?|\]\([^)]*\)|`[^`]*`", lambda m: " " * len(m[0]), text)
    found = list(re.finditer(rng.choice(kinds), hidden))
    if not found:
        return text
    one = rng.choice(found)
    old = one[0]
    if len(old) == 1 and old.isdigit():
        new = str((int(old) + rng.randint(1, 9)) % 10)
    else:
        new = {"−": "", "billion": "million", "million": "billion"}.get(old, "")
        new = "€" if old.startswith("US") else str(int(old) - 1) if old.isdigit() else new
    return text[: one.start()] + new + text[one.end() :]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_figure_does_not_resolve(language):
    made, rng = ledger(language), random.Random(6)
    text, documents = markdown(language), stored(made, language)
    for _ in range(120):
        changed = mutated(text, rng)
        if changed != text:
            assert unsourced(changed, made, documents), changed


def test_a_figure_without_a_note_and_one_with_anothers_do_not_resolve():
    made, text = ledger(), markdown()
    assert unsourced(text.replace("### Contradictions", "Sales were 12 million.\n\n### C"), made)
    first, second = re.findall(r"\| Revenue \| [^|]*(\[\^\d+\]) \| [^|]*(\[\^\d+\])", text)[0]
    assert unsourced(text.replace(first + " |", second + " |", 1), made)
    one = next(line for line in text.splitlines() if line.startswith("[^1]: "))
    assert unsourced(text.replace(one, re.sub(r"#\w+\)", "#elsewhere)", one)), made)


def test_a_fact_that_is_gone_takes_its_figures_with_it():
    made, text = ledger(), markdown()
    changed = tuple(
        msgspec.structs.replace(
            one,
            facts=tuple(
                msgspec.structs.replace(f, value=f.value * 1000, scale=10**9)
                if f.metric == "GrossProfit"
                else f
                for f in one.facts
            ),
        )
        for one in made.reports
    )
    wrong = unsourced(text, msgspec.structs.replace(made, reports=changed))
    assert any("36.4 billion" in line for line in wrong)


def test_the_page_has_no_script_and_nothing_from_elsewhere():
    tree = page()
    assert not tree.xpath("//script | //link | //img | //iframe")
    assert all(
        href.startswith(("#", "pages/")) for href in tree.xpath("//a/@href | //svg//a/@href")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_within_the_page_leads_somewhere(language):
    tree = page(language)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")} <= set(ids)
    assert tree.xpath("/html/@lang") == [language]


def test_every_figure_of_the_page_is_a_link_and_the_charts_have_their_table():
    tree = page()
    for text in tree.xpath("//svg//text[@class='value']"):
        assert text.getparent().tag == "a"
    assert len(tree.xpath("//svg")) >= 1
    for cell in tree.xpath("//td"):
        bare = re.sub(r"\d", "", "".join(cell.xpath("./text()")))
        assert bare == "".join(cell.xpath("./text()"))


def test_what_documents_say_is_escaped():
    made = ledger()
    nasty = "<script>alert(1)</script> | *x* [y](z) `q`"
    one = msgspec.structs.replace(
        made.reports[1], cover=msgspec.structs.replace(made.reports[1].cover, entity=nasty)
    )
    made = msgspec.structs.replace(made, reports=(one,))
    text, shown = rendered_summary(made, [], "en", link)
    assert "<script" not in shown
    assert unescape(shown).count(nasty) >= 1
    assert r"## \<script\>alert(1)\</script\> \| \*x\* \[y\](z) \`q\`" in text
    assert unsourced(text, made) == [] or all(
        "script" not in line for line in unsourced(text, made)
    )


def test_an_empty_ledger_says_that_there_is_nothing(tmp_path):
    write_summary(Ledger(), [], tmp_path)
    assert "No documents with figures" in (tmp_path / "summary.md").read_text()
    assert (tmp_path / "summary.html").is_file()


def test_the_same_summary_is_the_same_bytes_and_its_language_can_be_chosen(tmp_path):
    made = ledger()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_summary(made, stored(made), tmp_path / name, page_link=link)
    for file in ("summary.md", "summary.html"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    write_summary(made, stored(made), tmp_path, "zh", link)
    assert (tmp_path / "summary.md").read_text().startswith("# 摘要")
    with pytest.raises(ValueError, match="--lang: 'fr' is not one of auto, en, zh"):
        write_summary(made, [], tmp_path, "fr")


def test_contradictions_show_both_sides_or_say_that_there_are_none():
    made = ledger()
    text = contradictions_md(made, link)
    assert "## They cannot both be right" in text
    assert "“81,797”" in text
    assert r"“\$60,584”" in text
    for fact in made.contradictions[0].facts:
        assert f"#{fact})" in text
    assert "Total net sales is 81,797 (page 3) and 60,584 (page 3)." in text
    none = contradictions_md(msgspec.structs.replace(made, contradictions=()), link, "zh")
    assert "没有发现矛盾" in none
    assert "资产负债表" in none
