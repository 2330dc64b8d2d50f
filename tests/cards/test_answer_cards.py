"""Cards of answers, choices and notices: golden files, the schema, every action understood, nothing lost in text.

`python -m tests.cards.test_answer_cards` writes the golden files anew; read the difference before keeping it.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import cards
from bot.dialogue import present
from bot.dialogue.message import Message
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import understand
from bot.texts import texts
from cards.views import AnswerView, Button, ChoicesView, Link, NoticeView, SourceLine, View
from knowledge.loader import load
from tests.support.adaptive import actions_of, check_card

GOLDEN = Path(__file__).parent / "golden"
ASK = Button("Vprašaj človeka", {"do": "person"})
ENTRY = Button("S katerim dnem se pridobi naziv?", {"do": "entry", "entry": "naziv-datum"})
VIEWS: dict[str, View] = {
    "answer": AnswerView(
        question="Kdaj lahko predlog vložim sam ali sama?",
        answer="Samo v petih mesecih:\n- februarja,\n- aprila.",
        sources_label="Viri",
        sources=(
            SourceLine(
                "Pravilnik", "4. člen", "velja od 1. 9. 2023", "neuradno besedilo", "https://example.si/a"
            ),
        ),
        validity="Velja od 1. 9. 2023.",
        lead="Razumem kot nadaljevanje vprašanja »[x](y) **z**«.",
        related_label="Morda vas zanima tudi",
        related=(ENTRY, ENTRY, ENTRY),
        actions=(ASK,),
    ),
    "choices": ChoicesView("Katero od teh?", (ENTRY, ENTRY, ENTRY), "Izberite gumb.", (ASK,)),
    "notice": NoticeView("Tega ne vem.", "Naslov", (ASK, ENTRY)),
    "notice_bare": NoticeView("Z veseljem."),
    "notice_linked": NoticeView(
        "Rok je odprt.", links=(Link("Roki za vaš koledar (.ics)", "https://example.si/koledar.ics"),)
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_card_is_as_recorded(name: str) -> None:
    assert cards.render(VIEWS[name]) == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert cards.as_text(VIEWS[name]) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("name", VIEWS)
def test_a_card_is_valid_and_small(name: str) -> None:
    check_card(cards.render(VIEWS[name]))


@pytest.mark.parametrize("name", VIEWS)
def test_every_action_is_understood(name: str) -> None:
    for action in actions_of(cards.render(VIEWS[name])):
        assert action["type"] == "Action.Execute"
        assert action["fallback"]["type"] == "Action.Submit"
        assert action["fallback"]["data"] == action["data"]
        message = Message("", "c", kind="action", action=action["data"])
        assert understand(message, ConversationState()).name != "unknown_action"


@pytest.mark.parametrize("locale", ["sl", "en"])
def test_every_entry_makes_a_valid_card_with_all_its_words_in_the_text(locale: str) -> None:
    base, words = load(), texts(locale)
    shown = []
    for entry in base.entries.values():
        version = entry.version_on(date(2026, 11, 21))
        if version is None:
            continue
        view = present.answer(base, entry, (version,), words)
        shown.append(cards.render(view))
        text = cards.as_text(view)
        assert version.answer.of(locale).strip() in text
        assert all(base.sources[citation.source].title.of(locale) in text for citation in version.sources)
    for card in sorted(shown, key=lambda each: len(json.dumps(each)))[-10:]:
        check_card(card)


def test_a_card_with_too_many_actions_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 6"):
        cards.render(NoticeView("x", buttons=(ASK,) * 7))


def _record() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name, view in VIEWS.items():
        card = json.dumps(cards.render(view), ensure_ascii=False, indent=2, sort_keys=True)
        (GOLDEN / f"{name}.json").write_text(card + "\n", encoding="utf-8")
        (GOLDEN / f"{name}.txt").write_text(cards.as_text(view) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _record()
