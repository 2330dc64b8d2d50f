"""A channel on loopback: signing keys, a login server, a connector that records, and tokens to send with."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-0000-0000-0000-000000000001"
ISSUER = "https://api.botframework.com"


@dataclass(frozen=True)
class Signer:
    """A private key and the id under which its public half is announced."""

    kid: str
    private: rsa.RSAPrivateKey
    endorsements: tuple[str, ...] | None = ("msteams",)

    def jwk(self) -> dict[str, Any]:
        """The announced half."""
        key = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        key |= {"kid": self.kid, "use": "sig"}
        if self.endorsements is not None:
            key["endorsements"] = list(self.endorsements)
        return dict(key)

    def pem(self) -> bytes:
        """The private half, for signing."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


@lru_cache
def signer(name: str) -> Signer:
    """One key per name in a whole test run: making them is slow."""
    return Signer(name, rsa.generate_private_key(65537, 2048))


@dataclass
class Sent:
    """One request that the connector got."""

    method: str
    path: str
    activity: dict[str, Any]
    authorization: str


@dataclass
class FakeChannel:
    """What it announces and how it answers can be changed at any time."""

    signers: list[Signer] = field(default_factory=lambda: [signer("first")])
    sent: list[Sent] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    keys_status: int = 200
    keys_asked: int = 0
    gate: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The activities sent, without typing."""
        return [sent.activity for sent in self.sent if sent.activity["type"] != "typing"]

    @property
    def openid_url(self) -> str:
        return f"{self.url}/openid"

    @property
    def service_url(self) -> str:
        return f"{self.url}/connector/"

    def token(self, **changes: Any) -> str:
        """A valid token with some claims changed; None takes a claim away."""
        by = changes.pop("by", self.signers[0])
        headers = {"kid": by.kid} | changes.pop("headers", {})
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": APP,
            "serviceurl": self.service_url,
            "nbf": now - 60,
            "exp": now + 3600,
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, by.pem(), algorithm="RS256", headers=headers)

    def activity(self, text: str = "Pozdravljeni", **changes: Any) -> dict[str, Any]:
        """A message as Teams sends it."""
        return {
            "type": "message",
            "id": uuid.uuid4().hex,
            "timestamp": "2026-11-21T10:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": "29:ana", "name": "Ana Novak", "aadObjectId": "0000-ana"},
            "recipient": {"id": f"28:{APP}", "name": "Kažipot"},
            "conversation": {"id": "a:conversation", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "sl-SI",
            "text": text,
        } | changes

    async def _openid(self, request: web.Request) -> web.Response:
        self.keys_asked += 1
        if self.keys_status != 200:
            return web.Response(status=self.keys_status)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        return web.json_response({"keys": [signer.jwk() for signer in self.signers]})

    async def _connector(self, request: web.Request) -> web.Response:
        activity = await request.json()
        sent = Sent(
            request.method, request.rel_url.raw_path, activity, request.headers.get("Authorization", "")
        )
        self.sent.append(sent)
        if activity["type"] == "typing":
            return web.json_response({"id": "typing"}, status=201)
        self.arrived.set()
        if self.gate:
            await self.gate.wait()
        if self.answers:
            status, headers = self.answers.pop(0)
            return web.json_response({}, status=status, headers=headers)
        return web.json_response({"id": f"sent-{len(self.sent)}"}, status=201)


@asynccontextmanager
async def fake_channel() -> AsyncIterator[FakeChannel]:
    """The channel's keys and connector, over plain HTTP on loopback."""
    channel = FakeChannel()
    app = web.Application()
    app.router.add_get("/openid", channel._openid)
    app.router.add_get("/keys", channel._keys)
    app.router.add_route("*", r"/connector/{rest:[\s\S]*}", channel._connector)
    async with TestServer(app) as server:
        channel.url = str(server.make_url("")).rstrip("/")
        yield channel
