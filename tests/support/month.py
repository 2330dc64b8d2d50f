"""A month of turns as they might be, always the same: a report needs something to show before there is anybody."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from bot.reports.rows import Missing, Rated, Rows, Turned
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


def month(base: Base, seed: int = 7) -> Rows:
    """Turns, ratings and gaps of October 2026 over the entries of a base."""
    chance = random.Random(seed)
    entries = sorted(entry.id for entry in base.entries.values() if not entry.never_known)
    unknown = sorted(entry.id for entry in base.entries.values() if entry.never_known)
    liked = chance.sample(entries, len(entries) * 2 // 3)
    turns: list[Turned] = []
    missing: list[Missing] = []
    on = FIRST
    while on <= LAST:
        busy = 46 if on.weekday() < 5 else 7
        for _ in range(chance.randint(busy * 2 // 3, busy * 4 // 3)):
            turns += _asked(chance, on, liked, unknown, missing)
        on += timedelta(days=1)
    ratings = [
        Rated(turn.day, turn.entry, "like" if chance.random() < 0.82 else "dislike")
        for turn in turns
        if turn.status == "answer" and chance.random() < 0.12
    ]
    return Rows(FIRST, LAST, tuple(turns), tuple(ratings), tuple(missing))


def _asked(
    chance: random.Random, on: date, liked: list[str], unknown: list[str], missing: list[Missing]
) -> Iterator[Turned]:
    """One question and what followed it within ten minutes."""
    hour = chance.choices(range(24), HOURS)[0]
    scope = chance.choices(("personal", "channel", "groupChat"), (84, 13, 3))[0]
    entry = liked[min(int(chance.expovariate(14 / len(liked))), len(liked) - 1)]
    took = max(18, round(chance.lognormvariate(4.2, 0.5)))

    def turn(intent: str, status: str, shown: str = "", **changes: str) -> Turned:
        return Turned(on, hour, intent, status, shown, scope, took, **changes)

    kind = chance.choices(("answer", "clarify", "unknown", "declined", "check"), (66, 13, 5, 9, 7))[0]
    if kind == "check" and scope == "personal":
        yield from _check(chance, on, hour)
    elif kind == "clarify":
        yield turn("question", "clarify", entry)
        words, nearest = chance.choice(UNANSWERED[8:])
        missing.append(Missing(on, "clarified", words, nearest))
        if chance.random() < 0.74:
            yield turn("action", "answer", entry, after="clarify")
    elif kind == "unknown":
        yield turn("question", "no_answer", chance.choice(unknown))
    elif kind == "declined":
        yield turn("question", "no_answer")
        missing.append(Missing(on, "declined", chance.choice(UNANSWERED[:8])[0]))
        if chance.random() < 0.3:
            yield turn("person", "notice", after="no_answer")
            if chance.random() < 0.5:
                yield turn("ticket", "notice", after="no_answer", step="ticket")
    else:
        yield turn("question", "answer", entry)
        if chance.random() < 0.16:
            yield turn("question", "answer", chance.choice(liked), after="answer")


def _check(chance: random.Random, on: date, hour: int) -> Iterator[Turned]:
    procedure = "naziv" if chance.random() < 0.8 else "placni_razred_um"
    common = {"scope": "personal", "procedure": procedure}
    yield Turned(on, hour, "check", "check", step="began", milliseconds=60, **common)
    if chance.random() < 0.7:
        outcome = chance.choices(("met", "not_met", "unknown"), (2, 4, 4))[0]
        yield Turned(on, hour, "check", "check", milliseconds=70, outcome=outcome, **common)
