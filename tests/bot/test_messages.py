"""What a client may send to /api/messages: answered, ignored or refused by name, never a 500."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.support.channel import FakeChannel
from tests.support.host import Script

Client = TestClient[Any, Any]
URL = "/api/messages"


async def post(bot: Client, activity: Any) -> int:
    async with bot.post(URL, json=activity) as response:
        return response.status


def texts(channel: FakeChannel) -> list[str]:
    """What the cards say."""
    return [message["attachments"][0]["content"]["body"][0]["text"] for message in channel.messages]


async def test_answer_is_a_card_with_a_summary_after_typing(local_bot: Client, channel: FakeChannel) -> None:
    assert await post(local_bot, channel.activity("Kdaj?")) == 202
    assert [sent.activity["type"] for sent in channel.sent] == ["typing", "message"]
    (message,) = channel.messages
    assert message["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert message["summary"] == "message:Kdaj?:1:"
    assert "channelData" not in message


async def test_reply_goes_to_the_thread(local_bot: Client, channel: FakeChannel) -> None:
    thread = {"id": "19:team@thread.tacv2;messageid=17", "conversationType": "channel"}
    activity = channel.activity("Kdaj?", conversation=thread)
    assert await post(local_bot, activity) == 202
    sent = channel.sent[-1]
    conversation = "19%3Ateam%40thread.tacv2%3Bmessageid%3D17"
    assert sent.path == f"/connector/v3/conversations/{conversation}/activities/{activity['id']}"
    assert sent.activity["replyToId"] == activity["id"]


async def test_one_activity_is_answered_once(local_bot: Client, channel: FakeChannel) -> None:
    activity = channel.activity("Kdaj?")
    statuses = await asyncio.gather(*(post(local_bot, activity) for _ in range(5)))
    assert statuses == [202] * 5
    assert len(channel.messages) == 1


async def test_quick_messages_of_one_conversation_do_not_lose_one_another(
    local_bot: Client, channel: FakeChannel, script: Script
) -> None:
    await asyncio.gather(*(post(local_bot, channel.activity(f"v{n}")) for n in range(4)))
    counts = sorted(text.split(":")[2] for text in texts(channel))
    assert counts == ["1", "2", "3", "4"]


async def test_people_in_a_group_have_a_state_each(local_bot: Client, channel: FakeChannel) -> None:
    group = {"id": "19:group", "conversationType": "groupChat"}
    for person in ("ana", "bor", "ana"):
        await post(local_bot, channel.activity("x", conversation=group, **{"from": {"id": person}}))
    assert [text.split(":")[2] for text in texts(channel)] == ["1", "1", "2"]


ODD_TEXTS = {
    "empty": "",
    "spaces": "  \n\t ",
    "100 kB": "a" * 100_000,
    "100 kB of words": "vložim predlog " * 7_000,
    "emoji": "👩‍🏫🎓 kdaj? 🇸🇮",
    "HTML": "<script>alert(1)</script><b>kdaj</b>",
    "right to left": "\u202eנסיון مرحبا\u202c",
    "control characters": "kdaj\x00\x01\x1b[31m\x7f",
    "half a surrogate": "kdaj \ud800?",
    "JSON": '{"type": "message"}',
    "Markdown": "[klik](javascript:alert(1)) **x** | y |",
    "percent": "%s %n {0} ${x}",
    "combining": "z\u030c" * 500 + "\u0300" * 500,
}


@pytest.mark.parametrize("name", ODD_TEXTS)
async def test_odd_texts_are_answered(local_bot: Client, channel: FakeChannel, name: str) -> None:
    assert await post(local_bot, channel.activity(ODD_TEXTS[name])) == 202
    assert len(channel.messages) == 1


ODD_ACTIVITIES: dict[str, dict[str, Any]] = {
    "no text": {"text": None},
    "text a number": {"text": 5},
    "text a list": {"text": ["a"]},
    "value text": {"value": "x"},
    "value a list": {"value": [1]},
    "unknown card action": {"value": {"kažipot": "?", "entry": {"a": [1]}}},
    "forged card data": {"value": {"action": "ask", "entry": "../../etc/passwd", "__class__": "x"}},
    "entities no list": {"entities": {"type": "mention"}},
    "entities odd": {
        "entities": [None, 1, "x", {}, {"type": "mention"}, {"type": "mention", "mentioned": 1}]
    },
    "empty mention": {"entities": [{"type": "mention", "mentioned": {"id": "28:x"}, "text": ""}]},
    "attachments": {"attachments": [{"contentType": "image/png", "contentUrl": "https://example.com/a"}, 3]},
    "unknown locale": {"locale": "xx-Klingon"},
    "locale a number": {"locale": 5},
    "timestamp garbage": {"timestamp": "yesterday", "localTimestamp": 7},
    "channel data text": {"channelData": "x"},
    "channel data tenant text": {"channelData": {"tenant": "x"}},
    "unknown fields": {"foo": {"bar": []}, "callerId": "urn:x"},
    "no id": {"id": None},
    "unknown conversation type": {"conversation": {"id": "c", "conversationType": "meeting"}},
    "no sender": {"from": None},
    "no recipient": {"recipient": None},
    "delivery mode odd": {"deliveryMode": 7},
}


@pytest.mark.parametrize("name", ODD_ACTIVITIES)
async def test_odd_activities_are_answered(local_bot: Client, channel: FakeChannel, name: str) -> None:
    assert await post(local_bot, channel.activity(**ODD_ACTIVITIES[name])) == 202
    assert len(channel.messages) == 1


IGNORED: dict[str, dict[str, Any]] = {
    "unknown type": {"type": "somethingNew"},
    "typing": {"type": "typing"},
    "reaction": {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    "edited": {"type": "messageUpdate"},
    "deleted": {"type": "messageDelete"},
    "installed": {"type": "installationUpdate", "action": "add"},
    "event": {"type": "event", "name": "application/vnd.microsoft.readReceipt"},
    "end": {"type": "endOfConversation"},
    "someone else added": {"type": "conversationUpdate", "membersAdded": [{"id": "29:bor"}]},
    "renamed": {"type": "conversationUpdate", "channelData": {"eventType": "teamRenamed"}},
    "members no list": {"type": "conversationUpdate", "membersAdded": {"id": "x"}},
    "no channel data": {"type": "conversationUpdate", "channelData": None},
}


@pytest.mark.parametrize("name", IGNORED)
async def test_ignored_calmly(local_bot: Client, channel: FakeChannel, name: str) -> None:
    assert await post(local_bot, channel.activity(**IGNORED[name])) == 202
    assert channel.sent == []


async def test_welcome_when_the_bot_is_added(local_bot: Client, channel: FakeChannel, script: Script) -> None:
    activity = channel.activity(type="conversationUpdate")
    activity["membersAdded"] = [{"id": "29:bor"}, activity["recipient"]]
    assert await post(local_bot, activity) == 202
    assert [message.kind for message in script.seen] == ["welcome"]
    assert [sent.activity["type"] for sent in channel.sent] == ["message"]


BAD_BODIES = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"type": "\xff"}',
    "UTF-16": '{"type": "message"}'.encode("utf-16"),
    "a list": b"[]",
    "a text": b'"message"',
    "null": b"null",
    "NaN": b'{"type": "message", "value": NaN}',
    "a number without end": b'{"type": "message", "value": ' + b"9" * 10_000 + b"}",
    "deep": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep lists": b'{"type": "message", "value": ' + b"[" * 900 + b"]" * 900 + b"}",
    "no type": b'{"conversation": {"id": "c"}}',
    "type a number": b'{"type": 1, "conversation": {"id": "c"}}',
    "no conversation": b'{"type": "message"}',
    "conversation a text": b'{"type": "message", "conversation": "c"}',
    "conversation without id": b'{"type": "message", "conversation": {}}',
    "sender a list": b'{"type": "message", "conversation": {"id": "c"}, "from": []}',
    "id too long": b'{"type": "message", "conversation": {"id": "' + b"c" * 5_000 + b'"}}',
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_bad_bodies(local_bot: Client, name: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with local_bot.post(URL, data=BAD_BODIES[name], headers=headers) as response:
        assert response.status == 400
        assert "error" in await response.json()


async def test_huge_body(local_bot: Client) -> None:
    headers = {"Content-Type": "application/json"}
    async with local_bot.post(URL, data=io.BytesIO(b" " * 2_000_000), headers=headers) as response:
        assert response.status == 413


async def test_huge_body_in_a_small_packet(local_bot: Client) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    packed = gzip.compress(b" " * 50_000_000)
    async with local_bot.post(URL, data=packed, headers=headers) as response:
        assert response.status == 413


async def test_packet_that_is_not_packed(local_bot: Client) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with local_bot.post(URL, data=b"{}", headers=headers) as response:
        assert response.status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "x"])
async def test_wrong_content_type(local_bot: Client, kind: str) -> None:
    async with local_bot.post(URL, data=b"{}", headers={"Content-Type": kind}) as response:
        assert response.status == 415


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods(local_bot: Client, method: str) -> None:
    async with local_bot.request(method, URL) as response:
        assert response.status == 405


@pytest.mark.parametrize(
    "url",
    ["https://smba.trafficmanager.net/emea/", "http://10.0.0.1/", "http://localhost.evil.example/", "ftp://127.0.0.1/",
     "http://127.0.0.1@evil.example/", "http://u:p@127.0.0.1/", "http://127.0.0.1/?x=", "http://[::1", "", "x"],
)  # fmt: skip
async def test_local_mode_talks_to_this_machine_only(
    local_bot: Client, channel: FakeChannel, url: str
) -> None:
    assert await post(local_bot, channel.activity(serviceUrl=url)) == 401


async def test_local_mode_refuses_pages_of_other_sites(local_bot: Client, channel: FakeChannel) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        async with local_bot.post(URL, json=channel.activity(), headers=headers) as response:
            assert response.status == 403


async def test_crash_gives_a_reference_and_no_details(
    local_bot: Client, channel: FakeChannel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await post(local_bot, channel.activity("crash")) == 202
    said = json.dumps(channel.messages, ensure_ascii=False)
    assert "secret" not in said
    assert "oznako" in said
    reference = texts(channel)[0].rsplit("oznako ", 1)[1].rstrip(".")
    assert reference in capsys.readouterr().out
    assert await post(local_bot, channel.activity("spet")) == 202
    assert texts(channel)[-1] == "message:spet:1:"


async def test_replies_in_the_response_when_the_channel_asks(local_bot: Client, channel: FakeChannel) -> None:
    async with local_bot.post(URL, json=channel.activity("Kdaj?", deliveryMode="expectReplies")) as response:
        assert response.status == 200
        (activity,) = (await response.json())["activities"]
    assert activity["type"] == "message"
    assert channel.sent == []


async def test_every_response_has_security_headers(local_bot: Client) -> None:
    for path in ("/", "/health/live", "/missing", URL):
        async with local_bot.get(path) as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Content-Security-Policy"].startswith("default-src ")
            assert response.headers["Server"] == "kazipot"
