"""The report: one page, nothing loaded, nothing a model wrote let through as markup."""

import json
import math
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tenth.race import report, report_charts, report_tables
from tenth.race.seeds import counts_of_seed
from tenth.race.verdict import ALL_ARMS, combine, judge

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} $\\frac{1}{2}$ \x00 é字"
)
SAMPLE = """(self, path, mode='r'):
        \"\"\"Return the name of the file in the list, or None if it is a module.\"\"\"
        if not isinstance(path, str):
            raise TypeError('path must be a string, not %s' % type(path).__name__)
        self._name = path
        return self._read(path)
"""


def an_arm(name, flops, seconds, bits, seed=0):
    """One arm as the race writes it, with a curve that ends near its verdict."""
    sparse = name.startswith("sparse")
    curve = []
    for i in range(60):
        share = (i + 1) / 60
        # a power law in compute, then what the decay of the learning rate brings
        value = bits * share**-0.16 * (1 + 0.07 * min(1.0, (1 - share) * 5)) + 0.012
        curve.append([flops * share, seconds * share, value])
    experts = 16
    load = [
        [
            (1 + 0.6 * math.sin(1.7 * e + layer + seed)) * (0.05 if (e, layer) == (3, 2) else 1)
            for e in range(experts)
        ]
        for layer in range(3)
    ]
    memory = {"layers": [0, 2], "orders": [2, 3], "n_rows": 65536, "d_row": 32}
    wide = name in ("dense", "dense-memory")
    model = {"vocab_size": 4096, "d_model": 192 if wide else 96, "n_layers": 4}
    if sparse:
        model |= {"n_experts": experts, "top_k": 2, "d_expert": 64, "score": "sigmoid"}
    if name == "sparse":
        model["memory"] = memory
    return {
        "flops": flops,
        "seconds": seconds,
        "peak_bytes": {"dense": 612_000_000, "sparse": 1_240_000_000}.get(name, 480_000_000),
        "params_active": {"dense": 1_960_000, "dense-tenth": 643_000}.get(name, 655_000),
        "params_total": {"dense": 1_960_000, "dense-tenth": 643_000, "sparse": 18_400_000}.get(
            name, 2_010_000
        ),
        "inference_flops_per_token": {"dense": 4_300_000}.get(name, 1_350_000),
        "tokens": {"dense": 2_400_000}.get(name, 690_000),
        "epochs": {"dense": 0.81}.get(name, 0.23),
        "bits_per_byte": bits,
        "curve": curve,
        "path": f"runs/demo/{name}",
        "expert_load": [[x / sum(row) for x in row] for row in load] if sparse else [],
        "prompt": "def open",
        "sample": SAMPLE if name != "dense-tenth" else "(self, self, self, self.\n        return",
        "settings": {
            "model": model,
            "train": {"steps": 700, "batch": 16, "peak_lr": 0.02, "device": "cpu", "seed": seed},
        },
    }


def some_arms(sparse=1.83, plain=1.99, tenth=2.006, dense=1.571, seed=0):
    return {
        "sparse": an_arm("sparse", 2.99e12, 81.3, sparse, seed),
        "sparse-plain": an_arm("sparse-plain", 2.98e12, 66.0, plain, seed),
        "dense-tenth": an_arm("dense-tenth", 2.97e12, 31.2, tenth, seed),
        "dense": an_arm("dense", 3e13, 260.4, dense, seed),
    }


def the_rest_of_full(arms, seed):
    """What `--full --evals` adds to the arms: two of them, novel tokens, gates and tests."""
    shift = 0.01 * math.sin(5 * seed)
    arms["dense-memory-tenth"] = an_arm("dense-memory-tenth", 2.96e12, 40.1, 1.69 + shift, seed)
    dense = arms.pop("dense")
    arms["dense-memory"] = an_arm("dense-memory", 2.99e13, 301.0, 1.43 + shift, seed)
    arms["dense"] = dense
    for name, arm in arms.items():
        b = arm["bits_per_byte"]
        arm |= {"novel_bits": 4.6 * b, "novel_tokens": 31_234}
        arm |= {"fresh_bits": 5.9 * b, "fresh_tokens": 11_234}
        right, low = 0.5 + 0.12 * (2.2 - b), 0.5 + 0.12 * (2.2 - b) - 0.031
        fields = ("morphology", "semantics", "syntax", "syntax_semantics")
        arm["evals"] = {
            "blimp": {
                "accuracy": right, "interval": [low, right + 0.031], "chance": 0.5, "n": 6700,
                "by_field": {f: {"accuracy": right - 0.01 * i} for i, f in enumerate(fields)},
            },
            "lambada": {
                "accuracy": 0.02, "interval": [0.013, 0.031], "bits_per_byte": b + 0.4, "n": 1000,
            },
        }  # fmt: skip
        if name == "sparse" or "memory" in name:
            arm["gate_share"] = {
                "network": 0.69, "counts": 0.217, "window-1": 0.004, "window-2": 0.031,
                "window-4": 0.058,
            }  # fmt: skip
    return arms


