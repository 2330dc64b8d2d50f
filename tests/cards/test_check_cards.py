"""The cards of the check: valid, small, complete in plain text, and what a person typed is never interpreted."""

from __future__ import annotations

import json

import pytest

import cards
from cards.views import (
    Button,
    Condition,
    Field,
    FormView,
    Line,
    PrintView,
    ResultView,
    Section,
    StepView,
    View,
)
from tests.support.adaptive import actions_of, check_card

PRESS = Button("da", {"do": "check_answer", "procedure": "naziv", "fact": "worker_agrees", "value": True})
CONDITIONS = (
    Condition("✗", "ni izpolnjeno", "delovna doba", "Imate 3 leta.", "Potrebujete še 1 leto.", "8. člen"),
    Condition("✓", "izpolnjeno", "predlagatelj", "Predlog vloži ravnatelj."),
)
STEP = StepView(
    title="Preverjanje",
    question="Napisali ste »**30** [točk](x)«. Kaj drži?",
    lead="Zapisano.",
    facts_label="Razumel sem",
    facts=(Line("sedanji naziv", "mentor"),),
    meaning=Section("Kaj to pomeni", ("Velja pravilnik.",)),
    conditions=CONDITIONS,
    options=(PRESS,),
    actions=(Button("Ne vem", {"do": "check_unknown"}),),
)
FIELDS = (
    Field(
        "fact_post",
        "delovno mesto",
        "choice",
        "ravnatelj",
        options=(("unknown", "ne vem"), ("ravnatelj", "r")),
    ),
    Field(
        "fact_attachments",
        "priloge",
        "choices",
        "mnenje,utemeljitev",
        options=(("mnenje", "m"), ("utemeljitev", "u")),
    ),
    Field("fact_niu_points", "točke", "number", "6.5", lowest=0, highest=100),
    Field("fact_filed_on", "dan", "date", "2026-11-21"),
    Field("fact_annual_ratings", "ocene", "text", hint="nadpovprečno, povprečno"),
)
RESULT = ResultView(
    title="Izid",
    outcome="Pogojev še ne izpolnjujete.",
    subject="Po pravilih na dan 21. 11. 2026.",
    facts_label="Upoštevani podatki",
    facts=(Line("delovna doba", "3"),),
    conditions_label="Pogoji",
    conditions=CONDITIONS,
    sections=(Section("Datumi", ("Do 30. 11. 2026.",)), Section("", ("Nimam še podatka.",))),
    footer=("Odloča ministrstvo.",),
    lead="Kaj če.",
    actions=(PRESS,),
)
VIEWS: list[View] = [
    STEP,
    StepView(
        "Preverjanje", "Delovno mesto?", field=FIELDS[0], submit=Button("Naprej", {"do": "check_answer"})
    ),
    FormView(
        "Podatki", "Izpolnite.", FIELDS, Button("Pokaži izid", {"do": "check_submit", "procedure": "naziv"})
    ),
    RESULT,
    PrintView("Izid", "Pripravljeno 21. 11. 2026.", RESULT),
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
def test_cards_are_valid(view: View) -> None:
    check_card(cards.render(view))


def test_what_was_typed_is_shown_as_it_is() -> None:
    shown = json.dumps(cards.render(STEP)["body"], ensure_ascii=False)
    assert "**30**" not in shown
    assert "[točk](x)" not in shown
    assert "»**30** [točk](x)«" in cards.as_text(STEP)


def test_the_mark_is_a_sign_and_a_word() -> None:
    shown = json.dumps(cards.render(RESULT), ensure_ascii=False)
    assert "✗ delovna doba:** ni izpolnjeno" in shown
    assert '"color"' not in shown


@pytest.mark.parametrize("view", [RESULT, VIEWS[-1]], ids=["result", "print"])
def test_plain_text_says_everything(view: View) -> None:
    words = cards.as_text(view)
    for part in (
        "Pogojev še ne",
        "delovna doba",
        "še 1 leto",
        "8. člen",
        "30. 11. 2026",
        "Odloča ministrstvo",
        "Kaj če",
    ):
        assert part in words


def test_answers_are_numbered_in_plain_text() -> None:
    assert "1. da" in cards.as_text(STEP)
    assert "2. r" in cards.as_text(VIEWS[1])
    assert "[Naprej]" not in cards.as_text(VIEWS[1])


def test_a_form_is_filled_in() -> None:
    card = cards.render(VIEWS[2])
    inputs = {element["id"]: element for element in card["body"] if "id" in element}
    assert inputs["fact_post"]["value"] == "ravnatelj"
    assert inputs["fact_niu_points"]["value"] == 6.5
    assert inputs["fact_attachments"]["isMultiSelect"] is True
    assert inputs["fact_filed_on"]["type"] == "Input.Date"
    assert all(element["label"] for element in inputs.values())
    assert "- priloge: m, u" in cards.as_text(VIEWS[2])


def test_buttons_have_a_fallback() -> None:
    for action in actions_of(cards.render(RESULT)):
        assert action["type"] == "Action.Execute"
        assert action["fallback"]["type"] == "Action.Submit"
        assert action["fallback"]["data"] == action["data"]
