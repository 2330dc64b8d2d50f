"""Ratings of answers: what is taken from them, and the reply to a rating pressed on a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue import present
from bot.dialogue.message import Outcome, Rating
from bot.dialogue.redaction import redacted
from bot.dialogue.state import ConversationState
from bot.texts import Texts
from cards.views import Button, Field, FormView

RATINGS = frozenset({"like", "dislike"})
LONGEST_REASON = 500
LONGEST_NAME = 60
SENT = "sent"
"""Card data with this key true comes from the form that asks for a reason."""


def neat(reason: object) -> str:
    """A reason fit to be kept: short, and without personal data."""
    if not isinstance(reason, str):
        return ""
    text = reason[: 4 * LONGEST_REASON].encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return redacted(text).strip()[:LONGEST_REASON]


def reply(action: Mapping[str, Any], state: ConversationState, texts: Texts) -> Outcome:
    """Thanks; before that, for an answer that did not help, the question why."""
    rating, entry, version = (_word(action.get(name)) for name in ("rating", "entry", "version"))
    if rating not in RATINGS or not entry:
        return Outcome("notice", (present.notice(texts, "action_unknown"),), state, intent="action")
    if rating == "dislike" and action.get(SENT) is not True:
        return Outcome("notice", (_why(entry, version, texts),), state, intent="feedback")
    given = Rating(entry, version, rating, neat(action.get("reason")))
    return Outcome(
        "notice", (present.notice(texts, "feedback.thanks"),), state, intent="feedback", rating=given
    )


def _why(entry: str, version: str, texts: Texts) -> FormView:
    data = {"do": "feedback", "entry": entry, "version": version, "rating": "dislike", SENT: True}
    return FormView(
        title=texts("feedback.why.title"),
        text=texts("feedback.why.text"),
        fields=(Field("reason", texts("feedback.reason"), "text"),),
        submit=Button(texts("feedback.send"), data),
    )


def _word(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST_NAME else ""
