"""What works but should not stay so is said, without any value of a setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, given_names
from bot.storage.memory import MemoryStorage
from bot.weaknesses import weaknesses
from tests.support.channel import FakeChannel
from tests.support.host import Script, running, with_credentials
from tests.support.login import FakeLogin

CREDENTIALS: dict[str, Any] = {"app_id": "id", "app_password": "secret", "app_tenant": "Tenant"}


def made(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def test_keys_without_a_secret() -> None:
    assert "KAZIPOT_KEY_SALT" in weaknesses(made(**CREDENTIALS))["key_salt"]
    assert not weaknesses(made(**CREDENTIALS, key_salt="x"))
    assert not weaknesses(made(local=True))


def test_names_that_mean_nothing() -> None:
    given = {
        "KAZIPOT_KEYSALT",
        "KAZIPOT_ZZZ",
        "KAZIPOT_PORT",
        "KAZIPOT_CACHE",
        "KAZIPOT_TEST_POSTGRES",
        "PATH",
    }
    assert dict(weaknesses(made(local=True), given)) == {
        "KAZIPOT_KEYSALT": "is not a setting; KAZIPOT_KEY_SALT is",
        "KAZIPOT_ZZZ": "is not a setting",
    }


def test_names_come_from_the_environment_and_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("KAZIPOT_APP_PASWORD=topsecret\nOTHER=1\n")
    monkeypatch.setenv("KAZIPOT_LOKAL", "1")
    found = weaknesses(made(local=True), given_names())
    assert set(found) == {"KAZIPOT_APP_PASWORD", "KAZIPOT_LOKAL"}
    assert "topsecret" not in str(found)


async def test_said_by_health_and_log(
    tmp_path: Path,
    channel: FakeChannel,
    login: FakeLogin,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("KAZIPOT_PERSONRATE", "1")
    chosen = with_credentials(tmp_path, channel, login)
    parts: dict[str, Any] = {"answering": script.answering(), "storage": MemoryStorage()}
    async with running(chosen, **parts) as bot, bot.get("/health/ready") as response:
        assert response.status == 200
        assert set((await response.json())["warnings"]) == {"key_salt", "KAZIPOT_PERSONRATE"}
    assert "KAZIPOT_PERSON_RATE" in capsys.readouterr().out
