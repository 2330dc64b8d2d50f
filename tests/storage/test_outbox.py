"""The outbox: written with the turn, leased by one, sent in a place's order; on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.dialogue.post import Place
from bot.storage.memory import MemoryStorage
from bot.storage.outbox import SqlOutbox
from bot.storage.ports import Commit, OutboxMessage, StorageError, VersionConflict
from bot.storage.sql import SqlStorage
from bot.storage.tables import outbox

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=2)
PLACE = Place("p", "msteams", "https://smba.trafficmanager.net/emea/", "a:1", "tenant", "28:bot")
MESSAGE = OutboxMessage("first", PLACE, {"type": "AdaptiveCard", "body": []}, "Besedilo č")


def commit(*posts: OutboxMessage, **changes: Any) -> Commit:
    return Commit(
        **({"conversation": "", "expected_version": 0, "state": None, "events": ()} | changes),
        now=NOW,
        posts=posts,
    )


async def test_written_is_leased_whole(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE))
    leased = await SqlOutbox(store.database).lease(NOW, UNTIL)
    assert leased
    assert (leased.message, leased.attempt, leased.update) == (MESSAGE, 1, "")
    assert leased.written_at == NOW


async def test_one_lease_at_a_time_and_another_when_it_ends(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE))
    box = SqlOutbox(store.database)
    assert await box.lease(NOW, UNTIL)
    assert await box.lease(NOW, UNTIL) is None
    again = await box.lease(UNTIL, UNTIL + timedelta(minutes=2))
    assert again
    assert again.attempt == 2


async def test_same_key_is_one_message(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE))
    await store.save(commit(replace(MESSAGE, text="drugo")))
    assert await SqlOutbox(store.database).waiting() == 1


async def test_sent_is_not_sent_again_and_keeps_no_content(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE))
    box = SqlOutbox(store.database)
    await box.lease(NOW, UNTIL)
    await box.sent("first", "message-1", NOW)
    assert await box.lease(UNTIL + timedelta(days=1), UNTIL + timedelta(days=2)) is None
    assert await box.waiting() == 0
    async with store.database.statement() as connection:
        row = (await connection.execute(select(outbox))).one()
    assert (row.address, row.content, row.message) == ("", "", "message-1")


async def test_order_within_a_place_and_not_between_places(store: SqlStorage) -> None:
    elsewhere = replace(MESSAGE, key="elsewhere", place=replace(PLACE, key="q"))
    await store.save(commit(MESSAGE, replace(MESSAGE, key="second"), elsewhere))
    box = SqlOutbox(store.database)
    first = await box.lease(NOW, UNTIL)
    other = await box.lease(NOW, UNTIL)
    assert first
    assert other
    assert (first.message.key, other.message.key) == ("first", "elsewhere")
    assert await box.lease(NOW, UNTIL) is None
    await box.sent("first", "1", NOW)
    second = await box.lease(NOW, UNTIL)
    assert second
    assert second.message.key == "second"


async def test_an_update_knows_the_message_that_it_replaces(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE, replace(MESSAGE, key="second", replaces="first")))
    box = SqlOutbox(store.database)
    await box.lease(NOW, UNTIL)
    await box.sent("first", "message-1", NOW)
    leased = await box.lease(NOW, UNTIL)
    assert leased
    assert (leased.message.key, leased.update) == ("second", "message-1")


async def test_failed_does_not_hold_up_what_follows(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE, replace(MESSAGE, key="second", replaces="first")))
    box = SqlOutbox(store.database)
    await box.lease(NOW, UNTIL)
    await box.fail("first", "status 403", NOW)
    leased = await box.lease(NOW, UNTIL)
    assert leased
    assert (leased.message.key, leased.update) == ("second", "")


async def test_postponed_comes_when_due(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE))
    box = SqlOutbox(store.database)
    await box.lease(NOW, UNTIL)
    await box.postpone("first", NOW + timedelta(hours=1))
    assert await box.lease(NOW + timedelta(minutes=59), UNTIL) is None
    assert await box.lease(NOW + timedelta(hours=1), UNTIL)


async def test_an_unreadable_row_is_given_up(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE, replace(MESSAGE, key="second")))
    async with store.database.statement() as connection:
        await connection.execute(update(outbox).where(outbox.c.key == "first").values(address="{"))
    leased = await SqlOutbox(store.database).lease(NOW, UNTIL)
    assert leased
    assert leased.message.key == "second"


async def test_a_conflict_writes_no_message(store: SqlStorage) -> None:
    with pytest.raises(VersionConflict):
        await store.save(commit(MESSAGE, conversation="c", state={}, expected_version=3))
    assert await SqlOutbox(store.database).waiting() == 0


async def test_what_was_done_with_is_pruned_and_what_waits_is_not(store: SqlStorage) -> None:
    await store.save(commit(MESSAGE, replace(MESSAGE, key="second")))
    box = SqlOutbox(store.database)
    await box.lease(NOW, UNTIL)
    await box.sent("first", "1", NOW)
    await store.prune(NOW + timedelta(days=60))
    async with store.database.statement() as connection:
        keys = (await connection.execute(select(outbox.c.key))).scalars().all()
    assert keys == ["second"]


async def test_memory_does_not_promise_to_send() -> None:
    with pytest.raises(StorageError):
        await MemoryStorage().save(commit(MESSAGE))
