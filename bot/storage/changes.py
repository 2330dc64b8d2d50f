"""Writes what a turn keeps beside its conversation, within the turn's transaction."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.board import Change
from bot.dialogue.helpdesk.changes import DeskSet, DraftKept, TicketForgotten, TicketMoved, TicketOpened
from bot.dialogue.reminders.changes import EndReminder, KeepReminder
from bot.storage import reminders, tickets
from bot.storage.database import Database


@singledispatch
async def write(change: Change, connection: AsyncConnection, database: Database, now: datetime) -> None:
    """Write one change; its kind decides how. Raises `VersionConflict` where another turn came first."""
    raise NotImplementedError(type(change).__name__)


@write.register
async def _keep(change: KeepReminder, connection: AsyncConnection, database: Database, now: datetime) -> None:
    await reminders.keep(connection, database, change.reminder, now)


@write.register
async def _end(change: EndReminder, connection: AsyncConnection, database: Database, now: datetime) -> None:
    await reminders.end(connection, change.place)


@write.register
async def _desk(change: DeskSet, connection: AsyncConnection, database: Database, now: datetime) -> None:
    await tickets.set_desk(connection, database, change.place)


@write.register
async def _open(change: TicketOpened, connection: AsyncConnection, database: Database, now: datetime) -> None:
    await tickets.open_ticket(connection, change.ticket)


@write.register
async def _move(change: TicketMoved, connection: AsyncConnection, database: Database, now: datetime) -> None:
    await tickets.move(connection, change.ticket)


@write.register
async def _forget(
    change: TicketForgotten, connection: AsyncConnection, database: Database, now: datetime
) -> None:
    await tickets.forget(connection, change.number, change.version)


@write.register
async def _draft(change: DraftKept, connection: AsyncConnection, database: Database, now: datetime) -> None:
    await tickets.keep_draft(connection, database, change.draft, now)
