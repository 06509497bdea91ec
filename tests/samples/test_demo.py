"""The demo, from nothing to what `tenth read` leaves."""

from samples import demo


def test_the_demo_builds_an_archive_and_has_it_read(tmp_path, capfd):
    assert demo.main(tmp_path) == 0
    assert (tmp_path / "reports.zip").is_file()
    assert (tmp_path / "out" / "documents.sqlite").is_file()
    assert "tenth read" in capfd.readouterr().out
