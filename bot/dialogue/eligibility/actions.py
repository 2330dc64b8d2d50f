"""The buttons and inputs of the check: the data that they carry, and reading it back as a stranger's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.eligibility import values
from rules import FACTS, FactError, Procedure, Text

START, ANSWER, UNKNOWN = "check", "check_answer", "check_unknown"
FORM, SUBMIT, RESULT, PRINT = "check_form", "check_submit", "check_result", "check_print"
WHAT_IF, TRY, UNTRY = "check_what_if", "check_try", "check_untry"
NEXT, CANCEL, RESTART = "check_next", "check_cancel", "check_restart"
VERBS = frozenset(
    {START, ANSWER, UNKNOWN, FORM, SUBMIT, RESULT, PRINT, WHAT_IF, TRY, UNTRY, NEXT, CANCEL, RESTART}
)
INPUT = "fact_"
"""Prefix of the ids of inputs, before the name of the fact."""
MOST_INPUTS = 60


class BadAction(ValueError):
    """Data that none of our cards sends."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button: what it does, for which procedure, and the facts that it or the inputs state.

    `refused` are facts with values that cannot be; the others are kept.
    """

    verb: str
    procedure: Procedure | None
    fact: str | None
    facts: Mapping[str, Any]
    refused: tuple[tuple[str, Text], ...]
    left_empty: tuple[str, ...]


def read(data: Mapping[str, Any]) -> Pressed:
    """The data of a button; raises `BadAction` for what no card of ours sends."""
    procedure = _procedure(data.get("procedure"))
    fact = data.get("fact")
    if fact is not None and (procedure is None or not isinstance(fact, str) or fact not in FACTS[procedure]):
        raise BadAction("fact")
    inputs = _inputs(data)
    if procedure is None:
        if inputs:
            raise BadAction("procedure")
        return Pressed(str(data.get("do")), None, None, {}, (), ())
    stated: dict[str, Any] = {}
    refused: list[tuple[str, Text]] = []
    empty: list[str] = []
    for name, raw in inputs.items():
        try:
            value = values.from_input(procedure, name, raw)
        except FactError as error:
            refused.append((name, error.text))
            continue
        if value is None:
            empty.append(name)
        else:
            stated[name] = value
    return Pressed(str(data.get("do")), procedure, fact, stated, tuple(refused), tuple(empty))


def _inputs(data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts in the data: the one of a pressed answer, and those of inputs."""
    found: dict[str, Any] = {}
    fact = data.get("fact")
    if isinstance(fact, str) and "value" in data:
        found[fact] = data["value"]
    for name, raw in list(data.items())[:MOST_INPUTS]:
        if isinstance(name, str) and name.startswith(INPUT):
            found[name.removeprefix(INPUT)] = raw
    return found


def _procedure(name: object) -> Procedure | None:
    if name is None:
        return None
    if name not in list(Procedure):
        raise BadAction("procedure")
    return Procedure(str(name))


def start(procedure: Procedure | None = None, **facts: Any) -> dict[str, Any]:
    """The data of a button that starts a check, or goes on with the running one."""
    named = {"procedure": procedure.value} if procedure else {}
    return {"do": START, **named, **{f"{INPUT}{name}": value for name, value in facts.items()}}


def answer(procedure: Procedure, fact: str, value: Any) -> dict[str, Any]:
    """The data of a button that answers."""
    return {"do": ANSWER, "procedure": procedure.value, "fact": fact, "value": value}


def about(verb: str, procedure: Procedure, fact: str | None = None) -> dict[str, Any]:
    """The data of any other button of the check."""
    named = {"fact": fact} if fact else {}
    return {"do": verb, "procedure": procedure.value, **named}
