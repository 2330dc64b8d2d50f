"""What surrounds the conditions of a pay grade: days, grades, assumptions."""

from collections.abc import Iterator
from datetime import date

from rules.finding import Finding, Outcome, Text, text
from rules.parameters import Row
from rules.period import add_years
from rules.procedures.placni_razred_um.case import PayCase, Way
from rules.procedures.placni_razred_um.pravilnik_2008 import conditions as rules_of_2008
from rules.procedures.placni_razred_um.zstspjs_2025 import conditions as pay_act


def dates(case: PayCase) -> dict[str, date | None]:
    if case.view.find("step_years"):
        return _dates_of_pay_act(case)
    if Way.RATINGS not in case.ways:
        return {}
    check, pay = case.view.get("check_by"), case.view.get("pay_from")
    if not (check.decides and pay.decides):
        return {"check_by": None, "pay_on": None}
    check_by = _next(check, _first_day(case))
    month, day = pay.items
    return {"check_by": check_by, "pay_on": date(check_by.year, month, day)}


def _first_day(case: PayCase) -> date:
    """The day asked about; where the period ends in a later year, the first day of that year."""
    years, started = case.view.find("period_years"), case.facts.period_started_on
    if years is None or started is None:
        return case.on
    return max(case.on, add_years(started, years.number).replace(month=1, day=1))


def _next(row: Row, day: date) -> date:
    month, month_day = row.items
    this_year = date(day.year, month, month_day)
    return this_year if day <= this_year else date(day.year + 1, month, month_day)


def _dates_of_pay_act(case: PayCase) -> dict[str, date | None]:
    """The span in which the period ends, and the pay day where the text read names one."""
    started = case.facts.period_started_on
    if started is None or started < case.view.get("step_years").valid_from:
        return {"pay_on": None}
    shortest, longest = pay_act.spans(case)
    earliest, latest = add_years(started, shortest), add_years(started, longest)
    return {
        "earliest_on": earliest,
        "latest_on": latest,
        "pay_on_if_earliest": _effective(case, earliest),
        "pay_on_if_latest": _effective(case, latest),
    }


def _effective(case: PayCase, completed: date) -> date | None:
    (from_month, from_day), (month, day) = case.view.get("effective_first").items
    if completed <= date(completed.year, month, day):
        return date(completed.year, month, day)
    if completed >= date(completed.year, from_month, from_day):
        return date(completed.year + 1, month, day)
    return None


def award(case: PayCase, outcome: Outcome) -> dict[str, str | int]:
    if outcome is not Outcome.MET:
        return {}
    if not case.view.find("two_grades"):
        return {"grades": case.view.get("grades", "one").whole}
    grades = rules_of_2008.grades(case)
    return {} if grades is None else {"grades": grades}


def options(case: PayCase) -> tuple[Finding, ...]:
    """What more is possible and is no condition."""
    two = rules_of_2008.two_grades(case) if case.view.find("two_grades") else None
    return (two,) if two else ()


def assumptions(case: PayCase) -> Iterator[Text]:
    yield text("assumption.employed_at_university")
    if case.view.find("step_years"):
        yield text("assumption.top_grade_not_reached")
        yield text("assumption.grade_not_stated")
    elif Way.MANDATE in case.ways:
        yield text("assumption.mandate_ended")
        yield text("assumption.highest_grade_of_post")
    elif Way.HIGHER_POST in case.ways:
        yield text("assumption.new_period_starts")
    else:
        yield text("assumption.ratings_of_this_period")
        if case.facts.other_elements_above_average:
            yield text("assumption.rating_raised")
