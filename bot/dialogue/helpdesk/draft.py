"""From an adviser's answer to a draft for the knowledge base, without what could tell whose question it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.dialogue.helpdesk.ticket import Ticket
from bot.dialogue.redaction import redacted
from knowledge.drafts import draft


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of an entry: its name, the number of the ticket that it was made from, its file."""

    name: str
    ticket: int
    text: str = field(repr=False)


def of(ticket: Ticket, answer: str, on: date) -> Draft:
    """The draft from a ticket and an answer to it."""
    question, said = redacted(ticket.question), redacted(answer)
    name, text = draft(ticket.number, question, said, on, topic=ticket.topic, related=ticket.entry)
    return Draft(name, ticket.number, text)
