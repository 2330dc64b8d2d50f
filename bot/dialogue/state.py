"""What the bot remembers of a conversation between two turns: answers given, never conclusions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA = 1


class StateOutdated(ValueError):
    """A stored state was written by another version and no longer fits."""


@dataclass(frozen=True, slots=True)
class ConversationState:
    """The entry and words of the turn before, the chosen language, the candidates offered, a running check; what the
    last question came to, and the minute of it in UTC."""

    entry: str = ""
    question: str = ""
    locale: str = ""
    offered: tuple[str, ...] = ()
    check: Mapping[str, Any] = field(default_factory=dict)
    last: str = ""
    last_at: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data for storage."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ConversationState:
        """Read stored data; raises `StateOutdated` when it was written by another version."""
        if data.get("schema") != SCHEMA:
            raise StateOutdated(f"state schema {data.get('schema')!r}")
        fields = {key: data[key] for key in data if key != "schema"}
        try:
            state = cls(**{**fields, "offered": tuple(fields.get("offered", ()))})
        except TypeError as error:
            raise StateOutdated(str(error)) from error
        words = (state.entry, state.question, state.locale, state.last, state.last_at, *state.offered)
        if not isinstance(state.check, Mapping) or not all(isinstance(word, str) for word in words):
            raise StateOutdated("wrong types")
        return state
