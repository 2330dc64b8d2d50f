"""Pressed buttons and sent forms of the check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.eligibility import actions, beginning
from bot.dialogue.eligibility.actions import BadAction, Pressed
from bot.dialogue.eligibility.answers import picked, said_back
from bot.dialogue.eligibility.hearing import Heard
from bot.dialogue.eligibility.memory import Check, started
from bot.dialogue.eligibility.replies import Desk, form, notice, refused_sentence, reply, to_print
from bot.dialogue.message import Outcome
from bot.dialogue.when import day_in_words
from cards.views import Button


def press(data: Mapping[str, Any], check: Check | None, desk: Desk) -> Outcome:
    """Do what a button says; data that no card of ours sends changes nothing."""
    try:
        pressed = actions.read(data)
    except BadAction:
        return notice(desk, "check.bad_action.text", _start_button(desk) if check is None else ())
    if pressed.verb == actions.CANCEL:
        return (
            cancelled(desk)
            if desk.state.check
            else notice(desk, "check.not_running.text", _start_button(desk))
        )
    lead = ""
    if check is not None and pressed.procedure not in {None, check.procedure}:
        check, lead = None, desk.texts("check.switched")
    if check is None:
        if pressed.procedure is None:
            return beginning.ask_procedure(desk)
        check = started(pressed.procedure, desk.on)
    elif desk.on > check.last_on:
        lead = desk.texts("check.resumed", day=day_in_words(check.last_on, desk.texts.locale))
    return _DOES[pressed.verb](pressed, check, desk, lead)


def cancelled(desk: Desk) -> Outcome:
    """The check ended, its facts gone."""
    state = replace(desk.state, check={})
    return notice(replace(desk, state=state), "check.cancelled.text", _start_button(desk))


def _start_button(desk: Desk) -> tuple[Button, ...]:
    return (Button(desk.texts("check.button.start"), actions.start()),)


def _start(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    """A new check, or the running one gone on with; facts that came with the button fill only gaps."""
    facts = {name: value for name, value in pressed.facts.items() if name not in check.facts}
    return reply(check.stating(facts), desk, _lead(lead, pressed, desk), full=bool(check.facts or facts))


def _answer(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    if not pressed.facts:
        asked = [pressed.fact] if pressed.fact else []
        return reply(
            check, desk, _lead(lead, pressed, desk), first=[*asked, *(name for name, _ in pressed.refused)]
        )
    fact, value = next(iter(pressed.facts.items()))
    offered = next(
        (
            o
            for o in (check.unclear[0].options if check.unclear else ())
            if (o.fact, o.value) == (fact, value)
        ),
        None,
    )
    check = picked(check, offered) if offered else check.stating(pressed.facts)
    return reply(check, desk, _lead(lead, pressed, desk), noted=pressed.facts)


def _unknown(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    """ "Ne vem" to the question; to words asked back it leaves things as they were."""
    if pressed.fact is None:
        return reply(replace(check, unclear=check.unclear[1:]), desk, lead)
    noted = said_back(Heard(None, {}, unknown=(pressed.fact,)), desk)
    return reply(check.not_knowing(pressed.fact), desk, _lead(lead, pressed, desk, noted))


def _form(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    return form(check, desk, lead)


def _submit(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    """A form states every fact in it; what was left empty is not known (a day known by its year stays so)."""
    empty = [name for name in pressed.left_empty if name in check.facts and not _rough(check, name)]
    taken = replace(check.without(*empty).stating(pressed.facts), mode="form", unclear=(), what_if={})
    if pressed.refused:
        return form(taken, desk, _lead(lead, pressed, desk))
    return reply(taken, desk, lead, show=True)


def _rough(check: Check, name: str) -> bool:
    value = check.facts[name]
    return isinstance(value, str) and value[:4].isdigit() and len(value) < len("2016-01-01")


def _result(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    return reply(check, desk, lead, show=True)


def _print(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    return to_print(check, desk)


def _what_if(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    return form(check, desk, lead, trying=True)


def _try(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    """What is tried out stands beside what was stated and never replaces it."""
    tried = {name: value for name, value in pressed.facts.items() if check.facts.get(name) != value}
    if pressed.refused:
        return form(check, desk, _lead(lead, pressed, desk), trying=True)
    return reply(replace(check, what_if=tried), desk, lead, show=True)


def _untry(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    return reply(replace(check, what_if={}), desk, lead, show=True)


def _next(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    return reply(replace(check, mode="one_by_one", what_if={}), desk, lead)


def _restart(pressed: Pressed, check: Check, desk: Desk, lead: str) -> Outcome:
    return reply(started(check.procedure, desk.on), desk)


_DOES: dict[str, Callable[[Pressed, Check, Desk, str], Outcome]] = {
    actions.START: _start,
    actions.ANSWER: _answer,
    actions.UNKNOWN: _unknown,
    actions.FORM: _form,
    actions.SUBMIT: _submit,
    actions.RESULT: _result,
    actions.PRINT: _print,
    actions.WHAT_IF: _what_if,
    actions.TRY: _try,
    actions.UNTRY: _untry,
    actions.NEXT: _next,
    actions.RESTART: _restart,
}


def _lead(lead: str, pressed: Pressed, desk: Desk, noted: str = "") -> str:
    refused = (refused_sentence(fact, text, desk) for fact, text in pressed.refused)
    return " ".join(part for part in (lead, noted, *refused) if part)
