"""Workbooks made to exhaust the machine are refused before they are unpacked, in any encoding."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from knowledge.loader import KnowledgeError, load
from knowledge.sheets import SHEETS
from knowledge.workbook import export
from knowledge.workbook_read import read_rows

FIXTURES = Path(__file__).parents[1] / "knowledge" / "fixtures"

BOMB = (
    '<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE z [<!ENTITY a "' + "x" * 1000 + '">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><workbook>&i;</workbook>"
)  # fmt: skip
FILE = (
    '<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    "<workbook>&a;</workbook>"
)


def with_part(path: Path, name: str, content: bytes) -> None:
    """A right workbook with one part put in the place of its own."""
    made = io.BytesIO()
    book = Workbook()
    for sheet in SHEETS:
        book.create_sheet(sheet.name).append(["a"])
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        assert name in source.namelist()
        for part in source.namelist():
            archive.writestr(part, content if part == name else source.read(part))


def refused(path: Path) -> str:
    """What is said of it, quickly and within little memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kB, the highest so far
    began = time.process_time()
    with pytest.raises(KnowledgeError) as error:
        read_rows(path)
    assert time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
    return str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso-8859-1"])
@pytest.mark.parametrize("text", [BOMB, FILE], ids=["entities", "file"])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_entities_in_any_encoding(tmp_path: Path, part: str, text: str, encoding: str) -> None:
    path = tmp_path / "k.xlsx"
    with_part(path, part, text.format(encoding=encoding).encode(encoding))
    said = refused(path)
    assert "document type declaration" in said or "plain UTF-8" in said


def test_parts_by_any_name_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "k.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("XL/WORKBOOK.XML", BOMB.format(encoding="utf-8"))
    assert "document type declaration" in refused(path)


def million(path: Path) -> None:
    """Sixty-four million zeros in a few kB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (64 * 2**20 + 1))


def lying(path: Path) -> None:
    """Says that it unpacks to little."""
    million(path)
    content = path.read_bytes()
    size = (64 * 2**20 + 1).to_bytes(4, "little")
    path.write_bytes(content.replace(size, (1000).to_bytes(4, "little")))


def many(path: Path) -> None:
    """Parts without number."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5000):
            archive.writestr(f"xl/{number}.xml", b"")


def deep(path: Path) -> None:
    """Elements in elements, a hundred thousand deep."""
    depth = 100_000
    with_part(path, "xl/workbook.xml", b"<workbook>" + b"<a>" * depth + b"</a>" * depth + b"</workbook>")


def wide(path: Path) -> None:
    """One element with a hundred thousand attributes."""
    attributes = " ".join(f'a{number}="1"' for number in range(100_000))
    with_part(path, "xl/workbook.xml", f"<workbook {attributes}/>".encode())


@pytest.mark.parametrize("make", [million, lying, many, deep, wide])
def test_bombs(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "k.xlsx"
    make(path)
    assert refused(path)


def test_what_curators_write_is_still_read(tmp_path: Path) -> None:
    """Both as this bot writes it and as LibreOffice does."""
    path = tmp_path / "k.xlsx"
    export(load(FIXTURES / "base"), path)
    assert read_rows(path).lines
    assert read_rows(FIXTURES / "libreoffice-edited.xlsx").lines
