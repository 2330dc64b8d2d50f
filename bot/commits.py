"""What a turn writes: its outcome as a state, an event, a gap, posts and the reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import local_time
from bot.dialogue import counting
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from bot.once import to_send
from bot.rendering import Parts, rendered
from bot.storage.ports import Commit, Event, Feedback, GapFound, OutboxMessage


@dataclass(frozen=True, slots=True)
class Worked:
    """A turn that was worked out: on which state, the version of that in the storage (0 for none), and whether what
    was stored there had to be dropped."""

    message: Message
    outcome: Outcome
    parts: Parts
    before: ConversationState
    version: int
    dropped: bool


def commit_of(turn: Worked, on: date, now: datetime, milliseconds: int, *, keep_gaps: bool) -> Commit:
    """All that the turn writes, in one transaction. A state that stayed as it was is not written again."""
    message, outcome = turn.message, turn.outcome
    unchanged = (outcome.state == turn.before and not turn.dropped) or not message.conversation
    return Commit(
        conversation=message.conversation,
        expected_version=turn.version,
        state=None if unchanged else outcome.state.to_json(),
        events=(_event(turn, on, now, milliseconds),),
        now=now,
        activity=message.activity,
        feedback=_feedback(outcome, on),
        gaps=_gaps(turn, on) if keep_gaps else (),
        posts=_posts(outcome),
        changes=outcome.changes,
        reply=to_send(message, turn.parts, now),
    )


def _posts(outcome: Outcome) -> tuple[OutboxMessage, ...]:
    """The messages to other places, ready to be sent."""
    parts = rendered(post.view for post in outcome.posts)
    return tuple(
        OutboxMessage(post.key, post.place, part.card, part.text, post.replaces, post.until)
        for post, part in zip(outcome.posts, parts, strict=True)
    )


def _feedback(outcome: Outcome, on: date) -> tuple[Feedback, ...]:
    given = outcome.rating
    return (Feedback(on, given.entry, given.version, given.rating, given.reason),) if given else ()


def _gaps(turn: Worked, on: date) -> tuple[GapFound, ...]:
    found = counting.gap(turn.message, turn.outcome, turn.before)
    return (GapFound(on, found.kind, found.question, found.entry, found.locale),) if found else ()


def _event(turn: Worked, on: date, now: datetime, milliseconds: int) -> Event:
    message, outcome = turn.message, turn.outcome
    counted = counting.counted(outcome, turn.before, now)
    return Event(
        day=on,
        hour=local_time(now).hour,
        intent=outcome.intent,
        status=outcome.status,
        entry=outcome.entries[0] if outcome.entries else "",
        score=outcome.score,
        scope=message.scope,
        locale=outcome.locale,
        milliseconds=milliseconds,
        after=counted.after,
        step=counted.step,
        procedure=counted.procedure,
        outcome=counted.outcome,
    )
