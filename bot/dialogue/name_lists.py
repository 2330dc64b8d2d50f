"""The lists that names are recognised by: names in all their grammatical forms, and the words around names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.texts import FOLDER
from knowledge.strict_yaml import read
from knowledge.text import fold

_CONSONANT = "|a|u|om|em|ov|ova|ove|ovo|ovi|ovega|ovemu|ovim|ev|eva|eve|evo|evi".split("|")
_FEMININE = "a e i o in ina ine ini ino inega inemu ov ova ove ovo ovi".split()
_NEUTER = "o a u om ov ova ove ovo ovi ovega".split()


@dataclass(frozen=True, slots=True)
class Lists:
    """All of them, folded."""

    given: frozenset[str]
    given_doubtful: frozenset[str]
    surnames: frozenset[str]
    surnames_doubtful: frozenset[str]
    address: frozenset[str]
    address_beginnings: tuple[str, ...]
    between: frozenset[str]
    abbreviations: frozenset[str]
    introduction: tuple[tuple[str, ...], ...]
    self: tuple[tuple[str, ...], ...]
    closing: tuple[tuple[str, ...], ...]
    ordinary: frozenset[str]
    english: frozenset[str]
    slovenian: frozenset[str]
    protected: tuple[str, ...]
    protected_short: frozenset[str]


def is_form(folded: str, *names: frozenset[str]) -> bool:
    """Whether a folded word, or a part of a double one, is a form of a name in one of the sets."""
    return any(part in known for known in names for part in folded.split("-"))


def _forms(name: str) -> set[str]:
    """The grammatical forms of a name and the adjectives made of it, folded."""
    word = fold(name)
    if word.endswith("a"):
        return {word[:-1] + ending for ending in _FEMININE}
    if word.endswith("o"):
        return {word[:-1] + ending for ending in _NEUTER}
    if word.endswith("e"):
        return {word, *(word + "t" + ending for ending in _CONSONANT if ending)}
    forms = {word + ending for ending in _CONSONANT}
    if word.endswith(("i", "r")):
        forms |= {word + "j" + ending for ending in _CONSONANT if ending}
    if word[-2:] in {"er", "el", "ec", "ek", "en"} and len(word) > 4:
        forms |= {word[:-2] + word[-1] + ending for ending in _CONSONANT if ending}
    return forms


@lru_cache(maxsize=1)
def lists() -> Lists:
    """The lists of personal.yaml, read once."""
    data: Any = read(FOLDER / "personal.yaml").data

    def forms(key: str) -> frozenset[str]:
        return frozenset(form for name in data[key].split() for form in _forms(name))

    def phrases(key: str) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted((tuple(phrase.split()) for phrase in data[key]), key=len, reverse=True))

    address, protected = data["address"].split(), data["protected"].split()
    return Lists(
        given=forms("given"),
        given_doubtful=forms("given_doubtful"),
        surnames=forms("surnames"),
        surnames_doubtful=forms("surnames_doubtful"),
        address=frozenset(word for word in address if not word.endswith("…")),
        address_beginnings=tuple(word.removesuffix("…") for word in address if word.endswith("…")),
        between=frozenset(data["between"].split()),
        abbreviations=frozenset(data["abbreviations"].split()),
        introduction=phrases("introduction"),
        self=phrases("self"),
        closing=phrases("closing"),
        ordinary=frozenset(data["ordinary"].split()),
        english=frozenset(data["english"].split()),
        slovenian=frozenset(data["slovenian"].split()),
        protected=tuple(word for word in protected if len(word) > 3),
        protected_short=frozenset(word for word in protected if len(word) <= 5),
    )
