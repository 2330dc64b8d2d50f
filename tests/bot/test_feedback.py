"""Ratings: Teams' own buttons and those in cards; kept beside the answer, never with a name, never an error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from bot.dialogue.feedback import neat
from bot.storage.memory import MemoryStorage
from bot.storage.ports import Commit, Feedback, SentAnswer, StorageError
from tests.support.adaptive import check_card
from tests.support.channel import FakeChannel
from tests.support.host import real_answering, running, settings

Client = TestClient[Any, Any]
ENTRY = "vlozitev-kdaj-sam"
QUESTION = {"value": {"do": "entry", "entry": ENTRY}}
DAY = date(2026, 11, 21)


@pytest.fixture
def store() -> MemoryStorage:
    return MemoryStorage()


@pytest_asyncio.fixture
async def bot(tmp_path: Path, store: MemoryStorage) -> AsyncIterator[Client]:
    async with running(settings(tmp_path, today=DAY), answering=real_answering(), storage=store) as client:
        yield client


def rating(channel: FakeChannel, value: Any, **changes: Any) -> dict[str, Any]:
    return channel.activity(
        "", **({"type": "invoke", "name": "message/submitAction", "value": value} | changes)
    )


def pressed(reaction: str, form: Any = None) -> dict[str, Any]:
    return {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": form}}


async def rate(bot: Client, activity: dict[str, Any]) -> None:
    async with bot.post("/api/messages", json=activity) as response:
        assert (response.status, await response.json()) == (200, {})


async def test_answers_in_teams_can_be_rated(
    bot: Client, channel: FakeChannel, store: MemoryStorage, capsys: pytest.CaptureFixture[str]
) -> None:
    await bot.post("/api/messages", json=channel.activity(**QUESTION))
    assert channel.messages[0]["channelData"] == {"feedbackLoop": {"type": "default"}}
    form = json.dumps({"feedbackText": "Manjka datum. Ana Novak, ana@example.com, 041 123 456 789"})
    await rate(bot, rating(channel, pressed("dislike", form), replyToId=f"sent-{len(channel.sent)}"))
    (kept,) = store.feedback
    assert (kept.day, kept.entry, kept.rating) == (DAY, ENTRY, "dislike")
    assert kept.version
    assert kept.reason.startswith("Manjka datum.")
    assert "@" not in kept.reason
    assert "041" not in kept.reason
    written = capsys.readouterr()
    assert "Manjka" not in written.out + written.err
    async with bot.get("/metrics") as response:
        assert 'kazipot_ratings_total{rating="dislike"} 1.0' in await response.text()


async def test_rating_in_a_thread_finds_its_answer(
    bot: Client, channel: FakeChannel, store: MemoryStorage
) -> None:
    thread = {"id": "19:t@thread.tacv2;messageid=17", "conversationType": "channel"}
    await bot.post("/api/messages", json=channel.activity(**QUESTION, conversation=thread))
    whole = thread | {"id": "19:t@thread.tacv2"}
    activity = rating(channel, pressed("like"), replyToId=f"sent-{len(channel.sent)}", conversation=whole)
    await rate(bot, activity)
    await rate(bot, activity)  # delivered again
    assert [(kept.entry, kept.rating) for kept in store.feedback] == [(ENTRY, "like")]


async def test_rating_of_a_message_that_is_no_longer_known(
    bot: Client, channel: FakeChannel, store: MemoryStorage
) -> None:
    await rate(bot, rating(channel, pressed("like", "{"), replyToId="gone"))
    assert list(store.feedback) == [Feedback(DAY, "", "", "like")]


ODD = [
    None, 1, "x", [], {}, {"actionName": "feedback"}, {"actionName": "other", "actionValue": {"reaction": "like"}},
    pressed("love"), {"actionName": "feedback", "actionValue": "like"},
    {"actionName": "feedback", "actionValue": {"reaction": ["like"]}},
]  # fmt: skip


@pytest.mark.parametrize("value", ODD)
async def test_odd_ratings_are_taken_calmly(
    bot: Client, channel: FakeChannel, store: MemoryStorage, value: Any
) -> None:
    await rate(bot, rating(channel, value))
    assert not store.feedback


@pytest.mark.parametrize(
    "form",
    [
        None,
        5,
        "",
        "{",
        "[]",
        "[" * 9000,
        json.dumps({"feedbackText": 7}),
        {"feedbackText": ["x"]},
        "x" * 30_000,
    ],
)
async def test_odd_reasons_are_left_out(
    bot: Client, channel: FakeChannel, store: MemoryStorage, form: Any
) -> None:
    await rate(bot, rating(channel, pressed("like", form)))
    assert [kept.reason for kept in store.feedback] == [""]


class Broken(MemoryStorage):
    """Turns work; what belongs to ratings doesn't."""

    async def sent_answer(self, key: str) -> SentAnswer | None:
        raise StorageError

    async def save(self, commit: Commit) -> None:
        if commit.sent or commit.feedback:
            raise StorageError
        await super().save(commit)


