"""Writes what a turn keeps beside its conversation, within the turn's transaction."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.board import Change
from bot.storage.database import Database


@singledispatch
async def write(change: Change, connection: AsyncConnection, database: Database, now: datetime) -> None:
    """Write one change; its kind decides how. Raises `VersionConflict` where another turn came first."""
    raise NotImplementedError(type(change).__name__)
