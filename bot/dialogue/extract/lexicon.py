"""The words of the extraction, read once from the YAML files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.extract.numbers import NumberWords
from bot.dialogue.extract.patterns import Phrasebook
from bot.dialogue.extract.spelling import Spelling
from bot.dialogue.extract.wordforms import word_forms
from knowledge.text import fold

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = Path(__file__).parent / "words"
_DAYS = (
    "last_adjective today yesterday before_yesterday tomorrow year_lead this_year last_year year_before_last next_year "
    "weekday_1 weekday_2 weekday_3 weekday_4 weekday_5 weekday_6 weekday_7"
).split()
_AMOUNTS = ("one_and_half", "half", "ordinal_year", "vague", "article", "one_year")
_PHRASES = ("cues", "titles", "statements", "pay", "activities", "votes", "purpose")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Classes of words, the phrasebook, number words, months, abbreviations and the spelling.

    `begins_day` and `begins_amount` are all words that a spoken day, or an amount without a number, can begin with.
    """

    classes: Mapping[str, frozenset[str]]
    phrases: Phrasebook
    blocks: Phrasebook
    numbers: NumberWords
    months: Mapping[str, int]
    abbreviations: frozenset[str]
    before_names: frozenset[str]
    spelling: Spelling
    takes: Mapping[str, str]
    replies: Mapping[str, Mapping[str, str]]
    colloquial: Mapping[str, str]
    signs: Mapping[str, str]
    begins_day: frozenset[str]
    begins_amount: frozenset[str]

    def spelled(self, word: str) -> str:
        """The word, or the known word it is a slip or a spoken form of."""
        return self.colloquial.get(word) or self.spelling.corrected(word)

    def is_a(self, word: str, name: str) -> bool:
        """Whether the word is listed in the class (classes of whole words only)."""
        return word in self.classes[name]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """All data, compiled."""
    words = _load("words")
    classes: dict[str, list[str]] = words["classes"]
    phrases, blocks = Phrasebook(classes), Phrasebook(classes)
    patterns = list(_flat(classes))
    takes = {str(key): str(value) for key, value in _load("cues")["takes"].items()}
    for name in _PHRASES:
        for family, values in _load(name)["phrases"].items():
            for value, texts in values.items():
                for text in texts:
                    phrases.add(_family(family, str(value), text, takes), str(value), text)
                    patterns.append(text)
    for text in _load("blocks")["blocks"]:
        blocks.add("block", "block", text)
        patterns.append(text)
    months = {
        form: int(number)
        for number, forms in words["months"].items()
        for word in forms
        for form in _forms(word)
    }
    numbers = NumberWords.from_data(words["numbers"])
    spelled = {*months, *numbers.values, *numbers.counted()}
    slips, lookalikes = _load("spelling"), _load("lookalikes")["words"]
    spelling = Spelling.from_data(
        patterns, words["endings"], spelled, slips["repairable"], lookalikes, slips["never"]
    )
    forms = {
        name: frozenset(form for word in members for form in _forms(word))
        for name, members in classes.items()
    }
    return Lexicon(
        classes=forms,
        phrases=phrases,
        blocks=blocks,
        numbers=numbers,
        months=months,
        abbreviations=frozenset(words["abbreviations"]),
        before_names=frozenset(words["abbreviations_before_names"]),
        spelling=spelling,
        takes=takes,
        replies=_load("replies"),
        colloquial={**words["colloquial"], **words["dual"]},
        signs=words["signs"],
        begins_day=frozenset().union(months, numbers.ordinals, *(forms[name] for name in _DAYS)),
        begins_amount=frozenset().union(*(forms[name] for name in _AMOUNTS)),
    )


def _family(family: str, value: str, text: str, takes: Mapping[str, str]) -> str:
    """Cues of different kinds of quantities, and votes with one and two numbers, may share their words."""
    if family == "votes":
        return family if text.count("#") > 1 else "votes_one"
    return f"cue_{takes[value]}" if family == "cue" else family


def _flat(classes: Mapping[str, list[str]]) -> list[str]:
    return [word for members in classes.values() for word in members if not word.startswith("@")]


def _forms(word: str) -> list[str]:
    return word_forms(word) or [fold(word)]


def _load(name: str) -> Any:
    return yaml.load((_WORDS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
