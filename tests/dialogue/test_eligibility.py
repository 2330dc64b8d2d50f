"""The parts of the check: values, memory, inexact days, buttons that a stranger may have written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import cards
from bot.dialogue.context import Context
from bot.dialogue.eligibility import actions, values
from bot.dialogue.eligibility.actions import VERBS, BadAction
from bot.dialogue.eligibility.beginning import is_case
from bot.dialogue.eligibility.examine import settle
from bot.dialogue.eligibility.hearing import hear
from bot.dialogue.eligibility.memory import KEEP_DAYS, MOST_WORKS, Option, Unclear, expired, recall, started
from bot.dialogue.eligibility.replies import Desk
from bot.dialogue.eligibility.sums import is_sum
from bot.dialogue.message import Message
from bot.dialogue.respond import respond
from bot.dialogue.state import ConversationState, StateOutdated
from bot.settings import Settings
from bot.texts import LISTS, commands, texts
from bot.texts.facts import fact_words
from knowledge.search import Engine
from knowledge.text import fold
from rules import FACTS, FactError, Kind, Outcome, Procedure, Rulebook
from tests.support.adaptive import check_card

TODAY = date(2026, 11, 21)
QUESTIONS = Path(__file__).parents[1] / "knowledge" / "questions"
MOST_TAKEN = 0.01
NAZIV, PAY = Procedure.NAZIV, Procedure.PLACNI_RAZRED_UM


# --- Words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["sl", "en"])
def test_every_fact_has_words(locale: str) -> None:
    words = fact_words(locale)
    assert set(words) == {name for facts in FACTS.values() for name in facts}
    for facts in FACTS.values():
        for name, spec in facts.items():
            listed = spec.kind in {Kind.CHOICE, Kind.CHOICES, Kind.SEQUENCE}
            assert set(words[name].choices) == (
                {choice.value for choice in spec.choices} if listed else set()
            )
            assert words[name].question.endswith("?")
            assert words[name].label


def test_both_languages_say_the_same() -> None:
    assert set(texts("sl").sentences) == set(texts("en").sentences)
    for key, sentence in texts("sl").sentences.items():
        places = {part.split("}")[0] for part in sentence.split("{")[1:]}
        assert places == {part.split("}")[0] for part in texts("en").sentences[key].split("{")[1:]}, key


def test_every_activity_has_a_name(rulebook: Rulebook) -> None:
    for locale in ("sl", "en"):
        missing = [
            code for code in rulebook.points.activities if f"activity.{code}" not in texts(locale).sentences
        ]
        assert not missing


def test_lists_of_words_are_folded() -> None:
    for name in LISTS:
        for phrase in getattr(commands(), name):
            assert phrase == fold(phrase), phrase


# --- Values -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("procedure", "fact", "raw", "expected"),
    [
        (NAZIV, "niu_points", "6,5", 6.5),
        (NAZIV, "niu_points", "6.5", 6.5),
        (NAZIV, "niu_points", 7, 7),
        (NAZIV, "niu_points", "", None),
        (NAZIV, "niu_points", "unknown", None),
        (NAZIV, "worker_agrees", "true", True),
        (NAZIV, "worker_agrees", "false", False),
        (NAZIV, "worker_agrees", True, True),
        (NAZIV, "attachments", "utemeljitev,mnenje", ["utemeljitev", "mnenje"]),
        (NAZIV, "attachments", "none", []),
        (NAZIV, "filed_on", "2026-12-01", "2026-12-01"),
        (NAZIV, "filed_on", "2026", "2026"),
        (NAZIV, "filed_on", "2026-12", "2026-12"),
        (NAZIV, "target_naziv", "svetnik", "svetnik"),
        (PAY, "annual_ratings", "nadpovprečno, povprečno", ["nadpovprecno", "povprecno"]),
        (PAY, "annual_ratings", "above average; average", ["nadpovprecno", "povprecno"]),
        (PAY, "annual_percentages", "70, 65,5, 80 %", [70, 65.5, 80]),
        (PAY, "director_performance_pct", "100, -, 80", [100, None, 80]),
        (PAY, "position_change", "none", "none"),
    ],
)
def test_inputs_are_read(procedure: Procedure, fact: str, raw: Any, expected: Any) -> None:
    assert values.from_input(procedure, fact, raw) == expected


@pytest.mark.parametrize(
    ("fact", "raw"),
    [
        ("niu_points", "veliko"),
        ("niu_points", -1),
        ("niu_points", True),
        ("niu_points", [1]),
        ("niu_points", float("nan")),
        ("opinion_votes_for", 1.5),
        ("worker_agrees", "morda"),
        ("filed_on", "2026-02-30"),
        ("filed_on", "2026-13"),
        ("filed_on", "0000"),
        ("filed_on", "1890"),
        ("target_naziv", "kralj"),
        ("attachments", "utemeljitev,pismo"),
        ("placa", "1"),
    ],
)
def test_impossible_inputs_are_refused_by_name(fact: str, raw: Any) -> None:
    with pytest.raises(FactError) as refused:
        values.from_input(NAZIV, fact, raw)
    assert refused.value.fact == fact


def test_values_in_words(rulebook: Rulebook) -> None:
    def shown(fact: str, value: Any, locale: str = "sl") -> str:
        return values.shown(NAZIV, fact, value, rulebook, texts(locale))

    assert shown("niu_points", 6.5) == "6,5"
    assert shown("niu_points", 6.5, "en") == "6.5"
    assert shown("current_naziv_acquired_on", "2016") == "2016"
    assert shown("current_naziv_acquired_on", "2016-09") == "september 2016"
    assert shown("current_naziv_acquired_on", "2016-09-01") == "1. 9. 2016"
    assert shown("worker_agrees", False) == "ne"
    assert shown("attachments", []) == "nobene"


# --- Memory -----------------------------------------------------------------------------------------------------


def test_what_is_remembered_comes_back() -> None:
    check = started(NAZIV, TODAY).stating({"niu_points": 6, "filed_on": "2026"}).not_knowing("proposer")
    unclear = Unclear("30 točk", (Option("niu_points", 30), Option("dsd_points", 30)))
    kept = recall(json.loads(json.dumps({**check.to_state(), "unclear": []})))
    assert kept == check
    asked = replace(check, unclear=(unclear,), asked=None, what_if={"proposer": "ravnatelj"})
    assert recall(json.loads(json.dumps(asked.to_state()))) == asked


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"procedure": "kralj"},
        {"facts": {"placa": 1}},
        {"facts": {"niu_points": "veliko"}},
        {"facts": None},
        {"asked": "placa"},
        {"unknown": ["placa"]},
        {"started_on": "včeraj"},
        {"mode": "hitro"},
        {"unclear": [{"words": "x"}]},
        {"what_if": []},
    ],
)
def test_memory_of_another_version_is_outdated(change: dict[str, Any]) -> None:
    data = {**started(NAZIV, TODAY).to_state(), **change}
    with pytest.raises(StateOutdated):
        recall(data)


def test_memory_of_the_generation_before_is_read() -> None:
    """While a rolling upgrade runs, both write checks; the older one tells no works."""
    data = started(NAZIV, TODAY).stating({"niu_points": 5}).to_state()
    older = {name: value for name, value in data.items() if name != "activities"}
    assert recall(older).facts == {"niu_points": 5}
    many = [{"activity": "strokovni_clanek"}] * 1000
    assert len(recall({**data, "activities": many}).activities) == MOST_WORKS


def test_facts_are_kept_for_so_many_days() -> None:
    began = date(2026, 1, 1)
    for days in (7, KEEP_DAYS):
        assert not expired(began, began + timedelta(days=days), days)
        assert expired(began, began + timedelta(days=days + 1), days)


@pytest.mark.parametrize("days, kept", [(KEEP_DAYS, True), (7, False)])
def test_the_operator_may_keep_facts_shorter(
    engine: Engine, rulebook: Rulebook, days: int, kept: bool
) -> None:
    state = ConversationState(check=started(NAZIV, TODAY - timedelta(days=8)).to_state())
    context = Context(engine, TODAY, rulebook, check_days=days)
    outcome = respond(Message("mentor", "c"), state, context)
    assert bool(outcome.state.check) is kept
    assert kept or str(days) in str(outcome.views[0])


def test_no_setting_keeps_facts_longer() -> None:
    began = date(2026, 1, 1)
    assert expired(began, began + timedelta(days=KEEP_DAYS + 1), 400)
    with pytest.raises(ValidationError):
        Settings(check_days=KEEP_DAYS + 1)
    assert Settings.model_fields["check_days"].default == KEEP_DAYS


# --- Inexact days -----------------------------------------------------------------------------------------------

SPECIAL = {
    "target_naziv": "visji_svetnik",
    "route": "special_conditions",
    "current_naziv": "svetnik",
    "delovna_doba_years": 36,
    "post": "strokovni_delavec",
}


def test_a_year_that_changes_nothing_is_not_asked_for(rulebook: Rulebook) -> None:
    check = started(NAZIV, TODAY).stating({**SPECIAL, "current_naziv_acquired_on": "2011"})
    examination = settle(rulebook, check, TODAY).examination
    assert examination is not None
    assert not examination.inexact
    assert "years_in_naziv" in examination.counted
    assert not examination.wavering


def test_a_year_that_turns_a_condition_is_asked_for(rulebook: Rulebook) -> None:
    check = started(NAZIV, TODAY).stating({**SPECIAL, "current_naziv_acquired_on": "2021"})
    examination = settle(rulebook, check, TODAY).examination
    assert examination is not None
    assert examination.inexact == ("current_naziv_acquired_on",)
    assert examination.asks[0] == "current_naziv_acquired_on"
    assert "years_in_naziv" in examination.wavering
    assert examination.outcome is Outcome.UNKNOWN


def test_not_known_is_not_asked_again(rulebook: Rulebook) -> None:
    check = started(NAZIV, TODAY).stating({"target_naziv": "mentor"}).not_knowing("post", "proposer")
    examination = settle(rulebook, check, TODAY).examination
    assert examination is not None
    assert not {"post", "proposer"} & set(examination.asks)


def test_this_year_never_means_the_future(rulebook: Rulebook) -> None:
    check = started(NAZIV, TODAY).stating({"target_naziv": "svetovalec", "current_naziv_acquired_on": "2026"})
    assert not settle(rulebook, check, TODAY).problems


def test_contradictions_are_taken_back_one_by_one(rulebook: Rulebook) -> None:
    check = started(NAZIV, TODAY).stating(
        {
            "target_naziv": "mentor",
            "current_naziv": "svetnik",
            "opinion_votes_for": 31,
            "opinion_voters_total": 30,
        }
    )
    settled = settle(rulebook, check, TODAY)
    assert {problem.fact for problem in settled.problems} == {"current_naziv", "opinion_votes_for"}
    assert settled.check.facts == {"target_naziv": "mentor", "opinion_voters_total": 30}
    assert settled.examination is not None


def test_a_route_is_only_assumed_where_no_naziv_is_skipped(rulebook: Rulebook) -> None:
    def assumed(**facts: str) -> Any:
        examination = settle(rulebook, started(NAZIV, TODAY).stating(facts), TODAY).examination
        return examination.assumed if examination else None

    assert assumed(target_naziv="svetnik", current_naziv="svetovalec") == {"route": "ordinary"}
    assert assumed(target_naziv="svetnik", current_naziv="mentor") == {}
    assert assumed(target_naziv="svetnik", current_naziv="svetovalec", route="exceptional") == {}


# --- Hearing ----------------------------------------------------------------------------------------------------


def test_the_answer_to_a_question_may_be_a_number_of_a_choice() -> None:
    check = replace(started(NAZIV, TODAY), asked="route")
    assert hear("2", TODAY, check).facts == {"route": "exceptional"}
    numeric = replace(started(NAZIV, TODAY), asked="niu_points")
    assert hear("2", TODAY, numeric).facts == {"niu_points": 2}


# --- Buttons ----------------------------------------------------------------------------------------------------

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([name for facts in FACTS.values() for name in facts]) | st.text(max_size=10)
DATA = st.fixed_dictionaries(
    {"do": st.sampled_from(sorted(VERBS))},
    optional={
        "procedure": st.sampled_from([*Procedure, "kralj"]) | JUNK,
        "fact": NAMES | JUNK,
        "value": JUNK,
        "fact_niu_points": JUNK,
        "fact_filed_on": JUNK | st.sampled_from(["2023", "2026-11-30", "1950-01-01", "2100-12-31"]),
        "fact_attachments": JUNK,
        "fact_annual_ratings": JUNK,
        "fact_placa": JUNK,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=DATA, running=st.booleans())
def test_no_button_data_breaks_anything(
    data: dict[str, Any], running: bool, engine: Engine, rulebook: Rulebook
) -> None:
    context = Context(engine, TODAY, rulebook)
    state = ConversationState()
    if running:
        check = started(NAZIV, TODAY).stating({"current_naziv": "mentor", "niu_points": 6})
        state = ConversationState(check=check.to_state())
    outcome = respond(Message("", "c", kind="action", action=data), state, context)
    assert outcome.status in {"check", "notice"}
    for view in outcome.views:
        check_card(cards.render(view))
    restored = ConversationState.from_json(json.loads(json.dumps(outcome.state.to_json())))
    if restored.check and restored.check.get("procedure"):
        recall(restored.check)


def test_forged_data_is_named() -> None:
    with pytest.raises(BadAction):
        actions.read({"do": "check_answer", "fact": "niu_points", "value": 3})
    with pytest.raises(BadAction):
        actions.read({"do": "check_answer", "procedure": "kralj"})
    pressed = actions.read(
        {"do": "check_submit", "procedure": "naziv", "fact_placa": 1, "fact_niu_points": "4"}
    )
    assert pressed.facts == {"niu_points": 4}
    assert [fact for fact, _ in pressed.refused] == ["placa"]


# --- Privacy ----------------------------------------------------------------------------------------------------


def test_nothing_stated_leaves_the_state(engine: Engine, rulebook: Rulebook) -> None:
    """The outcome's intent and entry, which are counted, and its score hold nothing of what was said."""
    words = "Sem svetovalka od 2013, delovne dobe 27 let, a lahko grem za svetnico?"
    outcome = respond(Message(words, "c"), ConversationState(), Context(engine, TODAY, rulebook))
    assert outcome.intent == "check"
    assert outcome.entries == ()
    assert outcome.score == 0.0
    assert not outcome.state.question


# --- When a check begins ----------------------------------------------------------------------------------------


def test_general_questions_are_not_taken_for_cases(engine: Engine, rulebook: Rulebook) -> None:
    """The questions of the knowledge tests have curated answers; hardly any may start a check instead."""
    desk = Desk(ConversationState(), Context(engine, TODAY, rulebook), texts("sl"))
    questions = [
        line.split("\t")[0]
        for name in ("dev", "unknowns")
        for line in (QUESTIONS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
        if line.strip()
    ]
    taken = []
    for question in questions:
        heard = hear(question, TODAY)
        summed = is_sum(heard.activities, question, heard.points, desk)
        if summed or is_case(heard, question, desk):
            taken.append(question)
    assert len(taken) <= len(questions) * MOST_TAKEN, taken
