"""The figures of a period from its rows. Pure; every number says what it counts, and none is more than a count."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.reports.grouping import Group, grouped
from bot.reports.rows import Rated, Rows, Turned

REPLIED = frozenset({"answer", "clarify", "no_answer"})

ASKED_FOR_A_PERSON = frozenset({"person", "ticket_form"})
"""Intents of turns in which somebody got the contacts, or the form to ask the advisers."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Typed questions of one kind (a topic, a scope, a day, an hour): all, and those answered at once."""

    name: str
    questions: int
    answered: int


@dataclass(frozen=True, slots=True)
class Used:
    """An entry: how often it was shown, typed for or chosen, and what was thought of it."""

    entry: str
    shown: int
    likes: int
    dislikes: int


@dataclass(frozen=True, slots=True)
class Checks:
    """Checks of one procedure: how many began, and how often which result was shown."""

    procedure: str
    began: int
    met: int
    not_met: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The period's figures.

    `questions` were typed, and are `answered` + `clarified` + `unknown` (an answer that says that it is not known) +
    `declined`. `clarified_answered` are answers shown within ten minutes of offered candidates, `clarified_chosen`
    those of them that were pressed and not typed for. `again` are questions typed within ten minutes of an answer or a
    refusal: of the same person in the same conversation, on whatever matter. `person` is how often somebody asked for
    a person, `tickets` how many questions were sent to one. Times are in milliseconds, of every question; 0 without
    any.
    """

    first: date
    last: date
    questions: int
    answered: int
    clarified: int
    clarified_answered: int
    clarified_chosen: int
    unknown: int
    declined: int
    again: int
    person: int
    tickets: int
    likes: int
    dislikes: int
    median: int
    p95: int
    by_topic: tuple[Tally, ...]
    by_scope: tuple[Tally, ...]
    by_day: tuple[Tally, ...]
    by_hour: tuple[Tally, ...]
    entries: tuple[Used, ...]
    never_used: tuple[str, ...]
    checks: tuple[Checks, ...]
    gaps: tuple[Group, ...]

    @property
    def settled(self) -> int:
        """How often an answer was shown to whoever had a question, none counted twice."""
        return self.answered + self.clarified_chosen

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.last - self.first).days + 1


def figures(rows: Rows, topics: Mapping[str, str]) -> Figures:
    """The figures of a period. `topics` are the entries of the knowledge base with their topics."""
    asked = [turn for turn in rows.turns if turn.intent == "question" and turn.status in REPLIED]
    answers = [turn for turn in rows.turns if turn.status == "answer" and turn.entry]
    times = sorted(turn.milliseconds for turn in asked)
    used = _used(rows.turns, rows.ratings)
    shown = {entry.entry for entry in used if entry.shown}
    return Figures(
        first=rows.first,
        last=rows.last,
        questions=len(asked),
        answered=sum(turn.status == "answer" for turn in asked),
        clarified=sum(turn.status == "clarify" for turn in asked),
        clarified_answered=sum(turn.after == "clarify" for turn in answers),
        clarified_chosen=sum(turn.after == "clarify" and turn.intent != "question" for turn in answers),
        unknown=sum(turn.status == "no_answer" and bool(turn.entry) for turn in asked),
        declined=sum(turn.status == "no_answer" and not turn.entry for turn in asked),
        again=sum(turn.after in ("answer", "no_answer") for turn in asked),
        person=sum(turn.intent in ASKED_FOR_A_PERSON for turn in rows.turns),
        tickets=sum(turn.step == "ticket" for turn in rows.turns),
        likes=sum(rated.rating == "like" for rated in rows.ratings),
        dislikes=sum(rated.rating == "dislike" for rated in rows.ratings),
        median=percentile(times, 0.5),
        p95=percentile(times, 0.95),
        by_topic=_tallies(asked, lambda turn: topics.get(turn.entry, "")),
        by_scope=_tallies(asked, lambda turn: turn.scope),
        by_day=_by_day(asked, rows.first, rows.last),
        by_hour=_by_hour(asked),
        entries=used,
        never_used=tuple(sorted(entry for entry in topics if entry not in shown)),
        checks=_checks(rows.turns),
        gaps=grouped(rows.missing),
    )


def percentile(ordered: Sequence[int], share: float) -> int:
    """The smallest value that at least `share` of the ordered values do not exceed (nearest rank); 0 of none."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0


def _tally(name: str, turns: Iterable[Turned]) -> Tally:
    chosen = list(turns)
    return Tally(name, len(chosen), sum(turn.status == "answer" for turn in chosen))


def _tallies(asked: Sequence[Turned], name_of: Callable[[Turned], str]) -> tuple[Tally, ...]:
    groups: dict[str, list[Turned]] = {}
    for turn in asked:
        groups.setdefault(name_of(turn), []).append(turn)
    tallies = (_tally(name, turns) for name, turns in groups.items())
    return tuple(sorted(tallies, key=lambda tally: (-tally.questions, tally.name)))


def _by_day(asked: Sequence[Turned], first: date, last: date) -> tuple[Tally, ...]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(_tally(day.isoformat(), (turn for turn in asked if turn.day == day)) for day in days)


def _by_hour(asked: Sequence[Turned]) -> tuple[Tally, ...]:
    return tuple(_tally(str(hour), (turn for turn in asked if turn.hour == hour)) for hour in range(24))


def _used(turns: Iterable[Turned], ratings: Iterable[Rated]) -> tuple[Used, ...]:
    shown = Counter(turn.entry for turn in turns if turn.entry and turn.status in ("answer", "no_answer"))
    rated = Counter((rating.entry, rating.rating) for rating in ratings if rating.entry)
    entries = {*shown, *(entry for entry, _ in rated)}
    used = (Used(entry, shown[entry], rated[entry, "like"], rated[entry, "dislike"]) for entry in entries)
    return tuple(sorted(used, key=lambda one: (-one.shown, one.entry)))


def _checks(turns: Iterable[Turned]) -> tuple[Checks, ...]:
    began: Counter[str] = Counter()
    results: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        if turn.procedure:
            began[turn.procedure] += turn.step == "began"
            results[turn.procedure, turn.outcome] += bool(turn.outcome)
    return tuple(
        Checks(name, began[name], results[name, "met"], results[name, "not_met"], results[name, "unknown"])
        for name in sorted(began)
    )
