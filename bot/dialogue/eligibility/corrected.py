"""What a message takes back, and what it puts in its place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot.dialogue.eligibility.memory import Check
from bot.dialogue.extract import Correction, Extracted, extract
from bot.texts import commands
from knowledge.text import fold

_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?")
_NOT_SO = re.compile(rf"\b(?:ne|not)\s({_NUMBER.pattern})", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def put_right(text: str, said: Extracted, on: date, check: Check | None) -> dict[str, Any]:
    """The facts that a message states anew in the place of others."""
    return (
        _corrected(said, on, check) or _taken_back(text, said, on, check) or _exchanged(text, said, on, check)
    )


def _corrected(said: Extracted, on: date, check: Check | None) -> dict[str, Any]:
    """What a correction puts in the place of the fact that was stated last."""
    found: dict[str, Any] = {}
    for correction in said.corrections:
        fact = correction.fact or (check.last if check else "")
        if fact and fact not in said.facts:
            found |= _after(correction, fact, on)
    return found


def _taken_back(text: str, said: Extracted, on: date, check: Check | None) -> dict[str, Any]:
    """ "Narobe, 7 let" says nothing of the question that is asked, but of the fact that was stated last."""
    if check is None or not check.last or check.asked in {*said.facts, *said.unknown}:
        return {}
    rest = takes_back(text)
    return _after(Correction(check.last, "", rest), check.last, on) if rest else {}


def takes_back(text: str) -> str:
    """What follows "narobe", "pravzaprav" and the like at the beginning; nothing where nothing is taken back so."""
    words = list(_WORD.finditer(text))
    said = [fold(word[0]) for word in words]
    for phrase in commands().take_back:
        cue = phrase.split()
        if said[: len(cue)] == cue and len(said) > len(cue):
            return text[words[len(cue)].start() :]
    return ""


def _exchanged(text: str, said: Extracted, on: date, check: Check | None) -> dict[str, Any]:
    """ "36 let, ne 35" means the one fact that was stated as 35, whatever is asked."""
    gone = _NOT_SO.search(text)
    if check is None or gone is None:
        return {}
    before = float(gone[1].replace(",", "."))
    facts = [name for name, value in check.facts.items() if type(value) in (int, float) and value == before]
    instead = [number for number in _NUMBER.findall(text) if number != gone[1]]
    if len(facts) != 1 or len(instead) != 1 or facts[0] in said.facts:
        return {}
    return _after(Correction(facts[0], gone[1], instead[0]), facts[0], on)


def _after(correction: Correction, fact: str, on: date) -> dict[str, Any]:
    again = extract(correction.after, on, asked=fact)
    return {fact: again.facts[fact]} if fact in again.facts else {}