def some_counts(seeds):
    """The count models as `tenth race` writes them."""
    one = {"tokens": 690_000, "seconds": 2.31, "novel_bits": 11.3, "n_grams": 1_210_000}
    seen = {
        "counts-seen" + (f"-s{seed}" if seed else ""): one | {"bits_per_byte": 2.041 + seed / 500}
        for seed in range(seeds)
    }
    whole = {"tokens": 2_950_110, "seconds": 7.9, "bits_per_byte": 1.847, "novel_bits": 10.6}
    return seen | {"counts-all": whole | {"n_grams": 4_020_000}}


def a_result(seeds=1, budget=3e13, full=False, **bits):
    """result.json as the race writes it; without `full` as the tenth before counting wrote it."""
    base = {"sparse": 1.62 if full else 1.83, "plain": 1.99, "tenth": 2.006, "dense": 1.571} | bits
    runs = [some_arms(seed=0, **base)]
    for seed in range(1, seeds):
        moved = {k: b + 0.012 * math.sin(7 * seed + i) for i, (k, b) in enumerate(base.items())}
        runs.append(some_arms(seed=seed, **moved))
    if full:
        runs = [the_rest_of_full(arms, seed) for seed, arms in enumerate(runs)]
    counts = some_counts(seeds) if full else {}
    counted = [counts_of_seed(counts, seed) for seed in range(seeds)]
    digest = "9f2c81d0a7be4415c3d26d0e5f9ab7741c6e8d0f3a25b9c7e1f04d8a6b3c5e72"
    each = [judge(arms, digest, budget, c) for arms, c in zip(runs, counted, strict=True)]
    said = combine(each, runs, counted)
    return {
        **({"counts": counts} if full else {}),
        "format": 1,
        "name": "demo",
        "budget": budget,
        "seeds": seeds,
        "source": "the standard library of Python 3.11.2",
        "created": "2026-10-19T09:30:00+00:00",
        "tenth": "0.1.0",
        "machine": {"cpu": "AMD EPYC 7B13, 2 cores", "torch": "2.13.0+cpu", "threads": "2"},
        "data": {
            "corpus_hash": digest,
            "splits": {
                "train": {"documents": 1210, "bytes": 10_340_112, "tokens": 2_950_110},
                "tune": {"documents": 64, "bytes": 561_027, "tokens": 160_204},
                "verdict": {"documents": 71, "bytes": 590_811, "tokens": 168_322},
            },
            "vocab_size": 4096,
            "near_duplicates_dropped": 7,
            "skipped_files": 2,
        },
        "arms": {
            name + (f"-s{seed}" if seed else ""): arm
            for seed, arms in enumerate(runs)
            for name, arm in arms.items()
        },
        **said,
    }


def write(folder, result):
    (folder / "result.json").write_text(json.dumps(result, allow_nan=False), encoding="utf-8")
    return report.write_report(folder).read_text(encoding="utf-8")


