"""Stolen, replayed and made-up requests on the real authentication path, and addresses that lead inside."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.support.channel import TENANT, FakeChannel, signer
from tests.support.host import Script

Client = TestClient[Any, Any]
OTHER_TENANT = "bbbbbbbb-0000-0000-0000-000000000002"


async def post(bot: Client, activity: Any, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    async with bot.post("/api/messages", json=activity, headers=headers) as response:
        return response.status


async def test_a_delivery_replayed_is_answered_once(
    bot: Client, channel: FakeChannel, script: Script
) -> None:
    activity, token = channel.activity("Kdaj?"), channel.token()
    assert [await post(bot, activity, token) for _ in range(4)] == [202] * 4
    assert len(script.seen) == len(channel.messages) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"serviceUrl": "https://evil.example/"},
        {"channelId": "webchat"},
        {"conversation": {"id": "a", "tenantId": OTHER_TENANT}},
        {"channelData": {"tenant": {"id": OTHER_TENANT}}},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_a_stolen_token_opens_nothing_else(
    bot: Client, channel: FakeChannel, script: Script, changes: dict[str, Any]
) -> None:
    token = channel.token()
    assert await post(bot, channel.activity("Kdaj?"), token) == 202
    assert await post(bot, channel.activity("Kdaj?", **changes), token) == 401
    assert len(script.seen) == 1


async def test_keys_named_by_the_token_itself_are_not_used(bot: Client, channel: FakeChannel) -> None:
    mine = signer("mine")
    for headers in (
        {"jwk": mine.jwk()},
        {"jku": f"{channel.url}/keys", "kid": "mine"},
        {"x5u": "http://169.254.169.254/", "kid": "mine"},
        {"kid": "../../first"},
        {"kid": "first' OR '1'='1"},
    ):
        token = channel.token(by=replace(mine, kid="first"), headers=headers)
        assert await post(bot, channel.activity(), token) == 401
    assert channel.sent == []


INSIDE = [
    "http://127.0.0.1:5432/",
    "http://localhost:3978/metrics",
    "http://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://0x7f000001/",
    "https://2130706433/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://evil.example\\@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net:8443/",
    "https://smba.trafficmanager.net/?x=@evil.example",
    "https://smba.trafficmanager.net/#@evil.example",
    "https://smba.trafficmanager.net\r\nHost: evil.example/",
    "https://smba.trafficmanager\u3002net/",
    "https://xn--smba.trafficmanager.net/",
    "//smba.trafficmanager.net/",
    "smba.trafficmanager.net",
]


@pytest.mark.parametrize("url", INSIDE)
async def test_no_reply_is_sent_inside(
    bot: Client, channel: FakeChannel, script: Script, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """Even with a token that names the address; and nothing is connected to on the way."""
    asked: list[str] = []

    async def resolve(self: Any, host: str, *arguments: Any, **more: Any) -> Any:
        asked.append(host)
        raise OSError("no network in tests")

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", resolve)
    from bot.transport.http import HOST

    monkeypatch.setattr(bot.app[HOST].adapter, "_hosts", ("smba.trafficmanager.net",))  # type: ignore[index]
    assert await post(bot, channel.activity(serviceUrl=url), channel.token(serviceurl=url)) == 401
    assert script.seen == []
    assert asked == []


async def test_forged_card_data_in_a_deep_and_wide_activity(
    local_bot: Client, channel: FakeChannel, script: Script
) -> None:
    """As deep as is let in and as wide as a body may be: answered, in its time, and nothing of it is run."""
    deep: Any = {"do": "__import__('os').system('true')"}
    for _ in range(50):
        deep = {"do": "check", "x": deep}
    wide = {f"fact_{number}": "x" * 20 for number in range(20_000)} | {
        "do": "check_submit",
        "procedure": "naziv",
    }
    for data in (deep, wide, {"do": ["check"]}, {"do": {"$ne": ""}}, {"__proto__": {"do": "forget"}}):
        async with local_bot.post("/api/messages", json=channel.activity(value=data)) as response:
            assert response.status == 202
    assert len(script.seen) == 5


async def test_many_names_twice_and_numbers_without_end(local_bot: Client, channel: FakeChannel) -> None:
    """What JSON leaves open: names that stand twice, huge numbers, and marks that other readers stumble over."""
    base = json.dumps(channel.activity("Kdaj?"))[1:-1]
    headers = {"Content-Type": "application/json"}
    for more, status in (
        ('"text": "drugo"', 202),
        ('"value": 1e400', 400),
        ('"value": -1e400', 400),
        ('"value": ' + "9" * 5000, 400),
        ('"text": "\\ud800\\u0000"', 202),
        ('"conversation": {"id": "x", "tenantId": "' + TENANT + '"}', 202),
    ):
        body = "{" + base + "," + more + "}"
        async with local_bot.post("/api/messages", data=body.encode(), headers=headers) as response:
            assert response.status == status, more[:40]
