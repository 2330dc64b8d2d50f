"""Nothing waits for ever: for a token, for an answer of any length, for what is still being sent at the end."""

from __future__ import annotations

import ast
import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.metrics import Metrics
from bot.process import IDLE, runner_of
from bot.transport.credentials import BotToken
from bot.transport.sender import ATTEMPTS, LONGEST_ANSWER, Sender, SendFailed
from bot.transport.serving import Handlers
from bot.transport.teams import Adapter
from tests.support.host import Naps

ROOT = Path(__file__).parents[2]
MESSAGE = {"type": "message", "text": "a"}
WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Open = Callable[[], Awaitable[Connection]]


class SlowLogin:
    """A login server that answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = threading.Event()

    def __call__(self) -> dict[str, Any]:
        self.asked += 1
        self.open.wait(30)
        return {"access_token": "late", "expires_in": 3600}


@pytest.fixture
def slow_login() -> Iterator[SlowLogin]:
    made = SlowLogin()
    yield made
    made.open.set()


async def test_a_login_server_that_hangs_holds_up_nobody_for_ever(slow_login: SlowLogin, naps: Naps) -> None:
    async with aiohttp.ClientSession() as session:
        token = BotToken(slow_login)
        sender = Sender(session, token, Metrics(), 0.005, naps)
        sends = [sender.deliver("POST", "http://127.0.0.1:1", "x", MESSAGE) for _ in range(20)]
        results = await asyncio.gather(*sends, return_exceptions=True)
        assert {(type(each), str(each)) for each in results} == {(SendFailed, "no token in time")}
        assert slow_login.asked == 1  # all of them waited for the one fetch, which goes on
        slow_login.open.set()
        assert await token.get() == "late"
        assert slow_login.asked == 1
        await token.close()
    assert len(naps.taken) == 20 * (ATTEMPTS - 1)


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    """The connector says an id in a few bytes; whatever else it sends is left."""
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(status=201)
        await response.prepare(request)
        while request.transport is not None and sent < 100 * LONGEST_ANSWER:
            try:
                await response.write(b"x" * LONGEST_ANSWER)
            except ConnectionError:
                break
            sent += LONGEST_ANSWER
        return response

    app = web.Application()
    app.router.add_post("/v3", endless)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        sender = Sender(session, None, Metrics())
        assert await sender.deliver("POST", str(server.make_url("")), "v3", MESSAGE) == ""
    assert sent < 100 * LONGEST_ANSWER


async def test_at_the_end_what_can_not_be_sent_is_given_up() -> None:
    async def nothing(*arguments: Any) -> None:
        return None

    adapter = Adapter(None, Handlers(nothing, nothing, nothing), (), frozenset(), None)  # type: ignore[arg-type]
    stuck = asyncio.create_task(asyncio.Event().wait())
    adapter._unfinished.add(stuck)  # type: ignore[arg-type]
    await adapter.finish(0.001)
    assert stuck.cancelled()


@asynccontextmanager
async def serving(handler: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[Open]:
    """A server as the bot's, impatient; makes connections to it."""
    app = web.Application()
    app.router.add_get("/", handler)
    runner = runner_of(app, 1, idle=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    connections = []

    async def connected() -> Connection:
        connections.append(await asyncio.open_connection(host, port))
        return connections[-1]

    yield connected
    for _, writer in connections:
        writer.close()
    await runner.cleanup()


async def drip(connection: Connection) -> bytes:
    """Send a head without end, a byte at a time, until the server closes; says what it answered."""
    reader, writer = connection
    answer = asyncio.create_task(reader.read())
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    while not answer.done():
        writer.write(b"x")
        await asyncio.wait({answer}, timeout=0.005)
    return await answer


async def test_a_head_that_comes_a_byte_at_a_time_is_not_waited_for() -> None:
    gone = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        await gone.wait()
        return web.Response(text="answered")

    async with serving(answer) as connected:
        reader, writer = at_work = await connected()
        writer.write(WHOLE)
        assert await drip(await connected()) == b""
        gone.set()  # whoever is at work for longer than that is not cut off
        assert (await reader.readuntil(b"answered")).startswith(b"HTTP/1.1 200 OK")
        assert await drip(at_work) == b""  # nor does a whole request buy time for the next


async def test_a_connection_without_a_word_is_closed() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response()

    async with serving(answer) as connected:
        reader, _ = await connected()
        assert await reader.read() == b""
    assert 60 < IDLE < 120


@pytest.mark.parametrize("path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda path: path.name)
def test_every_request_names_its_time(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"get", "post", "put", "request"}
            and "session" in ast.unparse(node.func.value)
        ):
            assert "timeout" in {keyword.arg for keyword in node.keywords}, f"{path.name}:{node.lineno}"
