"""A PostgreSQL database made for one test."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

SERVER = os.environ.get("KAZIPOT_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


@pytest_asyncio.fixture
async def postgres_url() -> AsyncIterator[str]:
    """An empty database of its own; skipped without a server, except where CI says that there is one."""
    try:
        server = await asyncpg.connect(SERVER, timeout=5)
    except (OSError, asyncpg.PostgresError) as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no PostgreSQL at hand: {error}")
    name = f"kazipot_{uuid.uuid4().hex}"
    await server.execute(f"CREATE DATABASE {name}")
    try:
        yield SERVER.replace("postgresql://", "postgresql+asyncpg://").rsplit("/", 1)[0] + f"/{name}"
    finally:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await server.close()
