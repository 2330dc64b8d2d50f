"""The calendar to download: read back by the standard's own parser, true to the rules, for anyone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.calendar_file import calendar_file
from bot.texts import texts
from rules import calendar_for, load_rulebook
from tests.support.host import real_answering, running, settings

RULES = load_rulebook()
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def read(locale: str = "sl", now: datetime = NOW) -> Calendar:
    made = calendar_file(RULES, texts(locale), now)
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))  # section 3.1
    assert made.endswith(b"END:VCALENDAR\r\n")
    return Calendar.from_ical(made)


def test_the_windows_of_twelve_months() -> None:
    found = [(event.decoded("dtstart"), event.decoded("dtend")) for event in read().walk("VEVENT")]
    windows, day = [calendar_for(RULES, NOW.date()).window], NOW.date()
    while (following := calendar_for(RULES, day).next_window).opens_on <= NOW.date() + timedelta(days=365):
        windows.append(following)
        day = following.opens_on
    days = [day for window in windows if window for day in (window.opens_on, window.closes_on)]
    assert found == [(day, day + timedelta(days=1)) for day in days]
    assert [day.month for day in days[::2]] == [11, 2, 4, 6, 9, 11]


@pytest.mark.parametrize("locale", ["sl", "en"])
def test_all_that_the_standard_asks_for(locale: str) -> None:
    calendar = read(locale)
    assert calendar["version"] == "2.0"
    assert calendar["x-wr-timezone"] == "Europe/Ljubljana"
    events = calendar.walk("VEVENT")
    assert len({event["uid"] for event in events}) == len(events) == 12
    for event in events:
        assert type(event.decoded("dtstart")) is date  # all day: the same day in every time zone
        assert event.decoded("dtstamp") == NOW
        assert "92/2023" in event["description"]
        (alarm,) = event.walk("VALARM")
        assert alarm["action"] == "DISPLAY"
        assert alarm["description"]


def test_alarms_at_eight_on_the_first_day_and_a_week_before_the_last() -> None:
    events = read().walk("VEVENT")
    alarms = [event.walk("VALARM")[0].decoded("trigger") for event in events]
    assert alarms[0::2] == [timedelta(hours=8)] * 6
    assert alarms[1::2] == [timedelta(hours=8) - timedelta(days=7)] * 6


def test_the_same_event_has_the_same_id_a_day_later() -> None:
    first, later = (
        {event["uid"] for event in read(now=when).walk("VEVENT")} for when in (NOW, NOW + timedelta(1))
    )
    assert first == later


@pytest.mark.parametrize("path, word", [("/koledar.ics", "rok"), ("/calendar.ics", "window")])
async def test_served_to_anyone(tmp_path: Path, path: str, word: str) -> None:
    async with (
        running(settings(tmp_path), answering=real_answering(), clock=lambda: NOW) as bot,
        bot.get(path) as response,
    ):
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert path.strip("/") in response.headers["Content-Disposition"]
        calendar = Calendar.from_ical(await response.read())
    assert word in str(calendar["x-wr-calname"]) or word in str(calendar.walk("VEVENT")[0]["summary"])
    assert len(calendar.walk("VEVENT")) == 12


async def test_without_rules_there_is_none(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as bot, bot.get("/koledar.ics") as response:
        assert response.status == 503
