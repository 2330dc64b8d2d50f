"""Storage in this process: for `ask`, for tests, and as the spare when the database fails. Bounded."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.dialogue.eligibility.forgetting import without_facts
from bot.storage.ports import (
    LEASE,
    Commit,
    Event,
    Feedback,
    GapFound,
    SentAnswer,
    StorageError,
    Stored,
    VersionConflict,
)

LIMIT = 10_000


@dataclass(slots=True)
class _Row:
    data: Mapping[str, Any]
    version: int
    updated_at: datetime


@dataclass(slots=True)
class _Claim:
    leased_until: datetime
    answered: bool = False


class MemoryStorage:
    """Keeps the most recent of everything; the oldest fall out at the limit."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._rows: OrderedDict[str, _Row] = OrderedDict()
        self._claims: OrderedDict[str, _Claim] = OrderedDict()
        self._sent: OrderedDict[str, tuple[SentAnswer, datetime]] = OrderedDict()
        self.events: deque[Event] = deque(maxlen=limit)
        self.feedback: deque[Feedback] = deque(maxlen=limit)
        self.gaps: deque[GapFound] = deque(maxlen=limit)

    async def claim(self, activity: str, now: datetime) -> bool:
        known = self._claims.get(activity)
        if known and (known.answered or known.leased_until > now):
            return False
        self._claims[activity] = _Claim(now + LEASE)
        self._claims.move_to_end(activity)
        self._trim(self._claims)
        return True

    async def release(self, activity: str) -> None:
        self._claims.pop(activity, None)

    async def answered(self, activity: str) -> bool:
        known = self._claims.get(activity)
        return known is not None and known.answered

    async def hold(self, activities: Collection[str], until: datetime) -> int:
        return 0  # a reply that only this process knows is nobody else's to send

    async def load(self, conversation: str) -> Stored | None:
        row = self._rows.get(conversation)
        return Stored(row.data, row.version) if row else None

    async def save(self, commit: Commit) -> None:
        if commit.must_last:
            raise StorageError("memory does not last")
        if commit.state is not None:
            row = self._rows.get(commit.conversation)
            if (row.version if row else 0) != commit.expected_version:
                raise VersionConflict(commit.conversation)
            self.put(commit.conversation, Stored(commit.state, commit.expected_version + 1), commit.now)
        self.events.extend(commit.events)
        self.feedback.extend(commit.feedback)
        self.gaps.extend(commit.gaps)
        self._sent.update({sent.key: (sent, commit.now) for sent in commit.sent})
        self._trim(self._sent)
        if commit.activity:
            self._claims[commit.activity] = _Claim(commit.now + LEASE, answered=True)
            self._trim(self._claims)

    async def sent_answer(self, key: str) -> SentAnswer | None:
        known = self._sent.get(key)
        return known[0] if known else None

    async def forget(self, conversation: str) -> None:
        self._rows.pop(conversation, None)

    async def prune(
        self,
        before: datetime,
        *,
        counts: date = date.min,
        gaps: date = date.min,
        checks: date = date.min,
    ) -> int:
        old = [key for key, row in self._rows.items() if row.updated_at < before]
        for key in old:
            del self._rows[key]
        for row in self._rows.values():
            left = without_facts(row.data, checks)
            if left is not row.data:
                row.data, row.version = left, row.version + 1  # a turn in between is worked out again
        for key in [key for key, claim in self._claims.items() if claim.leased_until < before]:
            del self._claims[key]
        for key in [key for key, (_, at) in self._sent.items() if at < before]:
            del self._sent[key]
        kept = [replace(item, reason="") if item.day < before.date() else item for item in self.feedback]
        self.feedback = deque((item for item in kept if item.day >= counts), maxlen=self._limit)
        self.events = deque((item for item in self.events if item.day >= counts), maxlen=self._limit)
        self.gaps = deque((item for item in self.gaps if item.day >= gaps), maxlen=self._limit)
        return len(old)

    async def ping(self) -> None:
        return None

    def put(self, conversation: str, stored: Stored, now: datetime) -> None:
        """Keep a state as it is, without a check; the newest version stays."""
        self._rows[conversation] = _Row(stored.data, stored.version, now)
        self._rows.move_to_end(conversation)
        self._trim(self._rows)

    def _trim(self, rows: OrderedDict[str, Any]) -> None:
        while len(rows) > self._limit:
            rows.popitem(last=False)
