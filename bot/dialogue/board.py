"""What a turn may look up and keep beside its conversation: `Needs` asks, a `Board` answers, a `Change` is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.dialogue.helpdesk.desk import Desk
from bot.dialogue.helpdesk.ticket import Ticket
from bot.dialogue.reminders.reminder import Reminder
from bot.reports.rows import Rows


@dataclass(frozen=True, slots=True)
class Needs:
    """What a message makes necessary to look up; most need nothing.

    `reminder` is the key of the place whose reminder it is about. `desk` asks for the advisers' channel, `ticket` for
    a ticket by its number, `tickets_of` for all of a person by their key, `unanswered` for all that wait for an answer,
    `report_days` for what was counted in so many days up to today.
    """

    reminder: str = ""
    desk: bool = False
    ticket: int = 0
    tickets_of: str = ""
    unanswered: bool = False
    report_days: int = 0

    def __bool__(self) -> bool:
        return self != Needs()


@dataclass(frozen=True, slots=True)
class Board:
    """What was found. `now` is the moment of the turn, in UTC."""

    now: datetime
    reminder: Reminder | None = None
    desk: Desk | None = None
    ticket: Ticket | None = None
    mine: tuple[Ticket, ...] = ()
    unanswered: tuple[Ticket, ...] = ()
    rows: Rows | None = None


NO_BOARD = Board(datetime.min.replace(tzinfo=UTC))
"""Nothing was looked up."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something to keep, saved together with the turn's state or not at all. Its kinds are its subclasses."""
