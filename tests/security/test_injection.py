"""What somebody types is shown as it was typed: never a link, an image, a mention, or a part of a card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.dialogue.message import Message
from bot.dialogue.respond import respond
from bot.dialogue.state import ConversationState
from bot.rendering import rendered
from bot.storage.tables import tickets
from bot.transport.activities import read
from bot.transport.extension import read_asked
from cards import as_text, render
from cards.elements import plain
from cards.views import AnswerView, Field, FormView, Line, Section, SheetView, StepView, View
from tests.security import targets
from tests.support.adaptive import check_card
from tests.support.channel import FakeChannel
from tests.support.helpdesk import ANA, BOR, DESK, Play, bare, chat, play

__all__ = ["bare", "play"]

MARKS = "\\`*_[]<>~|#"
HOSTILE = (
    "[EVIL](http://evil.example/a)",
    "![EVIL](http://evil.example/a.png)",
    "<at>EVIL</at>",
    "<http://evil.example/EVIL>",
    "**EVIL** _EVIL_ ~~EVIL~~ `EVIL`",
    "\\[EVIL](http://evil.example/a)",
    "\\\\[EVIL](http://evil.example/a)",
    "[EVIL][1]\n\n[1]: http://evil.example/a",
    '"}],"actions":[{"type":"Action.OpenUrl","url":"http://evil.example/EVIL"}],"x":[{"y":"',
    "<a href='http://evil.example/a'>EVIL</a><img src=http://evil.example/EVIL>",
    "| EVIL | b |\n|---|---|\n# EVIL",
)
# A mark that the card would interpret right before the word, or the middle of a link.
LIVE = re.compile(r"(?<!\\)(?:\\\\)*(?:[\[<*_`~]EVIL|\]\(http://evil|<http://evil|\]\[1|<img|<a )")
ELEMENTS = frozenset(
    {
        "AdaptiveCard", "TextBlock", "Container", "ColumnSet", "Column", "FactSet", "Input.Text", "Input.Number",
        "Input.Date", "Input.ChoiceSet", "Input.Toggle", "Action.Execute", "Action.Submit",
    }
)  # fmt: skip


def said_in(card: Any) -> Iterator[str]:
    """The words of a card that are read as Markdown."""
    if isinstance(card, list):
        for each in card:
            yield from said_in(each)
    elif isinstance(card, dict):
        if card.get("type") == "TextBlock":
            yield card["text"]
        for fact in card.get("facts", ()):
            yield from (fact["title"], fact["value"])
        for child in card.values():
            yield from said_in(child)


def types_in(card: Any) -> Iterator[str]:
    if isinstance(card, list):
        for each in card:
            yield from types_in(each)
    elif isinstance(card, dict):
        if isinstance(card.get("type"), str):
            yield card["type"]
        for name, child in card.items():
            if name != "data":
                yield from types_in(child)


def check_harmless(card: Any) -> int:
    """How often the typed words are in a card where they could be interpreted, and are not."""
    check_card(card)
    assert set(types_in(card)) <= ELEMENTS
    assert "msteams" not in card
    assert "entities" not in card
    texts = list(said_in(card))
    assert not [text for text in texts if LIVE.search(text)]
    return sum("EVIL" in text for text in texts)


@given(st.text(alphabet=st.sampled_from(MARKS + "ab \n(!)")))
@settings(max_examples=300, deadline=None)
def test_every_mark_is_switched_off(text: str) -> None:
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown, flags=re.DOTALL) == text
    assert not re.search(rf"(?<!\\)(?:\\\\)*[{re.escape(MARKS[1:])}]", shown)


@pytest.mark.parametrize("words", HOSTILE)
def test_views_with_typed_words(words: str) -> None:
    line, field = Line(words, words), Field("fact_x", "label", "text", value=words, hint=words)
    views: list[View] = [
        AnswerView("q", "a", "Viri", (), lead=words),
        StepView(title="t", lead=words, facts_label="f", facts=(line,), question=words),
        FormView(title="t", text="x", fields=(field,), submit=targets.button()),
        SheetView(words, words, (line,), words, (Section(words, (words,)),), note=words),
    ]
    found = [check_harmless(render(view)) for view in views]
    assert min(found[0], found[1]) > 0
    assert found[3] >= 4
    assert words in as_text(views[3])


TALKS = (
    ("{}",),
    ("Kdaj lahko sam vložim predlog? {}", "kaj pa {}"),
    ("Ali izpolnjujem pogoje za svetovalca? {}", "{}", "sem {} mentor 6 let {}", "spet {} točk"),
    ("Sem mentorica {} od leta okrog 2019 ali 2020, morda 4 ali 5 let {}", "{} morda", "pokaži izid"),
    ("Koliko točk dobim za 2 strokovna članka {}?", "{}"),
)


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("talk", TALKS)
@pytest.mark.parametrize("scope", ["personal", "channel"])
def test_whole_conversations(words: str, talk: tuple[str, ...], scope: Any) -> None:
    state, context = ConversationState(), targets.context()
    for said in talk:
        outcome = respond(Message(said.replace("{}", words), "c", scope=scope), state, context)
        state = outcome.state
        for part in rendered(outcome.views):
            check_harmless(part.card)


@pytest.mark.parametrize("words", HOSTILE)
def test_forged_values_of_inputs(words: str) -> None:
    """A refused value is repeated in the refusal: as words."""
    start = {"do": "check", "procedure": "naziv"}
    state = respond(Message("", "c", "action", start), ConversationState(), targets.context()).state
    for action in (
        {"do": "check_submit", "procedure": "naziv", "fact_years_in_naziv": words, "fact_filed_on": words},
        {"do": "check_answer", "procedure": "naziv", "fact": "target_naziv", "value": words},
        {"do": "feedback", "entry": words[:50], "version": words[:50], "rating": "dislike"},
        {"do": "ask", "text": words},
        {"do": words, "entry": words},
    ):
        outcome = respond(Message("", "c", "action", action), state, targets.context())
        for part in rendered(outcome.views):
            check_harmless(part.card)


@pytest.mark.parametrize("words", HOSTILE)
def test_the_name_of_whoever_adds_the_bot(words: str) -> None:
    activity = FakeChannel(url="http://127.0.0.1:1").activity(type="conversationUpdate")
    activity |= {"membersAdded": [activity["recipient"]], "from": {"id": "29:x", "name": words}}
    activity["conversation"] = {"id": "19:x", "conversationType": "channel"}
    message = read(activity, targets.KEYS).message
    assert message
    for part in rendered(respond(message, ConversationState(), targets.context()).views):
        assert not re.search(r"[\[\]<>*_`|]\s*EVIL|://", json.dumps(part.card["body"]))


async def test_a_question_to_the_advisers(play: Play) -> None:
    """Others read it: whatever stands in it is words there."""
    for words in HOSTILE:
        await play.ask(ANA, f"Vprašanje {words} o nazivu in letih dela")
        check_harmless(play.card(DESK))
        assert "entities" not in play.channel.messages[-1]


async def test_forged_buttons_of_advisers(play: Play) -> None:
    """Who is no adviser moves nothing, from whichever place the data of a real button comes."""
    await play.ask(ANA)
    take = play.data(DESK, "ticket_take")
    before = await play.rows(select(tickets))
    thread = DESK | {"id": f"{DESK['id']};messageid=1"}
    for verb in ("ticket_take", "ticket_answer", "ticket_ask_back", "ticket_hand_over", "ticket_reopen"):
        for place in (chat(BOR), thread):
            await play.press(BOR, take | {"do": verb}, place, ticket_words="EVIL")
            await play.settled()
    cards = json.dumps([m.get("attachments") for m in play.channel.messages], ensure_ascii=False)
    assert "EVIL" not in cards
    assert await play.rows(select(tickets)) == before


def test_messages_in_html_give_words_alone() -> None:
    for words in HOSTILE:
        html = f"<p>Kdaj? {words}</p><script>EVIL()</script><img src=x onerror=EVIL()>"
        said, action, insert = read_asked({"value": {"messagePayload": {"body": {"content": html}}}})
        assert action is None
        assert not insert
        assert "<img" not in said
        assert "<script" not in said
