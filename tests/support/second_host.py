"""A host of its own for the conversation: what `bot/transport/teams.py` does with the SDK, done here without any.

It shares no code with the SDK, and so proves what the port asks of a host: to let an activity in, to address and carry
replies, and to give an invoke its response.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from bot.answering import Answering
from bot.clock import system_clock
from bot.dialogue.message import Message, Outcome
from bot.feedback import Ratings
from bot.keys import Keys
from bot.storage.memory import MemoryStorage
from bot.transport.activities import Incoming, read
from bot.transport.sender import Delivery
from bot.transport.serving import Handlers, serve
from bot.turn import Channel, Turns, run_turn


@dataclass
class Wire:
    """Carries the replies of one turn: by the delivery, or kept for the response where the channel asks for that."""

    envelope: Mapping[str, Any]
    delivery: Delivery
    response: dict[str, Any] | None = None
    kept: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, activity: Mapping[str, Any]) -> str:
        addressed = self._addressed(activity)
        if self.envelope.get("deliveryMode") == "expectReplies":
            self.kept.append(addressed)
            return ""
        return await self._deliver("POST", addressed, self._replied())

    async def update(self, identifier: str, activity: Mapping[str, Any]) -> None:
        await self._deliver("PUT", self._addressed(activity) | {"id": identifier}, identifier)

    async def respond(self, body: Mapping[str, Any]) -> None:
        self.response = dict(body)

    def _replied(self) -> str:
        """What a reply refers to: not every activity is a message that can be replied to."""
        return "" if self.envelope["type"] == "conversationUpdate" else str(self.envelope.get("id", ""))

    async def _deliver(self, method: str, activity: Mapping[str, Any], other: str) -> str:
        path = f"v3/conversations/{quote(self.envelope['conversation']['id'], safe='')}/activities"
        path += f"/{quote(other, safe='')}" if other else ""
        return await self.delivery.deliver(method, self.envelope["serviceUrl"], path, activity)

    def _addressed(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        given = self.envelope
        address = {
            "channelId": given.get("channelId"),
            "serviceUrl": given.get("serviceUrl"),
            "conversation": {"id": given["conversation"]["id"]},
            "from": given.get("recipient"),
            "recipient": {"id": given["from"]["id"]} if "from" in given else None,
            "replyToId": self._replied(),
        }
        return {**activity, **{name: value for name, value in address.items() if value}}


@dataclass
class SecondHost:
    """Takes activities as a web server would hand them over, and gives what it would respond."""

    handlers: Handlers
    keys: Keys
    delivery: Delivery
    unfinished: set[asyncio.Task[None]] = field(default_factory=set)

    async def receive(self, body: Any) -> dict[str, Any] | None:
        """The response's body; None where there is none."""
        incoming: Incoming = read(body, self.keys)
        wire = Wire(incoming.envelope, self.delivery)
        await serve(incoming, wire, self.handlers, self.unfinished)
        await asyncio.gather(*self.unfinished)
        if "deliveryMode" not in incoming.envelope:
            return wire.response
        kept: dict[str, Any] = {"activities": wire.kept}
        return kept | ({"body": wire.response} if wire.response is not None else {})


class Outbox:
    """Takes what a host delivers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, Any]]] = []

    async def deliver(self, method: str, service_url: str, path: str, body: Mapping[str, Any]) -> str:
        self.sent.append((method, path, dict(body)))
        return f"sent-{len(self.sent)}"


def second_host(answering: Answering, delivery: Delivery, on: date) -> SecondHost:
    """The whole conversation on this host, kept in memory."""
    storage = MemoryStorage()
    turns = Turns(storage, answering.respond, answering.apologise, today=on)

    async def on_turn(message: Message, channel: Channel) -> Outcome | None:
        return await run_turn(message, turns, channel)

    ratings = Ratings(storage, system_clock, on)

    async def on_left(welcome: str, place: str) -> None:
        await storage.release(welcome)

    handlers = Handlers(on_turn, ratings.rated, on_left)
    return SecondHost(handlers, Keys("second"), delivery)
