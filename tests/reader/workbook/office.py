"""LibreOffice calculates a workbook anew, for tests."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="soffice is not installed: nothing recalculates"
)


def recalculated(path: Path, folder: Path, seconds: float = 240) -> openpyxl.Workbook:
    """The workbook's values as LibreOffice calculates them, whatever the file has cached."""
    convert(path, folder, "xlsx:Calc MS Excel 2007 XML", seconds)
    return openpyxl.load_workbook(folder / path.name, data_only=True)


def printed_pages(path: Path, folder: Path) -> list[str]:
    """The text of every page as it would be printed."""
    convert(path, folder, "pdf")
    pdf = pypdfium2.PdfDocument(folder / f"{path.stem}.pdf")
    try:
        texts = []
        for page in pdf:
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
        return texts
    finally:
        pdf.close()


def convert(path: Path, folder: Path, form: str, seconds: float = 240) -> None:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", form, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=seconds)
