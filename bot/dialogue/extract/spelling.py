"""Slips of the keyboard: a word that nobody knows and that is nearest to one listed word becomes that word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract as nearest

from bot.dialogue.extract.wordforms import pattern_words, word_forms
from knowledge.text import fold

_SHORTEST = 5
_SURE = 7
"""A word of a pattern needs this many letters to be led back to without being listed as repairable."""
_ALIKE = 4
"""Candidates that begin alike are forms of one word."""
_MOST = 12
"""So many candidates are looked at."""
_LONG = 9
"""From this length on two slips are forgiven, below it one."""


@dataclass(frozen=True)
class Spelling:
    """Known words and open stems, and the forms by length that a slip may be led back to."""

    known: frozenset[str]
    stems: frozenset[str]
    endings: frozenset[str]
    forms: Mapping[int, tuple[str, ...]] = field(hash=False)

    @classmethod
    def from_data(
        cls,
        patterns: Iterable[str],
        endings: Iterable[str],
        words: Iterable[str],
        repairable: Iterable[str],
        lookalikes: Iterable[str],
        never: Iterable[str] = (),
    ) -> Spelling:
        """Collect the vocabulary.

        `lookalikes` are real words that are near a repairable one but are not it, `never` words of the patterns that
        nothing is led back to.
        """
        known: set[str] = set(words)
        stems: set[str] = set()
        for word in (
            word
            for text in patterns
            for part in text.removeprefix("& ").split()
            for word in pattern_words(part)
        ):
            if word.endswith("*"):
                stems.add(fold(word)[:-1])
            else:
                known.update(word_forms(word))
        forms: dict[int, list[str]] = {}
        extra = {form for text in repairable for form in word_forms(text)}
        barred = {form for text in never for form in word_forms(text)}
        sure = {word for word in known if len(word) >= _SURE and word.isalpha()}
        vocabulary = (sure - barred) | extra
        known.update(fold(word) for word in lookalikes)
        for form in sorted(vocabulary):
            forms.setdefault(len(form), []).append(form)
            known.add(form)
        return cls(
            frozenset(known),
            frozenset(stems),
            frozenset(endings),
            {size: tuple(found) for size, found in forms.items()},
        )

    def corrected(self, word: str) -> str:
        """The word itself when it is known, short or near to nothing (or to two different words)."""
        return _corrected(self, word) if len(word) >= _SHORTEST and word.isalpha() else word

    def knows(self, word: str) -> bool:
        """Whether the word is in the vocabulary or an open stem with a usual ending."""
        if word in self.known:
            return True
        return any(
            word[:size] in self.stems and word[size:] in self.endings for size in range(2, len(word) + 1)
        )


@lru_cache(maxsize=16384)
def _corrected(spelling: Spelling, word: str) -> str:
    if spelling.knows(word):
        return word
    most = 2 if len(word) >= _LONG else 1
    sizes = range(len(word) - most, len(word) + most + 1)
    found = [
        near
        for size in sizes
        for near in nearest(
            word, spelling.forms.get(size, ()), scorer=OSA.distance, score_cutoff=most, limit=_MOST
        )
    ]
    least = min((score for _, score, _ in found), default=0)
    candidates = [form for form, score, _ in found if score == least][:_MOST]
    alike = len(candidates) == 1 or len({form[:_ALIKE] for form in candidates}) == 1
    return candidates[0] if candidates and alike else word
