"""People around an advisers' channel, for tests: a bot on the real road, a user, advisers, and what they see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from aiohttp.test_utils import TestClient

from bot.app import STORAGE
from bot.storage.database import Database
from bot.storage.outbox import SqlOutbox
from tests.support.adaptive import actions_of, check_card
from tests.support.channel import TENANT, FakeChannel
from tests.support.host import real_answering, running, settings

Client = TestClient[Any, Any]
ANA = {"id": "29:ana", "name": "Ana Novak", "aadObjectId": "0000-ana"}
BOR = {"id": "29:bor", "name": "Bor Kos", "aadObjectId": "0000-bor"}
EVA = {"id": "29:eva", "name": "Eva Zupan", "aadObjectId": "0000-eva"}
ULA = {"id": "29:ula", "name": "Ula Mlakar", "aadObjectId": "0000-ula"}
IVO = {"id": "29:ivo", "name": "Ivo Hribar", "aadObjectId": "0000-ivo"}
DESK = {"id": "19:desk@thread.tacv2", "conversationType": "channel", "tenantId": TENANT}
QUESTION = "Ali mi za naziv štejejo leta dela v Avstriji?"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Play:
    """A bot on loopback, and the people who use it."""

    bot: Client
    channel: FakeChannel
    now: datetime = NOW

    async def send(self, who: dict[str, str], place: dict[str, str], **changes: Any) -> None:
        activity = self.channel.activity("", conversation=place, **{"from": who}) | changes
        async with self.bot.post("/api/messages", json=activity) as response:
            assert response.status in (200, 202)

    async def says(self, who: dict[str, str], text: str, place: dict[str, str] | None = None) -> None:
        await self.send(who, place or chat(who), text=text)

    async def press(
        self, who: dict[str, str], data: dict[str, Any], place: dict[str, str] | None = None, **inputs: Any
    ) -> None:
        await self.send(who, place or chat(who), value={**data, **inputs})

    def card(self, place: dict[str, str]) -> dict[str, Any]:
        """The card that was sent or updated last in a place."""
        sent = [
            message
            for message in self.channel.messages
            if message["conversation"]["id"].partition(";")[0] == place["id"]
        ]
        card: dict[str, Any] = sent[-1]["attachments"][0]["content"]
        check_card(card)
        return card

    def data(self, place: dict[str, str], verb: str) -> dict[str, Any]:
        """The data of a button of that card."""
        found = [action["data"] for action in actions_of(self.card(place))]
        return next(data for data in found if data["do"] == verb)

    def words(self, place: dict[str, str]) -> str:
        return words_of(self.card(place))

    @property
    def database(self) -> Database:
        """What the bot writes to."""
        found: Database = self.bot.app[STORAGE]._database.database  # type: ignore[union-attr,attr-defined]
        return found

    async def settled(self) -> None:
        """Until everything that was promised is sent."""
        outbox = SqlOutbox(self.database)
        async with asyncio.timeout(20):
            while await outbox.waiting():  # noqa: ASYNC110  the bot says to nobody that it has sent
                await asyncio.sleep(0.01)

    async def rows(self, statement: Any) -> list[Any]:
        async with self.database.statement() as connection:
            return list((await connection.execute(statement)).all())

    async def write(self, statement: Any) -> None:
        async with self.database.statement() as connection:
            await connection.execute(statement)

    async def ask(self, who: dict[str, str] = ANA, question: str = QUESTION) -> None:
        """Send a question to the advisers from the private chat."""
        self.now += timedelta(minutes=1)
        await self.says(who, "vprašaj človeka")
        await self.press(who, self.data(chat(who), "ticket_send"), ticket_question=question)
        await self.settled()

    async def adviser(self, who: dict[str, str], verb: str, **inputs: Any) -> None:
        """An adviser presses a button of the newest card in their channel."""
        thread = DESK | {"id": f"{DESK['id']};messageid=1"}
        await self.press(who, self.data(DESK, verb), thread, **inputs)
        await self.settled()


def chat(who: dict[str, str]) -> dict[str, str]:
    return {"id": f"a:{who['id']}", "conversationType": "personal", "tenantId": TENANT}


def words_of(card: Any) -> str:
    """All words of a card."""
    if isinstance(card, list):
        return "\n".join(map(words_of, card))
    if isinstance(card, dict):
        own = [
            str(card[name]) for name in ("text", "title", "value", "label") if isinstance(card.get(name), str)
        ]
        inner = [
            words_of(card[name]) for name in ("body", "items", "facts", "actions", "columns") if name in card
        ]
        return "\n".join([*own, *inner])
    return ""


@pytest_asyncio.fixture
async def bare(tmp_path: Path, channel: FakeChannel) -> AsyncIterator[Play]:
    """No advisers' channel is set."""
    chosen = settings(
        tmp_path,
        advisers=("0000-eva", "0000-ivo"),
        curators=("0000-ula",),
        helpdesk_hours="Mon-Fri 08:00-15:00",
        helpdesk_answer_hours=7,
    )
    play = Play(None, channel)  # type: ignore[arg-type]
    async with running(chosen, answering=real_answering(), clock=lambda: play.now) as client:
        play.bot = client
        yield play


@pytest_asyncio.fixture
async def play(bare: Play) -> Play:
    await bare.says(EVA, "tukaj so svetovalci", DESK | {"id": f"{DESK['id']};messageid=7"})
    assert "prihajala v ta kanal" in bare.words(DESK)
    return bare
