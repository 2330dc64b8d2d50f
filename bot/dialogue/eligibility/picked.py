"""A reply that picks one of what was offered, by its number, its label or the way that a hint shows."""

from __future__ import annotations

from typing import Any

from bot.dialogue.eligibility import values
from bot.dialogue.eligibility.memory import Check
from bot.dialogue.eligibility.options import choices_of
from bot.dialogue.eligibility.remarks import is_question, number_typed
from bot.texts import LOCALES
from bot.texts.facts import fact_words
from knowledge.text import fold, tokens
from rules import FACTS, FactError, Kind

_ALIKE = 5
"""So many first letters tell the names of attachments apart."""


def picked(text: str, check: Check, asked: str) -> dict[str, Any]:
    """A choice by its number or its own label, or a list as the hint shows it."""
    words = fold(text.strip().rstrip(".!"))
    choices = choices_of(check, asked)
    spec = FACTS[check.procedure][asked]
    if spec.kind in {Kind.CHOICE, Kind.BOOL}:
        number = number_typed(text)
        if number is not None and number <= len(choices):
            return {asked: choices[number - 1].value}
        named = [choice.value for choice in choices if fold(choice.label) == words]
        return {asked: named[0]} if named else {}
    if spec.kind is Kind.CHOICES and not is_question(text):
        return _listed(text, asked)
    if spec.kind in {Kind.SEQUENCE, Kind.NUMBERS, Kind.OPTIONAL_NUMBERS}:
        try:
            value = values.from_input(check.procedure, asked, text)
        except FactError:
            return {}
        return {asked: value} if value else {}
    return {}


def labelled(text: str, check: Check) -> dict[str, Any]:
    """A choice of a fact that is not asked for now, by a label that no other fact has: "izjemno"."""
    words = fold(text.strip().rstrip(".!"))
    named = {
        (name, value)
        for name, spec in FACTS[check.procedure].items()
        if spec.kind is Kind.CHOICE
        for locale in LOCALES
        for value, label in fact_words(locale)[name].choices.items()
        if fold(label) == words
    }
    return dict(named) if len(named) == 1 else {}


def _listed(text: str, asked: str) -> dict[str, Any]:
    """Items of a set named by the first word of their labels, in either language."""
    said = tokens(text)
    named = [
        value
        for value in fact_words("sl")[asked].choices
        if any(
            word.startswith(tokens(fact_words(locale)[asked].choices[value])[0][:_ALIKE])
            for locale in LOCALES
            for word in said
        )
    ]
    return {asked: named} if named else {}
