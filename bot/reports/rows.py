"""What reports are made of: what was counted of turns, ratings and questions without an answer. Nobody is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Turned:
    """One turn. `hour` is that of a clock in Slovenia; the rest is explained in `bot.dialogue.counting`."""

    day: date
    hour: int
    intent: str
    status: str
    entry: str = ""
    scope: str = "personal"
    milliseconds: int = 0
    after: str = ""
    step: str = ""
    procedure: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating, "like" or "dislike", of an entry; "" where it is not known of which."""

    day: date
    entry: str
    rating: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One question without an answer: "declined", or "clarified" with the nearest entry."""

    day: date
    kind: str
    question: str
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything of the days from `first` to `last`, both included."""

    first: date
    last: date
    turns: tuple[Turned, ...] = ()
    ratings: tuple[Rated, ...] = ()
    missing: tuple[Missing, ...] = ()
