"""An activity is answered once, and its answer arrives: dead hands, slow hands, replies that can't be sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.answering import apologise
from bot.dialogue.message import Message, Outcome
from bot.dialogue.post import Place
from bot.metrics import Metrics
from bot.once import LONGEST, LOOK
from bot.rendering import Parts
from bot.storage.outbox import SqlOutbox
from bot.storage.ports import LEASE, Commit
from bot.storage.resilient import ResilientStorage
from bot.storage.sql import SqlStorage
from bot.turn import ReplyFailed, Sent, Turns, run_turn
from tests.storage.test_outbox import NOW
from tests.support.host import Script

PLACE = Place("place", "msteams", "https://smba.trafficmanager.net/emea/", "a:1", "tenant", "28:bot")
MESSAGE = Message("a", "c", activity="1", place=PLACE)


@dataclass
class Time:
    """A clock that sleeping moves on."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Line:
    """A channel that takes replies, refuses them, or never says that it took them."""

    does: str = "takes"
    replies: int = 0

    def started(self) -> None:
        return None

    async def reply(self, parts: Parts, sent: Sent) -> None:
        if self.does == "refuses":
            raise ReplyFailed
        self.replies += 1
        if self.does == "takes":
            await sent(())


@dataclass
class Setting:
    """Processes on one database."""

    url: str
    time: Time = field(default_factory=Time)
    stores: list[SqlStorage] = field(default_factory=list)

    async def process(self) -> Turns:
        """One more."""
        database = SqlStorage(self.url)
        self.stores.append(database)
        storage = ResilientStorage(database, Metrics())
        await storage.start()
        return Turns(storage, Script().respond, apologise, self.time, sleep=self.time.sleep)

    async def waiting(self, turns: Turns) -> int:
        """Replies that the outbox takes over now."""
        return await SqlOutbox(self.stores[0].database).take_over(self.time())


@pytest_asyncio.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    made = Setting(f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3")
    yield made
    for store in made.stores:
        await store.close()


def words(outcome: Outcome | None) -> str:
    assert outcome
    return str(getattr(outcome.views[0], "text", ""))


async def test_of_a_process_that_died_before_it_saved(setting: Setting) -> None:
    """The channel delivers again at once and never after that: this delivery waits and is answered."""
    dead, alive = await setting.process(), await setting.process()
    assert await dead.storage.claim("1", NOW)
    line = Line()
    assert words(await run_turn(MESSAGE, alive, line)) == "message:a:1:"
    assert line.replies == 1
    assert LEASE <= setting.time.now - NOW < LEASE * 2


async def test_of_a_process_that_died_after_it_saved(setting: Setting) -> None:
    dead, alive = await setting.process(), await setting.process()
    await run_turn(MESSAGE, dead, Line("dies"))
    assert await run_turn(MESSAGE, alive, Line()) is None
    assert await setting.waiting(alive) == 0
    setting.time.now += LEASE
    assert await setting.waiting(alive) == 1


async def test_nothing_is_left_after_a_turn(setting: Setting) -> None:
    turns = await setting.process()
    await run_turn(MESSAGE, turns, Line())
    setting.time.now += LEASE
    assert await setting.waiting(turns) == 0


async def test_second_delivery_waits_only_until_the_first_is_saved(setting: Setting) -> None:
    first, second = await setting.process(), await setting.process()
    assert await first.storage.claim("1", NOW)

    async def sleep(seconds: float) -> None:
        await setting.time.sleep(seconds)
        if seconds > 0.3:
            await setting.stores[0].save(Commit("", 0, None, (), NOW, activity="1"))

    line = Line()
    turns = Turns(second.storage, Script().respond, apologise, setting.time, sleep=sleep)
    assert await run_turn(MESSAGE, turns, line) is None
    assert line.replies == 0
    assert setting.time.now - NOW < timedelta(seconds=1)


async def test_reply_that_can_not_be_sent_is_left_and_not_worked_out_again(setting: Setting) -> None:
    turns = await setting.process()
    assert words(await run_turn(MESSAGE, turns, Line("refuses"))) == "message:a:1:"
    assert await setting.waiting(turns) == 1
    assert await run_turn(MESSAGE, turns, Line()) is None
    assert (
        words(await run_turn(Message("b", "c", activity="2", place=PLACE), turns, Line())) == "message:b:2:"
    )


async def test_without_a_place_it_may_be_delivered_again(setting: Setting) -> None:
    turns = await setting.process()
    with pytest.raises(ReplyFailed):
        await run_turn(Message("a", "c", activity="1"), turns, Line("refuses"))
    assert await run_turn(Message("a", "c", activity="1"), turns, Line())


async def test_what_takes_long_is_held_and_what_takes_too_long_is_let_go(setting: Setting) -> None:
    turns = await setting.process()
    await run_turn(MESSAGE, turns, Line("thinks"))
    assert await turns.underway.hold(turns.storage, setting.time()) == 0
    end = NOW + LONGEST
    while setting.time.now < end:
        setting.time.now += timedelta(seconds=LOOK)
        assert await turns.underway.hold(turns.storage, setting.time()) == 1
        assert await setting.waiting(turns) == 0
    setting.time.now += LEASE
    assert await turns.underway.hold(turns.storage, setting.time()) == 0
    assert await setting.waiting(turns) == 1
