"""What a message or a form adds to a check: new facts, facts taken back, contradictions to be asked back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.dialogue.eligibility import values
from bot.dialogue.eligibility.hearing import Heard, hear
from bot.dialogue.eligibility.memory import Check, Option, Unclear
from bot.dialogue.eligibility.remarks import number_typed
from bot.dialogue.eligibility.replies import Desk, refused_sentence
from bot.dialogue.eligibility.wording import labels
from bot.texts import Texts

LONGEST_WORDS = 80


@dataclass(frozen=True, slots=True)
class Taken:
    """The check with the answers in it, those that are new, what to say first, and what to ask for first."""

    check: Check
    noted: Mapping[str, Any]
    lead: str
    first: tuple[str, ...] = ()


def answers(check: Check, heard: Heard, desk: Desk) -> Taken:
    """Take in what was heard. A second value of a fact is asked back, unless it was asked for or corrects."""
    agreed, contradicting = _sorted(check, heard, desk.on)
    unclear = (*check.unclear, *heard.unclear, *contradicting)
    taken = check.stating(agreed)
    if heard.unknown:
        taken = taken.not_knowing(*(name for name in heard.unknown if name not in agreed))
    taken = replace(taken.without(*(name for name, _ in heard.doubtful)), unclear=unclear)
    taken, agreed = settled(taken, agreed)
    return Taken(taken, agreed, said_back(heard, desk), _first(heard))


def settled(check: Check, told: Mapping[str, Any]) -> tuple[Check, dict[str, Any]]:
    """The check after facts were told, and these with what unclear words meant where one meaning alone is left."""
    found: dict[str, Any] = dict(told)
    unclear = []
    for each in check.unclear:
        left = [one for one in each.options if one.fact not in told]
        if not each.words or len(left) == len(each.options):
            unclear.append(each)
        elif len(left) == 1:
            found[left[0].fact] = left[0].value
    return replace(check.stating(found), unclear=tuple(unclear)), found


def said_back(heard: Heard, desk: Desk) -> str:
    """What stays open, what could not be taken and why."""
    parts = []
    if heard.unknown:
        parts.append(desk.texts("check.noted_unknown", facts=labels(heard.unknown, desk.texts)))
    parts += [refused_sentence(refused.fact, refused.text, desk) for refused in heard.refused]
    parts += _doubts(heard, desk.texts)
    return " ".join(parts)


def option(check: Check, text: str, desk: Desk) -> Check | None:
    """The check with the meaning picked that a reply names, when one was asked back."""
    if not check.unclear:
        return None
    unclear, rest = check.unclear[0], check.unclear[1:]
    number = number_typed(text)
    if number is not None and number <= len(unclear.options):
        return picked(check, unclear.options[number - 1])
    again = hear(f"{unclear.words} {text}", desk.on, replace(check, asked=None))
    for offered in unclear.options:
        if again.facts.get(offered.fact) == offered.value:
            return picked(check, offered)
    asked = hear(text, desk.on, replace(check, asked=unclear.options[0].fact))
    if unclear.options[0].fact in asked.unknown:
        return replace(check, unclear=rest)
    fitting = [one for one in unclear.options if asked.facts.get(unclear.options[0].fact) == one.value]
    return picked(check, fitting[0]) if len(fitting) == 1 else None


def picked(check: Check, offered: Option) -> Check:
    """One of the meanings, chosen; what was asked back first is settled."""
    return replace(check.stating({offered.fact: offered.value}), unclear=check.unclear[1:])


def _sorted(check: Check, heard: Heard, on: date) -> tuple[dict[str, Any], list[Unclear]]:
    agreed: dict[str, Any] = {}
    contradicting = []
    for name, value in heard.facts.items():
        before = check.facts.get(name)
        free = before is None or name == check.asked or heard.corrects or not check.asked
        if free or before == value or _within(before, value):
            agreed[name] = value
        elif not _within(value, before):
            contradicting.append(Unclear("", (Option(name, before), Option(name, value))))
    return agreed, contradicting


def _within(rough: Any, exact: Any) -> bool:
    """Whether a day lies in the year, or the month, that was stated before."""
    known = values.partial(rough)
    if known is None or not isinstance(exact, str):
        return False
    return exact.startswith(str(known))


def _doubts(heard: Heard, texts: Texts) -> list[str]:
    return [texts("check.ask.doubtful", words=words[:LONGEST_WORDS]) for _, words in heard.doubtful if words]


def _first(heard: Heard) -> tuple[str, ...]:
    return (*(fact for fact, _ in heard.doubtful), *(refused.fact for refused in heard.refused))
