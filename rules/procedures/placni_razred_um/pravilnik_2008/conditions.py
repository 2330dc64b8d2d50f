"""The conditions of the University's rules of 2008, in article order."""

from rules.facts import AbsenceReason, PositionChange, Rating
from rules.finding import Finding, Gap, Outcome, text
from rules.period import add_years, complete_years, years_until
from rules.procedures.placni_razred_um.case import PayCase, Way
from rules.procedures.placni_razred_um.pravilnik_2008 import mandate
from rules.procedures.placni_razred_um.ratings import Runs, runs, trailing
from rules.procedures.verdict import is_true, met, not_met, unknown
from rules.provision import Provision
from rules.regulation import Condition


def way(case: PayCase) -> Finding | None:
    """8th and 9th article: facts of a way of its own are stated, but not whether it applies."""
    if not case.way_missing:
        return None
    return unknown("way", case.view.get("way"), *case.way_missing)


def period(case: PayCase) -> Finding | None:
    """1st and 5th article: three years since the last promotion, completed in the current calendar year."""
    if Way.RATINGS not in case.ways:
        return None
    row, started = case.view.get("period_years"), case.facts.period_started_on
    if started is None:
        return unknown("period", row, "period_started_on")
    complete = add_years(started, row.number)
    if complete <= case.on:
        reason = text("reason.period.met", started=started, complete=complete)
        return Finding("period", Outcome.MET, (row.provision,), reason)
    open_ = complete.year == case.on.year
    return Finding(
        "period",
        Outcome.UNKNOWN if open_ else Outcome.NOT_MET,
        (row.provision,),
        text(f"reason.period.{'open' if open_ else 'not_met'}", started=started, complete=complete),
        needed=text("needed.period", complete=complete),
        gap=Gap(
            "period_started_on",
            complete_years(started, case.on),
            row.number,
            years_until(case.on, complete),
            complete,
        ),
    )


def student_survey(case: PayCase) -> Finding | None:
    """3rd article: defines a negative survey and attaches no consequence to it, so one leaves the matter open."""
    if Way.RATINGS not in case.ways or case.facts.absent_whole_period:
        return None
    row, negative = case.view.get("student_survey"), case.facts.student_survey_negative
    if negative is None:
        return unknown("student_survey", row, "student_survey_negative")
    if not negative:
        return met("student_survey", row)
    share, years, of = row.items
    return Finding(
        "student_survey",
        Outcome.UNKNOWN,
        (row.provision,),
        text("reason.student_survey.open", share=share, years=years, of=of),
        needed=text("needed.student_survey"),
    )


def absence(case: PayCase) -> Finding | None:
    """5th article: away for the whole period, a worker is promoted only after parental leave, then automatically."""
    if Way.RATINGS not in case.ways:
        return None
    row, absent = case.view.get("absence"), case.facts.absent_whole_period
    if absent is None and not case.ratings:
        return unknown("absence", row, "absent_whole_period")
    if not absent:
        return None
    if case.facts.absence_reason is None:
        return unknown("absence", row, "absence_reason")
    parental = case.facts.absence_reason is AbsenceReason.STARSEVSKI_DOPUST
    return met("absence", row) if parental else not_met("absence", row)


def annual_ratings(case: PayCase) -> Finding | None:
    """6th article: above average three times in a row; 5th article: an average rating may be raised."""
    if Way.RATINGS not in case.ways or case.facts.absent_whole_period:
        return None
    row, upgrade = case.view.get("ratings_in_a_row"), case.view.get("other_elements")
    if case.ratings is None:
        return unknown("annual_ratings", row, "annual_ratings")
    elements = case.facts.other_elements_above_average
    found = runs(case.ratings, row.whole, elements, upgrade.whole)
    if found.above:
        reason = text("reason.annual_ratings.met", need=row.whole)
        return Finding("annual_ratings", Outcome.MET, (row.provision,), reason)
    both = (row.provision, upgrade.provision)
    if found.upgraded:
        reason = text("reason.annual_ratings.upgraded", have=elements or 0, need=upgrade.whole)
        return Finding("annual_ratings", Outcome.MET, both, reason)
    if found.open or found.needs_elements:
        return _open_ratings(case, found, both)
    have = trailing(case.ratings)
    return Finding(
        "annual_ratings",
        Outcome.NOT_MET,
        both if Rating.POVPRECNO in case.ratings else (row.provision,),
        text("reason.annual_ratings.not_met", need=row.whole, have=have),
        needed=text("needed.annual_ratings", lacks=row.whole - have),
        gap=Gap("annual_ratings", have, row.whole, row.whole - have, None),
    )


