"""What becomes of one admitted activity, whatever SDK carries it: the port between conversation and host."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.dialogue.message import Message, Outcome
from bot.feedback import Rated
from bot.transport.activities import WELCOME, Incoming
from bot.transport.replies import Carrier, OnSent, Replies
from bot.turn import Channel

OnTurn = Callable[[Message, Channel], Awaitable[Outcome | None]]
OnLeft = Callable[[str], Awaitable[None]]
"""Told the key under which a place was welcomed."""
OnRated = Callable[[Rated], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the bot does with what comes in: answer a turn, note a sent answer, keep a rating, leave a place."""

    turn: OnTurn
    sent: OnSent
    rated: OnRated
    left: OnLeft


async def serve(
    incoming: Incoming, carrier: Carrier, handlers: Handlers, unfinished: set[asyncio.Task[None]]
) -> None:
    """Answer an activity by way of a host's carrier; what takes too long goes on in `unfinished`."""
    replies = Replies(carrier, incoming, unfinished, handlers.sent)
    try:
        if incoming.rated:
            await replies.patiently(handlers.rated(incoming.rated))
        if incoming.shape == "left":
            await handlers.left(incoming.key_of(WELCOME))
        if incoming.message:
            await handlers.turn(incoming.message, replies)
    finally:
        await replies.close()
