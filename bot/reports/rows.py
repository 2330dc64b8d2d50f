"""What reports are made of: turns, ratings and unanswered questions, counted by the database. Nobody is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

QUESTION = "question"
"""The intent of what was typed to be answered."""
REPLIED = ("answer", "clarify", "no_answer")
"""How a typed question can end; whatever ended otherwise is not counted as one."""


@dataclass(frozen=True, slots=True)
class Turned:
    """Turns alike, and how many; `bot.dialogue.counting` explains the last four of their marks."""

    intent: str
    status: str
    entry: str = ""
    scope: str = "personal"
    after: str = ""
    step: str = ""
    procedure: str = ""
    outcome: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """Typed questions of one hour that ended alike. `hour` is that of a clock in Slovenia."""

    day: date
    hour: int
    status: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Took:
    """How many typed questions took so long."""

    milliseconds: int
    number: int = 1


@dataclass(frozen=True, slots=True)
class Rated:
    """Ratings, "like" or "dislike", of an entry; "" where it is not known of which."""

    entry: str
    rating: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Missing:
    """A question without an answer: "declined", or "clarified" with the nearest entry; how often in these words."""

    kind: str
    question: str
    entry: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything of the days from `first` to `last`, both included. `asked` and `took` count the same questions as
    `turns` do, by when and by how long."""

    first: date
    last: date
    turns: tuple[Turned, ...] = ()
    asked: tuple[Asked, ...] = ()
    took: tuple[Took, ...] = ()
    ratings: tuple[Rated, ...] = ()
    missing: tuple[Missing, ...] = ()
