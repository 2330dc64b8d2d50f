"""Brings a database to a version, safely when several processes start at once."""

from __future__ import annotations

from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

FOLDER = Path(__file__).parent / "migrations"
LOCK = 4_175_002_021
"""Any number, the same in every process: PostgreSQL lets one holder in at a time."""

log = structlog.get_logger("kazipot.storage")


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Up to a revision, within the caller's transaction.

    A database that a newer version of the bot has already moved on is left as it is: during a rolling
    upgrade the older replicas go on, which migrations must allow for.
    """
    _lock(connection)
    config = _config(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        log.warning("database is newer than this bot", revision=current)
        return
    command.upgrade(config, revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Down to a revision, within the caller's transaction."""
    _lock(connection)
    command.downgrade(_config(connection), revision)


def _lock(connection: Connection) -> None:
    """SQLite needs none: the transaction itself began with the write lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
