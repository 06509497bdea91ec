"""The vocabulary holds together, and labels as houses print them mean what they should."""

import pytest

from tenth.reader.labels import plain
from tenth.reader.metrics import all_metrics, metric, name_metric, title_of
from tenth.reader.vocabulary import contents, entries

UNITS = {"currency", "currency/share", "shares", "pure"}


def _statements(statement, entry):
    return (statement, *entry.get("also", ()))


def test_every_synonym_means_its_metric_and_no_other():
    wrong = []
    for statement, name, entry in entries():
        for kind in _statements(statement, entry):
            if kind == "segments":
                continue
            for label in entry.get("says", ()):
                found = name_metric(label, (), kind)
                if found != name:
                    wrong.append((kind, label, name, found))
    assert wrong == []


def test_no_label_stands_in_two_metrics_of_one_statement_and_section():
    seen: dict[tuple[str, str, str], str] = {}
    twice = []
    for statement, name, entry in entries():
        for kind in _statements(statement, entry):
            said = [("", label) for label in entry.get("says", ())]
            for section, labels in entry.get("under", {}).items():
                said += [(section, label) for label in labels]
            for section, label in said:
                other = seen.setdefault((kind, section, plain(label)), name)
                if other != name:
                    twice.append((kind, section, label, name, other))
    assert twice == []


def test_every_section_that_a_metric_names_is_defined():
    sections = contents()["sections"]
    for statement, name, entry in entries():
        for section in [*entry.get("under", {}), *filter(None, [entry.get("members")])]:
            assert section in sections.get(statement, {}), (name, section)


def test_every_metric_has_one_unit_and_a_title_in_both_languages():
    titles: dict[str, list[str]] = {}
    for _, name, entry in entries():
        assert entry.get("unit", "currency") in UNITS, name
        assert titles.setdefault(name, entry["title"]) == entry["title"], name
        assert len(entry["title"]) == 2 and all(entry["title"]), name
        for other in entry.get("stand_ins", ()):
            assert other in all_metrics(), (name, other)


def test_a_name_that_the_vocabulary_lacks_is_one_clear_error():
    with pytest.raises(ValueError, match="no metric 'Nonsense'"):
        metric("Nonsense")
    assert title_of("Nonsense") == "Nonsense"
    assert title_of("Revenues[Products]") == "Revenue: Products"
    assert title_of("Revenues[手机]", "zh") == "营业收入：手机"
