"""Messages that the bot sends of its own accord: where to, and what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cards.views import View


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message can be sent unasked: what a channel needs for it. Kept with consent only, and never logged.

    `key` is the opaque key of the conversation; `service_url` was checked when the message came in.
    """

    key: str
    channel: str
    service_url: str = field(repr=False)
    conversation: str = field(repr=False)
    tenant: str = ""
    bot: str = field(default="", repr=False)
    scope: str = "personal"

    def to_json(self) -> dict[str, str]:
        """Plain data for storage."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Place:
        """Read stored data; raises `ValueError` when it does not fit."""
        try:
            place = cls(**data)
        except TypeError as error:
            raise ValueError(str(error)) from error
        if not all(isinstance(value, str) for value in asdict(place).values()):
            raise ValueError("wrong types")
        return place


@dataclass(frozen=True, slots=True)
class Post:
    """A message to a place. A `key` is sent once, however often it is asked for.

    `replaces` is the key of an earlier post, whose message this one takes the place of. After
    `until` it is of no use any more and is not sent.
    """

    key: str
    place: Place
    view: View
    replaces: str = ""
    until: datetime | None = None
