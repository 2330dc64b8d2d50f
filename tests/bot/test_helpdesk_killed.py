"""The process is killed at every step of a question's life: nothing promised is lost, and nothing is asked twice."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.bot.test_stop import process
from tests.support.adaptive import actions_of
from tests.support.channel import FakeChannel
from tests.support.helpdesk import ANA, DESK, EVA, QUESTION, chat, words_of

PATIENCE = 60.0
PAST = "'2020-01-01 00:00:00.000000'"


@dataclass
class Connector:
    """A channel's service that takes messages, refuses them, or takes them and never says so."""

    url: str = ""
    mode: str = "accept"
    only: str = ""
    taken: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    met: asyncio.Event = field(default_factory=asyncio.Event)
    """A message came that is not simply accepted."""

    async def take(self, request: web.Request) -> web.Response:
        activity = await request.json()
        path = request.match_info["rest"]
        unasked = path.endswith("/activities") or request.method == "PUT"
        special = self.mode != "accept" and unasked and self.only in activity["conversation"]["id"]
        if special and self.mode == "refuse":
            self.met.set()
            return web.json_response({}, status=503)
        number = len(self.taken) + 1
        if activity["type"] == "message":
            async with self.news:
                self.taken.append((request.method, path, activity))
                self.news.notify_all()
        if special:
            self.met.set()
            await asyncio.Event().wait()
        return web.json_response({"id": f"sent-{number}"}, status=201)

    def of(self, place: dict[str, str]) -> list[tuple[str, str, dict[str, Any]]]:
        """What was taken for a place, without the bot's replies to what was said there."""
        return [
            (method, path, activity)
            for method, path, activity in self.taken
            if activity["conversation"]["id"] == place["id"]
            and (path.endswith("/activities") or method == "PUT")
        ]

    async def until(self, wanted: Callable[[], bool]) -> None:
        """Wait until what was taken is as wanted."""
        try:
            async with asyncio.timeout(PATIENCE), self.news:
                await self.news.wait_for(wanted)
        except TimeoutError:
            said = [(m, p, words_of(a["attachments"][0]["content"])[:60]) for m, p, a in self.taken]
            raise AssertionError(said) from None


@pytest_asyncio.fixture
async def connector() -> AsyncIterator[Connector]:
    made = Connector()
    app = web.Application()
    app.router.add_route("*", "/connector/{rest:.*}", made.take)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0.1)
    made.url = str(server.make_url("/connector/"))
    yield made
    await server.close()


@dataclass
class Database:
    """The bot's database as an operator reaches it."""

    url: str
    write: Callable[[str], Any]
    read: Callable[[str], Any]
    blocked: Callable[[str], AbstractAsyncContextManager[Callable[[], Any]]]
    """Nothing can be written to a table meanwhile; gives a way to wait until somebody tries."""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return _sqlite(tmp_path / "k.sqlite3")
    return _postgres(str(request.getfixturevalue("postgres_url")))


