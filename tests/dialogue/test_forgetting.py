"""A check whose facts are gone: nothing is left of it but the word that it was too old."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.context import Context
from bot.dialogue.eligibility.conversation import lost
from bot.dialogue.eligibility.forgetting import forgotten, without_facts
from bot.dialogue.eligibility.memory import KEEP_DAYS, started
from bot.dialogue.state import ConversationState
from bot.texts import texts
from knowledge.search import Engine
from rules import Procedure, Rulebook

OLD = date(2026, 10, 1)


def state(procedure: Procedure) -> ConversationState:
    return ConversationState(
        "entry", check=started(procedure, OLD).stating({"opinion_votes_for": 4}).to_state()
    )


@pytest.mark.parametrize("procedure", Procedure)
@pytest.mark.parametrize("days", [1, KEEP_DAYS])
def test_whoever_comes_back_is_told(
    engine: Engine, rulebook: Rulebook, procedure: Procedure, days: int
) -> None:
    stored = without_facts(state(procedure).to_json(), date(2026, 10, 2))
    assert "opinion" not in str(stored)
    context = Context(engine, date(2026, 11, 21), rulebook, check_days=days)
    left, notice = lost(ConversationState.from_json(stored), context, texts("sl"))
    assert notice
    assert notice.text == texts("sl")("check.expired.text", days=days)
    assert left == ConversationState("entry")


@pytest.mark.parametrize(
    "check", [{}, {"choosing": True}, {"started_on": "2026-10-02"}, {"started_on": ""}, 1, None]
)
def test_everything_else_stays(check: object) -> None:
    stored = {"schema": 1, "check": check}
    assert without_facts(stored, date(2026, 10, 2)) is stored


def test_what_is_no_procedure_of_ours_leaves_nothing() -> None:
    assert forgotten({"procedure": "points", "activities": [{"work": "clanek"}]}) == {}
    assert forgotten({}) == {}
