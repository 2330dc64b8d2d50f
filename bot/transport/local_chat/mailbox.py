"""The page's side of messages that the bot sends unasked: it takes them like any channel, the page fetches them."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.transport.http import read_json, stop

KEPT = 200


@dataclass(slots=True)
class Mailbox:
    """The newest messages of all conversations on this machine. Numbers go up, also from one start of the bot to the
    next, so that a page that stayed open gets what comes after it."""

    messages: deque[tuple[int, str, dict[str, Any]]] = field(default_factory=lambda: deque(maxlen=KEPT))
    number: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def put(self, conversation: str, message: dict[str, Any]) -> None:
        """Keep a message."""
        self.number += 1
        self.messages.append((self.number, conversation, message))

    def after(self, number: int, conversation: str) -> list[dict[str, Any]]:
        """What came for a conversation after a number."""
        return [message for at, whose, message in self.messages if at > number and whose == conversation]


MAILBOX = web.AppKey("mailbox", Mailbox)


def add_routes(app: web.Application) -> None:
    """The routes of a channel's service, as far as the bot uses them, and the page's own."""
    app[MAILBOX] = Mailbox()
    app.router.add_post("/local/v3/conversations/{conversation}/activities", take)
    app.router.add_put("/local/v3/conversations/{conversation}/activities/{activity}", take)
    app.router.add_get("/local/mail", fetch)


async def take(request: web.Request) -> web.Response:
    """A message of the bot, as a channel would take it."""
    body = await read_json(request)
    if not isinstance(body, dict):
        stop(400, "the body is not a JSON object")
    activity = request.match_info.get("activity") or uuid.uuid4().hex
    message = shown(activity, body, replaces=request.method == "PUT")
    request.app[MAILBOX].put(request.match_info["conversation"], message)
    return web.json_response({"id": activity})


async def fetch(request: web.Request) -> web.Response:
    """What came for a conversation after a number, and the newest number."""
    mailbox = request.app[MAILBOX]
    after = request.query.get("after", "")
    if not after.isdecimal():
        stop(400, "after is not a number")
    found = mailbox.after(int(after[:18]), request.query.get("conversation", ""))
    return web.json_response({"replies": found, "number": mailbox.number})


def shown(activity: str, body: Mapping[str, Any], *, replaces: bool) -> dict[str, Any]:
    """A message as the page shows it."""
    attachments = body.get("attachments") or [{}]
    return {
        "id": activity,
        "card": attachments[0].get("content"),
        "text": (body.get("channelData") or {}).get("text", ""),
        "replaces": replaces,
    }
