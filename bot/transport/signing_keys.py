"""The channel's signing keys: fetched without blocking, kept, and fetched again when a new key appears."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm

from bot.transport.admission import KeysUnavailable, Refused

KEEP = 24 * 3600.0
"""Seconds after which known keys are fetched again."""
TRUST = 5 * 24 * 3600.0
"""Seconds for which known keys still serve when they can't be fetched again."""
INTERVAL = 60.0
"""Seconds between two fetches because of an unknown key id: strangers can make up any number of ids."""
RETRY = 5.0
"""Seconds between two attempts when the last one failed."""
TIMEOUT = 5.0

log = structlog.get_logger("kazipot.keys")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key, in the shape that the SDK's token extractor asks for."""

    public_key: Any
    endorsements: tuple[str, ...]


class SigningKeys:
    """Keys by id, from an OpenID metadata document."""

    def __init__(
        self,
        url: str,
        session: aiohttp.ClientSession,
        now: Callable[[], float] = time.monotonic,
        timeout: float = TIMEOUT,
    ) -> None:
        self._url = url
        self._session = session
        self._now = now
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._lock = asyncio.Lock()
        self._keys: dict[str, SigningKey] = {}
        self._fetched = float("-inf")
        self._attempted = float("-inf")
        self._failed = False

    async def get(self, key_id: str) -> SigningKey:
        """The key; raises `Refused` for an unknown id and `KeysUnavailable` when nobody can say."""
        key = self._keys.get(key_id)
        if key and self._age() < KEEP:
            return key
        await self._refresh(key_id)
        key = self._keys.get(key_id)
        if key and self._age() < TRUST:
            return key
        if self._failed or not self._keys:
            raise KeysUnavailable
        raise Refused("unknown_key")

    async def warm(self) -> None:
        """Fetch ahead of the first request; a failure is only logged."""
        await self._refresh("")

    def _age(self) -> float:
        return self._now() - self._fetched

    def _due(self, key_id: str) -> bool:
        waited = self._now() - self._attempted
        if self._failed:
            return waited >= RETRY
        return self._age() >= KEEP or (key_id not in self._keys and waited >= INTERVAL)

    async def _refresh(self, key_id: str) -> None:
        """One fetch at a time; those who waited for it look at its result instead of fetching again."""
        async with self._lock:
            if not self._due(key_id):
                return
            self._attempted = self._now()
            try:
                self._keys = await self._fetch()
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
                self._failed = True
                log.warning("signing keys not fetched", error=type(error).__name__)
                return
            self._failed = False
            self._fetched = self._now()
            log.info("signing keys fetched", keys=len(self._keys))

    async def _fetch(self) -> dict[str, SigningKey]:
        metadata = await self._json(self._url)
        document = await self._json(metadata["jwks_uri"])
        keys = {}
        for entry in document["keys"]:
            if key := _signing_key(entry):
                keys[str(entry["kid"])] = key
        if not keys:
            raise ValueError("no usable key")
        return keys

    async def _json(self, url: str) -> Any:
        async with self._session.get(url, timeout=self._timeout) as response:
            response.raise_for_status()
            return await response.json(content_type=None)


def _signing_key(entry: Any) -> SigningKey | None:
    """A key of the document, or None when it is not an RSA key that can be read."""
    if not isinstance(entry, dict) or entry.get("kty") != "RSA" or not entry.get("kid"):
        return None
    try:
        public_key = RSAAlgorithm.from_jwk(json.dumps(entry))
    except (PyJWTError, ValueError, KeyError, TypeError):
        return None
    # Without any endorsement the SDK would skip the check, so a name that no channel has stands in.
    return SigningKey(public_key, tuple(entry.get("endorsements") or ("none",)))
