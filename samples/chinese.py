"""The Chinese annual report of 澄湖精密, a company that does not exist."""

import re
from decimal import Decimal
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, Spacer

from samples import pdf, sheets
from samples.chinese_statements import NAME, balance, cash, income
from samples.chinese_tables import books_in_fen, customers, main_data, segments, suppliers
from samples.company import CUSTOMERS
from samples.pdf_tables import MARGIN, Look, captioned, style
from samples.tables import Known, Table, Told, facts_of
from samples.words import INSTANTS, texts

YEAR = 2024
FONT = "samples-cjk"
FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
)


def font_file() -> Path | None:
    """A Chinese font with outlines, where this machine has one; without it there is no PDF."""
    return next((Path(name) for name in FONTS if Path(name).exists()), None)


def tables() -> dict[str, Table]:
    """The report's tables by the names of their sheets."""
    now, last = books_in_fen()[YEAR], books_in_fen()[YEAR - 1]
    return {
        "主要会计数据": main_data(YEAR), "营业收入构成": segments(YEAR),
        "前五名客户": customers(YEAR), "前五名供应商": suppliers(YEAR),
        "合并资产负债表": balance(YEAR, now, last), "合并利润表": income(YEAR, now, last),
        "合并现金流量表": cash(YEAR, now, last),
    }  # fmt: skip


def write(folder: Path) -> list[Path]:
    """The XLSX, and the PDF where there is a font for it."""
    title = f"{YEAR}年年度报告"
    written = [folder / f"澄湖精密-{YEAR}年年度报告.xlsx"]
    sheets.write(written[0], NAME, title, tables(), "zh")
    if font_file():
        written.append(folder / f"澄湖精密-{YEAR}年年度报告.pdf")
        _draw(written[1], title)
    return written


def facts() -> list[Known]:
    """What the report states: tables first, then sentences."""
    found = [fact for table in tables().values() for fact in facts_of(table, YEAR)]
    told = Told(YEAR)
    known = texts("chinese")
    for one in (*known["letter"], *known["management"]):
        speak(one["text"], told)
    return [*found, *told.facts]


def speak(text: str, told: Told) -> str:
    """`text` with its figures, each noted in `told`."""
    now, last = books_in_fen()[YEAR], books_in_fen()[YEAR - 1]
    labels: dict[str, str] = texts("chinese")["labels"]

    def percent(label: str, key: str, value: Decimal, year: int = YEAR) -> str:
        told.note(label, *_span(key, year), value, "pure", 1)
        return f"{abs(value) * 100:.2f}%"

    def figure(match: re.Match[str]) -> str:
        key, mark = match[1], match[2]
        if key == "lost":
            share = sum((Decimal(str(CUSTOMERS[YEAR - 1][name])) for name in "BCD"), Decimal(0))
            return percent("B公司、C公司、D公司占销售总额比例", "sales", share, YEAR - 1)
        if mark == "%":
            change = round(Decimal(now[key]) / last[key] - 1, 4)
            shown = percent(f"{labels[key]}同比", key, change)
            return f"同比{'下降' if change < 0 else '增长'}{shown}"
        if mark.startswith("/"):
            ratio = round(Decimal(now[key]) / now[mark[1:]], 4)
            return percent(f"{labels[key]}占{labels[mark[1:]]}", key, ratio)
        books, year = (last, YEAR - 1) if mark == "<" else (now, YEAR)
        amount = round(Decimal(books[key]) / 1_000_000, 2)
        told.note(labels[key], *_span(key, year), amount * 10_000, "currency", 10_000)
        return f"{amount:,.2f}万元"

    return re.sub(r"\[(\w+)(<|%|/\w+|)\]", figure, text.format(YEAR, YEAR - 1))


def _span(key: str, year: int) -> tuple[str, str]:
    return ("" if key in INSTANTS else f"{year}-01-01"), f"{year}-12-31"


def _draw(path: Path, title: str) -> None:
    pdfmetrics.registerFont(TTFont(FONT, str(font_file()), subfontIndex=0))
    look = Look(
        FONT, FONT, FONT, A4, "zh", NAME, foot=f"{YEAR}年", signs=False, ruled=True
    )  # fmt: skip
    width = look.page[0] - 2 * MARGIN
    told, known, by_name = Told(YEAR), texts("chinese"), tables()
    plain, head, big = (style(look, name) for name in ("text", "head", "title"))

    def page(*names: str) -> list[Flowable]:
        return [part for name in names for part in captioned(by_name[name], look, width, NAME)]

    def section(one: dict[str, str]) -> list[Flowable]:
        return pdf.section(one["title"], speak(one["text"], told), look)

    letter = [Paragraph(speak(one["text"], told), plain) for one in known["letter"]]
    text = [part for one in known["management"] for part in section(one)]
    notes = [part for one in known["notes"] for part in section(one)]
    signed = [Spacer(1, 12), Paragraph("董事长：林澄", head)]
    centred = style(look, "title", fontSize=26, leading=34, alignment=1)
    cover = [
        Spacer(1, 170), Paragraph(NAME, centred), Spacer(1, 30),
        Paragraph(title, style(look, "title", alignment=1)),
        Paragraph("（本公司及全部数据均为虚构）", style(look, "text", alignment=1)),
    ]  # fmt: skip
    pages = pdf.Pages(
        cover,
        [[Paragraph("致股东", big), *letter, *signed],
         [Paragraph("公司简介和主要财务指标", big), *page("主要会计数据", "营业收入构成")]],
        [Paragraph("管理层讨论与分析", big), *captioned(by_name["前五名客户"], look, width)],
        text,
        [[*page("前五名供应商"), *notes], page("合并资产负债表"), page("合并利润表"),
         page("合并现金流量表")],
    )  # fmt: skip
    pdf.write(path, look, title, pages)
