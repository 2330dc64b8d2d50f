"""The bot's own token: one for all turns, renewed in time, never on the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.transport.credentials import EARLY, SPARE, BotToken, TokenUnavailable, msal_fetch, token_fetch
from tests.support.channel import APP, TENANT, FakeChannel
from tests.support.host import running, settings, with_credentials
from tests.support.login import FakeLogin
from tests.support.machine import FakeMachine, fake_machine


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


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMachine]:
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    with fake_machine() as running_machine:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", running_machine.url)
        yield running_machine


def managed(folder: Path) -> Any:
    return settings(folder, local=False, app_type="UserAssignedMSI", app_id="identity-1", app_tenant="tenant")


async def test_managed_identity_by_the_real_library(tmp_path: Path, machine: FakeMachine) -> None:
    """The machine's token service is asked as it wants to be, and anew once a token was not taken."""
    token = BotToken(token_fetch(managed(tmp_path)))
    assert await token.get() == "machine-1"
    assert await token.get() == "machine-1"
    (asked,) = machine.asked
    assert asked.path == "/metadata/identity/oauth2/token"
    assert asked.query["client_id"] == ["identity-1"]
    assert asked.query["resource"] == ["https://api.botframework.com"]
    assert asked.headers["Metadata"] == "true"
    token.forget("machine-1")
    assert await token.get() == "machine-2"


async def test_managed_identity_goes_by_no_proxy(
    tmp_path: Path, machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    assert await BotToken(token_fetch(managed(tmp_path))).get() == "machine-1"


@pytest.mark.parametrize(
    "status, body, code",
    [
        (400, {"error": "invalid_request", "error_description": "Identity not found"}, "invalid_request"),
        (500, "no JSON", "JSONDecodeError"),
    ],
)
async def test_managed_identity_that_is_not_the_machines(
    tmp_path: Path, machine: FakeMachine, status: int, body: Any, code: str
) -> None:
    machine.refusal = (status, body)
    with pytest.raises(TokenUnavailable, match=rf"^{code}$"):
        await BotToken(token_fetch(managed(tmp_path))).get()


async def test_managed_identity_outside_of_such_a_machine(
    tmp_path: Path, machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9")
    with pytest.raises(TokenUnavailable, match=r"^ConnectionError$"):
        await BotToken(token_fetch(managed(tmp_path))).get()


async def test_a_bot_with_a_managed_identity_asks_for_tokens_too(
    tmp_path: Path, channel: FakeChannel, machine: FakeMachine
) -> None:
    """It answers with the machine's token, and lets nobody in without the channel's."""
    chosen = settings(
        tmp_path,
        local=False,
        app_type="UserAssignedMSI",
        app_id=APP,
        app_tenant=TENANT,
        service_hosts=("127.0.0.1",),
        openid_url=channel.openid_url,
    )
    activity = channel.activity("priloge")
    async with running(chosen) as bot:
        async with bot.post("/api/messages", json=activity) as response:
            assert response.status == 401
        signed = {"Authorization": f"Bearer {channel.token()}"}
        async with bot.post("/api/messages", json=activity, headers=signed) as response:
            assert response.status in (200, 202)
        async with bot.get("/") as response:
            assert response.status == 404
    assert channel.messages
    assert {sent.authorization for sent in channel.sent} == {"Bearer machine-1"}
