"""The sources of an answer as Teams shows them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from bot.storage.memory import MemoryStorage
from bot.transport.citations import citations, shortened
from cards.views import AnswerView, SourceLine
from tests.support.channel import FakeChannel
from tests.support.host import real_answering, running, settings

Client = TestClient[Any, Any]


def view(*sources: SourceLine) -> AnswerView:
    return AnswerView("Kdaj?", "Zdaj.", "Viri", sources)


def test_shape() -> None:
    line = SourceLine("Pravilnik", "7. člen", "1. 9. 2023", "posredni vir", "https://example.com/a")
    cited = citations(view(line, SourceLine("Stran", "celota")))
    assert cited["text"] == "Viri: [1] [2]"
    (root,) = cited["entities"]
    assert (root["type"], root["@type"], root["@context"]) == (
        "https://schema.org/Message", "Message", "https://schema.org",
    )  # fmt: skip
    assert "additionalType" not in root
    first, second = root["citation"]
    assert (first["@type"], first["position"], second["position"]) == ("Claim", 1, 2)
    assert first["appearance"] == {
        "@type": "DigitalDocument",
        "name": "Pravilnik",
        "abstract": "7. člen (1. 9. 2023; posredni vir)",
        "url": "https://example.com/a",
    }
    assert "url" not in second["appearance"]


def test_limits() -> None:
    long = SourceLine("naslov " * 40, "člen " * 100)
    cited = citations(view(*[long] * 25))
    claims = cited["entities"][0]["citation"]
    assert len(claims) == 20
    assert cited["text"].endswith("[19] [20]")
    assert all(len(claim["appearance"]["name"]) <= 80 for claim in claims)
    assert all(len(claim["appearance"]["abstract"]) <= 160 for claim in claims)


def test_without_sources() -> None:
    assert citations(view()) == {}


@pytest.mark.parametrize(
    ("text", "short"), [("abc", "abc"), ("a" * 11, "a" * 9 + "…"), ("abcd efg hij", "abcd efg…")]
)
def test_shortened(text: str, short: str) -> None:
    assert shortened(text, 10) == short


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> Any:
    chosen = settings(tmp_path, today=date(2026, 11, 21))
    async with running(chosen, answering=real_answering(), storage=MemoryStorage()) as client:
        yield client


QUESTION = {"value": {"do": "entry", "entry": "vlozitev-kdaj-sam"}}


async def test_answer_in_teams(bot: Client, channel: FakeChannel) -> None:
    await bot.post("/api/messages", json=channel.activity(**QUESTION))
    (message,) = channel.messages
    (root,) = message["entities"]
    card = str(message["attachments"][0]["content"])
    assert message["text"].startswith("Viri: [1]")
    for claim in root["citation"]:
        provision = claim["appearance"]["abstract"].split(" (")[0].rstrip("…")
        assert provision in card


async def test_no_citations_elsewhere(bot: Client, channel: FakeChannel) -> None:
    await bot.post("/api/messages", json=channel.activity(**QUESTION, channelId="webchat"))
    (message,) = channel.messages
    assert "entities" not in message
    assert "text" not in message


async def test_no_citations_on_what_is_no_answer(bot: Client, channel: FakeChannel) -> None:
    await bot.post("/api/messages", json=channel.activity("Pozdravljeni"))
    (message,) = channel.messages
    assert "entities" not in message


async def test_citations_in_a_buffered_reply(bot: Client, channel: FakeChannel) -> None:
    activity = channel.activity(**QUESTION, deliveryMode="expectReplies")
    async with bot.post("/api/messages", json=activity) as response:
        (message,) = (await response.json())["activities"]
    assert message["text"].startswith("Viri: [1]")
    assert message["entities"][0]["citation"][0]["appearance"]["name"]
