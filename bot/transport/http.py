"""The web server's routes: thin handlers between HTTP and the adapter."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import structlog
from aiohttp import web

from bot.keys import Keys
from bot.metrics import Metrics
from bot.transport.activities import read
from bot.transport.admission import KeysUnavailable, Refused
from bot.transport.envelope import BadActivity, parsed
from bot.transport.limits import Busy
from bot.transport.roles import Staff
from bot.transport.teams import Adapter
from bot.turn import ReplyFailed

BODY_PATIENCE = 15.0
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}

log = structlog.get_logger("kazipot.http")


@dataclass(frozen=True, slots=True)
class Host:
    """What the handlers work with. `health` names the parts that are not ready, `warnings` what soon won't be;
    `staff` are the advisers and curators."""

    adapter: Adapter
    keys: Keys
    metrics: Metrics
    health: Callable[[], Awaitable[Mapping[str, str]]]
    warnings: Callable[[], Mapping[str, str]]
    staff: Staff = field(default_factory=Staff)


HOST = web.AppKey("host", Host)
PARTS = ("database", "knowledge", "rules")


def add_routes(app: web.Application) -> None:
    """The routes that exist in every mode."""
    app.router.add_post("/api/messages", messages)
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    app.router.add_get("/metrics", metrics)
    app.on_response_prepare.append(_secure)


async def messages(request: web.Request) -> web.Response:
    """One activity of a channel."""
    host = request.app[HOST]
    header = request.headers.get("Authorization")
    if host.adapter.closed and not header:  # before a byte of the body is read
        return _refuse(host, "no_token")
    body = await read_json(request)
    try:
        incoming = read(body, host.keys, host.staff)
    except BadActivity as reason:
        stop(400, str(reason))
    try:
        response = await host.adapter.receive(incoming, header)
    except Refused as refused:
        return _refuse(host, refused.reason)
    except KeysUnavailable:
        host.metrics.refused("keys_unavailable")
        return _problem(503, "signing keys can't be had, try again", retry_after=5)
    except Busy:
        return _problem(503, "too much at once, try again", retry_after=2)
    except ReplyFailed:
        return _problem(503, "the reply could not be sent, try again", retry_after=5)
    if response is None:
        return web.Response(status=202)
    return web.json_response(response.body, status=int(response.status))


async def live(request: web.Request) -> web.Response:
    """The process runs."""
    return web.json_response({"live": True})


async def ready(request: web.Request) -> web.Response:
    """Whether every part works; names those that don't, and what needs somebody's hand before long."""
    host = request.app[HOST]
    problems = await host.health()
    parts = {part: problems.get(part, "ok") for part in PARTS}
    status = 503 if problems else 200
    body = {"ready": not problems, "parts": parts, "warnings": dict(host.warnings())}
    return web.json_response(body, status=status)


async def metrics(request: web.Request) -> web.Response:
    """Everything counted, for Prometheus."""
    page = request.app[HOST].metrics.page()
    return web.Response(body=page, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def read_json(request: web.Request) -> Any:
    """The body as JSON; stops with 400, 408, 413 or 415."""
    if request.content_type != "application/json":
        stop(415, "the body must be application/json")
    try:
        async with asyncio.timeout(BODY_PATIENCE):
            raw = await request.read()
    except TimeoutError:
        stop(408, "the body did not come", last=True)
    except web.RequestPayloadError:
        stop(400, "the body could not be read", last=True)
    try:
        return parsed(raw)
    except BadActivity as reason:
        stop(400, str(reason))


def stop(status: int, why: str, *, last: bool = False) -> NoReturn:
    """End the request with a status and a plain reason; `last` says that the connection can't be used again."""
    kinds: dict[int, type[web.HTTPException]] = {
        400: web.HTTPBadRequest,
        403: web.HTTPForbidden,
        408: web.HTTPRequestTimeout,
        415: web.HTTPUnsupportedMediaType,
        503: web.HTTPServiceUnavailable,
    }
    response = kinds[status](text=json.dumps({"error": why}), content_type="application/json")
    if last:
        response.force_close()
    raise response


def _refuse(host: Host, reason: str) -> web.Response:
    """Not let in. The reason goes to the log and the metrics, not to the stranger."""
    host.metrics.refused(reason)
    log.warning("refused", reason=reason)
    response = _problem(401, "not authorised")
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _problem(status: int, why: str, retry_after: int | None = None) -> web.Response:
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.json_response({"error": why}, status=status, headers=headers)


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "kazipot"
