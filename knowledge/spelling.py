"""Typing mistakes mended towards the words that the base knows, and only in words that it does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.text import stem

MIN_LENGTH, LONG = 5, 8


class Spelling:
    """The words of a base with their frequencies.

    One edit is allowed in words of five to seven letters, two from eight on, none below five; two
    neighbouring letters that changed places count as one edit (Damerau 1964).
    """

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self.frequency = frequency
        self._words = sorted(frequency)
        self._stems = frozenset(map(stem, frequency))

    def knows(self, word: str) -> bool:
        """Whether the word or a word of its stem stands in the base."""
        return word in self.frequency or stem(word) in self._stems

    def mend(self, words: Sequence[str], also: Iterable[str] = ()) -> list[str]:
        """`words`, each unknown one replaced by its nearest known neighbour if one is near enough."""
        spared = frozenset(also)
        return [word if word in spared or self.knows(word) else self._nearest(word) for word in words]

    def _nearest(self, word: str) -> str:
        if len(word) < MIN_LENGTH or not word.isalpha():
            return word
        allowed = 1 if len(word) < LONG else 2
        near = process.extract(
            word, self._words, scorer=OSA.distance, score_cutoff=allowed, limit=5, processor=None
        )
        ranked = [
            (distance, -self.frequency[known], known)
            for known, distance, _ in near
            if known[0] == word[0] or distance == 1
        ]
        return min(ranked)[2] if ranked else word
