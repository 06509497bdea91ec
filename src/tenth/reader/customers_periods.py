"""The periods that a sentence lists: "the second quarter and first half of fiscal year 2024"."""

import re

from tenth.reader.dates import MONTHS

_AND = r"(?:, and |, | and )(?:the )?"
_PART = r"(?:(?:first|second|third|fourth) (?:quarter|half)|first (?:three|six|nine) months)"
_YEARS = rf"20\d\d(?:{_AND}(?:fiscal )?20\d\d)*"
_MONTH = "(?:" + "|".join(sorted((name.title() for name in MONTHS), key=len, reverse=True)) + ")"
_COUNT = r"(?:three|six|nine|twelve|thirteen|twenty-six|thirty-nine|\d{1,2})"
_SPAN = rf"(?:(?:fiscal )?(?:years?|quarters?)|{_COUNT}[- ](?:months?|weeks?)(?: periods?)?)"
_DATES = rf"{_MONTH}\.? \d{{1,2}},? 20\d\d(?:{_AND}(?:{_MONTH}\.? \d{{1,2}},? )?20\d\d)*"
_PARTS_OF = re.compile(
    rf"(?:the )?(?P<parts>{_PART}(?:{_AND}{_PART})*) of (?:the )?(?:fiscal )?(?:years? )?"
    rf"(?P<years>{_YEARS})"
)
_ENDED = re.compile(
    rf"(?:the )?(?P<spans>{_SPAN}|{_COUNT}(?:{_AND}{_COUNT})+[- ]months?(?: periods?)?) ended "
    rf"(?P<dates>{_DATES})"
)
_FISCAL = re.compile(rf"(?:the )?(?P<mark>fiscal(?: years?)?|years?|FY) ?(?P<years>{_YEARS})")
_BARE = re.compile(rf"(?:in|for|during)(?: the)? (?P<years>{_YEARS})")


def periods_listed(text: str) -> list[str]:
    """Each period that `text` names, in its order, as `parse_period` reads it; none where it names
    them in a way that is not known, or several parts of several years."""
    if found := _PARTS_OF.search(text):
        parts = re.findall(_PART, found["parts"])
        years = re.findall(r"20\d\d", found["years"])
        listed = [f"{part} of fiscal {year}" for year in years for part in parts]
        listed = listed if len(parts) == 1 or len(years) == 1 else []
    elif found := _ENDED.search(text):
        listed = _ended(found["spans"], found["dates"])
    elif found := _FISCAL.search(text):
        mark = "fiscal" if found["mark"].lower() != "year" else "year"
        listed = [f"{mark} {year}" for year in re.findall(r"20\d\d", found["years"])]
    elif found := _BARE.search(text):
        listed = re.findall(r"20\d\d", found["years"])
    else:
        return []
    rest = text[: found.start()] + text[found.end() :]
    return [] if re.search(r"\b20\d\d\b|\d ?%", rest) else listed


def _ended(spans: str, dates: str) -> list[str]:
    """ "years ended December 31, 2023 and 2022": each date with the month and day before it."""
    day, listed = "", []
    for found in re.finditer(rf"(?:(?P<day>{_MONTH}\.? \d{{1,2}}),? )?(?P<year>20\d\d)", dates):
        day = found["day"] or day
        listed.append(f"{day}, {found['year']}")
    counts = re.findall(_COUNT, spans)
    if len(counts) > 1:
        return [f"{count} months ended {listed[0]}" for count in counts] if len(listed) == 1 else []
    span = re.sub(r"\b(year|quarter)s\b", r"\1", spans)
    return [f"{span} ended {date}" for date in listed]
