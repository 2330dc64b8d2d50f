"""The answers under the rules of the filing day: an assessment, what is worth asking, what contradicts.

A day known only by its year is tried at both ends. Where nothing depends on it, it is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from typing import Any

from bot.dialogue.eligibility import values
from bot.dialogue.eligibility.memory import Check
from rules import Assessment, Outcome, Procedure, Rulebook, RulesError, Text, assess, next_questions
from rules.facts import Naziv, Post, Route

FILED, TARGET = "filed_on", "target_naziv"
HEAD_FILED = "head_filed"
"""What a head, whom the council proposes, is not asked."""
DELIVERY = ("delivery", "posted_on", "received_on")
_MOST_TRIES = 16


@dataclass(frozen=True, slots=True)
class Examination:
    """What the answers mean today.

    `wavering` are the conditions that turn on a day known only by its year, `inexact` the facts that hold those days;
    `counted` are the conditions that hold for every such day, only with other numbers.
    `assumed` are facts that nobody stated and that are taken for granted, in the open.
    """

    facts: Mapping[str, Any]
    assessment: Assessment
    wavering: frozenset[str]
    counted: frozenset[str]
    inexact: tuple[str, ...]
    assumed: Mapping[str, Any]
    asks: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """The outcome, unknown while it turns on an inexact day."""
        return Outcome.UNKNOWN if self.inexact else self.assessment.outcome


@dataclass(frozen=True, slots=True)
class Problem:
    """A fact that cannot be, and why."""

    fact: str
    text: Text


@dataclass(frozen=True, slots=True)
class Settled:
    """A check whose facts fit together: those that did not are taken back and named as problems."""

    check: Check
    problems: tuple[Problem, ...]
    examination: Examination | None
    """None when the day itself is covered by no regulation."""


def settle(rulebook: Rulebook, check: Check, on: date) -> Settled:
    """Examine; a fact that contradicts the others is taken back, named, and asked for again.

    Where nothing is left to be taken back, the facts stay as they are: it is the day that is covered by no regulation.
    """
    problems: list[Problem] = []
    whole = check
    while True:
        try:
            return Settled(check, tuple(problems), _examine(rulebook, check, on))
        except RulesError as error:
            fact = _blamed(check, error)
            problems.append(Problem(fact, error.text))
            smaller = _without(check, fact)
            if smaller == check:
                return Settled(whole, tuple(problems), None)
            check = smaller


def _blamed(check: Check, error: RulesError) -> str:
    """The fact to take back: the wanted naziv where the route, or the last answer, speaks for the present one."""
    surer = error.fact == "route" or (error.fact, check.last) == ("current_naziv", "current_naziv")
    if not surer or not {"current_naziv", TARGET} <= check.facts.keys():
        return error.fact
    current, target = Naziv(check.facts["current_naziv"]), Naziv(check.facts[TARGET])
    return TARGET if current.reaches(target) else error.fact


def _without(check: Check, fact: str) -> Check:
    if check.what_if:
        return replace(check, what_if={})
    if fact in check.facts:
        return check.without(fact)
    return check.without(*DELIVERY) if fact == FILED else check


def _examine(rulebook: Rulebook, check: Check, on: date) -> Examination:
    facts = _in_force(check)
    assumed = _assumed(rulebook, check, facts, on)
    facts = {**facts, **assumed}
    tries = _tries(rulebook, check.procedure, facts, on)
    exact, main = tries[0]
    wavering, counted = _turning(main, [then for _, then in tries])
    inexact = _inexact(rulebook, check.procedure, facts, exact, main, on)
    if all(then.outcome is Outcome.NOT_MET for _, then in tries):
        inexact = ()
    asks = _asks(rulebook, check, tries, inexact, on)
    return Examination(facts, main, wavering, counted, inexact, assumed, asks)


def _in_force(check: Check) -> dict[str, Any]:
    """The facts, with what is only tried out in their place."""
    facts = {**check.facts, **check.what_if}
    if FILED in check.what_if:
        facts = {name: value for name, value in facts.items() if name not in DELIVERY}
    return facts


def _assumed(rulebook: Rulebook, check: Check, facts: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The only naziv that is left; the ordinary route, unless another was stated or a naziv would be skipped."""
    if check.procedure is not Procedure.NAZIV:
        return {}
    only = None if TARGET in facts else only_target(rulebook, facts, on)
    assumed = {TARGET: only} if only else {}
    target, current = {**facts, **assumed}.get(TARGET), facts.get("current_naziv")
    if "route" in facts or target is None:
        return assumed
    order = [naziv.value for naziv in Naziv]
    if current is not None and order.index(target) - order.index(current) > 1:
        return assumed
    ordinary = Route.ORDINARY.value
    return {**assumed, "route": ordinary} if _leads_to(rulebook, ordinary, target, on) else assumed


