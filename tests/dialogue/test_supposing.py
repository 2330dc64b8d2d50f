"""Suppositions: where they are found, how they are read, and that nothing of them is kept as stated."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.context import Context
from bot.dialogue.eligibility.supposing import added, supposition
from bot.dialogue.message import Message
from bot.dialogue.respond import respond
from bot.dialogue.state import ConversationState
from knowledge.search import Engine
from rules import Rulebook

TODAY = date(2026, 11, 21)
CASE = "Sem svetovalka 6 let, a lahko grem za svetnico?"


@pytest.mark.parametrize(
    ("text", "stated", "supposed"),
    [
        ("Če bi imela 40 točk DSD, bi šla?", "", "imam 40 točk DSD, bi šla?"),
        ("ce bi ze imel 5 let dobe", "", "imam ze 5 let dobe"),
        ("kaj pa če zberem 10 točk", "", "kaj pa imam 10 točk"),
        ("če bi bila vzgojiteljica", "", "sem vzgojiteljica"),
        ("kaj če vložim sama?", "", "kaj če vložim sama?"),
        ("Sem mentorica, kaj če bi imela 5 let?", "Sem mentorica,", "kaj imam 5 let?"),
        ("Če bi imela 5 let, gre? Delam v vrtcu.", "Delam v vrtcu.", "imam 5 let, gre?"),
        ("what if I had 40 points", "", "what I have 40 points"),
        ("if I were a mentor", "", "I am a mentor"),
    ],
)
def test_what_is_supposed_is_read_as_a_statement(text: str, stated: str, supposed: str) -> None:
    found = supposition(text)
    assert found is not None
    assert (found.stated, found.supposed) == (stated, supposed)


@pytest.mark.parametrize(
    "text",
    [
        "Sem mentorica 5 let.",
        "Zanima me, če bi lahko šla za svetnico.",
        "če bi lahko preverili, ali izpolnjujem pogoje",
        "Ne vem, če imam dovolj točk.",
        "if you could check whether I qualify",
    ],
)
def test_other_conditions_suppose_nothing(text: str) -> None:
    assert supposition(text) is None


def test_more_is_added_only_to_what_is_known() -> None:
    assert added({"niu_points": 2}, {"niu_points": 3}, adds=True) == {"niu_points": 5}
    assert added({"niu_points": 2}, {}, adds=True) == {}
    assert added({"proposer": "ravnatelj"}, {}, adds=True) == {"proposer": "ravnatelj"}
    assert added({"niu_points": 2}, {"niu_points": 3}, adds=False) == {"niu_points": 2}


@pytest.mark.parametrize("before", ["", CASE])
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Če bi imela 40 točk DSD, bi šla za svetnico?", {"dsd_points"}),
        ("kaj pa če bi vložila šele marca?", {"filed_on"}),
        ("kaj če imam 12 točk iz seminarjev in 30 let dobe?", {"niu_points", "delovna_doba_years"}),
        ("kaj če grem izjemno?", {"route"}),
        ("kaj če vložim sama?", {"proposer"}),
        ("if I had 40 points of additional work, would I become svetnik?", {"dsd_points"}),
        ("what if I had 40 points", {"dsd_points", "niu_points"}),
    ],
)
def test_nothing_supposed_is_kept_as_stated(
    engine: Engine, rulebook: Rulebook, before: str, text: str, names: set[str]
) -> None:
    state, context = ConversationState(), Context(engine, TODAY, rulebook)
    for said in filter(None, (before, text)):
        state = respond(Message(said, "c"), state, context).state
    assert not names & state.check.get("facts", {}).keys()
