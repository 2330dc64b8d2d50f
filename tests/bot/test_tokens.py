"""The real authentication path on loopback: who is let in, who is not, and never a 500."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest
from aiohttp.test_utils import TestClient

from tests.support.channel import APP, ISSUER, FakeChannel, signer

Client = TestClient[Any, Any]
NOW = int(time.time())
EMULATOR = "https://login.microsoftonline.com/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0"


def unsigned(channel: FakeChannel) -> str:
    """A token with algorithm "none"."""
    claims = jwt.decode(channel.token(), options={"verify_signature": False})
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "first"})  # type: ignore[arg-type]


def symmetric(channel: FakeChannel) -> str:
    """A token signed with the public key as if that were a shared secret."""
    claims = jwt.decode(channel.token(), options={"verify_signature": False})
    return jwt.encode(claims, "k" * 64, algorithm="HS256", headers={"kid": "first"})


def tampered(channel: FakeChannel) -> str:
    """A valid token whose claims were changed after signing."""
    head, _, signature = channel.token().split(".")
    claims = jwt.decode(channel.token(), options={"verify_signature": False}) | {"exp": NOW + 99_999}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def bearer(**changes: Any) -> Callable[[FakeChannel], str]:
    """An Authorization header with a changed token."""
    return lambda channel: f"Bearer {channel.token(**changes)}"


REFUSED: dict[str, Callable[[FakeChannel], str | None]] = {
    "no header": lambda channel: None,
    "empty header": lambda channel: "",
    "no token": lambda channel: "Bearer",
    "blank token": lambda channel: "Bearer ",
    "other scheme": lambda channel: f"Basic {channel.token()}",
    "lower-case scheme": lambda channel: f"bearer {channel.token()}",
    "three words": lambda channel: f"Bearer {channel.token()} x",
    "garbage": lambda channel: "Bearer not-a-token",
    "three garbage parts": lambda channel: "Bearer a.b.c",
    "claims no object": lambda channel: "Bearer eyJhbGciOiJSUzI1NiJ9.W10.eA",
    "non-ASCII": lambda channel: "Bearer čšž.čšž.čšž",
    "enormous": lambda channel: "Bearer " + "a" * 7000,
    "other audience": bearer(aud="99999999-0000-0000-0000-000000000000"),
    "no audience": bearer(aud=None),
    "audiences as a list": bearer(aud=[APP]),
    "other issuer": bearer(iss="https://login.example.com"),
    "no issuer": bearer(iss=None),
    "emulator issuer": bearer(iss=EMULATOR, ver="2.0", azp=APP),
    "emulator issuer, first version": bearer(iss=EMULATOR, ver="1.0", appid=APP),
    "skill token": bearer(iss=EMULATOR, ver="1.0", appid="22222222-0000-0000-0000-000000000000"),
    "skill claims from the right issuer": bearer(ver="1.0", appid="22222222-0000-0000-0000-000000000000"),
    "anonymous skill": bearer(appid="AnonymousSkill"),
    "other service URL": bearer(serviceurl="https://evil.example.com/"),
    "no service URL": bearer(serviceurl=None),
    "expired": bearer(exp=NOW - 3600),
    "not yet valid": bearer(nbf=NOW + 3600),
    "issued in the future": bearer(iat=NOW + 3600),
    "no expiry": bearer(exp=None),
    "expiry as text": bearer(exp="soon"),
    "expiry true": bearer(exp=True),
    "no key id": lambda channel: f"Bearer {channel.token(headers={'kid': ''})}",
    "unknown key": bearer(headers={"kid": "nobody"}),
    "key of another": lambda channel: f"Bearer {channel.token(by=replace(signer('other'), kid='first'))}",
    "unsigned": lambda channel: f"Bearer {unsigned(channel)}",
    "HS256": lambda channel: f"Bearer {symmetric(channel)}",
    "tampered": lambda channel: f"Bearer {tampered(channel)}",
    "signature cut off": lambda channel: f"Bearer {channel.token().rsplit('.', 1)[0]}.",
}


async def post(bot: Client, activity: Any, header: str | None) -> int:
    headers = {"Authorization": header} if header is not None else {}
    async with bot.post("/api/messages", json=activity, headers=headers) as response:
        return response.status


async def test_valid_token(bot: Client, channel: FakeChannel) -> None:
    assert await post(bot, channel.activity(), f"Bearer {channel.token()}") == 202
    assert len(channel.messages) == 1


@pytest.mark.parametrize("name", REFUSED)
async def test_refused(bot: Client, channel: FakeChannel, name: str) -> None:
    assert await post(bot, channel.activity(), REFUSED[name](channel)) == 401
    assert channel.sent == []


async def test_small_clock_difference_is_forgiven(bot: Client, channel: FakeChannel) -> None:
    token = channel.token(nbf=NOW + 120, exp=NOW + 3600)
    assert await post(bot, channel.activity(), f"Bearer {token}") == 202


@pytest.mark.parametrize(
    "changes",
    [
        {"channelId": "webchat"},
        {"channelId": None},
        {"channelId": ""},
        {"serviceUrl": "https://smba.trafficmanager.net/emea/"},
        {"serviceUrl": None},
        {"conversation": {"id": "a", "tenantId": "bbbbbbbb-0000-0000-0000-000000000002"}},
        {"channelData": {"tenant": {"id": "bbbbbbbb-0000-0000-0000-000000000002"}}},
        {"conversation": {"id": "a"}, "channelData": {}},
    ],
    ids=["not endorsed", "no channel", "empty channel", "other service", "no service", "other tenant",
         "two tenants", "no tenant"],
)  # fmt: skip
async def test_body_that_the_token_does_not_cover(
    bot: Client, channel: FakeChannel, changes: dict[str, Any]
) -> None:
    assert await post(bot, channel.activity(**changes), f"Bearer {channel.token()}") == 401
    assert channel.sent == []


@pytest.mark.parametrize("endorsements", [None, (), ("webchat",)], ids=["none", "empty", "others"])
async def test_key_without_the_channels_endorsement(
    bot: Client, channel: FakeChannel, endorsements: tuple[str, ...] | None
) -> None:
    channel.signers = [replace(signer("second"), endorsements=endorsements)]
    channel.keys_status = 200
    await forget_keys(channel)
    assert await post(bot, channel.activity(), f"Bearer {channel.token()}") == 401


async def test_service_host_that_is_not_on_the_list(bot: Client, channel: FakeChannel) -> None:
    url = "http://127.0.0.2:1/"
    token = channel.token(serviceurl=url)
    assert await post(bot, channel.activity(serviceUrl=url), f"Bearer {token}") == 401


async def test_key_rotation(bot: Client, channel: FakeChannel) -> None:
    assert await post(bot, channel.activity(), f"Bearer {channel.token()}") == 202
    channel.signers = [signer("second")]
    await forget_keys(channel)
    assert await post(bot, channel.activity(), f"Bearer {channel.token()}") == 202


async def test_keys_not_to_be_had(bot: Client, channel: FakeChannel) -> None:
    channel.keys_status = 500
    channel.signers = [signer("second")]
    await forget_keys(channel)
    async with bot.post(
        "/api/messages",
        json=channel.activity(),
        headers={"Authorization": f"Bearer {channel.token()}"},
    ) as response:
        assert response.status == 503
        assert response.headers["Retry-After"]


async def test_refusals_are_counted_and_not_explained(bot: Client, channel: FakeChannel) -> None:
    async with bot.post("/api/messages", json=channel.activity()) as response:
        assert await response.json() == {"error": "not authorised"}
    async with bot.get("/metrics") as response:
        assert 'kazipot_auth_refusals_total{reason="no_token"} 1.0' in await response.text()


async def test_own_token_is_fetched_once_for_many_turns(
    bot: Client, channel: FakeChannel, login: Any
) -> None:
    for _ in range(5):
        assert await post(bot, channel.activity(), f"Bearer {channel.token()}") == 202
    assert login.asked == 1
    assert {sent.authorization for sent in channel.sent} == {"Bearer token-1"}


async def forget_keys(channel: FakeChannel) -> None:
    """As if the minimum time between two fetches had passed."""
    from botframework.connector.auth import JwtTokenExtractor

    keys = JwtTokenExtractor.metadataCache[channel.openid_url]
    keys._attempted = float("-inf")


def test_issuer_is_the_channels() -> None:
    from bot.transport import admission

    assert admission.ISSUER == ISSUER
