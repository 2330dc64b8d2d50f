"""What stays of a stored check that is too old: only that there was one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.dialogue.eligibility.memory import started
from rules import Procedure

FORGOTTEN = date.min
"""The day on which a check began whose facts are gone: older than any may be, so it is dropped when it is opened."""


def forgotten(data: Mapping[str, Any]) -> dict[str, Any]:
    """A stored check without anything that was stated in it; whoever opens it is told that it was too old."""
    try:
        return started(Procedure(data["procedure"]), FORGOTTEN).to_state()
    except (KeyError, ValueError):
        return {}


def without_facts(state: Mapping[str, Any], before: date) -> Mapping[str, Any]:
    """A stored state without the facts of a check begun before a day; any other as it is."""
    check = state.get("check")
    begun = check.get("started_on") if isinstance(check, Mapping) else None
    if isinstance(check, Mapping) and begun and FORGOTTEN.isoformat() < str(begun) < before.isoformat():
        return {**state, "check": forgotten(check)}
    return state
