"""Settings: typed at the door, refused with a plain sentence, and all of them documented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.settings import PREFIX, Settings, SettingsRefused, is_loopback, read_settings
from bot.start_checks import check_start

ROOT = Path(__file__).parents[2]
CREDENTIALS: dict[str, Any] = {"app_id": "id", "app_password": "secret", "app_tenant": "Tenant"}
MANAGED: dict[str, Any] = {"app_type": "UserAssignedMSI", "app_id": "id", "app_tenant": "Tenant"}


def made(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, ["KAZIPOT_APP_ID", "KAZIPOT_APP_PASSWORD", "KAZIPOT_APP_TENANT", "KAZIPOT_LOCAL"]),
        ({"app_id": "id"}, ["KAZIPOT_APP_PASSWORD", "KAZIPOT_APP_TENANT"]),
        ({"app_id": "id", "app_password": "x", "local": True}, ["KAZIPOT_APP_TENANT"]),
        ({"app_id": " ", "app_password": "x", "app_tenant": "t"}, ["KAZIPOT_APP_ID"]),
        ({"local": True, "host": "0.0.0.0"}, ["KAZIPOT_HOST", "KAZIPOT_APP_ID"]),
        ({"local": True, "host": "kazipot.example"}, ["KAZIPOT_HOST"]),
        (CREDENTIALS | {"today": "2026-01-01"}, ["KAZIPOT_TODAY"]),
        (CREDENTIALS | {"app_type": "UserAssignedMSI"}, ["KAZIPOT_APP_PASSWORD", "managed identity"]),
        ({"app_type": "UserAssignedMSI", "app_id": "id"}, ["KAZIPOT_APP_TENANT"]),
        ({"app_type": "UserAssignedMSI"}, ["KAZIPOT_APP_ID, KAZIPOT_APP_TENANT, or"]),
    ],
)
def test_refused_by_name(values: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(SettingsRefused) as refused:
        check_start(made(**values))
    assert all(name in str(refused.value) for name in named)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "values",
    [MANAGED, CREDENTIALS, CREDENTIALS | {"host": "0.0.0.0"}, {"local": True}, {"local": True, "host": "::1"},
     {"local": True, "host": "localhost", "today": "2026-02-01"}],
)  # fmt: skip
def test_allowed(values: dict[str, Any]) -> None:
    check_start(made(**values))


def test_host_and_port_with_and_without_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("HOST", "127.0.0.2")
    assert (made().host, made().port) == ("127.0.0.2", 5000)
    monkeypatch.setenv("KAZIPOT_PORT", "6000")
    monkeypatch.setenv("KAZIPOT_HOST", "127.0.0.3")
    assert (made().host, made().port) == ("127.0.0.3", 6000)


def test_lists_and_tenants(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(**CREDENTIALS).tenants == {"tenant"}
    monkeypatch.setenv("KAZIPOT_ALLOWED_TENANTS", " A , b,, ")
    assert made(**CREDENTIALS).tenants == {"a", "b"}


def test_dotenv_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("KAZIPOT_APP_ID=from-file\n")
    assert read_settings().app_id == "from-file"


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "x"), ("KAZIPOT_LOG_LEVEL", "LOUD"), ("KAZIPOT_TODAY", "tomorrow"), ("KAZIPOT_RETENTION_DAYS", "0"),
     ("KAZIPOT_APP_TYPE", "MultiTenant"), ("KAZIPOT_OPENID_URL", "http://evil.example/"), ("KAZIPOT_LOGIN_URL", "x")],
)  # fmt: skip
def test_wrong_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused, match=name):
        read_settings(_env_file=None)


def test_secrets_are_not_printed() -> None:
    assert "secret" not in repr(made(**CREDENTIALS))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True),
     ("0.0.0.0", False), ("10.0.0.1", False), ("localhost.example", False), ("", False), ("::", False)],
)  # fmt: skip
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_start_is_refused_without_a_traceback(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    run = subprocess.run(
        [sys.executable, "-m", "bot"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert "KAZIPOT_APP_PASSWORD" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(KAZIPOT_\w+)` \| (.*) \|$", page, flags=re.MULTILINE))
    assert list(rows) == [PREFIX + name.upper() for name in Settings.model_fields]
    for name, field in Settings.model_fields.items():
        row = rows[PREFIX + name.upper()]
        assert field.description, name
        assert row.endswith(f"| {field.description}"), name
        assert row.startswith(f"{shown(field.default)} |"), name


def shown(default: Any) -> str:
    """A default as the page writes it."""
    default = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    if default in ("", None, ()):
        return "none"
    if isinstance(default, bool):
        return "`1`" if default else "`0`"
    return f"`{','.join(default)}`" if isinstance(default, tuple) else f"`{default}`"


def test_where_the_bots_own_pages_are() -> None:
    assert made(local=True).site == "http://127.0.0.1:3978"
    assert made(local=True, host="::1", port=80).site == "http://[::1]:80"
    assert made(local=True, port=0).site == ""
    assert made(**CREDENTIALS).site == ""
    assert (
        made(**CREDENTIALS, public_url="https://kazipot.example.org/").site == "https://kazipot.example.org"
    )
