"""Whole conversations, as YAML: what is asserted is the meaning (view, outcome, entry, provisions), not the wording.

A turn is `say: words`, `press: data` (a button of the replies so far that carries this data, with `fill` for its
inputs) or `action: data` (whatever a stranger may send). Beside what the turn expects, every card is checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import cards
from bot.dialogue.context import Context
from bot.dialogue.eligibility.actions import read
from bot.dialogue.message import Message, Outcome
from bot.dialogue.respond import respond
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import understand
from knowledge.search import Engine
from rules import Rulebook
from tests.support.adaptive import actions_of, check_card

FOLDER = Path(__file__).parents[1] / "transcripts"
TODAY = date(2026, 11, 21)
CONVERSATIONS = [
    pytest.param(conversation, id=f"{path.stem}-{conversation['id']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))
]
KNOWN = frozenset(
    """say press fill action day scope locale status view views views_first entries procedure facts not_stated outcome
    asks no_asks provisions shows absent check state_empty state_keeps unstored locale_shown""".split()
)


def test_there_are_enough() -> None:
    assert len(CONVERSATIONS) >= 40


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_conversation(conversation: Mapping[str, Any], engine: Engine, rulebook: Rulebook) -> None:
    state = ConversationState(**conversation.get("state", {}))
    offered: list[dict[str, Any]] = []
    for number, turn in enumerate(conversation["turns"], start=1):
        assert set(turn) <= KNOWN, set(turn) - KNOWN
        message = _message(turn, conversation, offered, number)
        outcome = respond(message, state, Context(engine, turn.get("day", TODAY), rulebook))
        said = turn.get("say") or message.action
        _check(turn, outcome, f"turn {number} ({said}):")
        state = ConversationState.from_json(json.loads(json.dumps(outcome.state.to_json())))
        offered = [*_checked_cards(outcome), *offered]


def _message(
    turn: Mapping[str, Any], conversation: Mapping[str, Any], offered: list[dict[str, Any]], number: int
) -> Message:
    action = turn.get("action")
    if "press" in turn:
        wanted = turn["press"]
        if number > 1:
            found = [data for data in offered if wanted.items() <= data.items()]
            assert found, f"no button {wanted} among {offered}"
            action = {**found[0], **turn.get("fill", {})}
        else:
            action = wanted
    return Message(
        text=turn.get("say", ""),
        conversation="c",
        kind="message" if action is None else "action",
        action=action,
        locale=turn.get("locale", conversation.get("locale", "")),
        scope=turn.get("scope", conversation.get("scope", "personal")),
    )


def _checked_cards(outcome: Outcome) -> Iterator[dict[str, Any]]:
    for view in outcome.views:
        card = cards.render(view)
        check_card(card)
        for action in actions_of(card):
            _understood(action["data"])
            yield dict(action["data"])
    for choice in outcome.choices:
        _understood(choice.action)


def _understood(data: Mapping[str, Any]) -> None:
    """Every action that a card offers is one that the dialogue knows."""
    intent = understand(Message("", "c", kind="action", action=data), ConversationState())
    assert intent.name != "unknown_action", data
    if intent.name == "check":
        assert not read(data).refused, data


def _check(turn: Mapping[str, Any], outcome: Outcome, where: str) -> None:
    names = [type(view).__name__ for view in outcome.views]
    text = "\n".join(cards.as_text(view) for view in outcome.views)
    if "status" in turn:
        assert outcome.status == turn["status"], f"{where} {outcome.status}\n{text}"
    if "view" in turn:
        assert names[-1] == turn["view"], f"{where} {names}\n{text}"
    if "views" in turn:
        assert names == turn["views"], f"{where} {names}\n{text}"
    if "views_first" in turn:
        assert names[0] == turn["views_first"], f"{where} {names}\n{text}"
    if "entries" in turn:
        assert list(outcome.entries) == turn["entries"], f"{where} {outcome.entries}\n{text}"
    _check_data(turn, outcome, f"{where}\n{text}\n")
    _check_state(turn, outcome, where)
    for words in turn.get("shows", ()):
        assert words in text, f"{where} {words!r} not shown\n{text}"
    for words in turn.get("absent", ()):
        assert words not in text, f"{where} {words!r} shown\n{text}"


def _check_state(turn: Mapping[str, Any], outcome: Outcome, where: str) -> None:
    for provision in turn.get("provisions", ()):
        assert any(provision in cited.provision for cited in outcome.sources), f"{where} {outcome.sources}"
    stored = json.dumps(outcome.state.to_json(), ensure_ascii=False)
    for words in turn.get("unstored", ()):
        assert words not in stored, f"{where} {words!r} stored: {stored}"
    if turn.get("state_empty"):
        assert not outcome.state.check, f"{where} {outcome.state.check}"
    for name, value in turn.get("state_keeps", {}).items():
        assert outcome.state.check["facts"][name] == value
    if "locale_shown" in turn:
        assert outcome.locale == turn["locale_shown"], f"{where} {outcome.locale}"


def _check_data(turn: Mapping[str, Any], outcome: Outcome, where: str) -> None:
    data = dict(outcome.check) if outcome.check is not None else {}
    if "check" in turn:
        assert outcome.check == turn["check"], where
    if "procedure" in turn:
        assert data.get("procedure", "none") == turn["procedure"], f"{where} {data}"
    if "outcome" in turn:
        assert data.get("outcome", "none") == turn["outcome"], f"{where} {data}"
    for name, value in turn.get("facts", {}).items():
        assert data["facts"].get(name) == value, f"{where} {name}: {data}"
    for name in turn.get("not_stated", ()):
        assert name not in data["facts"], f"{where} {data}"
    if "asks" in turn:
        assert data.get("asks", [None])[:1] == [turn["asks"]], f"{where} {data}"
    if turn.get("no_asks"):
        assert data["asks"] == [], f"{where} {data}"
