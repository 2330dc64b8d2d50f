"""The bot as a Teams client sees it, in local mode and with every token checked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import trustme

from bot.clock import today
from tests.e2e.browser import Browser
from tests.e2e.playground import BOT, CHANNEL, GROUP, PERSONAL, TEAM, Playground, TokenProxy, playing, signing
from tests.e2e.processes import Bot, ask, bot_running
from tests.support.channel import APP, TENANT, fake_channel
from tests.support.login import fake_login

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWERED = "priloge za svetnika"
DECLINED = "koliko dni dopusta imam"
CASE = (
    "sm svetovalka od 2016 dd 22 let seminari 6 tock a lah grem za svetnco",
    "jst",
    "nea",
    "uspešna",
    "tajno, 16/30",
    "ne vem",
)
"""A case told in a hurry, and the answers to what is asked, to the result."""
MENTION = f"<at>{BOT['name']}</at>"
COLLEAGUE = "<at>Bojan Kos</at>"
NAMESAKE = "<at>Franc Kažipot</at>"
SCOPES = {PERSONAL: "personal", GROUP: "groupChat", TEAM: "channel", CHANNEL: "channel"}
SHARED = (GROUP, TEAM, CHANNEL)


@lru_cache
def _answered(text: str, scope: str, locale: str) -> dict[str, Any]:
    day = today(datetime.now(UTC)).isoformat()
    (answer,) = ask({"text": text, "scope": scope, "locale": locale, "on": day})
    return answer


@lru_cache
def _checked(locale: str) -> tuple[dict[str, Any], ...]:
    """The replies to the case on the command line, on the same day."""
    day = today(datetime.now(UTC)).isoformat()
    turns = ({"text": text, "conversation": "case", "locale": locale, "on": day} for text in CASE)
    return tuple(ask(*turns))


@dataclass
class Place:
    """A client, the bot that it talks to, and the proxy between them where tokens are asked for."""

    client: Playground
    bot: Bot
    proxy: TokenProxy | None = None

    @property
    def locale(self) -> str:
        """The client always says English; the proxy makes Slovenian of it."""
        return "sl" if self.proxy else "en"

    async def expected(self, text: str, where: str = PERSONAL) -> dict[str, Any]:
        """What the command line answers on the same day."""
        return await asyncio.to_thread(_answered, text, SCOPES[where], self.locale)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["local", "tokens"])
async def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Place]:
    """The client on a bot that trusts this machine, and on one that checks every token."""
    folder = tmp_path_factory.mktemp("teams")
    async with AsyncExitStack() as stack:
        if request.param == "local":
            bot = stack.enter_context(bot_running(folder / "bot", {"KAZIPOT_LOCAL": "1"}))
            client = await stack.enter_async_context(playing(folder / "client", f"{bot.url}api/messages"))
            yield Place(client, bot)
        else:
            bot, proxy = await _guarded(folder, stack)
            client = await stack.enter_async_context(playing(folder / "client", f"{proxy.url}/api/messages"))
            yield Place(client, bot, proxy)


async def _guarded(folder: Path, stack: AsyncExitStack) -> tuple[Bot, TokenProxy]:
    """A bot with credentials, its login server, the channel's keys, and the proxy that signs."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    channel = await stack.enter_async_context(fake_channel())
    settings = {
        "KAZIPOT_APP_ID": APP,
        "KAZIPOT_PERSON_RATE": "0",  # the client sends as one person, faster than any
        "KAZIPOT_APP_PASSWORD": "secret",
        "KAZIPOT_APP_TENANT": "adfs",
        "KAZIPOT_ALLOWED_TENANTS": TENANT,
        "KAZIPOT_SERVICE_HOSTS": "127.0.0.1",
        "KAZIPOT_OPENID_URL": channel.openid_url,
        "KAZIPOT_LOGIN_URL": stack.enter_context(fake_login(context)).url,
        "REQUESTS_CA_BUNDLE": str(folder / "ca.pem"),
    }
    running = bot_running(folder / "bot", settings)
    bot = await asyncio.to_thread(running.__enter__)  # it asks this loop for the channel's keys
    stack.push_async_exit(_Elsewhere(running))
    return bot, await stack.enter_async_context(signing(channel, bot.url))


