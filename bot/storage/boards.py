"""Looks up what turns need beside their conversation."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.board import Board, Needs
from bot.storage.database import Database


class SqlBoards:
    """Boards from the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def board(self, needs: Needs, now: datetime) -> Board:
        return Board(now)
