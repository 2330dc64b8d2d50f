"""The outbox in the database: a message is written with the turn that promises it, and sent afterwards.

The transactional outbox (Richardson 2018, "Microservices Patterns", section 3.3). Messages of one place are sent
in the order in which they were written; a process that dies with one in hand lets another have it when the lease
ends. Sent twice is possible only when a process dies between the channel's answer and noting it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.post import Place
from bot.storage import unsent
from bot.storage.database import Database, utc
from bot.storage.ports import Leased, OutboxMessage
from bot.storage.tables import outbox, tickets

UNSENT = outbox.c.done_at.is_(None)
_EARLIER = outbox.alias()


async def write(
    connection: AsyncConnection, database: Database, message: OutboxMessage, now: datetime
) -> None:
    """Put a message in, within the caller's transaction; one with a known key is in already."""
    content: dict[str, Any] = {"card": message.card, "text": message.text}
    if message.until:
        content["until"] = message.until.isoformat()
    statement = database.insert_or(outbox).values(
        key=message.key,
        place=message.place.key,
        address=json.dumps(message.place.to_json()),
        content=json.dumps(content, ensure_ascii=True),
        replaces=message.replaces,
        written_at=now,
        due_at=now,
        attempts=0,
        message="",
        failure="",
    )
    await connection.execute(statement.on_conflict_do_nothing(index_elements=[outbox.c.key]))


async def prune(connection: AsyncConnection, before: datetime) -> None:
    """Delete what was done with before a moment, within the caller's transaction; not where the card of a ticket is,
    which an update may still have to find."""
    of_ticket = exists().where(tickets.c.card == outbox.c.key)
    await connection.execute(delete(outbox).where(outbox.c.done_at < before, ~of_ticket))


class SqlOutbox:
    """Takes messages out one by one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take_over(self, now: datetime) -> int:
        async with self._database.transaction() as connection:
            messages = await unsent.take(connection, now)
            for message in messages:
                await write(connection, self._database, message, now)
        return len(messages)

    async def lease(self, now: datetime, until: datetime) -> Leased | None:
        """The oldest due message of a place that has no older one waiting."""
        async with self._database.transaction() as connection:
            row = (await connection.execute(_NEXT, {"now": now})).first()
            if row is None:
                return None
            taken = await connection.execute(
                update(outbox)
                .where(outbox.c.id == row.id, UNSENT, outbox.c.due_at == row.due_at)
                .values(due_at=until, attempts=row.attempts + 1)
            )
            if taken.rowcount != 1:
                return None
        try:
            return Leased(_read(row), row.attempts + 1, utc(row.written_at), row.original or "")
        except (ValueError, KeyError):
            await self.fail(row.key, "unreadable", now)
            return await self.lease(now, until)

    async def sent(self, key: str, message: str, now: datetime) -> None:
        await self._end(key, now, message=message, failure="")

    async def fail(self, key: str, reason: str, now: datetime) -> None:
        await self._end(key, now, message="", failure=reason[:60])

    async def postpone(self, key: str, until: datetime) -> None:
        async with self._database.statement() as connection:
            await connection.execute(update(outbox).where(outbox.c.key == key, UNSENT).values(due_at=until))

    async def waiting(self) -> int:
        async with self._database.statement() as connection:
            return (
                await connection.execute(select(func.count()).select_from(outbox).where(UNSENT))
            ).scalar_one()

    async def _end(self, key: str, now: datetime, **values: str) -> None:
        async with self._database.statement() as connection:
            ended = {"done_at": now, "address": "", "content": "", **values}
            await connection.execute(update(outbox).where(outbox.c.key == key, UNSENT).values(ended))


def _next() -> Any:
    """The row to take, and the id of the message that it takes the place of. Rows that another process is just
    taking are passed over."""
    original = outbox.alias()
    replaced = (
        select(original.c.message)
        .where(original.c.key == outbox.c.replaces, outbox.c.replaces != "")
        .scalar_subquery()
    )
    older = exists().where(
        _EARLIER.c.place == outbox.c.place, _EARLIER.c.id < outbox.c.id, _EARLIER.c.done_at.is_(None)
    )
    return (
        select(outbox, replaced.label("original"))
        .where(UNSENT, outbox.c.due_at <= bindparam("now", type_=outbox.c.due_at.type), ~older)
        .order_by(outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=outbox)
    )


_NEXT = _next()


def _read(row: Any) -> OutboxMessage:
    content, place = json.loads(row.content), Place.from_json(json.loads(row.address))
    until = datetime.fromisoformat(content["until"]) if "until" in content else None
    return OutboxMessage(row.key, place, content["card"], content["text"], row.replaces, until)
