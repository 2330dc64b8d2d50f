"""What a turn may look up and keep beside its conversation: `Needs` asks, a `Board` answers, a `Change` is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Needs:
    """What a message makes necessary to look up; most need nothing."""

    def __bool__(self) -> bool:
        return self != Needs()


@dataclass(frozen=True, slots=True)
class Board:
    """What was found. `now` is the moment of the turn, in UTC."""

    now: datetime


NO_BOARD = Board(datetime.min.replace(tzinfo=UTC))
"""Nothing was looked up."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something to keep, saved together with the turn's state or not at all. Its kinds are its subclasses."""
