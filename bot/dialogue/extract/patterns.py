"""A small pattern language over read items, so that wording lives in data.

A pattern is a row of elements: `word`, `stem*` (any ending), `stem[a|e|]` (these endings), `a|b` (either word),
`@class` (a named set of words), `#n` (number; `#i` without a unit, `#p` points, `#y` years, `#d` day, `#c` percent, `#h` hours,
`#x` times, `#` any quantity),
`=28` (that number), `..` (up to three words between), `...` (up to six, commas allowed), `,` (a comma may stand
here). An element ending in `?` may be missing. Words are compared folded: without č š ž and capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue.extract.items import COMMA, MINOR, Item
from knowledge.text import fold

_SLOTS = {
    "#n": frozenset({"number", "points"}),
    "#p": frozenset({"points"}),
    "#y": frozenset({"years"}),
    "#d": frozenset({"date"}),
    "#c": frozenset({"percent"}),
    "#h": frozenset({"hours"}),
    "#x": frozenset({"times"}),
    "#i": frozenset({"number"}),
    "#": frozenset({"number", "points", "years", "date", "percent", "hours", "range"}),
}
_NUMBERED = frozenset({"number", "ordinal", "points", "blocked"})
_GAPS = {"..": (3, MINOR), "...": (6, COMMA), ",": (0, COMMA)}
_ENDINGS = re.compile(r"^(?P<stem>[^\[*]*)\[(?P<endings>[^\]]*)\]$")
_ALTERNATIVE = re.compile(r"\|(?![^\[]*\])")


class PatternError(ValueError):
    """A pattern in the data that cannot be read."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: a word test, a slot or a fixed number, and what may stand before it."""

    words: re.Pattern[str] | None
    slot: frozenset[str] = frozenset()
    number: float | None = None
    optional: bool = False
    gap: int = 0
    across: int = MINOR

    def takes(self, item: Item) -> bool:
        """Whether the item fits here."""
        if self.number is not None:
            return item.kind in _NUMBERED and item.value == self.number
        if item.kind == "word":
            return self.words is not None and self.words.fullmatch(item.text) is not None
        return item.kind in self.slot


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of elements that names `value` of `family`."""

    elements: tuple[Element, ...]
    family: str
    value: str


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found at items `first`..`last`; `slots` are the items taken by its slots."""

    family: str
    value: str
    first: int
    last: int
    slots: tuple[int, ...] = ()


Classes = Mapping[str, Sequence[str]]


