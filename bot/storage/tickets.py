"""Tickets, the advisers' channel and drafts in the database."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.helpdesk.draft import Draft
from bot.dialogue.helpdesk.similar import UNANSWERED
from bot.dialogue.helpdesk.ticket import Status, Ticket
from bot.dialogue.post import Place
from bot.storage.database import MIGRATION_TIMEOUT, Database
from bot.storage.ports import VersionConflict
from bot.storage.tables import desk, drafts, tickets

ONLY = 1
"""The one row of the desk."""
MOST = 200
"""So many tickets are looked at for one turn, the newest."""
ENDED = (Status.ANSWERED.value, Status.CLOSED.value)

log = structlog.get_logger("kazipot.tickets")


async def set_desk(connection: AsyncConnection, database: Database, place: Place) -> None:
    """Name the advisers' channel; the count of tickets goes on."""
    address = json.dumps(place.to_json())
    statement = database.insert_or(desk).values(id=ONLY, address=address, last_number=0)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=[desk.c.id], set_={"address": address})
    )


async def find_desk(connection: AsyncConnection) -> tuple[Place, int] | None:
    """The advisers' channel and the number of the newest ticket; None where no channel is set."""
    row = (await connection.execute(select(desk).where(desk.c.id == ONLY))).first()
    if row is None or not row.address:
        return None
    try:
        return Place.from_json(json.loads(row.address)), row.last_number
    except (ValueError, TypeError):
        log.warning("advisers' channel unreadable")
        return None


async def open_ticket(connection: AsyncConnection, ticket: Ticket) -> None:
    """Write a new ticket; raises `VersionConflict` when its number was given meanwhile."""
    counted = await connection.execute(
        update(desk)
        .where(desk.c.id == ONLY, desk.c.last_number == ticket.number - 1)
        .values(last_number=ticket.number)
    )
    if counted.rowcount != 1:
        raise VersionConflict(f"ticket {ticket.number}")
    await connection.execute(insert(tickets).values(number=ticket.number, **_columns(ticket)))


async def move(connection: AsyncConnection, ticket: Ticket) -> None:
    """Write a ticket's next version; raises `VersionConflict` when another was written meanwhile."""
    before = and_(tickets.c.number == ticket.number, tickets.c.version == ticket.version - 1)
    written = await connection.execute(update(tickets).where(before).values(_columns(ticket)))
    if written.rowcount != 1:
        raise VersionConflict(f"ticket {ticket.number}")


async def forget(connection: AsyncConnection, number: int, version: int) -> None:
    """Delete a ticket and the draft made from it; raises `VersionConflict` when it was changed meanwhile."""
    gone = await connection.execute(
        delete(tickets).where(tickets.c.number == number, tickets.c.version == version)
    )
    if gone.rowcount != 1:
        raise VersionConflict(f"ticket {number}")
    await connection.execute(delete(drafts).where(drafts.c.ticket == number))


async def find(connection: AsyncConnection, number: int) -> Ticket | None:
    """One ticket."""
    found = await _read_all(connection, tickets.c.number == number)
    return found[0] if found else None


async def of_person(connection: AsyncConnection, asker: str) -> tuple[Ticket, ...]:
    """All tickets of a person, whatever became of them."""
    return await _read_all(connection, tickets.c.asker == asker, most=None)


async def unanswered(connection: AsyncConnection) -> tuple[Ticket, ...]:
    """The newest tickets that wait for an answer."""
    return await _read_all(connection, tickets.c.status.in_([status.value for status in UNANSWERED]))


async def keep_draft(connection: AsyncConnection, database: Database, draft: Draft, now: datetime) -> None:
    """Write a draft in the place of an earlier one of the same name."""
    values = {"ticket": draft.ticket, "text": draft.text, "written_at": now}
    statement = database.insert_or(drafts).values(name=draft.name, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=[drafts.c.name], set_=values))


class SqlHelpdesk:
    """What is done with tickets outside of turns: the commands of an operator, deleting, and exporting drafts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def channel(self) -> Place | None:
        """The advisers' channel."""
        async with self._database.statement() as connection:
            found = await find_desk(connection)
        return found[0] if found else None

    async def set(self, place: Place) -> None:
        """Name the advisers' channel."""
        async with self._database.statement() as connection:
            await set_desk(connection, self._database, place)

    async def clear(self) -> None:
        """No advisers' channel from now on; tickets stay."""
        async with self._database.statement() as connection:
            await connection.execute(update(desk).values(address=""))

    async def prune(self, before: datetime) -> int:
        """Delete tickets that were answered or closed and not touched since a moment; says how many."""
        async with self._database.transaction(MIGRATION_TIMEOUT) as connection:
            old = tickets.c.status.in_(ENDED) & (tickets.c.changed_at < before)
            gone = await connection.execute(delete(tickets).where(old))
            return int(gone.rowcount)

    async def drafts(self) -> tuple[Draft, ...]:
        """All drafts, oldest first."""
        statement = select(drafts.c.name, drafts.c.ticket, drafts.c.text).order_by(drafts.c.ticket)
        async with self._database.statement() as connection:
            return tuple(Draft(*row) for row in (await connection.execute(statement)).all())

    async def drop_draft(self, draft: Draft) -> None:
        """Delete a draft that was exported, unless it was written anew meanwhile."""
        same = and_(drafts.c.name == draft.name, drafts.c.text == draft.text)
        async with self._database.statement() as connection:
            await connection.execute(delete(drafts).where(same))


async def _read_all(connection: AsyncConnection, where: Any, most: int | None = MOST) -> tuple[Ticket, ...]:
    statement = select(tickets).where(where).order_by(tickets.c.number.desc()).limit(most)
    found = []
    for row in (await connection.execute(statement)).all():
        try:
            found.append(Ticket.from_json(json.loads(row.content)))
        except ValueError:
            log.warning("ticket unreadable", number=row.number)
    return tuple(found)


def _columns(ticket: Ticket) -> dict[str, Any]:
    return {
        "asker": ticket.asker,
        "status": ticket.status.value,
        "version": ticket.version,
        "card": ticket.card,
        "content": json.dumps(ticket.to_json(), ensure_ascii=True),
        "changed_at": ticket.changed_at,
    }
