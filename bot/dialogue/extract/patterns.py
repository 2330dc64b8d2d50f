"""A small pattern language over read items, so that wording lives in data.

A pattern is a row of elements: `word`, `stem*` (any ending), `stem[a|e|]` (these endings), `a|b` (either word),
`@class` (a named set of words), `#n` (number; `#i` without a unit, `#p` points, `#y` years, `#d` day, `#c` percent,
`#h` hours, `#x` times, `#` any quantity), `=28` (that number), `..` (up to three words between), `...` (up to six,
commas allowed), `,` (a comma may stand here). A pattern that begins with `& ` takes its elements in any order.
An element ending in `?` may be missing. Words are compared folded: without č š ž and capitals.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.dialogue.extract.items import COMMA, MINOR, Item
from bot.dialogue.extract.wordforms import PatternError, alternatives, word_expression, word_starts

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
_ANYHOW = "& "
_NEAR = 7
_NOWHERE: set[int] = set()
_GAPS = {"..": (3, MINOR), "...": (6, COMMA), ",": (0, COMMA)}


@dataclass(frozen=True, slots=True)
class Test:
    """What one place of a pattern takes: words, kinds of quantities, or one number."""

    words: re.Pattern[str] | None
    kinds: frozenset[str]
    number: float | None = None

    def takes(self, item: Item) -> bool:
        """Whether the item fits."""
        if self.number is not None:
            return item.kind in _NUMBERED and item.value == self.number
        if item.kind == "word":
            return self.takes_word(item.text)
        return item.kind in self.kinds

    def takes_word(self, word: str) -> bool:
        """Whether the word fits."""
        return self.words is not None and self.words.fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: which test, whether it may be missing, and what may stand before it."""

    test: int
    optional: bool = False
    gap: int = 0
    across: int = MINOR


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of elements that names `value` of `family`."""

    elements: tuple[Element, ...]
    family: str
    value: str
    anyhow: bool = False
    """The elements may stand in any order, near each other and with no comma between."""
    needed: frozenset[int] = field(init=False)
    """The tests of which each must take something."""

    def __post_init__(self) -> None:
        needed = frozenset(element.test for element in self.elements if not element.optional)
        object.__setattr__(self, "needed", needed)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found at items `first`..`last`; `slots` are the items taken by its slots."""

    family: str
    value: str
    first: int
    last: int
    slots: tuple[int, ...] = ()


Classes = Mapping[str, Sequence[str]]
Hits = Mapping[int, set[int]]
"""For each test the places that it takes."""


