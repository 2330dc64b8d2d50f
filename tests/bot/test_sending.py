"""Replies reach the connector: again after a wait where that helps, within limits, and never twice."""

from __future__ import annotations

import asyncio
import email.utils
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import system_clock
from bot.transport.sender import ATTEMPTS, LONGEST_WAIT
from tests.support.channel import FakeChannel
from tests.support.host import Naps, Script, running, settings, with_credentials
from tests.support.login import FakeLogin

Client = TestClient[Any, Any]


async def post(bot: Client, channel: FakeChannel, **changes: Any) -> int:
    headers = {"Authorization": f"Bearer {channel.token()}"}
    async with bot.post("/api/messages", json=channel.activity(**changes), headers=headers) as response:
        return response.status


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
async def test_tried_again(bot: Client, channel: FakeChannel, naps: Naps, status: int) -> None:
    channel.answers = [(status, {}), (status, {})]
    assert await post(bot, channel) == 202
    assert len(channel.messages) == 3
    assert len(naps.taken) == 2
    assert len(set(naps.taken)) == 2  # with jitter


async def test_waits_as_long_as_asked(bot: Client, channel: FakeChannel, naps: Naps) -> None:
    soon = email.utils.formatdate(time.time() + 20, usegmt=True)
    channel.answers = [
        (429, {"Retry-After": "7"}),
        (429, {"Retry-After": soon}),
        (429, {"Retry-After": "99999"}),
        (429, {"Retry-After": "soon"}),
    ]
    assert await post(bot, channel) == 202
    number, date, endless, garbage = naps.taken
    assert 7 <= number <= 8
    assert 17 <= date <= 22
    assert endless <= LONGEST_WAIT + 1
    assert garbage <= 8


async def test_gives_up_and_asks_for_another_delivery(bot: Client, channel: FakeChannel) -> None:
    channel.answers = [(502, {})] * ATTEMPTS
    assert await post(bot, channel, id="again") == 503
    assert len(channel.messages) == ATTEMPTS
    assert await post(bot, channel, id="again") == 202
    assert len(channel.messages) == ATTEMPTS + 1


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500])
async def test_not_tried_again(bot: Client, channel: FakeChannel, naps: Naps, status: int) -> None:
    channel.answers = [(status, {})]
    assert await post(bot, channel) == 503
    assert len(channel.messages) == 1
    assert naps.taken == []


async def test_redirects_are_not_followed(bot: Client, channel: FakeChannel) -> None:
    channel.answers = [(307, {"Location": f"{channel.url}/connector/elsewhere"})]
    assert await post(bot, channel) == 503
    assert len(channel.messages) == 1


async def test_token_that_is_no_longer_taken_is_renewed(
    bot: Client, channel: FakeChannel, login: FakeLogin
) -> None:
    channel.answers = [(401, {})]
    assert await post(bot, channel) == 202
    assert [sent.authorization for sent in channel.sent[-2:]] == ["Bearer token-1", "Bearer token-2"]


async def test_login_server_down(tmp_path: Path, channel: FakeChannel, login: FakeLogin, naps: Naps) -> None:
    """The answer is saved, so it is not worked out again: it waits in the outbox."""
    login.status = 400
    chosen = with_credentials(tmp_path, channel, login)
    async with running(chosen, sleep=naps) as bot:
        assert await post(bot, channel, id="again") == 202
        assert len(naps.taken) >= ATTEMPTS - 1
        assert await post(bot, channel, id="again") == 202
    assert channel.messages == []
    login.status = 200
    async with running(chosen, clock=lambda: system_clock() + timedelta(minutes=5)):
        await channel.arrived.wait()
    assert len(channel.messages) == 1


async def test_no_connection(local_bot: Client, channel: FakeChannel, naps: Naps) -> None:
    activity = channel.activity(serviceUrl="http://127.0.0.1:9/")
    async with local_bot.post("/api/messages", json=activity) as response:
        assert response.status == 503
    assert len(naps.taken) == ATTEMPTS - 1


async def test_connector_that_never_answers(tmp_path: Path, channel: FakeChannel) -> None:
    """It may have got the answer or not: twice is better than never, so the outbox sends it once more."""
    channel.gate = asyncio.Event()
    async with running(settings(tmp_path, send_timeout=0.05)) as bot:
        response = await bot.post("/api/messages", json=channel.activity())
        assert response.status == 202
    channel.gate.set()
    channel.gate = None
    channel.arrived.clear()
    before = len(channel.messages)
    async with running(settings(tmp_path), clock=lambda: system_clock() + timedelta(minutes=5)):
        await channel.arrived.wait()
    assert len(channel.messages) == before + 1


async def test_typing_fails_without_harm(tmp_path: Path, script: Script) -> None:
    kinds = []

    async def connector(request: web.Request) -> web.Response:
        kind = (await request.json())["type"]
        kinds.append(kind)
        return web.json_response({"id": "1"}, status=502 if kind == "typing" else 201)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", connector)
    async with TestServer(app) as server, running(settings(tmp_path), answering=script.answering()) as bot:
        activity = FakeChannel(url=str(server.make_url("")).rstrip("/")).activity()
        async with bot.post("/api/messages", json=activity) as response:
            assert response.status == 202
    assert kinds == ["typing", "message"]


async def test_what_is_sent_is_counted(bot: Client, channel: FakeChannel) -> None:
    channel.answers = [(429, {})]
    await post(bot, channel)
    async with bot.get("/metrics") as response:
        page = await response.text()
    assert 'kazipot_sends_total{result="retried"} 1.0' in page
    assert re.search(
        r'kazipot_sends_total{result="sent"} [12]\.0', page
    )  # the answer; typing where it is quick
    assert "kazipot_credential_expiry_timestamp_seconds 1." in page
