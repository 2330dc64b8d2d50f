"""Pressed card buttons: Action.Submit as a message, Action.Execute as an invoke, with and without replacement."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.transport import replies
from tests.support.channel import FakeChannel
from tests.support.host import Script, running, settings

Client = TestClient[Any, Any]


def execute(channel: FakeChannel, data: Any, **changes: Any) -> dict[str, Any]:
    """An adaptive card invoke as Teams sends it."""
    value = {"action": {"type": "Action.Execute", "verb": "v", "data": data}, "trigger": "manual"}
    activity = channel.activity(type="invoke", name="adaptiveCard/action", value=value, replyToId="card-1")
    del activity["text"]
    return activity | changes


async def post(bot: Client, activity: Any) -> tuple[int, Any]:
    async with bot.post("/api/messages", json=activity) as response:
        return response.status, (await response.json() if response.content_length else None)


async def test_submit_is_an_action(local_bot: Client, channel: FakeChannel, script: Script) -> None:
    activity = channel.activity(value={"entry": "x"}, replyToId="card-1")
    del activity["text"]
    assert await post(local_bot, activity) == (202, None)
    assert (script.seen[0].kind, script.seen[0].action) == ("action", {"entry": "x"})
    assert channel.sent[-1].method == "POST"


async def test_submit_may_replace_its_card(local_bot: Client, channel: FakeChannel) -> None:
    await post(local_bot, channel.activity(value={"replace": True}, replyToId="card-1"))
    assert (channel.sent[-1].method, channel.sent[-1].path.rsplit("/", 1)[1]) == ("PUT", "card-1")


async def test_card_that_can_not_be_replaced_is_answered_below(
    local_bot: Client, channel: FakeChannel
) -> None:
    channel.answers = [(404, {})]
    assert (await post(local_bot, channel.activity(value={"replace": True}, replyToId="gone")))[0] == 202
    assert [sent.method for sent in channel.sent if sent.activity["type"] == "message"] == ["PUT", "POST"]


async def test_execute_sends_a_message_and_says_so(local_bot: Client, channel: FakeChannel) -> None:
    status, body = await post(local_bot, execute(channel, {"entry": "x"}))
    assert status == 200
    assert (body["statusCode"], body["type"]) == (200, "application/vnd.microsoft.activity.message")
    assert [sent.activity["type"] for sent in channel.sent] == ["message"]  # no typing


async def test_execute_may_replace_its_card(local_bot: Client, channel: FakeChannel) -> None:
    status, body = await post(local_bot, execute(channel, {"replace": True}))
    assert (status, body["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    assert body["value"]["type"] == "AdaptiveCard"
    assert channel.sent == []


async def test_doubled_execute_is_answered_once(local_bot: Client, channel: FakeChannel) -> None:
    activity = execute(channel, {"entry": "x"})
    answers = [await post(local_bot, activity) for _ in range(2)]
    assert [status for status, _ in answers] == [200, 200]
    assert len(channel.messages) == 1


@pytest.mark.parametrize(
    "value",
    [None, "x", [], {}, {"action": None}, {"action": "x"}, {"action": {}}, {"action": {"data": "x"}},
     {"action": {"data": [1]}}, {"action": {"data": {"a": {"b": ["c"]}}}}],
)  # fmt: skip
async def test_odd_executes(local_bot: Client, channel: FakeChannel, value: Any) -> None:
    status, body = await post(local_bot, execute(channel, None, value=value))
    assert (status, body["statusCode"]) == (200, 200)


@pytest.mark.parametrize("name", ["message/submitAction", "task/fetch", "x", None])
async def test_other_invokes_are_acknowledged(local_bot: Client, channel: FakeChannel, name: str) -> None:
    assert await post(local_bot, execute(channel, {}, name=name)) == (200, {})
    assert channel.sent == []


async def test_crash_in_a_replacing_action(local_bot: Client, channel: FakeChannel, script: Script) -> None:
    def crash(message: Any) -> None:
        raise RuntimeError("secret")

    script.hook = crash
    status, body = await post(local_bot, execute(channel, {"replace": True}))
    assert status == 200
    assert "secret" not in str(body)
    assert "oznako" in str(body)


async def test_execute_does_not_wait_for_a_slow_connector(
    tmp_path: Path, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "INVOKE_PATIENCE", 0.01)
    channel.gate = asyncio.Event()
    async with running(settings(tmp_path)) as bot:
        status, body = await post(bot, execute(channel, {"entry": "x"}))
        assert (status, body["statusCode"]) == (200, 200)
        channel.gate.set()
    assert len(channel.messages) == 1  # sent before the bot stopped


async def test_pressed_card_with_replies_in_the_response(local_bot: Client, channel: FakeChannel) -> None:
    value = {"action": {"type": "Action.Execute", "data": {"do": "x"}}}
    activity = channel.activity(
        type="invoke", name="adaptiveCard/action", value=value, deliveryMode="expectReplies"
    )
    async with local_bot.post("/api/messages", json=activity) as response:
        assert response.status == 200
        body = await response.json()
    assert [reply["type"] for reply in body["activities"]] == ["message"]
    assert body["body"]["statusCode"] == 200
    assert channel.sent == []
