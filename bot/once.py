"""Each activity is answered once, and its answer arrives, whichever process dies in between.

An activity is claimed, answered and saved with its reply, and the reply is sent; then the reply is deleted. A process
that dies before it saved holds the activity until its lease ends; another delivery that waits for that is answered.
One that dies afterwards leaves a reply that nobody holds, which the outbox of any process takes over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.dialogue.message import Message
from bot.rendering import Parts
from bot.storage.ports import LEASE, Commit, OutboxMessage, SentAnswer, Storage, StorageError

WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, *(1.0,) * 10)
"""Seconds between two looks at an activity that is in other hands; together longer than its lease."""
LOOK = 3.0
"""Seconds between two looks at what is being sent; well below the lease."""
LONGEST = timedelta(minutes=2)
"""Longer than the sender tries."""
OF_USE = timedelta(hours=12)
"""For how long a late answer is better than none."""

log = structlog.get_logger("kazipot.once")


async def claimed(
    activity: str, storage: Storage, clock: Clock, sleep: Callable[[float], Awaitable[None]]
) -> bool:
    """Take an activity in order to answer it; False when that is done.

    While it is in other hands, wait: they may be those of a process that died, and this delivery the last one.
    """
    for wait in WAITS:
        if await storage.claim(activity, clock()):
            return True
        if await storage.answered(activity):
            return False
        await sleep(wait)
    return False


def to_send(message: Message, parts: Parts, now: datetime) -> tuple[OutboxMessage, ...]:
    """The reply as messages of the outbox, in case this process does not get to send it."""
    if not (message.activity and message.place):
        return ()
    until = now + OF_USE
    return tuple(
        OutboxMessage(f"reply-{message.activity}-{n}", message.place, part.card, part.text, until=until)
        for n, part in enumerate(parts)
    )


class Underway:
    """The activities whose saved answer this process is sending, and since when."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def begin(self, activity: str | None, now: datetime) -> None:
        """The answer is saved."""
        if activity:
            self._since[activity] = now

    async def end(
        self, activity: str | None, answers: tuple[SentAnswer, ...], storage: Storage, now: datetime
    ) -> None:
        """It is sent: nothing is left to be taken over. `answers` can be rated from now on."""
        kept = self._since.pop(activity, None) if activity else None
        if not (kept or answers):
            return
        try:
            await storage.save(
                Commit("", 0, None, (), now, activity=activity if kept else None, sent=answers)
            )
        except StorageError as error:
            log.warning("sent reply not noted", error=str(error))

    async def leave(self, activity: str, storage: Storage, now: datetime) -> bool:
        """It can't be sent now: leave it to the outbox; False when that does not have it."""
        return bool(self._since.pop(activity, None) and await storage.hold((activity,), now))

    async def hold(self, storage: Storage, now: datetime) -> int:
        """Keep what takes long; what takes too long is let go."""
        for activity in [activity for activity, since in self._since.items() if now - since > LONGEST]:
            del self._since[activity]
        slow = [activity for activity, since in self._since.items() if (now - since).total_seconds() >= LOOK]
        return await storage.hold(slow, now + LEASE) if slow else 0

    async def watch(self, storage: Storage, clock: Clock) -> None:
        """Hold until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            await self.hold(storage, clock())
