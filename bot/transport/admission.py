"""Who is let in, beside the SDK's own check of the signature: everything here fails closed."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import jwt

from bot.settings import is_loopback

ISSUER = "https://api.botframework.com"
ALGORITHM = "RS256"
MAX_TOKEN = 16_384
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/%-]*)?", re.ASCII)


class Refused(Exception):
    """The request is not let in; `reason` is a short word for logs and metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class KeysUnavailable(Exception):
    """The channel's signing keys can't be had, so no token can be checked."""


def check_token(header: str | None, service_url: str, audience: str) -> None:
    """Refuse what the SDK would let through or trip over: before any signature is looked at."""
    if not header:
        raise Refused("no_token")
    scheme, _, token = header.partition(" ")
    if scheme != "Bearer" or not token or " " in token or len(token) > MAX_TOKEN:
        raise Refused("not_bearer")
    try:
        read: dict[str, Any] = jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Refused("garbage") from None
    head, claims = read["header"], read["payload"]
    if head.get("alg") != ALGORITHM:
        raise Refused("algorithm")
    if not isinstance(head.get("kid"), str):
        raise Refused("no_key_id")
    if claims.get("iss") != ISSUER:
        raise Refused("issuer")
    if claims.get("aud") != audience:
        raise Refused("audience")
    expiry = claims.get("exp")
    if isinstance(expiry, bool) or not isinstance(expiry, int | float):
        raise Refused("no_expiry")
    if not service_url or claims.get("serviceurl") != service_url:
        raise Refused("service_url")


def check_service_url(url: str, hosts: Collection[str], *, local: bool) -> None:
    """Refuse to talk to a host that is not on the list; in local mode only this machine is.

    Only plain characters are taken, so that whoever sends there reads the same host in it.
    """
    if not _PLAIN_URL.fullmatch(url):
        raise Refused("service_host")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise Refused("service_host") from None
    if parts.username or parts.password or parts.query or parts.fragment or not host:
        raise Refused("service_host")
    loopback = is_loopback(host)
    known = loopback if local else any(_matches(host, pattern) for pattern in hosts)
    secure = parts.scheme == "https" and (loopback or port in (None, 443))
    if not known or not (secure or (loopback and parts.scheme == "http")):
        raise Refused("service_host")


def _matches(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return host == pattern


def check_tenants(claimed: Collection[str], allowed: Collection[str]) -> None:
    """Refuse people of other tenants, and activities that name none."""
    if allowed and not (claimed and all(tenant in allowed for tenant in claimed)):
        raise Refused("tenant")
