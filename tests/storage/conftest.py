"""Databases for the storage tests: each test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.storage.sql import SqlStorage
from tests.support.postgres import postgres_url

__all__ = ["postgres_url"]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the test's own."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3"
    return str(request.getfixturevalue("postgres_url"))


@pytest_asyncio.fixture
async def store(url: str) -> AsyncIterator[SqlStorage]:
    """The store on it, opened."""
    made = SqlStorage(url)
    await made.open()
    yield made
    await made.close()
