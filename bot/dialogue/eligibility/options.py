"""The answers that a fact can have, where they are few enough to be offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.dialogue.eligibility.memory import Check
from bot.texts import texts
from bot.texts.facts import fact_words
from rules import FACTS, Kind
from rules.facts import Naziv, Proposer


@dataclass(frozen=True, slots=True)
class Offered:
    """One possible answer and how it is called."""

    value: Any
    label: str


def choices_of(check: Check, fact: str, locale: str = "sl") -> tuple[Offered, ...]:
    """The possible answers, those left out that the other facts rule out; none for numbers, days and lists."""
    spec = FACTS[check.procedure][fact]
    if spec.kind is Kind.BOOL:
        words = texts(locale)
        return Offered(True, words("check.yes")), Offered(False, words("check.no"))
    if spec.kind is not Kind.CHOICE:
        return ()
    labels = fact_words(locale)[fact].choices
    return tuple(
        Offered(value.value, labels[value.value])
        for value in spec.choices
        if _possible(check, fact, value.value)
    )


def _possible(check: Check, fact: str, value: str) -> bool:
    order = [naziv.value for naziv in Naziv]
    if fact == "target_naziv":
        current = check.facts.get("current_naziv", Naziv.NONE.value)
        return order.index(value) > order.index(current)
    if fact == "proposer" and check.facts.get("post") not in {None, "ravnatelj"}:
        return value != Proposer.SVET_ZAVODA.value
    return True
