"""The advisers' desk: their channel, and when they are there."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.helpdesk.hours import Hours
from bot.dialogue.post import Place


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the advisers work. `last_number` is that of the newest ticket; numbers are never given twice.

    `answer_hours` are the open hours within which an answer is promised; 0 promises nothing.
    """

    place: Place
    last_number: int = 0
    hours: Hours = ()
    answer_hours: float = 0
