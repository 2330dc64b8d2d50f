"""Invented bases of any size, in the words of the real one, to measure how answering grows.

Every invented entry takes a real entry for its model and has a subject of its own: a few words of the domain that
stand in its title and take the place of some words in the phrasings. It is nonsense, but nonsense with the lengths,
endings and frequencies of real questions. The same size always gives the same base.
"""

from __future__ import annotations

import random
from dataclasses import replace

from knowledge.entry import Both, Entry, Phrasings
from knowledge.features import SMALL_WORDS
from knowledge.loader import Base
from knowledge.text import fold

PHRASINGS = 3
SUBJECT = 3
_SEED = 20261121


def synthetic(base: Base, count: int) -> Base:
    """A base of `count` invented entries, each with three Slovenian phrasings and one English."""
    dice = random.Random(_SEED)
    models = sorted(base.entries.values(), key=lambda entry: entry.id)
    words = content_words(base)
    entries = {}
    for number in range(count):
        entry = _entry(dice, models[number % len(models)], words, number)
        entries[entry.id] = entry
    return replace(base, entries=entries)


def questions(base: Base, count: int) -> list[tuple[str, str]]:
    """Questions with the entry that each is about: phrasings with a word less, some with a slip of the keyboard."""
    dice = random.Random(_SEED + 1)
    entries = sorted(base.entries.values(), key=lambda entry: entry.id)
    asked = []
    for number in range(count):
        entry = dice.choice(entries)
        words = dice.choice(entry.phrasings.sl).split()
        if len(words) > PHRASINGS:
            del words[dice.randrange(len(words))]
        if number % 4 == 0:
            words = [_slip(dice, word) if len(word) > 6 else word for word in words]
        asked.append((fold(" ".join(words)) if number % 3 else " ".join(words), entry.id))
    return asked


def content_words(base: Base) -> list[str]:
    """Every longer word of the phrasings, in their order, once."""
    seen = {
        word.strip("?!.,:;()»«„“\"'"): None
        for entry in base.entries.values()
        for line in entry.phrasings.sl
        for word in line.split()
    }
    return [word for word in seen if len(word) > 4 and word.isalpha() and fold(word) not in SMALL_WORDS]


def _entry(dice: random.Random, model: Entry, words: list[str], number: int) -> Entry:
    subject = dice.sample(words, SUBJECT)
    lines = dice.sample(model.phrasings.sl, min(PHRASINGS, len(model.phrasings.sl)))
    return model.model_copy(
        update={
            "id": f"e{number:05d}",
            "title": Both(sl=_about(dice, model.title.sl, subject), en=_about(dice, model.title.en, subject)),
            # Fewer than a real entry must have: what is measured is many entries, not many words.
            "phrasings": Phrasings.model_construct(
                sl=tuple(_about(dice, line, subject) for line in lines),
                en=(_about(dice, dice.choice(model.phrasings.en), subject),),
            ),
            "terms": (" ".join(subject),),
        }
    )


def _about(dice: random.Random, line: str, subject: list[str]) -> str:
    """A line with some of its longer words exchanged for the subject, or the subject behind it."""
    words = line.split()
    places = [place for place, word in enumerate(words) if len(word) > 4]
    chosen = dice.sample(places, min(len(subject), max(1, len(places) - 2))) if places else []
    for place, word in zip(chosen, subject, strict=False):
        words[place] = word
    return " ".join((*words, *subject[len(chosen) :]))[:400].strip()


def _slip(dice: random.Random, word: str) -> str:
    place = dice.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
