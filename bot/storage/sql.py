"""Storage in SQLite or PostgreSQL. Every operation is one statement or one short transaction."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import String, Table, bindparam, delete, event, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.storage import migrate
from bot.storage.ports import (
    LEASE,
    Commit,
    Event,
    Feedback,
    SentAnswer,
    StorageError,
    Stored,
    VersionConflict,
)
from bot.storage.tables import activities, answers, conversations, events, feedback

MIGRATION_TIMEOUT = 60.0
AUTOCOMMIT: Mapping[str, Any] = {"isolation_level": "AUTOCOMMIT"}
ALONE: Mapping[str, Any] = {"statement_alone": True}
"""On SQLite a statement outside a transaction is one by itself; asking the driver for it would cost two trips."""

log = structlog.get_logger("kazipot.storage")


class SqlStorage:
    """One engine; its tables are brought up to date by `open`."""

    def __init__(self, url: str, timeout: float = 2.0, pool: int = 10) -> None:
        self._timeout = timeout
        self._url = make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(url, timeout) if self._sqlite else _engine(url, timeout, pool)
        self._reads = self._engine.execution_options(**(ALONE if self._sqlite else AUTOCOMMIT))
        dialect = sqlite if self._sqlite else postgresql
        self._insert_or: Any = dialect.insert
        self._claim = self._claim_statement()

    async def open(self) -> None:
        """Create what is missing; safe when several processes start at once."""
        if self._sqlite and self._url.database and self._url.database != ":memory:":
            try:
                Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(str(error)) from error
        async with self._work(MIGRATION_TIMEOUT), self._engine.begin() as connection:
            await connection.run_sync(migrate.upgrade)

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()

    async def claim(self, activity: str, now: datetime) -> bool:
        async with self._work(), self._reads.connect() as connection:
            values = {"activity": activity, "until": now + LEASE, "moment": now}
            return (await connection.execute(self._claim, values)).first() is not None

    async def release(self, activity: str) -> None:
        async with self._work(), self._reads.connect() as connection:
            await connection.execute(delete(activities).where(activities.c.key == activity))

    async def load(self, conversation: str) -> Stored | None:
        async with self._work(), self._reads.connect() as connection:
            row = (await connection.execute(_LOAD, {"conversation": conversation})).first()
        return Stored(_decoded(row.state), row.version) if row else None

    async def save(self, commit: Commit) -> None:
        async with self._work(), self._engine.begin() as connection:
            if commit.state is not None:
                await self._save_state(connection, commit, commit.state)
            if commit.events:
                await connection.execute(insert(events), [_bounded(item, events) for item in commit.events])
            if commit.feedback:
                rows = [_bounded(item, feedback) for item in commit.feedback]
                await connection.execute(insert(feedback), rows)
            if commit.sent:
                rows = [{**_bounded(item, answers), "sent_at": commit.now} for item in commit.sent]
                await connection.execute(self._insert_or(answers).on_conflict_do_nothing(), rows)
            if commit.activity:
                answered = {"leased_until": commit.now + LEASE, "answered_at": commit.now}
                statement = self._insert_or(activities).values(key=commit.activity, **answered)
                await connection.execute(
                    statement.on_conflict_do_update(index_elements=[activities.c.key], set_=answered)
                )

    async def sent_answer(self, key: str) -> SentAnswer | None:
        columns = (answers.c.key, answers.c.entry, answers.c.version)
        async with self._work(), self._reads.connect() as connection:
            row = (await connection.execute(select(*columns).where(answers.c.key == key))).first()
        return SentAnswer(*row) if row else None

    async def forget(self, conversation: str) -> None:
        async with self._work(), self._reads.connect() as connection:
            await connection.execute(delete(conversations).where(conversations.c.key == conversation))

    async def prune(self, before: datetime) -> int:
        async with self._work(MIGRATION_TIMEOUT), self._engine.begin() as connection:
            await connection.execute(delete(activities).where(activities.c.leased_until < before))
            await connection.execute(delete(answers).where(answers.c.sent_at < before))
            old = (feedback.c.day < before.date()) & (feedback.c.reason != "")
            await connection.execute(update(feedback).where(old).values(reason=""))
            gone = await connection.execute(delete(conversations).where(conversations.c.updated_at < before))
            return int(gone.rowcount)

    async def ping(self) -> None:
        async with self._work(), self._reads.connect() as connection:
            await connection.execute(select(conversations.c.version).limit(1))

    async def _save_state(
        self, connection: AsyncConnection, commit: Commit, state: Mapping[str, Any]
    ) -> None:
        encoded = json.dumps(state, ensure_ascii=True)
        if commit.expected_version == 0:
            statement = self._insert_or(conversations).values(
                key=commit.conversation, state=encoded, version=1, updated_at=commit.now
            )
            written = await connection.execute(statement.on_conflict_do_nothing())
        else:
            written = await connection.execute(
                update(conversations)
                .where(
                    conversations.c.key == commit.conversation,
                    conversations.c.version == commit.expected_version,
                )
                .values(state=encoded, version=commit.expected_version + 1, updated_at=commit.now)
            )
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

    @asynccontextmanager
    async def _work(self, limit: float | None = None) -> AsyncIterator[None]:
        """Whatever goes wrong with the database becomes a `StorageError`, in bounded time."""
        try:
            async with asyncio.timeout(limit or self._timeout):
                yield
        except TimeoutError as error:
            raise StorageError("no answer in time") from error
        except (SQLAlchemyError, OSError) as error:
            raise StorageError(type(error).__name__) from error


_LOAD = select(conversations.c.state, conversations.c.version).where(
    conversations.c.key == bindparam("conversation")
)


def _decoded(state: str) -> Mapping[str, Any]:
    """The stored state; empty when it can't be read, which drops it with a word to the user."""
    try:
        data = json.loads(state)
    except (ValueError, RecursionError):
        log.warning("state unreadable")
        return {}
    return data if isinstance(data, dict) else {}


def _bounded(item: Event | Feedback | SentAnswer, table: Table) -> dict[str, Any]:
    """The item's columns, cut to what they hold: a long name must not cost the whole turn."""
    values = asdict(item)
    for column in table.columns:
        if column.name in values and isinstance(column.type, String) and column.type.length:
            values[column.name] = str(values[column.name])[: column.type.length]
    return values


def _engine(url: str, timeout: float, pool: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=timeout,
        pool_pre_ping=False,
        pool_recycle=1800,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"timeout": timeout, "command_timeout": MIGRATION_TIMEOUT},
    )


def _sqlite_engine(url: str, timeout: float) -> AsyncEngine:
    """One connection, whose users wait in line: SQLite has one writer, and waiting for its lock is slow.

    Transactions begin with the write lock, so none fails half-way for want of it.
    """
    engine = create_async_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=timeout,
        hide_parameters=True,
        connect_args={"timeout": timeout},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:
        if not connection.get_execution_options().get("statement_alone"):
            connection.execute(text("BEGIN IMMEDIATE"))

    return engine
