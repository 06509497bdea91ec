"""Mail and web archives."""

import random
from email.message import EmailMessage
from pathlib import Path

import pytest

from tenth.config import ReadConfig
from tenth.documents.kinds import kind_of
from tenth.documents.model import Document
from tenth.documents.read import read_document
from tenth.documents.refusal import Refused
from tenth.documents.text.email import iter_attachments


def read(tmp_path: Path, content: bytes, name: str = "a.eml", **limits) -> Document:
    path = tmp_path / name
    path.write_bytes(content)
    return read_document(path, ReadConfig(**limits))


def attachments(tmp_path: Path, name: str = "a.eml", **limits) -> list[tuple[str, bytes]]:
    return list(iter_attachments(tmp_path / name, ReadConfig(**limits)))


def mail(text: str = "Hello\nworld\n\n第二段") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "张三 <zhang@example.com>"
    message["To"] = "ann@example.com, 李四 <li@example.com>"
    message["Subject"] = "三季度报告 Q3 report — final"
    message["Date"] = "Mon, 01 Jan 2024 10:00:00 +0800"
    message["Message-ID"] = "<1@example.com>"
    message.set_content(text)
    return message


def shape(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.pages[0].blocks]


HEAD = [
    ("heading", "三季度报告 Q3 report — final"),
    (
        "paragraph",
        "From: 张三 <zhang@example.com>\nTo: ann@example.com, 李四 <li@example.com>\n"
        "Date: Mon, 01 Jan 2024 10:00:00 +0800",
    ),
]


def test_headers_text_and_attachments_are_told(tmp_path):
    message, inner = mail(), mail("inner words")
    message.add_alternative("<p>not this</p>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="报告.pdf")
    message.add_attachment(inner)
    document = read(tmp_path, message.as_bytes())
    assert shape(document) == [
        *HEAD,
        ("paragraph", "Hello\nworld"),
        ("paragraph", "第二段"),
        ("note", "Attachment: 报告.pdf (8 bytes)"),
        ("note", document.pages[0].blocks[-1].text),
    ]
    assert document.title == "三季度报告 Q3 report — final"
    (pdf, content), (name, attached) = attachments(tmp_path)
    assert (pdf, content) == ("报告.pdf", b"%PDF-1.4")
    assert name == "三季度报告 Q3 report — final.eml"
    assert shape(read(tmp_path, attached, "inner.eml")) == [*HEAD, ("paragraph", "inner words")]


def test_html_is_read_where_there_is_no_plain_text(tmp_path):
    message = mail(" \n")
    page = "<p>In millions</p><table><tr><th>项目<th>2023<tr><td>收入<td>1,234</table>"
    message.add_alternative(page, subtype="html")
    document = read(tmp_path, message.as_bytes())
    assert document.tables[0].grid() == [["项目", "2023"], ["收入", "1,234"]]
    assert shape(document)[2:] == [("caption", "In millions"), ("table", "")]


def test_tables_of_several_parts_count_through_the_message(tmp_path):
    page = "<table><tr><td>A<td>1<tr><td>B<td>2</table>"
    message = mail("text")
    message.make_mixed()
    for _ in range(2):
        part = EmailMessage()
        part.set_content(page, subtype="html")
        message.attach(part)
    document = read(tmp_path, message.as_bytes())
    assert [block.table for block in document.pages[0].blocks[-2:]] == [0, 1]
    assert document.tables[1].cells[0].ref == "table 2!A1"


def test_raw_bytes_in_headers_and_body_are_decoded(tmp_path):
    raw = "From: 李四 <li@example.com>\r\nSubject: 直接写的中文主题\r\nMessage-ID: <1>\r\n"
    raw += "Content-Type: text/plain; charset=gb2312\r\n\r\n营业收入增长\r\n同比\r\n"
    document = read(tmp_path, raw.encode("gbk"))
    assert shape(document) == [
        ("heading", "直接写的中文主题"),
        ("paragraph", "From: 李四 <li@example.com>"),
        ("paragraph", "营业收入增长\n同比"),
    ]
    assert document.warnings == ("read as gb18030",)


def test_a_web_archive_is_its_page(tmp_path):
    page = (
        "<meta charset=gbk><title>年报</title><table><tr><td>收入<td>1,234<tr><td>成本<td>5</table>"
    )
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: http://a.example/\nMIME-Version: 1.0\n"
    )
    head += 'Content-Type: multipart/related; type="text/html"; boundary="x"\n\n'
    body = f"--x\nContent-Type: text/html\nContent-Transfer-Encoding: 8bit\n\n{page}\n"
    body += "--x\nContent-Type: image/png\nContent-Location: http://a.example/i.png\n\nxx\n"
    body += "--x\nContent-Type: text/css\n\np {}\n--x--\n"
    path = tmp_path / "page.mht"
    path.write_bytes((head + body).encode("gbk"))
    assert kind_of(path) == "eml"
    document = read_document(path)
    assert document.title == "年报"
    assert document.tables[0].grid() == [["收入", "1,234"], ["成本", "5"]]
    assert shape(document) == [("paragraph", "From: <Saved by Blink>"), ("table", "")]


