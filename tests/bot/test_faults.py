"""Faults made to happen under a bot that serves: every turn sent is answered once, and no state is lost.

The dialogue counts its turns in the state: numbers from 1 on without a gap say that nothing was lost or done twice.
The table in `docs/operations.md` names the test of every fault.
"""

from __future__ import annotations

import asyncio
import random
import re
import signal
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.app import STORAGE
from bot.clock import system_clock
from bot.once import LONGEST
from bot.storage.ports import LEASE
from bot.storage.sql import SqlStorage
from tests.support.channel import TENANT, FakeChannel
from tests.support.host import real_answering, running, settings, with_credentials
from tests.support.login import FakeLogin
from tests.support.postgres import SERVER
from tests.support.processes import ROOT, environment, replica

TABLE = (ROOT / "docs" / "operations.md").read_text("utf-8").split("## Faults, each with its test", 1)[1]
FAULTS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE.split("\n## ", 1)[0])


@dataclass
class Play:
    """A bot with a channel, and what was sent to it."""

    bot: TestClient[Any, Any]
    channel: FakeChannel
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, person: str = "ana", **changes: Any) -> int:
        """One turn, delivered once."""
        conversation = {"id": person, "tenantId": TENANT, "conversationType": "personal"}
        self.sent.append(self.channel.activity(f"v{len(self.sent)}", conversation=conversation, **changes))
        return await self.deliver(self.sent[-1])

    async def deliver(self, activity: dict[str, Any]) -> int:
        headers = {"Authorization": f"Bearer {self.channel.token()}"}
        async with self.bot.post("/api/messages", json=activity, headers=headers) as response:
            return response.status

    async def arrived(self, number: int) -> None:
        """So many messages are at the connector."""
        async with asyncio.timeout(20):
            while len(self.channel.messages) < number:
                self.channel.arrived.clear()
                await self.channel.arrived.wait()

    def database(self) -> Any:
        """The database that the bot works with."""
        storage: Any = self.bot.app[STORAGE] if self.bot.app else None
        return storage._database.database

    async def well(self) -> bool:
        """Whether the bot says that all of it works; looking ends the rest of a database that is back."""
        async with self.bot.get("/health/ready") as response:
            return response.status == 200

    def counts(self) -> dict[str, list[int]]:
        """By person the numbers of the turns answered."""
        found: dict[str, list[int]] = {}
        for message in self.channel.messages:
            words = message["attachments"][0]["content"]["body"][0]["text"]
            found.setdefault(message["conversation"]["id"], []).append(int(words.split(":")[2]))
        return found


@asynccontextmanager
async def playing(channel: FakeChannel, given: Any, **parts: Any) -> AsyncIterator[Play]:
    async with running(given, **parts) as bot:
        yield Play(bot, channel)


@pytest_asyncio.fixture
async def play(tmp_path: Path, channel: FakeChannel) -> AsyncIterator[Play]:
    """On SQLite, without waits between tries."""
    async with playing(channel, settings(tmp_path, database_timeout=0.3)) as made:
        yield made


def once(play: Play, number: int, person: str = "ana") -> bool:
    """Whether so many turns were answered, each once, in order."""
    return play.counts()[person] == list(range(1, number + 1))


