"""Days in words: with or without the day or the year, and as people say them ("lanskega septembra")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.dialogue.extract.items import COMMA, MINOR, DayOfYear, Item, Quantity, Weekday
from bot.dialogue.extract.lexicon import Lexicon
from bot.dialogue.extract.model import PartialDate

FIRST_YEAR, LAST_YEAR = 1950, 2100
_DAYS, _WEEK = 31, 7
_COMMON_YEAR, _FEBRUARY = 2001, 2


def with_days(items: Sequence[Item], lexicon: Lexicon, on: date) -> list[Item]:
    """Items with every spoken day made one item of kind `date`; its note says how it was introduced."""
    reader = _Reader(items, lexicon, on)
    read: list[Item] = []
    place = 0
    while place < len(items):
        found = reader.at(place)
        if found is None:
            read.append(items[place])
            place += 1
            continue
        value, last, note = found
        note = note or _introduced(read, lexicon)
        read.append(replace(items[place], kind="date", text="", end=items[last].end, value=value, note=note))
        place = last + 1
    return read


def resolved(value: Quantity, on: date, past: bool) -> date | PartialDate | None:
    """A day without its year made the last one before `on` (or the next one from `on`)."""
    if isinstance(value, date | PartialDate):
        return value
    if isinstance(value, Weekday):
        days = (on.isoweekday() - value.number) % _WEEK if past else (value.number - on.isoweekday()) % _WEEK
        return on + timedelta(days=-(days or _WEEK) if past else days or _WEEK)
    if not isinstance(value, DayOfYear):
        return None
    if value.day is None:
        years = (on.year, on.year - 1) if past else (on.year, on.year + 1)
        fits = [year for year in years if (value.month <= on.month) == past or value.month == on.month]
        return PartialDate((fits or [years[1]])[0] if fits else years[1], value.month)
    for year in range(on.year, on.year - 9, -1) if past else range(on.year, on.year + 9):
        day = _date(year, value.month, value.day)
        if day and (day <= on if past else day >= on):
            return day
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _introduced(read: list[Item], lexicon: Lexicon) -> str:
    """`since`, `until` or `after`, by the words before the day."""
    for back in (item for item in reversed(read[-3:]) if item.kind == "word"):
        if lexicon.is_a(back.text, "until"):
            return "until"
        if lexicon.is_a(back.text, "since"):
            return "since"
        if lexicon.is_a(back.text, "after"):
            return "after"
        if not lexicon.is_a(back.text, "day_lead"):
            break
    return ""


class _Reader:
    """Reads one spoken day that begins at a place."""

    def __init__(self, items: Sequence[Item], lexicon: Lexicon, on: date) -> None:
        self.items, self.lexicon, self.on = items, lexicon, on

    def at(self, place: int) -> tuple[Quantity, int, str] | None:
        """The day, its last item and a note, or None."""
        item = self.items[place]
        if item.kind == "date":
            return item.value, place, ""
        if item.kind == "word" and item.text not in self.lexicon.begins_day:
            return None
        for read in (self._last_of_month, self._day_first, self._month_first, self._relative, self._year):
            found = read(place)
            if found is not None:
                return found
        return None

    def _word(self, place: int, name: str, across: int = MINOR) -> bool:
        return (
            0 <= place < len(self.items)
            and self.items[place].kind == "word"
            and self.items[place].sep <= across
            and self.lexicon.is_a(self.items[place].text, name)
        )

    def _month_at(self, place: int) -> int | None:
        if place < len(self.items) and self.items[place].kind == "word" and self.items[place].sep <= MINOR:
            return self.lexicon.months.get(self.items[place].text)
        return None

    def _whole(self, place: int, low: int, high: int, across: int = MINOR) -> int | None:
        if place >= len(self.items) or self.items[place].sep > across:
            return None
        item = self.items[place]
        if item.kind not in {"number", "ordinal"} or not isinstance(item.value, int):
            return None
        return item.value if low <= item.value <= high else None

    def _year_at(self, place: int, across: int = MINOR) -> tuple[int, int] | None:
        """The year said from `place` on, and its last item: `2015`, `leta 2015`, `lani`, `lanskega leta`."""
        while self._word(place, "year_lead", across) and place + 1 < len(self.items):
            place += 1
        year = self._whole(place, FIRST_YEAR, LAST_YEAR, across)
        if year is not None and self.items[place].text.isdigit():
            return year, place
        for name, back in (("this_year", 0), ("last_year", 1), ("year_before_last", 2), ("next_year", -1)):
            if self._word(place, name, across):
                last = place + 1 if self._word(place + 1, "year_unit") else place
                return self.on.year - back, last
        return None

    def _day_first(self, place: int) -> tuple[Quantity, int, str] | None:
        day = self._whole(place, 1, _DAYS, across=3)
        if day is None and self.items[place].kind == "word":
            day = self.lexicon.numbers.ordinals.get(self.items[place].text)
        if day is None:
            return None
        after = place + 1
        while self._word(after, "ordinal_suffix"):
            after += 1
        month = self._month_at(after)
        if month is None:
            return None
        year = self._year_at(after + 1, COMMA)
        if year:
            value = _date(year[0], month, day)
            return (value, year[1], "") if value else None
        return (DayOfYear(month, day), after, "") if _date(2000, month, day) else None

    def _month_first(self, place: int) -> tuple[Quantity, int, str] | None:
        item = self.items[place]
        month = self.lexicon.months.get(item.text) if item.kind == "word" else None
        if month is None:
            return None
        day = self._whole(place + 1, 1, _DAYS)
        if day is not None:
            year = self._year_at(place + 2, COMMA)
            value = _date(year[0], month, day) if year else None
            if year and value:
                return value, year[1], ""
        year = self._year_at(place + 1)
        if year:
            return PartialDate(year[0], month), year[1], ""
        lead = "month_lead" if self.lexicon.is_a(item.text, "spelled_month") else "month_lead_sl"
        if self.lexicon.is_a(item.text, "doubtful_month") and not self._word(place - 1, lead, COMMA):
            return None
        return DayOfYear(month), place, ""

    def _last_of_month(self, place: int) -> tuple[Quantity, int, str] | None:
        """`zadnji dan septembra 2023`."""
        if not self._word(place, "last_adjective", across=3) or not self._word(place + 1, "day_unit"):
            return None
        after = place + 2
        while self._word(after, "ordinal_suffix"):
            after += 1
        month = self._month_at(after)
        year = self._year_at(after + 1) if month else None
        if month is None:
            return None
        if year is None:
            last = PartialDate(_COMMON_YEAR, month).latest
            return (DayOfYear(month, last.day), after, "") if month != _FEBRUARY else None
        return PartialDate(year[0], month).latest, year[1], ""

    def _relative(self, place: int) -> tuple[Quantity, int, str] | None:
        item = self.items[place]
        if item.kind != "word":
            return None
        for name, days in (("today", 0), ("yesterday", -1), ("before_yesterday", -2), ("tomorrow", 1)):
            if self.lexicon.is_a(item.text, name):
                return self.on + timedelta(days=days), place, ""
        for number in range(1, _WEEK + 1):
            if self.lexicon.is_a(item.text, f"weekday_{number}"):
                return self._named_day(place + 1) or (Weekday(number), place, "")
        year = self._year_at(place, across=3)
        if year is None or self.items[place].kind != "word" or self.lexicon.is_a(item.text, "year_lead"):
            return None
        month = self._month_at(year[1] + 1)
        if month is not None:
            return PartialDate(year[0], month), year[1] + 1, ""
        if year[1] == place and self.lexicon.is_a(item.text, "needs_year_word"):
            return None
        return PartialDate(year[0]), year[1], "loose"

    def _named_day(self, place: int) -> tuple[Quantity, int, str] | None:
        """The day of "torek, 10. novembra": the weekday only names it."""
        if place >= len(self.items) or self.items[place].sep > COMMA:
            return None
        if self.items[place].kind == "date":
            return self.items[place].value, place, ""
        return self._day_first(place)

    def _year(self, place: int) -> tuple[Quantity, int, str] | None:
        """A bare year: four digits that no unit follows."""
        year = self._whole(place, FIRST_YEAR, LAST_YEAR, across=3)
        if year is None or len(self.items[place].text) != 4:
            return None
        after = place + 1
        if (self._word(after, "year_unit") and not self._word(after, "year_lead")) or self._word(
            after, "point_unit"
        ):
            return None
        month = self._month_at(after)
        return (PartialDate(year, month), after, "") if month else (PartialDate(year), place, "")
