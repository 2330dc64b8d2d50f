"""The result of the user's check in lines, to be sent along where the user agrees."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from bot.dialogue.context import Context
from bot.dialogue.eligibility.examine import settle
from bot.dialogue.eligibility.memory import recall
from bot.dialogue.eligibility.results import result
from bot.dialogue.state import ConversationState, StateOutdated
from bot.texts import Texts
from cards.views import ResultView

TOPICS = {"naziv": "pogoji", "placni_razred_um": "um-placni-razredi"}
"""The topic that a check of each procedure is about."""
MOST_LINES, LONGEST_LINE = 40, 300


def checked(state: ConversationState, context: Context, texts: Texts) -> tuple[str, ...]:
    """The result as it stands, in lines; empty when no check runs."""
    if not state.check:
        return ()
    try:
        check = recall(state.check)
    except StateOutdated:
        return ()
    settled = settle(context.rulebook, check, context.on)
    if settled.examination is None:
        return ()
    shown = result(settled.check, settled.examination, context.rulebook, context.on, texts)
    return tuple(line[:LONGEST_LINE] for line in _lines(shown))[:MOST_LINES]


def topic(state: ConversationState) -> str:
    """What the running check is about; "" when none runs."""
    return TOPICS.get(str(state.check.get("procedure")), "")


def digest(lines: tuple[str, ...]) -> str:
    """What tells one result from another."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] if lines else ""


def _lines(view: ResultView) -> Iterator[str]:
    yield view.title
    yield view.outcome
    yield view.subject
    for fact in view.facts:
        yield f"{fact.label}: {fact.value}"
    for condition in view.conditions:
        said = " ".join(part for part in (condition.reason, condition.needed) if part)
        yield f"{condition.mark} {condition.name}: {condition.verdict}. {said}".strip()
