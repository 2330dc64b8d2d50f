"""Brings a database to a version, safely when several processes start at once.

Alembic is imported only where there is something to do: a start mostly finds everything done.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

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
    current, known = _current(connection), _known()
    if current is not None and current not in known:
        log.warning("database is newer than this bot", revision=current)
        return
    if current != (known[-1] if revision == "head" else revision):
        from alembic import command

        command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Down to a revision, within the caller's transaction."""
    from alembic import command

    _lock(connection)
    command.downgrade(_config(connection), revision)


def _current(connection: Connection) -> str | None:
    """The revision that the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _known() -> list[str]:
    """The revisions that this version of the bot knows, by the names of their files, oldest first."""
    return sorted(path.name[1:].partition("_")[0] for path in (FOLDER / "versions").glob("r*.py"))


def _lock(connection: Connection) -> None:
    """SQLite needs none: the transaction itself began with the write lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
