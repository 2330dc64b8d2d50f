"""Writes reminders when they are due: a message into the outbox and the reminder moved on, together or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.dialogue.post import Post
from bot.dialogue.reminders.reminder import Reminder
from bot.rendering import rendered
from bot.storage.ports import OutboxMessage, StorageError

POLL = 30.0
"""Seconds between two looks for what is due."""

log = structlog.get_logger("kazipot.reminders")

Tell = Callable[[Reminder, datetime], tuple[Post | None, Reminder | None]]
"""(reminder, now) -> what to say, and the reminder after it; None when it has ended."""
Decide = Callable[[Reminder, datetime], tuple[OutboxMessage | None, Reminder | None]]


class Reminders(Protocol):
    """The kept reminders."""

    async def advance(self, now: datetime, decide: Decide) -> int:
        """Move on some of those that are due, with their messages, in one transaction; says how many."""


class ReminderJob:
    """Looks for what is due. Any number of processes may run one: a reminder is moved on by one of them."""

    def __init__(
        self, reminders: Reminders, tell: Tell, clock: Clock, posted: Callable[[], None] = lambda: None
    ) -> None:
        self._reminders = reminders
        self._tell = tell
        self._clock = clock
        self._posted = posted
        self._blind = False

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.round()
            except StorageError as error:
                if not self._blind:
                    log.warning("reminders not read", error=str(error))
                self._blind = True
            else:
                self._blind = False
            await asyncio.sleep(POLL)

    async def round(self) -> int:
        """Move on all that are due; says how many."""
        number = 0
        while moved := await self._reminders.advance(self._clock(), self._decide):
            number += moved
            self._posted()
        if number:
            log.info("reminders moved on", number=number)
        return number

    def _decide(self, reminder: Reminder, now: datetime) -> tuple[OutboxMessage | None, Reminder | None]:
        post, following = self._tell(reminder, now)
        if post is None:
            return None, following
        (part,) = rendered((post.view,))
        return OutboxMessage(post.key, post.place, part.card, part.text, until=post.until), following
