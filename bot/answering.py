"""What the turn answers with: the dialogue, loaded once with its knowledge and words. No network, no SDK."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import structlog

from bot.dialogue.board import NO_BOARD, Board
from bot.dialogue.context import Context
from bot.dialogue.eligibility.memory import KEEP_DAYS
from bot.dialogue.message import Message, Outcome
from bot.dialogue.needs import needs
from bot.dialogue.post import Post
from bot.dialogue.reminders import words as reminding
from bot.dialogue.reminders.reminder import Reminder
from bot.dialogue.respond import respond
from bot.dialogue.state import ConversationState
from bot.rendering import Parts, rendered
from bot.texts import LOCALES, texts
from bot.turn import Apology, Need, Respond
from cards.views import NoticeView
from knowledge.loader import DATA, Base
from knowledge.search import load_engine
from rules import load_rulebook
from rules.parameters import DataError

WARM_DAY = date(2026, 9, 1)

log = structlog.get_logger("kazipot.answering")


Remind = Callable[[Reminder, datetime], tuple[Post | None, Reminder | None]]
"""(reminder, now) -> what to say, and the reminder after it; None when it has ended."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The dialogue ready to use, and the parts that are not, with the reason."""

    respond: Respond
    apologise: Apology
    problems: Mapping[str, str]
    """The parts that can't be used, for operators."""
    needs: Need = needs
    remind: Remind | None = None
    base: Base | None = None
    reason: str = ""
    """What exactly is wrong with a part that can't be used."""
    calendar: Callable[[str, datetime], bytes] | None = None
    """(language, now) -> the windows for filing alone as a calendar file."""


class NotLoaded(Exception):
    """A question came although a part that answers could not be loaded."""


def load_answering(
    knowledge_dir: Path | None = None, site: str = "", check_days: int = KEEP_DAYS, keeps_gaps: bool = True
) -> Answering:
    """Load knowledge, rules and words; a broken part is named as a problem, and questions get an apology.

    `site` is the address of the bot's own pages, for links to them; `check_days` is how long the facts of a check
    are kept, `keeps_gaps` whether questions without an answer are.
    """
    try:
        engine = load_engine(knowledge_dir or DATA)
    except (ValueError, OSError) as error:  # a KnowledgeError is a ValueError
        log.error("knowledge not loaded", error=str(error))
        return Answering(_broken, apologise, {"knowledge": "not loaded; the log says why"}, reason=str(error))

    try:
        rulebook = load_rulebook()
    except (DataError, OSError) as error:
        log.error("rules not loaded", error=str(error))
        return Answering(_broken, apologise, {"rules": "not loaded; the log says why"}, reason=str(error))

    def answer(
        message: Message, state: ConversationState, on: date, dropped: bool, board: Board = NO_BOARD
    ) -> Outcome:
        return respond(
            message,
            state,
            Context(engine, on, rulebook, dropped, board, site, keeps_gaps, check_days=check_days),
        )

    def remind(reminder: Reminder, now: datetime) -> tuple[Post | None, Reminder | None]:
        return reminding.tell(rulebook, reminder, now, site)

    def calendar(locale: str, now: datetime) -> bytes:
        from bot.calendar_file import calendar_file  # here, because few processes are ever asked for it

        return calendar_file(rulebook, texts(locale), now)

    for locale in LOCALES:  # what is read on first use is read now, and not in somebody's first turn
        answer(Message("?", "warm", locale=locale), ConversationState(), WARM_DAY, False)
    return Answering(answer, apologise, {}, remind=remind, base=engine.base, calendar=calendar)


def apologise(message: Message, reference: str) -> Outcome:
    """What to say when the turn failed: that it did, and the reference under which the log has it."""
    words = texts(message.locale)
    view = NoticeView(text=words("error.text", reference=reference))
    return Outcome("notice", (view,), ConversationState(), intent="error", locale=words.locale)


def slow_down(message: Message, why: str) -> Parts:
    """What to say to whom asks too much: "too_fast" for a person, "crowded" for everybody at once."""
    words = texts(message.locale)
    return rendered((NoticeView(text=words(f"limit.{why}.text")),))


def _broken(
    message: Message, state: ConversationState, on: date, dropped: bool, board: Board = NO_BOARD
) -> Outcome:
    raise NotLoaded
