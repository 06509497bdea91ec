"""What stands out: the largest changes, and contradictions in plain words."""

import re
from collections.abc import Iterable

from tenth.reader.model import Contradiction
from tenth.reader.summary.choose import NOTABLE, flows_of
from tenth.reader.summary.company import Company, is_growth, is_known
from tenth.reader.summary.names import title, title_of_fact, within
from tenth.reader.summary.notes import Notes, Part, Parts
from tenth.reader.summary.words import WORDS, conflict_word

MOST_CHANGES, MOST_CONFLICTS = 5, 5
ANY_PART = ("Revenues[", "TotalOperatingRevenue[")


def filled(template: str, **parts: Part | Parts) -> Parts:
    """The template's text, with figures and names in the place of its braces."""
    made: Parts = []
    for piece in re.split(r"(\{\w+\})", template):
        if piece.startswith("{"):
            part = parts[piece[1:-1]]
            made += part if isinstance(part, list) else [part]
        elif piece:
            made.append(piece)
    return made


def outstanding_of(company: Company, notes: Notes) -> list[Parts]:
    """The largest changes of the report's shortest period against the year before."""
    flows = flows_of(company.latest)
    if not flows:
        return []
    period, seen = flows[0][0], set()
    changes = []
    for figure in company.figures:
        if figure.period != period or not is_growth(figure):
            continue
        now, before = (company.facts.get(item.id) for item in figure.inputs)
        if now is None or before is None or not is_known(now) or not is_known(before):
            continue
        notable = now.metric in NOTABLE or now.metric.startswith(ANY_PART)
        if notable and now.metric not in seen and figure.value:
            seen.add(now.metric)
            changes.append((-abs(figure.value), now.metric, figure, now, before))
    found = []
    for _, _, figure, now, before in sorted(changes, key=lambda item: item[:2])[:MOST_CHANGES]:
        words = WORDS[notes.language]
        template = words["rose" if figure.value > 0 else "fell"]
        found.append(
            filled(
                template,
                metric=title_of_fact(now, notes.language),
                change=notes.figure(figure, absolute=True),
                now=notes.fact(now),
                before=notes.fact(before),
                period=within(period, notes.language),
            )
        )
    return found


def contradictions_of(
    company: Company, notes: Notes, contradictions: Iterable[Contradiction]
) -> tuple[list[Parts], bool]:
    """The company's contradictions in plain words, two sides of each, and whether there are more
    than are shown."""
    own = [c for c in contradictions if c.entity == company.name]
    own.sort(key=lambda c: (c.kind != "real", c.kind != "unit", c.id))
    found = []
    for one in own[:MOST_CONFLICTS]:
        facts = [notes.facts[id_] for id_ in one.facts if id_ in notes.facts]
        if not facts:
            continue
        refs = [notes.fact(fact, text=f"“{fact.verbatim}”") for fact in facts[:2]]
        words = WORDS[notes.language]
        name = title(one.metric, notes.language, title_of_fact(facts[0], notes.language))
        found.append(
            filled(
                words["conflict" if len(refs) > 1 else "conflict_alone"],
                metric=name,
                period=within(one.period, notes.language),
                left=refs[0],
                right=refs[-1],
                kind=conflict_word(one.kind, notes.language),
            )
        )
    return found, len(own) > len(found)
