"""The Microsoft 365 Agents Playground: a Teams client that we did not write, used over its HTTP API."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.e2e.processes import PATIENCE, ROOT, started
from tests.support.channel import APP, TENANT, FakeChannel

SCRIPT = ROOT / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
REPLY_PATIENCE = 60.0
BOT = {"id": f"28:{APP}", "name": "Kažipot"}
PEOPLE = ("Ana Novak", "Bojan Kos", "Cvetka Zupan", "Darja Kralj", "Emil Hribar", "Franc Kažipot")
"""Whoever asks, and the five others without whom the client dies nearly silently. One shares the bot's name."""
PERSONAL, GROUP, TEAM, CHANNEL = "osebni-pogovor", "skupinski-pogovor", "ekipa", "kanal"


def config(person: int) -> str:
    """The people and places that the client pretends to be among, and whose it is. JSON is YAML, too."""
    people = [
        {
            "id": f"29:user-{number}",
            "name": name,
            "userPrincipleName": f"user{number}@example.org",
            "aadObjectId": f"00000000-0000-0000-0000-00000000000{number}",
            "givenName": name.split()[0],
            "surname": name.split()[1],
            "email": f"user{number}@example.org",
        }
        for number, name in enumerate(PEOPLE)
    ]
    return json.dumps(
        {
            "version": "0.1.1",
            "tenantId": TENANT,
            "bot": BOT,
            "currentUser": people[person],
            "users": people[:person] + people[person + 1 :],
            "personalChat": {"id": PERSONAL},
            "groupChat": {"id": GROUP, "name": "Zbor"},
            "team": {
                "id": TEAM,
                "name": "Napredovanje",
                "aadGroupId": "00000000-0000-0000-0000-0000000000ff",
                "channels": [{"id": CHANNEL, "name": "Vprašanja"}],
            },
        },
        ensure_ascii=False,
    )


@dataclass(frozen=True)
class Shown:
    """A message of the bot as the client shows it."""

    conversation: str
    id: str
    content: dict[str, Any]

    @property
    def card(self) -> dict[str, Any]:
        """Its card."""
        (attachment,) = self.content["attachments"]
        card: dict[str, Any] = attachment["content"]
        return card

    @property
    def words(self) -> str:
        """All words on the card and its buttons."""
        return json.dumps(self.card, ensure_ascii=False)

    @property
    def heading(self) -> str:
        """The first words on the card."""
        return str(self.card["body"][0]["text"])

    def actions(self) -> list[dict[str, Any]]:
        """Every button of the card, wherever it is."""
        return list(_actions(self.card))


