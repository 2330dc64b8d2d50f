"""What is remembered of a running check: the answers given. Every conclusion is drawn anew each turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

from bot.dialogue.eligibility import values
from bot.dialogue.state import StateOutdated
from rules import FACTS, FactError, Procedure

VERSION = 1
KEEP_DAYS = 30
"""After so many days the facts of a check are dropped, finished or not; the operator may choose fewer, never more."""
MOST_OPEN = 8
MOST_WORKS = 30
MADE_OF_WORKS = frozenset({"dsd_points", "dsd_points_from_works_2plus", "dsd_points_from_works_3plus"})
"""Facts that are sums over works."""

Mode = Literal["one_by_one", "form"]
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the meanings that some words may have."""

    fact: str
    value: Any


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words with more than one meaning, to be asked back."""

    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """The answers of one check.

    `unknown` are the facts answered with "ne vem", `asked` is the fact that is being asked for, `what_if` are facts
    only supposed, `unclear` the words that are being asked back, `last` the fact that was stated last, for "narobe".
    `activities` are the works told so far, until the sum of their points is stated.
    """

    procedure: Procedure
    started_on: date
    last_on: date
    facts: Facts = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    asked: str | None = None
    mode: Mode = "one_by_one"
    what_if: Facts = field(default_factory=dict)
    unclear: tuple[Unclear, ...] = ()
    last: str = ""
    locale: str = ""
    activities: tuple[Facts, ...] = ()

    def to_state(self) -> dict[str, Any]:
        """Plain data for the conversation's state."""
        return {
            "version": VERSION,
            "procedure": self.procedure.value,
            "started_on": self.started_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "facts": dict(self.facts),
            "unknown": list(self.unknown),
            "asked": self.asked,
            "mode": self.mode,
            "what_if": dict(self.what_if),
            "unclear": [_unclear_data(unclear) for unclear in self.unclear],
            "last": self.last,
            "locale": self.locale,
            "activities": [dict(work) for work in self.activities],
        }

    def stating(self, facts: Facts) -> Check:
        """With these facts known; what was said or supposed of them before no longer counts."""
        if not facts:
            return self
        return replace(
            self,
            facts={**self.facts, **facts},
            unknown=tuple(name for name in self.unknown if name not in facts),
            what_if={name: value for name, value in self.what_if.items() if name not in facts},
            last=list(facts)[-1],
            activities=() if MADE_OF_WORKS & facts.keys() else self.activities,
        )

    def without(self, *names: str) -> Check:
        """With these facts taken back."""
        return replace(self, facts={name: value for name, value in self.facts.items() if name not in names})

    def not_knowing(self, *names: str) -> Check:
        """With these facts answered by "ne vem": missing, and not asked again."""
        without = self.without(*names)
        return replace(without, unknown=tuple(dict.fromkeys((*self.unknown, *names))))


def started(procedure: Procedure, on: date) -> Check:
    """A check without any answer yet."""
    return Check(procedure, on, on)


def recall(data: Mapping[str, Any]) -> Check:
    """The check in a conversation's state; raises `StateOutdated` when another version wrote it."""
    if data.get("version") != VERSION:
        raise StateOutdated(f"check version {data.get('version')!r}")
    try:
        procedure = Procedure(data["procedure"])
        check = Check(
            procedure,
            date.fromisoformat(data["started_on"]),
            date.fromisoformat(data["last_on"]),
            _facts(procedure, data["facts"]),
            tuple(_known(procedure, name) for name in data["unknown"]),
            None if data["asked"] is None else _known(procedure, data["asked"]),
            data["mode"],
            _facts(procedure, data["what_if"]),
            tuple(_unclear(procedure, raw) for raw in data["unclear"][:MOST_OPEN]),
            str(data["last"]),
            str(data["locale"]),
            tuple(dict(work) for work in data.get("activities", ())[:MOST_WORKS]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, FactError) as error:
        raise StateOutdated(f"check: {type(error).__name__}") from error
    if check.mode not in get_args(Mode):
        raise StateOutdated("check: mode")
    return check


def expired(started_on: date, on: date, days: int) -> bool:
    """Whether a check that began on a day is older than its facts may be kept."""
    return on - started_on > timedelta(days=min(days, KEEP_DAYS))


def _facts(procedure: Procedure, raw: Mapping[str, Any]) -> Facts:
    return {name: values.read(procedure, name, value) for name, value in raw.items()}


def _known(procedure: Procedure, name: str) -> str:
    if name not in FACTS[procedure]:
        raise ValueError("unknown fact")
    return name


def _unclear_data(unclear: Unclear) -> dict[str, Any]:
    options = [{"fact": option.fact, "value": option.value} for option in unclear.options]
    return {"words": unclear.words, "options": options}


def _unclear(procedure: Procedure, raw: Mapping[str, Any]) -> Unclear:
    options = tuple(
        Option(option["fact"], values.read(procedure, option["fact"], option["value"]))
        for option in raw["options"]
    )
    return Unclear(str(raw["words"]), options)
