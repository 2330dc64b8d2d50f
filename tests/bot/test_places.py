"""Where the bot is: welcomed once in a place, addressed by name in a thread, calm about everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from bot.storage.memory import MemoryStorage
from tests.support.adaptive import actions_of, check_card
from tests.support.channel import FakeChannel
from tests.support.host import real_answering, running, settings

Client = TestClient[Any, Any]
TEAM = {"id": "19:team@thread.tacv2", "conversationType": "channel"}
GROUP = {"id": "19:group@thread.v2", "conversationType": "groupChat"}
PERSONAL = {"id": "a:person", "conversationType": "personal"}


@pytest.fixture
def store() -> MemoryStorage:
    return MemoryStorage()


@pytest_asyncio.fixture
async def bot(tmp_path: Path, store: MemoryStorage) -> AsyncIterator[Client]:
    chosen = settings(tmp_path, today=date(2026, 11, 21))
    async with running(chosen, answering=real_answering(), storage=store) as client:
        yield client


async def send(bot: Client, activity: dict[str, Any]) -> None:
    async with bot.post("/api/messages", json=activity) as response:
        assert response.status in (200, 202)


def added(channel: FakeChannel, place: dict[str, str], **changes: Any) -> dict[str, Any]:
    activity = channel.activity("", type="conversationUpdate", conversation=place)
    return activity | {"membersAdded": [activity["recipient"]]} | changes


def said(channel: FakeChannel) -> list[str]:
    """Everything that the cards say, as text."""
    return [
        " ".join(str(block.get("text", "")) for block in message["attachments"][0]["content"]["body"])
        for message in channel.messages
    ]


@pytest.mark.parametrize("place", [TEAM, GROUP], ids=["team", "group"])
async def test_welcome_names_who_added_the_bot(
    bot: Client, channel: FakeChannel, place: dict[str, str]
) -> None:
    await send(bot, added(channel, place))
    (welcome,) = said(channel)
    assert "Dodala me je oseba Ana Novak." in welcome
    assert "@" in welcome
    card = channel.messages[0]["attachments"][0]["content"]
    check_card(card)
    assert all(action["data"]["do"] == "entry" for action in actions_of(card))


@pytest.mark.parametrize(
    "sender",
    [
        None,
        {"id": "29:ana"},
        {"id": "29:ana", "name": None},
        {"id": "29:ana", "name": 5},
        {"id": "29:ana", "name": " "},
    ],
)
async def test_welcome_without_a_name(bot: Client, channel: FakeChannel, sender: Any) -> None:
    await send(bot, added(channel, TEAM, **{"from": sender}))
    assert "Dodala" not in said(channel)[0]


async def test_bot_that_came_by_itself_names_nobody(bot: Client, channel: FakeChannel) -> None:
    activity = added(channel, TEAM)
    await send(bot, activity | {"from": activity["recipient"]})
    assert "Dodala" not in said(channel)[0]


async def test_name_is_no_markup(bot: Client, channel: FakeChannel) -> None:
    name = "[Ana](https://evil.example) **x** <at>all</at>" + "a" * 500
    await send(bot, added(channel, TEAM, **{"from": {"id": "29:ana", "name": name}}))
    (welcome,) = said(channel)
    assert not set("[]<>*") & set(welcome)
    assert "https" not in welcome


async def test_welcome_in_private_says_no_name(bot: Client, channel: FakeChannel) -> None:
    await send(bot, added(channel, PERSONAL))
    assert "Ana" not in said(channel)[0]


async def test_welcome_once_in_a_place(bot: Client, channel: FakeChannel) -> None:
    for _ in range(3):
        await send(bot, added(channel, TEAM))
    await send(bot, added(channel, TEAM | {"id": TEAM["id"] + ";messageid=1"}))
    assert len(channel.messages) == 1
    await send(bot, added(channel, GROUP))
    await send(bot, added(channel, PERSONAL))
    assert len(channel.messages) == 3


@pytest.mark.parametrize("how", ["members", "installation"])
async def test_welcome_again_after_it_was_taken_out(bot: Client, channel: FakeChannel, how: str) -> None:
    await send(bot, added(channel, TEAM))
    if how == "members":
        out = added(channel, TEAM)
        out["membersRemoved"] = out.pop("membersAdded")
    else:
        out = channel.activity("", type="installationUpdate", action="remove-upgrade", conversation=TEAM)
    await send(bot, out)
    assert len(channel.messages) == 1
    await send(bot, added(channel, TEAM))
    assert len(channel.messages) == 2


UNWELCOME: dict[str, dict[str, Any]] = {
    "others join": {"membersAdded": [{"id": "29:bor"}]},
    "others leave": {"membersAdded": [], "membersRemoved": [{"id": "29:bor"}]},
    "team renamed": {"membersAdded": [], "channelData": {"eventType": "teamRenamed"}},
    "channel renamed": {"channelData": {"eventType": "channelRenamed"}},
    "channel created": {"membersAdded": None, "channelData": {"eventType": "channelCreated"}},
    "channel shared": {"membersAdded": None, "channelData": {"eventType": "channelShared"}},
    "group renamed": {"membersAdded": None, "topicName": "Novo ime"},
    "history disclosed": {"membersAdded": None, "historyDisclosed": True},
}


@pytest.mark.parametrize("name", UNWELCOME)
async def test_nothing_is_said(bot: Client, channel: FakeChannel, name: str) -> None:
    await send(bot, added(channel, TEAM, **UNWELCOME[name]))
    assert channel.sent == []


CALM: dict[str, dict[str, Any]] = {
    "reaction": {"type": "messageReaction", "reactionsAdded": [{"type": "heart"}], "replyToId": "1"},
    "reaction taken back": {"type": "messageReaction", "reactionsRemoved": [{"type": "heart"}]},
    "edited": {"type": "messageUpdate", "channelData": {"eventType": "editMessage"}},
    "deleted": {"type": "messageDelete", "channelData": {"eventType": "softDeleteMessage"}},
    "undeleted": {"type": "messageUpdate", "channelData": {"eventType": "undeleteMessage"}},
}


@pytest.mark.parametrize("name", CALM)
async def test_what_happens_to_an_answered_message_is_taken_calmly(
    bot: Client, channel: FakeChannel, name: str
) -> None:
    question = channel.activity("Kdaj lahko predlog vložim sam?")
    await send(bot, question)
    before = len(channel.sent)
    await send(bot, question | {"text": "Kaj pa priloge?"} | CALM[name])
    await send(bot, question | {"text": "Kaj pa priloge?"})  # the same message, changed
    assert len(channel.sent) == before


@pytest.mark.parametrize("kind", ["standard", "private", "shared"])
async def test_question_in_a_channel_is_answered_in_its_thread(
    bot: Client, channel: FakeChannel, kind: str
) -> None:
    thread = {**TEAM, "id": TEAM["id"] + ";messageid=17"}
    me = {"id": "28:bot", "name": "Kažipot"}
    mention = {"type": "mention", "text": "<at>Kažipot</at>", "mentioned": me}
    data = {"tenant": {"id": "t"}, "team": {"id": "19:team"}, "channel": {"id": "19:c", "type": kind}}
    activity = channel.activity(
        "<at>Kažipot</at> Kdaj lahko predlog vložim sam?",
        conversation=thread, recipient=me, entities=[mention], channelData=data,
    )  # fmt: skip
    await send(bot, activity)
    assert channel.sent[-1].path.endswith(f"messageid%3D17/activities/{activity['id']}")
    assert channel.messages[0]["text"].startswith("Viri: [1]")


async def test_greeting_in_a_group_tells_how_to_ask(bot: Client, channel: FakeChannel) -> None:
    await send(bot, channel.activity("Hello", conversation=GROUP, locale="en"))
    assert "Mention me here" in said(channel)[0]


async def test_about(bot: Client, channel: FakeChannel) -> None:
    await send(bot, channel.activity("O meni"))
    await send(bot, channel.activity("About", locale="en-US"))
    slovenian, english = said(channel)
    for words in (slovenian, english):
        assert words.count("različica") + words.count("version") == 2
        assert "2026" in words
    assert "Zasebnost" in slovenian
    assert "Privacy" in english
    buttons = actions_of(channel.messages[0]["attachments"][0]["content"])
    assert [button["data"]["do"] for button in buttons] == ["help", "forget"]


@pytest.mark.parametrize(
    ("locale", "command", "answer"),
    [("sl-SI", "English", "Sources"), ("en-US", "Slovenščina", "Viri"), ("en-US", "in Slovenian", "Viri")],
)
async def test_language_stays(
    bot: Client, channel: FakeChannel, locale: str, command: str, answer: str
) -> None:
    await send(bot, channel.activity("Jezik", locale=locale))
    buttons = actions_of(channel.messages[0]["attachments"][0]["content"])
    assert [button["title"] for button in buttons] == ["Slovenščina", "English"]
    await send(bot, channel.activity(command, locale=locale))
    value = {"do": "entry", "entry": "vlozitev-kdaj-sam"}
    for _ in range(2):
        await send(bot, channel.activity("", value=value, locale=locale))
        assert channel.messages[-1]["text"].startswith(answer)


async def test_language_by_button(bot: Client, channel: FakeChannel) -> None:
    for data in ({"do": "language", "to": "en"}, {"do": "entry", "entry": "vlozitev-kdaj-sam"}):
        await send(bot, channel.activity("", value=data))
    assert channel.messages[-1]["text"].startswith("Sources")
    await send(bot, channel.activity("", value={"do": "language", "to": "de"}))
    assert "no longer works" in said(channel)[-1]
