"""The windows for filing alone as a calendar to download: RFC 5545, general dates, nothing personal."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from bot.clock import PLACE, today
from bot.dialogue.reminders.reminder import CLOSES, OPENS
from bot.dialogue.reminders.schedule import BEFORE_END, MORNING, windows
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from rules import Rulebook
from rules.calendar import Window
from rules.provision import Provision

AHEAD = timedelta(days=365)
_MORNING = timedelta(hours=MORNING.hour)
ALARMS = {OPENS: _MORNING, CLOSES: _MORNING - BEFORE_END}
"""When an all-day event alarms, counted from the beginning of its day."""


def calendar_file(rulebook: Rulebook, words: Texts, now: datetime) -> bytes:
    """The days on which windows of the next twelve months open and end, each with an alarm; in UTF-8."""
    on = today(now)
    calendar = Calendar()
    calendar.add("prodid", "-//Kažipot//Kažipot//SL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words("calendar.name"))
    calendar.add("x-wr-timezone", PLACE.key)
    for window, provisions in windows(rulebook, on):
        if window.opens_on > on + AHEAD:
            break
        about = _about(window, provisions, rulebook, words)
        for kind, day in ((OPENS, window.opens_on), (CLOSES, window.closes_on)):
            calendar.add_component(_event(kind, day, about, words, now))
    made: bytes = calendar.to_ical()
    return made


def _event(kind: str, day: date, about: str, words: Texts, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{kind}-{day.isoformat()}@kazipot")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", words(f"calendar.{kind}"))
    event.add("description", about)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words(f"calendar.{kind}"))
    alarm.add("trigger", ALARMS[kind])
    event.add_component(alarm)
    return event


def _about(window: Window, provisions: tuple[Provision, ...], rulebook: Rulebook, words: Texts) -> str:
    wording = rulebook.wording(words.locale)
    source = words("remind.source", source="; ".join(wording.cite(provision) for provision in provisions))
    opens, closes = (day_in_words(day, words.locale) for day in (window.opens_on, window.closes_on))
    return words("calendar.about", opens=opens, closes=closes, source=source)
