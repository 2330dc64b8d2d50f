"""Take a curator's workbook into the base: check everything, then change what differs, or change nothing.

A curator's change is told from one made in the base meanwhile by the fingerprints of the export. What the curator
left alone stays as it is in the base, byte for byte; where both changed the same entry, the import stops.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge import canonical, checks, sheets, strict_yaml
from knowledge.entry import Entry, Source, Topic
from knowledge.loader import Base, KnowledgeError, Problem, read
from knowledge.sheets import TABLES
from knowledge.strict_yaml import Document
from knowledge.terms import parse_terms
from knowledge.workbook import entry_print, fingerprint, table_text
from knowledge.workbook_entries import Sent, assemble
from knowledge.workbook_read import Place, problem_at, read_rows

_TABLE_SHEETS = {"sources": sheets.SOURCES, "topics": sheets.TOPICS, "terms": sheets.PATTERNS}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, by name: `kept` are entries that the curator removed but the base keeps."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


def import_workbook(path: Path, folder: Path, delete: bool = False) -> Imported:
    """Take over what a curator changed; raises `KnowledgeError` with every problem, and then nothing has changed.

    Entries that a curator removed are deleted only with `delete`.
    """
    base, problems = read(folder)
    if base is None or problems:
        raise KnowledgeError(problems)
    sent = assemble(read_rows(path))
    report = _compare(base, sent, delete)
    if sent.problems:
        raise KnowledgeError(sent.problems)
    merged = _merge(base, sent, report, folder)
    _check(base, merged, sent, report, folder)
    _write(base, report, folder, dict(_files(merged, sent, report, folder)))
    return report


def _compare(base: Base, sent: Sent, delete: bool) -> Imported:
    """What differs, and on whose side; a difference on both sides is a problem."""
    new, changed, gone = [], [], []
    for key, entry in sent.entries.items():
        if key not in base.entries:
            new.append(key)
        elif _takes(sent, key, entry_print(base.entries[key]), entry_print(entry), sent.place_of(key, ())):
            changed.append(key)
    for key, entry in base.entries.items():
        if key in sent.prints and key not in sent.places:
            gone.append(key)
            if delete and sent.prints[key] != entry_print(entry):
                sent.problem(
                    Place(sheets.ENTRIES.name, 1), f"{key!r} was removed here but has changed in the base"
                )
    tables = [name for name in TABLES if _takes_table(base, sent, name)]
    deleted, kept = (gone, []) if delete else ([], gone)
    return Imported(tuple(new), tuple(changed), tuple(deleted), tuple(kept), tuple(tables))


def _takes(sent: Sent, key: str, in_base: str, in_workbook: str, place: Place) -> bool:
    """Whether the workbook's side is to be taken over."""
    exported = sent.prints.get(key)
    if in_workbook in (in_base, exported):
        return False
    if in_base != exported:
        sent.problem(
            place, f"{key!r} has changed in the base since the export: export again and repeat the change"
        )
    return True


def _takes_table(base: Base, sent: Sent, name: str) -> bool:
    text = canonical.TABLES[name](sent.tables[name], "")
    place = Place(_TABLE_SHEETS[name].name, 1)
    return _takes(sent, f"{name}.yaml", fingerprint(table_text(base, name)), fingerprint(text), place)


def _merge(base: Base, sent: Sent, report: Imported, folder: Path) -> Base:
    """The base as it will be. The files of taken entries point to places in the workbook instead of lines."""
    taken = {key: sent.entries[key] for key in (*report.new, *report.changed)}
    entries = {key: entry for key, entry in base.entries.items() if key not in report.deleted} | taken
    files = dict(base.files)
    for key, entry in taken.items():
        lines = {where: number for number, where in enumerate(sent.places[key])}
        files[str(checks.path_of(folder, entry))] = Document(None, lines)
    merged = replace(base, entries=dict(sorted(entries.items())), files=files)
    if "sources" in report.tables:
        sources = {key: Source.model_validate(data) for key, data in sent.tables["sources"].items()}
        merged = replace(merged, sources=sources)
    if "topics" in report.tables:
        topics = {key: Topic.model_validate(data) for key, data in sent.tables["topics"].items()}
        merged = replace(merged, topics=topics)
    if "terms" in report.tables:
        merged = replace(merged, terms=parse_terms(sent.tables["terms"]))
    return merged


def _check(base: Base, merged: Base, sent: Sent, report: Imported, folder: Path) -> None:
    """All that `check` finds in the merged base and not already in the present one."""
    taken = {str(checks.path_of(folder, sent.entries[key])): key for key in (*report.new, *report.changed)}
    problems = [
        problem_at(sent.rows.file, sent.place_of(entry.id, ("topic",)), f"no topic {entry.topic!r}")
        if entry.id in sent.places
        else Problem(str(checks.path_of(folder, entry)), 1, f"no topic {entry.topic!r}")
        for entry in merged.entries.values()
        if entry.topic not in merged.topics
    ]
    found = checks.check(merged, folder)
    before = set(checks.check(base, folder)) if found else set()
    for problem in found:
        if problem.file in taken:
            place = list(sent.places[taken[problem.file]].values())[problem.line]
            problems.append(problem_at(sent.rows.file, place, problem.message))
        elif problem not in before:
            problems.append(problem)
    if problems:
        raise KnowledgeError(problems)


def _write(base: Base, report: Imported, folder: Path, files: Mapping[Path, str]) -> None:
    """Write all new files beside the old ones, then put them in place."""
    removed = {checks.path_of(folder, base.entries[key]) for key in (*report.changed, *report.deleted)}
    staged: dict[Path, Path] = {}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = path.with_name(f".{path.name}.new")
            staged[path].write_text(text, encoding="utf-8")
        for path, waiting in staged.items():
            os.replace(waiting, path)
    finally:
        for waiting in staged.values():
            waiting.unlink(missing_ok=True)
    for path in removed - files.keys():
        path.unlink()


def _files(merged: Base, sent: Sent, report: Imported, folder: Path) -> Iterator[tuple[Path, str]]:
    for key in (*report.new, *report.changed):
        entry = merged.entries[key]
        text = canonical.entry_text(entry)
        if Entry.model_validate({**strict_yaml.parse(text).data, "topic": entry.topic}) != entry:
            raise KnowledgeError([Problem(key, 1, "cannot be written as YAML without a loss")])
        yield checks.path_of(folder, entry), text
    for name in report.tables:
        path = folder / f"{name}.yaml"
        yield path, canonical.TABLES[name](sent.tables[name], canonical.head_of(path.read_text("utf-8")))
