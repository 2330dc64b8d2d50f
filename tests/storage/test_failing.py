"""The database fails, in every way it can, and comes back: turns go on, and nothing that was said is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.dialogue.post import Place
from bot.metrics import Metrics
from bot.storage.attempts import PATIENCE, REST
from bot.storage.migrate import LOCK
from bot.storage.ports import (
    LEASE,
    Commit,
    Event,
    Feedback,
    GapFound,
    OutboxMessage,
    SentAnswer,
    StorageError,
    Stored,
    VersionConflict,
)
from bot.storage.resilient import ResilientStorage
from bot.storage.sql import SqlStorage

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
EVENT = Event(date(2026, 11, 21), 11, "question", "answer", "entry", 0.9, "personal", "sl", 3)


def commit(version: int, number: int, **changes: Any) -> Commit:
    return replace(Commit("c", version, {"n": number}, (EVENT,), NOW), **changes)


class Switch:
    """A database that can be switched off; counts how often it is asked."""

    def __init__(self, database: SqlStorage) -> None:
        self._database = database
        self.on = True
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        async def work(*arguments: Any, **named: Any) -> Any:
            self.asked += 1
            if not self.on:
                raise StorageError("switched off")
            return await getattr(self._database, name)(*arguments, **named)

        return work


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Switch]:
    made = SqlStorage(f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3")
    yield Switch(made)
    await made.close()


@pytest_asyncio.fixture
async def store(database: Switch, time: Time) -> ResilientStorage:
    made = ResilientStorage(database, Metrics(), time, spare=3)  # type: ignore[arg-type]
    await made.start()
    return made


async def back(store: ResilientStorage, database: Switch, time: Time) -> None:
    database.on = True
    time.now += REST


async def events(database: Switch) -> int:
    async with database._database.database._engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM events"))).scalar_one())


async def data(store: ResilientStorage | Switch, conversation: str = "c") -> Any:
    stored = await store.load(conversation)
    return stored.data if stored else None


async def test_goes_on_from_memory_and_catches_up(
    store: ResilientStorage, database: Switch, time: Time
) -> None:
    await store.save(commit(0, 0))
    database.on = False
    for number in range(1, 4):
        stored = await store.load("c")
        assert stored
        assert stored.data == {"n": number - 1}
        await store.save(commit(stored.version, number))
    await back(store, database, time)
    stored = await store.load("c")
    assert stored
    assert stored.data == {"n": 3}
    await store.save(commit(stored.version, 4))
    assert await data(database) == {"n": 4}
    assert await events(database) == 5


async def test_what_is_promised_is_saved_once_and_its_turn_remembered(
    store: ResilientStorage, database: Switch, time: Time
) -> None:
    """A promise can't be kept in memory; that it was saved is noted there like any other turn."""
    post = OutboxMessage("first", Place("p", "msteams", "https://x.example/", "a:1"), {}, "")
    assert await store.claim("activity", NOW)
    await store.save(commit(0, 0, activity="activity", posts=(post,)))
    assert not await store.claim("activity", NOW + LEASE * 2)
    database.on = False
    with pytest.raises(StorageError):
        await store.save(commit(1, 1, posts=(post,)))
    await back(store, database, time)
    assert await data(store) == {"n": 0}


async def test_turn_that_loaded_before_the_failure_is_saved(
    store: ResilientStorage, database: Switch
) -> None:
    await store.save(commit(0, 0))
    stored = await store.load("c")
    assert stored
    database.on = False
    await store.save(commit(stored.version, 1))
    assert await data(store) == {"n": 1}


async def test_turn_that_loaded_during_the_failure_is_saved(
    store: ResilientStorage, database: Switch, time: Time
) -> None:
    await store.save(commit(0, 0))
    database.on = False
    stored = await store.load("c")
    assert stored
    await back(store, database, time)
    await store.save(commit(stored.version, 1))
    assert await data(database) == {"n": 1}


async def test_two_turns_do_not_lose_one_another_in_memory(
    store: ResilientStorage, database: Switch, time: Time
) -> None:
    database.on = False
    await store.save(commit(0, 1))
    first, second = await store.load("c"), await store.load("c")
    assert first
    assert second
    await store.save(commit(first.version, 2))
    with pytest.raises(VersionConflict):
        await store.save(commit(second.version, 3))
    await back(store, database, time)
    with pytest.raises(VersionConflict):
        await store.save(commit(second.version, 3))
    third = await store.load("c")
    assert third
    await store.save(commit(third.version, 4))
    with pytest.raises(VersionConflict):
        await store.save(commit(third.version, 5))


async def test_dead_database_costs_one_attempt_in_a_while(
    store: ResilientStorage, database: Switch, time: Time
) -> None:
    database.on = False
    await store.load("c")
    asked = database.asked
    for number in range(100):
        await store.claim(str(number), NOW)
        await store.load("c")
    assert database.asked == asked
    time.now += REST
    await asyncio.gather(*(store.load("c") for _ in range(50)))
    assert database.asked == asked + 1  # one goes ahead to see


