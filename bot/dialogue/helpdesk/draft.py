"""From an adviser's answer to a draft for the knowledge base, without what could tell whose question it was."""

from __future__ import annotations

from datetime import date

from bot.dialogue.helpdesk.ticket import Ticket
from bot.dialogue.redaction import redacted
from knowledge.drafts import draft


def of(ticket: Ticket, answer: str, on: date) -> tuple[str, str]:
    """The name and the file of the draft."""
    question, said = redacted(ticket.question), redacted(answer)
    return draft(ticket.number, question, said, on, topic=ticket.topic, related=ticket.entry)
