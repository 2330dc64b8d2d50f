"""One message laid out: its items, the phrases found in it, and which words belong together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.dialogue.extract.items import COMMA, SENTENCE, Item
from bot.dialogue.extract.lexicon import Lexicon
from bot.dialogue.extract.model import Value
from bot.dialogue.extract.patterns import Match

QUANTITIES = frozenset({"number", "points", "years", "date", "percent", "hours", "times", "range"})
_NEAR_NOT, _NOT_AFTER = 5, 3
_SHORTLY = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """A value of a fact, with the items that gave it; a `weak` one only counts in a message about a person."""

    fact: str
    value: Value
    first: int
    last: int
    weak: bool = False


@dataclass(slots=True)
class Scene:
    """Items and matches with what was concluded of them so far; built anew for each message, never shared."""

    text: str
    items: list[Item]
    matches: dict[str, list[Match]]
    lexicon: Lexicon
    on: date
    asked: str | None
    procedure: str | None
    used: set[int] = field(default_factory=set)
    doubts: list[tuple[tuple[str, ...], int, int]] = field(default_factory=list)
    _clauses: list[range] = field(default_factory=list)
    _parts: list[range] = field(default_factory=list)
    _sentences: list[range] = field(default_factory=list)
    _silent: set[int] = field(default_factory=set)
    _words_of: dict[str, list[int]] = field(default_factory=dict)
    _firsts_of: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clause = part = sentence = 0
        clauses, parts, sentences = [], [], []
        for item in self.items:
            sentence += item.sep >= SENTENCE
            part += item.sep >= COMMA
            joins = item.kind == "word" and self.lexicon.is_a(item.text, "conjunction")
            clause += item.sep >= COMMA or joins
            clauses.append(clause)
            parts.append(part)
            sentences.append(sentence)
        self._clauses, self._parts, self._sentences = _ranges(clauses), _ranges(parts), _ranges(sentences)
        for family in ("dont_know", "correction", "without_title", "not_there"):
            for match in (each for each in self.of(family) if each.value != "stated"):
                self._silent.update(range(match.first, match.last + 1))

    def of(self, family: str) -> list[Match]:
        """The matches of a family, in order."""
        return self.matches.get(family, [])

    def count(self, family: str, places: range) -> int:
        """How many matches of the family begin in the places."""
        matches = self.of(family)
        low = bisect_left(matches, places.start, key=lambda match: match.first)
        return bisect_left(matches, places.stop, key=lambda match: match.first) - low

    def near(self, family: str, place: int) -> list[Match]:
        """The matches of a family that begin shortly before a place, or at it."""
        matches = self.of(family)
        low = bisect_left(matches, place - _SHORTLY, key=lambda match: match.first)
        high = bisect_right(matches, place, key=lambda match: match.first)
        return matches[low:high]

    def cues(self) -> list[Match]:
        """The words that say what a quantity is, in order."""
        kinds = sorted(set(self.lexicon.takes.values()))
        return sorted(
            (match for kind in kinds for match in self.of(f"cue_{kind}")), key=lambda match: match.first
        )

    def words(self, first: int, last: int) -> str:
        """The words of the message from one item to another."""
        return self.text[self.items[first].start : self.items[last].end]

    def clause(self, place: int) -> range:
        """The items between commas and conjunctions around a place."""
        return self._clauses[place]

    def part(self, place: int) -> range:
        """The items between commas around a place."""
        return self._parts[place]

    def sentence(self, place: int) -> range:
        """The items of the sentence around a place."""
        return self._sentences[place]

    def has(self, places: range, name: str) -> bool:
        """Whether a word of the class stands in the places."""
        if name not in self._words_of:
            self._words_of[name] = [
                place
                for place, item in enumerate(self.items)
                if item.kind == "word" and self.lexicon.is_a(item.text, name)
            ]
        return _any_in(self._words_of[name], places)

    def any_of(self, family: str, places: range) -> bool:
        """Whether a match of the family begins in the places."""
        if family not in self._firsts_of:
            self._firsts_of[family] = sorted(match.first for match in self.of(family))
        return _any_in(self._firsts_of[family], places)

    def negated(self, match: Match) -> bool:
        """Whether a word of negation stands in the match or close to it in its clause."""
        clause = self.clause(match.first)
        first = max(clause.start, match.first - _NEAR_NOT)
        last = min(max(clause.stop, match.last + 1), match.last + 1 + _NOT_AFTER)
        return any(self.says_not(place) for place in range(first, last))

    def says_not(self, place: int) -> bool:
        """Whether a word of negation stands at the place, and not in "ne vem", a correction or "me ni bilo"."""
        item = self.items[place]
        return item.kind == "word" and place not in self._silent and self.lexicon.is_a(item.text, "not")

    def is_question(self, place: int) -> bool:
        """Whether the sentence around a place ends with a question mark."""
        end = self.items[self.sentence(place).stop - 1].end
        return self.text[end : end + 2].lstrip().startswith("?")

    def quantities(self, *kinds: str) -> Iterator[int]:
        """The places of quantities of these kinds that nothing has used yet."""
        for place, item in enumerate(self.items):
            if item.kind in kinds and place not in self.used:
                yield place

    def general(self, place: int) -> bool:
        """Whether the part of the sentence asks after the rule and says nothing of a person."""
        part = self.part(place)
        opens = part.start == self.sentence(place).start
        asks = (
            self.any_of("general", range(part.start, place + 1))
            or self.has(range(part.start, part.start + 1), "whether")
            or (opens and self.has(range(part.start, part.start + 1), "question_start"))
        )
        sentence = self.sentence(place)
        rule = self.any_of("general", sentence) and self.any_of("modal", sentence)
        return (asks and not self.has(part, "mine")) or (rule and not self.has(sentence, "mine"))


def _any_in(sorted_places: list[int], places: range) -> bool:
    at = bisect_left(sorted_places, places.start)
    return at < len(sorted_places) and sorted_places[at] < places.stop


def _ranges(numbers: list[int]) -> list[range]:
    """For each place the run of equal numbers that it stands in."""
    found: list[range] = []
    first = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[first]:
            found.extend([range(first, place)] * (place - first))
            first = place
    return found