def _open_ratings(case: PayCase, found: Runs, provisions: tuple[Provision, ...]) -> Finding:
    """The elements would tell; else a percentage lies between two bands, or too many ratings are average."""
    condition = "annual_ratings"
    if found.needs_elements:
        missing = ("other_elements_above_average",)
        reason, needed = text("reason.annual_ratings.elements"), text("needed.facts", facts=missing)
        return Finding(condition, Outcome.UNKNOWN, provisions, reason, missing, needed)
    stated = zip(case.facts.annual_percentages or (), case.ratings or (), strict=False)
    between = tuple(percentage for percentage, rating in stated if rating is None)
    reason = text("reason.annual_ratings.open")
    if between:
        reason = text("reason.annual_ratings.between_bands", percentages=between)
        provisions = (case.view.get("rating_bands").provision, *provisions)
    needed = text("needed.annual_ratings_open")
    return Finding(condition, Outcome.UNKNOWN, provisions, reason, needed=needed)


def position_change(case: PayCase) -> Finding | None:
    """7th article: a new post in the same or a lower tariff class does not interrupt the period."""
    if Way.RATINGS not in case.ways:
        return None
    row, change = case.view.get("position_change"), case.facts.position_change
    if change is None:
        return unknown("position_change", row, "position_change")
    interrupts = change is PositionChange.HIGHER_TARIFF
    return not_met("position_change", row) if interrupts else met("position_change", row)


def salary_group_b(case: PayCase) -> Finding | None:
    """8th article: who is in salary group B goes by the return from the mandate, not by the annual ratings."""
    if Way.RATINGS not in case.ways:
        return None
    row = case.view.get("salary_group_b")
    if case.facts.salary_group_b is None:
        return unknown("salary_group_b", row, "salary_group_b")
    return met("salary_group_b", row)


def head_proposal(case: PayCase) -> Finding | None:
    """9th article: the responsible person proposes the move to the higher post."""
    return _higher_post(case, "head_proposal")


def systemised_post(case: PayCase) -> Finding | None:
    """9th article: such a post is systemised."""
    return _higher_post(case, "systemised_post")


def funds_secured(case: PayCase) -> Finding | None:
    """9th article: the member has the funds."""
    return _higher_post(case, "funds_secured")


def rector_consent(case: PayCase) -> Finding | None:
    """9th article: the rector consents before the move."""
    return _higher_post(case, "rector_consent")


def _higher_post(case: PayCase, name: str) -> Finding | None:
    if Way.HIGHER_POST not in case.ways:
        return None
    return is_true(name, getattr(case.facts, name), case.view.get(name))


def two_grades(case: PayCase) -> Finding | None:
    """6th article: two grades at once; not a condition of promotion, so it stands apart."""
    if case.ways != (Way.RATINGS,) or case.facts.absent_whole_period:
        return None
    row = case.view.get("two_grades")
    values = {str(name): getattr(case.facts, str(name)) for name in row.items}
    if False in values.values():
        return not_met("two_grades", row)
    missing = [name for name, value in values.items() if value is None]
    return unknown("two_grades", row, *missing) if missing else met("two_grades", row)


def grades(case: PayCase) -> int | None:
    """How many grades a promotion brings, once all conditions are met."""
    if case.ways == (Way.RATINGS,):
        two = two_grades(case)
        upgraded = two is not None and two.outcome is Outcome.MET
        return case.view.get("grades", "two" if upgraded else "one").whole
    if case.ways == (Way.MANDATE,):
        return mandate.times(case)
    return None


CONDITIONS: tuple[Condition, ...] = (
    way,
    period,
    student_survey,
    absence,
    annual_ratings,
    position_change,
    salary_group_b,
    mandate.mandate,
    mandate.director_performance,
    mandate.dismissal,
    head_proposal,
    systemised_post,
    funds_secured,
    rector_consent,
)
