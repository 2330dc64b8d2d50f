"""What a turn keeps of reminders."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.board import Change
from bot.dialogue.reminders.reminder import Reminder


@dataclass(frozen=True, slots=True)
class KeepReminder(Change):
    """Remind from now on; in the place of what the person had asked for before."""

    reminder: Reminder


@dataclass(frozen=True, slots=True)
class EndReminder(Change):
    """Remind no more, and delete where to; `place` is the key of the place."""

    place: str
