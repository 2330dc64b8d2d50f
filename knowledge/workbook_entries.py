"""From the rows of a workbook to entries and tables, with the row that every part stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge import sheets
from knowledge.entry import Entry, Source, Topic
from knowledge.loader import Problem
from knowledge.sheets import FAMILIES, Sheet
from knowledge.terms import parse_terms
from knowledge.workbook_read import Line, Place, Rows, problem_at

Where = tuple[str | int, ...]
_OF_ENTRY = (sheets.ENTRIES, sheets.VERSIONS, sheets.CITATIONS, sheets.PHRASINGS, sheets.TERMS)


@dataclass(slots=True)
class Sent:
    """What a workbook says: entries and tables, where each part stands, what was exported, and what is wrong."""

    rows: Rows
    problems: list[Problem]
    entries: dict[str, Entry] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, dict[Where, Place]] = field(default_factory=dict)
    prints: dict[str, str] = field(default_factory=dict)
    unread: frozenset[str | None] = frozenset()

    def lines(self, sheet: Sheet) -> list[Line]:
        """The rows of a sheet whose cells could all be read."""
        return [line for line in self.rows.lines[sheet.name] if line.complete]

    def problem(self, place: Place, message: str) -> None:
        """Note a problem in a row."""
        self.problems.append(problem_at(self.rows.file, place, message))

    def place_of(self, entry: str, where: Where) -> Place:
        """The row of a part of an entry, or of the nearest part around it."""
        places = self.places[entry]
        while where not in places:
            where = where[:-1]
        return places[where]


def assemble(rows: Rows) -> Sent:
    """Entries and tables of a workbook, as far as they can be read, with all problems."""
    sent = Sent(rows, list(rows.problems))
    sent.prints = {line.values["kaj"]: line.values["odtis"] for line in sent.lines(sheets.PRINTS)}
    sent.unread = frozenset(
        line.values.get("vnos") for line in rows.lines[sheets.ENTRIES.name] if not line.complete
    )
    _tables(sent)
    drafts = _drafts(sent)
    for line in sent.lines(sheets.VERSIONS):
        _add_version(sent, drafts, line)
    for line in sent.lines(sheets.CITATIONS):
        _add_citation(sent, drafts, line)
    for line in sent.lines(sheets.PHRASINGS):
        if draft := _draft(sent, drafts, line):
            where = ("phrasings", line.values["jezik"])
            draft.add(where, draft.data["phrasings"][where[1]], line.values["vprašanje"], line.place)
    for line in sent.lines(sheets.TERMS):
        if draft := _draft(sent, drafts, line):
            draft.add(("terms",), draft.data["terms"], line.values["izraz"], line.place)
    # An entry with a cell that could not be read is reported by that cell alone.
    spoiled = {
        line.values.get("vnos") for sheet in _OF_ENTRY for line in rows.lines[sheet.name] if not line.complete
    }
    for key, draft in drafts.items():
        sent.places[key] = draft.places
        if key not in spoiled and (entry := _entry(sent, draft)) is not None:
            sent.entries[key] = entry
    return sent


@dataclass(slots=True)
class _Draft:
    """An entry while its rows are gathered. `numbers` are those of its versions, in order of appearance."""

    data: dict[str, Any]
    places: dict[Where, Place]
    numbers: list[int] = field(default_factory=list)

    def add(self, where: Where, items: list[Any], item: Any, place: Place) -> None:
        self.places[(*where, len(items))] = place
        items.append(item)


def _drafts(sent: Sent) -> dict[str, _Draft]:
    drafts: dict[str, _Draft] = {}
    for line in sent.lines(sheets.ENTRIES):
        values = line.values
        if values["vnos"] in drafts:
            sent.problem(line.place, f"the entry {values['vnos']!r} stands twice")
            continue
        about = dict(zip(FAMILIES, ("naziv", "pot", "predlagatelj", "zavod"), strict=True))
        data = {
            "id": values["vnos"],
            "topic": values["tema"],
            "title": {"sl": values["naslov (sl)"], "en": values["naslov (en)"]},
            "about": {family: _split(values[header]) for family, header in about.items()},
            "terms": [],
            "versions": [],
            "phrasings": {"sl": [], "en": []},
            "related": _split(values["sorodni vnosi"]),
            "owner": values["skrbnik"],
            "reviewed_on": values["pregledano"],
            "review_by": values["naslednji pregled"],
        }
        drafts[values["vnos"]] = _Draft(data, {(): line.place})
    return drafts


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _draft(sent: Sent, drafts: Mapping[str, _Draft], line: Line) -> _Draft | None:
    key = line.values["vnos"]
    if key not in drafts and key not in sent.unread:
        sent.problem(line.place, f"no entry {key!r} on the sheet {sheets.ENTRIES.name}")
    return drafts.get(key)


def _add_version(sent: Sent, drafts: Mapping[str, _Draft], line: Line) -> None:
    draft, values = _draft(sent, drafts, line), line.values
    if draft is None:
        return
    if values["št. različice"] in draft.numbers:
        sent.problem(line.place, f"version {values['št. različice']} of {values['vnos']!r} stands twice")
        return
    version = {
        "valid_from": values["velja od"],
        "valid_to": values["velja do"],
        "kind": values["vrsta"],
        "answer": {"sl": values["odgovor (sl)"], "en": values["odgovor (en)"]},
        "sources": [],
    }
    draft.numbers.append(values["št. različice"])
    draft.add(("versions",), draft.data["versions"], version, line.place)


def _add_citation(sent: Sent, drafts: Mapping[str, _Draft], line: Line) -> None:
    draft, values = _draft(sent, drafts, line), line.values
    if draft is None:
        return
    if values["št. različice"] not in draft.numbers:
        sent.problem(line.place, f"{values['vnos']!r} has no version {values['št. različice']}")
        return
    citation = {
        "source": values["vir"],
        "provision": values["mesto v viru"],
        "evidence": values["zanesljivost"],
    }
    at = draft.numbers.index(values["št. različice"])
    draft.add(("versions", at, "sources"), draft.data["versions"][at]["sources"], citation, line.place)


def _entry(sent: Sent, draft: _Draft) -> Entry | None:
    order = sorted(range(len(draft.numbers)), key=draft.numbers.__getitem__)
    renumbered: dict[Where, Where] = {("versions", at): ("versions", order.index(at)) for at in order}
    draft.data["versions"] = [draft.data["versions"][at] for at in order]
    draft.places = {
        (*renumbered.get(where[:2], where[:2]), *where[2:]): place for where, place in draft.places.items()
    }
    sent.places[draft.data["id"]] = draft.places
    try:
        return Entry.model_validate(draft.data)
    except ValidationError as error:
        for item in error.errors():
            sent.problem(sent.place_of(draft.data["id"], item["loc"]), _words(item))
        return None


def _words(item: Mapping[str, Any]) -> str:
    where = ".".join(map(str, item["loc"]))
    return f"{where}: {item['msg']}" if where else str(item["msg"])


def _tables(sent: Sent) -> None:
    sources: dict[str, Any] = {}
    topics: dict[str, Any] = {}
    for line in sent.lines(sheets.SOURCES):
        values = line.values
        dated = {"sl": values["stanje (sl)"], "en": values["stanje (en)"]}
        data = {
            "title": {"sl": values["naslov (sl)"], "en": values["naslov (en)"]},
            "url": values["spletni naslov"],
            "dated": dated if any(dated.values()) else None,
        }
        _add_row(sent, sources, values["vir"], Source, data, line.place)
    for line in sent.lines(sheets.TOPICS):
        values = line.values
        label = {"sl": values["ime (sl)"], "en": values["ime (en)"]}
        data = {"label": label, "institution": values["ustanova"]}
        _add_row(sent, topics, values["tema"], Topic, data, line.place)
    sent.tables = {"sources": sources, "topics": topics, "terms": _patterns(sent)}


def _add_row(
    sent: Sent,
    table: dict[str, Any],
    key: str,
    kind: type[BaseModel],
    data: Mapping[str, Any],
    place: Place,
) -> None:
    if key in table:
        sent.problem(place, f"{key!r} stands twice")
        return
    table[key] = data
    try:
        table[key] = kind.model_validate(data).model_dump()
    except ValidationError as error:
        for item in error.errors():
            sent.problem(place, _words(item))


def _patterns(sent: Sent) -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = {}
    for line in sent.lines(sheets.PATTERNS):
        family, value, pattern = (line.values[name] for name in ("družina", "vrednost", "vzorec"))
        try:
            parse_terms({family: {value: [pattern]}})
        except ValueError as error:
            sent.problem(line.place, str(error))
        table.setdefault(family, {}).setdefault(value, []).append(pattern)
    return table
