"""What time it is, as a value that is handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PLACE = ZoneInfo("Europe/Ljubljana")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def local_time(now: datetime) -> datetime:
    """The same moment on a clock in Slovenia."""
    return now.astimezone(PLACE)


def today(now: datetime) -> date:
    """The calendar day in Slovenia, whatever the server's own time zone."""
    return local_time(now).date()


def clock_from_noon(day: date, monotonic: Callable[[], float]) -> Clock:
    """A clock that begins at noon of a day in Slovenia and goes on as fast as `monotonic`."""
    noon = datetime.combine(day, time(12), PLACE).astimezone(UTC)
    started = monotonic()
    return lambda: noon + timedelta(seconds=monotonic() - started)
