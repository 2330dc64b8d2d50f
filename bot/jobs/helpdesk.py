"""What is done for the advisers by itself: old questions are deleted, drafts are written where curators find them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.dialogue.helpdesk.draft import Draft
from bot.storage.ports import StorageError

POLL = 60.0
"""Seconds between two looks."""

log = structlog.get_logger("kazipot.helpdesk")


class Helpdesk(Protocol):
    """The kept tickets and drafts."""

    async def prune(self, before: datetime) -> int:
        """Delete tickets that were ended and not touched since a moment; says how many."""

    async def drafts(self) -> tuple[Draft, ...]:
        """All drafts that were not exported yet."""

    async def drop_draft(self, draft: Draft) -> None:
        """Delete a draft that was exported."""


class HelpdeskJob:
    """Any number of processes may run one. `folder` is where drafts go; None leaves them in the database."""

    def __init__(self, helpdesk: Helpdesk, clock: Clock, days: int, folder: Path | None = None) -> None:
        self._helpdesk = helpdesk
        self._clock = clock
        self._days = timedelta(days=days)
        self._folder = folder
        self._failed = False

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.round()
            except (StorageError, OSError) as error:
                if not self._failed:
                    log.warning("work for the advisers put off", kind=type(error).__name__)
                self._failed = True
            else:
                self._failed = False
            await asyncio.sleep(POLL)

    async def round(self) -> None:
        """Delete what is old, write what is new."""
        if gone := await self._helpdesk.prune(self._clock() - self._days):
            log.info("old questions deleted", number=gone)
        if self._folder:
            written = await export(self._helpdesk, self._folder)
            if written:
                log.info("drafts written", number=len(written))


async def export(helpdesk: Helpdesk, folder: Path) -> list[Path]:
    """Write all drafts to a folder and delete them from the database; a draft on disk is never overwritten."""
    written = []
    for draft in await helpdesk.drafts():
        written.append(await asyncio.to_thread(_write, folder, draft))
        await helpdesk.drop_draft(draft)
    return written


def _write(folder: Path, draft: Draft) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path in _names(folder, draft.name):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(draft.text)
        except FileExistsError:
            if path.read_text(encoding="utf-8") == draft.text:
                return path  # written before the process was stopped
            continue
        return path
    raise AssertionError("unreachable")


def _names(folder: Path, name: str) -> Iterable[Path]:
    yield folder / f"{name}.yaml"
    yield from (folder / f"{name}-{number}.yaml" for number in count(2))
