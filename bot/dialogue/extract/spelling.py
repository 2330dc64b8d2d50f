"""Slips of the keyboard: a word that nobody knows and that is nearest to one known word becomes that word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from os.path import commonprefix

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract as nearest

from bot.dialogue.extract.patterns import word_forms
from knowledge.text import fold

_SHORTEST = 5
_OPEN = 6
"""An open stem needs this many letters to lead slips back to it."""
_ALIKE = 4
"""Candidates that begin alike are forms of one word."""
_LONG = 9
"""From this length on two slips are forgiven, below it one."""


@dataclass(frozen=True)
class Spelling:
    """Known words, open stems, and the forms by length that a slip may be led back to."""

    known: frozenset[str]
    stems: frozenset[str]
    endings: frozenset[str]
    by_length: dict[int, tuple[str, ...]] = field(hash=False)

    @classmethod
    def from_patterns(
        cls, patterns: Iterable[str], endings: Iterable[str], more: Iterable[str], lookalikes: Iterable[str]
    ) -> Spelling:
        """Collect the vocabulary of the patterns; `lookalikes` are real words that are near it but are not it."""
        forms: set[str] = {word for word in more if len(word) >= _SHORTEST}
        stems: set[str] = set()
        endings = tuple(endings)
        for word in (word for text in patterns for part in text.split() for word in _bare(part)):
            if word.endswith("*"):
                stems.add(word[:-1])
                if len(word) > _OPEN:
                    forms.update(word[:-1] + ending for ending in endings)
            else:
                forms.update(word_forms(word))
        by_length: dict[int, list[str]] = {}
        for form in sorted(forms):
            if len(form) >= _SHORTEST and form.isalpha():
                by_length.setdefault(len(form), []).append(form)
        known = frozenset(forms) | frozenset(fold(word) for word in lookalikes)
        return cls(known, frozenset(stems), frozenset(endings), {size: tuple(found) for size, found in by_length.items()})

    def corrected(self, word: str) -> str:
        """The word itself when it is known, short or near to nothing (or to two different words)."""
        if len(word) < _SHORTEST or not word.isalpha() or self.knows(word):
            return word
        return _corrected(self, word)

    def knows(self, word: str) -> bool:
        """Whether the word is in the vocabulary or goes on from an open stem."""
        if word in self.known:
            return True
        return any(word[:size] in self.stems and word[size:] in self.endings for size in range(2, len(word) + 1))


def _bare(part: str) -> list[str]:
    part = part.removesuffix("?")
    if part[0] in "@#=." or part == ",":
        return []
    words, depth, start = [], 0, 0
    for place, char in enumerate(part):
        depth += {"[": 1, "]": -1}.get(char, 0)
        if char == "|" and depth == 0:
            words.append(part[start:place])
            start = place + 1
    words.append(part[start:])
    return [fold(word) for word in words if word and word[0] not in "@#="]


@lru_cache(maxsize=16384)
def _corrected(spelling: Spelling, word: str) -> str:
    most = 2 if len(word) >= _LONG else 1
    choices: list[str] = []
    for size in range(len(word) - most, len(word) + most + 1):
        choices.extend(spelling.by_length.get(size, ()))
    found = nearest(word, choices, scorer=OSA.distance, score_cutoff=most, limit=12)
    if not found:
        return word
    best = min(score for _, score, _ in found)
    candidates = [form for form, score, _ in found if score == best]
    return candidates[0] if len(commonprefix(candidates)) >= _ALIKE or len(candidates) == 1 else word