class Page(HTMLParser):
    """Tags, attributes and headings of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.ids, self.headings = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, key, value or "") for key, value in attrs]
        self.ids += [value for key, value in attrs if key == "id"]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_the_page_loads_nothing_from_outside(tmp_path):
    html = write(tmp_path, a_result())
    page = Page(html)
    loading = [
        a for a in page.attributes if a[1] in ("src", "href", "xlink:href", "data", "srcset")
    ]
    assert [a for a in loading if not a[2].startswith("#")] == []
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(page.tags)


def test_what_a_model_wrote_is_never_markup(tmp_path):
    result = a_result()
    for arm in result["arms"].values():
        arm["sample"], arm["prompt"] = HOSTILE, "<b>p</b>"
        arm["settings"] = {"model": {"<i>key</i>": HOSTILE}, "train": {}}
    result["name"], result["source"], result["machine"] = HOSTILE, HOSTILE, {HOSTILE: HOSTILE}
    html = write(tmp_path, result)
    assert "<script" not in html and "<img" not in html and "<b>p" not in html and "<i>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7 * 7 }}" in html  # text, not a template


def test_the_same_result_gives_the_same_bytes(tmp_path):
    write(tmp_path, a_result())
    first = (tmp_path / "report.html").read_bytes()
    report.write_report(tmp_path)
    assert (tmp_path / "report.html").read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["report.html", "result.json"]


def test_the_verdict_leads_and_the_figures_follow(tmp_path):
    result = a_result()
    html = write(tmp_path, result)
    html = html.replace("\u00a0", " ").replace("&#39;", "'")
    assert f"<h1>{result['verdict'][0]}</h1>" in html
    assert all(f"<li>{sentence}</li>" in html for sentence in result["verdict"][1:])
    assert html.index(">Leverage<") < html.index(">Performance kept<") < html.index(">Gap closed<")
    for text in ("2.4x", "0.86", "40 %", "10.0 %", "31 %", "2.97e12", "4 min 20 s", "18.4 M"):
        assert text in html, text
    assert "tenth race --report demo" in html
    assert result["corpus_hash"] in html
    assert 'class="warn"' not in html


def test_a_race_that_says_nothing_says_so_before_its_figures(tmp_path):
    result = a_result(budget=3e11)
    html = write(tmp_path, result)
    assert html.index("Not informative") < html.index("How the arms got there")
    banner = html[html.index('class="warn"') :]
    assert all(reason in banner for reason in result["not_informative_because"])
    assert "NOT INFORMATIVE:" not in html  # the banner says it once


@pytest.mark.parametrize(
    "bits",
    [
        {"sparse": 2.2, "plain": 2.4},  # worse than dense at a tenth
        {"sparse": 1.4},  # better than the whole budget
        {"tenth": 1.5},  # no gap
        {"tenth": 1.571},  # none at all
        {"tenth": 1.5711},  # a line so flat that leverage is astronomical
        {"sparse": 7.9, "plain": 8.0},
    ],
)
def test_every_outcome_has_a_page(tmp_path, bits):
    html = write(tmp_path, a_result(**bits))
    assert "nan" not in re.sub(r"<[^>]*>", " ", html).lower().split()


def test_several_seeds_stand_beside_each_other_with_intervals(tmp_path):
    html = write(tmp_path, a_result(seeds=3))
    assert "sparse-s2" in html and "3 seeds" in html
    assert "±\u00a0under 0.1\u00a0%" in html  # the share of FLOPs hardly moves


def test_charts_have_words_and_ids_are_unique(tmp_path):
    page = Page(write(tmp_path, a_result()))
    assert len(page.ids) == len(set(page.ids))
    named = [v for tag, key, v in page.attributes if tag == "svg" and key == "aria-labelledby"]
    assert len(named) == page.tags.count("svg") == 5  # two charts, who earned what, two heat maps
    assert all(part in page.ids for value in named for part in value.split())


def test_headings_stand_in_order(tmp_path):
    levels = Page(write(tmp_path, a_result(budget=3e11))).headings
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_colour_is_never_the_only_cue():
    dashes = [str(style[1]) for style in report_charts.STYLES.values()]
    markers = [style[2] for style in report_charts.STYLES.values()]
    assert len(set(dashes)) == len(set(markers)) == len(ALL_ARMS)


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a, b):
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_contrast_is_enough_in_light_and_dark(tmp_path, scheme):
    html = write(tmp_path, a_result())
    block = re.findall(r":root \{(.*?)\}", html, re.S)[scheme]
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    for ground in ("paper", "card"):
        assert _contrast(colour["ink"], colour[ground]) >= 7
        assert _contrast(colour["soft"], colour[ground]) >= 4.5
        for line in ALL_ARMS:
            assert _contrast(colour[line], colour[ground]) >= 3
        assert _contrast(colour["warn"], colour[ground]) >= 4.5
    assert _contrast(colour["warn"], colour["warn-paper"]) >= 4.5
    assert _contrast(colour["ink"], colour["mark"]) >= 4.5


def test_a_missing_truncated_or_foreign_result_is_refused_in_one_line(tmp_path):
    path = tmp_path / "result.json"
    whole = json.dumps(a_result())
    no_arms = {k: v for k, v in a_result().items() if k != "arms"}
    bad_arm = a_result()
    del bad_arm["arms"]["dense"]["flops"]
    for text, says in (
        (None, "no such file"),
        (whole[: len(whole) // 2], "not whole JSON"),
        ("", "not whole JSON"),
        ("[]", "not a race's result"),
        (json.dumps(a_result() | {"format": 2}), "format 2"),
        (json.dumps({}), "format None"),
        (json.dumps(no_arms), "lacks arms"),
        (json.dumps(bad_arm), "arm dense lacks flops"),
    ):
        if text is not None:
            path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError) as refused:
            report.write_report(tmp_path)
        line = str(refused.value)
        assert str(path) in line and says in line and "\n" not in line
        assert not (tmp_path / "report.html").exists()


def test_a_report_that_fails_leaves_the_old_one_whole(tmp_path, monkeypatch):
    html = write(tmp_path, a_result())
    monkeypatch.setattr(report, "render", lambda result: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        report.write_report(tmp_path)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == html
    assert len(list(tmp_path.iterdir())) == 2


def test_numbers_read_as_one_says_them():
    assert [report_tables.count(x) for x in (0, 12, 999, 1234, 999_999, 1.96e6, 2e9)] == [
        "0", "12", "999", "1.23 k", "1 M", "1.96 M", "2 G",
    ]  # fmt: skip
    assert [report_tables.clock(x) for x in (9.96, 59.9, 260.4, 7509)] == [
        "10.0 s", "59.9 s", "4 min 20 s", "2 h 05 min",
    ]  # fmt: skip
    assert [report_tables.sci(x) for x in (3e13, 2.97e12, 1350, 0.5)] == [
        "3e13",
        "2.97e12",
        "1 350",
        "0.5",
    ]
    assert report_tables.size(612_000_000) == "612 MB" and report_tables.size(0) == "not measured"


def test_a_long_curve_is_thinned_and_keeps_its_end():
    points = [[i, i, 1.0] for i in range(1, 10_001)]
    thinned = report_charts.thin(points, 300)
    assert len(thinned) <= 301 and thinned[-1] == points[-1]
    assert report_charts.thin([], 300) == []
