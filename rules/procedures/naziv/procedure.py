"""What surrounds the conditions of a naziv: attachments, days, award, assumptions."""

from collections.abc import Iterator
from datetime import date

from rules.facts import Post, Proposer
from rules.finding import Finding, Outcome, Text, text
from rules.procedures.naziv.case import NazivCase
from rules.procedures.naziv.dates import naziv_on, pay_on
from rules.procedures.naziv.documents import attachments_row
from rules.procedures.naziv.filing import next_opening

_ALWAYS = tuple(text(f"assumption.{key}") for key in ("employment", "education", "points_counted"))


def attachments(case: NazivCase) -> tuple[str, ...]:
    if case.target is None or case.facts.proposer is None:
        return ()
    row = attachments_row(case.view, case.target, case.facts.proposer)
    return tuple(row.items) if row.decides else ()


def dates(case: NazivCase) -> dict[str, date | None]:
    effective = naziv_on(case.view, case.filing.day)
    return {"filed_on": case.filing.day, "naziv_on": effective, "pay_on": pay_on(case.view, effective)}


def award(case: NazivCase, outcome: Outcome) -> dict[str, str | int]:
    if case.target is None or outcome is not Outcome.MET:
        return {}
    return {"naziv": case.target.naziv.value}


def assumptions(case: NazivCase) -> Iterator[Text]:
    """What the conditions rest on and no fact states, for the user to confirm."""
    yield from _ALWAYS
    mentor = _has_variants(case)
    if case.filing.assumed:
        yield text("assumption.filed_on", day=case.filing.day)
    if mentor and case.variants == ("preschool",):
        yield text("assumption.preschool_niu")
        if case.facts.post is Post.VZGOJITELJ:
            yield text("assumption.not_adapted_programme")
    if case.facts.proposer is Proposer.SVET_ZAVODA:
        yield text("assumption.opinion_of_institute")
    row = case.row("delovna_doba_years")
    if row is not None and row.decides:
        yield text("assumption.delovna_doba")
    if mentor:
        yield text("assumption.mentor_fourth_paragraph")


def _has_variants(case: NazivCase) -> bool:
    """The target is one whose article has a paragraph for pre-school staff."""
    return any(row.key.variant for row in case.rows("dsd_points"))


def earliest_filing(case: NazivCase, findings: tuple[Finding, ...]) -> date | None:
    """The first day on which all that time alone can meet is met and the proposer may file."""
    if any(finding.final for finding in findings):
        return None
    waits = [finding.gap.met_on for finding in findings if finding.gap and finding.gap.met_on]
    day = max([case.filing.day, *waits])
    if case.facts.proposer is Proposer.STROKOVNI_DELAVEC:
        row = case.view.get("self_filing_months")
        day = day if day.month in row.items else next_opening(row, day)
    deadline = case.row("special_until")
    return None if deadline is not None and day >= deadline.day else day