def _sqlite(file: Path) -> Database:
    async def write(statement: str) -> None:
        with sqlite3.connect(file) as connection:
            connection.execute(statement)
        connection.close()

    async def read(statement: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(file)
        rows = connection.execute(statement).fetchall()
        connection.close()
        return rows

    @asynccontextmanager
    async def blocked(table: str) -> AsyncIterator[Callable[[], Any]]:
        connection = sqlite3.connect(file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")  # the whole file: whoever writes waits

        async def tried() -> None:
            """SQLite does not say who waits; that the turn gave no answer is seen by the caller."""

        try:
            yield tried
        finally:
            connection.execute("ROLLBACK")
            connection.close()

    return Database(f"sqlite+aiosqlite:///{file}", write, read, blocked)


def _postgres(url: str) -> Database:
    address = url.replace("+asyncpg", "")

    async def write(statement: str) -> None:
        connection = await asyncpg.connect(address)
        await connection.execute(statement.replace(PAST, f"timestamptz {PAST}"))
        await connection.close()

    async def read(statement: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(address)
        rows = [tuple(row) for row in await connection.fetch(statement)]
        await connection.close()
        return rows

    @asynccontextmanager
    async def blocked(table: str) -> AsyncIterator[Callable[[], Any]]:
        connection = await asyncpg.connect(address)
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")

        async def tried() -> None:
            async with asyncio.timeout(PATIENCE):
                while not await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)

        try:
            yield tried
        finally:
            await transaction.rollback()
            await connection.close()

    return Database(url, write, read, blocked)


class Bot:
    """The process, started again after it was killed, with the same database."""

    def __init__(self, folder: Path, database: Database, connector: Connector) -> None:
        self._folder, self._database, self._connector = folder, database, connector
        self._making = FakeChannel()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        settings = {
            "KAZIPOT_ADVISERS": "0000-eva",
            "KAZIPOT_DATABASE_URL": self._database.url,
            "KAZIPOT_DATABASE_TIMEOUT": "30",
            "KAZIPOT_KEY_SALT": "salt",
        }
        async with process(self._folder, **settings) as (started, url), aiohttp.ClientSession() as session:
            yield Running(started, url, session, self._connector)

    async def later(self) -> None:
        """As if minutes had gone by: what a process held when it died is free again."""
        await self._database.write(f"UPDATE outbox SET due_at = {PAST} WHERE done_at IS NULL")
        await self._database.write(f"UPDATE activities SET leased_until = {PAST} WHERE answered_at IS NULL")

    async def noted(self) -> None:
        """Wait until the process has noted all that it sent."""
        async with asyncio.timeout(PATIENCE):
            while await self._database.read("SELECT key FROM outbox WHERE done_at IS NULL"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@dataclass
class Running:
    """One life of the process."""

    process: asyncio.subprocess.Process
    url: str
    session: aiohttp.ClientSession
    connector: Connector

    def activity(self, who: dict[str, str], place: dict[str, str], **changes: Any) -> dict[str, Any]:
        made = FakeChannel().activity("", conversation=place, **{"from": who}) | changes
        return made | {"serviceUrl": self.connector.url}

    async def deliver(self, activity: dict[str, Any]) -> None:
        async with self.session.post(f"{self.url}api/messages", json=activity) as response:
            assert response.status in (200, 202)

    async def press(
        self, who: dict[str, str], place: dict[str, str], data: dict[str, Any], **inputs: Any
    ) -> None:
        await self.deliver(self.activity(who, place, value={**data, **inputs}))

    async def opened(self) -> dict[str, Any]:
        """A channel for the advisers, and the activity with which Ana sends her question."""
        await self.deliver(self.activity(EVA, DESK, text="tukaj so svetovalci"))
        await self.deliver(self.activity(ANA, chat(ANA), text="vprašaj človeka"))
        data = self.button("ticket_send")
        return self.activity(ANA, chat(ANA), value={**data, "ticket_question": QUESTION})

    def button(self, verb: str) -> dict[str, Any]:
        """The data of the newest button that does this."""
        for _, _, activity in reversed(self.connector.taken):
            for action in actions_of(activity["attachments"][0]["content"]):
                if action["data"]["do"] == verb:
                    return dict(action["data"])
        raise AssertionError(verb)

    async def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


@pytest.fixture
def bot(tmp_path: Path, database: Database, connector: Connector) -> Bot:
    return Bot(tmp_path, database, connector)


async def goes_on(bot: Bot, database: Database, connector: Connector) -> None:
    """After all that: one question, one card that is updated in its place, an answer that reaches the user."""
    assert await database.read("SELECT number, status FROM tickets") == [(1, "open")]
    async with bot.running() as running:
        before = len(connector.of(DESK))
        await running.press(EVA, DESK, running.button("ticket_take"))
        await connector.until(lambda: len(connector.of(DESK)) > before)
        method, path, activity = connector.of(DESK)[-1]
        assert method == "PUT"
        newest = max(
            n
            for n, (method, *_) in enumerate(connector.taken, 1)
            if (method, _[0]) == ("POST", path.rpartition("/")[0])
        )
        assert path.endswith(f"/sent-{newest}"), "the newest card is the one that is updated"
        assert "Eva Zupan" in words_of(activity["attachments"][0]["content"])
        await running.press(EVA, DESK, running.button("ticket_answer"), ticket_words="Da.")
        await connector.until(lambda: len(connector.of(chat(ANA))) == 1)
        assert "Da." in words_of(connector.of(chat(ANA))[0][2]["attachments"][0]["content"])


async def test_before_it_is_saved(bot: Bot, database: Database, connector: Connector) -> None:
    """The question was not taken: Teams, which got no answer, delivers it again."""
    async with bot.running() as running:
        sending = await running.opened()
        async with database.blocked("tickets") as tried:
            delivery = asyncio.create_task(running.deliver(sending))
            await tried()
            assert not delivery.done()
            await running.kill()
            await asyncio.gather(delivery, return_exceptions=True)
    assert await database.read("SELECT number FROM tickets") == []
    assert connector.of(DESK) == []
    await bot.later()
    async with bot.running() as running:
        await running.deliver(sending)
        await running.deliver(sending)
        await connector.until(lambda: len(connector.of(DESK)) == 1)
        await bot.noted()
    await goes_on(bot, database, connector)


async def test_saved_and_not_yet_sent(bot: Bot, database: Database, connector: Connector) -> None:
    """The channel took nothing before the process died; the next one sends the card, once."""
    async with bot.running() as running:
        sending = await running.opened()
        connector.mode, connector.only = "refuse", DESK["id"]
        await running.deliver(sending)
        await asyncio.wait_for(connector.met.wait(), PATIENCE)
        await running.kill()
    assert connector.of(DESK) == []
    connector.mode = "accept"
    await bot.later()
    async with bot.running():
        await connector.until(lambda: len(connector.of(DESK)) == 1)
        await bot.noted()
    await goes_on(bot, database, connector)


async def test_sent_and_not_yet_noted(bot: Bot, database: Database, connector: Connector) -> None:
    """The channel took the card, and the process died before it heard so: it is sent again, never lost."""
    async with bot.running() as running:
        sending = await running.opened()
        connector.mode, connector.only = "swallow", DESK["id"]
        await running.deliver(sending)
        await asyncio.wait_for(connector.met.wait(), PATIENCE)
        await running.kill()
    assert len(connector.of(DESK)) == 1
    connector.mode = "accept"
    await bot.later()
    async with bot.running():
        await connector.until(lambda: len(connector.of(DESK)) == 2)
        await bot.noted()
    await goes_on(bot, database, connector)


@pytest.mark.parametrize("mode, times", [("refuse", 1), ("swallow", 2)])
async def test_an_answer_on_its_way(
    bot: Bot, database: Database, connector: Connector, mode: str, times: int
) -> None:
    """The same for the answer to the user; the card of the advisers comes to say so as well."""
    async with bot.running() as running:
        await running.deliver(await running.opened())
        await bot.noted()
        connector.mode, connector.only = mode, chat(ANA)["id"]
        await running.press(EVA, DESK, running.button("ticket_answer"), ticket_words="Da.")
        await asyncio.wait_for(connector.met.wait(), PATIENCE)
        await running.kill()
    connector.mode = "accept"
    await bot.later()
    async with bot.running():
        await connector.until(lambda: len(connector.of(chat(ANA))) == times)
        await connector.until(
            lambda: "odgovorjeno" in words_of(connector.of(DESK)[-1][2]["attachments"][0]["content"])
        )
    assert await database.read("SELECT number, status FROM tickets") == [(1, "answered")]
    assert "Da." in words_of(connector.of(chat(ANA))[-1][2]["attachments"][0]["content"])