def test_messages_without_end_within_each_other_are_refused(tmp_path):
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{i}"\n\n--b{i}\n' for i in range(10_000)
    )
    for content in (nested, "Content-Type: message/rfc822\n\n" * 10_000):
        with pytest.raises(Refused, match=r"^a\.eml: 10,000 messages and multiparts within"):
            read(tmp_path, b"From: a\n" + content.encode())


def test_headers_that_bomb_take_no_time(tmp_path):
    for value in ("=?utf-8?q?a?= " * 100_000, "(" * 1_000_000, '"' * 999_999, "a@b, " * 200_000):
        content = f"Subject: {value}\nTo: {value}\nContent-Type: {value}\nFrom: x\n\nbody"
        assert read(tmp_path, content.encode()).text.endswith("body")


def test_a_hundred_thousand_parts_are_read(tmp_path):
    parts = b"--x\nContent-Type: text/plain\n\nhi\n" * 100_000
    head = b'From: a\nContent-Type: multipart/mixed; boundary="x"\n\n'
    assert len(read(tmp_path, head + parts + b"--x--").pages[0].blocks) == 100_001


def test_more_attachments_than_members_are_refused(tmp_path):
    message = mail()
    for i in range(5):
        message.add_attachment(b"x", maintype="a", subtype="b", filename=f"{i}.bin")
    read(tmp_path, message.as_bytes())
    assert len(attachments(tmp_path)) == 5
    with pytest.raises(Refused, match=r"^a\.eml: has more attachments than max_members=3$"):
        attachments(tmp_path, max_members=3)


def test_a_boundary_that_never_comes_loses_no_text(tmp_path):
    content = b'From: a\nContent-Type: multipart/mixed; boundary="lost"\n\nwords all the same'
    assert "words all the same" in read(tmp_path, content).text


def test_mutated_messages_are_read_or_refused(tmp_path):
    draw = random.Random(3)
    message = mail()
    message.add_alternative("<p>x</p>", subtype="html")
    message.add_attachment(b"\0" * 50, maintype="application", subtype="pdf", filename="报告.pdf")
    seed = message.as_bytes()
    pieces = [b"\n", b"\n\n", b"--", b"=?", b"?=", b"=", b"\xff", b"base64", b"charset=zip", b";"]
    for _ in range(300):
        content = seed
        for _ in range(draw.randint(1, 10)):
            at = draw.randrange(len(content))
            content = content[:at] + draw.choice(pieces) + content[at + draw.randint(0, 20) :]
        path = tmp_path / "m.eml"
        path.write_bytes(b"From: a\nMIME-Version: 1.0\n" + content)
        assert read_document(path).pages[0].blocks
        attachments(tmp_path, "m.eml")