async def test_locked_sqlite(play: Play, tmp_path: Path) -> None:
    assert await play.say() == 202
    other = sqlite3.connect(tmp_path / "test.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert [await play.say() for _ in range(3)] == [202] * 3
    assert not await play.well()
    other.execute("ROLLBACK")
    other.close()
    assert await play.well()
    assert await play.say() == 202
    assert once(play, 5)


async def test_full_disk(play: Play) -> None:
    people = [f"p{n}" for n in range(8)]
    assert {await play.say(person) for person in people} == {202}
    async with play.database().statement() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        for table in ("activities", "events", "conversations"):
            await _fill(connection, table)
    assert {await play.say(person) for person in people for _ in range(2)} == {202}
    async with play.bot.get("/metrics") as response:
        assert "kazipot_storage_failures_total{" in await response.text()
    async with play.database().statement() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1000000"))
    assert await play.well()
    assert {await play.say(person) for person in people} == {202}
    assert all(once(play, 4, person) for person in people)


async def _fill(connection: Any, table: str) -> None:
    """Write rows until there is no room for another one."""
    columns = {
        "activities": "(key, leased_until) VALUES (hex(randomblob(32)), '2026-11-21 10:00:00')",
        "events": "(day, hour, intent, status, entry, score, scope, locale, milliseconds) VALUES "
        "('2026-11-21', 1, hex(randomblob(20)), '', hex(randomblob(50)), 0, '', '', 0)",
        "conversations": "(key, state, version, updated_at) VALUES "
        "(hex(randomblob(32)), hex(randomblob(100)), 1, '2026-11-21 10:00:00')",
    }
    with suppress(OperationalError):
        while True:
            await connection.execute(text(f"INSERT INTO {table} {columns[table]}"))


async def test_read_only_disk(tmp_path: Path, channel: FakeChannel) -> None:
    """Answered from memory, which knows nothing of before its start and ends with its process."""
    async with playing(channel, settings(tmp_path)) as before:
        await before.say()
    url = f"sqlite+aiosqlite:///file:{tmp_path}/test.sqlite3?mode=ro&uri=true"
    async with playing(channel, settings(tmp_path, database_url=url)) as play:
        assert not await play.well()
        assert [await play.say() for _ in range(3)] == [202] * 3
        assert play.counts()["ana"] == [1, 1, 2, 3]
    async with playing(channel, settings(tmp_path)) as after:
        assert await after.well()
        assert await after.say() == 202
        assert after.counts()["ana"][-1] == 2


async def test_database_gone_and_back(tmp_path: Path, channel: FakeChannel, postgres_url: str) -> None:
    name = postgres_url.rsplit("/", 1)[1]
    server = await asyncpg.connect(SERVER)
    try:
        async with playing(channel, settings(tmp_path, database_url=postgres_url)) as play:
            people = [f"p{n}" for n in range(5)]
            assert {await play.say(person) for person in people for _ in range(2)} == {202}
            await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            await server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
            )
            assert set(await asyncio.gather(*(play.say(person) for person in people))) == {202}
            assert {await play.say(person) for person in people for _ in range(2)} == {202}
            assert not await play.well()
            await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            assert await play.well()
            assert {await play.say(person) for person in people for _ in range(2)} == {202}
            assert all(once(play, 7, person) for person in people)
    finally:
        await server.close()
    store = SqlStorage(postgres_url)
    async with store.database.statement() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM events"))).scalar_one() == 7 * 5
    await store.close()


async def test_connector_refuses_under_load(tmp_path: Path, channel: FakeChannel) -> None:
    """Half of the sends are refused in one way or other; what is not sent within its turn comes from the outbox."""
    chance, time = random.Random(3), [system_clock()]

    async def nap(seconds: float) -> None:
        await asyncio.sleep(0)

    statuses = [429, 500, 502, 503, 504, 412]
    channel.answers = [
        (chance.choice(statuses), {"Retry-After": "1"}) if chance.random() < 0.5 else (201, {})
        for _ in range(60)
    ]
    parts = {"clock": lambda: time[0], "sleep": nap}
    async with playing(channel, settings(tmp_path), **parts) as play:
        people = [f"p{n}" for n in range(16)]
        assert {await play.say(person) for person in people} == {202}
    channel.answers.clear()
    time[0] += timedelta(hours=2)
    async with playing(channel, settings(tmp_path), **parts) as play:
        async with asyncio.timeout(20):
            while set(play.counts()) != set(people):
                channel.arrived.clear()
                await channel.arrived.wait()
        assert {tuple(set(numbers)) for numbers in play.counts().values()} == {(1,)}
        assert {await play.say(person) for person in people} == {202}
        assert all(numbers[-1] == 2 for numbers in play.counts().values())


