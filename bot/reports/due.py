"""The answers whose review is due, as a list for the advisers' channel."""

from __future__ import annotations

from datetime import date

from bot.reports.words import day
from bot.texts import Texts
from cards.views import NoticeView
from knowledge.checks import stale
from knowledge.loader import Base

SHOWN = 40


def due_view(base: Base, until: date, words: Texts) -> NoticeView | None:
    """What is overdue or due up to a day, the longest overdue first; None when nothing is."""
    due = stale(base, until)
    if not due:
        return None
    lines = [
        words(
            "due.line", title=entry.title.of(words.locale), day=day(entry.review_by, words), owner=entry.owner
        )
        for entry in due[:SHOWN]
    ]
    if len(due) > SHOWN:
        lines.append(words("due.more", number=len(due) - SHOWN))
    bullets = "\n".join(f"- {line}" for line in lines)
    return NoticeView(f"{words('due.text', day=day(until, words))}\n\n{bullets}", words("due.title"))
