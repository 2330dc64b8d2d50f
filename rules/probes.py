"""Values that stand for all that a fact may be, to find out what the fact can change. No rule is in here."""

from datetime import date
from typing import Any

from rules.facts import EARLIEST_YEAR, LATEST_YEAR, FactSpec, Kind
from rules.period import month_after

_MONTHS = 12
_YEARS_BACK = (0, 1, 2, 3, 4, 5, 6, 8, 10, 20, 40)
_QUARTERS = 4
_LONG = 3


def probes(spec: FactSpec, on: date) -> tuple[Any, ...]:
    """Every choice; the ends of a range and the powers of two between; days before and months after."""
    match spec.kind:
        case Kind.CHOICE:
            return tuple(spec.choices)
        case Kind.CHOICES:
            return (list(spec.choices), [])
        case Kind.SEQUENCE:
            return tuple([choice] * _LONG for choice in spec.choices)
        case Kind.BOOL:
            return (True, False)
        case Kind.NUMBER | Kind.WHOLE:
            return _numbers(spec)
        case Kind.NUMBERS | Kind.OPTIONAL_NUMBERS:
            return tuple([spec.highest * part / _QUARTERS] * _LONG for part in range(_QUARTERS + 1))
    return _days(on)


def _numbers(spec: FactSpec) -> tuple[int, ...]:
    """A power of two lies between any number and its double, so every majority is among them."""
    powers = [2**power for power in range(spec.highest.bit_length())]
    return (spec.highest, *reversed(powers), spec.lowest)


def _days(on: date) -> tuple[date, ...]:
    days = [
        date(on.year - years, on.month, 1) if years else on
        for years in _YEARS_BACK
        if on.year - years >= EARLIEST_YEAR
    ]
    opens = on
    for _ in range(_MONTHS):
        opens = month_after(opens)
        days.append(opens)
    return tuple(day for day in days if day.year <= LATEST_YEAR)
