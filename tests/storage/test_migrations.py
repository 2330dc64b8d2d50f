"""Every migration up, down and up again; the result is what the code expects; many may start at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.storage import migrate
from bot.storage.sql import SqlStorage
from bot.storage.tables import metadata

CONFIG = Config()
CONFIG.set_main_option("script_location", str(migrate.FOLDER))
REVISIONS = list(reversed(list(ScriptDirectory.from_config(CONFIG).walk_revisions())))


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[SqlStorage]:
    made = SqlStorage(url)
    yield made
    await made.close()


async def test_unsent_replies_have_an_index_of_their_own(database: SqlStorage) -> None:
    """The tables leave out its condition, which the migration says."""
    await database.open()
    where = "sqlite_master WHERE name" if database.database.sqlite else "pg_indexes WHERE indexname"
    column = "sql" if database.database.sqlite else "indexdef"
    async with database.database.statement() as connection:
        made = await connection.execute(text(f"SELECT {column} FROM {where} = 'ix_activities_unsent'"))
        assert "reply IS NOT NULL" in made.scalar_one()


async def test_stairway(database: SqlStorage) -> None:
    engine = database.database._engine
    for script in REVISIONS:
        for step in (script.revision, None, script.revision):
            async with engine.begin() as connection:
                if step:
                    await connection.run_sync(migrate.upgrade, step)
                else:
                    await connection.run_sync(migrate.downgrade, script.down_revision or "base")
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    async with engine.begin() as connection:
        await connection.run_sync(migrate.downgrade, "base")
    async with engine.connect() as connection:
        assert set(await connection.run_sync(lambda c: inspect(c).get_table_names())) == {"alembic_version"}


def differences(connection: Connection) -> list[object]:
    """Between the database and the tables that the code names."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_many_start_at_once(url: str) -> None:
    stores = [SqlStorage(url, timeout=20) for _ in range(6)]
    try:
        await asyncio.gather(*(store.open() for store in stores))
        await asyncio.gather(*(store.ping() for store in stores))
    finally:
        for store in stores:
            await store.close()


async def test_second_start_changes_nothing(database: SqlStorage) -> None:
    await database.open()
    await database.open()


async def test_database_of_a_newer_version_is_left_as_it_is(database: SqlStorage) -> None:
    await database.open()
    async with database.database._engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.open()
    async with database.database._engine.connect() as connection:
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar() == "9999"
    await database.ping()


def test_revisions_are_in_one_line() -> None:
    assert [script.revision for script in REVISIONS] == [f"{n:04}" for n in range(1, len(REVISIONS) + 1)]
    assert [script.down_revision for script in REVISIONS[1:]] == [s.revision for s in REVISIONS[:-1]]
