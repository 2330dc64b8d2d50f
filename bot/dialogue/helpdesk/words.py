"""Tickets in words: moments, where they are in their life, when an answer can be expected."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.helpdesk.desk import Desk
from bot.dialogue.helpdesk.hours import ZONE, answered_by, is_open, next_opening
from bot.dialogue.helpdesk.ticket import Move, Said, Status, Ticket
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from knowledge.loader import Base

ADVISERS_LOCALE = "sl"
"""The advisers' channel speaks Slovenian; the user gets every sentence in the language that they asked in."""


def moment(at: datetime, texts: Texts) -> str:
    """A day and the time on a clock in Slovenia."""
    local = at.astimezone(ZONE)
    time = f"{local.hour}.{local.minute:02}" if texts.locale == "sl" else f"{local:%H:%M}"
    return texts("helpdesk.moment", day=day_in_words(local.date(), texts.locale), time=time)


def expected(desk: Desk, now: datetime, texts: Texts) -> str:
    """Whether the advisers are there and by when they answer, as far as that is said; "" where it is not."""
    if not desk.hours:
        return ""
    opens = next_opening(desk.hours, now)
    parts = []
    if is_open(desk.hours, now):
        parts.append(texts("helpdesk.open_now"))
    elif opens:
        parts.append(texts("helpdesk.open_next", opens=moment(opens, texts)))
    by = answered_by(desk.hours, now, desk.answer_hours) if desk.answer_hours else None
    if by:
        parts.append(texts("helpdesk.answered_by", by=moment(by, texts)))
    return " ".join(parts)


def status(ticket: Ticket, texts: Texts, *, named: bool = False) -> str:
    """Where a ticket is in its life; `named` says who has it, for the advisers."""
    if ticket.status is Status.CLOSED:
        return texts(f"helpdesk.ended.{ticket.ended or Move.CLOSE.value}")
    words = texts(f"helpdesk.status.{ticket.status.value}")
    return f"{words} · {ticket.adviser.name}" if named and ticket.adviser else words


def said(one: Said, texts: Texts, *, named: bool = False) -> str:
    """One thing said or done, with its moment and, for the advisers, the name of whoever did it."""
    who = texts(f"helpdesk.did.{one.move.value}")
    head = f"{moment(one.at, texts)} · {who}" + (f" ({one.name})" if named and one.name else "")
    return f"{head}\n{one.words}" if one.words else head


def topic(key: str, base: Base, texts: Texts) -> str:
    """The label of a topic."""
    known = base.topics.get(key)
    return known.label.of(texts.locale) if known else texts("helpdesk.topic_other")


def within(lines: list[str], size: int) -> list[str]:
    """The newest lines that fit into so many bytes, an ellipsis in the place of older ones."""
    kept: list[str] = []
    for line in reversed(lines):
        size -= len(line.encode()) + 40
        if size < 0:
            return ["…", *kept]
        kept.insert(0, line)
    return kept