def _actions(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for item in part:
            yield from _actions(item)
    if isinstance(part, dict):
        if str(part.get("type", "")).startswith("Action."):
            yield part
        else:
            for item in part.values():
                yield from _actions(item)


@dataclass
class Playground:
    """The running client. What the bot sends comes in over a web socket.

    It takes a message with text and card apart into a text and a card: `texts` has the former, `shown` the latter.
    """

    url: str
    session: aiohttp.ClientSession
    recording: Path
    me: str = "29:user-0"
    shown: list[Shown] = field(default_factory=list)
    texts: list[Shown] = field(default_factory=list)
    typing: int = 0
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def install(self, place: str) -> None:
        """Add the bot to a place, as when the app is installed there."""
        await self._post(f"/_debug/conversation/{place}/installation", {})

    async def say(self, place: str, text: str, *mentioned: str) -> str:
        """Write a message; in a channel it begins a thread. The conversation that the bot answers in."""
        named = {BOT["name"]: BOT["id"]} | {name: f"29:user-{number}" for number, name in enumerate(PEOPLE)}
        body = {
            "type": "text",
            "text": text,
            "textFormat": "plain",
            "from": {"id": self.me},
            "mentions": [
                {"mentioned": {"id": named[name]}, "text": f"<at>{name}</at>"} for name in mentioned
            ],
        }
        answer = await self._post(f"/_conversation/v1/conversations/{place}/messages", body)
        return str(answer.get("postConversationId") or place)

    async def ask(self, place: str, text: str, *mentioned: str) -> Shown:
        """Write a message and wait for what the bot says to it."""
        before = len(self.shown)
        conversation = await self.say(place, text, *mentioned)
        return await self.next_message(before, conversation)

    async def press(self, message: Shown, title: str, *, fallback: bool = False) -> Shown:
        """Press a button and wait for what the bot says; `fallback` as clients do that know only Action.Submit."""
        action = next(action for action in message.actions() if action["title"] == title)
        before = len(self.shown)
        where = {
            "from": {"id": self.me},
            "conversation": {"id": message.conversation},
            "replyToId": message.id,
        }
        if fallback:
            submit = action["fallback"] if action["type"] == "Action.Execute" else action
            await self._post("/_conversation/v1/submit", where | {"value": submit["data"]})
        else:
            assert action["type"] == "Action.Execute"
            value = {"action": {name: action[name] for name in ("type", "title", "verb", "data")}}
            body = where | {"name": "adaptiveCard/action", "value": value | {"trigger": "manual"}}
            response = await self._post("/_conversation/v1/invoke", body)
            assert response["type"].startswith("application/vnd.microsoft."), response
        return await self.next_message(before, message.conversation)

    async def invoke(self, name: str, value: Any, place: str = PERSONAL, **more: Any) -> Any:
        """Any other invoke that the client knows; the bot's response."""
        body = {"name": name, "value": value, "from": {"id": self.me}, "conversation": {"id": place}}
        return await self._post("/_conversation/v1/invoke", body | more)

    async def template(self, place: str, kind: str) -> dict[str, Any]:
        """An activity as the client makes it: botAdded, userAdded, teamRenamed, …"""
        query = {"conversationId": place, "type": kind}
        async with self.session.get(
            f"{self.url}/_internal/v1/customActivities/template", params=query
        ) as response:
            assert response.status == 200, await response.text()
            activity: dict[str, Any] = await response.json()
            return activity

    async def send(self, activity: dict[str, Any]) -> int:
        """Send an activity to the bot; the status that the bot answered with."""
        await self._post("/_internal/v1/customActivities", activity)
        async with asyncio.timeout(REPLY_PATIENCE):
            while True:
                for exchange in self.exchanges():
                    if exchange["request"].get("body", {}).get("id") == activity["id"]:
                        return int(exchange["response"]["statusCode"])
                await asyncio.sleep(0.05)

    def exchanges(self) -> list[dict[str, Any]]:
        """Every request between client and bot so far, from the client's own recording."""
        if not self.recording.is_file():
            return []
        parts = self.recording.read_text("utf-8").split("\n---\n")
        return [json.loads(part) for part in parts[:-1]]

    async def next_message(self, before: int, conversation: str) -> Shown:
        """The first message after `before` others; it must be in the conversation, or begin a thread there."""
        async with asyncio.timeout(REPLY_PATIENCE), self.news:
            await self.news.wait_for(lambda: len(self.shown) > before)
        found = self.shown[before]
        thread = found.conversation.partition(";messageid=")[0]
        assert conversation in (found.conversation, thread), f"{found.heading!r} in {found.conversation}"
        return found

    async def listen(self, stream: aiohttp.ClientWebSocketResponse) -> None:
        """Take in what the client would show."""
        async for message in stream:
            data = json.loads(message.data)
            async with self.news:
                if data["action"] == "typing":
                    self.typing += 1
                elif data["message"].get("from", {}).get("id") == BOT["id"]:
                    content = data["message"]
                    place = content.get("postConversationId") or data["actionConversationId"]
                    found = self.shown if content.get("attachments") else self.texts
                    found.append(Shown(place, content["messageId"], content))
                self.news.notify_all()

    async def _post(self, path: str, body: Any) -> Any:
        async with self.session.post(self.url + path, json=body) as response:
            text = await response.text()
            assert response.status == 200, f"{path}: {response.status} {text}"
            return json.loads(text) if text else {}


def _prepared(folder: Path, person: int) -> Path:
    folder.mkdir(parents=True)
    (folder / ".m365agentsplayground.yml").write_text(config(person), "utf-8")
    return folder


@asynccontextmanager
async def playing(folder: Path, endpoint: str, person: int = 0) -> AsyncIterator[Playground]:
    """The client of one of the people, talking to a bot at `endpoint`."""
    recording = folder / "recording.log"
    env = {
        **os.environ,
        "TEAMSAPPTESTER_BROWSER": "none",
        "M365_AGENTS_PLAYGROUND_RECORDING_FILE": str(recording),
    }
    options = ["-e", endpoint, "-c", "msteams", "-p", str(free_port())]
    command: list[str | Path] = [
        "node",
        SCRIPT,
        "start",
        *options,
        "--disable-telemetry",
        "--enable-events-recording",
    ]
    with started(command, _prepared(folder, person) / "playground.log", env, cwd=folder) as (_, lines):
        line = await asyncio.to_thread(lines.next, PATIENCE)
        port = re.search(r"Listening on (\d+)", line)
        assert port, line
        url = f"http://localhost:{port[1]}"
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{url}/_internal/v1/config") as response:  # waits for the bot
                assert (await response.json())["config"]["bot"] == BOT, "the configuration was not read"
            async with session.ws_connect(f"{url}/_ws_conversation/v1/conversations/stream") as stream:
                playground = Playground(url, session, recording, f"29:user-{person}")
                listener = asyncio.create_task(playground.listen(stream))
                try:
                    yield playground
                finally:
                    listener.cancel()
                    await asyncio.gather(listener, return_exceptions=True)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class TokenProxy:
    """Stands between the client and a bot that asks for tokens, as the channel's service does.

    What goes to the bot gets a signed token; what comes from the bot must carry one.
    """

    channel: FakeChannel
    bot: str
    session: aiohttp.ClientSession
    url: str = ""
    client: str = ""
    statuses: list[int] = field(default_factory=list)
    presented: list[str] = field(default_factory=list)

    async def to_bot(self, request: web.Request) -> web.Response:
        """An activity of the client, signed, in Slovenian, and with the address of this proxy to reply to."""
        activity = await request.json()
        self.client = activity["serviceUrl"].rstrip("/")
        activity["serviceUrl"] = f"{self.url}/connector/"
        activity["locale"] = "sl-SI"
        token = self.channel.token(serviceurl=activity["serviceUrl"])
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(f"{self.bot}api/messages", json=activity, headers=headers) as response:
            self.statuses.append(response.status)
            return await _copied(response)

    async def to_client(self, request: web.Request) -> web.Response:
        """A reply of the bot."""
        self.presented.append(request.headers.get("Authorization", ""))
        url = f"{self.client}/{request.match_info['rest']}"
        body = await request.json()
        async with self.session.request(request.method, url, json=body) as response:
            return await _copied(response)


async def _copied(response: aiohttp.ClientResponse) -> web.Response:
    return web.Response(
        status=response.status, body=await response.read(), content_type=response.content_type
    )


@asynccontextmanager
async def signing(channel: FakeChannel, bot: str) -> AsyncIterator[TokenProxy]:
    """The proxy, serving on loopback."""
    async with aiohttp.ClientSession() as session:
        proxy = TokenProxy(channel, bot, session)
        app = web.Application()
        app.router.add_post("/api/messages", proxy.to_bot)
        app.router.add_route("*", "/connector/{rest:.*}", proxy.to_client)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield proxy
        finally:
            await runner.cleanup()
