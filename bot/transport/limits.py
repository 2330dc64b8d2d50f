"""How much is answered: to a person and a tenant in a minute, to all at one time. Counted in this process."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from bot.dialogue.message import Message
from bot.rendering import Parts

WINDOW = 60.0
"""Seconds; a window begins with the first thing asked after the last one ended."""
MOST_WINDOWS = 50_000
PATIENCE = 5.0
"""Seconds that a turn waits for its place."""

Kind = Literal["asked", "searched"]
"""Searching as somebody types makes many small requests, so it has a limit of its own."""
Why = Literal["too_fast", "crowded"]
"""This person, or everybody in the tenant, asks too much."""


class Busy(Exception):
    """More is being answered than fits; the activity was not taken and may be delivered again."""


@dataclass(frozen=True, slots=True)
class Over:
    """Over a limit; `told` when the person was told so before in this window."""

    why: Why
    told: bool


class LimitObserver(Protocol):
    """What is counted of limits."""

    def limited(self, limit: str) -> None: ...


@dataclass(slots=True)
class _Window:
    ends: float
    count: int = 0
    told: bool = False


class Rates:
    """Counts what each person and each tenant asks; a limit of 0 is none."""

    def __init__(
        self,
        person: int,
        search: int,
        tenant: int,
        observer: LimitObserver,
        now: Callable[[], float] = time.monotonic,
        most: int = MOST_WINDOWS,
    ) -> None:
        self._limits = {"asked": person, "searched": search, "tenant": tenant}
        self._observer = observer
        self._now = now
        self._most = most
        self._windows: OrderedDict[tuple[str, str], _Window] = OrderedDict()

    def pace(self, person: str, tenant: str, kind: Kind) -> Over | None:
        """Count one thing asked; None when it is to be answered. `person` is an opaque key."""
        mine = self._counted(kind, person)
        if self._over(kind, mine):
            limit, why = ("person" if kind == "asked" else "search"), "too_fast"
        elif self._over("tenant", self._counted("tenant", tenant)):
            limit, why = "tenant", "crowded"
        else:
            return None
        self._observer.limited(limit)
        told, mine.told = mine.told, True
        return Over(cast("Why", why), told)

    def _over(self, kind: str, window: _Window) -> bool:
        return 0 < self._limits[kind] < window.count

    def _counted(self, kind: str, who: str) -> _Window:
        now, key = self._now(), (kind, who)
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = _Window(now + WINDOW)
            self._windows.move_to_end(key)
            while len(self._windows) > self._most:
                self._windows.popitem(last=False)
        window.count += 1
        return window


class Gate:
    """Lets so many turns work at one time, and so many more wait for a little while."""

    def __init__(
        self, running: int, waiting: int, observer: LimitObserver, patience: float = PATIENCE
    ) -> None:
        self._places = asyncio.Semaphore(running)
        self._most_waiting = waiting
        self._waiting = 0
        self._observer = observer
        self._patience = patience

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place to work in; raises `Busy` when the queue is full or none came free in time."""
        if self._places.locked() and self._waiting >= self._most_waiting:
            self._observer.limited("queue")
            raise Busy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            self._observer.limited("wait")
            raise Busy from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()


@dataclass(frozen=True, slots=True)
class Limits:
    """Both, and the sentence to say to whom asks too much."""

    rates: Rates
    gate: Gate
    sentence: Callable[[Message, Why], Parts]

    def slow(
        self, person: str, tenant: str, message: Message | None, *, beside: bool = False
    ) -> Parts | None:
        """None to answer as ever; else what to say instead, which is nothing to those who were told already.

        What is answered `beside` the conversation gets its sentence every time: it waits for a response anyway.
        """
        kind: Kind = "searched" if message and message.kind == "search" else "asked"
        over = self.rates.pace(person, tenant, kind)
        if over is None:
            return None
        if message is None or message.kind == "welcome" or (over.told and not beside):
            return ()
        return self.sentence(message, over.why)
