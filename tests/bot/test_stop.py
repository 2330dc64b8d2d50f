"""The process itself: it says where it is, and stops cleanly in the middle of a turn."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.support.channel import FakeChannel

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def process(folder: Path, **changes: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`python -m bot` in local mode on a free port; gives the address that it prints."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "KAZIPOT_LOCAL": "1",
        "KAZIPOT_PORT": "0",
        **changes,
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", cwd=folder, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert started.stdout
        line = (await started.stdout.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line + (await started.communicate())[1].decode()
        yield started, found[0]
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_turn_in_progress_is_finished(
    tmp_path: Path, channel: FakeChannel, number: signal.Signals
) -> None:
    channel.gate = asyncio.Event()
    async with process(tmp_path) as (bot, url), aiohttp.ClientSession() as session:
        asking = asyncio.create_task(session.post(f"{url}api/messages", json=channel.activity("pomoč")))
        await channel.arrived.wait()
        bot.send_signal(number)
        assert bot.stderr
        while b"stopping" not in await bot.stderr.readline():
            continue
        channel.gate.set()
        response = await asking
        assert response.status == 202
        errors = (await bot.communicate())[1].decode()
    assert bot.returncode == 0
    assert "Traceback" not in errors
    assert (tmp_path / "var" / "kazipot.sqlite3").exists()


async def test_turn_that_does_not_end_is_given_up(tmp_path: Path, channel: FakeChannel) -> None:
    channel.gate = asyncio.Event()
    async with (
        process(tmp_path, KAZIPOT_STOP_TIMEOUT="0.1") as (bot, url),
        aiohttp.ClientSession() as session,
    ):
        asking = asyncio.create_task(session.post(f"{url}api/messages", json=channel.activity("pomoč")))
        await channel.arrived.wait()
        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), 10) == 0
        await asyncio.gather(asking, return_exceptions=True)
    channel.gate.set()


async def test_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", cwd=tmp_path, stderr=asyncio.subprocess.PIPE,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "KAZIPOT_LOCAL": "1", "KAZIPOT_PORT": str(taken.getsockname()[1])},
        )  # fmt: skip
        errors = (await run.communicate())[1].decode()
    assert run.returncode == 1
    assert "cannot listen on 127.0.0.1" in errors
    assert "Traceback" not in errors


async def test_migrate(tmp_path: Path) -> None:
    for url, code in (("sqlite+aiosqlite:///k.sqlite3", 0), ("postgresql+asyncpg://x@127.0.0.1:9/x", 1)):
        run = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "migrate", cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "KAZIPOT_DATABASE_URL": url},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await run.communicate()
        assert (run.returncode, b"Traceback" in errors) == (code, False)
    assert (tmp_path / "k.sqlite3").exists()
