"""How a check begins: from a sentence, a word or a button; and for whom it is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.dialogue.eligibility import actions
from bot.dialogue.eligibility.answers import answers
from bot.dialogue.eligibility.examine import TARGET
from bot.dialogue.eligibility.hearing import Heard, hear
from bot.dialogue.eligibility.memory import Check, started
from bot.dialogue.eligibility.remarks import is_question, number_typed
from bot.dialogue.eligibility.replies import INTENT, Desk, reply
from bot.dialogue.eligibility.supposing import Supposition, added
from bot.dialogue.message import Choice, Outcome
from bot.dialogue.present import CHECKED
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import Intent
from bot.texts import commands
from cards.views import Button, NoticeView
from knowledge.entry import Entry
from knowledge.text import tokens
from rules import Procedure

CHOOSING = "choosing"
"""The key of what is remembered while the procedure is still to be chosen."""
CHOSEN = frozenset({"check_naziv", "check_placni_razred_um"})
PERIOD = "period_started_on"
"""By today's rules of pay grades this is nearly a whole case."""
ENOUGH = 2
STORY = 3
MOST_FOR_RULE = 3
"""With so little told, a question near an exceptional route is answered by the rule."""
ORDINARY = ("redno",)
"""How an entry says that it is about the ordinary route only."""
MEASURED = frozenset(
    """years_in_naziv current_naziv_acquired_on delovna_doba_years niu_points dsd_points dsd_points_from_works_2plus
    dsd_points_from_works_3plus opinion_votes_for annual_ratings annual_percentages period_started_on mandate_years
    director_performance_pct""".split()
)
"""What only somebody who speaks of one person states."""
_OTHER = {
    Procedure.NAZIV: Procedure.PLACNI_RAZRED_UM,
    Procedure.PLACNI_RAZRED_UM: Procedure.NAZIV,
}


def is_choosing(state: ConversationState) -> bool:
    """Whether the procedure is being asked for."""
    return state.check.get(CHOOSING) is True


def ask_procedure(desk: Desk, key: str = "check.which_procedure.text", heard: Heard | None = None) -> Outcome:
    """Which check it shall be; what was stated already goes along with its button."""
    buttons = []
    for procedure in Procedure:
        facts = heard.facts if heard and heard.procedure is procedure else {}
        data = {**actions.start(procedure, **facts), "sure": True}
        buttons.append(Button(desk.texts(f"check.button.{procedure.value}"), data))
    view = NoticeView(
        desk.texts(key), buttons=(*buttons, Button(desk.texts("person.button"), {"do": "person"}))
    )
    return Outcome(
        "check",
        (view,),
        replace(desk.state, check={CHOOSING: True, "locale": desk.texts.locale}, offered=()),
        choices=tuple(Choice(button.title, button.data) for button in buttons),
        check={"procedure": None, "facts": {}, "outcome": None, "asks": ["procedure"]},
        intent=INTENT,
        locale=desk.texts.locale,
    )


def named(intent: Intent) -> Procedure:
    """The procedure that a message named."""
    return Procedure(intent.name.removeprefix("check_"))


def chosen(text: str, intent: Intent, desk: Desk) -> Outcome | None:
    """The reply to the question which check it shall be; None when it is not one."""
    procedures = list(Procedure)
    number = number_typed(text)
    if intent.name in CHOSEN:
        return reply(started(named(intent), desk.on), desk)
    if number is not None and number <= len(procedures):
        return reply(started(procedures[number - 1], desk.on), desk)
    heard = hear(text, desk.on)
    if heard.procedure and heard.facts:
        return begin(heard, text, desk)
    return None


def is_case(heard: Heard, text: str, desk: Desk) -> bool:
    """Whether somebody tells their own case, to have it checked.

    A question that a curated answer is meant for stays a question: only an answer about conditions gives way.
    """
    pay = heard.procedure is Procedure.PLACNI_RAZRED_UM
    if heard.procedure is None or not (heard.facts or pay):
        return False
    if _has(_words(text), commands().check_my):
        return True
    if not heard.facts:
        return False
    if _has(_words(text), commands().wishes) and not is_question(text):
        return True
    if pay and PERIOD in heard.facts and _has(_words(text), commands().first_person):
        return True
    if heard.wants_check and misfits(heard.procedure, text):
        return True
    if _is_story(heard, text):
        return True
    told = _told(heard, text)
    if told < (1 if heard.wants_check else ENOUGH):
        return False
    found = desk.context.engine.search(text)
    if found.decision == "answer":
        return _outweighs(heard, told, desk.context.engine.base.entries[found.hits[0].entry])
    return True


