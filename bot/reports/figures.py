"""The figures of a period from its rows. Pure; every number says what it counts, and none is more than a count."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.reports.grouping import Group, grouped
from bot.reports.rows import QUESTION, REPLIED, Asked, Rated, Rows, Took, Turned

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
    asked = [turn for turn in rows.turns if turn.intent == QUESTION and turn.status in REPLIED]
    answers = [turn for turn in rows.turns if turn.status == "answer" and turn.entry]
    chosen = [turn for turn in answers if turn.after == "clarify"]
    refused = [turn for turn in asked if turn.status == "no_answer"]
    used = _used(rows.turns, rows.ratings)
    shown = {entry.entry for entry in used if entry.shown}
    return Figures(
        first=rows.first,
        last=rows.last,
        questions=_number(asked),
        answered=_number(turn for turn in asked if turn.status == "answer"),
        clarified=_number(turn for turn in asked if turn.status == "clarify"),
        clarified_answered=_number(chosen),
        clarified_chosen=_number(turn for turn in chosen if turn.intent != QUESTION),
        unknown=_number(turn for turn in refused if turn.entry),
        declined=_number(turn for turn in refused if not turn.entry),
        again=_number(turn for turn in asked if turn.after in ("answer", "no_answer")),
        person=_number(turn for turn in rows.turns if turn.intent in ASKED_FOR_A_PERSON),
        tickets=_number(turn for turn in rows.turns if turn.step == "ticket"),
        likes=_number(rated for rated in rows.ratings if rated.rating == "like"),
        dislikes=_number(rated for rated in rows.ratings if rated.rating == "dislike"),
        median=percentile(rows.took, 0.5),
        p95=percentile(rows.took, 0.95),
        by_topic=_largest((topics.get(turn.entry, ""), turn) for turn in asked),
        by_scope=_largest((turn.scope, turn) for turn in asked),
        by_day=_by_day(rows.asked, rows.first, rows.last),
        by_hour=_by_hour(rows.asked),
        entries=used,
        never_used=tuple(sorted(entry for entry in topics if entry not in shown)),
        checks=_checks(rows.turns),
        gaps=grouped(rows.missing),
    )


def percentile(took: Iterable[Took], share: float) -> int:
    """The smallest time that at least `share` of all do not exceed (nearest rank); 0 of none."""
    ordered = sorted(took, key=lambda one: one.milliseconds)
    rank = max(1, math.ceil(share * _number(ordered)))
    for one in ordered:
        rank -= one.number
        if rank <= 0:
            return one.milliseconds
    return 0


def _number(counted: Iterable[Turned | Asked | Took | Rated]) -> int:
    return sum(one.number for one in counted)


def _largest(named: Iterable[tuple[str, Turned]]) -> tuple[Tally, ...]:
    named = list(named)
    tallies = _tallies(named, {name for name, _ in named})
    return tuple(sorted(tallies, key=lambda tally: (-tally.questions, tally.name)))


def _by_day(asked: Iterable[Asked], first: date, last: date) -> tuple[Tally, ...]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return _tallies(((one.day.isoformat(), one) for one in asked), map(date.isoformat, days))


def _by_hour(asked: Iterable[Asked]) -> tuple[Tally, ...]:
    return _tallies(((str(one.hour), one) for one in asked), map(str, range(24)))


def _tallies(named: Iterable[tuple[str, Turned | Asked]], names: Iterable[str]) -> tuple[Tally, ...]:
    """A tally for each of `names`, also where nothing was asked."""
    questions: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for name, one in named:
        questions[name] += one.number
        answered[name] += one.number * (one.status == "answer")
    return tuple(Tally(name, questions[name], answered[name]) for name in names)


def _used(turns: Iterable[Turned], ratings: Iterable[Rated]) -> tuple[Used, ...]:
    shown: Counter[str] = Counter()
    for turn in turns:
        shown[turn.entry] += turn.number * (turn.status in ("answer", "no_answer"))
    rated: Counter[tuple[str, str]] = Counter()
    for rating in ratings:
        rated[rating.entry, rating.rating] += rating.number
    entries = {*+shown, *(entry for entry, _ in rated)} - {""}
    used = (Used(entry, shown[entry], rated[entry, "like"], rated[entry, "dislike"]) for entry in entries)
    return tuple(sorted(used, key=lambda one: (-one.shown, one.entry)))


def _checks(turns: Iterable[Turned]) -> tuple[Checks, ...]:
    began: Counter[str] = Counter()
    results: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        if turn.procedure:
            began[turn.procedure] += turn.number * (turn.step == "began")
            results[turn.procedure, turn.outcome] += turn.number
    return tuple(
        Checks(name, began[name], results[name, "met"], results[name, "not_met"], results[name, "unknown"])
        for name in sorted(began)
    )
