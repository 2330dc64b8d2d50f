"""What the advisers' channel gets by itself: each month what is to be reviewed, each week the figures if wanted.

Every replica may do it at once: a message is saved under the key of its month or week, and one of each key is sent.
"""

from __future__ import annotations

import asyncio
from calendar import monthrange
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from bot.clock import Clock, local_time
from bot.dialogue.helpdesk.words import ADVISERS_LOCALE
from bot.dialogue.post import Place
from bot.rendering import rendered
from bot.reports.rows import Rows
from bot.storage.ports import Commit, OutboxMessage, Storage, StorageError
from bot.texts import texts
from cards.views import View
from knowledge.loader import Base

POLL = 1800.0
FROM_HOUR = 7
LATEST = 7
"""The day of the month after which the list of that month is no longer sent."""

log = structlog.get_logger("kazipot.duties")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the job takes what it needs: the channel, the rows of some days, the base that is answered from."""

    channel: Callable[[], Awaitable[Place | None]]
    rows: Callable[[date, date], Awaitable[Rows]]
    base: Callable[[], Base | None]


class DutyJob:
    """Looks from time to time whether something is due. `kept` is for how many days sent messages are remembered: a
    message is only due for so long, so that it can't be sent again once it is forgotten."""

    def __init__(
        self,
        sources: Sources,
        storage: Storage,
        clock: Clock,
        *,
        weekly: bool = False,
        kept: int = 30,
        posted: Callable[[], None] = lambda: None,
    ) -> None:
        self._sources = sources
        self._storage = storage
        self._clock = clock
        self._weekly = weekly
        self._kept = kept
        self._posted = posted
        self._done: set[str] = set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.round()
            except StorageError as error:
                log.warning("the advisers' channel not served", error=str(error))
            await asyncio.sleep(POLL)

    async def round(self) -> int:
        """Write what is due now; says how many messages."""
        local = local_time(self._clock())
        if local.hour < FROM_HOUR:
            return 0
        on = local.date()
        written = 0
        if on.day <= min(LATEST, self._kept):
            written += await self._once(f"due-{on:%Y-%m}", lambda base: _due(base, on))
        if self._weekly and on.weekday() < min(5, self._kept):
            year, week, _ = on.isocalendar()
            written += await self._once(f"week-{year}-{week:02}", lambda base: self._week(base, on))
        return written

    async def _once(self, key: str, view: Callable[[Base], Awaitable[View | None]]) -> int:
        base = self._sources.base()
        if key in self._done or base is None:
            return 0
        place = await self._sources.channel()
        if place is None:
            return 0
        shown = await view(base)
        if shown is not None:
            (part,) = rendered((shown,))
            message = OutboxMessage(key, place, part.card, part.text)
            await self._storage.save(Commit("", 0, None, (), self._clock(), posts=(message,)))
            self._posted()
        self._done.add(key)
        log.info("done for the advisers' channel", key=key, message=shown is not None)
        return int(shown is not None)

    async def _week(self, base: Base, on: date) -> View:
        from bot.reports.card import card_of  # here, because it is weekly: .01 s of a start

        monday = on - timedelta(days=on.weekday() + 7)
        rows = await self._sources.rows(monday, monday + timedelta(days=6))
        return card_of(rows, base, texts(ADVISERS_LOCALE))


async def _due(base: Base, on: date) -> View | None:
    from bot.reports.due import due_view  # here, because it is monthly

    last = on.replace(day=monthrange(on.year, on.month)[1])
    return due_view(base, last, texts(ADVISERS_LOCALE))
