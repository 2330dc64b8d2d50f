"""The conditions of the pay act of 2025, article 25: promotion by time alone, as far as it was read."""

from rules.finding import Finding, Gap, Outcome, text
from rules.period import add_years, complete_years, years_until
from rules.procedures.placni_razred_um.case import PayCase
from rules.procedures.verdict import rest_missing, text_missing, unknown
from rules.regulation import Condition


def spans(case: PayCase) -> tuple[float, float]:
    """The shortest and the longest period; which one applies goes by the grade, which no fact states."""
    years = [step_years for _, step_years in case.view.get("step_years").items]
    return min(years) * case.view.get("half_period").number, max(years)


def period(case: PayCase) -> Finding:
    """25th article: the period for promotion has run out."""
    row, started = case.view.get("step_years"), case.facts.period_started_on
    if started is None:
        return unknown("period", row, "period_started_on")
    transition = case.view.get("periods_begun_before")
    if not transition.decides and started < transition.valid_from:
        return text_missing("period_before_the_act", transition)
    shortest, longest = spans(case)
    earliest, latest = add_years(started, shortest), add_years(started, longest)
    provisions = (row.provision, case.view.get("half_period").provision)
    if latest <= case.on:
        reason = text("reason.period.met", started=started, complete=latest)
        return Finding("period", Outcome.MET, provisions, reason)
    open_ = earliest <= case.on
    return Finding(
        "period",
        Outcome.UNKNOWN if open_ else Outcome.NOT_MET,
        provisions,
        text(f"reason.period.{'by_grade' if open_ else 'too_early'}", earliest=earliest, latest=latest),
        needed=text("needed.period_by_grade"),
        gap=Gap(
            "period_started_on",
            complete_years(started, case.on),
            shortest,
            years_until(case.on, earliest),
            None if open_ else earliest,
        ),
    )


def remainder(case: PayCase) -> Finding | None:
    """25th article was not read whole, nor were the transitional provisions."""
    return rest_missing(case.view.get("remainder"))


CONDITIONS: tuple[Condition, ...] = (period, remainder)