class Phrasebook:
    """All patterns; a text is tested once against the parts of all of them, and then against the few left."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._tests: list[Test] = []
        self._test_of: dict[str, int] = {}
        self._by_start: dict[str, list[int]] = {}
        self._by_kind: dict[str, list[int]] = {}
        self._by_first: dict[int, list[Pattern]] = {}
        self._of_word = lru_cache(maxsize=16384)(self._tests_of_word)

    def add(self, family: str, value: str, text: str) -> None:
        """Compile one pattern; raises `PatternError`."""
        anyhow = text.startswith(_ANYHOW)
        elements = tuple(self._elements(text.removeprefix(_ANYHOW)))
        if not elements or elements[0].optional or elements[0].gap:
            raise PatternError(f"{family}.{value}: {text!r} must begin with a word or a slot")
        self._by_first.setdefault(elements[0].test, []).append(Pattern(elements, family, value, anyhow))

    def find(self, items: Sequence[Item]) -> list[Match]:
        """All matches, at each place the longest of each family, none inside another of its family."""
        hits: defaultdict[int, set[int]] = defaultdict(set)
        for place, item in enumerate(items):
            for test in self._of_word(item.text) if item.kind == "word" else self._of_quantity(item):
                hits[test].add(place)
        best: dict[tuple[int, str], tuple[int, int, Match]] = {}
        taking = frozenset(hits)
        for test in list(hits):
            for pattern in self._by_first.get(test, ()):
                if pattern.needed <= taking:
                    _collect(pattern, items, hits, best)
        found: list[Match] = []
        used: dict[str, int] = {}
        for (first, family), (_, _, match) in sorted(best.items(), key=lambda each: each[0]):
            if used.get(family, -1) < first:
                used[family] = match.last
                found.append(match)
        return found

    def _tests_of_word(self, word: str) -> tuple[int, ...]:
        return tuple(test for test in self._by_start.get(word[:2], ()) if self._tests[test].takes_word(word))

    def _of_quantity(self, item: Item) -> list[int]:
        return [test for test in self._by_kind.get(item.kind, ()) if self._tests[test].takes(item)]

    def _elements(self, text: str) -> Iterator[Element]:
        gap, across = 0, MINOR
        for part in text.split():
            if part in _GAPS:
                more, wider = _GAPS[part]
                gap, across = max(gap, more), max(across, wider)
                continue
            yield Element(self._test(part.removesuffix("?")), part.endswith("?"), gap, across)
            gap, across = 0, MINOR

    def _test(self, part: str) -> int:
        """The number of the test of one element, made when it is new."""
        if part in self._test_of:
            return self._test_of[part]
        number, kinds, words = None, frozenset[str](), []
        if part.startswith("="):
            number, kinds = float(part[1:]), _NUMBERED
        else:
            slots = [_SLOTS[each] for each in alternatives(part) if each in _SLOTS]
            kinds = frozenset[str]().union(*slots)
            words = self._words(part)
        expression = "|".join(word_expression(word) for word in words)
        made = len(self._tests)
        self._tests.append(Test(re.compile(expression) if expression else None, kinds, number))
        self._test_of[part] = made
        for start in {start for word in words for start in word_starts(word)}:
            self._by_start.setdefault(start, []).append(made)
        for kind in kinds:
            self._by_kind.setdefault(kind, []).append(made)
        return made

    def _words(self, part: str) -> list[str]:
        words: list[str] = []
        for word in alternatives(part):
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


def _collect(
    pattern: Pattern, items: Sequence[Item], hits: Hits, best: dict[tuple[int, str], tuple[int, int, Match]]
) -> None:
    """Keep the pattern's matches that are longer (or, as long, more exact) than what their family has there."""
    second = pattern.elements[1] if len(pattern.elements) > 1 and not pattern.anyhow else None
    near = hits.get(second.test, _NOWHERE) if second is not None and not second.optional else None
    reach = second.gap + 2 if second is not None else 0
    for first in hits[pattern.elements[0].test]:
        if near is not None and near.isdisjoint(range(first + 1, first + reach)):
            continue
        slots: list[int] = []
        if pattern.anyhow:
            begin, last = _together(pattern.elements, items, hits, first)
        else:
            begin, last = first, _walk(pattern.elements, 0, items, hits, first, slots, None)
        if last is None:
            continue
        known = best.get((begin, pattern.family))
        if known is None or (last, len(pattern.elements)) > known[:2]:
            match = Match(pattern.family, pattern.value, begin, last, tuple(slots))
            best[begin, pattern.family] = (last, len(pattern.elements), match)


def _together(
    elements: tuple[Element, ...], items: Sequence[Item], hits: Hits, place: int
) -> tuple[int, int | None]:
    """The first and the last item of elements that stand near `place` in any order."""
    low = place
    while low > 0 and place - low < _NEAR and items[low].sep < COMMA:
        low -= 1
    high = place
    while high + 1 < len(items) and high - place < _NEAR and items[high + 1].sep < COMMA:
        high += 1
    taken = [place]
    for element in elements[1:]:
        fitting = [each for each in range(low, high + 1) if each in hits[element.test] and each not in taken]
        if not fitting:
            return place, None
        taken.append(min(fitting, key=lambda each: abs(each - place)))
    return min(taken), max(taken)


def _walk(
    elements: tuple[Element, ...],
    at: int,
    items: Sequence[Item],
    hits: Hits,
    place: int,
    slots: list[int],
    before: Element | None,
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
    fitting = hits.get(element.test, _NOWHERE)
    for here in range(place, min(place + gap + 1, len(items))):
        if at > 0 and items[here].sep > across:
            break
        if here in fitting:
            mark = len(slots)
            if items[here].kind != "word":
                slots.append(here)
            last = _walk(elements, at + 1, items, hits, here + 1, slots, None)
            if last is not None:
                return last
            del slots[mark:]
    if not element.optional:
        return None
    return _walk(elements, at + 1, items, hits, place, slots, element if before is None else before)
