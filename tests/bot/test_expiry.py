"""A client secret near its end is reported thirty days ahead, in every place where somebody looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.expiry import Expiry
from tests.support.host import running, settings

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("left", "words"),
    [(-1, "ended"), (0, "in 0 days"), (1, "in 1 days"), (30, "in 30 days"), (31, ""), (400, "")],
)
def test_thirty_days_ahead(left: int, words: str) -> None:
    said = Expiry(TODAY + timedelta(days=left), lambda: NOW).warnings()
    assert list(said) == (["app_password"] if words else [])
    assert words in said.get("app_password", "")


def test_day_that_is_not_known() -> None:
    expiry = Expiry(None, lambda: NOW)
    assert (expiry.warnings(), expiry.timestamp()) == ({}, 0.0)


async def seen(folder: Path, ends: date | None) -> tuple[Any, str]:
    chosen = settings(folder, app_password_expires_on=ends)
    async with running(chosen, clock=lambda: NOW) as bot:
        async with bot.get("/health/ready") as response:
            assert response.status == 200  # it still works
            warnings = (await response.json())["warnings"]
        async with bot.get("/metrics") as response:
            return warnings, await response.text()


async def test_in_health_metrics_and_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warnings, page = await seen(tmp_path, date(2026, 12, 1))
    assert warnings == {"app_password": "ends on 2026-12-01, in 10 days: set a new one before"}
    assert "kazipot_app_password_expiry_timestamp_seconds 1.7960832e+09" in page
    written = capsys.readouterr()
    assert "credential near its end" in written.out + written.err


async def test_nothing_is_said_long_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warnings, page = await seen(tmp_path, date(2027, 12, 1))
    assert warnings == {}
    assert "kazipot_app_password_expiry_timestamp_seconds 1.8" in page
    written = capsys.readouterr()
    assert "credential near" not in written.out + written.err
