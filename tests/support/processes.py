"""Real processes of the bot, with credentials, between a channel and a login server on loopback."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import aiohttp

from tests.support.channel import APP, TENANT, FakeChannel
from tests.support.login import FakeLogin

ROOT = Path(__file__).parents[2]
SCRIPTED = ("-m", "tests.support.served")


@dataclass
class Replica:
    """A process, the address that it printed and the file with its log."""

    process: asyncio.subprocess.Process
    url: str
    log: Path

    async def post(self, session: aiohttp.ClientSession, channel: FakeChannel, activity: Any) -> int:
        """Deliver an activity; the status, or 0 when the process is gone."""
        headers = {"Authorization": f"Bearer {channel.token()}"}
        try:
            async with session.post(f"{self.url}api/messages", json=activity, headers=headers) as response:
                return response.status
        except aiohttp.ClientError:
            return 0

    async def end(self) -> int:
        """SIGTERM, and the code that it ends with."""
        self.process.terminate()
        return await self.process.wait()

    async def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        await self.process.wait()


def environment(channel: FakeChannel, login: FakeLogin, database_url: str) -> dict[str, str]:
    """The settings of a replica."""
    return {
        "KAZIPOT_PORT": "0",
        "KAZIPOT_APP_ID": APP,
        "KAZIPOT_APP_PASSWORD": "secret",
        "KAZIPOT_APP_TENANT": "adfs",
        "KAZIPOT_ALLOWED_TENANTS": TENANT,
        "KAZIPOT_SERVICE_HOSTS": "127.0.0.1",
        "KAZIPOT_OPENID_URL": channel.openid_url,
        "KAZIPOT_LOGIN_URL": login.url,
        "KAZIPOT_KEY_SALT": "salt",
        "KAZIPOT_DATABASE_URL": database_url,
        "KAZIPOT_DATABASE_TIMEOUT": "20",
        "KAZIPOT_PERSON_RATE": "0",
        "KAZIPOT_TENANT_RATE": "0",
    }


@asynccontextmanager
async def replica(
    folder: Path, settings: Mapping[str, str], command: Sequence[str] = SCRIPTED, code: Path = ROOT
) -> AsyncIterator[Replica]:
    """One process, of the code in a folder; killed at the end if it still runs."""
    log, errors = _log(folder)
    paths = dict.fromkeys((str(code), str(ROOT)))
    with errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **settings},
            stdout=asyncio.subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    try:
        assert process.stdout
        line = (await process.stdout.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line + log.read_text()
        yield Replica(process, found[0], log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def _log(folder: Path) -> tuple[Path, BinaryIO]:
    """A new file to log to."""
    path = folder / f"log-{len(list(folder.glob('log-*')))}"
    return path, path.open("wb")
