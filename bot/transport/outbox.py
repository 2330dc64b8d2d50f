"""Sends what waits in the outbox: soon after it was written, and for as long as it may take."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote

import structlog

from bot.storage.ports import Leased, Outbox, OutboxMessage, StorageError
from bot.transport.outgoing import card_message
from bot.transport.sender import Delivery, SendFailed

LEASE = timedelta(minutes=2)
"""Longer than the sender tries, so that no other process sends the same meanwhile."""
POLL = 5.0
"""Seconds after which the outbox is looked into without being told."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
GIVE_UP = timedelta(days=3)
GONE = frozenset({400, 403, 404, 410})
"""The place does not take messages (any more): the bot was removed or blocked."""
SENDERS = 4

log = structlog.get_logger("kazipot.outbox")


OnGone = Callable[[str], Awaitable[None]]
"""Told the key of a place that does not take messages any more."""


async def _nothing(place: str) -> None:
    return None


class OutboxObserver(Protocol):
    """What is counted of the outbox."""

    def posted(self, result: str) -> None: ...

    def outbox_waiting(self, number: int) -> None: ...


class Postman:
    """Takes messages out of the outbox and delivers them. Any number of processes may have one."""

    def __init__(
        self,
        outbox: Outbox,
        delivery: Delivery,
        observer: OutboxObserver,
        clock: Callable[[], datetime],
        gone: OnGone = _nothing,
    ) -> None:
        self._outbox = outbox
        self._delivery = delivery
        self._observer = observer
        self._clock = clock
        self._gone = gone
        self._written = asyncio.Event()
        self._stopping = False
        self._blind = False

    def wake(self) -> None:
        """Something was written: don't wait for the next look."""
        self._written.set()

    def stop(self) -> None:
        """Take nothing more; what is in hand is sent to its end."""
        self._stopping = True
        self._written.set()

    async def run(self) -> None:
        """Send until told to stop."""
        while not self._stopping:
            self._written.clear()
            await self._look()
            try:
                async with asyncio.timeout(POLL):
                    await self._written.wait()
            except TimeoutError:
                continue

    async def round(self) -> int:
        """Send all that is due, several at a time; says how many were sent."""
        first = await self._lease()
        if first is None:
            return 0
        others = (self._work(None) for _ in range(SENDERS - 1))
        return sum(await asyncio.gather(self._work(first), *others))

    async def _look(self) -> None:
        try:
            if taken := await self._outbox.take_over(self._clock()):
                log.warning("replies taken over", number=taken)
            await self.round()
            self._observer.outbox_waiting(await self._outbox.waiting())
        except StorageError as error:
            if not self._blind:
                log.warning("outbox not read", error=str(error))
            self._blind = True
        else:
            self._blind = False

    async def _lease(self) -> Leased | None:
        if self._stopping:
            return None
        return await self._outbox.lease(self._clock(), self._clock() + LEASE)

    async def _work(self, leased: Leased | None) -> int:
        number = 0
        while leased := leased or await self._lease():
            number += await self._send(leased)
            leased = None
        return number

    async def _send(self, leased: Leased) -> bool:
        """Deliver one message and note what became of it."""
        key, until = leased.message.key, leased.message.until
        if until and self._clock() > until:
            await self._outbox.fail(key, "too late", self._clock())
            self._observer.posted("late")
            return False
        try:
            sent = await self._deliver(leased)
        except SendFailed as error:
            await self._failed(leased, error)
            return False
        await self._outbox.sent(key, sent or leased.update, self._clock())
        self._observer.posted("sent")
        return True

    async def _deliver(self, leased: Leased) -> str:
        if leased.update:
            try:
                await self._put("PUT", leased.message, leased.update)
                return leased.update
            except SendFailed as error:
                if error.status not in GONE:
                    raise  # else the message was deleted: send it anew
        return await self._put("POST", leased.message)

    async def _put(self, method: str, message: OutboxMessage, update: str = "") -> str:
        path = f"v3/conversations/{quote(message.place.conversation, safe='')}/activities"
        if update:
            path += f"/{quote(update, safe='')}"
        body = _activity(message, update)
        return await self._delivery.deliver(method, message.place.service_url, path, body)

    async def _failed(self, leased: Leased, error: SendFailed) -> None:
        now = self._clock()
        gone = error.status in GONE
        if gone or now - leased.written_at > GIVE_UP:
            await self._outbox.fail(leased.message.key, f"status {error.status}", now)
            self._observer.posted("gone" if gone else "given_up")
            log.error("message given up", status=error.status, attempt=leased.attempt)
            if gone:
                await self._gone(leased.message.place.key)
            return
        wait = min(FIRST_WAIT * 2 ** min(leased.attempt - 1, 16), LONGEST_WAIT)
        await self._outbox.postpone(leased.message.key, now + wait)
        self._observer.posted("postponed")


def _activity(message: OutboxMessage, update: str) -> dict[str, Any]:
    place = message.place
    addressed: dict[str, Any] = {
        **card_message(message.card, message.text, place.channel),
        "channelId": place.channel,
        "serviceUrl": place.service_url,
        "conversation": {"id": place.conversation, **({"tenantId": place.tenant} if place.tenant else {})},
        **({"from": {"id": place.bot}} if place.bot else {}),
        **({"id": update} if update else {}),
    }
    return addressed
