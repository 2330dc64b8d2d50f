"""Fixtures of the host's tests: a channel and a login server on loopback, and the bot between them."""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
import trustme
from aiohttp.test_utils import TestClient

from bot.storage.memory import MemoryStorage
from tests.support.channel import FakeChannel, fake_channel
from tests.support.helpdesk import bare, play
from tests.support.host import Naps, Script, running, settings, with_credentials
from tests.support.login import FakeLogin, fake_login
from tests.support.postgres import postgres_url

__all__ = ["bare", "play", "postgres_url"]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is set on the machine that runs the tests must not matter."""
    for name in [name for name in os.environ if name.startswith("KAZIPOT_") or name in ("HOST", "PORT")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A test that runs a command in this process must not leave its logging behind."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    """A certificate authority of our own, and the file that has it."""
    made = trustme.CA()
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(str(file))
    return made, file


@pytest.fixture
def trust(authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS context; the login library trusts it."""
    made, file = authority
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("localhost").configure_cert(context)
    return context


@pytest_asyncio.fixture
async def channel() -> AsyncIterator[FakeChannel]:
    async with fake_channel() as made:
        yield made


@pytest.fixture
def login(trust: ssl.SSLContext) -> Iterator[FakeLogin]:
    with fake_login(trust) as made:
        yield made


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest_asyncio.fixture
async def bot(
    tmp_path: Path, channel: FakeChannel, login: FakeLogin, script: Script, naps: Naps
) -> AsyncIterator[TestClient[Any, Any]]:
    """A bot with credentials that checks tokens. It keeps things in memory; other tests have a database."""
    chosen = with_credentials(tmp_path, channel, login)
    parts = {"answering": script.answering(), "sleep": naps, "storage": MemoryStorage()}
    async with running(chosen, **parts) as client:
        yield client


@pytest_asyncio.fixture
async def local_bot(tmp_path: Path, script: Script, naps: Naps) -> AsyncIterator[TestClient[Any, Any]]:
    """A bot in local mode."""
    parts = {"answering": script.answering(), "sleep": naps, "storage": MemoryStorage()}
    async with running(settings(tmp_path), **parts) as client:
        yield client