async def test_store_that_fails_shows_nobody_an_error(tmp_path: Path, channel: FakeChannel) -> None:
    async with running(settings(tmp_path), answering=real_answering(), storage=Broken()) as bot:
        async with bot.post("/api/messages", json=channel.activity(**QUESTION)) as response:
            assert response.status == 202
        await rate(bot, rating(channel, pressed("like"), replyToId="sent-2"))
    assert len(channel.messages) == 1


class Slow(MemoryStorage):
    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()

    async def sent_answer(self, key: str) -> SentAnswer | None:
        await self.free.wait()
        return None


async def test_slow_store_does_not_hold_up_the_response(
    tmp_path: Path, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transport.replies.INVOKE_PATIENCE", 0.05)
    store = Slow()
    async with running(settings(tmp_path), storage=store) as bot:
        await rate(bot, rating(channel, pressed("like"), replyToId="m"))
        assert not store.feedback
        store.free.set()
    assert len(store.feedback) == 1


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The small buttons in a card."""
    card = message["attachments"][0]["content"]
    columns = [column for element in card["body"] for column in element.get("columns", ())]
    return [column["selectAction"] for column in columns if "selectAction" in column]


async def test_card_buttons_where_the_channel_has_none(
    bot: Client, channel: FakeChannel, store: MemoryStorage
) -> None:
    await bot.post("/api/messages", json=channel.activity(**QUESTION, channelId="webchat"))
    (message,) = channel.messages
    assert "channelData" not in message
    check_card(message["attachments"][0]["content"])
    like, dislike = buttons(message)
    for data in (like["data"], dislike["data"]):
        await bot.post("/api/messages", json=channel.activity("", value=data, channelId="webchat"))
    assert [(kept.entry, kept.rating) for kept in store.feedback] == [(ENTRY, "like")]
    form = channel.messages[-1]["attachments"][0]["content"]
    check_card(form)
    data = form["actions"][0]["data"] | {"reason": "Ni jasno. " * 100}
    await bot.post("/api/messages", json=channel.activity("", value=data, channelId="webchat"))
    assert store.feedback[-1].rating == "dislike"
    assert store.feedback[-1].reason.startswith("Ni jasno.")
    assert len(store.feedback[-1].reason) <= 500
    assert store.feedback[0].version == store.feedback[1].version != ""


async def test_teams_gets_no_buttons_of_ours(bot: Client, channel: FakeChannel) -> None:
    await bot.post("/api/messages", json=channel.activity(**QUESTION))
    assert buttons(channel.messages[0]) == []


FORGED = [
    {"do": "feedback"}, {"do": "feedback", "entry": "x", "rating": "love"}, {"do": "feedback", "rating": "like"},
    {"do": "feedback", "entry": "x" * 1000, "rating": "like"},
    {"do": "feedback", "entry": {"a": 1}, "rating": ["like"]},
]  # fmt: skip


@pytest.mark.parametrize("data", FORGED)
async def test_forged_buttons_rate_nothing(
    bot: Client, channel: FakeChannel, store: MemoryStorage, data: Any
) -> None:
    await bot.post("/api/messages", json=channel.activity("", value=data))
    assert not store.feedback
    assert "Ta gumb ne deluje" in str(channel.messages[-1])


@pytest.mark.parametrize(
    ("reason", "kept"),
    [(None, ""), (7, ""), ("  a \0 b ", "a   b"), ("x" * 900, "x" * 500),
     ("pišite ana.novak@sola.si, hvala", "pišite …, hvala"),
     ("od 1. 9. 2023 do 21.11.2026", "od 1. 9. 2023 do 21.11.2026"), ("kličite +386 41 123 456", "kličite …")],
)  # fmt: skip
def test_reasons_are_kept_neat(reason: Any, kept: str) -> None:
    assert neat(reason) == kept


def test_ratings_have_no_room_for_a_person() -> None:
    assert set(Feedback.__dataclass_fields__) == {"day", "entry", "version", "rating", "reason"}
    assert replace(Feedback(DAY, "e", "v", "like"), reason="x").reason == "x"
