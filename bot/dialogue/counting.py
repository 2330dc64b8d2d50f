"""What is counted of a turn beyond its outcome, and which questions are kept as gaps. No identity in either.

What came before within ten minutes is told by the conversation's own state at the time of the turn, so that nothing
counted has to name a conversation for somebody to join rows by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.dialogue.helpdesk.changes import TicketOpened
from bot.dialogue.message import Message, Outcome
from bot.dialogue.redaction import redacted
from bot.dialogue.state import ConversationState

SOON = timedelta(minutes=10)
LONGEST_GAP = 300
READ = 1200
"""Characters of a message that a gap is made of; a longer one costs no more."""
REPLIED = frozenset({"answer", "clarify", "no_answer"})
"""What a question can come to."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`after` is what the question before came to, if it was asked within ten minutes. `step` is "began" in the turn
    in which a check began, "ticket" in that in which a question was sent to a person. `procedure` and `outcome` are
    those of a check, the latter once its result is shown."""

    after: str = ""
    step: str = ""
    procedure: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was declined, or that candidates were offered for, without personal data.

    `entry` is the nearest that was offered, "" when none was.
    """

    kind: Literal["declined", "clarified"]
    question: str
    entry: str
    locale: str


def counted(outcome: Outcome, before: ConversationState, now: datetime) -> Counted:
    """What to count; `before` is the state that the turn began with."""
    after = before.last if _soon(before, now) else ""
    if any(isinstance(change, TicketOpened) for change in outcome.changes):
        return Counted(after, "ticket")
    if outcome.status != "check" or not outcome.check:
        return Counted(after)
    procedure = str(outcome.check.get("procedure") or "")
    began = bool(outcome.state.check) and outcome.state.check.get("procedure") != before.check.get(
        "procedure"
    )
    return Counted(after, "began" if began else "", procedure, str(outcome.check.get("outcome") or ""))


def remembered(outcome: Outcome, message: Message, now: datetime) -> Outcome:
    """The outcome whose state knows what the question came to, and when."""
    if outcome.status not in REPLIED or message.kind == "dialog":
        return outcome
    at = now.isoformat(timespec="minutes")
    return replace(outcome, state=replace(outcome.state, last=outcome.status, last_at=at))


def gap(message: Message, outcome: Outcome, before: ConversationState) -> Gap | None:
    """The question as a gap of the knowledge base; None where it is none, or part of somebody's own case."""
    typed = message.kind == "message" and message.action is None and outcome.intent == "question"
    own_case = bool(before.check or outcome.state.check or outcome.check)
    declined = outcome.status == "no_answer" and not outcome.entries
    if not typed or own_case or not (declined or outcome.status == "clarify"):
        return None
    text = message.text
    if len(text) > READ:  # never in the middle of a word, of which half would not be known for what it is
        text = text[:READ].rpartition(" ")[0]
    question = " ".join(redacted(text).split())[:LONGEST_GAP]
    if not any(character.isalpha() for character in question):
        return None
    nearest = outcome.entries[0] if outcome.entries else ""
    return Gap("declined" if declined else "clarified", question, nearest, outcome.locale)


def _soon(before: ConversationState, now: datetime) -> bool:
    try:
        passed = now - datetime.fromisoformat(before.last_at)
    except (ValueError, TypeError):
        return False
    return timedelta(minutes=-1) <= passed <= SOON
