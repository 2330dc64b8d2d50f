"""The bot's own token: one for all turns, renewed in time, never on the event loop."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.transport.credentials import EARLY, SPARE, BotToken, TokenUnavailable, msal_fetch
from tests.support.channel import FakeChannel
from tests.support.host import with_credentials
from tests.support.login import FakeLogin


class Office:
    """Gives numbered tokens that last an hour, and notes in which thread it was asked."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.threads: list[threading.Thread] = []
        self.answer: dict[str, Any] | None = None

    def fetch(self) -> dict[str, Any]:
        self.threads.append(threading.current_thread())
        return self.answer or {"access_token": f"t{len(self.threads)}", "expires_in": 3600}


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def token(office: Office) -> BotToken:
    return BotToken(office.fetch, lambda: office.now)


async def test_fetched_once_in_a_thread(office: Office, token: BotToken) -> None:
    assert set(await asyncio.gather(*(token.get() for _ in range(50)))) == {"t1"}
    assert len(office.threads) == 1
    assert office.threads[0] is not threading.main_thread()


async def test_renewed_early_without_anyone_waiting(office: Office, token: BotToken) -> None:
    await token.get()
    office.now += 3600 - EARLY
    assert await token.get() == "t1"
    assert token._renewal
    await token._renewal
    assert await token.get() == "t2"


async def test_renewal_that_fails_leaves_the_old_token(office: Office, token: BotToken) -> None:
    await token.get()
    office.now += 3600 - EARLY
    office.answer = {"error": "invalid_client"}
    assert await token.get() == "t1"
    assert token._renewal
    await asyncio.wait({token._renewal})
    assert await token.get() == "t1"
    await token.close()


async def test_not_used_to_the_last_second(office: Office, token: BotToken) -> None:
    await token.get()
    office.now += 3600 - SPARE
    assert await token.get() == "t2"


async def test_failure_is_named_by_its_code(office: Office, token: BotToken) -> None:
    office.answer = {"error": "invalid_client", "error_description": "secret detail"}
    with pytest.raises(TokenUnavailable, match=r"^invalid_client$"):
        await token.get()
    await token.warm()


async def test_network_error(token: BotToken) -> None:
    def fetch() -> dict[str, Any]:
        raise ConnectionError("host")

    with pytest.raises(TokenUnavailable, match=r"^ConnectionError$"):
        await BotToken(fetch).get()


async def test_real_library_against_a_slow_login_server(
    tmp_path: Path, channel: FakeChannel, login: FakeLogin
) -> None:
    """While the login server thinks, the loop goes on."""
    login.gate = threading.Event()
    token = BotToken(msal_fetch(with_credentials(tmp_path, channel, login)))
    waiting = [asyncio.create_task(token.get()) for _ in range(10)]
    steps = 0
    while not login.asked:
        await asyncio.sleep(0)
        steps += 1
    login.gate.set()
    assert set(await asyncio.gather(*waiting)) == {"token-1"}
    assert steps > 10
    assert login.asked == 1
    token.forget("token-1")
    assert await token.get() == "token-2"
