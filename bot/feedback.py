"""Ratings that a channel gathers by itself: what was thought of the answer in a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import structlog

from bot.clock import Clock, today
from bot.dialogue.feedback import neat
from bot.storage.ports import Commit, Feedback, Storage, StorageError

log = structlog.get_logger("kazipot.feedback")


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating of a message of ours. `activity` and `message` are opaque keys."""

    message: str
    rating: str
    reason: str = ""
    activity: str | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    """Keeps what was thought of answers; nothing in it ever fails for the person."""

    storage: Storage
    clock: Clock
    on: date | None = None
    count: Callable[[str], None] = lambda rating: None

    async def rated(self, rated: Rated) -> None:
        """Keep a rating once, beside the entry that it is about; without one when that is no longer known."""
        now = self.clock()
        try:
            if rated.activity and not await self.storage.claim(rated.activity, now):
                return
            answer = await self.storage.sent_answer(rated.message) if rated.message else None
            entry, version = (answer.entry, answer.version) if answer else ("", "")
            given = Feedback(self.on or today(now), entry, version, rated.rating, neat(rated.reason))
            commit = Commit("", 0, None, (), now, activity=rated.activity, feedback=(given,))
            await self.storage.save(commit)
        except StorageError as error:
            log.warning("rating not kept", error=str(error))
            return
        self.count(rated.rating)
        log.info("rated", rating=rated.rating, entry=entry)
