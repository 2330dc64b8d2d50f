"""What is older than it may be kept is deleted at the start."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.storage.memory import MemoryStorage
from bot.storage.ports import Stored
from tests.support.host import running, settings

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class Watched(MemoryStorage):
    """Says when it has been pruned."""

    def __init__(self) -> None:
        super().__init__()
        self.pruned = asyncio.Event()
        self.checks = date.min

    async def prune(
        self,
        before: datetime,
        *,
        counts: date = date.min,
        gaps: date = date.min,
        checks: date = date.min,
    ) -> int:
        self.checks = checks
        gone = await super().prune(before, counts=counts, gaps=gaps, checks=checks)
        self.pruned.set()
        return gone


async def test_old_conversations_are_deleted(tmp_path: Path) -> None:
    storage = Watched()
    storage.put("old", Stored({}, 1), NOW - timedelta(days=31))
    storage.put("new", Stored({}, 1), NOW - timedelta(days=29))
    async with running(
        settings(tmp_path, retention_days=30, check_days=7), storage=storage, clock=lambda: NOW
    ):
        await asyncio.wait_for(storage.pruned.wait(), 5)
    assert await storage.load("old") is None
    assert await storage.load("new")
    assert storage.checks == date(2026, 11, 14)