class Phrasebook:
    """All patterns, found by the first letters of their first word, or by the kind of their first slot."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._by_start: dict[str, list[Pattern]] = {}

    def add(self, family: str, value: str, text: str) -> None:
        """Compile one pattern; raises `PatternError`."""
        pattern = Pattern(tuple(self._elements(text)), family, value)
        if not pattern.elements or pattern.elements[0].optional or pattern.elements[0].gap:
            raise PatternError(f"{family}.{value}: {text!r} must begin with a word or a slot")
        for start in self._starts(text.split()[0]):
            self._by_start.setdefault(start, []).append(pattern)

    def find(self, items: Sequence[Item]) -> list[Match]:
        """All matches, at each place the longest of each family, none inside another of its family."""
        found: list[Match] = []
        used: dict[str, int] = {}
        for first in range(len(items)):
            best: dict[str, Match] = {}
            told: dict[str, int] = {}
            for pattern in self._candidates(items[first]):
                if used.get(pattern.family, -1) >= first:
                    continue
                match = _match(pattern, items, first)
                known = best.get(pattern.family)
                if match and (known is None or (match.last, len(pattern.elements)) > (known.last, told[match.family])):
                    best[pattern.family], told[pattern.family] = match, len(pattern.elements)
            for family, match in best.items():
                used[family] = match.last
                found.append(match)
        return found

    def _candidates(self, item: Item) -> Iterator[Pattern]:
        if item.kind == "word":
            yield from self._by_start.get(item.text[:2], ())
        else:
            yield from self._by_start.get(item.kind, ())

    def _starts(self, element: str) -> set[str]:
        if element.startswith("="):
            return set(_NUMBERED)
        words = self._words(element)
        slots = {kind for part in _ALTERNATIVE.split(element) if part in _SLOTS for kind in _SLOTS[part]}
        return slots | {form[:2] for word in words for form in word_forms(word) or [fold(word).rstrip("*")]}

    def _elements(self, text: str) -> Iterator[Element]:
        gap, across = 0, MINOR
        for part in text.split():
            if part in _GAPS:
                more, wider = _GAPS[part]
                gap, across = max(gap, more), max(across, wider)
                continue
            optional = part.endswith("?")
            yield self._element(part.removesuffix("?"), optional, gap, across)
            gap, across = 0, MINOR

    def _element(self, part: str, optional: bool, gap: int, across: int) -> Element:
        if part.startswith("="):
            return Element(None, frozenset(), float(part[1:]), optional, gap, across)
        slots = [_SLOTS[each] for each in _ALTERNATIVE.split(part) if each in _SLOTS]
        expression = "|".join(word_expression(word) for word in self._words(part))
        words = re.compile(expression) if expression else None
        return Element(words, frozenset().union(*slots), None, optional, gap, across)

    def _words(self, part: str) -> list[str]:
        words: list[str] = []
        for word in _ALTERNATIVE.split(part):
            if word in _SLOTS:
                continue
            if not word.startswith("@"):
                words.append(word)
            elif word[1:] in self._classes:
                for member in self._classes[word[1:]]:
                    words.extend(self._words(member))
            else:
                raise PatternError(f"no class {word!r}")
        return words


def word_expression(text: str) -> str:
    """The regular expression of one word of a pattern: bounded by construction, no nested repetition."""
    folded = fold(text)
    listed = _ENDINGS.match(folded)
    if listed:
        endings = "|".join(re.escape(ending) for ending in listed["endings"].split("|"))
        return f"{re.escape(listed['stem'])}(?:{endings})"
    if folded.endswith("*") and len(folded) > 2:
        return re.escape(folded[:-1]) + "[a-z0-9]*"
    if "*" in folded or "[" in folded:
        raise PatternError(f"{text!r}: a star stands at the end, after at least two letters")
    return re.escape(folded)


def pattern_words(part: str) -> list[str]:
    """The plain words of one element: no slots, classes, numbers or gaps."""
    part = part.removesuffix("?")
    if part in _GAPS or part.startswith("="):
        return []
    return [word for word in _ALTERNATIVE.split(part) if word and word[0] not in "@#"]


def word_forms(text: str) -> list[str]:
    """The forms that one word of a pattern lists in full; none for an open ending."""
    folded = fold(text)
    listed = _ENDINGS.match(folded)
    if listed:
        return [listed["stem"] + ending for ending in listed["endings"].split("|")]
    return [] if "*" in folded else [folded]


def _match(pattern: Pattern, items: Sequence[Item], first: int) -> Match | None:
    slots: list[int] = []
    last = _walk(pattern.elements, 0, items, first, slots, None)
    if last is None:
        return None
    return Match(pattern.family, pattern.value, first, last, tuple(slots))


def _walk(
    elements: tuple[Element, ...], at: int, items: Sequence[Item], place: int, slots: list[int], before: Element | None
) -> int | None:
    """The last item of the match from `elements[at]` at `place`, or None; `before` is a missing optional element.

    The gaps are short and few, so the search is too.
    """
    if at == len(elements):
        return place - 1
    element = elements[at]
    gap, across = element.gap, element.across
    if before is not None:
        gap, across = max(gap, before.gap), max(across, before.across)
    for skipped in range(gap + 1):
        here = place + skipped
        if here >= len(items) or (at > 0 and items[here].sep > across):
            break
        if element.takes(items[here]):
            mark = len(slots)
            if items[here].kind != "word":
                slots.append(here)
            last = _walk(elements, at + 1, items, here + 1, slots, None)
            if last is not None:
                return last
            del slots[mark:]
    if not element.optional:
        return None
    return _walk(elements, at + 1, items, place, slots, element if before is None else before)
