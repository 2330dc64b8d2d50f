"""Whatever a client sends about tickets: a reply that can be shown, and no change but by whoever may make it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cards
from bot.dialogue.board import Board, Needs
from bot.dialogue.context import Context
from bot.dialogue.helpdesk.actions import OF_ADVISERS, VERBS
from bot.dialogue.helpdesk.changes import DraftKept, TicketMoved, TicketOpened
from bot.dialogue.helpdesk.desk import Desk
from bot.dialogue.helpdesk.ticket import Move, Status, moved
from bot.dialogue.message import Message
from bot.dialogue.needs import needs
from bot.dialogue.respond import respond
from bot.dialogue.state import ConversationState
from knowledge.search import Engine
from rules import Rulebook
from tests.dialogue.test_helpdesk_ticket import EVA, NEW, NOW, PLACE
from tests.support.adaptive import check_card

DESK = Desk(replace(PLACE, key="desk", scope="channel"), last_number=3)
USER = Message("", "c", kind="action", user="ana", place=PLACE, room="p")
ADVISER = replace(
    USER, user="eva", scope="channel", place=DESK.place, room="desk", roles=frozenset({"adviser"}), who="Eva"
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(
    "ticket version ticket_words ticket_question ticket_topic ticket_agrees ticket_together together entry text form "
    "seen check replace".split()
)
DATA = st.dictionaries(
    NAMES, VALUES | st.sampled_from([1, "true", "pogoji", "Da.", "vlozitev-kdaj-sam"]), max_size=8
)


@given(verb=st.sampled_from([*sorted(VERBS), "person"]), data=DATA, adviser=st.booleans())
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_data(engine: Engine, rulebook: Rulebook, verb: str, data: dict[str, Any], adviser: bool) -> None:
    message = replace(ADVISER if adviser else USER, action={**data, "do": verb})
    needed = needs(message, ConversationState())
    assert needed.desk
    board = Board(NOW, desk=DESK, ticket=NEW if needed.ticket == 1 else None, mine=(NEW,), unanswered=(NEW,))
    outcome = respond(message, ConversationState(), Context(engine, NOW.date(), rulebook, board=board))
    for view in (*outcome.views, *(post.view for post in outcome.posts)):
        check_card(cards.render(view))
        cards.as_text(view)
    kinds = {type(change) for change in outcome.changes}
    assert kinds <= {TicketMoved, TicketOpened, DraftKept}
    if not adviser and verb in OF_ADVISERS:
        assert (outcome.changes, outcome.posts) == ((), ())
    assert len({post.key for post in outcome.posts}) == len(outcome.posts)


@pytest.mark.parametrize("status", Status)
def test_every_card_can_be_shown_in_both_languages(
    engine: Engine, rulebook: Rulebook, status: Status
) -> None:
    answered = moved(NEW, Move.ANSWER, EVA, NOW, "Da.")
    ticket = replace(
        answered, status=status, ended="close" if status is Status.CLOSED else "", check=("a: b",)
    )
    board = Board(NOW, desk=DESK, ticket=ticket, mine=(ticket,), unanswered=(replace(NEW, number=2),))
    for locale in ("sl", "en"):
        for message in (
            replace(ADVISER, action={"do": "ticket_card", "ticket": 1}, locale=locale),
            replace(USER, action={"do": "ticket_show", "ticket": 1}, locale=locale),
            replace(USER, kind="message", text="moja vprašanja", action=None, locale=locale),
        ):
            context = Context(engine, NOW.date(), rulebook, board=board)
            outcome = respond(message, ConversationState(locale=locale), context)
            shown = [*outcome.views, *(post.view for post in outcome.posts)]
            assert shown
            for view in shown:
                check_card(cards.render(view))


def test_nothing_is_looked_up_for_a_question() -> None:
    message = Message("Kdaj lahko vložim?", "c", user="ana", place=PLACE, room="p")
    assert needs(message, ConversationState()) == Needs()
    assert needs(replace(message, kind="search"), ConversationState()) == Needs()
    assert needs(replace(message, place=None, text="vprašaj človeka"), ConversationState()) == Needs()
