"""What a turn keeps of tickets."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.board import Change
from bot.dialogue.helpdesk.draft import Draft
from bot.dialogue.helpdesk.ticket import Ticket
from bot.dialogue.post import Place


@dataclass(frozen=True, slots=True)
class DeskSet(Change):
    """The advisers work in this channel from now on."""

    place: Place


@dataclass(frozen=True, slots=True)
class TicketOpened(Change):
    """A new ticket. Its number must be the next one."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class TicketMoved(Change):
    """A ticket in its next version; the one kept must be the version before."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class TicketForgotten(Change):
    """Nothing of a ticket may stay; the one kept must be of this version."""

    number: int
    version: int


@dataclass(frozen=True, slots=True)
class DraftKept(Change):
    """A draft of an entry for the knowledge base, made from a ticket; it takes the place of an earlier one."""

    draft: Draft
