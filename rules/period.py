"""Days and spans of days. A span is half-open: its first day is in, its end is the first day out."""

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Period:
    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def nearest(self, day: date) -> date:
        """The day itself, or the covered day that is closest to it."""
        if day < self.start:
            return self.start
        if self.end is not None and day >= self.end:
            return self.end - timedelta(days=1)
        return day


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_after(day: date) -> date:
    """The first day of the next month."""
    return month_end(day) + timedelta(days=1)


def add_years(day: date, years: float) -> date:
    """The same calendar day so many years on; a part of a year is counted in days, rounded up."""
    whole = math.floor(years)
    year = day.year + whole
    same_day = date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
    return same_day + timedelta(days=math.ceil(round((years - whole) * DAYS_PER_YEAR, 6)))


def years_until(day: date, later: date) -> float:
    """What is missing in years, rounded up to a hundredth, so that a single day still shows."""
    return max(0, math.ceil((later - day).days / DAYS_PER_YEAR * 100)) / 100


def complete_years(start: date, day: date) -> int:
    """How many whole years have passed between two days, never less than none."""
    years = max(0, day.year - start.year)
    return years - 1 if years and add_years(start, years) > day else years
