"""One regulation: the days it covers, its dated values, its conditions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.errors import NotCovered
from rules.facts import Procedure
from rules.finding import Finding
from rules.parameters import Parameters
from rules.period import Period
from rules.provision import Evidence

Condition = Callable[[Any], Finding | None]
"""One condition: a case in, its finding out, or None where it does not apply to the case."""


@dataclass(frozen=True, slots=True)
class Regulation:
    id: str
    procedure: Procedure
    period: Period
    evidence: Evidence
    parameters: Parameters
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...] = ()
    """Keys of what every result under this regulation says."""


def in_force(regulations: Sequence[Regulation], day: date, fact: str) -> Regulation:
    """The one regulation that covers the day; a day that none covers is refused, naming the fact."""
    for regulation in regulations:
        if regulation.period.covers(day):
            return regulation
    first = min(regulation.period.start for regulation in regulations)
    raise NotCovered(fact, "day_not_covered", day=day, first=first)


def named(regulations: Sequence[Regulation], name: str) -> Regulation:
    for regulation in regulations:
        if regulation.id == name:
            return regulation
    raise NotCovered(
        "regulation", "no_such_regulation", choices=tuple(regulation.id for regulation in regulations)
    )
