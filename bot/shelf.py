"""The knowledge that is being answered from, and how a newer one takes its place: as a whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.answering import Answering, NotLoaded
from bot.dialogue.post import Post
from bot.dialogue.reminders.reminder import Reminder
from bot.texts import Texts
from cards.views import NoticeView
from knowledge.loader import Base

LONGEST_REASON = 1500
log = structlog.get_logger("kazipot.shelf")


@dataclass(frozen=True, slots=True)
class Reloaded:
    """How reading anew went: the base that is answered from now, whether it is another, or why it was refused."""

    base: Base | None
    changed: bool = False
    wrong: str = ""

    def view(self, words: Texts) -> NoticeView:
        """What a curator is told."""
        if self.wrong or self.base is None:
            return NoticeView(words("reload.refused.text", problems=_short(self.wrong)))
        key = "reload.done.text" if self.changed else "reload.same.text"
        return NoticeView(words(key, entries=len(self.base.entries), digest=self.base.digest[:8]))


class Shelf:
    """Holds the answering in use. A turn takes `current` once, at its beginning, and keeps it to its end."""

    def __init__(self, current: Answering, load: Callable[[], Answering]) -> None:
        self.current = current
        self._load = load
        self._one = asyncio.Lock()

    async def reload(self) -> Reloaded:
        """Read everything anew, beside the event loop; what is broken changes nothing."""
        async with self._one:
            found = await asyncio.to_thread(self._load)
            if found.problems:
                log.error("new knowledge refused", parts=list(found.problems), reason=found.reason)
                return Reloaded(self.current.base, wrong=found.reason or ", ".join(found.problems))
            before, self.current = self.current.base, found
            changed = before is None or found.base is None or before.digest != found.base.digest
            entries = len(found.base.entries) if found.base else 0
            log.info("knowledge read anew", entries=entries, changed=changed)
            return Reloaded(found.base, changed)

    def remind(self, reminder: Reminder, now: datetime) -> tuple[Post | None, Reminder | None]:
        """What the present answering says of a reminder."""
        tell = self.current.remind
        if tell is None:
            raise NotLoaded
        return tell(reminder, now)

    def calendar(self, locale: str, now: datetime) -> bytes:
        """The present answering's calendar file."""
        calendar = self.current.calendar
        if calendar is None:
            raise NotLoaded
        return calendar(locale, now)


def _short(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else reason[:LONGEST_REASON].rpartition("\n")[0] + "\n…"
