"""One question about a pay grade at the University of Maribor: the facts, the day, the values, the way it takes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.errors import FactError
from rules.facts import PayGradeFacts, Rating
from rules.parameters import Row, View
from rules.procedures.placni_razred_um.ratings import rating_of

_MANDATE_FACTS = ("mandate_years", "director_performance_pct", "dismissed_for_fault")
_HIGHER_POST_FACTS = ("head_proposal", "systemised_post", "rector_consent")


class Way(StrEnum):
    """Each way has conditions of its own."""

    RATINGS = "ratings"
    MANDATE = "mandate"
    HIGHER_POST = "higher_post"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class PayCase:
    facts: PayGradeFacts
    on: date
    view: View
    ratings: tuple[Rating | None, ...] | None
    """Annual ratings in time order; None within the list: a percentage that falls between two bands."""
    ways: tuple[Way, ...]
    way_missing: tuple[str, ...]


def build_case(facts: PayGradeFacts, on: date, view: View) -> PayCase:
    if facts.period_started_on and facts.period_started_on > on:
        raise FactError("period_started_on", "period_not_begun", on=on)
    ratings = _ratings(facts, view.find("rating_bands"))
    if facts.absent_whole_period and (facts.annual_ratings or facts.annual_percentages):
        raise FactError("absent_whole_period", "absent_but_rated")
    years, paid = facts.mandate_years, facts.director_performance_pct
    if years is not None and paid is not None and len(paid) > years + 1:
        raise FactError("director_performance_pct", "more_years_than_mandate", years=years)
    way_missing = _way_missing(facts)
    return PayCase(facts, on, view, ratings, _ways(facts, way_missing), way_missing)


def _ways(facts: PayGradeFacts, missing: tuple[str, ...]) -> tuple[Way, ...]:
    """A fact that only one way knows, without the fact that opens the way, leaves the way unclear."""
    if missing:
        return (Way.UNCLEAR,)
    flags = ((facts.salary_group_b, Way.MANDATE), (facts.new_habilitation_title, Way.HIGHER_POST))
    return tuple(way for flag, way in flags if flag) or (Way.RATINGS,)


def _way_missing(facts: PayGradeFacts) -> tuple[str, ...]:
    missing = []
    if facts.salary_group_b is None and any(getattr(facts, n) is not None for n in _MANDATE_FACTS):
        missing.append("salary_group_b")
    if facts.new_habilitation_title is None and any(
        getattr(facts, n) is not None for n in _HIGHER_POST_FACTS
    ):
        missing.append("new_habilitation_title")
    return tuple(missing)


def _ratings(facts: PayGradeFacts, bands: Row | None) -> tuple[Rating | None, ...] | None:
    """The ratings as stated, or as the percentages give them; the two must not contradict each other."""
    if facts.annual_percentages is None or bands is None:
        return facts.annual_ratings
    derived = tuple(rating_of(percentage, bands) for percentage in facts.annual_percentages)
    if facts.annual_ratings is None:
        return derived
    stated = facts.annual_ratings
    if len(stated) != len(derived) or any(b and a is not b for a, b in zip(stated, derived, strict=True)):
        raise FactError("annual_percentages", "percentages_contradict")
    return stated
