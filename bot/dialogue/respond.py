"""One message in, one outcome out: the whole dialogue as a pure function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from cards.views import NoticeView


@dataclass(frozen=True, slots=True)
class Context:
    """All that a reply depends on beside the message and the state."""

    on: date


def respond(message: Message, state: ConversationState, context: Context) -> Outcome:
    """Answer one message. Pure: the same arguments give the same outcome."""
    return Outcome("notice", (NoticeView(text=message.text[:200]),), state)
