"""The conditions of the rules of 2023, in article order."""

from rules.finding import Finding, Outcome, text
from rules.procedures import verdict
from rules.procedures.naziv import documents, filing, thresholds
from rules.procedures.naziv.case import NazivCase
from rules.regulation import Condition


def target(case: NazivCase) -> Finding | None:
    """8th to 14th and 29th article: each pair of naziv and route has its own."""
    if case.target is not None:
        return None
    row = case.view.get("any_target")
    return verdict.unknown("target", row, *case.target_missing)


def delovna_doba_years(case: NazivCase) -> Finding | None:
    """8th and 29th article: years of delovna doba."""
    return thresholds.at_least(case, "delovna_doba_years")


def niu_points(case: NazivCase) -> Finding | None:
    """8th article and the following: points for further training."""
    return thresholds.at_least(case, "niu_points")


def dsd_points(case: NazivCase) -> Finding | None:
    """8th article and the following: points for additional professional work."""
    return thresholds.at_least(case, "dsd_points")


def dsd_points_from_works_2plus(case: NazivCase) -> Finding | None:
    """Of these, from works worth two points or more."""
    return thresholds.at_least(case, "dsd_points_from_works_2plus")


def dsd_points_from_works_3plus(case: NazivCase) -> Finding | None:
    """Of these, from works worth three points or more."""
    return thresholds.at_least(case, "dsd_points_from_works_3plus")


def svetnik_under_earlier_rules(case: NazivCase) -> Finding | None:
    """28th and 29th article: svetnik was acquired under the earlier rules; the texts differ on which."""
    row, until = case.row("svetnik_certain_before"), case.row("svetnik_possible_before")
    if row is None or until is None:
        return None
    acquired = case.facts.current_naziv_acquired_on
    condition, provisions = "svetnik_under_earlier_rules", (row.provision, until.provision)
    if acquired is None:
        return verdict.unknown(condition, row, "current_naziv_acquired_on")
    values = {"acquired": acquired, "certain": row.day, "possible": until.day}
    if acquired < row.day:
        return Finding(condition, Outcome.MET, provisions, text(f"reason.{condition}.met", **values))
    open_ = acquired < until.day
    return Finding(
        condition,
        Outcome.UNKNOWN if open_ else Outcome.NOT_MET,
        provisions,
        text(f"reason.{condition}.{'open' if open_ else 'not_met'}", **values),
        needed=text("needed.look_in", provision=row.provision, contact=row.provision.act) if open_ else None,
        final=not open_,
    )


def before_deadline(case: NazivCase) -> Finding | None:
    """28th and 29th article: the special conditions end on a fixed day."""
    row = case.row("special_until")
    if row is None:
        return None
    met = case.filing.day < row.day
    # A day that is only assumed can confirm, never refuse.
    outcome = Outcome.MET if met else Outcome.UNKNOWN if case.filing.assumed else Outcome.NOT_MET
    return Finding(
        "before_deadline",
        outcome,
        (row.provision,),
        text(f"reason.before_deadline.{outcome}", until=row.day, filed=case.filing.day),
        () if met else case.filing.missing,
        final=not met,
    )


CONDITIONS: tuple[Condition, ...] = (
    filing.proposer,
    filing.worker_agrees,
    filing.self_filing_month,
    filing.head_did_not_file,
    documents.attachments,
    documents.opinion_secret_ballot,
    documents.opinion_majority,
    target,
    thresholds.current_naziv,
    thresholds.years_in_naziv,
    delovna_doba_years,
    thresholds.successful_at_work,
    niu_points,
    dsd_points,
    dsd_points_from_works_2plus,
    dsd_points_from_works_3plus,
    svetnik_under_earlier_rules,
    before_deadline,
    thresholds.remainder,
)
