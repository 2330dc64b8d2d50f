"""What is counted of turns and kept as gaps: told by the state, without anybody's identity."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue import counting
from bot.dialogue.helpdesk.changes import TicketOpened
from bot.dialogue.message import Message, Outcome, Status
from bot.dialogue.state import ConversationState
from bot.storage.ports import Event, GapFound

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FRESH = ConversationState()
ASKED = Message("Ime mi je Ana Novak, koliko dni dopusta imam?", "c")


def outcome(status: Status = "no_answer", **changes: object) -> Outcome:
    return replace(Outcome(status, (), FRESH), **changes)  # type: ignore[arg-type]


def test_what_came_before_is_known_for_ten_minutes() -> None:
    state = counting.remembered(outcome("clarify"), ASKED, NOW).state
    assert state.last == "clarify"
    for minutes, after in ((0, "clarify"), (10, "clarify"), (11, "")):
        found = counting.counted(outcome("answer"), state, NOW + timedelta(minutes=minutes))
        assert found.after == after


@pytest.mark.parametrize("stored", ["", "yesterday", "2026-11-20T09:00"])
def test_a_moment_that_can_not_be_read_is_none(stored: str) -> None:
    assert counting.counted(outcome(), replace(FRESH, last="answer", last_at=stored), NOW).after == ""


def test_a_command_between_does_not_hide_the_question() -> None:
    state = counting.remembered(outcome("answer"), ASKED, NOW).state
    assert (
        counting.remembered(outcome("notice", state=state), ASKED, NOW + timedelta(minutes=5)).state == state
    )


def test_forgetting_leaves_nothing() -> None:
    assert counting.remembered(outcome("notice", intent="forget"), ASKED, NOW).state == FRESH


def test_a_check_begins_once_and_shows_results() -> None:
    running = replace(FRESH, check={"procedure": "naziv"})
    step = outcome("check", state=running, check={"procedure": "naziv", "outcome": None})
    assert counting.counted(step, FRESH, NOW) == counting.Counted("", "began", "naziv")
    result = replace(step, check={"procedure": "naziv", "outcome": "not_met"})
    assert counting.counted(result, running, NOW) == counting.Counted("", "", "naziv", "not_met")


def test_a_question_sent_to_a_person_is_counted() -> None:
    opened = TicketOpened(None)  # type: ignore[arg-type]
    assert counting.counted(outcome("notice", changes=(opened,)), FRESH, NOW).step == "ticket"


def test_a_gap_is_the_question_without_the_person() -> None:
    found = counting.gap(ASKED, outcome(), FRESH)
    assert found == counting.Gap("declined", "Ime mi je …, koliko dni dopusta imam?", "", "sl")


def test_candidates_that_were_offered_make_a_gap_with_the_nearest() -> None:
    found = counting.gap(
        Message("priloge", "c", scope="channel"), outcome("clarify", entries=("a", "b")), FRESH
    )
    assert found == counting.Gap("clarified", "priloge", "a", "sl")


@pytest.mark.parametrize(
    ("message", "given", "before"),
    [
        (ASKED, outcome("answer", entries=("a",)), FRESH),
        (ASKED, outcome("no_answer", entries=("a-known-unknown",)), FRESH),
        (ASKED, outcome("notice"), FRESH),
        (ASKED, outcome(), replace(FRESH, check={"procedure": "naziv"})),
        (ASKED, outcome(state=replace(FRESH, check={"procedure": "naziv"})), FRESH),
        (ASKED, outcome(check={"procedure": "naziv"}), FRESH),
        (Message("about somebody's message", "", kind="dialog"), outcome(), FRESH),
        (Message("", "c", kind="action", action={"do": "ask", "text": "priloge"}), outcome(), FRESH),
        (Message("041 123 456", "c"), outcome(), FRESH),
    ],
    ids=["answered", "known unknown", "notice", "in a check", "into a check", "of a check", "dialog", "button", "bare"],
)  # fmt: skip
def test_what_is_no_gap(message: Message, given: Outcome, before: ConversationState) -> None:
    assert counting.gap(message, given, before) is None


def test_a_long_question_is_cut_after_redaction() -> None:
    found = counting.gap(Message("dopust " * 60 + "041 123 456", "c"), outcome(), FRESH)
    assert found
    assert len(found.question) <= counting.LONGEST_GAP


def test_nobody_is_in_what_is_kept() -> None:
    kept = {field.name for kind in (Event, GapFound) for field in fields(kind)}
    assert not kept & {"conversation", "user", "person", "key", "tenant", "text", "activity", "hour_minute"}
    assert {field.name for field in fields(GapFound)} == {"day", "kind", "question", "entry", "locale"}
