"""The page, what it loads, and the door by which it talks to the same adapter as any channel."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from aiohttp import web

from bot.settings import is_loopback
from bot.transport.activities import read
from bot.transport.envelope import BadActivity
from bot.transport.http import HOST, read_json, stop
from bot.transport.limits import Busy
from bot.transport.local_chat import mailbox
from bot.transport.outgoing import LOCAL
from bot.transport.roles import Staff

HERE = Path(__file__).parent
CARDS = HERE.parents[2] / "node_modules" / "adaptivecards" / "dist" / "adaptivecards.min.js"
POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FILES = {"page.css": "text/css", "page.js": "text/javascript", "markdown.js": "text/javascript"}
SCRIPT = '<script src="/local/adaptivecards.js" defer></script>'

ADVISER = {"id": "local-adviser", "aadObjectId": "local-adviser", "name": "Svetovalka na tem računalniku"}
STAFF = Staff(advisers=frozenset({"local-adviser"}), curators=frozenset({"local-adviser"}))
"""The page under `/?as=svetovalec` is a channel with an adviser in it: both sides can be tried on one machine."""
DESK = "svetovalci"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application) -> None:
    """Only for local mode: these routes ask nobody for a token."""
    app.middlewares.append(this_machine_only)
    app.router.add_get("/", page)
    app.router.add_get("/local/adaptivecards.js", card_library)
    mailbox.add_routes(app)
    app.router.add_get("/local/{name}", asset)
    app.router.add_post("/local/turn", turn)


@web.middleware
async def this_machine_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that another site's page sends by a name which it made point here."""
    try:
        named = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        named = ""
    origin = request.headers.get("Origin")
    if not is_loopback(named) or (origin and not is_loopback(urlsplit(origin).hostname or "")):
        stop(403, "local mode answers this machine only")
    return await handler(request)


async def page(request: web.Request) -> web.Response:
    """The chat page; with cards when the card library is installed, else with plain text."""
    html = (HERE / "page.html").read_text("utf-8")
    html = html.replace("<!-- cards -->", SCRIPT if CARDS.is_file() else "")
    headers = {"Content-Security-Policy": POLICY}
    return web.Response(text=html, content_type="text/html", charset="utf-8", headers=headers)


async def asset(request: web.Request) -> web.Response:
    """The page's style and script."""
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    text = (HERE / name).read_text("utf-8")
    return web.Response(text=text, content_type=FILES[name], charset="utf-8")


async def card_library(request: web.Request) -> web.StreamResponse:
    """The card library, where npm put it."""
    if not CARDS.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(CARDS, headers={"Content-Type": "text/javascript; charset=utf-8"})


class _Outbox:
    """Takes the replies of one turn; the page gets them in the answer to its request."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    async def deliver(self, method: str, service_url: str, path: str, body: Mapping[str, Any]) -> str:
        """Keep a message; typing needs no keeping, the page shows its own sign."""
        activity = unquote(path.rsplit("/", 1)[-1]) if method == "PUT" else uuid.uuid4().hex
        if body.get("type") == "message":
            self.replies.append(mailbox.shown(activity, body, replaces=method == "PUT"))
        return activity


async def turn(request: web.Request) -> web.Response:
    """One thing said or pressed on the page."""
    said = await read_json(request)
    if not isinstance(said, dict):
        stop(400, "the body is not a JSON object")
    try:
        incoming = read(_activity(said, request), request.app[HOST].keys, STAFF)
    except BadActivity as reason:
        stop(400, str(reason))
    outbox = _Outbox()
    try:
        response = await request.app[HOST].adapter.receive_local(incoming, outbox)
    except Busy:
        stop(503, "too much at once, try again")
    await request.app[HOST].adapter.finish()
    invoke = response.body if response else None
    return web.json_response({"replies": outbox.replies, "invoke": invoke})


def _activity(said: Mapping[str, Any], request: web.Request) -> dict[str, Any]:
    """The activity that a channel would send for it."""
    bot, person = {"id": "kazipot", "name": "Kažipot"}, {"id": "local-person"}
    place = {"id": said.get("conversation"), "conversationType": "personal"}
    if said.get("as") == "svetovalec":
        person, place = ADVISER, {"id": DESK, "conversationType": "channel"}
    activity: dict[str, Any] = {
        "id": said.get("id"),
        "type": "message",
        "channelId": LOCAL,
        "serviceUrl": f"http://{request.host}/local",
        "locale": said.get("locale"),
        "conversation": place,
        "from": person,
        "recipient": bot,
        "replyToId": said.get("replyTo"),
    }
    match said.get("kind"):
        case "text":
            activity["text"] = said.get("text")
        case "submit":
            activity["value"] = said.get("data")
        case "execute":
            activity |= {"type": "invoke", "name": "adaptiveCard/action"}
            activity["value"] = {"action": {"type": "Action.Execute", "data": said.get("data")}}
        case "start":
            activity |= {"type": "conversationUpdate", "membersAdded": [bot]}
        case _:
            stop(400, "kind is unknown")
    return activity
