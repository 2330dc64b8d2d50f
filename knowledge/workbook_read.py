"""Read a curator's workbook into checked rows; a file made to exhaust the machine is refused unread."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from knowledge.loader import KnowledgeError, Problem
from knowledge.sheets import SHEETS, Column, Sheet

MAX_FILE_BYTES = 10 * 2**20
MAX_UNPACKED_BYTES = 64 * 2**20
MAX_PARTS = 200
MAX_ROWS = 50_000
MAX_COLUMNS = 40
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_UTF8 = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?!\?xml[^>]{0,200}encoding)|"
    rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"'](?i:utf-8|us-ascii)[\"']"
)
_LONG_TAG = re.compile(rb"<[^<>]{65536}")
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
_SLOVENIAN_DATE = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,  # what both XML parsers that openpyxl may use raise
    OSError,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a sheet."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row that holds something: its values by header, and whether all its cells could be read."""

    place: Place
    values: Mapping[str, Any]
    complete: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a workbook by sheet name, and what is wrong with single cells."""

    file: str
    lines: Mapping[str, Sequence[Line]]
    problems: tuple[Problem, ...]


def problem_at(file: str, place: Place, message: str) -> Problem:
    """A problem in a row of the workbook."""
    return Problem(f"{file} [{place.sheet}]", place.row, message)


def read_rows(path: Path) -> Rows:
    """All rows of the sheets that we know; raises `KnowledgeError` when it is no workbook of ours."""
    try:
        _refuse_bombs(path)
        grids = _grids(path)
    except _UNREADABLE as error:
        raise KnowledgeError([Problem(path.name, 1, f"cannot be read as a workbook: {error}")]) from error
    problems: list[Problem] = []
    lines: dict[str, list[Line]] = {}
    for sheet in SHEETS:
        if sheet.name not in grids:
            problems.append(Problem(path.name, 1, f"the sheet {sheet.name!r} is missing"))
        else:
            lines[sheet.name] = list(_lines(path.name, sheet, grids[sheet.name], problems))
    if len(lines) < len(SHEETS):
        raise KnowledgeError(problems)
    return Rows(path.name, lines, tuple(problems))


def _refuse_bombs(path: Path) -> None:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError(f"larger than {MAX_FILE_BYTES // 2**20} MB")
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS:
            raise ValueError(f"more than {MAX_PARTS} parts")
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise ValueError(f"unpacks to more than {MAX_UNPACKED_BYTES // 2**20} MB")
        for part in parts:
            if problem := _problem_of_part(archive.read(part)):
                raise ValueError(f"{part.filename} {problem}")


def _problem_of_part(content: bytes) -> str:
    """What is suspicious in a part: what expands without end, or what is written so that it can't be seen."""
    if content[:2] in _OTHER_ENCODINGS or (_XML.match(content) and not _UTF8.match(content)):
        return "is not plain UTF-8"
    if b"<!DOCTYPE" in content:
        return "has a document type declaration"
    if _LONG_TAG.search(content):
        return "has an element with too many attributes"
    return ""


def _grids(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The cells of every sheet of ours, as plain (value, type) pairs."""
    workbook = load_workbook(path, read_only=True, keep_links=False)
    try:
        known = {sheet.name for sheet in SHEETS}
        return {page.title: list(_cells(page)) for page in workbook.worksheets if page.title in known}
    finally:
        workbook.close()


def _cells(page: Any) -> Iterator[tuple[Any, ...]]:
    page.reset_dimensions()
    filled = 0
    for row in page.iter_rows(max_col=MAX_COLUMNS):
        cells = tuple((cell.value, cell.data_type) for cell in row)
        if any(value is not None for value, _ in cells):
            filled += 1
            if filled > MAX_ROWS:
                raise ValueError(f"{page.title}: more than {MAX_ROWS} rows")
        yield cells


def _lines(
    file: str, sheet: Sheet, grid: Iterable[tuple[Any, ...]], problems: list[Problem]
) -> Iterator[Line]:
    rows = iter(grid)
    headers = [str(value).strip() if value is not None else "" for value, _ in next(rows, ())]
    found = _check_headers(file, sheet, headers, problems)
    if found is None:
        return
    for number, row in enumerate(rows, start=2):
        place = Place(sheet.name, number)
        given = {column.header: row[at] for column, at in found if at < len(row)}
        if all(_is_empty(value) for value, _ in given.values()):
            continue
        values: dict[str, Any] = {}
        for column, _ in found:
            try:
                values[column.header] = _value(column, *given.get(column.header, (None, "n")))
            except ValueError as error:
                problems.append(problem_at(file, place, f"{column.header}: {error}"))
        yield Line(place, values, len(values) == len(found))


def _check_headers(
    file: str, sheet: Sheet, headers: Sequence[str], problems: list[Problem]
) -> list[tuple[Column, int]] | None:
    expected = [column.header for column in sheet.columns]
    wrong = [f"the column {name!r} is missing" for name in expected if name not in headers]
    wrong += [f"the column {name!r} stands twice" for name in expected if headers.count(name) > 1]
    wrong += [f"unknown column {name!r}" for name in headers if name and name not in expected]
    problems += [problem_at(file, Place(sheet.name, 1), message) for message in wrong]
    return None if wrong else [(column, headers.index(column.header)) for column in sheet.columns]


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _value(column: Column, value: Any, data_type: str) -> Any:
    """What a cell means; raises ValueError saying why it cannot be taken."""
    if _is_empty(value):
        if column.required:
            raise ValueError("is empty")
        return None
    if data_type == "f":
        raise ValueError("is a formula; write the text itself")
    if data_type == "e" or isinstance(value, bool):
        raise ValueError(f"{value!r} is no text")
    if column.kind == "date":
        return _date(value)
    if column.kind == "number":
        return _number(value)
    text = _text(value)
    return _choice(column, text) if column.choices else text


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date | time | float):
        raise ValueError(f"{value} was taken for a date or a number; format the cell as text")
    return _ESCAPED.sub("_", str(value)).strip()


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        if value.time() != time():
            raise ValueError(f"{value} is no day")
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    slovenian = _SLOVENIAN_DATE.fullmatch(text)
    try:
        if slovenian:
            day, month, year = map(int, slovenian.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date (2026-09-01 or 1. 9. 2026)") from error


def _number(value: Any) -> int:
    try:
        number = float(str(value).strip())
    except ValueError as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not number.is_integer() or number < 1:
        raise ValueError(f"{value!r} is not 1, 2, 3 …")
    return int(number)


def _choice(column: Column, text: str) -> str:
    for label, meant in column.choices.items():
        if text.casefold() in (label.casefold(), meant):
            return meant
    raise ValueError(f"{text!r} is not one of: {', '.join(column.choices)}")
