"""The one straight road: a message comes in, is answered once, remembered, and replied to."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import structlog

from bot.clock import Clock, system_clock, today
from bot.commits import Worked, commit_of
from bot.dialogue import counting
from bot.dialogue.board import Board, Needs
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState, StateOutdated
from bot.once import Underway, claimed
from bot.rendering import Parts, rendered
from bot.storage.ports import (
    Boards,
    SentAnswer,
    Storage,
    VersionConflict,
)

REDO = 5
FORGET = "forget"
"""The intent after which nothing of the conversation may stay stored."""
log = structlog.get_logger("kazipot.turn")

Respond = Callable[[Message, ConversationState, date, bool, Board], Outcome]
"""(message, state, today, whether an outdated state was dropped, what was looked up) -> outcome."""

Need = Callable[[Message, ConversationState], Needs]
"""(message, state) -> what to look up before responding."""

Span = Callable[[str], AbstractContextManager[Any]]
"""Marks a stage of a turn by name: claim, load, respond, render, save, reply."""

Sent = Callable[[tuple[SentAnswer, ...]], Awaitable[None]]
"""Told once that the whole reply was sent, and which answers are in messages that people can rate."""

Apology = Callable[[Message, str], Outcome]
"""(message, reference id) -> what to say when the turn failed."""


class Channel(Protocol):
    """Where one turn's replies go."""

    def started(self) -> None:
        """The turn is being worked on: show it at once, without waiting."""

    async def reply(self, parts: Parts, sent: Sent) -> None:
        """Send the answer; called once a turn, after everything is saved. Once all of it is sent, say so by `sent`."""


class Observer(Protocol):
    """What is counted of turns."""

    def turn(self, status: str, scope: str, seconds: float) -> None: ...

    def duplicate(self) -> None: ...

    def conflict(self) -> None: ...

    def rated(self, rating: str) -> None: ...


class ReplyFailed(Exception):
    """The channel did not take the answer; the activity may be delivered again."""


class _Unobserved:
    def turn(self, status: str, scope: str, seconds: float) -> None:
        return None

    def duplicate(self) -> None:
        return None

    def conflict(self) -> None:
        return None

    def rated(self, rating: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Turns:
    """What every turn needs beside its message."""

    storage: Storage
    respond: Respond
    apologise: Apology
    clock: Clock = system_clock
    today: date | None = None
    observer: Observer = field(default_factory=_Unobserved)
    boards: Boards | None = None
    needs: Need = lambda message, state: Needs()
    keep_gaps: bool = True
    """Whether questions without an answer are kept, without personal data."""
    posted: Callable[[], None] = lambda: None
    """Told when messages to other places were saved."""
    span: Span = nullcontext
    underway: Underway = field(default_factory=Underway)
    """The activities whose saved answer is being sent by this process."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


async def run_turn(message: Message, turns: Turns, channel: Channel) -> Outcome | None:
    """Answer one message; None when its activity is being or was answered."""
    started = time.perf_counter()
    if message.activity:
        with turns.span("claim"):
            taken = await claimed(message.activity, turns.storage, turns.clock, turns.sleep)
        if not taken:
            turns.observer.duplicate()
            log.info("duplicate")
            return None
    channel.started()
    outcome, parts = await _answer(message, turns, started)

    async def sent(answers: tuple[SentAnswer, ...]) -> None:
        await turns.underway.end(message.activity, answers, turns.storage, turns.clock())

    try:
        with turns.span("reply"):
            await channel.reply(parts, sent)
    except ReplyFailed:
        if not message.activity:
            raise
        if await turns.underway.leave(message.activity, turns.storage, turns.clock()):
            turns.posted()  # it is saved, so it is sent later and not worked out again
        else:
            await turns.storage.release(message.activity)
            raise
    return outcome


async def _answer(message: Message, turns: Turns, started: float) -> tuple[Outcome, Parts]:
    """The saved outcome, or an apology with a reference: the only place that catches everything.

    A turn that failed is tried once more with a fresh state, so that nobody is stuck in a state which the
    dialogue can't work with. Fails that too, it was not the state's fault, and the state stays as it was.
    """
    for fresh in (False, True):
        try:
            outcome, parts = await _decide(message, turns, started, fresh=fresh)
        except Exception as error:
            reference = secrets.token_hex(4)
            log.exception("turn failed", reference=reference, kind=message.kind, scope=message.scope)
            if isinstance(error, VersionConflict):
                break
        else:
            seconds = time.perf_counter() - started
            turns.observer.turn(outcome.status, message.scope, seconds)
            log.info("answered", status=outcome.status, milliseconds=round(seconds * 1000))
            if outcome.refused:
                log.warning("refused", reason=outcome.refused, person=message.user[:12])
            return outcome, parts
    turns.observer.turn("error", message.scope, time.perf_counter() - started)
    apology = turns.apologise(message, reference)
    return apology, rendered(apology.views)


async def _decide(message: Message, turns: Turns, started: float, *, fresh: bool) -> tuple[Outcome, Parts]:
    """Load, respond, render and save; done again when another turn was saved in between."""
    for attempt in range(1, REDO + 1):
        with turns.span("load"):
            stored = await turns.storage.load(message.conversation) if message.conversation else None
        state, dropped = _read({} if fresh and stored else stored.data if stored else None)
        on = turns.today or today(turns.clock())
        board = await _board(message, state, turns)
        with turns.span("respond"):
            outcome = turns.respond(message, state, on, dropped, board)
            outcome = counting.remembered(outcome, message, board.now)
        with turns.span("render"):
            parts = rendered(outcome.views)  # before anything is saved: what can't be shown was not answered
        if message.kind == "search":
            return outcome, parts  # as somebody types: nothing to keep, nothing to count
        worked = Worked(message, outcome, parts, state, stored.version if stored else 0, dropped)
        took = round((time.perf_counter() - started) * 1000)
        commit = commit_of(worked, on, turns.clock(), took, keep_gaps=turns.keep_gaps)
        try:
            with turns.span("save"):
                await turns.storage.save(commit)
        except VersionConflict:
            turns.observer.conflict()
            if attempt == REDO:
                raise
            continue
        if commit.reply:
            turns.underway.begin(message.activity, turns.clock())
        if outcome.posts:
            turns.posted()
        if outcome.rating:
            turns.observer.rated(outcome.rating.rating)
        if outcome.intent == FORGET:
            await turns.storage.forget(message.conversation)
        return outcome, parts
    raise AssertionError("unreachable")


def _read(data: object) -> tuple[ConversationState, bool]:
    """The stored state, or a fresh one with the word that the stored one no longer fits."""
    if data is None:
        return ConversationState(), False
    try:
        if not isinstance(data, dict):
            raise StateOutdated("not an object")
        return ConversationState.from_json(data), False
    except StateOutdated as reason:
        log.warning("state dropped", reason=str(reason))
        return ConversationState(), True


async def _board(message: Message, state: ConversationState, turns: Turns) -> Board:
    """What the message makes necessary to look up; mostly nothing."""
    needs = turns.needs(message, state)
    if needs and turns.boards:
        return await turns.boards.board(needs, turns.clock())
    return Board(turns.clock())
