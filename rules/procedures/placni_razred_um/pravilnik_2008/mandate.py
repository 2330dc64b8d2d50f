"""8th article of the rules of 2008: the return from a mandate in salary group B."""

from rules.facts import Rating
from rules.finding import Finding, Gap, Outcome, text
from rules.procedures.placni_razred_um.case import PayCase, Way
from rules.procedures.placni_razred_um.ratings import promotions, rating_of_director
from rules.procedures.verdict import met, not_met, unknown


def mandate(case: PayCase) -> Finding | None:
    """8th article: at the end of the mandate the promotions count that were possible every three years."""
    if Way.MANDATE not in case.ways:
        return None
    row, years = case.view.get("mandate_period_years"), case.facts.mandate_years
    if years is None:
        return unknown("mandate", row, "mandate_years")
    if years >= row.whole:
        reason = text("reason.mandate.met", years=years, times=years // row.whole, need=row.whole)
        return Finding("mandate", Outcome.MET, (row.provision,), reason)
    return Finding(
        "mandate",
        Outcome.NOT_MET,
        (row.provision,),
        text("reason.mandate.not_met", years=years, need=row.whole),
        needed=text("needed.mandate", lacks=row.whole - years),
        gap=Gap("mandate_years", years, row.whole, row.whole - years, None),
    )


def director_performance(case: PayCase) -> Finding | None:
    """8th article: the rating of each year of the mandate goes by the performance pay of the director."""
    if Way.MANDATE not in case.ways:
        return None
    row, paid = case.view.get("director_full_pct"), case.facts.director_performance_pct
    if paid is None:
        return unknown("director_performance", row, "director_performance_pct")
    need = case.view.get("ratings_in_a_row").whole
    ratings = _ratings(case)
    if times := promotions(ratings, need):
        reason = text("reason.director_performance.met", need=need, times=times)
        return Finding("director_performance", Outcome.MET, (row.provision,), reason)
    possible = [rating or Rating.NADPOVPRECNO for rating in ratings]
    if promotions(possible, need):
        reason = text("reason.director_performance.open", full=row.number)
        needed = text("needed.director_performance_open")
        return Finding("director_performance", Outcome.UNKNOWN, (row.provision,), reason, needed=needed)
    return Finding(
        "director_performance",
        Outcome.NOT_MET,
        (row.provision,),
        text("reason.director_performance.not_met", need=need, full=row.number),
        needed=text("needed.director_performance", need=need),
    )


def _ratings(case: PayCase) -> list[Rating | None]:
    """One rating a year; years of the mandate that are not listed are not known."""
    full = case.view.get("director_full_pct").number
    paid = case.facts.director_performance_pct or ()
    unlisted = max(0, (case.facts.mandate_years or 0) - len(paid))
    return [*(rating_of_director(pct, full) for pct in paid), *([None] * unlisted)]


def dismissal(case: PayCase) -> Finding | None:
    """8th article: who was dismissed for fault is not promoted after the mandate."""
    if Way.MANDATE not in case.ways:
        return None
    row, dismissed = case.view.get("dismissal"), case.facts.dismissed_for_fault
    if dismissed is None:
        return unknown("dismissal", row, "dismissed_for_fault")
    return not_met("dismissal", row) if dismissed else met("dismissal", row)


def times(case: PayCase) -> int:
    """How many promotions the mandate brings: by its length and by its ratings, whichever is fewer."""
    periods = (case.facts.mandate_years or 0) // case.view.get("mandate_period_years").whole
    return min(periods, promotions(_ratings(case), case.view.get("ratings_in_a_row").whole))
