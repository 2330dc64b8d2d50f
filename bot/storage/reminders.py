"""Reminders in the database: one row for each person who asked, gone with the last message."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.post import Place
from bot.dialogue.reminders.reminder import Reminder
from bot.dialogue.reminders.words import PREFIX
from bot.storage import outbox
from bot.storage.database import Database, utc
from bot.storage.ports import OutboxMessage
from bot.storage.tables import outbox as messages
from bot.storage.tables import reminders

TOGETHER = 50
"""Reminders that one transaction moves on."""
BAD = (ValueError, KeyError, TypeError)

Decide = Callable[[Reminder, datetime], tuple[OutboxMessage | None, Reminder | None]]
"""(reminder, now) -> the message to write, and the reminder after it; None when it has ended."""

log = structlog.get_logger("kazipot.reminders")


async def keep(connection: AsyncConnection, database: Database, reminder: Reminder, now: datetime) -> None:
    """Write a reminder in the place of an earlier one, within the caller's transaction."""
    values = {**_columns(reminder), "agreed_at": now}
    statement = database.insert_or(reminders).values(key=reminder.place.key, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=[reminders.c.key], set_=values))


async def end(connection: AsyncConnection, place: str) -> None:
    """Delete a place's reminder and what it still has to be sent, within the caller's transaction."""
    await connection.execute(delete(reminders).where(reminders.c.key == place))
    await connection.execute(
        delete(messages).where(
            messages.c.place == place,
            messages.c.key.startswith(PREFIX, autoescape=True),
            messages.c.done_at.is_(None),
        )
    )


async def find(connection: AsyncConnection, place: str) -> Reminder | None:
    """The reminder of a place."""
    row = (await connection.execute(select(reminders).where(reminders.c.key == place))).first()
    try:
        return _read(row) if row else None
    except BAD:
        return None


class SqlReminders:
    """Moves reminders on. Any number of processes may."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def advance(self, now: datetime, decide: Decide) -> int:
        """Move on some of those that are due, each with its message written in the same transaction; says how many.

        Rows that another process has in hand are passed over.
        """
        due = (
            select(reminders)
            .where(reminders.c.due_at <= now)
            .order_by(reminders.c.due_at)
            .limit(TOGETHER)
            .with_for_update(skip_locked=True)
        )
        async with self._database.transaction() as connection:
            rows = (await connection.execute(due)).all()
            for row in rows:
                await self._move(connection, row, now, decide)
        return len(rows)

    async def end(self, place: str) -> None:
        """Delete the reminder of a place that is gone."""
        async with self._database.transaction() as connection:
            await end(connection, place)

    async def _move(self, connection: AsyncConnection, row: Any, now: datetime, decide: Decide) -> None:
        mine = reminders.c.key == row.key
        try:
            reminder = _read(row)
        except BAD:
            log.warning("reminder unreadable")
            await connection.execute(delete(reminders).where(mine))
            return
        message, following = decide(reminder, now)
        if message:
            await outbox.write(connection, self._database, message, now)
        if following:
            await connection.execute(update(reminders).where(mine).values(_columns(following)))
        else:
            await connection.execute(delete(reminders).where(mine))


def _columns(reminder: Reminder) -> dict[str, Any]:
    return {
        "address": json.dumps(reminder.place.to_json()),
        "locale": reminder.locale,
        "kind": reminder.kind,
        "opens_on": reminder.opens_on,
        "until": reminder.until,
        "due_at": reminder.due_at,
    }


def _read(row: Any) -> Reminder:
    place = Place.from_json(json.loads(row.address))
    return Reminder(place, row.locale, row.kind, row.opens_on, row.until, utc(row.due_at))
