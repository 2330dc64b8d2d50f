"""What becomes of one admitted activity, whatever SDK carries it: the port between conversation and host."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.dialogue.message import Message, Outcome
from bot.feedback import Rated
from bot.transport.activities import BESIDE, WELCOME, Incoming
from bot.transport.limits import Limits
from bot.transport.replies import Carrier, Replies
from bot.turn import Channel

OnTurn = Callable[[Message, Channel], Awaitable[Outcome | None]]
OnLeft = Callable[[str, str], Awaitable[None]]
"""Told the key under which a place was welcomed, and the key of the place."""
OnRated = Callable[[Rated], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the bot does with what comes in: answer a turn, keep a rating, leave a place.

    Without `limits` everything is taken at once.
    """

    turn: OnTurn
    rated: OnRated
    left: OnLeft
    limits: Limits | None = None


async def serve(
    incoming: Incoming, carrier: Carrier, handlers: Handlers, unfinished: set[asyncio.Task[None]]
) -> None:
    """Answer an activity by way of a host's carrier; what takes too long goes on in `unfinished`.

    Raises `ReplyFailed` and `Busy`; the activity may then be delivered again.
    """
    replies = Replies(carrier, incoming, unfinished)
    limits = handlers.limits
    try:
        if not (incoming.message or incoming.rated or incoming.shape == "left"):
            return
        if limits is None:
            await _work(incoming, replies, handlers)
            return
        slow = limits.slow(
            incoming.person,
            min(incoming.tenants, default=""),
            incoming.message,
            beside=incoming.shape in BESIDE,
        )
        if slow is None:
            async with limits.gate.place():
                await _work(incoming, replies, handlers)
        elif slow:
            await replies.reply(slow)
    finally:
        await replies.close()


async def _work(incoming: Incoming, replies: Replies, handlers: Handlers) -> None:
    if incoming.rated:
        await replies.patiently(handlers.rated(incoming.rated))
    if incoming.shape == "left":
        await handlers.left(incoming.key_of(WELCOME), incoming.place)
    if incoming.message:
        await handlers.turn(incoming.message, replies)
