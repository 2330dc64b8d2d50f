"""A month of turns as they might be, always the same: a report needs something to show before there is anybody."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from bot.reports.rows import QUESTION, REPLIED, Asked, Missing, Rated, Rows, Took, Turned
from bot.storage.ports import Event, Feedback, GapFound
from knowledge.loader import Base

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
HOURS = (0, 0, 0, 0, 0, 1, 4, 12, 20, 22, 21, 19, 16, 15, 10, 7, 5, 4, 4, 5, 6, 4, 2, 1)
"""How the questions of a day spread over its hours."""
UNANSWERED = (
    ("Koliko dni dopusta mi pripada?", ""),
    ("koliko dni dopusta imam", ""),
    ("Kdaj bo izplačan regres za letni dopust?", ""),
    ("kdaj dobimo regres", ""),
    ("Ali se mi prizna delo v tujini, … je rekla, da ne?", ""),
    ("Ali se prizna delo v tujini?", ""),
    ("How many days of leave do I have?", ""),
    ("Kako vložim prošnjo za skrajšan delovni čas?", ""),
    ("priloge", "priloge-svetnik-visji"),
    ("točke", "clanki-tocke"),
    ("točke za članek", "clanki-tocke"),
    ("rok za vlogo", "vlozitev-kdaj-sam"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What turns leave behind, one row each."""

    events: tuple[Event, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    gaps: tuple[GapFound, ...] = ()


def event(
    day: date, hour: int, intent: str, status: str, entry: str = "", milliseconds: int = 0, **changes: str
) -> Event:
    """One turn."""
    scope = changes.pop("scope", "personal")
    return Event(day, hour, intent, status, entry, 0.9, scope, "sl", milliseconds, **changes)


def counted(first: date, last: date, kept: Kept) -> Rows:
    """What the database makes of such rows."""
    asked = [one for one in kept.events if one.intent == QUESTION and one.status in REPLIED]
    return Rows(
        first,
        last,
        tuple(_alike(Turned, kept.events)),
        tuple(_alike(Asked, asked)),
        tuple(_alike(Took, asked)),
        tuple(_alike(Rated, kept.feedback)),
        tuple(_alike(Missing, kept.gaps)),
    )


def _alike(kind: type[Any], rows: Iterable[Any]) -> Iterator[Any]:
    names = [field.name for field in fields(kind) if field.name != "number"]
    alike = Counter(tuple(getattr(row, name) for name in names) for row in rows)
    return (kind(*values, number) for values, number in alike.items())


def month(base: Base, seed: int = 7) -> Rows:
    """October 2026 over the entries of a base, counted."""
    return counted(FIRST, LAST, kept(base, seed))


def kept(base: Base, seed: int = 7) -> Kept:
    """Turns, ratings and gaps of October 2026 over the entries of a base."""
    chance = random.Random(seed)
    entries = sorted(entry.id for entry in base.entries.values() if not entry.never_known)
    unknown = sorted(entry.id for entry in base.entries.values() if entry.never_known)
    liked = chance.sample(entries, len(entries) * 2 // 3)
    turns: list[Event] = []
    missing: list[GapFound] = []
    on = FIRST
    while on <= LAST:
        busy = 46 if on.weekday() < 5 else 7
        for _ in range(chance.randint(busy * 2 // 3, busy * 4 // 3)):
            turns += _asked(chance, on, liked, unknown, missing)
        on += timedelta(days=1)
    ratings = [
        Feedback(turn.day, turn.entry, "", "like" if chance.random() < 0.82 else "dislike")
        for turn in turns
        if turn.status == "answer" and chance.random() < 0.12
    ]
    return Kept(tuple(turns), tuple(ratings), tuple(missing))


def _asked(
    chance: random.Random, on: date, liked: list[str], unknown: list[str], missing: list[GapFound]
) -> Iterator[Event]:
    """One question and what followed it within ten minutes."""
    hour = chance.choices(range(24), HOURS)[0]
    scope = chance.choices(("personal", "channel", "groupChat"), (84, 13, 3))[0]
    entry = liked[min(int(chance.expovariate(14 / len(liked))), len(liked) - 1)]
    took = max(18, round(chance.lognormvariate(4.2, 0.5)))

    def turn(intent: str, status: str, shown: str = "", **changes: str) -> Event:
        return event(on, hour, intent, status, shown, took, scope=scope, **changes)

    kind = chance.choices(("answer", "clarify", "unknown", "declined", "check"), (66, 13, 5, 9, 7))[0]
    if kind == "check" and scope == "personal":
        yield from _check(chance, on, hour)
    elif kind == "clarify":
        yield turn("question", "clarify", entry)
        words, nearest = chance.choice(UNANSWERED[8:])
        missing.append(GapFound(on, "clarified", words, nearest, "sl"))
        if chance.random() < 0.74:
            yield turn("action", "answer", entry, after="clarify")
    elif kind == "unknown":
        yield turn("question", "no_answer", chance.choice(unknown))
    elif kind == "declined":
        yield turn("question", "no_answer")
        missing.append(GapFound(on, "declined", chance.choice(UNANSWERED[:8])[0], "", "sl"))
        if chance.random() < 0.3:
            yield turn("person", "notice", after="no_answer")
            if chance.random() < 0.5:
                yield turn("ticket", "notice", after="no_answer", step="ticket")
    else:
        yield turn("question", "answer", entry)
        if chance.random() < 0.16:
            yield turn("question", "answer", chance.choice(liked), after="answer")


def _check(chance: random.Random, on: date, hour: int) -> Iterator[Event]:
    procedure = "naziv" if chance.random() < 0.8 else "placni_razred_um"
    common = {"procedure": procedure}
    yield event(on, hour, "check", "check", "", 60, step="began", **common)
    if chance.random() < 0.7:
        outcome = chance.choices(("met", "not_met", "unknown"), (2, 4, 4))[0]
        yield event(on, hour, "check", "check", "", 70, outcome=outcome, **common)
