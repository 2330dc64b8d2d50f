"""What a message makes necessary to look up before it is answered."""

from __future__ import annotations

from bot.dialogue.board import Needs
from bot.dialogue.message import Message
from bot.dialogue.state import ConversationState


def needs(message: Message, state: ConversationState) -> Needs:
    """What to look up; pure, like the answer itself."""
    return Needs()
