"""Limits: a friendly sentence once a minute, then silence; a queue before the door; nothing that waits for ever."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.storage.memory import MemoryStorage
from bot.transport.limits import WINDOW, Busy, Gate, Kind, Rates
from tests.support.channel import TENANT, FakeChannel
from tests.support.host import Naps, Script, running, settings, with_credentials
from tests.support.login import FakeLogin

Client = TestClient[Any, Any]
TOO_FAST, CROWDED = "Pišete mi hitreje", "zelo veliko ljudi"


class Counted:
    """What was counted of limits."""

    def __init__(self) -> None:
        self.limits: list[str] = []

    def limited(self, limit: str) -> None:
        self.limits.append(limit)


class Time:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


# ---- counting


def paces(rates: Rates, person: str, kind: Kind, times: int = 1, tenant: str = "t") -> list[str]:
    """What becomes of things asked one after another."""
    found = (rates.pace(person, tenant, kind) for _ in range(times))
    return ["fine" if over is None else "told" if over.told else over.why for over in found]


def test_said_once_then_silence_then_a_new_window() -> None:
    counted, clock = Counted(), Time()
    rates = Rates(2, 3, 0, counted, clock)
    assert paces(rates, "ana", "asked", 5) == ["fine", "fine", "too_fast", "told", "told"]
    assert paces(rates, "bor", "asked") == ["fine"]
    assert paces(rates, "ana", "searched", 4) == ["fine"] * 3 + ["too_fast"]
    assert counted.limits == ["person"] * 3 + ["search"]
    clock.now += WINDOW
    assert paces(rates, "ana", "asked") == ["fine"]


def test_everybody_of_a_crowded_tenant_is_told_once() -> None:
    counted = Counted()
    rates = Rates(0, 0, 3, counted, Time())
    assert [paces(rates, f"p{n}", "asked") for n in range(3)] == [["fine"]] * 3
    assert paces(rates, "p1", "asked", 2) == ["crowded", "told"]
    assert paces(rates, "p9", "asked") == ["crowded"]
    assert paces(rates, "p1", "asked", tenant="other") == ["fine"]
    assert counted.limits == ["tenant"] * 3


def test_who_is_too_fast_does_not_use_up_the_tenants_limit() -> None:
    rates = Rates(1, 0, 5, Counted(), Time())
    for _ in range(100):
        rates.pace("ana", "t", "asked")
    assert [paces(rates, f"p{n}", "asked") for n in range(4)] == [["fine"]] * 4


def test_no_limit_is_no_limit() -> None:
    rates = Rates(0, 0, 0, Counted(), Time())
    assert set(paces(rates, "ana", "asked", 10_000)) == {"fine"}


def test_strangers_without_number_take_no_memory_without_end() -> None:
    rates = Rates(5, 5, 0, Counted(), Time(), most=100)
    for number in range(1000):
        rates.pace(f"p{number}", "t", "asked")
    assert len(rates._windows) == 100


# ---- the queue


async def test_the_gate_lets_few_work_and_some_wait() -> None:
    counted, done = Counted(), asyncio.Event()
    gate = Gate(1, 1, counted)
    worked: list[int] = []

    async def work(number: int) -> None:
        async with gate.place():
            worked.append(number)
            await done.wait()

    first, second = asyncio.create_task(work(1)), asyncio.create_task(work(2))
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await work(3)
    assert counted.limits == ["queue"]
    done.set()
    await asyncio.gather(first, second)
    assert worked == [1, 2]


async def test_nobody_waits_for_ever_and_a_place_is_given_back() -> None:
    counted, gate_closed = Counted(), asyncio.Event()
    gate = Gate(1, 5, counted, patience=0.001)

    async def work() -> None:
        async with gate.place():
            await gate_closed.wait()

    first = asyncio.create_task(work())
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await work()
    assert counted.limits == ["wait"]
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    async with gate.place():
        pass


# ---- the whole bot


Build = Callable[..., Any]


@pytest.fixture
def guarded(tmp_path: Path, channel: FakeChannel, login: FakeLogin, script: Script, naps: Naps) -> Build:
    """A bot that checks tokens, with limits to choose."""

    @asynccontextmanager
    async def build(clock: Time | None = None, **changes: Any) -> AsyncIterator[Client]:
        parts: dict[str, Any] = {"answering": script.answering(), "sleep": naps, "storage": MemoryStorage()}
        chosen = with_credentials(tmp_path, channel, login, **changes)
        async with running(chosen, **parts, monotonic=clock or Time()) as client:
            yield client

    return build


async def post(bot: Client, channel: FakeChannel, activity: dict[str, Any]) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {channel.token()}"}
    async with bot.post("/api/messages", json=activity, headers=headers) as response:
        return response.status, (await response.json() if response.content_length else None)


def said(channel: FakeChannel) -> list[str]:
    return [message["attachments"][0]["content"]["body"][0]["text"] for message in channel.messages]


async def test_a_person_is_told_once_and_then_gets_silence(
    guarded: Build, channel: FakeChannel, script: Script
) -> None:
    clock = Time()
    async with guarded(clock, person_rate=2) as bot:
        for _ in range(5):
            assert (await post(bot, channel, channel.activity("Kdaj?")))[0] == 202
        assert len(script.seen) == 2
        assert [TOO_FAST in words for words in said(channel)] == [False, False, True]
        other = channel.activity("Kdaj?", **{"from": {"id": "29:bor"}})
        assert (await post(bot, channel, other))[0] == 202
        assert len(script.seen) == 3
        clock.now += WINDOW
        await post(bot, channel, channel.activity("Kdaj?"))
        assert len(script.seen) == 4
        async with bot.get("/metrics") as response:
            assert 'kazipot_limited_total{limit="person"} 3.0' in await response.text()


async def test_the_sentence_is_in_the_language_of_the_client(guarded: Build, channel: FakeChannel) -> None:
    async with guarded(person_rate=1) as bot:
        for _ in range(2):
            await post(bot, channel, channel.activity("When?", locale="en-GB"))
    assert "writing faster than I can answer" in said(channel)[-1]


async def test_one_person_is_one_person_in_every_conversation(
    guarded: Build, channel: FakeChannel, script: Script
) -> None:
    async with guarded(person_rate=2) as bot:
        for number in range(6):
            place = {"id": f"19:{number}", "conversationType": "groupChat", "tenantId": TENANT}
            await post(bot, channel, channel.activity("Kdaj?", conversation=place))
    assert len(script.seen) == 2


async def test_a_crowded_tenant(guarded: Build, channel: FakeChannel, script: Script) -> None:
    async with guarded(tenant_rate=3) as bot:
        for number in range(5):
            await post(bot, channel, channel.activity("Kdaj?", **{"from": {"id": f"29:{number}"}}))
    assert len(script.seen) == 3
    assert [CROWDED in words for words in said(channel)] == [False] * 3 + [True] * 2


async def test_every_invoke_has_its_response(guarded: Build, channel: FakeChannel, script: Script) -> None:
    """What waits for a response gets one, whether or not there is anything to say."""
    card = {"action": {"type": "Action.Execute", "data": {"entry": "x"}}}
    query = {"parameters": [{"name": "q", "value": "naziv"}]}
    asked = {"messagePayload": {"body": {"content": "Kdaj?"}}}
    invokes: list[tuple[str, Any, str]] = [
        ("adaptiveCard/action", card, "statusCode"),
        ("composeExtension/query", query, "composeExtension"),
        ("composeExtension/fetchTask", asked, "task"),
    ]
    async with guarded(person_rate=1, search_rate=1) as bot:
        for _ in range(4):
            for name, value, key in invokes:
                status, body = await post(
                    bot, channel, channel.activity(type="invoke", name=name, value=value)
                )
                assert (status, key in body) == (200, True), (name, body)
        assert TOO_FAST in json.dumps(body, ensure_ascii=False)
    assert len(script.seen) == 2


async def test_ratings_are_limited_too(guarded: Build, channel: FakeChannel) -> None:
    value = {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": "{}"}}
    async with guarded(person_rate=2) as bot:
        for _ in range(5):
            rating = channel.activity(type="invoke", name="message/submitAction", value=value, replyToId="x")
            assert await post(bot, channel, rating) == (200, {})
        async with bot.get("/metrics") as response:
            assert 'kazipot_ratings_total{rating="like"} 2.0' in await response.text()


async def test_strangers_use_up_nobodys_limit(guarded: Build, channel: FakeChannel, script: Script) -> None:
    async with guarded(person_rate=1) as bot:
        for _ in range(5):
            bad = {"Authorization": f"Bearer {channel.token(aud='x')}"}
            async with bot.post("/api/messages", json=channel.activity("Kdaj?"), headers=bad) as response:
                assert response.status == 401
        await post(bot, channel, channel.activity("Kdaj?"))
    assert len(script.seen) == 1


async def test_local_mode_has_no_rates(tmp_path: Path, channel: FakeChannel, script: Script) -> None:
    parts: dict[str, Any] = {"answering": script.answering(), "storage": MemoryStorage()}
    async with running(settings(tmp_path, person_rate=1), **parts) as bot:
        for _ in range(3):
            async with bot.post("/api/messages", json=channel.activity("Kdaj?")) as response:
                assert response.status == 202
    assert len(script.seen) == 3


async def test_too_much_at_once_is_503_and_answered_when_delivered_again(
    guarded: Build, channel: FakeChannel, script: Script
) -> None:
    """With one place and no queue: the second is refused before it is taken, and so can come again."""
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(guarded(concurrency=1, queue=0))
        channel.gate = asyncio.Event()
        first = asyncio.create_task(post(bot, channel, channel.activity("prvo")))
        await channel.arrived.wait()
        second = channel.activity("drugo")
        headers = {"Authorization": f"Bearer {channel.token()}"}
        async with bot.post("/api/messages", json=second, headers=headers) as response:
            assert response.status == 503
            assert response.headers["Retry-After"]
        channel.gate.set()
        assert (await first)[0] == 202
        assert (await post(bot, channel, second))[0] == 202
        assert [message.text for message in script.seen] == ["prvo", "drugo"]
        async with bot.get("/metrics") as response:
            assert 'kazipot_limited_total{limit="queue"} 1.0' in await response.text()


async def test_the_local_page_is_told_to_try_again(tmp_path: Path, script: Script) -> None:
    parts: dict[str, Any] = {"answering": script.answering(), "storage": MemoryStorage()}
    async with running(settings(tmp_path, concurrency=1, queue=0), **parts) as bot:
        from bot.transport.http import HOST

        limits = bot.app[HOST].adapter._handlers.limits  # type: ignore[index]
        async with limits.gate.place():
            said = {"kind": "text", "text": "Kdaj?", "conversation": "c", "id": "1"}
            async with bot.post("/local/turn", json=said) as response:
                assert response.status == 503
