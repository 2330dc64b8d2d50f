"""What advisers and curators say to the bot itself: show the figures, read the knowledge anew."""

from __future__ import annotations

from bot.dialogue import present
from bot.dialogue.context import Context
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import Intent
from bot.texts import Texts

INTENTS = frozenset({"report", "reload"})
RELOAD = "reload"
"""The intent after which the knowledge is read anew, unless the outcome says that it was refused."""
REPORT_DAYS = 30
STAFF = frozenset({"adviser", "curator"})


def wants_figures(intent: Intent, message: Message) -> bool:
    """Whether a message asks for the figures and may have them."""
    return intent.name == "report" and bool(message.roles & STAFF)


def reply(name: str, message: Message, state: ConversationState, context: Context, words: Texts) -> Outcome:
    """The figures of the last days, or that the knowledge is being read; a refusal to everybody else."""
    if name == RELOAD:
        if "curator" not in message.roles:
            return _refused(name, "reload.forbidden", "not_curator", state, words)
        return Outcome("notice", (present.notice(words, "reload.started"),), state, intent=name)
    if not message.roles & STAFF:
        return _refused(name, "report.refused", "not_staff", state, words)
    rows = context.board.rows
    if rows is None:
        return Outcome("notice", (present.notice(words, "report.no_figures"),), state, intent=name)
    from bot.reports.card import card_of  # here, because few ever ask: .01 s of a start

    return Outcome("notice", (card_of(rows, context.engine.base, words),), state, intent=name)


def _refused(name: str, key: str, why: str, state: ConversationState, words: Texts) -> Outcome:
    return Outcome("notice", (present.notice(words, key),), state, intent=name, refused=why)