def only_target(rulebook: Rulebook, facts: Mapping[str, Any], on: date) -> str | None:
    """The naziv above the present one that the route leads to, where there is just one: asking changes nothing."""
    order = [naziv.value for naziv in Naziv]
    higher = order[order.index(facts.get("current_naziv", Naziv.NONE.value)) + 1 :]
    routes = [facts["route"]] if "route" in facts else [route.value for route in Route]
    reached = [one for one in higher if any(_leads_to(rulebook, route, one, on) for route in routes)]
    return reached[0] if len(reached) == 1 else None


def _leads_to(rulebook: Rulebook, route: str, target: str, on: date) -> bool:
    try:
        assess(rulebook, Procedure.NAZIV, {TARGET: target, "route": route}, on)
    except RulesError:
        return False
    return True


def _tries(
    rulebook: Rulebook, procedure: Procedure, facts: Mapping[str, Any], on: date
) -> list[tuple[dict[str, Any], Assessment]]:
    """The assessment for every meaning of the inexact days, the most careful one first."""
    tried: list[tuple[dict[str, Any], Assessment]] = []
    refused: RulesError | None = None
    for exact in _exact(facts, on):
        try:
            tried.append((exact, assess(rulebook, procedure, exact, on)))
        except RulesError as error:
            refused = refused or error
    if refused and not tried:
        raise refused
    return tried


def _exact(facts: Mapping[str, Any], on: date) -> Iterator[dict[str, Any]]:
    ends = {name: _ends(name, value, on) for name, value in facts.items() if values.partial(value)}
    for chosen in islice(product(*ends.values()), _MOST_TRIES):
        yield {**facts, **dict(zip(ends, chosen, strict=True))}


def _ends(name: str, value: Any, on: date) -> tuple[str, ...]:
    """Both ends of an inexact day, the more careful one first; a day of the past is not after today."""
    known = values.partial(value)
    if known is None:
        return (value,)
    first, last = known.earliest, known.latest
    if name in {FILED, "posted_on", "received_on"}:
        return (first.isoformat(), last.isoformat())
    if first <= on < last:
        last = on
    return (last.isoformat(), first.isoformat())


def _inexact(
    rulebook: Rulebook,
    procedure: Procedure,
    facts: Mapping[str, Any],
    exact: Mapping[str, Any],
    main: Assessment,
    on: date,
) -> tuple[str, ...]:
    """The facts whose day, somewhere between its ends, changes a condition or the law."""
    found = []
    for name, value in facts.items():
        if not values.partial(value):
            continue
        for end in _ends(name, value, on):
            try:
                then = assess(rulebook, procedure, {**exact, name: end}, on)
            except RulesError:
                continue
            if _signature(then) != _signature(main):
                found.append(name)
                break
    return tuple(found)


def _turning(main: Assessment, tries: list[Assessment]) -> tuple[frozenset[str], frozenset[str]]:
    """The conditions whose outcome, and those whose numbers, turn on an inexact day."""
    outcomes, reasons = set(), set()
    for finding in main.findings:
        for then in tries:
            other = next((f for f in then.findings if f.condition == finding.condition), None)
            if other is None or other.outcome is not finding.outcome:
                outcomes.add(finding.condition)
            elif other.reason != finding.reason:
                reasons.add(finding.condition)
    return frozenset(outcomes), frozenset(reasons - outcomes)


def _signature(assessment: Assessment) -> tuple[object, ...]:
    return (assessment.regulation, tuple((f.condition, f.outcome) for f in assessment.findings))


def _asks(
    rulebook: Rulebook,
    check: Check,
    tries: list[tuple[dict[str, Any], Assessment]],
    inexact: tuple[str, ...],
    on: date,
) -> tuple[str, ...]:
    """What can still change the outcome and was not answered by "ne vem".

    The naziv comes first, since without it nothing can be said, then the inexact days.
    """
    aimless = check.procedure is Procedure.NAZIV and TARGET not in tries[0][0]
    asks = dict.fromkeys((*((TARGET,) if aimless else ()), *inexact))
    seen = set()
    for exact, assessment in tries:
        if _signature(assessment) in seen:
            continue
        seen.add(_signature(assessment))
        asks.update(dict.fromkeys(next_questions(rulebook, check.procedure, exact, on)))
    of_head = tries[0][0].get("post") == Post.RAVNATELJ.value
    return tuple(name for name in asks if name not in check.unknown and not (of_head and name == HEAD_FILED))
