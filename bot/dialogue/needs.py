"""What a message makes necessary to look up before it is answered."""

from __future__ import annotations

from bot.dialogue import operating
from bot.dialogue.board import Needs
from bot.dialogue.helpdesk import door
from bot.dialogue.message import Message
from bot.dialogue.reminders import talk
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import understand


def needs(message: Message, state: ConversationState) -> Needs:
    """What to look up; pure, like the answer itself."""
    if message.kind not in ("search", "dialog") and operating.wants_figures(
        understand(message, state), message
    ):
        return Needs(report_days=operating.REPORT_DAYS)
    if message.place is None or message.kind in ("search", "dialog"):
        return Needs()
    intent = understand(message, state)
    about_reminders = message.scope == "personal" and intent.name in talk.INTENTS
    found = Needs(reminder=message.place.key if about_reminders else "")
    return door.looks_up(intent, message, found)
