"""What one person asked to be reminded of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.dialogue.post import Place

OPENS, CLOSES = "opens", "closes"


@dataclass(frozen=True, slots=True)
class Reminder:
    """The next message to a person; kept with their consent, until the last one is written.

    It is about the window that opens on `opens_on`, its opening or its end (`kind`), and due at `due_at` (UTC).
    `until` is the day on which the last window opens that was asked for. One for each place.
    """

    place: Place
    locale: str
    kind: str
    opens_on: date
    until: date
    due_at: datetime
