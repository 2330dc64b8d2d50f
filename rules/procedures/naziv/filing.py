"""Who files and when; the same shape in every regulation on nazivi, with the values of each."""

from datetime import date

from rules.facts import Proposer
from rules.finding import Finding, Gap, Outcome, text
from rules.parameters import Row
from rules.period import month_after, month_end
from rules.procedures.naziv.case import NazivCase
from rules.procedures.verdict import is_true, text_missing, unknown


def proposer(case: NazivCase) -> Finding:
    """The head proposes a worker; the council proposes a head."""
    facts = case.facts
    row = case.view.get("proposer", "head" if case.of_head else "worker")
    missing = [name for name in ("proposer", "post") if getattr(facts, name) is None]
    if missing:
        return unknown("proposer", row, *missing)
    if facts.proposer in row.unread:
        return text_missing("proposer", row)
    met = facts.proposer in row.items
    role = row.key.variant or ""
    return Finding(
        "proposer",
        Outcome.MET if met else Outcome.NOT_MET,
        (row.provision,),
        text(f"reason.proposer.{'met' if met else 'not_met'}_{role}", proposer=facts.proposer or ""),
        needed=None if met else text(f"needed.proposer_{role}"),
    )


def worker_agrees(case: NazivCase) -> Finding | None:
    """The head proposes in agreement with the worker."""
    if case.facts.proposer is not Proposer.RAVNATELJ:
        return None
    return is_true("worker_agrees", case.facts.worker_agrees, case.view.get("worker_agrees"))


def self_filing_month(case: NazivCase) -> Finding | None:
    """A worker who files alone may do so in certain months only."""
    if case.facts.proposer is not Proposer.STROKOVNI_DELAVEC:
        return None
    row, filing = case.view.get("self_filing_months"), case.filing
    if filing.day.month in row.items:
        closes = month_end(filing.day)
        reason = text("reason.self_filing_month.met", filed=filing.day, closes=closes)
        return Finding("self_filing_month", Outcome.MET, (row.provision,), reason)
    opens = next_opening(row, filing.day)
    # A day that is only assumed can confirm, never refuse.
    case_key = "unknown" if filing.assumed else "not_met"
    return Finding(
        "self_filing_month",
        Outcome.UNKNOWN if filing.assumed else Outcome.NOT_MET,
        (row.provision,),
        text(
            f"reason.self_filing_month.{case_key}",
            filed=filing.day,
            months=tuple(str(month) for month in months_of(row)),
        ),
        filing.missing,
        text("needed.self_filing_month", opens=opens, closes=month_end(opens)),
        Gap("filed_on", None, None, None, opens),
    )


def head_did_not_file(case: NazivCase) -> Finding | None:
    """A worker files alone only if the head did not file by the end of the month before."""
    if case.facts.proposer is not Proposer.STROKOVNI_DELAVEC:
        return None
    row, filed = case.view.get("head_filed"), case.facts.head_filed
    if filed is None:
        return unknown("head_filed", row, "head_filed")
    return Finding(
        "head_filed",
        Outcome.NOT_MET if filed else Outcome.MET,
        (row.provision,),
        text("reason.head_filed.not_met" if filed else "reason.head_filed.met"),
        needed=text("needed.head_filed") if filed else None,
    )


def next_opening(row: Row, day: date) -> date:
    """The first day of the next month in which a worker may file alone."""
    opens = month_after(day)
    while opens.month not in row.items:
        opens = month_after(opens)
    return opens


def months_of(row: Row) -> tuple[int, ...]:
    return tuple(sorted(row.items))
