import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

from tenth.config import ReadConfig
from tenth.documents.archives.unpack import Member, open_archive
from tenth.documents.run.archive import read_archive
from tests.documents import hostile_texts


def mail(*attached: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "Figures"
    message.set_content("They are attached.\n")
    for name, content in attached:
        message.add_attachment(content, "application", "octet-stream", filename=name)
    return message.as_bytes()


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def members(path: Path, spool: Path, **limits) -> list[Member]:
    return list(open_archive(path, spool, ReadConfig(**limits)))


def named(found: list[Member]) -> list[tuple[str, str, str]]:
    return [(member.name, member.kind, member.skipped) for member in found]


def test_what_is_attached_to_a_mail_is_a_member_of_it_and_the_mail_is_a_document(tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(mail(("figures.csv", b"a,b\n1,2\n"), ("../../note.txt", b"words\n")))
    found = members(path, tmp_path / "spool")
    assert named(found) == [
        ("mail.eml", "eml", ""),
        ("mail.eml/figures.csv", "csv", ""),
        ("mail.eml/note.txt", "txt", ""),
    ]
    assert found[0].path == path and found[1].path.read_bytes() == b"a,b\n1,2\n"


def test_a_mail_in_an_archive_comes_with_its_attachments_and_an_archive_in_a_mail_too(tmp_path):
    inner = mail(("inner.zip", zipped(b_txt=b"words\n")))
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(m_eml=inner, z_txt=b"last\n"))
    found = members(path, tmp_path / "spool", max_depth=2)
    assert named(found) == [
        ("a.zip/m.eml", "eml", ""),
        ("a.zip/z.txt", "txt", ""),
        ("a.zip/m.eml/inner.zip", "", "lies deeper than max_depth = 2 archives; raise max_depth"),
    ]
    found = members(path, tmp_path / "spool")
    assert named(found)[2:] == [("a.zip/m.eml/inner.zip/b.txt", "txt", "")]
    left = [file.name for file in (tmp_path / "spool").iterdir()]
    assert not any(name.startswith("unfinished") for name in left)


def test_mails_attached_to_an_attached_mail_are_documents_and_are_not_opened(tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(mail(("second.eml", mail(("third.txt", b"words\n")))))
    assert named(members(path, tmp_path / "spool")) == [
        ("mail.eml", "eml", ""),
        ("mail.eml/second.eml", "eml", ""),
    ]


def test_attachments_count_as_members_of_what_the_user_gave(tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(mail(*((f"{n}.txt", b"%d\n" % n) for n in range(9))))
    found = members(path, tmp_path / "spool", max_members=5)
    assert [member.skipped for member in found[:6]] == [""] * 6
    assert "max_members" in found[6].skipped and len(found) == 7


def test_a_mail_that_cannot_be_taken_apart_is_one_document_that_says_why(tmp_path):
    hostile_texts.HOSTILE["nested_multiparts.eml"](tmp_path / "deep.eml")
    summary = read_archive([tmp_path / "deep.eml"], tmp_path / "out", jobs=1)
    ((name, status, reason),) = summary.reasons
    assert (name, status) == ("deep.eml", "failed") and "within each other" in reason


def test_an_attached_table_is_read_beside_the_mail_that_brought_it(tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(mail(("figures.csv", b"Name,2024\nRevenue,12\n")))
    summary = read_archive([path], tmp_path / "out", jobs=1)
    assert summary.statuses == {"read": 2} and summary.tables == 1
    manifest = (tmp_path / "out" / "manifest.csv").read_text()
    assert "mail.eml/figures.csv,csv," in manifest
