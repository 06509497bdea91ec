"""Small documents made up in memory, in English and Chinese, for tests of finding."""

from collections.abc import Sequence
from pathlib import Path

from tenth.documents.model import Block, Cell, Document, Page, Table
from tenth.documents.run.database import Database
from tenth.documents.run.messages import Finished, Output
from tenth.documents.run.stored import Stored
from tenth.reader.ledger import Settings, write_ledger
from tenth.reader.model import Figure, Ledger, Report

Line = str | tuple[str, str]  # a paragraph, or ("heading", text)


def table(rows: list[list[str]], page: int = 1, caption: str = "", header_rows: int = 1) -> Table:
    """Rows 12 points apart, the first of them headers."""
    cells = tuple(
        Cell(
            i, k, text, header=i < header_rows, page=page,
            box=(72.0 + 90 * k, 100.0 + 12 * i, 150.0 + 90 * k, 110.0 + 12 * i),
        )
        for i, row in enumerate(rows)
        for k, text in enumerate(row)
        if text
    )  # fmt: skip
    width = max(map(len, rows))
    return Table(cells, len(rows), width, header_rows, caption, page=page)


def document(pages: list[list[Line | Table]]) -> Document:
    made, tables = [], []
    for number, lines in enumerate(pages, 1):
        blocks = []
        for line in lines:
            if isinstance(line, Table):
                blocks.append(Block("table", page=number, table=len(tables)))
                tables.append(line)
            elif isinstance(line, tuple):
                blocks.append(Block("heading", line[1], number, level=1))
            else:
                blocks.append(Block("paragraph", line, number))
        made.append(Page(number, tuple(blocks)))
    return Document("pdf", tuple(made), tuple(tables))


def stored(member: str, pages: list[list[Line | Table]]) -> Stored:
    return Stored(member, member, member, "pdf", member * 4, document(pages))


def quarterly(company: str, ticker: str, ended: str, revenue: str, sales: str) -> list:
    """The pages of a quarterly report that says little."""
    return [
        [
            ("heading", "FORM 10-Q"),
            f"For the quarterly period ended {ended}",
            ("heading", company),
            "(Exact name of registrant as specified in its charter)",
            f"Common stock, $0.001 par value {ticker} The Nasdaq Stock Market LLC",
        ],
        [
            ("heading", "CONSOLIDATED STATEMENTS OF OPERATIONS"),
            table(
                [
                    ["", ended],
                    [sales, revenue],
                    ["Cost of sales", "40"],
                    ["Research and development", "15"],
                    ["Income before provision for income taxes", "20"],
                    ["Net income", "12"],
                    ["Diluted earnings per share", "$0.12"],
                ],
                2,
                "CONSOLIDATED STATEMENTS OF OPERATIONS (In millions, except per share amounts)",
            ),
        ],
        [
            ("heading", "Legal Proceedings"),
            "A competitor filed a complaint against us in the District Court for damages.",
        ],
        [
            ("heading", "Share Repurchase Program"),
            "During the quarter we repurchased 3 million shares of our common stock.",
        ],
    ]


def zh_annual(company: str, short: str, year: int, revenue: str) -> list:
    return [
        [
            ("heading", f"{company}{year}年年度报告"),
            f"证券代码：600999 证券简称：{short}",
            f"公司名称：{company}",
            f"{year}年年度报告",
        ],
        [
            ("heading", "合并利润表"),
            table(
                [
                    ["项目", f"{year}年度", f"{year - 1}年度"],
                    ["营业收入", revenue, "900.00"],
                    ["营业成本", "600.00", "550.00"],
                    ["研发费用", "80.00", "70.00"],
                    ["利润总额", "200.00", "180.00"],
                    ["净利润", "150.00", "140.00"],
                ],
                2,
                "合并利润表 单位：万元",
            ),
        ],
        [
            ("heading", "主要客户"),
            "前五名客户销售额占年度销售总额的比例为百分之四十，其中客户甲占百分之十八。",
        ],
        [("heading", "重大诉讼、仲裁事项"), "报告期内，公司因专利纠纷被提起诉讼。"],
    ]


def write_folder(
    out: Path,
    documents: list[Stored],
    reports: Sequence[Report],
    figures: Sequence[Figure] = (),
) -> None:
    """What `tenth read` leaves of documents, as far as they are asked."""
    with Database(out) as database:
        for number, one in enumerate(documents, 1):
            output = Output(
                str(out), one.key, str(out), "", one.member, one.kind, one.sha256, one.name
            )
            with database.document(output) as rows:
                for page in one.document.pages:
                    rows.add_page(page)
                for index, own in enumerate(one.document.tables, 1):
                    rows.add_table(index, own)
                rows.finish("", "", Finished(pages=len(one.document.pages)))
                member = (number, one.member, one.kind, 1, one.sha256, "read", "", rows.id)
                rows.sql.execute("INSERT INTO members VALUES (?, ?, ?, ?, ?, ?, ?, ?)", member)
    write_ledger(
        Ledger(tuple(reports), tuple(figures)), out, Settings(()), ("2023-10-01T00:00:00", 0.0, "1")
    )
