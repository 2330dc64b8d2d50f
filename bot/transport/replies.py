"""The replies of one turn, whatever SDK carries them: typing, messages, or a card in the place of another."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

import structlog

import cards
from bot.rendering import Parts, Rendered
from bot.storage.ports import SentAnswer
from bot.transport.activities import BESIDE, TEAMS, Incoming
from bot.transport.citations import citations
from bot.transport.extension import dialog, results
from bot.transport.outgoing import CARD, card_message
from bot.transport.sender import SendFailed
from bot.turn import ReplyFailed, Sent

MESSAGE = "application/vnd.microsoft.activity.message"
DONE = "✓"
INVOKE_PATIENCE = 3.0
"""Seconds a pressed card waits for its reply message to be sent; Teams gives up after 5."""
TYPING_PATIENCE = 1.0

log = structlog.get_logger("kazipot.replies")


async def _nobody(answers: tuple[SentAnswer, ...]) -> None:
    return None


class Carrier(Protocol):
    """What an SDK does for a reply. All of it may raise `SendFailed`."""

    async def send(self, activity: Mapping[str, Any]) -> str:
        """Send an activity to the conversation of the turn; the id that it got, "" when that is not known."""

    async def update(self, identifier: str, activity: Mapping[str, Any]) -> None:
        """Put an activity in the place of one sent before."""

    async def respond(self, body: Mapping[str, Any]) -> None:
        """Answer the invoke itself."""


class Replies:
    """Where the replies of one turn go."""

    def __init__(self, carrier: Carrier, incoming: Incoming, unfinished: set[asyncio.Task[None]]) -> None:
        self._carrier = carrier
        self._incoming = incoming
        self._unfinished = unfinished
        self._channel = str(incoming.envelope.get("channelId", ""))
        self._typing: asyncio.Task[None] | None = None
        self._responded = False
        self._answers: list[SentAnswer] = []

    def started(self) -> None:
        """Show typing at once, beside the work; never for a pressed card, which shows its own sign."""
        message, buffered = self._incoming.message, "deliveryMode" in self._incoming.envelope
        if self._incoming.shape == "turn" and message and message.kind != "welcome" and not buffered:
            self._typing = asyncio.create_task(self._type())

    async def reply(self, parts: Parts, sent: Sent = _nobody) -> None:
        """Send the answer and say so; raises `ReplyFailed`."""
        await self._end_typing()
        if self._incoming.shape in BESIDE:
            return await self._respond(dialog(parts) if self._incoming.shape == "dialog" else results(parts))
        if self._incoming.replaces and parts:
            await self._replace(parts[0])
            parts = parts[1:]
        if self._incoming.shape != "card":
            await self._finish(parts, sent)
            return
        await self.patiently(self._finish(parts, sent))

    async def patiently(self, work: Coroutine[Any, Any, None]) -> None:
        """Wait for something as long as an invoke can wait; then it goes on by itself."""
        task = asyncio.create_task(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        done, _ = await asyncio.wait({task}, timeout=INVOKE_PATIENCE)
        if done:
            task.result()

    async def close(self) -> None:
        """End the turn: no typing after it, and every invoke has its response."""
        await self._end_typing()
        if self._responded:
            return
        if self._incoming.shape == "card":
            await self._respond({"statusCode": 200, "type": MESSAGE, "value": DONE})
        if self._incoming.shape == "search":
            await self._respond(results(()))
        if self._incoming.shape == "acknowledge":
            await self._respond({})

    async def _respond(self, body: Mapping[str, Any]) -> None:
        self._responded = True
        await self._carrier.respond(body)

    async def _end_typing(self) -> None:
        """No typing sign may come after the answer: a moment's grace for a slow one, then it is dropped."""
        if self._typing is None:
            return
        typing, self._typing = self._typing, None
        await asyncio.wait({typing}, timeout=TYPING_PATIENCE)
        typing.cancel()
        await asyncio.gather(typing, return_exceptions=True)

    async def _type(self) -> None:
        try:
            await self._carrier.send({"type": "typing"})
        except SendFailed:
            log.info("typing not shown")

    async def _finish(self, parts: Parts, sent: Sent) -> None:
        await self._send(parts)
        await sent(tuple(self._answers))

    async def _send(self, parts: Parts) -> None:
        try:
            for part in parts:
                self._note(await self._carrier.send(self._message(part)), part)
        except SendFailed as error:
            raise ReplyFailed(str(error)) from error

    async def _replace(self, part: Rendered) -> None:
        """Put the card in the place of the pressed one."""
        if self._incoming.shape == "card":
            await self._respond({"statusCode": 200, "type": CARD, "value": self._card(part)})
            return
        try:
            await self._carrier.update(self._incoming.replaces, self._message(part))
        except SendFailed:
            await self._send((part,))  # the pressed message is gone or may not be changed: answer anyway
        else:
            self._note(self._incoming.replaces, part)

    def _note(self, identifier: str, part: Rendered) -> None:
        """Remember which answer is in a message that people can rate."""
        if identifier and part.answer and self._channel == TEAMS:
            key = self._incoming.key_of(identifier)
            self._answers.append(SentAnswer(key, part.answer.entry, part.answer.version))

    def _message(self, part: Rendered) -> dict[str, Any]:
        content = card_message(self._card(part), part.text, self._channel)
        if self._channel == TEAMS and part.answer:
            content |= citations(part.answer)
            content["channelData"] = {"feedbackLoop": {"type": "default"}}
        return content

    def _card(self, part: Rendered) -> Mapping[str, Any]:
        """Teams has buttons of its own to rate an answer; elsewhere they are in the card."""
        if part.answer and self._channel != TEAMS:
            return cards.rated_card(part.card, part.answer)
        return part.card
