"""How well the search finds: every phrasing its own entry, and labelled question sets as a user would see them.

A question in scope is answered right or wrong, offered candidates with or without the right one, or declined.
One that the base does not answer ("near": the same vocabulary, "oos": another topic) is answered, which is wrong,
offered candidates or declined; or it gets the very entry expected, which says that the sources do not tell. Such
an entry is no answer: it declines, and is right only where it was expected.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from knowledge.calibrate import Question, read_questions
from knowledge.entry import Entry, Phrasings
from knowledge.index import build
from knowledge.loader import Base, Problem
from knowledge.ranking import rank
from knowledge.search import Engine, Found
from knowledge.signals import candidates, read_query

# Sets that weights and thresholds are fitted on; every other set is only ever measured.
CALIBRATION_SETS = ("calibration.tsv", "dev.tsv")
HELD_OUT_EVERY = 10
IN_SCOPE, NEAR, OFF_TOPIC = "in scope", "near", "oos"
Verdict = Literal["right", "wrong", "answered", "offered_right", "offered_other", "declined"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question got: the places of the right entry, and the verdict."""

    question: Question
    first: bool
    in_three: bool
    verdict: Verdict

    @property
    def group(self) -> str:
        """In scope, near or off topic."""
        return group_of(self.question)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over a group of questions."""

    questions: int
    first: int
    in_three: int
    verdicts: Counter[str]

    @property
    def one_click(self) -> int:
        """Answered right, or the right entry among the candidates offered."""
        return self.verdicts["right"] + self.verdicts["offered_right"]


@dataclass(frozen=True, slots=True)
class SetFigures:
    """One question set, measured."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def fitted(self) -> bool:
        """Whether weights or thresholds were fitted on this set."""
        return self.name in CALIBRATION_SETS

    def kinds(self) -> list[str]:
        """Kinds of the questions in scope."""
        return sorted({item.question.kind for item in self.outcomes if item.group == IN_SCOPE})

    def tally(self, group: str, kind: str | None = None) -> Tally:
        """Counts of a group, or of one kind in it."""
        chosen = [
            item
            for item in self.outcomes
            if item.group == group and (kind is None or item.question.kind == kind)
        ]
        return Tally(
            len(chosen),
            sum(item.first for item in chosen),
            sum(item.in_three for item in chosen),
            Counter(item.verdict for item in chosen),
        )


@dataclass(frozen=True, slots=True)
class Lost:
    """A phrasing that finds another entry before its own."""

    entry: str
    phrasing: str
    found: str


@dataclass(frozen=True, slots=True)
class PhrasingFigures:
    """How many phrasings find their own entry, and which do not."""

    phrasings: int
    lost: tuple[Lost, ...]

    @property
    def own_entry(self) -> float:
        """Share of phrasings that find their own entry first."""
        return 1 - len(self.lost) / self.phrasings if self.phrasings else 0.0


def group_of(question: Question) -> str:
    """In scope, near or off topic."""
    if question.kind == NEAR:
        return NEAR
    return IN_SCOPE if question.expected and question.kind != OFF_TOPIC else OFF_TOPIC


def wilson(count: int, total: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, "Probable inference, the law of succession")."""
    if not total:
        return 0.0, 1.0
    z = 1.959964
    share, slack = count / total, z * z / total
    middle = share + slack / 2
    spread = z * math.sqrt((share * (1 - share) + slack / 4) / total)
    return max(0.0, (middle - spread) / (1 + slack)), min(1.0, (middle + spread) / (1 + slack))


def unknown_entries(base: Base, on: date) -> frozenset[str]:
    """Entries that on day `on` say that the sources do not tell, or that have no version for that day."""
    return frozenset(
        entry.id
        for entry in base.entries.values()
        if (version := entry.version_on(on)) is None or version.kind == "unknown"
    )


def check_expected(base: Base, path: Path) -> list[Problem]:
    """Questions that expect an entry which does not exist."""
    return [
        Problem(str(path), line, f"expects {expected!r}, which is no entry")
        for line, question in enumerate(read_questions(path), start=2)
        for expected in sorted(question.expected - base.entries.keys())
    ]


def measure_set(engine: Engine, path: Path, on: date) -> SetFigures:
    """Ask every question of a set."""
    unknown = unknown_entries(engine.base, on)
    return SetFigures(path.name, tuple(_ask(engine, question, unknown) for question in read_questions(path)))


def measure_phrasings(engine: Engine) -> PhrasingFigures:
    """Ask every phrasing of every entry."""
    return _asked(engine, list(_phrasings(engine.base.entries.values())))


def measure_held_out(engine: Engine) -> PhrasingFigures:
    """Ask every tenth phrasing of a base that does not have it: what wording that nobody foresaw finds."""
    held_out = list(_phrasings(engine.base.entries.values()))[::HELD_OUT_EVERY]
    without = frozenset(held_out)
    entries = {key: _without(entry, without) for key, entry in engine.base.entries.items()}
    base = replace(engine.base, entries=entries)
    return _asked(
        Engine(
            base,
            build(entries.values(), base.background, engine.index.vectors, base.slips),
            engine.calibration,
        ),
        held_out,
    )


def _phrasings(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        for phrasing in (*entry.phrasings.sl, *entry.phrasings.en):
            yield entry.id, phrasing


def _without(entry: Entry, held_out: frozenset[tuple[str, str]]) -> Entry:
    def kept(lines: Sequence[str]) -> tuple[str, ...]:
        return tuple(line for line in lines if (entry.id, line) not in held_out)

    rest = Phrasings.model_construct(sl=kept(entry.phrasings.sl), en=kept(entry.phrasings.en))
    return entry.model_copy(update={"phrasings": rest})


def _asked(engine: Engine, phrasings: Sequence[tuple[str, str]]) -> PhrasingFigures:
    lost = []
    for entry, phrasing in phrasings:
        result = engine.search(phrasing)
        first = result.hits[0].entry if result.hits and result.decision != "none" else "nothing"
        if first != entry:
            lost.append(Lost(entry, phrasing, first))
    return PhrasingFigures(len(phrasings), tuple(lost))


def _ask(engine: Engine, question: Question, unknown: frozenset[str]) -> Outcome:
    found = engine.search(question.text)
    three = (
        [hit.entry for hit in found.hits] if not question.expected else _first_three(engine, question, found)
    )
    return Outcome(
        question,
        bool(question.expected & set(three[:1])),
        bool(question.expected & set(three)),
        _verdict(question, found, unknown),
    )


def _first_three(engine: Engine, question: Question, found: Found) -> list[str]:
    """The first three in rank, whatever was decided to show."""
    shown = [hit.entry for hit in found.hits]
    if len(shown) >= 3 or question.expected & set(shown[:1]):
        return shown
    query = read_query(engine.base, engine.index, question.text)
    if not query.stems or not query.known:
        return shown
    ranked = rank(engine.calibration, query, candidates(engine.subjects, engine.index, query))
    ranking = [engine.index.ids[position] for position in ranked.positions]
    return [entry for entry in ranking if entry in engine.base.entries][:3]


def _verdict(question: Question, found: Found, unknown: frozenset[str]) -> Verdict:
    shown = {hit.entry for hit in found.hits}
    if found.decision == "answer":
        given = found.hits[0].entry
        if given in question.expected:
            return "right"
        if given in unknown:
            return "declined"
        return "wrong" if group_of(question) == IN_SCOPE else "answered"
    if found.decision == "clarify":
        return "offered_right" if question.expected & shown else "offered_other"
    return "declined"
