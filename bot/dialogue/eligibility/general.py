"""Where others read along: the general rule and the way to the private chat. Nothing personal is repeated or kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import faq
from bot.dialogue.eligibility.beginning import is_case
from bot.dialogue.eligibility.hearing import Heard, hear
from bot.dialogue.eligibility.replies import Desk
from bot.dialogue.message import Message, Outcome
from bot.dialogue.understand import Intent
from cards.views import AnswerView, NoticeView
from rules import Procedure
from rules.facts import Post, Route, Workplace

OVERVIEW = "pogoji-pregled"
_BY_TARGET = {
    "mentor": "pogoji-mentor",
    "svetovalec": "pogoji-svetovalec",
    "svetnik": "pogoji-svetnik",
    "visji_svetnik": "pogoji-visji-svetnik",
}
_PRESCHOOL = frozenset({Post.VZGOJITELJ.value, Post.POMOCNIK_VZGOJITELJA.value})


def reply(intent: Intent, message: Message, desk: Desk) -> Outcome | None:
    """The general rule in place of a check; None for everything that is no personal case."""
    if intent.name.startswith("check"):
        return _rule(_entry_of_button(message.action or {}), desk)
    if intent.name != "question":
        return None
    heard = hear(message.text, desk.on)
    if is_case(heard, message.text, desk):
        return _rule(entry_for(heard), desk)
    if not heard.says_something:
        return None
    outcome = faq.ask(intent, message, desk.state, desk.context.engine, desk.on, desk.texts)
    return replace(outcome, state=replace(outcome.state, question=""))


def entry_for(heard: Heard) -> str:
    """The entry with the conditions that a case is about."""
    if heard.activities:
        return "dsd-kaj-steje"
    return entry_of(heard.procedure, heard.facts)


def entry_of(procedure: Procedure | None, facts: Mapping[str, Any]) -> str:
    """The entry with the conditions for these facts."""
    if procedure is Procedure.PLACNI_RAZRED_UM:
        return "um-en-razred"
    if facts.get("route") == Route.SPECIAL_CONDITIONS.value:
        return "visji-posebni"
    if facts.get("route") == Route.EXCEPTIONAL.value:
        return "pogoji-izjemno"
    target = str(facts.get("target_naziv"))
    preschool = facts.get("post") in _PRESCHOOL or facts.get("workplace") == Workplace.VRTEC.value
    if target == "mentor" and preschool:
        return "pogoji-mentor-vrtec"
    return _BY_TARGET.get(target, OVERVIEW)


def _entry_of_button(data: Mapping[str, Any]) -> str:
    return "um-en-razred" if data.get("procedure") == Procedure.PLACNI_RAZRED_UM.value else OVERVIEW


def _rule(entry: str, desk: Desk) -> Outcome:
    """The entry's answer, under the invitation to the private chat."""
    outcome = faq.show(entry, replace(desk.state, check={}), desk.context.engine, desk.on, desk.texts)
    invitation = desk.texts("check.channel")
    view = outcome.views[0]
    if isinstance(view, AnswerView):
        return replace(outcome, views=(replace(view, lead=invitation), *outcome.views[1:]), intent="check")
    return replace(outcome, views=(NoticeView(invitation), *outcome.views), intent="check")
