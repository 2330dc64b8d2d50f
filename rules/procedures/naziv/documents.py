"""The papers of a proposal: the attachments and the vote on the opinion."""

import math

from rules.facts import Attachment, Proposer
from rules.finding import Finding, Gap, Outcome, Text, text
from rules.parameters import Row, View
from rules.procedures.naziv.case import NazivCase, Target
from rules.procedures.verdict import is_true, text_missing, unknown


def attachments_row(view: View, target: Target, proposer: Proposer) -> Row:
    """The list for the target and the proposer; where none was read, a row that decides nothing."""
    return view.find("attachments", target.naziv, target.route, proposer) or view.get("attachments", proposer)


def attachment_name(code: Attachment, proposer: Proposer) -> Text:
    of_head = proposer is Proposer.SVET_ZAVODA and code in (Attachment.UTEMELJITEV, Attachment.MNENJE)
    return text(f"attachment.{code}_head" if of_head else f"attachment.{code}")


def attachments(case: NazivCase) -> Finding | None:
    """Every attachment that the target and the proposer ask for is there."""
    target, proposer, given = case.target, case.facts.proposer, case.facts.attachments
    if target is None:
        return None
    if proposer is None:
        row = attachments_row(case.view, target, Proposer.RAVNATELJ)
        return unknown("attachments", row, "proposer", *(() if given is not None else ("attachments",)))
    row = attachments_row(case.view, target, proposer)
    if not row.decides:
        return text_missing("attachments", row)
    required = [Attachment(code) for code in row.items]
    if given is None:
        return unknown("attachments", row, "attachments")
    return _compared(row, proposer, [code for code in required if code not in given])


def _compared(row: Row, proposer: Proposer, absent: list[Attachment]) -> Finding:
    names = tuple(attachment_name(code, proposer) for code in absent)
    needed = text("needed.attachments", names=names) if absent else None
    if any(code not in row.uncertain for code in absent):
        reason = text("reason.attachments.not_met", names=names)
        return Finding("attachments", Outcome.NOT_MET, (row.provision,), reason, needed=needed)
    if absent:
        reason = text("reason.attachments.open", names=names)
        return Finding("attachments", Outcome.UNKNOWN, (row.provision,), reason, needed=needed)
    if row.unread:
        return text_missing("attachments", row)
    return Finding("attachments", Outcome.MET, (row.provision,), text("reason.attachments.met"))


def opinion_secret_ballot(case: NazivCase) -> Finding | None:
    """The body adopts the opinion by secret ballot; a head's opinion comes from the public institute."""
    if case.of_head:
        return None
    row = case.view.get("opinion_secret_ballot")
    return is_true("opinion_secret_ballot", case.facts.opinion_secret_ballot, row)


def opinion_majority(case: NazivCase) -> Finding | None:
    """More than half of all who are entitled to vote agree, not only of those present."""
    if case.of_head:
        return None
    row, facts = case.view.get("opinion_majority"), case.facts
    if not row.decides:
        return text_missing("opinion_majority", row)
    votes, voters = facts.opinion_votes_for, facts.opinion_voters_total
    if votes is None or (voters is None and votes):
        names = ("opinion_votes_for", "opinion_voters_total")
        return unknown("opinion_majority", row, *(name for name in names if getattr(facts, name) is None))
    voters = voters or 1  # without a single vote in favour it does not matter how many may vote
    need = math.floor(voters * row.number) + 1
    met = votes >= need
    return Finding(
        "opinion_majority",
        Outcome.MET if met else Outcome.NOT_MET,
        (row.provision,),
        text(f"reason.opinion_majority.{'met' if met else 'not_met'}", votes=votes, voters=voters, need=need),
        needed=None if met else text("needed.opinion_majority", lacks=need - votes, need=need),
        gap=None if met else Gap("opinion_votes_for", votes, need, need - votes, None),
    )