async def test_activity_is_answered_once_across_a_failure(
    store: ResilientStorage, database: Switch, time: Time
) -> None:
    assert await store.claim("a", NOW)
    await store.save(commit(0, 0, activity="a"))
    database.on = False
    assert not await store.claim("a", NOW)
    assert await store.claim("b", NOW)
    assert not await store.claim("b", NOW)
    await store.save(commit(1, 1, activity="b"))
    await back(store, database, time)
    assert not await store.claim("b", NOW)


async def test_memory_is_bounded_and_forgetting_old_ones_does_not_stop_a_turn(
    store: ResilientStorage, database: Switch
) -> None:
    database.on = False
    for number in range(10):
        await store.save(commit(0, number, conversation=str(number)))
    assert await data(store, "9") == {"n": 9}
    assert await data(store, "0") is None
    await store.save(commit(17, 5, conversation="0"))
    assert await data(store, "0") == {"n": 5}


async def test_ratings_of_a_failure_are_written_after_it(
    store: ResilientStorage, database: Switch, time: Time
) -> None:
    rating = Feedback(NOW.date(), "entry", "digest", "like")
    database.on = False
    await store.save(commit(0, 0, state=None, feedback=(rating,), sent=(SentAnswer("m", "e", "d"),)))
    assert await store.sent_answer("m") == SentAnswer("m", "e", "d")
    await back(store, database, time)
    await store.save(commit(0, 1))
    async with database._database.database._engine.connect() as connection:
        rows = (await connection.execute(text("SELECT entry, rating FROM feedback"))).all()
    assert [tuple(row) for row in rows] == [("entry", "like")]
    assert await store.sent_answer("m") == SentAnswer("m", "e", "d")


async def test_gaps_of_a_failure_never_fail_a_turn_and_are_written_after_it(
    store: ResilientStorage, database: Switch, time: Time
) -> None:
    old, new = (GapFound(date(2026, 11, day), "declined", f"dopust {day}", "", "sl") for day in (1, 20))
    database.on = False
    await store.save(commit(0, 1, gaps=(old,)))
    await store.save(replace(commit(0, 1, gaps=(new,)), conversation="d"))
    with pytest.raises(StorageError):
        await store.prune(NOW, gaps=date(2026, 11, 10))
    database.on = True
    time.now += REST
    await store.save(replace(commit(0, 1), conversation="e"))
    await store.save(replace(commit(0, 1), conversation="f"))
    async with database._database.database.statement() as connection:
        rows = list(await connection.execute(text("SELECT question FROM gaps")))
    assert [row.question for row in rows] == ["dopust 20"]


