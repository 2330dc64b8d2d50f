"""The conditions of the rules of 2002, in article order. What was not read stays unknown."""

from rules.finding import Finding
from rules.procedures import verdict
from rules.procedures.naziv import documents, filing, thresholds
from rules.procedures.naziv.case import NazivCase
from rules.regulation import Condition


def proposer(case: NazivCase) -> Finding:
    """Who may file; the article was not read beyond the months in which a worker may."""
    row = case.view.get("proposer")
    if case.facts.proposer is None:
        return verdict.unknown("proposer", row, "proposer")
    return verdict.text_missing("proposer", row)


def target(case: NazivCase) -> Finding | None:
    """9th to 12th article: each pair of naziv and route has its own."""
    if case.target is not None:
        return None
    return verdict.unknown("target", case.view.get("any_target"), *case.target_missing)


def niu_points(case: NazivCase) -> Finding | None:
    """9th article: points for further training."""
    return thresholds.at_least(case, "niu_points")


def dsd_points(case: NazivCase) -> Finding | None:
    """9th and 11th article: points for additional professional work."""
    return thresholds.at_least(case, "dsd_points")


def dsd_points_from_works_2plus(case: NazivCase) -> Finding | None:
    """11th article: of these, from works worth two points or more."""
    return thresholds.at_least(case, "dsd_points_from_works_2plus")


def dsd_points_from_works_3plus(case: NazivCase) -> Finding | None:
    """11th article: of these, from works worth three points or more."""
    return thresholds.at_least(case, "dsd_points_from_works_3plus")


CONDITIONS: tuple[Condition, ...] = (
    proposer,
    filing.self_filing_month,
    documents.attachments,
    documents.opinion_secret_ballot,
    documents.opinion_majority,
    target,
    thresholds.current_naziv,
    thresholds.years_in_naziv,
    thresholds.successful_at_work,
    niu_points,
    dsd_points,
    dsd_points_from_works_2plus,
    dsd_points_from_works_3plus,
    thresholds.remainder,
)
