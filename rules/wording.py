"""Sentences from the texts: a key and values in, words in the asked language out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from string import Formatter
from typing import Any

from rules.finding import Text, Value
from rules.provision import Provision

DEFAULT_LOCALE = "sl"
_REMEMBERED = 8192
_Segment = tuple[str, str | None, str]


@dataclass(frozen=True, slots=True)
class Form:
    """The forms of a counted noun: 1, 2, 3–4, 5 and more, and a part of one."""

    one: str
    two: str
    few: str
    many: str
    part: str

    def of(self, number: float) -> str:
        if number != int(number):
            return self.part
        return {1: self.one, 2: self.two, 3: self.few, 4: self.few}.get(int(number) % 100, self.many)


class Wording:
    """The texts of one language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._months: tuple[str, ...] = tuple(data.get("months", ()))
        self._decimal: str = data["number"]["decimal"]
        self._join: str = data["list"]["last"]
        self._forms = {name: Form(**forms) for name, forms in data["unit"].items()}
        self._templates = {
            key: list(_segments(sentence)) for key, sentence in _flat("", data) if not key.startswith("unit.")
        }
        self.say = lru_cache(maxsize=_REMEMBERED)(self._say)
        self.cite = lru_cache(maxsize=_REMEMBERED)(self._cite)

    @property
    def keys(self) -> set[str]:
        return set(self._templates)

    def has(self, key: str) -> bool:
        return key in self._templates

    def _say(self, said: Text) -> str:
        values = dict(said.values)
        parts: list[str] = []
        for literal, field, spec in self._templates[said.key]:
            parts.append(literal)
            if field is not None:
                parts.append(self._value(values[field], spec))
        return "".join(parts)

    def _value(self, value: object, spec: str) -> str:
        """How a value is written: by its type, with its noun when the template names a unit."""
        if isinstance(value, Text):
            return self.say(value)
        if isinstance(value, Provision):
            return self.cite(value)
        if isinstance(value, Enum):
            return self.label(f"label.{type(value).__name__}.{value.value}")
        if isinstance(value, tuple):
            return self._listed([self._value(item, spec) for item in value])
        if isinstance(value, date):
            return self._day(value)
        if isinstance(value, int | float):
            number = self._number(value)
            return f"{number} {self._forms[spec].of(value)}" if spec else number
        return self.label(f"label.{spec}.{value}") if spec else str(value)

    def label(self, key: str) -> str:
        return self._templates[key][0][0]

    def _number(self, number: float) -> str:
        if number == int(number):
            return str(int(number))
        return f"{number:.2f}".rstrip("0").rstrip(".").replace(".", self._decimal)

    def _day(self, day: date) -> str:
        if self._months:
            return f"{day.day} {self._months[day.month - 1]} {day.year}"
        return f"{day.day}. {day.month}. {day.year}"

    def _listed(self, items: list[str]) -> str:
        return self._join.join(filter(None, (", ".join(items[:-1]), *items[-1:])))

    def _cite(self, provision: Provision) -> str:
        """The full citation: act, gazette, article."""
        parts = [self.label(f"act.{provision.act}")]
        if provision.gazette:
            parts[0] += " " + self.say(Text("cite.gazette", (("number", provision.gazette),)))
        if place := self.place(provision):
            parts.append(place)
        return ", ".join(parts)

    def place(self, provision: Provision) -> str:
        """The place within the act."""
        if provision.article is None:
            values: tuple[tuple[str, Value], ...] = (("section", provision.section or ""),)
            return self.say(Text("cite.section", values)) if provision.section else ""
        values = (("article", provision.article), ("paragraph", provision.paragraph or ""))
        return self.say(Text("cite.paragraph" if provision.paragraph else "cite.article", values))


def _segments(template: str) -> list[_Segment]:
    return [(literal, field, spec or "") for literal, field, spec, _ in Formatter().parse(template)]


def _flat(prefix: str, table: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}.{name}" if prefix else name
        if isinstance(value, Mapping):
            pairs += _flat(key, value)
        elif isinstance(value, str):
            pairs.append((key, value))
    return pairs
