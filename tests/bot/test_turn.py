"""The one straight road, without any channel: once, in order, saved before it is said."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.answering import apologise
from bot.dialogue.board import Board
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from bot.rendering import Parts
from bot.storage.memory import MemoryStorage
from bot.storage.ports import Commit, GapFound, Stored, VersionConflict
from bot.turn import REDO, ReplyFailed, Sent, Turns, run_turn
from tests.support.host import Script

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class Log:
    """A channel that writes down what happens, and what was stored when it did."""

    def __init__(self, storage: MemoryStorage, fails: bool = False) -> None:
        self.storage = storage
        self.fails = fails
        self.steps: list[str] = []

    def started(self) -> None:
        self.steps.append("typing")

    async def reply(self, parts: Parts, sent: Sent) -> None:
        stored = await self.storage.load("c")
        self.steps.append(f"reply at version {stored.version if stored else 0}")
        if self.fails:
            raise ReplyFailed


def turns(storage: Any, script: Script | None = None, **changes: Any) -> Turns:
    return Turns(storage, (script or Script()).respond, apologise, **({"clock": lambda: NOW} | changes))


def text(outcome: Outcome | None) -> str:
    assert outcome
    return str(getattr(outcome.views[0], "text", ""))


async def test_order() -> None:
    storage = MemoryStorage()
    log = Log(storage)
    await run_turn(Message("a", "c", activity="1"), turns(storage), log)
    assert log.steps == ["typing", "reply at version 1"]


async def test_second_delivery_is_not_answered() -> None:
    storage = MemoryStorage()
    log = Log(storage)
    assert await run_turn(Message("a", "c", activity="1"), turns(storage), log)
    assert await run_turn(Message("a", "c", activity="1"), turns(storage), log) is None
    assert len(log.steps) == 2


async def test_answer_that_did_not_arrive_may_be_delivered_again() -> None:
    storage = MemoryStorage()
    with pytest.raises(ReplyFailed):
        await run_turn(Message("a", "c", activity="1"), turns(storage), Log(storage, fails=True))
    assert await run_turn(Message("a", "c", activity="1"), turns(storage), Log(storage))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
async def test_today_is_the_day_in_slovenia(now: datetime, day: date) -> None:
    days: list[date] = []

    def respond(message: Message, state: ConversationState, on: date, dropped: bool, board: Board) -> Outcome:
        days.append(on)
        return Outcome("notice", (), state)

    storage = MemoryStorage()
    await run_turn(Message("a", "c"), Turns(storage, respond, apologise, lambda: now), Log(storage))
    await run_turn(
        Message("a", "c"), Turns(storage, respond, apologise, lambda: now, date(2020, 1, 1)), Log(storage)
    )
    assert days == [day, date(2020, 1, 1)]


@pytest.mark.parametrize("data", [{}, {"schema": 0}, {"schema": 1, "gone": 1}, {"schema": 1, "entry": 5}])
async def test_state_that_no_longer_fits_is_dropped_with_a_word(data: dict[str, Any]) -> None:
    storage = MemoryStorage()
    storage.put("c", Stored(data, 7), NOW)
    outcome = await run_turn(Message("a", "c"), turns(storage), Log(storage))
    assert text(outcome) == "message:a:1:dropped"
    stored = await storage.load("c")
    assert stored
    assert stored.version == 8


async def test_state_that_the_dialogue_can_not_work_with_is_dropped() -> None:
    storage = MemoryStorage()
    storage.put("c", Stored(ConversationState(entry="poison").to_json(), 1), NOW)
    assert text(await run_turn(Message("a", "c"), turns(storage), Log(storage))) == "message:a:1:dropped"


async def test_message_that_the_dialogue_can_not_work_with_leaves_the_state() -> None:
    storage = MemoryStorage()
    given = turns(storage)
    await run_turn(Message("a", "c"), given, Log(storage))
    assert "oznako" in text(await run_turn(Message("crash", "c"), given, Log(storage)))
    assert text(await run_turn(Message("b", "c"), given, Log(storage))) == "message:b:2:"


async def test_answer_that_can_not_be_shown_is_not_saved() -> None:
    def respond(message: Message, state: ConversationState, on: date, dropped: bool) -> Outcome:
        return Outcome("notice", ("not a view",), ConversationState(question="x"))  # type: ignore[arg-type]

    storage = MemoryStorage()
    outcome = await run_turn(Message("a", "c"), Turns(storage, respond, apologise), Log(storage))
    assert "oznako" in text(outcome)
    assert await storage.load("c") is None


class Contended(MemoryStorage):
    """Another turn is always quicker, a number of times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def save(self, commit: Commit) -> None:
        if self.times:
            self.times -= 1
            raise VersionConflict
        await super().save(commit)


@pytest.mark.parametrize(("times", "answered"), [(REDO - 1, True), (REDO, False)])
async def test_done_again_after_a_conflict(times: int, answered: bool) -> None:
    storage = Contended(times)
    outcome = await run_turn(Message("a", "c"), turns(storage), Log(storage))
    assert (text(outcome) == "message:a:1:") is answered


async def test_two_turns_at_once() -> None:
    storage = MemoryStorage()
    given = turns(storage)
    outcomes = await asyncio.gather(
        *(run_turn(Message("a", "c", activity=str(n)), given, Log(storage)) for n in range(4))
    )
    assert sorted(text(outcome) for outcome in outcomes) == [f"message:a:{n}:" for n in range(1, 5)]


async def test_forget_leaves_nothing() -> None:
    storage = MemoryStorage()
    given = turns(storage)
    await run_turn(Message("a", "c"), given, Log(storage))
    await run_turn(Message("forget", "c"), given, Log(storage))
    assert await storage.load("c") is None


async def test_events_have_no_text() -> None:
    storage = MemoryStorage()
    await run_turn(Message("Ana Novak", "c", user="u"), turns(storage), Log(storage))
    (event,) = storage.events
    assert (event.day, event.hour, event.status) == (date(2026, 11, 21), 11, "notice")
    assert "Ana" not in repr(event)


class Declining(Script):
    """A dialogue that has no answer to anything."""

    def respond(self, *arguments: Any) -> Outcome:
        return replace(super().respond(*arguments), status="no_answer")


@pytest.mark.parametrize("keep", [True, False])
async def test_a_question_without_an_answer_is_kept_without_the_person(keep: bool) -> None:
    storage = MemoryStorage()
    message = Message(
        "Kolegica Ana Novak, 041 123 456: koliko dopusta?", "c", activity="1", user="u", tenant="t"
    )
    await run_turn(message, turns(storage, Declining(), keep_gaps=keep), Log(storage))
    kept = [GapFound(date(2026, 11, 21), "declined", "Kolegica …: koliko dopusta?", "", "sl")]
    assert list(storage.gaps) == (kept if keep else [])


async def test_events_tell_what_came_before_within_ten_minutes() -> None:
    storage = MemoryStorage()
    for minutes in (0, 5, 30):
        now = NOW + timedelta(minutes=minutes)
        made = turns(storage, Declining(), clock=lambda now=now: now)
        await run_turn(Message("dopust", "c", activity=str(minutes)), made, Log(storage))
    assert [event.after for event in storage.events] == ["", "no_answer", ""]
