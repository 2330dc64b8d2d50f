"""Who may see the figures and read the knowledge anew, and what they get."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.dialogue.board import Board, Needs
from bot.dialogue.context import Context
from bot.dialogue.message import Message, Outcome
from bot.dialogue.needs import needs
from bot.dialogue.operating import REPORT_DAYS
from bot.dialogue.respond import respond
from bot.dialogue.state import ConversationState
from bot.texts import texts
from cards.views import NoticeView, ReportView
from knowledge.search import load_engine
from rules import load_rulebook
from tests.support.month import month

ENGINE = load_engine()
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FRESH = ConversationState()
STAFF = ({"adviser"}, {"curator"})


def said(text: str, roles: set[str], board: Board | None = None) -> Outcome:
    context = Context(ENGINE, date(2026, 11, 2), load_rulebook(), board=board or Board(NOW))
    return respond(message(text, roles), FRESH, context)


def message(text: str, roles: set[str], **changes: Any) -> Message:
    return Message(text, "c", scope="channel", roles=frozenset(roles), **changes)


@pytest.mark.parametrize("roles", STAFF, ids=str)
@pytest.mark.parametrize("words", ["Poročilo", "porocilo, prosim", "report"])
def test_staff_get_the_figures(roles: set[str], words: str) -> None:
    assert needs(message(words, roles), FRESH) == Needs(report_days=REPORT_DAYS)
    outcome = said(words, roles, Board(NOW, rows=month(ENGINE.base)))
    (view,) = outcome.views
    assert isinstance(view, ReportView)
    assert view.charts
    assert outcome.refused == ""


def test_others_get_a_refusal_and_nothing_is_read() -> None:
    assert needs(message("poročilo", set()), FRESH) == Needs()
    outcome = said("poročilo", set(), Board(NOW, rows=month(ENGINE.base)))
    assert text(outcome) == texts("sl")("report.refused.text")
    assert outcome.refused == "not_staff"


def test_without_a_database_that_is_said() -> None:
    assert text(said("poročilo", {"adviser"})) == texts("sl")("report.no_figures.text")


@pytest.mark.parametrize("kind", ["search", "dialog"])
def test_nothing_is_read_while_somebody_types(kind: str) -> None:
    assert needs(replace(message("poročilo", {"adviser"}), kind=kind), FRESH) == Needs()  # type: ignore[arg-type]


def test_a_curator_has_the_knowledge_read_anew() -> None:
    outcome = said("osveži znanje", {"curator"})
    assert (outcome.intent, outcome.refused) == ("reload", "")
    assert text(outcome) == texts("sl")("reload.started.text")


@pytest.mark.parametrize("roles", [set(), {"adviser"}], ids=str)
def test_nobody_else_may(roles: set[str]) -> None:
    outcome = said("osveži znanje", roles)
    assert outcome.refused == "not_curator"
    assert text(outcome) == texts("sl")("reload.forbidden.text")


def text(outcome: Outcome) -> str:
    (view,) = outcome.views
    assert isinstance(view, NoticeView)
    return view.text
