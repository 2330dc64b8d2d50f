"""What goes on beside the turns: started with the application, ended with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import date, timedelta
from typing import Any

import structlog

from bot.clock import Clock, today
from bot.dialogue.message import Message, Outcome
from bot.jobs.duties import DutyJob, Sources
from bot.rendering import rendered
from bot.reports.rows import Rows
from bot.settings import Settings
from bot.shelf import Shelf
from bot.storage.ports import Commit, OutboxMessage, Storage, StorageError
from bot.storage.reading import read_rows
from bot.storage.sql import SqlStorage
from bot.storage.tickets import SqlHelpdesk
from bot.texts import texts

PRUNE_EVERY = 3600.0
REPORT_PATIENCE = 60.0

log = structlog.get_logger("kazipot.app")


def in_background(work: Coroutine[Any, Any, None], stack: AsyncExitStack, patience: float = 0) -> None:
    """Start something that no request should wait for; at the end it gets `patience` seconds to finish."""
    task = asyncio.create_task(work)

    async def end() -> None:
        await asyncio.wait({task}, timeout=patience)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)


async def prune(settings: Settings, storage: Storage, clock: Clock) -> None:
    """Delete what is older than it may be kept, at the start and then every hour; any replica may do it."""
    while True:
        try:
            now = clock()
            gone = await storage.prune(
                now - timedelta(days=settings.retention_days),
                counts=today(now - timedelta(days=settings.count_days)),
                gaps=today(now - timedelta(days=settings.gap_days)),
                checks=today(now) - timedelta(days=settings.check_days),
            )
            log.info("old conversations deleted", number=gone)
        except StorageError as error:
            log.warning("old conversations not deleted", error=str(error))
        await asyncio.sleep(PRUNE_EVERY)


def duties(
    settings: Settings,
    database: SqlStorage,
    helpdesk: SqlHelpdesk,
    shelf: Shelf,
    storage: Storage,
    clock: Clock,
    posted: Callable[[], None],
) -> DutyJob:
    """The job that tells the advisers' channel what is due; it reads figures by statements of its own."""

    async def rows(first: date, last: date) -> Rows:
        async with database.database.snapshot(REPORT_PATIENCE) as connection:
            return await read_rows(connection, first, last)

    sources = Sources(helpdesk.channel, rows, lambda: shelf.current.base)
    return DutyJob(
        sources, storage, clock, weekly=settings.weekly_report, kept=settings.retention_days, posted=posted
    )


async def reload_for(
    message: Message,
    outcome: Outcome,
    shelf: Shelf,
    storage: Storage,
    clock: Clock,
    posted: Callable[[], None],
) -> None:
    """Read the knowledge anew and tell the curator, where they asked, how it went."""
    result = await shelf.reload()
    if message.place is None:
        return
    (part,) = rendered((result.view(texts(outcome.locale)),))
    key = f"reload-{message.activity or clock().isoformat()}"
    post = OutboxMessage(key, message.place, part.card, part.text)
    try:
        await storage.save(Commit("", 0, None, (), clock(), posts=(post,)))
    except StorageError as error:
        log.warning("curator not told", error=str(error))
    posted()
