"""All that a reply depends on beside the message and the state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.dialogue.board import NO_BOARD, Board
from bot.dialogue.eligibility.memory import KEEP_DAYS
from knowledge.search import Engine
from rules import Rulebook


@dataclass(frozen=True, slots=True)
class Context:
    """The knowledge, the day taken for today, the rules; whether a stored state no longer fitted; what was
    looked up for this message; the address of the bot's own pages, "" where it has none; whether questions without
    an answer are kept; the days for which the facts of a check are kept."""

    engine: Engine
    on: date
    rulebook: Rulebook
    dropped_state: bool = False
    board: Board = NO_BOARD
    site: str = ""
    keeps_gaps: bool = True
    check_days: int = KEEP_DAYS
