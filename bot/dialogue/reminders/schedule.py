"""On which mornings somebody is reminded: the windows come from the rules, the clock is handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.clock import PLACE, today
from bot.dialogue.post import Place
from bot.dialogue.reminders.reminder import CLOSES, OPENS, Reminder
from rules import Rulebook, RulesError, calendar_for
from rules.calendar import Window
from rules.provision import Provision

MORNING = time(8)
"""Local time of day at which a reminder is due."""
BEFORE_END = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Event:
    """The opening or the coming end of a window for filing alone; the provisions say that it is one."""

    kind: str
    window: Window
    provisions: tuple[Provision, ...] = ()

    @property
    def at(self) -> datetime:
        """When somebody is told, in UTC."""
        day = self.window.opens_on if self.kind == OPENS else self.window.closes_on - BEFORE_END
        return datetime.combine(day, MORNING, PLACE).astimezone(UTC)


def windows(rulebook: Rulebook, on: date) -> Iterator[tuple[Window, tuple[Provision, ...]]]:
    """The window that is open on a day and all later ones, as far as the regulations reach."""
    try:
        calendar = calendar_for(rulebook, on)
        if calendar.window:
            yield calendar.window, calendar.provisions
        while True:
            window = calendar.next_window
            calendar = calendar_for(rulebook, window.opens_on)
            yield window, calendar.provisions
    except RulesError:
        return


def events(rulebook: Rulebook, on: date) -> Iterator[Event]:
    """The openings and ends of the windows from a day on, in order."""
    for window, provisions in windows(rulebook, on):
        yield Event(OPENS, window, provisions)
        yield Event(CLOSES, window, provisions)


def begun(rulebook: Rulebook, now: datetime, place: Place, locale: str) -> Reminder | None:
    """A new reminder: of all that comes until the end of the next window that is not open yet; None when the
    rules know no window ahead."""
    coming = (event for event in events(rulebook, today(now)) if event.at > now)
    first = next(coming, None)
    last = first if first is None or first.kind == OPENS else next(coming, None)
    if first is None or last is None:
        return None
    return Reminder(place, locale, first.kind, first.window.opens_on, last.window.opens_on, first.at)


def planned(rulebook: Rulebook, reminder: Reminder) -> tuple[Event, ...]:
    """Everything that a reminder will still tell."""
    found = []
    for event in _coming(rulebook, reminder):
        if event.window.opens_on > reminder.until:
            break
        found.append(event)
    return tuple(found)


def step(rulebook: Rulebook, reminder: Reminder, now: datetime) -> tuple[Event | None, Reminder | None]:
    """What to tell at a moment, and the reminder after it; None for nothing, and for a reminder that has ended.

    Of what became due meanwhile only the newest is told, and only while its window is open. Where all that was
    asked for has passed untold, the next window takes its place.
    """
    told: Event | None = None
    until = reminder.until
    partly_told = reminder.kind == CLOSES and reminder.opens_on == reminder.until
    for event in _coming(rulebook, reminder):
        if event.window.opens_on > until:
            if told or partly_told:
                break
            until = event.window.opens_on
        if event.at > now:
            return told, replace(
                reminder, kind=event.kind, opens_on=event.window.opens_on, until=until, due_at=event.at
            )
        if today(now) <= event.window.closes_on:
            told = event
    return told, None


def _coming(rulebook: Rulebook, reminder: Reminder) -> Iterator[Event]:
    position = (reminder.opens_on, reminder.kind == CLOSES)
    for event in events(rulebook, reminder.opens_on):
        if (event.window.opens_on, event.kind == CLOSES) >= position:
            yield event
