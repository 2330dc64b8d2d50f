"""Which messages are about asking a person, what they make necessary to look up, and who replies to them."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import present
from bot.dialogue.board import Needs
from bot.dialogue.context import Context
from bot.dialogue.helpdesk import actions, advising, asking
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import Intent
from bot.texts import Texts

INTENTS = frozenset({"person", "ticket", "my_questions", "helpdesk_here"})
"""What can be said or pressed about asking a person."""


def looks_up(intent: Intent, message: Message, needs: Needs) -> Needs:
    """The needs, with those of a message that is about asking a person."""
    if intent.name not in {*INTENTS, "forget"} or message.place is None:
        return needs
    asker = message.user if intent.name in {"my_questions", "forget"} or _sends(intent) else ""
    of_ticket = intent.name == "ticket"
    number = actions.read(message.action or {}).number if of_ticket else 0
    return replace(needs, desk=True, ticket=number, tickets_of=asker, unanswered=of_ticket)


def _sends(intent: Intent) -> bool:
    return intent.name == "ticket" and intent.text in {actions.SEND, actions.MINE}


def reply(
    intent: Intent, message: Message, state: ConversationState, context: Context, texts: Texts
) -> Outcome | None:
    """The reply about asking a person; None where there are no advisers to ask here."""
    if intent.name == "helpdesk_here":
        return advising.set_up(message, state, context, texts)
    turn = asking.turn_of(message, state, context, texts)
    if turn is None:
        return None if intent.name == "person" else _nobody(state, texts)
    match intent.name:
        case "person":
            return asking.person(turn)
        case "my_questions":
            return asking.mine(turn)
        case "ticket" if intent.text in actions.OF_ADVISERS:
            return advising.press(turn)
        case "ticket":
            return asking.press(turn)
    return None


def _nobody(state: ConversationState, texts: Texts) -> Outcome:
    """A button from a time when there were advisers to ask: where people are to be found now."""
    return Outcome("notice", (present.notice(texts, "person"),), state, intent="person")
