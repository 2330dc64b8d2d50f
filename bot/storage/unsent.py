"""Replies that are saved and not yet sent: whoever saved one sends it, and when that process is gone, the outbox."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.post import Place
from bot.storage.ports import OutboxMessage
from bot.storage.tables import activities

TOGETHER = 50
"""Replies that one transaction takes over."""

log = structlog.get_logger("kazipot.storage")


def content(reply: Sequence[OutboxMessage]) -> str | None:
    """A reply as it is kept; None when there is nothing to keep."""
    if not reply:
        return None
    messages = [{"key": each.key, "card": each.card, "text": each.text} for each in reply]
    until = reply[0].until.isoformat() if reply[0].until else None
    kept = {"place": reply[0].place.to_json(), "until": until, "messages": messages}
    return json.dumps(kept, ensure_ascii=True)


async def take(connection: AsyncConnection, now: datetime) -> list[OutboxMessage]:
    """Take away some of the replies that nobody holds any more, within the caller's transaction."""
    rows = (await connection.execute(_LEFT, {"now": now})).all()
    messages: list[OutboxMessage] = []
    for row in rows:
        try:
            messages.extend(_read(row.reply))
        except (ValueError, KeyError, TypeError):
            log.warning("reply unreadable")
    if rows:
        taken = activities.c.key.in_([row.key for row in rows])
        await connection.execute(update(activities).where(taken).values(reply=None))
    return messages


_LEFT = (
    select(activities.c.key, activities.c.reply)
    .where(
        activities.c.reply.is_not(None),
        activities.c.leased_until <= bindparam("now", type_=activities.c.leased_until.type),
    )
    .order_by(activities.c.leased_until)
    .limit(TOGETHER)
    .with_for_update(skip_locked=True)
)


def _read(reply: str) -> list[OutboxMessage]:
    kept = json.loads(reply)
    place = Place.from_json(kept["place"])
    until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
    return [
        OutboxMessage(each["key"], place, each["card"], each["text"], until=until)
        for each in kept["messages"]
    ]
