"""Raw values, as JSON brings them, to typed facts. Everything impossible is refused by name."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from rules.errors import FactError
from rules.facts import (
    EARLIEST_YEAR,
    FACTS,
    LATEST_YEAR,
    LONGEST_LIST,
    FactSpec,
    Kind,
    NazivFacts,
    PayGradeFacts,
    Procedure,
)

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SHOWN = 60

E_ = TypeVar("E_", bound=StrEnum)


def shown(value: object) -> str:
    """A refused value as an error may repeat it: short."""
    if isinstance(value, int) and value.bit_length() > _SHOWN:
        return "…"
    words = repr(value)
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def read_naziv(raw: object) -> NazivFacts:
    return NazivFacts(**_read(Procedure.NAZIV, raw))


def read_pay_grade(raw: object) -> PayGradeFacts:
    return PayGradeFacts(**_read(Procedure.PLACNI_RAZRED_UM, raw))


def _read(procedure: Procedure, raw: object) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise FactError("facts", "not_an_object")
    specs = FACTS[procedure]
    values = {}
    for name, value in raw.items():
        spec = specs.get(name) if isinstance(name, str) else None
        if spec is None:
            raise FactError(shown(name).strip("'\""), "unknown_fact", procedure=procedure.value)
        if value is not None:
            values[spec.name] = _READERS[spec.kind](spec, value)
    return values


def read_choice(name: str, choices: type[E_], value: object) -> E_:
    if isinstance(value, str) and (choice := _by_value(choices).get(value)):
        return cast(E_, choice)
    raise FactError(name, "not_a_choice", value=shown(value), choices=tuple(c.value for c in choices))


@cache
def _by_value(choices: type[StrEnum]) -> dict[str, StrEnum]:
    return {choice.value: choice for choice in choices}


def read_day(name: str, value: object) -> date:
    day: object = None
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    elif isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    if not isinstance(day, date):
        raise FactError(name, "not_a_day", value=shown(value))
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise FactError(name, "day_out_of_reach", value=shown(value), first=EARLIEST_YEAR, last=LATEST_YEAR)
    return day


def read_number(name: str, value: object, lowest: float, highest: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FactError(name, "not_a_number", value=shown(value))
    if isinstance(value, float) and not math.isfinite(value):
        raise FactError(name, "not_a_number", value=shown(value))
    if not lowest <= value <= highest:
        raise FactError(name, "out_of_range", value=shown(value), lowest=lowest, highest=highest)
    return value


def read_whole(name: str, value: object, lowest: int, highest: int) -> int:
    number = read_number(name, value, lowest, highest)
    if number != int(number):
        raise FactError(name, "not_whole", value=shown(value))
    return int(number)


def _list(spec: FactSpec, value: object) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > LONGEST_LIST:
        raise FactError(spec.name, "not_a_list", value=shown(value), most=LONGEST_LIST)
    return list(value)


def _choice(spec: FactSpec, value: object) -> Any:
    return read_choice(spec.name, spec.choices, value)


def _bool(spec: FactSpec, value: object) -> bool:
    if not isinstance(value, bool):
        raise FactError(spec.name, "not_a_bool", value=shown(value))
    return value


def _number(spec: FactSpec, value: object) -> float:
    return read_number(spec.name, value, spec.lowest, spec.highest)


def _sequence(spec: FactSpec, value: object) -> tuple[Any, ...]:
    return tuple(_choice(spec, item) for item in _list(spec, value))


def _optional_numbers(spec: FactSpec, value: object) -> tuple[float | None, ...]:
    return tuple(None if item is None else _number(spec, item) for item in _list(spec, value))


_READERS: dict[Kind, Callable[[FactSpec, object], Any]] = {
    Kind.CHOICE: _choice,
    Kind.CHOICES: lambda spec, value: tuple(dict.fromkeys(_sequence(spec, value))),
    Kind.SEQUENCE: _sequence,
    Kind.BOOL: _bool,
    Kind.NUMBER: _number,
    Kind.WHOLE: lambda spec, value: read_whole(spec.name, value, spec.lowest, spec.highest),
    Kind.NUMBERS: lambda spec, value: tuple(_number(spec, item) for item in _list(spec, value)),
    Kind.OPTIONAL_NUMBERS: _optional_numbers,
    Kind.DATE: lambda spec, value: read_day(spec.name, value),
}
