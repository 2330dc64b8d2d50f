"""Attempts at a database that may be away: opened before the first, left alone for a while after one that failed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import structlog

from bot.storage.ports import StorageError, VersionConflict

REST = 5.0
"""Seconds for which a failed database is left alone: turns meanwhile don't wait for it."""
PATIENCE = 2.0
"""Seconds that a turn waits for a database that is being opened: another process may be migrating it."""

log = structlog.get_logger("kazipot.storage")
T = TypeVar("T")


class StorageObserver(Protocol):
    """What is counted of storage."""

    def storage_failure(self, work: str) -> None: ...

    def storage_up(self, up: bool) -> None: ...


class Attempts:
    """Does work in a database, or raises `StorageError` before anybody has waited for long."""

    def __init__(
        self,
        open_database: Callable[[], Awaitable[None]],
        observer: StorageObserver,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_database = open_database
        self._observer = observer
        self._now = now
        self._opening: asyncio.Task[None] | None = None
        self._failed = False
        self._rest_until = float("-inf")

    async def open(self) -> None:
        """Open it, however long that takes; raises `StorageError`."""
        await self._attempt("open", _nothing, patience=None)

    async def make(self, work: str, do: Callable[[], Awaitable[T]], *, even_resting: bool = False) -> T:
        """Do it in the database, opening that first; after a failure leave it alone for a while."""
        if self._now() < self._rest_until and not even_resting:
            raise StorageError("resting")
        if self._failed:
            self._rest_until = self._now() + REST  # one goes ahead to see; the others rest on
        return await self._attempt(work, do, PATIENCE)

    async def close(self) -> None:
        """Give up an opening that is not done."""
        if self._opening:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)

    async def _attempt(self, work: str, do: Callable[[], Awaitable[T]], patience: float | None) -> T:
        try:
            await self._opened(patience)
            result = await do()
        except VersionConflict:
            raise
        except StorageError as error:
            self._failed = True
            self._rest_until = self._now() + REST
            self._observer.storage_failure(work)
            self._observer.storage_up(False)
            log.warning("database failed", work=work, error=str(error))
            raise
        if self._failed:
            log.info("database is back")
        self._failed = False
        self._rest_until = float("-inf")
        self._observer.storage_up(True)
        return result

    async def _opened(self, patience: float | None) -> None:
        """Wait until it is open, but only so long; the opening itself goes on without those who waited."""
        if self._opening is None or _in_vain(self._opening):
            self._opening = asyncio.ensure_future(self._open_database())
        if not self._opening.done():
            await asyncio.wait({self._opening}, timeout=patience)
        if not self._opening.done():
            raise StorageError("still being opened")
        self._opening.result()


def _in_vain(opening: asyncio.Task[None]) -> bool:
    """Whether an opening has ended without success."""
    return opening.done() and (opening.cancelled() or opening.exception() is not None)


async def _nothing() -> None:
    return None