async def test_slow_connector(tmp_path: Path, channel: FakeChannel) -> None:
    """Ten seconds and more: the channel delivers again meanwhile, others are answered, and nobody twice."""
    time = [system_clock()]
    channel.gate = asyncio.Event()
    async with playing(channel, settings(tmp_path), clock=lambda: time[0]) as play:
        slow = asyncio.create_task(play.say())
        await play.arrived(1)
        time[0] += timedelta(seconds=15)
        assert await play.deliver(play.sent[0]) == 202
        gate, channel.gate = channel.gate, None
        assert await play.say("bor") == 202
        gate.set()
        assert await slow == 202
        assert once(play, 1)
        assert once(play, 1, "bor")


async def test_clock_jumps(tmp_path: Path, channel: FakeChannel) -> None:
    time = [system_clock()]
    async with playing(channel, settings(tmp_path), clock=lambda: time[0]) as play:
        for number, jump in enumerate((0, 10, -20, 400, -390, 0), start=1):
            time[0] += timedelta(days=jump)
            assert await play.say() == 202
            assert await play.deliver(play.sent[-1]) == 202
            assert once(play, number)


async def test_out_of_order_and_doubled(play: Play) -> None:
    activities = [play.channel.activity(f"v{n}", conversation={"id": "ana"}) for n in range(8)]
    deliveries = activities * 3
    random.Random(5).shuffle(deliveries)
    statuses = await asyncio.gather(*map(play.deliver, deliveries))
    assert set(statuses) == {202}
    assert sorted(play.counts()["ana"]) == list(range(1, 9))
    replied = [message["replyToId"] for message in play.channel.messages]
    assert sorted(replied) == sorted(activity["id"] for activity in activities)


async def test_corrupted_state(play: Play) -> None:
    assert await play.say() == 202
    for row in ("", "{", "[1]", '{"schema": 99}', '{"schema": 3, "check": {"facts": 5}}'):
        async with play.database().transaction() as connection:
            await connection.execute(text("UPDATE conversations SET state = :row"), {"row": row})
        assert await play.say() == 202
        words = play.channel.messages[-1]["attachments"][0]["content"]["body"][0]["text"]
        assert words.endswith(":1:dropped")
        assert await play.say() == 202
        assert play.counts()["ana"][-1] == 2


async def test_slow_login(tmp_path: Path, channel: FakeChannel, login: FakeLogin) -> None:
    """Nobody has a token yet: all wait for the one fetch and are then answered."""
    login.gate = threading.Event()
    async with playing(channel, with_credentials(tmp_path, channel, login)) as play:
        saying = [asyncio.create_task(play.say(f"p{n}")) for n in range(10)]
        async with asyncio.timeout(20):
            while not login.asked:
                assert await play.well()
        login.gate.set()
        assert await asyncio.gather(*saying) == [202] * 10
        assert all(numbers == [1] for numbers in play.counts().values())
        assert len(play.counts()) == 10
        assert login.asked == 1


@pytest.mark.parametrize(
    "pressed",
    [
        {"do": "no longer there"},
        {"do": "entry", "entry": "an-entry-that-is-gone"},
        {"do": "check_form", "facts": {"gone": "1"}, "version": 0},
        {"do": "check_result", "version": 0},
        {"action": "ask", "entry": "old shape"},
        {"do": "entry"},
        {"do": ["entry"]},
    ],
)
async def test_card_pressed_after_an_upgrade(
    tmp_path: Path, channel: FakeChannel, pressed: dict[str, Any]
) -> None:
    """Its data means nothing now: that is said, and the conversation goes on."""
    async with playing(channel, settings(tmp_path), answering=real_answering()) as play:
        assert await play.say(value=pressed, replyToId="card-1") == 202
        card = str(channel.messages[-1]["attachments"][0]["content"])
        assert "oznako" not in card  # no apology with a reference
        question = channel.activity("Kdaj lahko predlog vložim sam?", conversation={"id": "ana"})
        assert await play.deliver(question) == 202
        assert "Viri" in str(channel.messages[-1])


