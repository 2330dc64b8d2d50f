"""Numbers with their units: durations in years, points, percent, hours; ranges stay open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.dialogue.extract.dates import with_days
from bot.dialogue.extract.items import MINOR, Item
from bot.dialogue.extract.lexicon import Lexicon
from bot.dialogue.extract.numbers import with_numbers

_MONTHS, _DAYS = 12, 365
_HALF = 0.5
_DASHES = frozenset("-–—")


def with_quantities(items: Sequence[Item], text: str, lexicon: Lexicon, on: date) -> list[Item]:
    """All quantities of the read items."""
    numbered = _with_halves(with_numbers(items, lexicon.numbers), lexicon)
    return _Units(_with_ranges(with_days(numbered, lexicon, on), text, lexicon), lexicon).read()


def _is(items: Sequence[Item], place: int, lexicon: Lexicon, name: str) -> bool:
    return (
        0 <= place < len(items)
        and items[place].kind == "word"
        and items[place].sep <= MINOR
        and lexicon.is_a(items[place].text, name)
    )


def _number(items: Sequence[Item], place: int) -> float | None:
    if place < len(items) and items[place].kind == "number" and isinstance(items[place].value, int | float):
        return float(str(items[place].value))
    return None


def _dates_joined(items: Sequence[Item], place: int, lexicon: Lexicon) -> bool:
    """`5. ali 6. maja`, `med 5. in 15. februarjem`."""
    if not _date_at(items, place + 2):
        return False
    if items[place].kind == "date" and _is(items, place + 1, lexicon, "either"):
        return True
    first = items[place].kind in {"date", "number", "ordinal"}
    return first and _is(items, place - 1, lexicon, "between") and _is(items, place + 1, lexicon, "link")


def _date_at(items: Sequence[Item], place: int) -> bool:
    return place < len(items) and items[place].kind == "date" and items[place].sep <= MINOR


def _with_halves(items: Sequence[Item], lexicon: Lexicon) -> list[Item]:
    """`sedem in pol` is seven and a half."""
    read: list[Item] = []
    place = 0
    while place < len(items):
        value = _number(items, place)
        last = place
        if value is not None and _is(items, place + 1, lexicon, "link"):
            last = place + 2 if not _is(items, place + 2, lexicon, "article") else place + 3
            last = last if _is(items, last, lexicon, "half") else place
        if value is not None and last > place:
            read.append(replace(items[place], value=value + _HALF, end=items[last].end, note=""))
        else:
            read.append(items[place])
        place = last + 1
    return read


def _with_ranges(items: Sequence[Item], text: str, lexicon: Lexicon) -> list[Item]:
    """`5 do 6`, `5–6`, `5 ali 6` become one open item; the second of `16/30` is marked `over`."""
    read: list[Item] = []
    place = 0
    while place < len(items):
        item = items[place]
        if _dates_joined(items, place, lexicon):
            read.append(replace(item, kind="range", end=items[place + 2].end, value=None, note="date"))
            place += 3
            continue
        if _number(items, place) is not None and item.note != "weak":
            if text[item.end : item.end + 1] == "+":
                read.append(replace(item, kind="range", value=None))
                place += 1
                continue
            between = text[item.end : items[place + 1].start].strip() if place + 1 < len(items) else ""
            if _number(items, place + 1) is not None and between in _DASHES and between:
                read.append(replace(item, kind="range", end=items[place + 1].end, value=None))
                place += 2
                continue
            if _is(items, place + 1, lexicon, "or") and _number(items, place + 2) is not None:
                read.append(replace(item, kind="range", end=items[place + 2].end, value=None))
                place += 3
                continue
            between_two = read and read[-1].kind == "word" and lexicon.is_a(read[-1].text, "between")
            if (
                between_two
                and _is(items, place + 1, lexicon, "link")
                and _number(items, place + 2) is not None
            ):
                read.append(replace(item, kind="range", end=items[place + 2].end, value=None))
                place += 3
                continue
            if read and read[-1].kind == "number" and text[read[-1].end : item.start].strip() == "/":
                item = replace(item, note="over")
        read.append(item)
        place += 1
    return read


class _Units:
    """Walks over the items and joins numbers with the units after them."""

    def __init__(self, items: Sequence[Item], lexicon: Lexicon) -> None:
        self.items, self.lexicon = items, lexicon

    def read(self) -> list[Item]:
        """The items with durations, percentages and hours joined, and points marked."""
        read: list[Item] = []
        place = 0
        while place < len(self.items):
            found = self._at(place)
            if found is None:
                read.append(self.items[place])
                place += 1
                continue
            kind, value, last = found
            item = self.items[place]
            note = self._note(kind, place, last)
            read.append(replace(item, kind=kind, value=value, end=self.items[last].end, note=note))
            place = last + 1
        return read

    def _note(self, kind: str, first: int, last: int) -> str:
        if kind == "years":
            return self._ago(first, last)
        if kind == "range":
            return (
                "years"
                if self._is(last, "year_unit")
                else "points"
                if self._is(last + 1, "point_unit")
                else ""
            )
        return self.items[first].note if kind == "points" else ""

    def _ago(self, first: int, last: int) -> str:
        """`pred tremi leti`, `tri leta nazaj`."""
        return "ago" if self._is(first - 1, "ago_lead") or self._is(last + 1, "ago_tail") else ""

    def _is(self, place: int, name: str) -> bool:
        return _is(self.items, place, self.lexicon, name)

    def _at(self, place: int) -> tuple[str, float | None, int] | None:
        item = self.items[place]
        if item.kind == "range":
            return self._range(place)
        if item.kind == "word":
            return self._word(place)
        value = _number(self.items, place)
        if value is None:
            return None
        for name, kind in (("percent_unit", "percent"), ("hour_unit", "hours"), ("times_unit", "times")):
            if self._is(place + 1, name):
                return kind, _plain(value), place + 1
        found = self._duration(place, value)
        if found and (self._or_more(found[2]) or self._and_some(found[2])):
            return "range", None, found[2]
        return found or self._points(place)

    def _or_more(self, last: int) -> bool:
        """`20 let ali mogoče 21`: the person does not say which."""
        after = last + 2 if not self._is(last + 2, "perhaps") else last + 3
        if self._maybe(last + 1):
            return _number(self.items, last + 2) is not None and not self._is(last + 3, "point_unit")
        if not self._is(last + 1, "either") or _number(self.items, after) is None:
            return False
        return not self._is(after + 1, "point_unit")

    def _and_some(self, last: int) -> bool:
        """`20 let in nekaj mesecev`, `20 let in še nekaj`."""
        vague = last + 3 if self._is(last + 2, "still") else last + 2
        if not self._is(last + 1, "link") or not self._is(vague, "vague"):
            return False
        ends = vague + 1 >= len(self.items) or self.items[vague + 1].sep > MINOR
        return ends or self._is(vague + 1, "month_unit") or self._is(vague + 1, "day_unit")

    def _maybe(self, place: int) -> bool:
        """`štiri točke, mogoče pet`."""
        items = self.items[place : place + 1]
        return bool(items) and items[0].kind == "word" and self.lexicon.is_a(items[0].text, "unsure")

    def _range(self, place: int) -> tuple[str, float | None, int] | None:
        for name in ("year_unit", "percent_unit", "hour_unit", "month_unit"):
            if self._is(place + 1, name):
                return "range", None, place + 1
        return None

    def _word(self, place: int) -> tuple[str, float | None, int] | None:
        """`triletni`, `trikrat`, and what begins without a number."""
        text = self.items[place].text
        if text in self.lexicon.begins_amount and (amount := self._amount(place)):
            return amount
        if text in self.lexicon.numbers.times:
            return "times", self.lexicon.numbers.times[text], place
        for suffix, kind in self.lexicon.numbers.suffixes.items():
            head, found, tail = text.partition(suffix)
            value = self.lexicon.numbers.values.get(head, self.lexicon.numbers.heads.get(head))
            if found and value is not None and (kind == "years") == bool(tail):
                return kind, value, place
        return None

    def _amount(self, place: int) -> tuple[str, float | None, int] | None:
        """`pol leta`, `leto in pol`, `leto dni`."""
        if self._is(place, "one_and_half") and self._is(place + 1, "year_unit"):
            return "years", 1 + _HALF, place + 1
        if self._is(place, "half") and self._is(place + 1, "year_unit"):
            return "years", _HALF, place + 1
        if (last := self._open_until(place)) is not None:
            return "range", None, last
        first = place + 1 if self._is(place, "article") else place
        if self._is(first, "one_year") and self._is(first + 1, "link"):
            half = first + 3 if self._is(first + 2, "article") else first + 2
            if self._is(half, "half"):
                return "years", 1 + _HALF, half
        if self._is(first, "one_year") and self._is(first + 1, "link"):
            months = _number(self.items, first + 2)
            if months is not None and self._is(first + 3, "month_unit"):
                return "years", _plain(1 + months / _MONTHS), first + 3
        if self._is(first, "one_year") and self._is(first + 1, "days_filler"):
            return "years", 1, first + 1
        return None

    def _open_until(self, place: int) -> int | None:
        """The end of what gives no number: `osmo leto`, `par let`, `nekaj točk`."""
        if self._is(place, "ordinal_year") and self._is(place + 1, "one_year"):
            return place + 1
        if not self._is(place, "vague") or self._is(place - 1, "either"):
            return None
        if self._is(place + 1, "year_unit"):
            return place + 1
        return place if self._is(place + 1, "point_unit") else None

    def _duration(self, place: int, value: float) -> tuple[str, float, int] | None:
        unit = place + 2 if self._is(place + 1, "full") else place + 1
        if self._is(unit, "month_unit"):
            return "years", _plain(value / _MONTHS), unit
        if not self._is(unit, "year_unit"):
            return None
        last, more = unit, 0.0
        after = unit + 2 if self._is(unit + 1, "link") else unit + 1
        if after == unit + 2 and self._is(after + 1 if self._is(after, "article") else after, "half"):
            return "years", _plain(value + _HALF), after + 1 if self._is(after, "article") else after
        for name, part in (("month_unit", _MONTHS), ("day_unit", _DAYS)):
            number = _number(self.items, after)
            if number is not None and self.items[after].sep <= MINOR + 1 and self._is(after + 1, name):
                more += number / part
                last = after + 1
                after = last + 2 if self._is(last + 1, "link") else last + 1
        return "years", _plain(value + more), last

    def _points(self, place: int) -> tuple[str, float | None, int] | None:
        """A number of points: the unit may stand two words on; the words between are kept."""
        for offset in (1, 2, 3):
            here = place + offset
            if here >= len(self.items) or self.items[here].sep > MINOR or self.items[here].kind != "word":
                return None
            if self._is(here, "point_unit"):
                value = _number(self.items, place)
                half = self._is(here + 1, "link") and self._is(here + 2, "half")
                if offset == 1 and self._maybe(here + 1) and _number(self.items, here + 2) is not None:
                    return "range", None, place
                return "points", None if value is None else _plain(value + _HALF * half), place
        return None


def _plain(value: float) -> float:
    """Two decimals at most; whole numbers as such."""
    rounded = round(value, 2)
    return int(rounded) if float(rounded).is_integer() else rounded
