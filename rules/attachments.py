"""The checklist of attachments for a naziv, a route and a proposer."""

from dataclasses import dataclass
from datetime import date

from rules.errors import NotCovered
from rules.facts import Attachment, Naziv, Procedure, Proposer, Route
from rules.finding import Text
from rules.procedures.naziv.case import read_target
from rules.procedures.naziv.documents import attachment_name, attachments_row
from rules.provision import Provision
from rules.reading import read_choice, read_day
from rules.regulation import in_force
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class AttachmentItem:
    code: Attachment
    name: Text
    provision: Provision
    established: bool
    """False: by analogy only; the text read does not name it for this proposer."""


def attachments_for(
    rulebook: Rulebook, naziv: str, route: str, proposer: str, on: date | str | None = None
) -> tuple[AttachmentItem, ...]:
    """For the filing day; without one by the newest regulation, since this package knows no today."""
    newest = max(regulation.period.start for regulation in rulebook.regulations[Procedure.NAZIV])
    day = newest if on is None else read_day("on", on)
    regulation = in_force(rulebook.regulations[Procedure.NAZIV], day, "on")
    view = regulation.parameters.on(day)
    target = read_target(view, read_choice("naziv", Naziv, naziv), read_choice("route", Route, route))
    who = read_choice("proposer", Proposer, proposer)
    row = attachments_row(view, target, who)
    if not row.decides:
        raise NotCovered("proposer", "attachments_not_read", proposer=who, day=day)
    return tuple(
        AttachmentItem(
            Attachment(code), attachment_name(Attachment(code), who), row.provision, code not in row.uncertain
        )
        for code in row.items
    )
