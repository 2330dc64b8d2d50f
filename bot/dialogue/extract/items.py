"""One word or quantity of a text, with its place and the strength of the break before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.dialogue.extract.model import PartialDate

NONE, MINOR, COMMA, SENTENCE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A day and a month, or a month alone (`day` None), without the year: context says which way to look."""

    month: int
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday is 1: the last or the next one, as context says."""

    number: int


Quantity = float | date | PartialDate | DayOfYear | Weekday | None


@dataclass(frozen=True, slots=True)
class Item:
    """A folded word, or a quantity: number, points, years, date, percent, hours, times, range, ordinal, blocked."""

    kind: str
    text: str
    start: int
    end: int
    sep: int = NONE
    value: Quantity = None
    note: str = ""
