"""Values of facts: as extraction finds them, as the state keeps them, as a form sends them, as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.dialogue.extract.model import Activity, PartialDate
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from bot.texts.facts import fact_words
from knowledge.text import fold
from rules import FACTS, FactError, FactSpec, Kind, Procedure, Rulebook
from rules.reading import read_naziv, read_pay_grade

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,6}(?:[.,]\d{1,4})?", re.ASCII)
_BETWEEN = re.compile(r"[,;\n]+")
_READERS = {Procedure.NAZIV: read_naziv, Procedure.PLACNI_RAZRED_UM: read_pay_grade}
_NONE = {"-", "–", "—"}
MONTHS = 12
NOT_KNOWN, NONE_OF_THEM = "unknown", "none"
"""What a form sends for a fact that is not known, and for a list with nothing in it."""


def plain(value: Any) -> Any:
    """A value of the extraction as the state keeps it: JSON."""
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Activity):
        return value.to_data()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def partial(value: Any) -> PartialDate | None:
    """The year, or year and month, that a kept day is only known by."""
    match = _PARTIAL.fullmatch(value) if isinstance(value, str) else None
    if match is None or (match[2] and not 1 <= int(match[2]) <= MONTHS) or not int(match[1]):
        return None
    return PartialDate(int(match[1]), int(match[2]) if match[2] else None)


def read(procedure: Procedure, name: str, value: Any) -> Any:
    """A value checked as a stranger's; raises `FactError` naming the fact."""
    spec = FACTS[procedure].get(name)
    known = partial(value) if spec is not None and spec.kind is Kind.DATE else None
    if known is not None:
        _READERS[procedure]({name: known.earliest})
        return value
    if value is None:
        raise FactError(name, "not_stated")
    _READERS[procedure]({name: value})
    return plain(value)


def from_input(procedure: Procedure, name: str, raw: Any) -> Any:
    """A value as a card's input sends it, mostly a string; raises `FactError`. None when it was left empty."""
    spec = FACTS[procedure].get(name)
    if spec is None or not isinstance(raw, str):
        return None if raw is None else read(procedure, name, raw)
    words = raw.strip()
    return read(procedure, name, _typed(spec, words)) if words and words != NOT_KNOWN else None


def _typed(spec: FactSpec, words: str) -> Any:
    match spec.kind:
        case Kind.BOOL:
            return {"true": True, "false": False}.get(words, words)
        case Kind.NUMBER | Kind.WHOLE:
            return _number(words)
        case Kind.CHOICES:
            return [part for part in map(str.strip, words.split(",")) if part and part != NONE_OF_THEM]
        case Kind.SEQUENCE:
            return [_choice(spec.name, part) for part in _parts(words)]
        case Kind.NUMBERS | Kind.OPTIONAL_NUMBERS:
            return [
                None if part in _NONE else _number(part.removesuffix("%").strip()) for part in _parts(words)
            ]
        case _:
            return words


def _parts(words: str) -> list[str]:
    """Parts of a list; a comma between digits without a space is a decimal one."""
    spaced = re.sub(r"(?<=\d),(?=\d)", ".", words)
    return [part.strip() for part in _BETWEEN.split(spaced) if part.strip()]


def _number(words: str) -> Any:
    if not _NUMBER.fullmatch(words):
        return words
    number = float(words.replace(",", "."))
    return int(number) if number.is_integer() else number


def _choice(name: str, words: str) -> str:
    """The value that a choice's own label names, in either language; else the words as they are."""
    said = fold(words)
    for locale in ("sl", "en"):
        for value, label in fact_words(locale)[name].choices.items():
            if said in {fold(label), value}:
                return value
    return words


def shown(procedure: Procedure, name: str, value: Any, rulebook: Rulebook, texts: Texts) -> str:
    """A value in words."""
    spec = FACTS[procedure][name]
    choices = fact_words(texts.locale)[name].choices
    if isinstance(value, bool):
        return texts("check.yes" if value else "check.no")
    if spec.kind is Kind.DATE:
        return _day(str(value), rulebook, texts)
    if isinstance(value, list):
        parts = [_item(item, choices, texts) for item in value]
        return ", ".join(parts) if parts else texts("check.none_of_them")
    return _item(value, choices, texts)


def _item(value: Any, choices: Any, texts: Texts) -> str:
    if value is None:
        return "–"
    if isinstance(value, int | float):
        return number_in_words(value, texts)
    return str(choices.get(value, value))


def number_in_words(value: float, texts: Texts) -> str:
    """A number with the decimal mark of the language."""
    words = str(int(value)) if float(value).is_integer() else f"{round(value, 2)}"
    return words if texts.locale == "en" else words.replace(".", ",")


def _day(value: str, rulebook: Rulebook, texts: Texts) -> str:
    known = partial(value)
    if known is None:
        return day_in_words(date.fromisoformat(value), texts.locale)
    if known.month is None:
        return str(known.year)
    month = rulebook.wording(texts.locale).label(f"label.month.{known.month}")
    return f"{month} {known.year}"


def listed(items: Iterable[str], texts: Texts) -> str:
    """ "a, b in c"."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    return texts("check.and", first=", ".join(parts[:-1]), last=parts[-1])
