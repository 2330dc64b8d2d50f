"""Storage in SQLite or PostgreSQL. Every operation is one statement or one short transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import String, Table, bindparam, delete, false, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import changes, outbox, reminders, unsent
from bot.storage import checks as old_checks
from bot.storage.database import MIGRATION_TIMEOUT, Database
from bot.storage.ports import (
    LEASE,
    Commit,
    Event,
    Feedback,
    GapFound,
    SentAnswer,
    Stored,
    VersionConflict,
)
from bot.storage.tables import activities, answers, conversations, events, feedback
from bot.storage.tables import gaps as gaps_table

log = structlog.get_logger("kazipot.storage")


class SqlStorage:
    """Conversations, activities, events, answers and ratings; and all that a turn keeps beside them."""

    def __init__(self, url: str, timeout: float = 2.0, pool: int = 10) -> None:
        self.database = Database(url, timeout, pool)
        self._insert_or = self.database.insert_or
        self._claim = self._claim_statement()
        self._answer = self._answer_statement()
        first = self._insert_or(conversations).values(key=bindparam("conversation"), **_STATE)
        self._first = first.on_conflict_do_nothing()
        self._rated = self._insert_or(answers).on_conflict_do_nothing()

    async def open(self) -> None:
        """Create what is missing; safe when several processes start at once."""
        await self.database.open()

    async def close(self) -> None:
        """Give the connections back."""
        await self.database.close()

    async def claim(self, activity: str, now: datetime) -> bool:
        async with self.database.statement() as connection:
            values = {"activity": activity, "until": now + LEASE, "moment": now}
            return (await connection.execute(self._claim, values)).first() is not None

    async def release(self, activity: str) -> None:
        async with self.database.statement() as connection:
            await connection.execute(delete(activities).where(activities.c.key == activity))

    async def load(self, conversation: str) -> Stored | None:
        async with self.database.statement() as connection:
            row = (await connection.execute(_LOAD, {"conversation": conversation})).first()
        return Stored(_decoded(row.state), row.version) if row else None

    async def answered(self, activity: str) -> bool:
        async with self.database.statement() as connection:
            found = await connection.execute(_ANSWERED, {"activity": activity})
            return found.scalar_one_or_none() is not None

    async def hold(self, activities: Collection[str], until: datetime) -> int:
        async with self.database.statement() as connection:
            held = await connection.execute(_HOLD, {"activities": list(activities), "until": until})
            return int(held.rowcount)

    async def save(self, commit: Commit) -> None:
        if commit.activity and commit == _only_answered(commit):
            async with self.database.statement() as connection:
                await connection.execute(self._answer, _answered(commit))
            return
        async with self.database.transaction() as connection:
            if commit.state is not None:
                await self._save_state(connection, commit, commit.state)
            if commit.events:
                await connection.execute(_EVENT, [_bounded(item, events) for item in commit.events])
            if commit.feedback:
                rows = [_bounded(item, feedback) for item in commit.feedback]
                await connection.execute(insert(feedback), rows)
            if commit.gaps:
                await connection.execute(
                    insert(gaps_table), [_bounded(item, gaps_table) for item in commit.gaps]
                )
            if commit.sent:
                rows = [{**_bounded(item, answers), "sent_at": commit.now} for item in commit.sent]
                await connection.execute(self._rated, rows)
            for post in commit.posts:
                await outbox.write(connection, self.database, post, commit.now)
            for change in commit.changes:
                await changes.write(change, connection, self.database, commit.now)
            if commit.activity:
                await connection.execute(self._answer, _answered(commit))

    async def sent_answer(self, key: str) -> SentAnswer | None:
        columns = (answers.c.key, answers.c.entry, answers.c.version)
        async with self.database.statement() as connection:
            row = (await connection.execute(select(*columns).where(answers.c.key == key))).first()
        return SentAnswer(*row) if row else None

    async def forget(self, conversation: str) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(delete(conversations).where(conversations.c.key == conversation))
            await reminders.end(connection, conversation)  # a private chat has one key as a place, too

    async def prune(
        self,
        before: datetime,
        *,
        counts: date = date.min,
        gaps: date = date.min,
        checks: date = date.min,
    ) -> int:
        async with self.database.transaction(MIGRATION_TIMEOUT) as connection:
            await connection.execute(delete(activities).where(activities.c.leased_until < before))
            await connection.execute(delete(answers).where(answers.c.sent_at < before))
            await outbox.prune(connection, before)
            old = (feedback.c.day < before.date()) & (feedback.c.reason != "")
            await connection.execute(update(feedback).where(old).values(reason=""))
            await connection.execute(delete(feedback).where(feedback.c.day < counts))
            await connection.execute(delete(events).where(events.c.day < counts))
            await connection.execute(delete(gaps_table).where(gaps_table.c.day < gaps))
            gone = await connection.execute(delete(conversations).where(conversations.c.updated_at < before))
        await old_checks.forget(self.database, checks)
        return int(gone.rowcount)

    async def ping(self) -> None:
        """Asks for a write that changes nothing: a database that only lets itself be read is of no use."""
        async with self.database.transaction() as connection:
            await connection.execute(update(conversations).where(false()).values(version=0))

    async def _save_state(
        self, connection: AsyncConnection, commit: Commit, state: Mapping[str, Any]
    ) -> None:
        encoded = json.dumps(state, ensure_ascii=True)
        values = {
            "conversation": commit.conversation,
            "known": commit.expected_version,
            "new_state": encoded,
            "new_version": commit.expected_version + 1,
            "moment": commit.now,
        }
        if commit.expected_version == 0:
            del values["known"]
            written = await connection.execute(self._first, values)
        else:
            written = await connection.execute(_NEXT, values)
        if written.rowcount != 1:
            raise VersionConflict(commit.conversation)

    def _claim_statement(self) -> Any:
        """One statement takes a free or abandoned activity and returns a row only to the taker."""
        statement = self._insert_or(activities).values(
            key=bindparam("activity"), leased_until=bindparam("until")
        )
        return statement.on_conflict_do_update(
            index_elements=[activities.c.key],
            set_={"leased_until": bindparam("until")},
            where=activities.c.answered_at.is_(None)
            & (activities.c.leased_until <= bindparam("moment", type_=activities.c.leased_until.type)),
        ).returning(activities.c.key)

    def _answer_statement(self) -> Any:
        """Marks an activity as answered, whether or not it was claimed here."""
        columns = ("leased_until", "answered_at", "reply")
        values = {name: bindparam(f"new_{name}", type_=activities.c[name].type) for name in columns}
        statement = self._insert_or(activities).values(key=bindparam("activity"), **values)
        return statement.on_conflict_do_update(index_elements=[activities.c.key], set_=values)


_LOAD = select(conversations.c.state, conversations.c.version).where(
    conversations.c.key == bindparam("conversation")
)
_STATE = {
    "state": bindparam("new_state", type_=conversations.c.state.type),
    "version": bindparam("new_version", type_=conversations.c.version.type),
    "updated_at": bindparam("moment", type_=conversations.c.updated_at.type),
}
_NEXT = (
    update(conversations)
    .where(
        conversations.c.key == bindparam("conversation"),
        conversations.c.version == bindparam("known", type_=conversations.c.version.type),
    )
    .values(_STATE)
)
_EVENT = insert(events)
_ANSWERED = select(activities.c.answered_at).where(activities.c.key == bindparam("activity"))
_HOLD = (
    update(activities)
    .where(activities.c.key.in_(bindparam("activities", expanding=True)), activities.c.reply.is_not(None))
    .values(leased_until=bindparam("until", type_=activities.c.leased_until.type))
)


def _answered(commit: Commit) -> dict[str, Any]:
    return {
        "activity": commit.activity,
        "new_leased_until": commit.now + LEASE,
        "new_answered_at": commit.now,
        "new_reply": unsent.content(commit.reply),
    }


def _only_answered(commit: Commit) -> Commit:
    """The commit that says nothing but that its activity was answered: one statement."""
    return Commit("", 0, None, (), commit.now, activity=commit.activity)


def _decoded(state: str) -> Mapping[str, Any]:
    """The stored state; empty when it can't be read, which drops it with a word to the user."""
    try:
        data = json.loads(state)
    except (ValueError, RecursionError):
        log.warning("state unreadable")
        return {}
    return data if isinstance(data, dict) else {}


def _bounded(item: Event | Feedback | GapFound | SentAnswer, table: Table) -> dict[str, Any]:
    """The item's columns, cut to what they hold: a long name must not cost the whole turn."""
    values = asdict(item)
    for column in table.columns:
        if column.name in values and isinstance(column.type, String) and column.type.length:
            values[column.name] = str(values[column.name])[: column.type.length]
    return values
