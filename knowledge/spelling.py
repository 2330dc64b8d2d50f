"""Typing mistakes mended towards the words that the base knows: listed ones, and others in words unknown to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.text import stem

MIN_LENGTH, LONG = 4, 8
MIN_STEM = 4


class Spelling:
    """The words of a base with their frequencies, and the slips that are listed with what they stand for.

    One edit is allowed in words of five to seven letters, two from eight on, none below five but for two
    neighbouring letters that changed places, which count as one edit (Damerau 1964). The first letter may differ only
    where that is the one edit. What mending needs is made at the first word that is not known.
    """

    def __init__(self, frequency: Mapping[str, int], slips: Mapping[str, str] | None = None) -> None:
        self.frequency = frequency
        self._slips = slips or {}

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(one for one in map(stem, self.frequency) if len(one) >= MIN_STEM)

    @cached_property
    def _alike(self) -> dict[tuple[str, int], list[str]]:
        alike: dict[tuple[str, int], list[str]] = {}
        for word in sorted(self.frequency):
            alike.setdefault((word[0], len(word)), []).append(word)
        return alike

    @cached_property
    def _after_first(self) -> dict[str, list[str]]:
        after: dict[str, list[str]] = {}
        for word in sorted(self.frequency):
            after.setdefault(word[1:], []).append(word)
        return after

    def knows(self, word: str) -> bool:
        """Whether the word stands in the base, or one of its stem (a short stem is shared by too many slips)."""
        return word in self.frequency or stem(word) in self._stems

    def mend(self, words: Sequence[str], also: Iterable[str] = ()) -> list[str]:
        """`words`, each listed slip or unknown one replaced: by its nearest known neighbour if one is near enough."""
        spared = frozenset(also)
        meant = (word if word in spared else self._slips.get(word, word) for word in words)
        return [word if word in spared or self.knows(word) else self._nearest(word) for word in meant]

    def _nearest(self, word: str) -> str:
        if len(word) < MIN_LENGTH or not word.isalpha():
            return word
        allowed = 1 if len(word) < LONG else 2
        near = [(1, known) for known in self._other_start(word)]
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            group = self._alike.get((word[0], length), ())
            found = process.extract(
                word, group, scorer=OSA.distance, score_cutoff=allowed, limit=None, processor=None
            )
            near += [(int(distance), known) for known, distance, _ in found]
        if len(word) == MIN_LENGTH:
            near = [(distance, known) for distance, known in near if sorted(known) == sorted(word)]
        ranked = [(distance, -self.frequency[known], known) for distance, known in near]
        return min(ranked)[2] if ranked else word

    def _other_start(self, word: str) -> list[str]:
        """Known words one edit away that begin otherwise: that edit is at the beginning."""
        whole = (word[1:], word[1] + word[0] + word[2:])
        return [
            *(known for known in whole if known in self.frequency),
            *self._after_first.get(word, ()),
            *self._after_first.get(word[1:], ()),
        ]
