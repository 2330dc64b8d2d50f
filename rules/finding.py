"""What the examination of one condition says, as keys and values; the words are in `texts`."""

from collections.abc import Iterable
from datetime import date
from enum import Enum, StrEnum
from typing import NamedTuple, TypeAlias

from rules.provision import Evidence, Provision

Value: TypeAlias = "str | int | float | bool | date | Enum | Provision | Text | tuple[Value, ...]"


_WEAKNESS = {evidence: weakness for weakness, evidence in enumerate(Evidence)}


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Text(NamedTuple):
    """A sentence by its key in the texts, with the values that go into it."""

    key: str
    values: tuple[tuple[str, Value], ...] = ()


def text(key: str, /, **values: Value) -> Text:
    return Text(key, tuple(values.items()))


class Gap(NamedTuple):
    """How much is missing to meet a numeric or dated condition."""

    fact: str
    have: float | None
    need: float | None
    lacks: float | None
    met_on: date | None
    """First day on which the condition is met, where time alone meets it."""


class Finding(NamedTuple):
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
        if len(self.provisions) == 1:
            return self.provisions[0].evidence
        return max((provision.evidence for provision in self.provisions), key=_WEAKNESS.__getitem__)


def overall(findings: Iterable[Finding]) -> Outcome:
    """Any condition not met wins, then any unknown."""
    outcomes = {finding.outcome for finding in findings}
    if Outcome.NOT_MET in outcomes:
        return Outcome.NOT_MET
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.MET
