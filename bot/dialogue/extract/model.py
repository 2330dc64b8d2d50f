"""What was understood: facts with their words, what is not known, what is ambiguous, what was corrected."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Procedure = Literal["naziv", "placni_razred_um", "points"]


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A year, or a year and a month: the day was not said and is never guessed."""

    year: int
    month: int | None = None

    @property
    def earliest(self) -> date:
        """The first day that it can mean."""
        return date(self.year, self.month or 1, 1)

    @property
    def latest(self) -> date:
        """The last day that it can mean."""
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return f"{self.year:04d}" if self.month is None else f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of a points sum, as `python -m rules points` takes it."""

    activity: str
    count: int = 1
    years: float | None = None
    hours: float | None = None
    share: float = 1.0

    def to_data(self) -> dict[str, Any]:
        """Plain data for the points calculation."""
        return {
            "activity": self.activity,
            "count": self.count,
            "years": self.years,
            "hours": self.hours,
            "share": self.share,
        }


Listed = str | float | Activity | None
Value = str | bool | int | float | date | PartialDate | tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The words that gave a fact: offsets in the text and the words themselves."""

    fact: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Words that can mean more than one fact, or one fact with more than one value."""

    facts: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Correction:
    """The person took something back: the words before and after; `fact` is None when only the text before tells."""

    fact: str | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """All that one message states. `names_works` says whether it names additional work at all, in whatever sense."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[Ambiguity, ...] = ()
    spans: tuple[Span, ...] = ()
    corrections: tuple[Correction, ...] = ()
    procedure: Procedure | None = None
    wants_check: bool = False
    names_works: bool = False
