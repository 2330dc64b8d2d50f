"""Facts of checks that nobody opens again: forgotten in any number, whatever else is stored or happens meanwhile."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.dialogue.eligibility.forgetting import forgotten
from bot.dialogue.eligibility.memory import started
from bot.dialogue.state import ConversationState
from bot.metrics import Metrics
from bot.storage import checks
from bot.storage.ports import Commit, Stored, VersionConflict
from bot.storage.resilient import ResilientStorage
from bot.storage.sql import SqlStorage
from bot.storage.tables import conversations
from rules import Procedure

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OLD, BEFORE = date(2026, 10, 1), date(2026, 10, 2)
CHECK = started(Procedure.NAZIV, OLD).stating({"dsd_points": 12}).to_state()
STATE = json.loads(json.dumps(ConversationState(entry="e", check=CHECK).to_json()))
LEFT = {**STATE, "check": forgotten(CHECK)}


def commit(version: int, state: Any = STATE, conversation: str = "c") -> Commit:
    return Commit(conversation, version, state, (), NOW)


async def prune(store: Any) -> None:
    await store.prune(datetime(2026, 9, 1, tzinfo=UTC), checks=BEFORE)


async def test_any_number_of_them(store: SqlStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "BATCH", 3)
    for number in range(7):
        await store.save(commit(0, conversation=str(number)))
    await prune(store)
    async with store.database.statement() as connection:
        rows = (await connection.execute(select(conversations.c.state))).scalars().all()
    assert [row for row in rows if "dsd_points" in row or str(OLD) in row] == []
    assert await store.load("6") == Stored(LEFT, 2)


async def test_it_is_kept_no_longer_for_that(store: SqlStorage) -> None:
    await store.save(commit(0))
    await prune(store)
    async with store.database.statement() as connection:
        (touched,) = (await connection.execute(select(conversations.c.updated_at))).scalars()
    assert touched.replace(tzinfo=UTC) == NOW


async def test_a_turn_in_between_is_worked_out_again(store: SqlStorage) -> None:
    await store.save(commit(0))
    await prune(store)
    with pytest.raises(VersionConflict):
        await store.save(commit(1))


@pytest.mark.parametrize("tail", ["", '"', "[" * 5000], ids=len)
async def test_what_can_not_be_read_goes_whole(store: SqlStorage, tail: str) -> None:
    await store.save(commit(0))
    broken = f'{{"check": {{"started_on": "{OLD}", "facts": {tail}'
    async with store.database.statement() as connection:
        await connection.execute(text("UPDATE conversations SET state = :broken"), {"broken": broken})
    await prune(store)
    assert await store.load("c") == Stored({}, 2)


@pytest.mark.parametrize("state", [[], {"started_on": str(OLD)}, {"check": [{"started_on": str(OLD)}]}])
async def test_nor_does_the_day_stay_in_another_place(store: SqlStorage, state: Any) -> None:
    await store.save(commit(0, state))
    await prune(store)
    stored = await store.load("c")
    assert stored
    assert stored.data == {}


async def test_copies_in_memory_are_forgotten_too(url: str) -> None:
    database = SqlStorage(url)
    store = ResilientStorage(database, Metrics())
    await store.save(commit(0))
    await prune(store)
    assert await store._spare.load("c") == Stored(LEFT, 2)
    assert await store.load("c") == Stored(LEFT, 2)
    assert await store._spare.load("c") == Stored(LEFT, 2)
    await database.close()
