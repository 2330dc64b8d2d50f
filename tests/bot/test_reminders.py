"""Reminders by way of the whole bot: asked for in the chat, sent by another process later, ended where nobody is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import select

from bot.clock import PLACE
from bot.storage.sql import SqlStorage
from bot.storage.tables import outbox, reminders
from tests.support.adaptive import check_card
from tests.support.channel import FakeChannel
from tests.support.host import real_answering, running, settings

Client = TestClient[Any, Any]
PATIENCE = 20.0


def at(day: str, hour: int = 9) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), PLACE).astimezone(UTC)


@asynccontextmanager
async def bot_on(folder: Path, now: datetime) -> AsyncIterator[Client]:
    """A process of the bot, on the same database as the others, whose clock stands."""
    async with running(settings(folder), answering=real_answering(), clock=lambda: now) as client:
        yield client


async def send(bot: Client, activity: dict[str, Any]) -> None:
    async with bot.post("/api/messages", json=activity) as response:
        assert response.status in (200, 202)


async def agree(bot: Client, channel: FakeChannel) -> None:
    await send(bot, channel.activity("Opomni me, ko se odpre rok"))
    await send(bot, channel.activity("Da, opomni me"))


async def rows(folder: Path, table: Any) -> list[Any]:
    store = SqlStorage(f"sqlite+aiosqlite:///{folder}/test.sqlite3")
    try:
        async with store.database.statement() as connection:
            return list((await connection.execute(select(table))).all())
    finally:
        await store.close()


async def next_message(channel: FakeChannel) -> dict[str, Any]:
    """The next message that comes by itself."""
    async with asyncio.timeout(PATIENCE):
        await channel.arrived.wait()
    return channel.messages[-1]


async def settled(folder: Path) -> Any:
    """The last message of the outbox that is done with; every look lets the bot go on."""
    async with asyncio.timeout(PATIENCE):
        found: list[Any] = []
        while not found:
            found = [row for row in await rows(folder, outbox) if row.done_at]
    return found[-1]


def words(message: dict[str, Any]) -> str:
    return str(message["attachments"][0]["content"]["body"])


async def test_nothing_is_kept_before_a_yes(tmp_path: Path, channel: FakeChannel) -> None:
    async with bot_on(tmp_path, at("2027-01-20")) as bot:
        await send(bot, channel.activity("Opomni me, ko se odpre rok"))
        assert "Ali se strinjate?" in words(channel.messages[-1])
    assert await rows(tmp_path, reminders) == []


async def test_sent_on_the_first_morning_by_whatever_process_runs(
    tmp_path: Path, channel: FakeChannel
) -> None:
    async with bot_on(tmp_path, at("2027-01-20")) as bot:
        await agree(bot, channel)
    (row,) = await rows(tmp_path, reminders)
    assert row.due_at == at("2027-02-01", 8).replace(tzinfo=None)
    channel.arrived.clear()
    async with bot_on(tmp_path, at("2027-02-01")), bot_on(tmp_path, at("2027-02-01")):
        message = await next_message(channel)
        done = await settled(tmp_path)
    assert "Rok je odprt" in words(message)
    check_card(message["attachments"][0]["content"])
    assert message["conversation"]["id"] == "a:conversation"
    assert (done.address, done.content, done.failure) == ("", "", "")
    assert len([sent for sent in channel.messages if "Rok je odprt" in words(sent)]) == 1
    channel.arrived.clear()
    async with bot_on(tmp_path, at("2027-02-21")):
        message = await next_message(channel)
        await settled(tmp_path)
    assert "28. 2. 2027" in words(message)
    assert await rows(tmp_path, reminders) == []


async def test_stopped(tmp_path: Path, channel: FakeChannel) -> None:
    async with bot_on(tmp_path, at("2027-01-20")) as bot:
        await agree(bot, channel)
        await send(bot, channel.activity("moji opomniki"))
        assert "1. 2. 2027" in words(channel.messages[-1])
        await send(bot, channel.activity("ustavi opomnike"))
        assert "ustavljeni" in words(channel.messages[-1])
    assert await rows(tmp_path, reminders) == []


async def test_forgotten(tmp_path: Path, channel: FakeChannel) -> None:
    async with bot_on(tmp_path, at("2027-01-20")) as bot:
        await agree(bot, channel)
        await send(bot, channel.activity("pozabi moje podatke"))
    assert await rows(tmp_path, reminders) == []


@pytest.mark.parametrize(
    "left",
    [
        {"type": "installationUpdate", "action": "remove"},
        {"type": "conversationUpdate", "membersRemoved": [{"id": "28:11111111-2222-3333-4444-555555555555"}]},
    ],
    ids=["uninstalled", "removed"],
)
async def test_a_bot_that_was_removed_reminds_nobody(
    tmp_path: Path, channel: FakeChannel, left: dict[str, Any]
) -> None:
    async with bot_on(tmp_path, at("2027-01-20")) as bot:
        await agree(bot, channel)
        await send(bot, channel.activity("", **left))
    assert await rows(tmp_path, reminders) == []


async def test_a_chat_that_takes_no_messages_ends_its_reminder(tmp_path: Path, channel: FakeChannel) -> None:
    async with bot_on(tmp_path, at("2027-01-20")) as bot:
        await agree(bot, channel)
    channel.answers = [(403, {})]
    async with bot_on(tmp_path, at("2027-02-01")):
        done = await settled(tmp_path)
    assert await rows(tmp_path, reminders) == []
    assert done.failure == "status 403"


async def test_in_a_channel_an_invitation(tmp_path: Path, channel: FakeChannel) -> None:
    place = {"id": "19:team@thread.tacv2", "conversationType": "channel"}
    async with bot_on(tmp_path, at("2027-01-20")) as bot:
        for text in ("Opomni me, ko se odpre rok", "Da, opomni me"):
            await send(bot, channel.activity(text, conversation=place))
            assert "ena na ena" in words(channel.messages[-1])
    assert await rows(tmp_path, reminders) == []
