"""One proposal for a naziv: the facts, the filing day, the target and the values that apply to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.errors import FactError, NotCovered
from rules.facts import Delivery, Naziv, NazivFacts, Post, Proposer, Route, Workplace
from rules.parameters import Row, View
from rules.period import complete_years


@dataclass(frozen=True, slots=True)
class Filing:
    """The day on which the proposal counts as filed."""

    day: date
    missing: tuple[str, ...] = ()
    """The facts that would fix the day; while any is missing the day is only assumed."""

    @property
    def assumed(self) -> bool:
        return bool(self.missing)


@dataclass(frozen=True, slots=True)
class Target:
    naziv: Naziv
    route: Route


@dataclass(frozen=True, slots=True)
class NazivCase:
    facts: NazivFacts
    filing: Filing
    view: View
    target: Target | None
    target_missing: tuple[str, ...]
    variants: tuple[str, ...]
    """Which paragraphs of the article may apply, as far as the post and the workplace tell."""
    variant_missing: tuple[str, ...]
    target_rows: Mapping[str, tuple[Row, ...]]

    def rows(self, name: str) -> tuple[Row, ...]:
        """The rows that may apply to this target: one, or one for each variant that is possible."""
        return self.target_rows.get(name, ())

    def row(self, name: str) -> Row | None:
        rows = self.target_rows.get(name)
        return rows[0] if rows else None

    @property
    def of_head(self) -> bool:
        """Whether a head is being promoted, or the proposer tells as much."""
        if self.facts.post is None:
            return self.facts.proposer is Proposer.SVET_ZAVODA
        return self.facts.post is Post.RAVNATELJ


def filing_day(facts: NazivFacts, on: date) -> Filing:
    """Receipt; for registered mail the posting. Unknown: the day asked about, as an assumption."""
    if facts.posted_on and facts.received_on and facts.posted_on > facts.received_on:
        raise FactError("received_on", "received_before_posted", posted=facts.posted_on)
    derived, missing = _delivered(facts)
    if derived and facts.filed_on and derived != facts.filed_on:
        raise FactError("filed_on", "filed_on_contradicts", derived=derived, filed=facts.filed_on)
    day = facts.filed_on or derived
    return Filing(day) if day else Filing(on, missing)


def _delivered(facts: NazivFacts) -> tuple[date | None, tuple[str, ...]]:
    if facts.delivery is Delivery.PRIPOROCENO:
        return facts.posted_on, ("posted_on",)
    if facts.delivery is not None:
        return facts.received_on, ("received_on",)
    return None, ("delivery",) if facts.posted_on or facts.received_on else ("filed_on",)


def build_case(facts: NazivFacts, filing: Filing, view: View) -> NazivCase:
    target, target_missing = _target(facts, view)
    _check_naziv(facts, filing)
    _check_years(facts, filing)
    _check_votes(facts)
    variants, variant_missing = _variants(facts, view)
    rows = view.of_target(target.naziv, target.route, variants) if target else {}
    return NazivCase(facts, filing, view, target, target_missing, variants, variant_missing, rows)


def routes_to(view: View, naziv: Naziv) -> list[Route]:
    return [Route(row.key.route or "") for row in view.named("target") if row.key.naziv == naziv]


def read_target(view: View, naziv: Naziv, route: Route) -> Target:
    if view.find("target", naziv, route):
        return Target(naziv, route)
    routes = routes_to(view, naziv)
    if not routes:
        raise NotCovered("target_naziv", "naziv_not_covered", naziv=naziv)
    raise NotCovered("route", "pair_not_covered", naziv=naziv, route=route, choices=tuple(routes))


def _target(facts: NazivFacts, view: View) -> tuple[Target | None, tuple[str, ...]]:
    naziv, route = facts.target_naziv, facts.route
    if naziv is None:
        return None, ("target_naziv",) if route else ("target_naziv", "route")
    if route is None:
        routes = routes_to(view, naziv)
        if len(routes) > 1:
            return None, ("route",)
        route = next(iter(routes), Route.ORDINARY)
    return read_target(view, naziv, route), ()


def _check_naziv(facts: NazivFacts, filing: Filing) -> None:
    current, acquired = facts.current_naziv, facts.current_naziv_acquired_on
    if current and facts.target_naziv and current.reaches(facts.target_naziv):
        raise FactError("current_naziv", "naziv_already_held", current=current, target=facts.target_naziv)
    if current is Naziv.NONE and (acquired or facts.years_in_naziv):
        fact = "current_naziv_acquired_on" if acquired else "years_in_naziv"
        raise FactError(fact, "no_naziv_yet")
    if acquired and acquired > filing.day:
        raise FactError("current_naziv_acquired_on", "acquired_after_filing", filed=filing.day)


def _check_years(facts: NazivFacts, filing: Filing) -> None:
    acquired, years = facts.current_naziv_acquired_on, facts.years_in_naziv
    if acquired and years is not None and years > complete_years(acquired, filing.day) + 1:
        raise FactError("years_in_naziv", "years_contradict", acquired=acquired, filed=filing.day)


def _check_votes(facts: NazivFacts) -> None:
    votes, voters = facts.opinion_votes_for, facts.opinion_voters_total
    if votes is not None and voters is not None and votes > voters:
        raise FactError("opinion_votes_for", "more_votes_than_voters", votes=votes, voters=voters)


def _variants(facts: NazivFacts, view: View) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pre-school paragraph goes by the post; for a vzgojitelj also by the workplace."""
    always, in_vrtec = view.find("preschool_posts"), view.find("preschool_posts_in_vrtec")
    if always is None or in_vrtec is None:
        return ("general",), ()
    if facts.post is None:
        return ("general", "preschool"), ("post",)
    if facts.post in always.items:
        return ("preschool",), ()
    if facts.post not in in_vrtec.items:
        return ("general",), ()
    if facts.workplace is None:
        return ("general", "preschool"), ("workplace",)
    return ("preschool" if facts.workplace is Workplace.VRTEC else "general",), ()
