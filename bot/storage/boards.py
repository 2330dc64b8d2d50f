"""Looks up what turns need beside their conversation."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.clock import today
from bot.dialogue.board import Board, Needs
from bot.dialogue.helpdesk.desk import Desk
from bot.dialogue.helpdesk.hours import Hours
from bot.storage import reminders, tickets
from bot.storage.database import Database
from bot.storage.ports import StorageError
from bot.storage.reading import read_rows

DESK_ALONE = Needs(desk=True)
REPORT = 6.0
"""Seconds for the figures of some days: longer than other statements, shorter than a turn keeps its activity."""


class SqlBoards:
    """Boards from the database. `hours` and `answer_hours` are the advisers', as they are set."""

    def __init__(self, database: Database, hours: Hours = (), answer_hours: float = 0) -> None:
        self._database = database
        self._hours = hours
        self._answer_hours = answer_hours

    async def board(self, needs: Needs, now: datetime) -> Board:
        try:
            return await self._look(needs, now)
        except StorageError:
            if needs.report_days:  # the figures are said not to be at hand
                return Board(now)
            if needs == DESK_ALONE:  # nobody can be asked by the bot now; where people are can still be said
                return Board(now)
            raise

    async def _look(self, needs: Needs, now: datetime) -> Board:
        reports = bool(needs.report_days)
        connected = self._database.snapshot(REPORT) if reports else self._database.statement()
        async with connected as connection:
            found = await tickets.find_desk(connection) if needs.desk else None
            return Board(
                now,
                reminder=await reminders.find(connection, needs.reminder) if needs.reminder else None,
                desk=Desk(*found, self._hours, self._answer_hours) if found else None,
                ticket=await tickets.find(connection, needs.ticket) if needs.ticket else None,
                mine=await tickets.of_person(connection, needs.tickets_of) if needs.tickets_of else (),
                unanswered=await tickets.unanswered(connection) if needs.unanswered else (),
                rows=await read_rows(connection, *_days(needs, now)) if reports else None,
            )


def _days(needs: Needs, now: datetime) -> tuple[date, date]:
    last = today(now)
    return last - timedelta(days=needs.report_days - 1), last
