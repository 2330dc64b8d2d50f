"""The base as a workbook that a curator can edit: one sheet a noun, one row an item.

Every text is written as text: a cell that begins with = + - or @ is no formula. The hidden sheet of fingerprints
says what was exported, so that an import can tell a curator's change from one made in the base meanwhile.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from knowledge import canonical
from knowledge.entry import Entry
from knowledge.loader import Base, KnowledgeError, Problem
from knowledge.sheets import (
    CITATIONS,
    ENTRIES,
    EVIDENCE,
    FAMILIES,
    GUIDE,
    INSTITUTIONS,
    KINDS,
    LOCALES,
    PATTERNS,
    PHRASINGS,
    PRINTS,
    SHEET_ROWS,
    SHEETS,
    SOURCES,
    TABLES,
    TERMS,
    TOPICS,
    VERSIONS,
    Column,
    Sheet,
)

Value = str | int | date | None
Row = tuple[Value, ...]
_FIRST_DAY_OF_SHEETS = date(1901, 1, 1)
# What the file format would read as an escaped character is escaped itself.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_A_CELL = re.compile("[\r\ufffe\uffff]")


def export(base: Base, path: Path) -> None:
    """Write the base as a workbook; raises `KnowledgeError` when a text cannot stand in a cell."""
    problems = [
        Problem(sheet.name, number, f"{column.header}: holds a character that no cell can hold")
        for sheet in SHEETS
        for number, row in enumerate(rows_of(base, sheet), start=2)
        for column, value in zip(sheet.columns, row, strict=True)
        if isinstance(value, str) and (ILLEGAL_CHARACTERS_RE.search(value) or _NOT_IN_A_CELL.search(value))
    ]
    if problems:
        raise KnowledgeError(problems)
    workbook = Workbook()
    workbook.properties.creator = "Kažipot"
    _write_guide(workbook)
    for sheet in SHEETS:
        _write_sheet(workbook.create_sheet(sheet.name), sheet, list(rows_of(base, sheet)))
    workbook.save(path)


def rows_of(base: Base, sheet: Sheet) -> Iterator[Row]:
    """The rows of a sheet, without its header."""
    entries = base.entries.values()
    if sheet is SOURCES:
        for key, source in base.sources.items():
            dated = (source.dated.sl, source.dated.en) if source.dated else (None, None)
            yield key, source.title.sl, source.title.en, source.url, *dated
    elif sheet is TOPICS:
        for key, topic in base.topics.items():
            yield key, topic.label.sl, topic.label.en, _label(INSTITUTIONS, topic.institution)
    elif sheet is PATTERNS:
        for family, values in table_data(base, "terms").items():
            for value, patterns in values.items():
                yield from ((family, value, pattern) for pattern in patterns)
    elif sheet is PRINTS:
        yield from ((f"{name}.yaml", fingerprint(table_text(base, name))) for name in TABLES)
        yield from ((entry.id, entry_print(entry)) for entry in entries)
    else:
        for entry in entries:
            yield from _rows_of_entry(entry, sheet)


def _rows_of_entry(entry: Entry, sheet: Sheet) -> Iterator[Row]:
    if sheet is ENTRIES:
        about = [", ".join(getattr(entry.about, family)) or None for family in FAMILIES]
        head = (entry.id, entry.topic, entry.title.sl, entry.title.en, *about)
        yield *head, ", ".join(entry.related) or None, entry.owner, entry.reviewed_on, entry.review_by
    elif sheet is PHRASINGS:
        for locale in LOCALES:
            yield from ((entry.id, locale, line) for line in getattr(entry.phrasings, locale))
    elif sheet is TERMS:
        yield from ((entry.id, term) for term in entry.terms)
    for number, version in enumerate(entry.versions, start=1):
        if sheet is VERSIONS:
            period = (version.valid_from, version.valid_to)
            answer = (version.answer.sl, version.answer.en)
            yield entry.id, number, *period, _label(KINDS, version.kind), *answer
        elif sheet is CITATIONS:
            for item in version.sources:
                yield entry.id, number, item.source, item.provision, _label(EVIDENCE, item.evidence)


def table_data(base: Base, name: str) -> Mapping[str, Any]:
    """The values of sources.yaml, topics.yaml or terms.yaml."""
    if name == "terms":
        found = next(document for path, document in base.files.items() if Path(path).name == "terms.yaml")
        return found.data or {}
    return {key: model.model_dump() for key, model in getattr(base, name).items()}


def table_text(base: Base, name: str) -> str:
    """The canonical text of a table."""
    return canonical.TABLES[name](table_data(base, name), "")


def entry_print(entry: Entry) -> str:
    """The fingerprint of an entry in its folder."""
    return fingerprint(f"{entry.topic}/{canonical.entry_text(entry)}")


def fingerprint(text: str) -> str:
    """A short digest of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _label(choices: Mapping[str, str], value: str) -> str:
    return next(label for label, meant in choices.items() if meant == value)


def _write_guide(workbook: Workbook) -> None:
    page = workbook.active
    if not isinstance(page, Worksheet):
        raise TypeError("a new workbook has a sheet")
    page.title = "Navodila"
    page.column_dimensions["A"].width = 110
    for number, line in enumerate(GUIDE, start=1):
        cell = page.cell(number, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page["A1"].font = Font(bold=True, size=14)


def _write_sheet(page: Worksheet, sheet: Sheet, rows: list[Row]) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        head = page.cell(1, place, column.header)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(place)].width = column.width
        _validate(page, column, get_column_letter(place))
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            if value is not None:
                _write(page.cell(number, place), value)
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{max(2, len(rows) + 1)}"
    if sheet.hidden:
        page.sheet_state = "hidden"


def _write(cell: Cell | MergedCell, value: str | int | date) -> None:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, date) and value >= _FIRST_DAY_OF_SHEETS:
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int):
        cell.value = value
    else:
        text = value if isinstance(value, str) else value.isoformat()
        cell.value = _ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = text.startswith(("=", "+", "-", "@"))


def _validate(page: Worksheet, column: Column, letter: str) -> None:
    area = f"{letter}2:{letter}{SHEET_ROWS}"
    rule: DataValidation | None = None
    if column.choices:
        rule = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
    elif column.listed_in:
        rule = DataValidation("list", formula1=f"{column.listed_in}!$A$2:$A${SHEET_ROWS}", allow_blank=True)
    elif column.kind == "date":
        rule = DataValidation("date", operator="greaterThan", formula1="1", allow_blank=True)
    elif column.kind == "number":
        rule = DataValidation("whole", operator="greaterThan", formula1="0", allow_blank=True)
    elif column.hint:
        rule = DataValidation(allow_blank=True)
    if rule is None:
        return
    rule.promptTitle, rule.prompt, rule.showInputMessage = (
        column.header,
        column.hint or None,
        bool(column.hint),
    )
    rule.errorTitle, rule.showErrorMessage = column.header, True
    page.add_data_validation(rule)
    rule.add(area)
