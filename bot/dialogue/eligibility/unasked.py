"""What nobody asked for: something tried out, a fact to be changed, a short reply to what the result still lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.dialogue.eligibility import answers
from bot.dialogue.eligibility.asking import TRIED
from bot.dialogue.eligibility.examine import settle
from bot.dialogue.eligibility.hearing import facts_named, hear
from bot.dialogue.eligibility.memory import Check, Option, Unclear
from bot.dialogue.eligibility.remarks import all_of_them, is_question, number_typed
from bot.dialogue.eligibility.replies import Desk, form, notice, reply
from bot.dialogue.eligibility.supposing import Supposition, added
from bot.dialogue.message import Outcome
from knowledge.text import tokens
from rules import FACTS, Kind

ATTACHMENTS = "attachments"
_NAZIV = ("current_naziv",)
"""Told by a lone title, whether or not it is asked for."""
SHORT = 3
"""So many words at most are a reply to what the result lacks."""


def tried(check: Check, supposed: Supposition, desk: Desk) -> Outcome | None:
    """The result for what is supposed, beside what is stated; None when nothing of it would be a fact."""
    said = hear(supposed.stated, desk.on, replace(check, asked=None))
    stated = answers.answers(check, said, desk).check if said.says_something else check
    heard = hear(supposed.supposed, desk.on, replace(check, asked=None))
    if not heard.says_something or _asks_number(check):
        heard = hear(supposed.supposed, desk.on, check)
    if not heard.says_something:
        heard = replace(heard, facts=_choices(check, TRIED[check.procedure], supposed.supposed, desk))
    facts = added(heard.facts, stated.facts, adds=supposed.adds)
    what_if = {name: value for name, value in facts.items() if stated.facts.get(name) != value}
    if what_if:
        return reply(replace(stated, what_if=what_if), desk, show=True)
    if heard.unclear or heard.doubtful or (supposed.adds and heard.facts):
        if not check.asked:
            return notice(desk, "check.what_if_unclear")
        return reply(stated, desk, desk.texts("check.what_if_unclear"), first=[check.asked])
    return None


def _asks_number(check: Check) -> bool:
    """Whether a lone number would answer the open question."""
    return check.asked is not None and FACTS[check.procedure][check.asked].kind in {Kind.NUMBER, Kind.WHOLE}


def changing(check: Check, text: str, desk: Desk) -> Outcome:
    """ "Spremeni točke": the one fact that is named is asked for again; else everything, to be filled in."""
    named = facts_named(text, check)
    if len(named) != 1:
        return form(check, desk)
    return reply(check.without(*named), desk, first=named)


def late(check: Check, text: str, desk: Desk) -> Outcome | None:
    """A short reply to another question than the one asked: a choice of what is missing, or stated otherwise."""
    examination = settle(desk.rulebook, check, desk.on).examination
    if examination is None or is_question(text) or len(tokens(text)) > SHORT:
        return None
    missing = {*examination.assessment.missing, *_NAZIV} - {check.asked, *examination.facts}
    facts = _choices(check, sorted(missing), text, desk)
    if len(facts) == 1:
        taken, noted = answers.settled(check, facts)
        return reply(taken, desk, noted=noted)
    if not facts:
        return _otherwise(check, text, desk)
    order = dict.fromkeys((*examination.assessment.missing, *_NAZIV))
    options = tuple(Option(name, facts[name]) for name in order if name in facts)
    return reply(replace(check, unclear=(*check.unclear, Unclear(text, options))), desk)


def _otherwise(check: Check, text: str, desk: Desk) -> Outcome | None:
    """A short reply that names another choice of one fact that was stated: which of the two is right is asked back."""
    facts = _choices(check, check.facts, text, desk)
    if len(facts) != 1 or facts.items() <= check.facts.items():
        return None
    ((name, value),) = facts.items()
    differs = Unclear("", (Option(name, check.facts[name]), Option(name, value)))
    return reply(replace(check, unclear=(*check.unclear, differs)), desk)


def whole(check: Check, text: str, desk: Desk) -> Outcome | None:
    """ "Vse imam" or "obe" to the question after the attachments: those that this very case requires."""
    said = all_of_them(text) if check.asked == ATTACHMENTS else None
    examination = settle(desk.rulebook, check, desk.on).examination if said is not None else None
    required = list(examination.assessment.attachments) if examination else []
    if not required or said not in {0, len(required)}:
        return None
    facts = {ATTACHMENTS: required}
    return reply(check.stating(facts), desk, noted=facts)


def _choices(check: Check, names: Iterable[str], text: str, desk: Desk) -> dict[str, Any]:
    """What a text would say as the answer to each of some facts that have choices; a number names none of them."""
    found: dict[str, Any] = {}
    for name in names if number_typed(text) is None else ():
        spec = FACTS[check.procedure].get(name)
        if spec and spec.kind in {Kind.CHOICE, Kind.CHOICES}:
            said = hear(text, desk.on, replace(check, asked=name)).facts
            found |= {name: said[name]} if name in said else {}
    return found
