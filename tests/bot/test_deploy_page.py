"""docs/deploy.md is true to the code: settings, commands and addresses that it names are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from bot import __main__ as command
from bot.expiry import DAYS_AHEAD
from bot.metrics import Metrics
from bot.settings import CREDENTIALS, PREFIX, Settings
from bot.teams_app.package import NEEDED
from bot.transport.calendar import PATHS
from bot.transport.pages import NAMES
from tests.support.host import real_answering, running, settings

PAGE = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text("utf-8")
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_setting_named_is_read() -> None:
    named = set(re.findall(r"KAZIPOT_\w+", PAGE))
    assert named
    assert named <= KNOWN


@pytest.mark.parametrize(
    "name", sorted({*CREDENTIALS, *NEEDED, "app_password_expires_on", "key_salt", "support"})
)
def test_every_setting_that_is_needed_is_in_the_table(name: str) -> None:
    assert f"| `{PREFIX + name.upper()}` |" in PAGE


def test_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["package", "--help"])
    assert ended.value.code == 0
    help_text = capsys.readouterr().out
    for option in re.findall(r"--[a-z]+", PAGE):
        assert option in help_text


def test_metrics_and_days() -> None:
    for name in re.findall(r"kazipot_\w+", PAGE):
        assert name in Metrics().page().decode()
    assert DAYS_AHEAD == 30
    assert "thirty days" in PAGE


async def test_addresses(tmp_path: Path) -> None:
    async with running(settings(tmp_path), answering=real_answering()) as bot:
        for path in set(re.findall(r"`(/[a-z/.]+)`", PAGE)):
            async with bot.get(path) as response:
                assert response.status == (405 if path == "/api/messages" else 200), path


def test_both_kinds_of_registration_are_told() -> None:
    kinds = get_args(Settings.model_fields["app_type"].annotation)
    assert Settings.model_fields["app_type"].default == kinds[0] == "SingleTenant"
    assert all(f"`{kind}`" in PAGE for kind in kinds)


def test_the_proxy_passes_every_public_page() -> None:
    passed = PAGE.split("does TLS and passes", 1)[1].split("nothing else", 1)[0]
    assert set(re.findall(r"`(/[a-z/.]+)`", passed)) == {
        "/api/messages",
        *PATHS,
        *(f"/{name}" for name in NAMES),
    }
