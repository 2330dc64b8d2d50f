"""One contract for every store: memory, SQLite, PostgreSQL, and the store that survives a failing database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.dialogue.eligibility.forgetting import forgotten
from bot.dialogue.eligibility.memory import Option, Unclear, recall, started
from bot.metrics import Metrics
from bot.storage.memory import MemoryStorage
from bot.storage.ports import LEASE, Commit, Event, Feedback, GapFound, SentAnswer, Storage, VersionConflict
from bot.storage.resilient import ResilientStorage
from bot.storage.sql import SqlStorage
from bot.storage.tables import feedback, metadata
from rules import Procedure

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
RATING = Feedback(date(2026, 11, 21), "entry", "digest", "dislike", "premalo")
EVENT = Event(date(2026, 11, 21), 11, "question", "answer", "entry", 0.9, "personal", "sl", 3)


def commit(version: int, state: Any = None, **changes: Any) -> Commit:
    values = {"conversation": "c", "expected_version": version, "state": state, "events": (), "now": NOW}
    return Commit(**(values | changes))


def check(begun: date) -> dict[str, Any]:
    """A check as it is kept, with a fact and with words to be made clear."""
    unclear = (Unclear("visokošolski učitelj", (Option("workplace", "x"),)),)
    return replace(started(Procedure.NAZIV, begun).stating({"dsd_points": 12}), unclear=unclear).to_state()


async def loaded(store: Storage, conversation: str) -> Any:
    """The state of a conversation that there is."""
    stored = await store.load(conversation)
    assert stored
    return stored.data


async def kept(store: Any, name: str) -> list[Any]:
    """What a store holds of events, ratings or gaps, wherever it keeps them."""
    if isinstance(store, MemoryStorage):
        return list(getattr(store, name))
    inner = store._database if isinstance(store, ResilientStorage) else store
    table = metadata.tables[name]
    async with inner.database.statement() as connection:
        return list(await connection.execute(select(table).order_by(table.c.id)))


async def ratings(store: Any) -> list[Feedback]:
    """What a store keeps of ratings; the port itself only writes them."""
    if isinstance(store, MemoryStorage):
        return list(store.feedback)
    database: SqlStorage = getattr(store, "_database", store)
    columns = (getattr(feedback.c, name) for name in ("day", "entry", "version", "rating", "reason"))
    async with database.database._engine.connect() as connection:
        rows = await connection.execute(select(*columns).order_by(feedback.c.id))
    return [Feedback(*row) for row in rows]


class StorageContract:
    """What holds for every store; a subclass gives the fixture `store`."""

    async def test_unknown_conversation(self, store: Storage) -> None:
        assert await store.load("nobody") is None

    async def test_saved_is_loaded(self, store: Storage) -> None:
        state = {"schema": 1, "čšž": ["a", {"b": None}], "nul": "\0", "emoji": "👩‍🏫", "half": "\ud800"}
        await store.save(commit(0, state))
        stored = await store.load("c")
        assert stored
        assert (stored.data, stored.version) == (state, 1)

    async def test_versions_go_up(self, store: Storage) -> None:
        for version in range(5):
            await store.save(commit(version, {"n": version}))
        stored = await store.load("c")
        assert stored
        assert (stored.data, stored.version) == ({"n": 4}, 5)

    @pytest.mark.parametrize("version", [0, 1, 3, 99])
    async def test_wrong_version_is_a_conflict_and_writes_nothing(self, store: Storage, version: int) -> None:
        await store.save(commit(0, {"n": 0}))
        await store.save(commit(1, {"n": 1}))
        with pytest.raises(VersionConflict):
            await store.save(commit(version, {"n": 9}, activity="a", events=(EVENT,)))
        stored = await store.load("c")
        assert stored
        assert (stored.data, stored.version) == ({"n": 1}, 2)
        assert await store.claim("a", NOW)

    async def test_new_conversation_must_not_be_expected_to_exist(self, store: Storage) -> None:
        with pytest.raises(VersionConflict):
            await store.save(commit(3, {"n": 1}))

    async def test_without_state_the_conversation_stays(self, store: Storage) -> None:
        await store.save(commit(0, {"n": 0}))
        await store.save(commit(77, None, activity="a", events=(EVENT,)))
        stored = await store.load("c")
        assert stored
        assert stored.version == 1
        assert not await store.claim("a", NOW)

    async def test_of_many_at_once_one_wins(self, store: Storage) -> None:
        results = await asyncio.gather(
            *(store.save(commit(0, {"n": n})) for n in range(10)), return_exceptions=True
        )
        assert sorted(type(result).__name__ for result in results) == ["NoneType"] + ["VersionConflict"] * 9

    async def test_conversations_are_apart(self, store: Storage) -> None:
        await store.save(commit(0, {"n": 1}))
        await store.save(commit(0, {"n": 2}, conversation="d"))
        first, second = await store.load("c"), await store.load("d")
        assert first
        assert second
        assert (first.data, second.data) == ({"n": 1}, {"n": 2})

    async def test_activity_is_claimed_once(self, store: Storage) -> None:
        claims = await asyncio.gather(*(store.claim("a", NOW) for _ in range(10)))
        assert claims.count(True) == 1
        assert await store.claim("b", NOW)

    async def test_abandoned_activity_is_free_after_the_lease(self, store: Storage) -> None:
        await store.claim("a", NOW)
        assert not await store.claim("a", NOW + LEASE - timedelta(seconds=1))
        assert await store.claim("a", NOW + LEASE)
        assert not await store.claim("a", NOW + LEASE)

    async def test_answered_activity_is_never_free(self, store: Storage) -> None:
        await store.claim("a", NOW)
        await store.save(commit(0, {"n": 1}, activity="a"))
        assert not await store.claim("a", NOW + 100 * LEASE)

    async def test_activity_may_be_answered_without_a_claim(self, store: Storage) -> None:
        await store.save(commit(0, {"n": 1}, activity="a"))
        assert not await store.claim("a", NOW)

    async def test_released_activity_is_free(self, store: Storage) -> None:
        await store.claim("a", NOW)
        await store.save(commit(0, {"n": 1}, activity="a"))
        await store.release("a")
        assert await store.claim("a", NOW)
        await store.release("never claimed")

    async def test_forget(self, store: Storage) -> None:
        await store.save(commit(0, {"n": 1}))
        await store.forget("c")
        assert await store.load("c") is None
        await store.forget("c")
        await store.save(commit(0, {"n": 2}))

    async def test_prune(self, store: Storage) -> None:
        await store.save(commit(0, {"n": 1}, activity="old"))
        later = NOW + timedelta(days=40)
        await store.save(commit(0, {"n": 1}, conversation="d", now=later, activity="new"))
        assert await store.prune(NOW + timedelta(days=30)) == 1
        assert await store.load("c") is None
        assert await store.load("d")
        assert await store.claim("old", later)
        assert not await store.claim("new", later)

    async def test_sent_answer(self, store: Storage) -> None:
        sent = SentAnswer("m", "entry", "digest")
        assert await store.sent_answer("m") is None
        await store.save(commit(0, sent=(sent,)))
        await store.save(commit(0, sent=(replace(sent, entry="other"), SentAnswer("n", "e", "d"))))
        assert await store.sent_answer("m") in (sent, replace(sent, entry="other"))
        assert await store.sent_answer("n") == SentAnswer("n", "e", "d")
        await store.prune(NOW + timedelta(days=1))
        assert await store.sent_answer("m") is None

    async def test_ratings(self, store: Storage) -> None:
        await store.save(commit(0, feedback=(RATING, replace(RATING, rating="like", reason=""))))
        assert await ratings(store) == [RATING, replace(RATING, rating="like", reason="")]

    async def test_reasons_are_not_kept_for_ever(self, store: Storage) -> None:
        later = replace(RATING, day=date(2026, 12, 24))
        await store.save(commit(0, feedback=(RATING, later)))
        await store.prune(datetime(2026, 12, 22, tzinfo=UTC))
        assert await ratings(store) == [replace(RATING, reason=""), later]

    async def test_counts_and_gaps_have_deadlines_of_their_own(self, store: Any) -> None:
        days = [date(2026, 10, day) for day in (1, 2, 3)]
        await store.save(
            commit(
                0,
                events=tuple(
                    Event(day, 9, "question", "answer", "a", 1.0, "personal", "sl", 5) for day in days
                ),
                feedback=tuple(Feedback(day, "a", "v", "like") for day in days),
                gaps=tuple(GapFound(day, "declined", "dopust", "", "sl") for day in days),
            )
        )
        await store.prune(datetime(2026, 9, 1, tzinfo=UTC), counts=days[1], gaps=days[2])
        assert [event.day for event in await kept(store, "events")] == days[1:]
        assert [rating.day for rating in await kept(store, "feedback")] == days[1:]
        assert [gap.day for gap in await kept(store, "gaps")] == days[2:]

    async def test_facts_of_old_checks_are_forgotten_and_nothing_else(self, store: Storage) -> None:
        typed = {"question": 'čšž "started_on": "2000-01-01"', "check": {}}
        states = {
            "old": {"entry": "e", "check": check(date(2026, 10, 1))},
            "new": {"entry": "e", "check": check(date(2026, 10, 2))},
            "sum": {
                "check": {**check(date(2026, 10, 1)), "procedure": "points", "activities": [{"work": "x"}]}
            },
            "typed": typed,
        }
        for conversation, state in states.items():
            await store.save(commit(0, state, conversation=conversation))
        await store.prune(datetime(2026, 9, 1, tzinfo=UTC), checks=date(2026, 10, 2))
        assert await loaded(store, "new") == states["new"]
        assert await loaded(store, "typed") == typed
        assert await loaded(store, "sum") == {"check": {}}
        old = await loaded(store, "old")
        assert old == {"entry": "e", "check": forgotten(check(date(2026, 10, 1)))}
        assert recall(old["check"]).facts == {}
        await store.prune(datetime(2026, 9, 1, tzinfo=UTC), checks=date(2026, 10, 2))
        assert await loaded(store, "old") == old

    async def test_a_gap_too_long_does_not_fail_the_turn(self, store: Any) -> None:
        await store.save(
            commit(0, gaps=(GapFound(date(2026, 10, 1), "declined", "d" * 999, "e" * 999, "sl"),))
        )
        (gap,) = await kept(store, "gaps")
        assert gap.kind == "declined"

    async def test_ping(self, store: Storage) -> None:
        await store.ping()

    async def test_values_too_long_for_an_event_do_not_fail_the_turn(self, store: Storage) -> None:
        long = "x" * 1000
        event = Event(NOW.date(), 1, long, long, long, 0.0, long, long, 2_000_000)
        rating = Feedback(NOW.date(), long, long, long, long)
        sent = SentAnswer("m", long, long)
        await store.save(commit(0, {"n": 1}, events=(event,), feedback=(rating,), sent=(sent,)))
        assert await store.load("c")


class TestMemory(StorageContract):
    @pytest.fixture
    def store(self) -> MemoryStorage:
        return MemoryStorage()

    async def test_bounded(self) -> None:
        store = MemoryStorage(limit=3)
        for number in range(10):
            await store.save(commit(0, {"n": number}, conversation=str(number), activity=str(number)))
        assert await store.load("6") is None
        assert await store.load("9")
        assert len(store._claims) == 3


class TestSqlite(StorageContract):
    @pytest_asyncio.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[SqlStorage]:
        made = SqlStorage(f"sqlite+aiosqlite:///{tmp_path}/new/folder/k.sqlite3")
        await made.open()
        yield made
        await made.close()


class TestPostgres(StorageContract):
    @pytest_asyncio.fixture
    async def store(self, postgres_url: str) -> AsyncIterator[SqlStorage]:
        made = SqlStorage(postgres_url)
        await made.open()
        yield made
        await made.close()


class TestResilient(StorageContract):
    @pytest_asyncio.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[ResilientStorage]:
        database = SqlStorage(f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3")
        made = ResilientStorage(database, Metrics())
        await made.start()
        yield made
        await database.close()
