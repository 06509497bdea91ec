"""`tenth ask` on a folder."""

import io
import json
import re
from decimal import Decimal

import pytest
from rich.cells import cell_len
from rich.console import Console

from tenth.reader.find import ask, print_answer
from tenth.reader.model import Figure, Input
from tests.reader.find.made import quarterly, stored, write_folder
from tests.reader.made import Q3, report, statement

ROWS = [
    ("Total net sales", "Revenues", ["$100"]),
    ("Net income", "NetIncomeLoss", ["12"]),
    ("Diluted earnings per share", "EarningsPerShareDiluted", ["$0.12"]),
]


@pytest.fixture
def folder(tmp_path):
    made = report(statement("income", ROWS, [Q3], document="reports/acme.pdf", page=2))
    pages = quarterly("Acme Corporation", "ACME", "September 30, 2023", "100", "Total net sales")
    sales, income, *_ = made.facts
    inputs = tuple(
        Input(fact.metric, fact.id, fact.value) for fact in (income, sales) if fact.value
    )
    margin = Figure(
        "m1", sales.entity, "net_margin", sales.period, Decimal("0.12"), "pure", "",
        "NetIncomeLoss / Revenues", inputs,
    )  # fmt: skip
    write_folder(tmp_path, [stored("reports/acme.pdf", pages)], [made], [margin])
    return tmp_path


def printed(folder, question: str, **options) -> str:
    console = Console(file=io.StringIO(), width=140)
    print_answer(console, folder, question, **options)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_figures_and_pages_are_printed_with_their_sources(folder):
    text = printed(folder, "Acme net sales in Q3 2023")
    assert "100 million USD" in text and "acme.pdf, page 2" in text
    assert "searched 4 pages of 1 document of Acme Corporation" in text
    assert ask(folder, "Acme net sales in Q3 2023").facts[0].fact.id in text


def test_lines_fit_eighty_columns_and_are_whole_where_they_are_piped(folder):
    lines = printed(folder, "Acme net sales in Q3 2023").splitlines()
    assert any("acme.pdf, page 2" in line for line in lines)
    console = Console(file=io.StringIO(), width=80, force_terminal=True, no_color=True)
    print_answer(console, folder, "What does a competitor's complaint ask for?")
    text = re.sub(r"\x1b\[[\d;]*m", "", console.file.getvalue())  # type: ignore[attr-defined]
    shown = [line for line in text.splitlines() if "--source" not in line]
    assert "complaint" in text and max(map(cell_len, shown)) <= 80


def test_a_company_that_is_not_there_is_told_before_what_is_others(folder):
    first, *rest = printed(folder, "Tesla net sales").splitlines()
    assert first == "no document names Tesla; what follows is of others"
    assert "Figures of others" in rest and "Pages of others" in rest
    assert json.loads(printed(folder, "Tesla net sales", as_json=True))["not_there"] == ["Tesla"]
    assert "no document names" not in printed(folder, "Acme net sales")
    assert "no document names" not in printed(folder, "Headcount by region")


def test_figures_made_of_others_come_with_formula_and_sources(folder):
    text = printed(folder, "net margin Q3 2023")
    lines = [line.strip() for line in text.splitlines()]
    assert lines[:2] == ["Made of figures", "12.0%  Net margin"]
    assert "= NetIncomeLoss / Revenues" in lines
    assert sum("acme.pdf, page 2" in line for line in lines[:6]) == 2
    (figure,) = json.loads(printed(folder, "净利率", as_json=True))["figures"]
    assert (figure["metric"], figure["value"]) == ("net_margin", "0.12")
    assert len(figure["sources"]) == 2


def test_json_has_a_row_of_the_ledger_for_each_figure(folder):
    data = json.loads(printed(folder, "Acme diluted eps", as_json=True, top=1))
    (fact,) = data["facts"]
    assert (fact["metric"], fact["value"], fact["unit"]) == (
        "EarningsPerShareDiluted", "0.12", "currency/share",
    )  # fmt: skip
    assert fact["locator"].startswith("2:")
    assert len(data["pages"]) == 1
    assert data["searched"] == {"companies": ["Acme Corporation"], "documents": 1, "pages": 4}


def test_an_empty_answer_says_what_was_searched(folder):
    text = printed(folder, "zxqv wvut")
    assert text.startswith("nothing found: searched 4 pages of 1 document;")


def test_brackets_in_a_question_or_page_are_no_markup(tmp_path):
    write_folder(tmp_path, [stored("x.pdf", [["Goodwill [bold]is[/nothing] here"]])], [])
    assert "[bold]is[/nothing]" in printed(tmp_path, "goodwill")
    assert "nothing found" in printed(tmp_path, "[zxqv]wvut[/zxqv]")


def test_an_answer_without_all_documents_figures_says_so(folder, tmp_path_factory):
    assert "are not here" not in printed(folder, "net sales")
    pages = quarterly("Bolt Inc", "BOLT", "September 30, 2023", "70", "Total net sales")
    made = report(statement("income", ROWS, [Q3], document="reports/acme.pdf", page=2))
    half = tmp_path_factory.mktemp("half")
    write_folder(half, [stored("reports/acme.pdf", pages), stored("bolt.pdf", pages)], [made])
    assert "the figures of one document are not here" in printed(half, "net sales")


def test_an_unknown_company_or_period_lists_the_choices(folder):
    with pytest.raises(ValueError, match="there are Acme Corporation"):
        printed(folder, "net income", company="Initech")
    with pytest.raises(ValueError, match="2023-09-30"):
        printed(folder, "net income", period="2019")


def test_the_same_question_prints_the_same_bytes(folder):
    first = printed(folder, "net income", as_json=True)
    assert first == printed(folder, "net income", as_json=True)


def test_a_folder_without_documents_is_told_in_one_line(tmp_path):
    with pytest.raises(ValueError, match=r"documents\.sqlite"):
        ask(tmp_path, "net income")


def test_a_reading_that_was_stopped_before_its_first_document_is_told(tmp_path):
    write_folder(tmp_path, [], [])
    with pytest.raises(ValueError, match="the same tenth read goes on"):
        ask(tmp_path, "net income")