def _is_story(heard: Heard, text: str) -> bool:
    """Whether a person's naziv is told with numbers, and nothing is asked that an answer would be for."""
    enough = len(heard.facts) >= STORY and "current_naziv" in heard.facts and bool(MEASURED & {*heard.facts})
    return heard.wants_check and enough and not is_question(text)


def _outweighs(heard: Heard, told: int, entry: Entry) -> bool:
    """Whether a case is told so fully that it is meant, and not the curated answer about its conditions."""
    about, facts = entry.about, heard.facts
    same = CHECKED.get(entry.topic) == heard.procedure
    other_route = about.route and about.route != ORDINARY and "route" not in facts
    if same and other_route and told <= MOST_FOR_RULE and facts.get("target_naziv", "") in {"", *about.naziv}:
        return False
    return told >= ENOUGH if same and heard.wants_check else told > ENOUGH and (same or heard.wants_check)


def _told(heard: Heard, text: str) -> int:
    """How much speaks of one person: numbers and days, and the way from one naziv, or from a post, to another."""
    named = {*heard.facts, *(fact for fact, _ in heard.doubtful if heard.wants_check)}
    way = {"current_naziv", "target_naziv"} <= named
    place = "target_naziv" in named and bool({"post", "workplace"} & named)
    measured = len(MEASURED & named)
    if measured and "current_naziv" in named and not way and _has(_words(text), commands().first_person):
        measured += heard.wants_check
    return measured + (ENOUGH if way and heard.wants_check else way) + (place and measured > 0)


def begin(heard: Heard, text: str, desk: Desk, lead: str = "") -> Outcome:
    """The first turn: what was understood, what it means, what is missing, the next question."""
    procedure = heard.procedure or Procedure.NAZIV
    if misfits(procedure, text):
        return ask_procedure(desk, f"check.misfit.{procedure.value}.text", heard)
    check = started(procedure, desk.on)
    taken = answers(check, heard, desk)
    leads = (lead, answers_only_problems(check, heard, desk))
    return reply(taken.check, desk, " ".join(part for part in leads if part), first=taken.first, full=True)


def suppose(supposed: Supposition, text: str, desk: Desk) -> Outcome | None:
    """A check that begins with numbers only supposed; None when nobody's way to a naziv or pay grade is meant.

    The wanted naziv is no supposition: it is what the supposed case is asked about.
    """
    said, heard = hear(supposed.stated, desk.on), hear(supposed.supposed, desk.on)
    procedure = heard.procedure or said.procedure
    facts = {**said.facts, **heard.facts}
    tried = {
        name: value
        for name, value in added(heard.facts, said.facts, adds=supposed.adds).items()
        if name != TARGET and said.facts.get(name) != value
    }
    aim = TARGET in facts or "current_naziv" in said.facts
    if procedure is not Procedure.NAZIV or not aim or not MEASURED & tried.keys() or misfits(procedure, text):
        return None
    wanted = {TARGET: heard.facts[TARGET]} if TARGET in heard.facts else {}
    check = answers(started(procedure, desk.on), replace(said, facts={**said.facts, **wanted}), desk).check
    return reply(replace(check, what_if=tried), desk, full=True)


def answers_only_problems(check: Check, heard: Heard, desk: Desk) -> str:
    """What to say first where everything understood is listed anyway."""
    return answers(check, replace(heard, facts={}), desk).lead


def misfits(procedure: Procedure, text: str) -> bool:
    """Whether the words tell that somebody works where this procedure does not apply."""
    university = _has(_words(text), commands().um_staff)
    school = _has(_words(text), commands().school_staff)
    return university and not school if procedure is Procedure.NAZIV else school and not university


def _words(text: str) -> str:
    return f" {' '.join(tokens(text))} "


def _has(words: str, phrases: Iterable[str]) -> bool:
    return any(f" {phrase} " in words for phrase in phrases)
