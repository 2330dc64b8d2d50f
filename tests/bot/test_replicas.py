"""Several bots on one PostgreSQL: whichever gets a message, it is answered once and nothing is lost."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.support.channel import FakeChannel
from tests.support.host import Script, running, settings

BOTS = 3


async def replicas(stack: AsyncExitStack, folder: Path, url: str) -> list[Any]:
    """Started at the same moment on an empty database."""
    chosen = settings(folder, database_url=url, database_timeout=20)
    return list(
        await asyncio.gather(
            *(stack.enter_async_context(running(chosen, answering=Script().answering())) for _ in range(BOTS))
        )
    )


async def test_delivered_to_all_and_answered_once(
    tmp_path: Path, channel: FakeChannel, postgres_url: str
) -> None:
    async with AsyncExitStack() as stack:
        bots = await replicas(stack, tmp_path, postgres_url)
        activities = [channel.activity(f"v{n}", conversation={"id": f"c{n}"}) for n in range(10)]
        deliveries = [(bot, activity) for bot in bots for activity in activities] * 2
        random.Random(8).shuffle(deliveries)
        responses = await asyncio.gather(
            *(bot.post("/api/messages", json=activity) for bot, activity in deliveries)
        )
        assert {response.status for response in responses} == {202}
    replied = [message["replyToId"] for message in channel.messages]
    assert sorted(replied) == sorted(activity["id"] for activity in activities)


async def test_quick_messages_to_different_bots_do_not_lose_one_another(
    tmp_path: Path, channel: FakeChannel, postgres_url: str
) -> None:
    async with AsyncExitStack() as stack:
        bots = await replicas(stack, tmp_path, postgres_url)
        await asyncio.gather(
            *(bot.post("/api/messages", json=channel.activity(f"v{n}")) for n, bot in enumerate(bots))
        )
        await bots[0].post("/api/messages", json=channel.activity("last"))
    texts = [message["attachments"][0]["content"]["body"][0]["text"] for message in channel.messages]
    assert sorted(text.split(":")[2] for text in texts) == ["1", "2", "3", "4"]
    assert texts[-1] == "message:last:4:"
