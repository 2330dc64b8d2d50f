"""What is only supposed ("če bi imela 40 točk, …"): found, and put into the words of a statement to be read.

Nothing of it is ever kept as stated; whoever reads it puts it into `Check.what_if`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.texts import commands
from knowledge.text import fold

_WORD = re.compile(r"\w+")
_MORE = re.compile(r"\bše\b|\bse (?:\w+ )?\d|\bmore\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.?!]) +(?=[A-ZČŠŽĆĐ])")
_NEAR = 4
"""So many words may stand between "če" and its verb."""
_AS_STATED = {"ce": ("imam", "sem"), "if": ("I have", "I am")}
_WOULD = {"ce": "bi", "if": "i"}
"""What stands between "če" and the verb where the speaker supposes; it is taken out of the statement."""


@dataclass(frozen=True, slots=True)
class Supposition:
    """A message parted into what it states, in other sentences too, and what it supposes, in the words of a statement.

    `adds` says that a number comes on top of what there is: "še 5 točk".
    """

    stated: str
    supposed: str
    adds: bool


def supposition(text: str) -> Supposition | None:
    """What a message tries out ("kaj pa če …", "…, če bi imela …"); None when it tries out nothing."""
    words = list(_WORD.finditer(text))
    folded = [fold(word[0]) for word in words]
    for place in range(len(words)):
        begins = _begins(folded[place:], first=not place)
        if begins or (folded[place] in _AS_STATED and _verb(folded, place)):
            start = words[place].start()
            after = _SENTENCE.search(text, start)
            end = after.start() if after else len(text)
            supposed, stated = text[start:end], f"{text[:start]} {text[end:]}".strip()
            return Supposition(stated, _as_stated(supposed), bool(_MORE.search(supposed)))
    return None


def added(facts: Mapping[str, Any], known: Mapping[str, Any], *, adds: bool) -> dict[str, Any]:
    """Supposed facts; a number that comes on top is told only where what it comes on top of is known."""
    if not adds:
        return dict(facts)
    sums = {name: value for name, value in facts.items() if type(value) not in (int, float)}
    for name in facts.keys() - sums.keys():
        if type(known.get(name)) in (int, float):
            sums[name] = known[name] + facts[name]
    return sums


def _begins(folded: list[str], *, first: bool) -> bool:
    """Whether words begin as something tried out; further on in a message only by "kaj če" and the like."""
    begin = " ".join(folded[:_NEAR]) + " "
    if any(begin.startswith(f"{phrase} ") for phrase in commands().only_polite):
        return False
    phrases = commands().what_if if first else commands().what_if_within
    return any(begin.startswith(f"{phrase} ") for phrase in phrases)


def _verb(folded: list[str], place: int) -> int | None:
    """The place of the verb after a "če" that supposes what the speaker has, is or gets."""
    would = False
    for then in range(place + 1, min(place + 1 + _NEAR, len(folded))):
        word = folded[then]
        would = would or word == _WOULD[folded[place]]
        if word in commands().supposed_get or (would and word in _had_or_was()):
            return then
    return None


def _had_or_was() -> tuple[str, ...]:
    return (*commands().supposed_had, *commands().supposed_was)


def _as_stated(text: str) -> str:
    """ "Če bi imela 40 točk" as "imam 40 točk"; as it is where no such verb is near."""
    words = list(_WORD.finditer(text))
    folded = [fold(word[0]) for word in words]
    place = next((each for each, word in enumerate(folded) if word in _AS_STATED), None)
    verb = None if place is None else _verb(folded, place)
    if place is None or verb is None:
        return text
    having, being = _AS_STATED[folded[place]]
    between = [words[each][0] for each in range(place + 1, verb) if folded[each] != _WOULD[folded[place]]]
    said = being if folded[verb] in commands().supposed_was else having
    return " ".join([text[: words[place].start()] + said, *between]) + text[words[verb].end() :]
