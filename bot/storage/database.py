"""A database to work with: one engine, bounded waits, and one kind of error. SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.storage import migrate
from bot.storage.ports import StorageError

MIGRATION_TIMEOUT = 60.0
AUTOCOMMIT: Mapping[str, Any] = {"isolation_level": "AUTOCOMMIT"}
ALONE: Mapping[str, Any] = {"begin": ""}
"""On SQLite a statement outside a transaction is one by itself; asking the driver for it would cost two trips."""
SNAPSHOT: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ"}
READING: Mapping[str, Any] = {"begin": "BEGIN"}
"""On SQLite a transaction that does not ask for the write lock sees one moment and keeps nobody from writing."""


class Database:
    """One database; its tables are brought up to date by `open`. What works on it shares its connections.

    A file of SQLite has a connection of its own for snapshots: a report keeps no turn waiting.
    """

    def __init__(self, url: str, timeout: float = 2.0, pool: int = 10) -> None:
        self._timeout = timeout
        self._url = make_url(url)
        self.sqlite = self._url.get_backend_name() == "sqlite"
        self._file = self._url.database if self.sqlite and self._url.database != ":memory:" else None
        self._engine = _sqlite_engine(url, timeout) if self.sqlite else _engine(url, timeout, pool)
        self._alone = self._engine.execution_options(**(ALONE if self.sqlite else AUTOCOMMIT))
        self._readers = _sqlite_engine(url, timeout) if self._file else self._engine
        self._reading = self._readers.execution_options(**(READING if self.sqlite else SNAPSHOT))
        self.insert_or: Any = _insert(self.sqlite)
        """`insert` of the dialect, which knows what to do on a conflict."""

    async def open(self) -> None:
        """Create what is missing; safe when several processes start at once."""
        if self._file:
            try:
                Path(self._file).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(str(error)) from error
        async with self.transaction(MIGRATION_TIMEOUT) as connection:
            await connection.run_sync(migrate.upgrade)

    async def close(self) -> None:
        """Give the connections back."""
        await self._engine.dispose()
        await self._readers.dispose()

    @asynccontextmanager
    async def statement(self, limit: float | None = None) -> AsyncIterator[AsyncConnection]:
        """A connection for single statements, each a transaction by itself."""
        async with self._bounded(limit), self._alone.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self, limit: float | None = None) -> AsyncIterator[AsyncConnection]:
        """A connection that reads: its statements all see the same moment."""
        async with self._bounded(limit), self._reading.begin() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self, limit: float | None = None) -> AsyncIterator[AsyncConnection]:
        """A connection whose statements are written together or not at all."""
        async with self._bounded(limit), self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def _bounded(self, limit: float | None) -> AsyncIterator[None]:
        """Whatever goes wrong with the database becomes a `StorageError`, in bounded time."""
        try:
            async with asyncio.timeout(limit or self._timeout):
                yield
        except TimeoutError as error:
            raise StorageError("no answer in time") from error
        except (SQLAlchemyError, OSError) as error:
            raise StorageError(type(error).__name__) from error


def utc(moment: datetime) -> datetime:
    """A stored moment with its time zone, which SQLite does not keep."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _insert(sqlite: bool) -> Any:
    """Here, because the other database's dialect would take .02 s of a start to import."""
    if sqlite:
        from sqlalchemy.dialects import sqlite as lite

        return lite.insert
    from sqlalchemy.dialects import postgresql

    return postgresql.insert


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
        if begin := connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"):
            connection.execute(text(begin))

    return engine
