"""The store that the turn works with: the database, and memory while the database fails."""

from __future__ import annotations

import itertools
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

import structlog

from bot.clock import system_clock
from bot.storage.attempts import Attempts, StorageObserver
from bot.storage.memory import MemoryStorage
from bot.storage.ports import (
    Commit,
    Event,
    Feedback,
    GapFound,
    SentAnswer,
    Storage,
    StorageError,
    Stored,
    VersionConflict,
)

SPARE = 5_000
BACKLOG = 10_000
OFFLINE = 1_000_000_000
"""Versions given in memory begin here, so that none is ever taken for one of the database."""

log = structlog.get_logger("kazipot.storage")


class Database(Storage, Protocol):
    """A store that has to be opened before it works."""

    async def open(self) -> None:
        """Make it ready; raises `StorageError`."""


class ResilientStorage:
    """Never fails a turn that only answers: what was written to memory is moved to the database at the next save.
    What others wait for (posts, changes) is refused meanwhile.

    `_ahead` holds the conversations whose newest state is in memory only.
    """

    def __init__(
        self,
        database: Database,
        observer: StorageObserver,
        now: Callable[[], float] = time.monotonic,
        spare: int = SPARE,
    ) -> None:
        self._database = database
        self._attempts = Attempts(database.open, observer, now)
        self._spare = MemoryStorage(spare)
        self._ahead: OrderedDict[str, None] = OrderedDict()
        self._limit = spare
        self._backlog: deque[Event | Feedback | GapFound] = deque(maxlen=BACKLOG)
        self._versions = itertools.count(OFFLINE)

    async def start(self) -> None:
        """Open the database; without it the bot starts all the same."""
        try:
            await self._attempts.open()
        except StorageError as error:
            log.error("database not ready", error=str(error))

    async def close(self) -> None:
        """Wait no longer for a database that is being opened."""
        await self._attempts.close()

    async def claim(self, activity: str, now: datetime) -> bool:
        if not await self._spare.claim(activity, now):
            return False
        try:
            taken = await self._attempts.make("claim", lambda: self._database.claim(activity, now))
        except StorageError:
            return True
        if not taken:
            await self._spare.release(
                activity
            )  # another process has it; should that one die, ask the database again
        return taken

    async def release(self, activity: str) -> None:
        await self._spare.release(activity)
        try:
            await self._attempts.make("release", lambda: self._database.release(activity))
        except StorageError:
            return

    async def answered(self, activity: str) -> bool:
        if await self._spare.answered(activity):
            return True
        try:
            return await self._attempts.make("answered", lambda: self._database.answered(activity))
        except StorageError:
            return False

    async def hold(self, activities: Collection[str], until: datetime) -> int:
        """Nothing is held while the database is away: nobody else can take it over then."""
        try:
            return await self._attempts.make("hold", lambda: self._database.hold(activities, until))
        except StorageError:
            return 0

    async def load(self, conversation: str) -> Stored | None:
        if conversation in self._ahead:
            return await self._spare.load(conversation)
        try:
            stored = await self._attempts.make("load", lambda: self._database.load(conversation))
        except StorageError:
            return await self._spare.load(conversation)
        if stored:
            await self._remember(conversation, stored)
        return stored

    async def save(self, commit: Commit) -> None:
        try:
            await self._attempts.make("save", lambda: self._save_database(commit))
        except VersionConflict:
            raise
        except StorageError:
            if commit.must_last:
                raise
            await self._save_spare(commit)

    async def sent_answer(self, key: str) -> SentAnswer | None:
        try:
            found = await self._attempts.make("sent_answer", lambda: self._database.sent_answer(key))
        except StorageError:
            found = None
        return found or await self._spare.sent_answer(key)

    async def forget(self, conversation: str) -> None:
        await self._spare.forget(conversation)
        self._ahead.pop(conversation, None)
        await self._attempts.make("forget", lambda: self._database.forget(conversation))

    async def prune(
        self,
        before: datetime,
        *,
        counts: date = date.min,
        gaps: date = date.min,
        checks: date = date.min,
    ) -> int:
        await self._spare.prune(before, counts=counts, gaps=gaps, checks=checks)
        self._backlog = deque(
            (item for item in self._backlog if item.day >= (gaps if isinstance(item, GapFound) else counts)),
            maxlen=BACKLOG,
        )
        return await self._attempts.make(
            "prune", lambda: self._database.prune(before, counts=counts, gaps=gaps, checks=checks)
        )

    async def ping(self) -> None:
        """Asks the database itself, resting or not; an answer ends the rest."""
        await self._attempts.make("ping", self._database.ping, even_resting=True)

    async def _save_database(self, commit: Commit) -> None:
        """Save with what memory is ahead by: what was counted, and its state over the database's older one."""
        version = commit.expected_version
        if commit.conversation in self._ahead and commit.state is not None:
            await self._check_spare(commit)
            older = await self._database.load(commit.conversation)
            version = older.version if older else 0
        waiting = tuple(self._backlog)
        self._backlog.clear()
        try:
            await self._database.save(_with_waiting(replace(commit, expected_version=version), waiting))
        except BaseException:
            self._backlog.extendleft(reversed(waiting))
            raise
        if commit.state is not None:
            self._ahead.pop(commit.conversation, None)
            self._spare.put(commit.conversation, Stored(commit.state, version + 1), commit.now)
        if commit.activity:
            await self._spare.save(Commit(commit.conversation, 0, None, (), commit.now, commit.activity))

    async def _save_spare(self, commit: Commit) -> None:
        await self._check_spare(commit)
        await self._spare.save(replace(commit, state=None, events=(), feedback=(), gaps=()))
        self._backlog.extend((*commit.events, *commit.feedback, *commit.gaps))
        if commit.state is not None:
            self._spare.put(commit.conversation, Stored(commit.state, next(self._versions)), commit.now)
            self._ahead[commit.conversation] = None
            self._ahead.move_to_end(commit.conversation)
            while len(self._ahead) > self._limit:
                self._ahead.popitem(last=False)

    async def _check_spare(self, commit: Commit) -> None:
        """Two turns of one conversation must not lose one another in memory either.

        A conversation that fell out of the bounded memory can't be checked; what the turn loaded counts.
        """
        known = await self._spare.load(commit.conversation)
        if commit.state is not None and known and known.version != commit.expected_version:
            raise VersionConflict(commit.conversation)

    async def _remember(self, conversation: str, stored: Stored) -> None:
        known = await self._spare.load(conversation)
        if known is None or known.version < stored.version or known.version >= OFFLINE:
            self._spare.put(conversation, stored, system_clock())


def _with_waiting(commit: Commit, waiting: tuple[Event | Feedback | GapFound, ...]) -> Commit:
    """A commit with what could not be written before it."""
    events = tuple(item for item in waiting if isinstance(item, Event))
    ratings = tuple(item for item in waiting if isinstance(item, Feedback))
    gaps = tuple(item for item in waiting if isinstance(item, GapFound))
    return replace(
        commit,
        events=events + commit.events,
        feedback=ratings + commit.feedback,
        gaps=gaps + commit.gaps,
    )
