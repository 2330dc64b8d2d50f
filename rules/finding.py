"""What the examination of one condition says, as keys and values; the words are in `texts`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import TypeAlias

from rules.provision import Evidence, Provision

Value: TypeAlias = "str | int | float | bool | date | Enum | Provision | Text | tuple[Value, ...]"


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence by its key in the texts, with the values that go into it."""

    key: str
    values: tuple[tuple[str, Value], ...] = ()


def text(key: str, /, **values: Value) -> Text:
    return Text(key, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Gap:
    """How much is missing to meet a numeric or dated condition."""

    fact: str
    have: float | None
    need: float | None
    lacks: float | None
    met_on: date | None
    """First day on which the condition is met, where time alone meets it."""


@dataclass(frozen=True, slots=True)
class Finding:
    condition: str
    outcome: Outcome
    provisions: tuple[Provision, ...]
    reason: Text
    missing: tuple[str, ...] = ()
    """Facts whose absence keeps the condition unknown."""
    needed: Text | None = None
    gap: Gap | None = None
    final: bool = False
    """Not met, and neither time nor work can change that."""

    @property
    def evidence(self) -> Evidence:
        """The weakest evidence among the provisions."""
        order = list(Evidence)
        return max((p.evidence for p in self.provisions), key=order.index)


def overall(findings: Iterable[Finding]) -> Outcome:
    """Any condition not met wins, then any unknown."""
    outcomes = {finding.outcome for finding in findings}
    if Outcome.NOT_MET in outcomes:
        return Outcome.NOT_MET
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.MET
