from random import Random

import pytest

from tests.documents import hostile_archives, hostile_pdfs
from tests.documents.mutations import in_stream, in_zip, mutated


def test_a_seed_gives_the_same_bytes_and_another_seed_others():
    data = bytes(range(256)) * 8
    made = [mutated(data, Random(seed)) for seed in (1, 1, 2, 3)]
    assert made[0] == made[1] and len(set(made)) == 3 and data not in made


def test_what_is_packed_in_a_pdf_is_changed_within_and_packed_again(tmp_path):
    path = tmp_path / "a.pdf"
    hostile_pdfs.write_page(path, hostile_pdfs.packed(hostile_pdfs.WORDS * 20))
    data = path.read_bytes()
    changed = in_stream(data, Random(0))
    assert changed != data and changed.startswith(data[:9]) and changed.endswith(data[-60:])


@pytest.mark.parametrize("data", [b"", b"\0", b"PK\3\4", b"%PDF-1.7", b"<a>"])
def test_the_smallest_files_can_be_mutated_too(data):
    for seed in range(50):
        mutated(data, Random(seed))


def test_a_zip_without_xml_stays_as_it_is(tmp_path):
    hostile_archives.write_zip(tmp_path / "a.zip", (b"a.txt", b"words", {}))
    data = (tmp_path / "a.zip").read_bytes()
    assert in_zip(data, Random(0)) == data