async def test_killed_between_saving_and_sending(
    tmp_path: Path, channel: FakeChannel, login: FakeLogin, postgres_url: str
) -> None:
    """A process is killed with the answer saved and not sent: the next one sends it, and the state counts it once."""
    given = environment(channel, login, postgres_url)
    store = SqlStorage(postgres_url)
    login.gate = threading.Event()  # no token, so that nothing can be sent
    activity = channel.activity("v0", conversation={"id": "ana", "tenantId": TENANT})
    async with aiohttp.ClientSession() as session:
        async with replica(tmp_path, given) as first:
            asking = asyncio.create_task(first.post(session, channel, activity))
            async with asyncio.timeout(30):
                while not await _saved(store):
                    assert not asking.done()
            await first.kill()
            assert await asking == 0
        assert channel.messages == []
        login.gate.set()
        await _time_passes(store, LEASE)
        async with replica(tmp_path, given) as second:
            assert await second.post(session, channel, activity) == 202  # again, as a channel does
            async with asyncio.timeout(30):
                await channel.arrived.wait()
            following = channel.activity("v1", conversation=activity["conversation"])
            assert await second.post(session, channel, following) == 202
            assert await second.end() == 0
    await store.close()
    words = [message["attachments"][0]["content"]["body"][0]["text"] for message in channel.messages]
    assert words == ["message:v0:1:", "message:v1:2:"]


async def test_stopped_in_the_middle_of_a_reply(
    tmp_path: Path, channel: FakeChannel, login: FakeLogin, postgres_url: str
) -> None:
    """SIGTERM, and the connector does not answer in time: the process ends, and the next one sends the reply."""
    given = environment(channel, login, postgres_url) | {"KAZIPOT_STOP_TIMEOUT": "0.2"}
    store = SqlStorage(postgres_url)
    channel.gate = asyncio.Event()
    async with aiohttp.ClientSession() as session:
        async with replica(tmp_path, given) as first:
            asking = asyncio.create_task(first.post(session, channel, channel.activity("v0")))
            await channel.arrived.wait()
            first.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(first.process.wait(), 10) == 0
            await asking
        channel.gate.set()
        channel.gate = None
        before = len(channel.messages)
        await _time_passes(store, LONGEST)
        channel.arrived.clear()
        async with replica(tmp_path, given) as second:
            async with asyncio.timeout(30):
                await channel.arrived.wait()
            assert await second.end() == 0
    await store.close()
    assert len(channel.messages) == before + 1


async def _saved(store: SqlStorage) -> bool:
    async with store.database.statement() as connection:
        tables = await connection.execute(text("SELECT to_regclass('activities') IS NOT NULL"))
        if not tables.scalar_one():
            return False
        found = await connection.execute(text("SELECT count(*) FROM activities WHERE reply IS NOT NULL"))
        return bool(found.scalar_one())


async def _time_passes(store: SqlStorage, span: timedelta) -> None:
    """Leases end earlier, as if it were later."""
    async with store.database.statement() as connection:
        await connection.execute(
            text("UPDATE activities SET leased_until = leased_until - make_interval(secs => :seconds)"),
            {"seconds": span.total_seconds()},
        )


@pytest.mark.parametrize(("file", "test"), FAULTS, ids=[test for _, test in FAULTS])
def test_the_table_of_faults_is_true(file: str, test: str) -> None:
    assert re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text("utf-8"), flags=re.MULTILINE)


def test_every_fault_has_a_row() -> None:
    assert len(FAULTS) > 20
