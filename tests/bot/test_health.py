"""What operators see: live, ready by part, metrics; and turns that go on while the database is away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.support.channel import FakeChannel
from tests.support.host import Script, running, settings

Client = TestClient[Any, Any]
ALL_WELL = {"database": "ok", "knowledge": "ok", "rules": "ok"}


async def ready(bot: Client) -> tuple[int, Any]:
    async with bot.get("/health/ready") as response:
        return response.status, (await response.json())["parts"]


async def test_all_well(local_bot: Client) -> None:
    assert await ready(local_bot) == (200, ALL_WELL)
    async with local_bot.get("/health/live") as response:
        assert (response.status, await response.json()) == (200, {"live": True})


@pytest.mark.parametrize("part", ["knowledge", "rules"])
async def test_part_that_is_not_ready_is_named(tmp_path: Path, part: str) -> None:
    answering = Script().answering(**{part: "broken"})
    async with running(settings(tmp_path), answering=answering) as bot:
        assert await ready(bot) == (503, ALL_WELL | {part: "broken"})


async def test_turns_go_on_while_the_database_is_away(tmp_path: Path, channel: FakeChannel) -> None:
    folder = tmp_path / "a file where the folder should be"
    folder.write_text("")
    url = f"sqlite+aiosqlite:///{folder}/k.sqlite3"
    async with running(settings(tmp_path, database_url=url)) as bot:
        for text in ("a", "b"):
            async with bot.post("/api/messages", json=channel.activity(text)) as response:
                assert response.status == 202
        status, parts = await ready(bot)
        assert status == 503
        assert parts["database"] != "ok"
        assert parts["knowledge"] == "ok"
        folder.unlink()
        assert await ready(bot) == (200, ALL_WELL)
        async with bot.post("/api/messages", json=channel.activity("c")) as response:
            assert response.status == 202
    counts = [m["attachments"][0]["content"]["body"][0]["text"] for m in channel.messages]
    assert counts == ["message:a:1:", "message:b:2:", "message:c:3:"]


async def test_unreachable_postgres_does_not_stop_the_start(tmp_path: Path, channel: FakeChannel) -> None:
    url = "postgresql+asyncpg://postgres@127.0.0.1:9/none"
    async with running(settings(tmp_path, database_url=url)) as bot:
        assert (await ready(bot))[0] == 503
        async with bot.post("/api/messages", json=channel.activity()) as response:
            assert response.status == 202


async def test_metrics(local_bot: Client, channel: FakeChannel) -> None:
    activity = channel.activity()
    for _ in range(2):
        await local_bot.post("/api/messages", json=activity)
    async with local_bot.get("/metrics") as response:
        assert response.content_type == "text/plain"
        page = await response.text()
    assert 'kazipot_turns_total{scope="personal",status="notice"} 1.0' in page
    assert "kazipot_duplicates_total 1.0" in page
    assert "kazipot_turn_seconds_count 1.0" in page


async def test_nothing_personal_in_logs_and_metrics(
    local_bot: Client,
    channel: FakeChannel,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for text in ("skrivnost", "crash"):
        await local_bot.post("/api/messages", json=channel.activity(text))
    async with local_bot.get("/metrics") as response:
        page = await response.text()
    logs = capsys.readouterr()
    written = logs.out + logs.err + caplog.text + page
    assert "answered" in written
    for personal in ("skrivnost", "Ana", "29:ana", "0000-ana", "a:conversation"):
        assert personal not in written
