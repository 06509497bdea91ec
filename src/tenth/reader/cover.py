"""What a document says of itself: whose it is, its form, its period, its currency and scale.

All of it from what is printed, on the first pages and in the sentences about the fiscal year and
the amounts; never from the file's name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from tenth.documents.currencies import OPEN_SIGNS
from tenth.documents.model import Document
from tenth.documents.numbers import LONGEST
from tenth.reader.cover_entity import entity_above_statements, entity_of, names_registrants
from tenth.reader.cover_period import FORMS, US_FORMS, form_of, period_of
from tenth.reader.figures import CURRENCIES, parse_figure
from tenth.reader.fiscal import ANNUAL, is_about_fiscal_year
from tenth.reader.model import Cover, Place, Said
from tenth.reader.passages import Passage, lines_of, paragraphs_of, place_of, sentences_in
from tenth.reader.scales import Scales, currency_said, scales_said
from tenth.reader.spans import months_of, span_before
from tenth.reader.whole import heads_in_whole, may_be_whole

__all__ = ["FORMS", "currency_meant", "read_cover", "with_fiscal_year"]

FIRST_PAGES = 4
LINE_ROWS = 8  # within which a sheet's table says its scale
CODE_PAGES, CODE_ROWS = 12, 40  # how far in, a report may print the code its shares trade under
MOST_FISCAL = 8  # sentences about the fiscal year that a cover keeps
_AMERICAN = re.compile(
    r"securities and exchange commission|\bnasdaq\b|\bnew york stock exchange\b|\bnyse\b|"
    r"\bgaap\b|united states of america|\bdelaware\b|internal revenue|\bform (?:10-[kq]|8-k)\b|"
    r"\bu\.?s\.? (?:dollars?|federal|treasury)\b",
    re.I,
)
_OTHER_DOLLAR = re.compile(
    r"\b(?:canadian|australian|hong kong|singapore|new zealand|taiwan) dollars?\b|"
    r"(?<!\w)(?:C|CA|CAD|A|AU|AUD|HK|S|SG|NZ|NT)\$|\b(?:CAD|AUD|HKD|SGD|NZD|TWD)\b|\bASX\b|\bTSX|"
    r"[Tt]oronto [Ss]tock|[Aa]ustralian [Ss]ecurities|[Ss]ingapore [Ee]xchange|"
    r"[Hh]ong [Kk]ong [Ss]tock"
)
MORE_AMERICAN = 3  # times as often as words of another dollar's country
_ALL_AMOUNTS = re.compile(
    r"\ball (?:\w+ ){0,4}(?:amounts|figures)\b|\btabular (?:\w+ )?(?:amounts|figures|dollars)\b|"
    r"\b(?:amounts|figures)\b[^.]{0,60}\b(?:unless|except (?:as|where)) otherwise\b|"
    r"除(?:特别|另有|非)[^。]{0,24}单位|单位[^。]{0,20}除(?:特别|另有|非)",
    re.I,
)
_PRESENTED = re.compile(
    r"\b(?:statements|amounts|figures|information|accounts|reports?)\b[^;]{0,60}?"
    r"\b(?:expressed|stated|presented|prepared|are)\b[^;]{0,30}?\bin\b[^;]{0,40}|"
    r"^\W{0,2}(?:expressed|stated|presented) in [^;]{0,40}|"
    r"\b(?:reporting|presentation|presentational) currency\b[^;]{0,60}|"
    r"(?:币种|记账本位币|列报货币)[^。]{0,20}",
    re.I,
)
MAINLAND_CODE = re.compile(
    r"(?:证券代码|股票代码|公司代码|A股代码)\s*[:：]?\s*[0-9]\d{5}(?!\d)|\b\d{6}\.(?:SH|SZ|SS|BJ)\b"
    r"|(?<=[\u3400-\u9fff ])[(（](?:00|30|60|68|43|83|87|92)\d{4}(?: ?CH)?[)）]"
)
_MENTION = re.compile(r"\b(?:report on form|form 10-k)\b", re.I)


def read_cover(document: Document) -> Cover:
    """The cover of a document. What is not said is left empty.

    Evidence for the currency, where no sentence names it: the one currency that all scale lines
    of tables name; dollar signs in the tables of a form of the United States, or of a document
    that speaks of its authorities and of no other dollar's country, which are US dollars;
    元 in a report by the rules of mainland China, which is CNY.
    """
    lines = list(lines_of(document, FIRST_PAGES))
    language = _language(lines)
    said: list[Said] = []
    form = form_of(lines, document.title)
    fiscal = _fiscal_sentences(document)
    cover = Cover(form=form, language=language, said=tuple(fiscal))
    period, where = period_of(document, lines, cover)
    if where is not None:
        said.append(Said("period", where.text, where.place))
    entity, where = entity_of(lines, form, language, document.title)
    if not entity and language == "en" and not names_registrants(lines):
        entity, where = entity_above_statements(document)
    if where is not None:
        said.append(Said("entity", where.text, where.place))
    currency, where = _currency(document, lines, cover)
    if where is not None:
        said.append(Said("currency", where.text, where.place))
    scale, where = _scale(document)
    if where is not None:
        said.append(Said("scale", where.text, where.place))
    if not form and months_of(period) == 12:
        form = "annual report"  # statements of a year, whatever they are called
    return msgspec.structs.replace(
        cover, form=form, entity=entity, period=period, currency=currency, scale=scale,
        said=(*said, *fiscal),
    )  # fmt: skip


def with_fiscal_year(cover: Cover, instants: Sequence[str]) -> Cover:
    """The cover with its fiscal year's start, by the dates (ISO) of the balance sheet's columns:
    the comparative one is the end of the fiscal year before. Where several dates might be it, or
    none, the cover stays as it is."""
    if not cover.period.end:
        return cover
    end = date.fromisoformat(cover.period.end)
    gaps = {day: (end - date.fromisoformat(day)).days for day in instants if day}
    least, most = (350, 380) if cover.form in ANNUAL else (20, 349)
    ends = {day for day, gap in gaps.items() if least <= gap <= most}
    if len(ends) != 1:
        return cover
    start = date.fromisoformat(ends.pop()) + timedelta(1)
    cover = msgspec.structs.replace(cover, fiscal_year_start=start.isoformat())
    if cover.form == "10-Q" and cover.period.start:
        again = span_before(end, 3, 0, cover)
        cover = msgspec.structs.replace(cover, period=again)
    return cover


def currency_meant(sign: str, cover: Cover) -> str:
    """The ISO code of a figure's or a scale line's currency by what the document says: "$" is its
    dollar; "¥" and "元" are yuan in Chinese. "" where that is open."""
    if sign in CURRENCIES.values():
        return sign
    if not sign:
        return cover.currency
    if sign in OPEN_SIGNS and cover.currency in OPEN_SIGNS[sign]:
        return cover.currency
    if sign == "元":
        return cover.currency or ("CNY" if cover.language == "zh" else "")
    if sign == "¥" and cover.language == "zh" and not cover.currency:
        return "CNY"
    return CURRENCIES.get(sign, "")


def _language(lines: Iterable[Passage]) -> Literal["en", "zh"]:
    text = "".join(line.text for line in lines)
    han = sum("一" <= char <= "鿿" for char in text)
    words = len(re.findall(r"[A-Za-z]{2,}", text))
    return "zh" if han > 2 * words else "en"


def _fiscal_sentences(document: Document) -> list[Said]:
    found: dict[str, Place] = {}
    mentions = 0
    for line in lines_of(document, CODE_PAGES, CODE_ROWS):
        if code := MAINLAND_CODE.search(line.text):
            found.setdefault(code.group(), line.place)
            break
    for paragraph in paragraphs_of(document):
        for sentence in sentences_in(paragraph.text):
            if len(sentence) > 400 or sentence in found or not is_about_fiscal_year(sentence):
                continue
            is_mention = bool(_MENTION.search(sentence))  # "our 10-K for the fiscal year ended ..."
            mentions += is_mention
            if mentions <= 1 or not is_mention:
                found[sentence] = paragraph.place
        if len(found) >= MOST_FISCAL:
            break
    return [Said("period", text, place) for text, place in found.items()]


def _currency(document: Document, lines: list[Passage], cover: Cover) -> tuple[str, Passage | None]:
    for passage in (*lines, *paragraphs_of(document)):
        for match in _PRESENTED.finditer(passage.text):
            code = currency_said(match.group())
            if code in CURRENCIES.values():
                return code, Passage(match.group().strip(), passage.place)
    return _currency_by_evidence(document, cover)


def _currency_by_evidence(document: Document, cover: Cover) -> tuple[str, Passage | None]:
    in_lines = _first_of_each(_currencies_in_lines(document))
    if len(in_lines) == 1 and next(iter(in_lines)) in CURRENCIES.values():
        return next(iter(in_lines.items()))
    printed = _first_of_each(_currencies_of_figures(document)) | in_lines
    if cover.form in US_FORMS and set(printed) & {"$", "USD"}:
        return "USD", printed.get("$") or printed["USD"]
    if "$" in printed and (passage := _american(document)):
        return "USD", passage
    is_mainland = any(MAINLAND_CODE.search(said.text) for said in cover.said)
    if is_mainland and printed and set(printed) <= {"元", "CNY"}:
        return "CNY", printed.get("CNY") or printed["元"]
    return "", None


def _american(document: Document) -> Passage | None:
    """Where a document speaks of the United States' authorities, if it does so far oftener than of
    a country with another dollar."""
    found, others = [], 0
    for passage in (*lines_of(document, FIRST_PAGES), *paragraphs_of(document)):
        others += len(_OTHER_DOLLAR.findall(passage.text))
        if match := _AMERICAN.search(passage.text):
            found.append(Passage(match.group(), passage.place))
    return found[0] if len(found) > MORE_AMERICAN * others else None


def _first_of_each(found: Iterable[tuple[str, Passage]]) -> dict[str, Passage]:
    first: dict[str, Passage] = {}
    for code, passage in found:
        if code:
            first.setdefault(code, passage)
    return first


def _currencies_in_lines(document: Document) -> Iterator[tuple[str, Passage]]:
    """What the lines that say tables' scales say of the currency."""
    for table in document.tables:
        if table.scale and (said := scales_said(table.scale)):
            yield said.currency, Passage(table.scale, Place(table.page, table.box))
        for cell in table.cells:
            is_line = cell.row < LINE_ROWS and len(cell.text) <= LONGEST
            if is_line and (said := scales_said(cell.text)):
                yield said.currency, Passage(cell.text, place_of([cell]))


def _currencies_of_figures(document: Document) -> Iterator[tuple[str, Passage]]:
    for table in document.tables:
        for cell in table.cells:
            figure = parse_figure(cell.text) if len(cell.text) <= LONGEST else None
            if figure and figure.currency:
                yield figure.currency, Passage(cell.text, place_of([cell]))


def _scale(document: Document) -> tuple[int | None, Passage | None]:
    """The scale that a sentence says for all amounts; None where sentences differ."""
    found: dict[int, Passage] = {}
    for paragraph in paragraphs_of(document):
        if not _ALL_AMOUNTS.search(paragraph.text):
            continue
        for sentence in sentences_in(paragraph.text):
            if len(sentence) < 300 and _ALL_AMOUNTS.search(sentence):
                said: Scales | None = scales_said(sentence)
                if said and said.money:
                    found.setdefault(said.money, Passage(sentence, paragraph.place))
    if 1 in found and not (may_be_whole(document) and heads_in_whole(document)):
        del found[1]  # it names the currency alone
    return next(iter(found.items())) if len(found) == 1 else (None, None)
