"""Signing keys: fetched once, again when a new one appears, and never more often than allowed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.transport.admission import KeysUnavailable, Refused
from bot.transport.signing_keys import INTERVAL, KEEP, RETRY, TRUST, SigningKeys
from tests.support.channel import FakeChannel, signer


class Time:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest_asyncio.fixture
async def keys(channel: FakeChannel, time: Time) -> AsyncIterator[SigningKeys]:
    async with aiohttp.ClientSession() as session:
        yield SigningKeys(channel.openid_url, session, time)


async def test_fetched_once(keys: SigningKeys, channel: FakeChannel) -> None:
    found = await asyncio.gather(*(keys.get("first") for _ in range(20)))
    assert {key.endorsements for key in found} == {("msteams",)}
    assert channel.keys_asked == 1


async def test_made_up_ids_do_not_cause_fetches(keys: SigningKeys, channel: FakeChannel, time: Time) -> None:
    await keys.get("first")
    for number in range(50):
        with pytest.raises(Refused):
            await keys.get(f"made-up-{number}")
    assert channel.keys_asked == 1
    time.now += INTERVAL
    with pytest.raises(Refused):
        await keys.get("made-up")
    assert channel.keys_asked == 2


async def test_new_key_is_found_after_the_interval(
    keys: SigningKeys, channel: FakeChannel, time: Time
) -> None:
    await keys.get("first")
    channel.signers = [signer("second")]
    time.now += INTERVAL
    await keys.get("second")
    with pytest.raises(Refused):
        await keys.get("first")  # withdrawn


async def test_known_keys_serve_while_they_can_not_be_fetched(
    keys: SigningKeys, channel: FakeChannel, time: Time
) -> None:
    await keys.get("first")
    channel.keys_status = 500
    time.now += KEEP
    await keys.get("first")
    with pytest.raises(KeysUnavailable):
        await keys.get("second")
    time.now += TRUST
    with pytest.raises(KeysUnavailable):
        await keys.get("first")


async def test_after_a_failure_it_waits_a_little(keys: SigningKeys, channel: FakeChannel, time: Time) -> None:
    channel.keys_status = 503
    for _ in range(5):
        with pytest.raises(KeysUnavailable):
            await keys.get("first")
    assert channel.keys_asked == 1
    channel.keys_status = 200
    time.now += RETRY
    await keys.get("first")


@pytest.mark.parametrize(
    "document",
    [[], {}, {"keys": None}, {"keys": []}, {"keys": [None, "x", {"kid": "a"}]},
     {"keys": [{"kid": "a", "kty": "RSA", "n": "!", "e": "AQAB"}]}, {"keys": [{"kid": "a", "kty": "EC"}]}],
)  # fmt: skip
async def test_useless_documents(document: Any) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(
            document if request.path == "/keys" else {"jwks_uri": f"http://{request.host}/keys"}
        )

    app = web.Application()
    app.router.add_get("/{path}", answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        with pytest.raises(KeysUnavailable):
            await SigningKeys(str(server.make_url("/openid")), session).get("a")


async def test_server_that_never_answers(channel: FakeChannel) -> None:
    never = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    app = web.Application()
    app.router.add_get("/openid", answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        with pytest.raises(KeysUnavailable):
            await SigningKeys(str(server.make_url("/openid")), session, timeout=0.02).get("a")
        never.set()
