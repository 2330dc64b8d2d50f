"""Takes what was stated out of checks that are too old, though their conversations are still kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select, update

from bot.dialogue.eligibility.forgetting import FORGOTTEN, without_facts
from bot.storage.database import MIGRATION_TIMEOUT, Database
from bot.storage.tables import conversations

BATCH = 500
_BEGUN = '"started_on": "'
"""What stands before the day on which a check began; in words that somebody typed the quotes would be escaped."""


async def forget(database: Database, before: date) -> None:
    """Forget the facts of all checks begun before a day. A turn in between is worked out again on what is left."""
    found, after = _found(database, before), ""
    while True:
        async with database.snapshot(MIGRATION_TIMEOUT) as connection:
            rows = (await connection.execute(found, {"after": after})).all()
        if rows:
            emptied = [
                {"old": row.key, "known": row.version, "left": _left(row.state, before)} for row in rows
            ]
            async with database.transaction(MIGRATION_TIMEOUT) as connection:
                await connection.execute(_EMPTY, emptied)
            after = rows[-1].key
        if len(rows) < BATCH:
            return


def _found(database: Database, before: date) -> Select[Any]:
    """Some states that hold such a check, by rising key, so that replicas that do the same don't block one another.

    What begins their day is found in the text, as they may be unreadable.
    """
    never = FORGOTTEN.isoformat()
    place = (func.instr if database.sqlite else func.strpos)(conversations.c.state, _BEGUN)
    day = case((place > 0, func.substr(conversations.c.state, place + len(_BEGUN), len(never))))
    columns = (conversations.c.key, conversations.c.version, conversations.c.state)
    old = select(*columns).where(
        conversations.c.key > bindparam("after"), day > never, day < before.isoformat()
    )
    return old.order_by(conversations.c.key).limit(BATCH)


def _left(state: str, before: date) -> str:
    """A stored state without those facts; nothing of one that doesn't fit, which is dropped with a word to the user."""
    try:
        data = json.loads(state)
        left = without_facts(data, before)
    except (ValueError, RecursionError, AttributeError):
        return "{}"
    return "{}" if left is data else json.dumps(left, ensure_ascii=True)


_EMPTY = (
    update(conversations)
    .where(conversations.c.key == bindparam("old"), conversations.c.version == bindparam("known"))
    .values(state=bindparam("left"), version=conversations.c.version + 1)
)
