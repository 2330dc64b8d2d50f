"""When advisers are there, and by when an answer can be expected: opening hours, without Slovenian public holidays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Ljubljana")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FARTHEST = 60
"""Days that are looked ahead for open hours."""
_PART = re.compile(
    r"(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))? (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Open from `opens` to `closes` on days of the week, Monday is 0."""

    days: frozenset[int]
    opens: time
    closes: time


Hours = tuple[Span, ...]
"""When somebody is there, on a clock in Slovenia; empty when that is not said."""


def read_hours(text: str) -> Hours:
    """ "Mon-Thu 08:00-15:30, Fri 08:00-13:00" as hours; raises `ValueError` that says what is wrong."""
    return tuple(_span(part.strip()) for part in text.split(",") if part.strip())


def _span(part: str) -> Span:
    found = _PART.fullmatch(part)
    if not found or not {found["first"], found["last"] or "Mon"} <= set(DAYS):
        raise ValueError(f"{part!r} is not like 'Mon-Fri 08:00-15:00'")
    first = DAYS.index(found["first"])
    last = DAYS.index(found["last"]) if found["last"] else first
    opens, closes = time.fromisoformat(found["opens"]), time.fromisoformat(found["closes"])
    if last < first or closes <= opens:
        raise ValueError(f"{part!r} ends before it begins")
    return Span(frozenset(range(first, last + 1)), opens, closes)


def is_open(hours: Hours, now: datetime) -> bool:
    """Whether somebody is there at a moment."""
    local = now.astimezone(ZONE)
    return any(opens <= local < closes for opens, closes in _on(hours, local.date()))


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """When somebody will next begin to be there, on a clock in Slovenia."""
    return next((opens for opens, _ in _from(hours, now) if opens > now), None)


def answered_by(hours: Hours, now: datetime, within: float) -> datetime | None:
    """The moment after `within` open hours from now, on a clock in Slovenia; None when hours are not said."""
    left = timedelta(hours=within)
    for opens, closes in _from(hours, now):
        begins = max(opens, now.astimezone(ZONE))
        if closes - begins >= left:
            return begins + left
        left -= max(closes - begins, timedelta())
    return None


@lru_cache(maxsize=16)
def _free_days(year: int) -> frozenset[date]:
    import holidays  # here, because it takes long and only opening hours need it

    return frozenset(holidays.country_holidays("SI", years=year))


def _on(hours: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """When somebody is there on a day, in order."""
    if day in _free_days(day.year):
        return
    for span in sorted(hours, key=lambda span: span.opens):
        if day.weekday() in span.days:
            yield (
                datetime.combine(day, span.opens, ZONE),
                datetime.combine(day, span.closes, ZONE),
            )


def _from(hours: Hours, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans that have not ended at a moment, in order, as far as is looked ahead."""
    local = now.astimezone(ZONE)
    for ahead in range(FARTHEST):
        for opens, closes in _on(hours, local.date() + timedelta(days=ahead)):
            if closes > local:
                yield opens, closes
