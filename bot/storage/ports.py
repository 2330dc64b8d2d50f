"""What the turn needs of storage, whoever keeps it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from bot.dialogue.board import Board, Change, Needs
from bot.dialogue.post import Place

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
    """What is counted of a turn: no text, no names, no conversation. `bot.dialogue.counting` explains the last four."""

    day: date
    hour: int
    intent: str
    status: str
    entry: str
    score: float
    scope: str
    locale: str
    milliseconds: int
    after: str = ""
    step: str = ""
    procedure: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class GapFound:
    """A question without an answer, personal data taken out; the day and no more of when and who."""

    day: date
    kind: str
    question: str
    entry: str
    locale: str


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
class OutboxMessage:
    """A message that waits to be sent to a place: a card and its plain-text twin. One of each `key` is ever sent.

    `replaces` is the key of an earlier one, whose message it takes the place of. After `until` it is not sent.
    """

    key: str
    place: Place
    card: Mapping[str, Any]
    text: str
    replaces: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leased:
    """A message of the outbox, for a while in the hands of one process.

    `attempt` counts from 1; `written_at` is when it was put in; `update` is the id of the message in the channel
    that it takes the place of, "" for a new one.
    """

    message: OutboxMessage
    attempt: int
    written_at: datetime
    update: str = ""


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
    gaps: tuple[GapFound, ...] = ()
    posts: tuple[OutboxMessage, ...] = ()
    changes: tuple[Change, ...] = ()
    reply: tuple[OutboxMessage, ...] = ()
    """What the activity is answered with: kept until a later commit with the same activity has none."""

    @property
    def must_last(self) -> bool:
        """Whether something is promised that memory alone can't keep."""
        return bool(self.posts or self.changes)


class Storage(Protocol):
    """Conversation states, answered activity ids, events, sent answers and what was thought of them."""

    async def claim(self, activity: str, now: datetime) -> bool:
        """Take an activity id for this process; False when it is being or was answered."""

    async def release(self, activity: str) -> None:
        """Give an activity id back after a failed turn, so that a second delivery is answered."""

    async def answered(self, activity: str) -> bool:
        """Whether an activity was answered: not whether somebody has it in hand."""

    async def hold(self, activities: Collection[str], until: datetime) -> int:
        """Keep unsent replies until a moment; after it the outbox takes them over. Says how many are kept."""

    async def load(self, conversation: str) -> Stored | None:
        """The state of a conversation, or None."""

    async def save(self, commit: Commit) -> None:
        """Write everything of a commit together; raises `VersionConflict`."""

    async def sent_answer(self, key: str) -> SentAnswer | None:
        """The answer in a message of ours, or None when it is not known (any more)."""

    async def forget(self, conversation: str) -> None:
        """Delete what is kept of a conversation."""

    async def prune(
        self,
        before: datetime,
        *,
        counts: date = date.min,
        gaps: date = date.min,
        checks: date = date.min,
    ) -> int:
        """Delete older conversations, activities, sent answers and reasons; events and ratings of days before
        `counts`, gaps of days before `gaps`, the facts of checks begun before `checks`. Says how many conversations."""

    async def ping(self) -> None:
        """Raise `StorageError` when the store does not answer."""


class Boards(Protocol):
    """What turns look up beside their conversation."""

    async def board(self, needs: Needs, now: datetime) -> Board:
        """What was asked for; raises `StorageError`."""


class Outbox(Protocol):
    """Messages to be sent: each at least once, one place's in order, whatever stops in between."""

    async def take_over(self, now: datetime) -> int:
        """Replies that nobody holds any more become messages of the outbox; says how many."""

    async def lease(self, now: datetime, until: datetime) -> Leased | None:
        """Take the next message that is due, if any; another process may have it again after `until`."""

    async def sent(self, key: str, message: str, now: datetime) -> None:
        """It was sent; `message` is the id that the channel gave it. Its content is deleted."""

    async def postpone(self, key: str, until: datetime) -> None:
        """It could not be sent now; try again at `until`."""

    async def fail(self, key: str, reason: str, now: datetime) -> None:
        """It can't be sent at all. Its content is deleted."""

    async def waiting(self) -> int:
        """How many are still to be sent."""
