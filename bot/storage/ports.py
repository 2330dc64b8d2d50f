"""What the turn needs of storage, whoever keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

# How long an activity stays with the process that took it. Shorter than the 15 s after which Teams delivers
# again, so that the second delivery of a turn whose process died is answered; far longer than a turn takes.
LEASE = timedelta(seconds=10)


class StorageError(Exception):
    """The store could not be reached or refused to work."""


class VersionConflict(StorageError):
    """Another turn of the same conversation was saved in between: load again and redo the turn."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation's state as kept, with the version that the next save must name.

    `data` is empty when the row could not be read: the state is then dropped like an outdated one.
    """

    data: Mapping[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Event:
    """What is counted of a turn: no text, no names, no conversation."""

    day: date
    hour: int
    intent: str
    status: str
    entry: str
    score: float
    scope: str
    locale: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rating of an answer: which entry in which version of the knowledge, and perhaps why; not whose."""

    day: date
    entry: str
    version: str
    rating: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """Which answer a message of ours holds, under an opaque key of the message: a rating names only that."""

    key: str
    entry: str
    version: str


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything that one turn writes, in one transaction.

    `expected_version` is the version loaded, 0 for a new conversation. A `state` of None leaves the
    conversation as it is, and then the version is not checked.
    """

    conversation: str
    expected_version: int
    state: Mapping[str, Any] | None
    events: tuple[Event, ...]
    now: datetime
    activity: str | None = None
    feedback: tuple[Feedback, ...] = ()
    sent: tuple[SentAnswer, ...] = ()


class Storage(Protocol):
    """Conversation states, answered activity ids, events, sent answers and what was thought of them."""

    async def claim(self, activity: str, now: datetime) -> bool:
        """Take an activity id for this process; False when it is being or was answered."""

    async def release(self, activity: str) -> None:
        """Give an activity id back after a failed turn, so that a second delivery is answered."""

    async def load(self, conversation: str) -> Stored | None:
        """The state of a conversation, or None."""

    async def save(self, commit: Commit) -> None:
        """Write everything of a commit together; raises `VersionConflict`."""

    async def sent_answer(self, key: str) -> SentAnswer | None:
        """The answer in a message of ours, or None when it is not known (any more)."""

    async def forget(self, conversation: str) -> None:
        """Delete what is kept of a conversation."""

    async def prune(self, before: datetime) -> int:
        """Delete older conversations, activities, sent answers and reasons; says how many conversations."""

    async def ping(self) -> None:
        """Raise `StorageError` when the store does not answer."""
