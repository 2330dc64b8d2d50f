"""Which fact to ask next: one that can still change the outcome, best first. One that cannot is never asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.assess import Assessment, assess
from rules.errors import RulesError
from rules.facts import FACTS, Procedure
from rules.finding import Outcome
from rules.probes import probes
from rules.reading import read_day
from rules.rulebook import Rulebook

Facts = Mapping[str, Any]
Tries = list[tuple[Facts, Assessment]]


def next_questions(
    rulebook: Rulebook,
    procedure: str,
    facts: Facts,
    on: date | str,
    regulation: str | None = None,
) -> tuple[str, ...]:
    """The facts worth asking. First those that open or close other conditions, then the order of the catalogue."""
    now = assess(rulebook, procedure, facts, on, regulation)
    if now.outcome is not Outcome.UNKNOWN:
        return ()
    search = _Search(rulebook, now.procedure, read_day("on", on), regulation)
    reachable = search.reaches_met(facts, now)
    order = list(FACTS[now.procedure])
    ranked = []
    for name in now.missing:
        tries = search.tries(facts, name)
        if reachable or search.reaches_not_met(now, tries):
            ranked.append((not _shapes(now, tries), order.index(name), name))
    return tuple(name for _, _, name in sorted(ranked))


@dataclass(frozen=True, slots=True)
class _Search:
    """Tries values for the missing facts and looks at what follows from them."""

    rulebook: Rulebook
    procedure: Procedure
    on: date
    regulation: str | None

    def tries(self, facts: Facts, name: str) -> Tries:
        """What the fact may be, with the assessment that follows; values that contradict other facts left out."""
        tried: Tries = []
        for value in probes(FACTS[self.procedure][name], self.on):
            more = {**facts, name: value}
            try:
                tried.append((more, assess(self.rulebook, self.procedure, more, self.on, self.regulation)))
            except RulesError:
                continue
        return tried

    def reaches_not_met(self, now: Assessment, tries: Tries) -> bool:
        """Some value fails a condition, or opens one that a further fact can fail."""
        if any(then.outcome is Outcome.NOT_MET for _, then in tries):
            return True
        return any(
            self.reaches_not_met(then, self.tries(more, opened))
            for more, then in tries
            for opened in then.missing
            if opened not in now.missing
        )

    def reaches_met(self, facts: Facts, now: Assessment) -> bool:
        """All conditions can still be met: one missing fact after the other takes the first value that leads on."""
        if now.outcome is not Outcome.UNKNOWN or _blocked(now):
            return now.outcome is Outcome.MET
        order = list(FACTS[self.procedure])
        name = min(now.missing, key=order.index)
        for more, then in self.tries(facts, name):
            if then.outcome is not Outcome.NOT_MET and not _blocked(then) and name not in then.missing:
                return self.reaches_met(more, then)
        return False


def _blocked(now: Assessment) -> bool:
    """Some condition stays unknown whatever else is stated."""
    return any(finding.outcome is Outcome.UNKNOWN and not finding.missing for finding in now.findings)


def _shapes(now: Assessment, tries: Tries) -> bool:
    """The fact decides which conditions there are."""
    conditions = {finding.condition for finding in now.findings}
    return any({finding.condition for finding in then.findings} != conditions for _, then in tries)