class _Elsewhere:
    """Closes something in a thread, so that what it waits for can go on here."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *error: Any) -> None:
        await asyncio.to_thread(self._manager.__exit__, None, None, None)


@pytest_asyncio.fixture(loop_scope="module")
async def client(place: Place) -> AsyncIterator[Playground]:
    """The client; a test fails when the bot turned anything down or a turn of it failed."""
    before, exchanges = len(place.bot.failures()), len(place.client.exchanges())
    yield place.client
    assert place.bot.failures()[before:] == []
    refused = [
        f"{exchange['activityName']}: {exchange['response']}"
        for exchange in place.client.exchanges()[exchanges:]
        if exchange["response"]["statusCode"] not in (200, 201, 202)
    ]
    assert refused == []


def said(text: str, where: str) -> str:
    """The text with the mention that the bot needs to hear it where others talk, too."""
    return text if where == PERSONAL else f"{MENTION} {text}"


def mentioned(where: str) -> tuple[str, ...]:
    return () if where == PERSONAL else (BOT["name"],)


@pytest.mark.parametrize("where", [PERSONAL, GROUP, TEAM])
async def test_welcome_once(place: Place, client: Playground, where: str) -> None:
    """Installing sends two activities; they make one greeting. The next message is the answer."""
    before = len(client.shown)
    await client.install(where)
    greeting = await client.next_message(before, where)
    assert "Kažipot" in greeting.words
    assert greeting.actions(), "a greeting that leads nowhere"
    answer = await client.ask(where, said(ANSWERED, where), *mentioned(where))
    assert len(client.shown) == before + 2
    assert answer.card["body"] == (await place.expected(ANSWERED, where))["card"]["body"]


async def test_welcome_says_by_whose_invitation_and_not_again(client: Playground) -> None:
    """A place greets once; a new name of it is no reason to greet, being added anew is."""
    before = len(client.shown)
    added = await client.template(CHANNEL, "botAdded")
    added["from"]["name"] = "Ana Novak"
    await client.send(added)
    assert "Ana Novak" in (await client.next_message(before, CHANNEL)).words
    for again in (await client.template(CHANNEL, "channelRenamed"), added | {"id": "again"}):
        await client.send(again)
    answer = await client.ask(CHANNEL, f"{MENTION} {ANSWERED}", BOT["name"])
    assert client.shown[before + 1 :] == [answer]


@pytest.mark.parametrize("where", [PERSONAL, *SHARED])
async def test_answer(place: Place, client: Playground, where: str) -> None:
    typing = client.typing
    answer = await client.ask(where, said(ANSWERED, where), *mentioned(where))
    wanted = await place.expected(ANSWERED, where)
    assert wanted["status"] == "answer"
    assert answer.card["body"] == wanted["card"]["body"]
    assert client.typing == typing + 1
    if where in (TEAM, CHANNEL):
        assert answer.conversation.startswith(f"{where};messageid="), "not in the thread"


async def test_citations(place: Place, client: Playground) -> None:
    """Teams shows the sources as numbered citations beside the card, and nothing says that a machine wrote it."""
    wanted = await place.expected(ANSWERED)
    before = len(client.texts)
    await client.ask(PERSONAL, ANSWERED)
    (text,) = client.texts[before:]
    entity = text.content["aiEntity"]
    assert [claim["position"] for claim in entity["citation"]] == list(range(1, len(wanted["sources"]) + 1))
    assert all(f"[{claim['position']}]" in text.content["text"] for claim in entity["citation"])
    assert "additionalType" not in entity


@pytest.mark.parametrize("where", [PERSONAL, GROUP, CHANNEL])
async def test_declined(place: Place, client: Playground, where: str) -> None:
    wanted = await place.expected(DECLINED, where)
    assert wanted["status"] == "no_answer"
    declined = await client.ask(where, said(DECLINED, where), *mentioned(where))
    assert declined.heading == wanted["card"]["body"][0]["text"]
    assert declined.actions(), "a dead end"


@pytest.mark.parametrize("fallback", [False, True], ids=["Execute", "Submit"])
@pytest.mark.parametrize("where", [PERSONAL, GROUP, CHANNEL])
async def test_choice(place: Place, client: Playground, vague: str, where: str, fallback: bool) -> None:
    wanted = await place.expected(vague, where)
    choices = [f"{number}. {choice['title']}" for number, choice in enumerate(wanted["choices"], start=1)]
    card = await client.ask(where, said(vague, where), *mentioned(where))
    assert [action["title"] for action in card.actions()][: len(choices)] == choices
    answer = await client.press(card, choices[-1], fallback=fallback)
    assert answer.heading == wanted["choices"][-1]["title"]


async def test_related_question(client: Playground) -> None:
    answer = await client.ask(PERSONAL, ANSWERED)
    title = answer.actions()[0]["title"]
    assert (await client.press(answer, title)).heading == title


async def test_check_to_its_result(place: Place, client: Playground) -> None:
    """Every card of a check is the one that the command line shows; a button does what its words do."""
    expected = await asyncio.to_thread(_checked, place.locale)
    first = await client.ask(PERSONAL, CASE[0])
    assert first.card["body"] == expected[0]["card"]["body"]
    mine = expected[0]["choices"][1]["title"]
    shown = await client.press(first, mine)
    assert shown.card["body"] == expected[1]["card"]["body"]
    for text, told in zip(CASE[2:], expected[2:], strict=True):
        shown = await client.ask(PERSONAL, text)
        assert shown.card["body"] == told["card"]["body"]
    assert expected[-1]["check"]["outcome"] == "unknown"
    assert shown.heading == str(expected[-1]["text"]).split("\n", 1)[0]
    await client.ask(PERSONAL, "prekliči")


async def test_button_of_an_old_card(client: Playground, vague: str) -> None:
    """A card carries all that its buttons need, whatever was said since."""
    old = await client.ask(PERSONAL, vague)
    await client.ask(PERSONAL, DECLINED)
    title = old.actions()[0]["title"]
    wanted = title.removeprefix("1. ")
    assert (await client.press(old, title)).heading == wanted
    assert (await client.press(old, title, fallback=True)).heading == wanted


@pytest.mark.parametrize(
    "text, names, understood",
    [
        (f"{MENTION} {ANSWERED}", [BOT["name"]], ANSWERED),
        (f"{ANSWERED} {MENTION}", [BOT["name"]], ANSWERED),
        (f"priloge {MENTION} za svetnika", [BOT["name"]], ANSWERED),
        (f"{MENTION} {COLLEAGUE} {ANSWERED}", [BOT["name"], "Bojan Kos"], f"{COLLEAGUE} {ANSWERED}"),
        (f"{NAMESAKE} {MENTION} {ANSWERED}", ["Franc Kažipot", BOT["name"]], f"{NAMESAKE} {ANSWERED}"),
        (f"{MENTION} kaj je Kažipot", [BOT["name"]], "kaj je Kažipot"),
        (f"{MENTION} {MENTION} {ANSWERED}", [BOT["name"]], f"{MENTION} {ANSWERED}"),
    ],
)
@pytest.mark.parametrize("where", [GROUP, CHANNEL])
async def test_mention_taken_away_once(
    place: Place, client: Playground, where: str, text: str, names: list[str], understood: str
) -> None:
    answer = await client.ask(where, text, *names)
    wanted = await place.expected(understood, where)
    assert answer.card["body"] == wanted["card"]["body"]


async def test_nothing_but_a_mention(client: Playground) -> None:
    answer = await client.ask(CHANNEL, MENTION, BOT["name"])
    assert answer.actions(), "nothing to go on with"


async def test_not_mentioned_not_heard(client: Playground) -> None:
    """Teams itself does not deliver it; the next answer is to the next message."""
    before = len(client.shown)
    await client.say(GROUP, ANSWERED)
    await client.ask(GROUP, f"{MENTION} {DECLINED}", BOT["name"])
    assert len(client.shown) == before + 1


EVENTS = [
    ("userAdded", GROUP),
    ("userAdded", TEAM),
    ("userRemoved", TEAM),
    ("botRemoved", TEAM),
    ("channelCreated", TEAM),
    ("channelRenamed", TEAM),
    ("channelDeleted", TEAM),
    ("teamRenamed", TEAM),
    ("teamDeleted", TEAM),
    ("install", PERSONAL),
    ("uninstall", PERSONAL),
]
CHANGES: dict[str, dict[str, Any]] = {
    "reaction": {"type": "messageReaction", "reactionsAdded": [{"type": "like"}], "replyToId": "1"},
    "reaction taken back": {
        "type": "messageReaction",
        "reactionsRemoved": [{"type": "like"}],
        "replyToId": "1",
    },
    "edit": {"type": "messageUpdate", "text": ANSWERED, "channelData": {"eventType": "editMessage"}},
    "deletion": {"type": "messageDelete", "channelData": {"eventType": "softDeleteMessage"}},
    "undeletion": {
        "type": "messageUpdate",
        "text": ANSWERED,
        "channelData": {"eventType": "undeleteMessage"},
    },
    "something new": {"type": "somethingNew", "value": {"x": 1}},
}


@pytest.mark.parametrize("kind, where", EVENTS)
async def test_event_is_taken_calmly(client: Playground, kind: str, where: str) -> None:
    before = len(client.shown)
    assert await client.send(await client.template(where, kind)) in (200, 202)
    await client.ask(PERSONAL, ANSWERED)
    assert len(client.shown) == before + 1


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("where", [PERSONAL, CHANNEL])
async def test_change_is_taken_calmly(client: Playground, where: str, change: str) -> None:
    before = len(client.shown)
    activity = await client.template(where, "install")
    changed = activity | CHANGES[change]
    changed["channelData"] = activity["channelData"] | CHANGES[change].get("channelData", {})
    assert await client.send(changed) in (200, 202)
    await client.ask(PERSONAL, ANSWERED)
    assert len(client.shown) == before + 1


async def test_delivered_twice_answered_once(client: Playground) -> None:
    before = len(client.shown)
    activity = await client.template(PERSONAL, "install")
    message = {**activity, "type": "message", "text": ANSWERED}
    message.pop("action")
    for _ in range(2):
        assert await client.send(message) in (200, 202)
    await client.ask(PERSONAL, DECLINED)
    assert len(client.shown) == before + 2


async def test_feedback_buttons_never_show_an_error(client: Playground) -> None:
    answer = await client.ask(PERSONAL, ANSWERED)
    value = {
        "actionName": "feedback",
        "actionValue": {"reaction": "like", "feedback": '{"feedbackText":"hvala"}'},
    }
    await client.invoke("message/submitAction", value, replyToId=answer.id)


async def test_search_from_the_compose_box(place: Place, client: Playground) -> None:
    value = {
        "commandId": "search",
        "parameters": [{"name": "query", "value": ANSWERED}],
        "queryOptions": {"skip": 0, "count": 25},
    }
    found = (await client.invoke("composeExtension/query", value))["composeExtension"]
    assert (found["type"], found["attachmentLayout"]) == ("result", "list")
    first = found["attachments"][0]
    assert first["preview"]["content"]["title"] == (await place.expected(ANSWERED))["text"].split("\n")[0]
    assert first["content"]["version"] == "1.5"


async def test_somebodys_message_is_answered_and_the_answer_inserted(
    place: Place, client: Playground
) -> None:
    payload = {"id": "1", "body": {"contentType": "html", "content": f"<div>{ANSWERED}</div>"}}
    value = {"commandId": "ask", "commandContext": "message", "messagePayload": payload}
    task = (await client.invoke("composeExtension/fetchTask", value))["task"]
    card = task["value"]["card"]["content"]
    wanted = await place.expected(ANSWERED)
    assert card["body"][0] == wanted["card"]["body"][0]
    pressed = value | {"data": card["actions"][0]["data"]}
    inserted = (await client.invoke("composeExtension/submitAction", pressed))["composeExtension"]
    assert inserted["attachments"][0]["content"]["body"][0] == wanted["card"]["body"][0]


BAD = {
    "emoji": "😀👩‍👩‍👧‍👦" * 50,
    "markup": "<img src=x onerror=alert(1)> & <b>svetnik</b>",
    "right to left": "\u202eevil\u202c שלום",
    "long": "svetnik " * 2500,
    "dots": "... ?!",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
async def test_bad_input_gets_a_clear_reply(client: Playground, text: str) -> None:
    reply = await client.ask(PERSONAL, text)
    assert reply.card["version"] == "1.5"
    assert "Traceback" not in reply.words


async def test_forged_card_data(client: Playground) -> None:
    answer = await client.ask(PERSONAL, ANSWERED)
    for data in ({"do": "entry", "entry": "../../etc/passwd"}, {"do": "drop"}, {"x": [1]}, {}):
        before = len(client.shown)
        value = {"action": {"type": "Action.Execute", "verb": "x", "data": data}, "trigger": "manual"}
        await client.invoke("adaptiveCard/action", value, replyToId=answer.id)
        assert (await client.next_message(before, PERSONAL)).words


async def test_many_questions_in_a_row(client: Playground) -> None:
    """Every one is answered, each in its own conversation."""
    before = len(client.shown)
    threads = [await client.say(CHANNEL, f"{MENTION} {ANSWERED}", BOT["name"]) for _ in range(8)]
    async with asyncio.timeout(60), client.news:
        await client.news.wait_for(lambda: len(client.shown) >= before + 8)
    assert sorted(message.conversation for message in client.shown[before:]) == sorted(threads)


def first_related(answer: dict[str, Any]) -> str:
    """The first of the lines that lead to related questions."""
    lines = (element["selectAction"] for element in answer["card"]["body"] if "selectAction" in element)
    return str(next(lines)["title"])


def use_the_client(browser: Browser, url: str, wanted: dict[str, Any]) -> None:
    """Write into the client's own window, press a related question, and rate the answer."""
    page = browser.open(viewport={"width": 1300, "height": 900})
    page.goto(url)
    page.click("[role=textbox]")
    page.call("keyboard.type", ANSWERED)
    page.key("Enter")
    page.waitForSelector(f"text={wanted['card']['body'][0]['text']}")
    related = first_related(wanted)
    page.click(f'.ac-selectable[aria-label="{related}"] >> nth=-1')
    page.wait_until(
        "(title) => [...document.querySelectorAll('.ac-adaptiveCard [role=heading]')]"
        ".some((heading) => heading.textContent === title)",
        related,
    )
    page.end()


