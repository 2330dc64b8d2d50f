"""Replies that are saved and not yet sent: kept until they are, and taken over once when nobody holds them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.dialogue.post import Place
from bot.storage.outbox import SqlOutbox
from bot.storage.ports import LEASE, Commit, OutboxMessage, SentAnswer
from bot.storage.sql import SqlStorage
from tests.storage.test_outbox import NOW

PLACE = Place("place", "msteams", "https://smba.trafficmanager.net/emea/", "a:1", "tenant", "28:bot")
REPLY = tuple(
    OutboxMessage(f"reply-a-{n}", PLACE, {"n": n}, f"č{n}", until=NOW + timedelta(hours=1)) for n in range(2)
)
LATER = NOW + LEASE
ANSWERED = Commit("", 0, None, (), NOW, activity="a")


@pytest_asyncio.fixture
async def store(url: str) -> AsyncIterator[SqlStorage]:
    made = SqlStorage(url, timeout=10)
    await made.open()
    assert await made.claim("a", NOW)
    await made.save(Commit("c", 0, {"n": 1}, (), NOW, activity="a", reply=REPLY))
    yield made
    await made.close()


async def taken_over(store: SqlStorage) -> list[OutboxMessage]:
    """What the outbox has to send, in order."""
    box, found = SqlOutbox(store.database), []
    while leased := await box.lease(LATER, LATER + LEASE):
        found.append(leased.message)
        await box.sent(leased.message.key, "1", LATER)
    return found


async def kept(store: SqlStorage) -> str | None:
    async with store.database.statement() as connection:
        return (await connection.execute(text("SELECT reply FROM activities"))).scalar_one()


async def test_left_reply_is_sent_by_the_outbox_in_order(store: SqlStorage) -> None:
    box = SqlOutbox(store.database)
    assert await box.take_over(LATER - timedelta(seconds=1)) == 0
    assert await box.take_over(LATER) == 2
    assert await box.take_over(LATER) == 0
    assert await taken_over(store) == list(REPLY)
    assert await kept(store) is None


async def test_sent_reply_is_deleted_and_not_taken_over(store: SqlStorage) -> None:
    assert "a:1" in (await kept(store) or "")
    await store.save(ANSWERED)
    assert await kept(store) is None
    assert await SqlOutbox(store.database).take_over(LATER) == 0


async def test_sent_with_answers_to_rate(store: SqlStorage) -> None:
    await store.save(Commit("", 0, None, (), NOW, activity="a", sent=(SentAnswer("m", "e", "v"),)))
    assert await kept(store) is None
    assert await store.sent_answer("m")


async def test_held_reply_stays(store: SqlStorage) -> None:
    assert await store.hold(("a", "unknown"), LATER + LEASE) == 1
    assert await SqlOutbox(store.database).take_over(LATER) == 0
    assert await store.hold(("a",), NOW) == 1
    assert await SqlOutbox(store.database).take_over(NOW) == 2


async def test_nothing_to_hold_once_it_is_sent(store: SqlStorage) -> None:
    await store.save(ANSWERED)
    assert await store.hold(("a",), LATER) == 0


async def test_answered_from_the_save_on(store: SqlStorage) -> None:
    assert await store.answered("a")
    assert not await store.claim("a", LATER + LEASE)
    assert await store.claim("b", NOW)
    assert not await store.answered("b")
    assert not await store.answered("unknown")


async def test_many_take_over_at_once(store: SqlStorage, url: str) -> None:
    others = [SqlStorage(url, timeout=10) for _ in range(3)]
    counts = await asyncio.gather(*(SqlOutbox(other.database).take_over(LATER) for other in others))
    assert sum(counts) == 2
    for other in others:
        await other.close()
    assert await taken_over(store) == list(REPLY)


@pytest.mark.parametrize("reply", ["", "{", "[]", "{}", '{"place": {}, "until": null, "messages": []}'])
async def test_unreadable_reply_is_dropped(store: SqlStorage, reply: str) -> None:
    async with store.database.transaction() as connection:
        await connection.execute(text("UPDATE activities SET reply = :reply"), {"reply": reply})
    assert await SqlOutbox(store.database).take_over(LATER) == 0
    assert await kept(store) is None