async def test_start_without_database(database: Switch, time: Time) -> None:
    database.on = False
    store = ResilientStorage(database, Metrics(), time)  # type: ignore[arg-type]
    await store.start()
    await store.save(commit(0, 1))
    with pytest.raises(StorageError):
        await store.ping()
    await back(store, database, time)
    await store.ping()
    assert await data(store) == {"n": 1}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns that wait as long as ever, in no time."""
    assert PATIENCE <= 3
    monkeypatch.setattr("bot.storage.attempts.PATIENCE", 0)


class Closed(Switch):
    """A database that does not open until it is let, and then perhaps fails."""

    def __init__(self, database: SqlStorage) -> None:
        super().__init__(database)
        self.let, self.openings = asyncio.Event(), 0

    async def open(self) -> None:
        self.openings += 1
        await self.let.wait()
        if not self.on:
            raise StorageError("switched off")
        await self._database.open()


@pytest.fixture
def closed(database: Switch) -> Closed:
    return Closed(database._database)


@pytest.mark.usefixtures("impatient")
async def test_a_turn_does_not_wait_until_the_database_is_open(closed: Closed, time: Time) -> None:
    store = ResilientStorage(closed, Metrics(), time)  # type: ignore[arg-type]
    for number in range(4):
        assert await store.claim(str(number), NOW)
        stored = await store.load("c")
        await store.save(commit(stored.version if stored else 0, number, activity=str(number)))
        time.now += REST
    with pytest.raises(StorageError, match="still being opened"):
        await store.ping()
    assert (closed.openings, closed.asked) == (1, 0)  # all of them waited for the one opening, which goes on
    closed.let.set()
    await store._attempts.open()
    assert await data(store) == {"n": 3}
    await store.save(commit((await store.load("c") or Stored({}, 0)).version, 4))
    assert await data(closed) == {"n": 4}
    assert closed.openings == 1


@pytest.mark.usefixtures("impatient")
async def test_an_opening_that_failed_unseen_is_begun_again(closed: Closed, time: Time) -> None:
    store = ResilientStorage(closed, Metrics(), time)  # type: ignore[arg-type]
    closed.on = False
    await store.save(commit(0, 1))
    closed.let.set()
    with pytest.raises(StorageError, match="switched off"):
        await store._attempts.open()
    await back(store, closed, time)
    await store._attempts.open()
    assert await data(store) == {"n": 1}
    assert closed.openings == 2


@pytest.mark.usefixtures("impatient")
async def test_at_the_end_an_opening_is_given_up(closed: Closed, time: Time) -> None:
    store = ResilientStorage(closed, Metrics(), time)  # type: ignore[arg-type]
    await store.close()
    await store.save(commit(0, 1))
    await store.close()
    assert store._attempts._opening
    assert store._attempts._opening.cancelled()


@pytest.mark.usefixtures("impatient")
async def test_postgres_that_another_process_migrates(postgres_url: str, time: Time) -> None:
    database, other = SqlStorage(postgres_url), SqlStorage(postgres_url)
    store = ResilientStorage(database, Metrics(), time)
    async with other.database.transaction() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        await store.save(commit(0, 1))
        assert await data(store) == {"n": 1}
    await store._attempts.open()
    await store.save(commit((await store.load("c") or Stored({}, 0)).version, 2))
    assert (await database.load("c") or Stored({}, 0)).data == {"n": 2}
    for each in (store, database, other):
        await each.close()


async def test_forgetting_is_not_promised_while_the_database_is_away(
    store: ResilientStorage, database: Switch
) -> None:
    await store.save(commit(0, 1))
    database.on = False
    with pytest.raises(StorageError):
        await store.forget("c")


async def test_failures_are_counted(database: Switch, time: Time) -> None:
    metrics = Metrics()
    store = ResilientStorage(database, metrics, time)  # type: ignore[arg-type]
    await store.start()
    assert b"kazipot_storage_up 1.0" in metrics.page()
    database.on = False
    await store.load("c")
    assert b'kazipot_storage_failures_total{work="load"} 1.0' in metrics.page()
    assert b"kazipot_storage_up 0.0" in metrics.page()


async def test_locked_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "k.sqlite3"
    database = SqlStorage(f"sqlite+aiosqlite:///{file}", timeout=0.2)
    await database.open()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError):
        await database.save(commit(0, 1))
    other.execute("ROLLBACK")
    other.close()
    await database.save(commit(0, 1))
    await database.close()


async def test_read_only_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "k.sqlite3"
    database = SqlStorage(f"sqlite+aiosqlite:///{file}")
    await database.open()
    await database.close()
    readonly = SqlStorage(f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(StorageError):
        await readonly.save(commit(0, 1))
    await readonly.close()


async def test_full_disk(tmp_path: Path) -> None:
    database = SqlStorage(f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3")
    await database.open()
    async with database.database.statement() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageError):
        await database.save(commit(0, 1, state={"n": "x" * 100_000}))
    await database.close()


@pytest.mark.parametrize("content", ["not a database at all" * 100, ""])
async def test_file_that_is_no_database(tmp_path: Path, content: str) -> None:
    file = tmp_path / "k.sqlite3"
    file.write_text(content)
    database = SqlStorage(f"sqlite+aiosqlite:///{file}")
    if content:
        with pytest.raises(StorageError):
            await database.open()
    else:
        await database.open()
    await database.close()


@pytest.mark.parametrize("row", ["", "{", "[]", "null", '"x"', "[" * 5000, '{"a":' * 2000])
async def test_corrupted_row_reads_as_empty(tmp_path: Path, row: str) -> None:
    database = SqlStorage(f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3")
    await database.open()
    await database.save(commit(0, 1))
    async with database.database._engine.begin() as connection:
        await connection.execute(text("UPDATE conversations SET state = :row"), {"row": row})
    assert await database.load("c") == Stored({}, 1)
    await database.save(commit(1, 2))
    await database.close()


@pytest.mark.parametrize(
    "url",
    ["postgresql+asyncpg://postgres@127.0.0.1:9/test", "postgresql+asyncpg://postgres@127.0.0.1:5432/missing_database",
     "postgresql+asyncpg://nobody_here@127.0.0.1:5432/test"],
    ids=["no server", "no database", "no such user"],
)  # fmt: skip
async def test_unreachable_postgres(url: str) -> None:
    database = SqlStorage(url)
    with pytest.raises(StorageError):
        await database.open()
    with pytest.raises(StorageError):
        await database.load("c")
    await database.close()


async def test_postgres_that_drops_its_connections(postgres_url: str, time: Time) -> None:
    database = SqlStorage(postgres_url)
    store = ResilientStorage(database, Metrics(), time)
    await store.start()
    await store.save(commit(0, 1))
    other = SqlStorage(postgres_url)
    async with other.database.statement() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await other.close()
    stored = await store.load("c")
    assert stored
    await store.save(commit(stored.version, 2))
    time.now += REST
    stored = await store.load("c")
    assert stored
    await store.save(commit(stored.version, 3))
    assert (await database.load("c") or Stored({}, 0)).data == {"n": 3}
    await database.close()


async def test_postgres_that_is_too_slow(postgres_url: str) -> None:
    database = SqlStorage(postgres_url, timeout=2)
    await database.open()
    slow = SqlStorage(postgres_url, timeout=0.2)
    async with database.database._engine.begin() as connection:
        await connection.execute(text("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StorageError, match="in time"):
            await slow.load("c")
    assert await slow.load("c") is None
    await slow.close()
    await database.close()