async def test_in_the_window_of_the_client(place: Place, client: Playground, browser: Browser) -> None:
    wanted = await place.expected(ANSWERED)
    before = len(client.shown)
    await asyncio.to_thread(use_the_client, browser, client.url, wanted)
    assert [message.heading for message in client.shown[before:]][-1] == first_related(wanted)


async def test_tokens(place: Place, client: Playground) -> None:
    """With tokens asked for: none, a forged one or another's gets in nothing; every reply carries the bot's."""
    if place.proxy is None:
        async with (
            aiohttp.ClientSession() as session,
            session.get(place.bot.url) as page,
        ):
            assert page.status == 200
        return
    await client.ask(PERSONAL, ANSWERED)
    assert set(place.proxy.presented) == {"Bearer token-1"}
    assert set(place.proxy.statuses) <= {200, 202}
    before = len(client.shown)
    activity = await client.template(PERSONAL, "install")
    message = {**activity, "type": "message", "text": ANSWERED, "serviceUrl": f"{place.proxy.url}/connector/"}
    good = place.proxy.channel.token(serviceurl=message["serviceUrl"])
    tokens = {
        "none": None,
        "garbage": "Bearer x",
        "forged": f"Bearer {good[:-8]}AAAAAAAA",
        "another's": f"Bearer {place.proxy.channel.token(aud='another', serviceurl=message['serviceUrl'])}",
    }
    async with aiohttp.ClientSession() as session:
        for name, token in tokens.items():
            headers = {"Authorization": token} if token else {}
            url = f"{place.bot.url}api/messages"
            async with session.post(url, json=message, headers=headers) as response:
                assert response.status == 401, name
        async with session.get(place.bot.url) as page:
            assert page.status == 404, "the local page is served with credentials set"
    await client.ask(PERSONAL, ANSWERED)
    assert len(client.shown) == before + 1
