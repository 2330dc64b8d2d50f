"""Everything that must be true of the base beyond the shape of its files; all problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz, process

from knowledge import coverage
from knowledge.entry import Entry
from knowledge.loader import DATA, Base, Problem
from knowledge.text import tokens

MIN_PHRASINGS = {"sl": 10, "en": 5}
NEAR_DUPLICATE = 96
COPIED_WORDS = 12


def check(base: Base, folder: Path = DATA, sources: Path | None = None) -> list[Problem]:
    """Cross references, phrasings, evidence, coverage; with `sources` also that no sentence is copied."""
    problems = [problem for entry in base.entries.values() for problem in _entry(base, folder, entry)]
    problems += _duplicates(base, folder)
    problems += coverage.check(base, folder, sources)
    if sources is not None:
        problems += _copied(base, folder, sources)
    return sorted(problems)


def stale(base: Base, on: date) -> list[Entry]:
    """Entries whose review is due on day `on`, the longest overdue first."""
    due = [entry for entry in base.entries.values() if entry.review_by <= on]
    return sorted(due, key=lambda entry: (entry.review_by, entry.id))


def path_of(folder: Path, entry: Entry) -> Path:
    """The file of an entry."""
    return folder / "entries" / entry.topic / f"{entry.id}.yaml"


def _at(base: Base, folder: Path, entry: Entry, where: tuple[str | int, ...], message: str) -> Problem:
    path = str(path_of(folder, entry))
    document = base.files.get(path)
    return Problem(path, document.line_of(where) if document else 1, message)


def _entry(base: Base, folder: Path, entry: Entry) -> Iterator[Problem]:
    for place, other in enumerate(entry.related):
        if other not in base.entries or other == entry.id:
            yield _at(base, folder, entry, ("related", place), f"related: no other entry {other!r}")
    for locale, least in MIN_PHRASINGS.items():
        count = len(getattr(entry.phrasings, locale))
        if count < least:
            yield _at(
                base, folder, entry, ("phrasings", locale), f"{count} phrasings in {locale}, at least {least}"
            )
    if entry.version_on(entry.reviewed_on) is None:
        yield _at(base, folder, entry, ("versions",), "no version holds on the day of review")
    for place, version in enumerate(entry.versions):
        for number, citation in enumerate(version.sources):
            where = ("versions", place, "sources", number)
            if citation.source not in base.sources:
                yield _at(base, folder, entry, where, f"no source {citation.source!r}")
        if version.kind == "answer" and all(
            item.evidence in {"secondary", "missing"} for item in version.sources
        ):
            yield _at(
                base,
                folder,
                entry,
                ("versions", place),
                "an answer may not rest on secondary or unread sources alone",
            )


def _duplicates(base: Base, folder: Path) -> Iterator[Problem]:
    """Phrasings that two entries share, or that differ by next to nothing."""
    places: dict[str, tuple[Entry, tuple[str | int, ...]]] = {}
    for entry in base.entries.values():
        for locale in ("sl", "en"):
            for place, phrasing in enumerate(getattr(entry.phrasings, locale)):
                key = " ".join(tokens(phrasing))
                where: tuple[str | int, ...] = ("phrasings", locale, place)
                if key in places:
                    taken = places[key][0].id
                    yield _at(base, folder, entry, where, f"{phrasing!r} is also a phrasing of {taken}")
                else:
                    places[key] = (entry, where)
    keys = sorted(places)
    scores = process.cdist(
        keys, keys, scorer=fuzz.ratio, score_cutoff=NEAR_DUPLICATE, workers=-1, dtype="uint8"
    )
    for at, beside in zip(*scores.nonzero(), strict=True):
        left, right = keys[at], keys[beside]
        entry, there = places[left]
        other = places[right][0].id
        if left < right and entry.id != other and _same_numbers(left, right):
            yield _at(base, folder, entry, there, f"{left!r} is nearly {right!r} of {other}")


def _same_numbers(left: str, right: str) -> bool:
    return re.findall(r"\d+", left) == re.findall(r"\d+", right)


def _copied(base: Base, folder: Path, sources: Path) -> Iterator[Problem]:
    """Answers that repeat a run of words of a source: facts, names and lists carry over, sentences do not."""
    runs: set[str] = set()
    for path in sorted(sources.glob("*.txt")):
        runs.update(_runs(path.read_text(encoding="utf-8")))
    for entry in base.entries.values():
        for place, version in enumerate(entry.versions):
            copied = next((run for run in _runs(version.answer.sl) if run in runs), None)
            if copied:
                where = ("versions", place, "answer", "sl")
                yield _at(base, folder, entry, where, f"copied from a source: {copied!r}")


def _runs(text: str) -> Iterator[str]:
    """Runs of `COPIED_WORDS` words without a comma, full stop or bullet between them."""
    for clause in re.split(r"[.,;:()•–\n-]+\s", text):
        words = tokens(clause)
        for at in range(len(words) - COPIED_WORDS + 1):
            yield " ".join(words[at : at + COPIED_WORDS])
