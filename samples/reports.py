"""Writes a sample archive: annual reports of an invented company, with one contradiction planted.

python samples/reports.py OUT.zip               # Tarnwick Controls, 2022 to 2024, PDF and XLSX
python samples/reports.py OUT.zip --lang zh     # 澄湖精密, 2024, XLSX; PDF with a font for it

The same bytes each time. `truth` returns what a reader should find in it.
"""

import argparse
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from samples import chinese, english
from samples.chinese_statements import NAME as CHINESE_NAME
from samples.company import CUSTOMERS
from samples.english_statements import NAME
from samples.tables import Known

LANGUAGES = ("en", "zh")
STAMP = (2025, 3, 3, 0, 0, 0)  # of every member


@dataclass(frozen=True)
class Planted:
    """A table of one member says one scale where all others say, and mean, another."""

    member: str
    sheet: str
    says: str
    said_scale: int
    scale: int  # what is meant
    facts: tuple[Known, ...]  # as they are meant


@dataclass(frozen=True)
class Truth:
    entity: str
    facts: tuple[Known, ...]  # of each report, whatever its format; sentences stand in PDFs alone
    customers: dict[int, tuple[str, ...]]  # the five largest by year, in order
    lost: dict[int, tuple[str, ...]]  # of the year before's five largest, who bought nothing
    planted: tuple[Planted, ...]


def truth(language: str = "en") -> Truth:
    """All facts of the sample by statement, label, period and value. Raises ValueError on a
    language that is not of LANGUAGES."""
    _check(language)
    years = english.YEARS if language == "en" else (chinese.YEAR,)
    name = "Customer {}" if language == "en" else "{}公司"
    top = {year: tuple(name.format(one) for one in list(CUSTOMERS[year])[:5]) for year in years}
    lost = {
        year: tuple(
            name.format(one) for one in list(CUSTOMERS[year - 1])[:5] if one not in CUSTOMERS[year]
        )
        for year in years
    }
    if language == "zh":
        return Truth(CHINESE_NAME, tuple(chinese.facts()), top, lost, ())
    facts = tuple(english.facts())
    wrong = tuple(
        fact for fact in facts if (fact.year, fact.statement) == (english.PLANTED_YEAR, "segments")
    )
    member = f"{FOLDERS['en']}/tarnwick-{english.PLANTED_YEAR}.xlsx"
    planted = Planted(member, english.PLANTED_SHEET, english.PLANTED_LINE, 1_000_000, 1_000, wrong)
    return Truth(NAME, facts, top, lost, (planted,))


FOLDERS = {"en": "tarnwick", "zh": "chenghu"}
WRITERS: dict[str, Callable[[Path], list[Path]]] = {"en": english.write, "zh": chinese.write}


def write_sample(path: Path | str, language: str = "en") -> None:
    """The archive at `path`. Raises ValueError on a language that is not of LANGUAGES."""
    _check(language)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path, "w") as archive:
        for file in sorted(WRITERS[language](Path(folder))):
            member = zipfile.ZipInfo(f"{FOLDERS[language]}/{file.name}", STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            member.create_system = 3
            archive.writestr(member, file.read_bytes())


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise ValueError(f"no sample in language {language!r}; there are {', '.join(LANGUAGES)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("out", metavar="OUT.zip", type=Path)
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    given = parser.parse_args()
    write_sample(given.out, given.lang)
    print(given.out)


if __name__ == "__main__":
    main()
