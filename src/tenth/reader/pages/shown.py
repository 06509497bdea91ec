"""What a page says of each fact on it, in the language of its labels."""

from decimal import Decimal
from typing import Any

from tenth.documents.model import Box
from tenth.reader.model import Fact, Period
from tenth.reader.pages.rendered import Rendered

GAP = 1.5  # points between the ink and its box
LONG = 40  # characters of what is no figure but a sentence
EN = {
    "lang": "en", "page": "page", "table": "table", "label": "Label", "printed": "As printed",
    "value": "Value", "period": "Period", "rests": "Rests on", "facts": "Figures cited",
    "where": "Where", "unknown": "unknown", "not_shown": "This page cannot be shown",
    "no_picture": "This format has no pages; here is what was read.", "status": "Status",
    "hint": "Choose a figure to see where it stands.", "scale": "scale",
    "at": "at", "to": "to", "contradicted": "contradicted", "scan": "Page image of", "back": "Back",
}  # fmt: skip
ZH = {
    "lang": "zh", "page": "页", "table": "表", "label": "项目", "printed": "原文",
    "value": "数值", "period": "期间", "rests": "依据", "facts": "引用的数字",
    "where": "位置", "unknown": "未知", "not_shown": "此页无法显示",
    "no_picture": "此格式没有页面，下面是读到的内容。", "status": "状态",
    "hint": "选择一个数字，即可看到它在页面上的位置。", "scale": "单位",
    "at": "截至", "to": "至", "contradicted": "有矛盾", "scan": "页面图像：", "back": "返回",
}  # fmt: skip


def words_of(facts: list[Fact]) -> dict[str, str]:
    """Chinese where most of the labels are."""
    chinese = sum(any("\u4e00" <= c <= "\u9fff" for c in fact.label) for fact in facts)
    return ZH if 2 * chinese > len(facts) else EN


def card(fact: Fact, words: dict[str, str], picture: Rendered | None) -> dict[str, Any]:
    """All that the template needs of a fact; places in percent of what they lie in."""
    value = plain(fact, words)
    about = [" › ".join(fact.section), period(fact.period, words)]
    about += [said.text for said in fact.said if said.what in ("period", "scale", "currency")]
    about.append(words.get(fact.status, ""))
    made: dict[str, Any] = {
        "id": fact.id, "label": fact.label, "value": value, "verbatim": fact.verbatim,
        "period": period(fact.period, words), "status": words.get(fact.status, ""),
        "locator": fact.place.locator,
        "about": [text for text in about if text],
        "title": f"{fact.label}: {fact.verbatim}" + (f" = {value}" if value else ""),
        "long": len(fact.verbatim) > LONG, "style": "", "said": [],
    }  # fmt: skip
    if picture is not None and fact.place.box is not None:
        box = _wider(fact.place.box)
        made["style"] = _within(box, (0.0, 0.0, picture.width, picture.height))
        made["said"] = [
            _within(_wider(said.place.box), box)
            for said in fact.said
            if said.place.page == fact.place.page and said.place.box
        ]
    return made


def plain(fact: Fact, words: dict[str, str]) -> str:
    """ "81,797,000,000 USD": the whole value, nothing rounded."""
    if fact.value is None:
        return "" if fact.status == "ok" else words["unknown"]  # a sentence has no value
    number = f"{_trimmed(fact.value):,f}"
    unit = {"currency": fact.currency, "currency/share": f"{fact.currency}/share",
            "shares": "shares", "pure": ""}[fact.unit]  # fmt: skip
    return f"{number} {unit}".strip()


def period(period: Period, words: dict[str, str]) -> str:
    if period.is_instant:
        return period.end
    if not period.end:
        return ""
    return f"{period.start} {words['to']} {period.end}"


def _trimmed(value: Decimal) -> Decimal:
    """Without trailing zeros behind the point."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def _wider(box: Box) -> Box:
    return box[0] - GAP, box[1] - GAP, box[2] + GAP, box[3] + GAP


def _within(box: Box, outer: Box) -> str:
    """CSS that lays `box` over `outer`, whatever size it is shown at."""
    wide, high = max(outer[2] - outer[0], 0.1), max(outer[3] - outer[1], 0.1)
    left, top = (box[0] - outer[0]) / wide, (box[1] - outer[1]) / high
    width, height = (box[2] - box[0]) / wide, (box[3] - box[1]) / high
    return f"left:{left:.3%};top:{top:.3%};width:{width:.3%};height:{height:.3%}"
