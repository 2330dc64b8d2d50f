"""Taking back: "6, ne, narobe, 7 let" is 7; "nisem svetovalka, ampak svetnica"; "7, ne 6"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue.extract.items import COMMA, MINOR, SENTENCE, Item
from bot.dialogue.extract.lexicon import Lexicon
from bot.dialogue.extract.patterns import Match

_TYPED = frozenset({"number", "points", "years", "date", "percent", "hours", "times"})
_BARE = frozenset({"number"})
_REACH, _BACK = 6, 9


@dataclass(frozen=True, slots=True)
class Repair:
    """What was said first and what replaced it, by place in the text."""

    before: tuple[int, int]
    after: tuple[int, int]


def repaired(
    items: Sequence[Item], found: dict[str, list[Match]], lexicon: Lexicon
) -> tuple[list[Item], list[Repair]]:
    """Items with what was taken back replaced by what was said instead."""
    read = list(items)
    repairs = [
        repair
        for match in found.get("denied_quantity", ())
        if (repair := _instead(read, match, found, lexicon))
    ]
    for match in sorted(
        [*found.get("correction", ()), *_bare(items, found, lexicon)], key=lambda each: -each.first
    ):
        if match.value == "contrast":
            _block(read, match.last + 1)
            continue
        repair = _repair(read, match, found, lexicon)
        if repair:
            repairs.append(repair)
    return [item for item in read if item.kind != "gone"], repairs[::-1]


def _instead(
    read: list[Item], match: Match, found: dict[str, list[Match]], lexicon: Lexicon
) -> Repair | None:
    """`ni 18 let, ampak 16`: the second quantity takes the place of the first, and the negation goes."""
    first, second = match.slots[0], match.slots[-1]
    denied, stated = read[first], read[second]
    fits = stated.kind == denied.kind or "number" in {stated.kind, denied.kind}
    opposed = next((i for i in range(first + 1, second) if lexicon.is_a(read[i].text, "contrast")), second)
    plain = all(lexicon.is_a(item.text, "instead_of_it") for item in read[opposed + 1 : second])
    if not fits or not plain or _own_words(read, range(second, second + 1), match, found):
        return None
    kind = denied.kind if stated.kind == "number" else stated.kind
    read[first] = replace(stated, kind=kind, sep=denied.sep)
    for place in (match.first, *range(opposed, second + 1)):
        read[place] = replace(read[place], kind="gone")
    return Repair((denied.start, denied.end), (stated.start, stated.end))


def _bare(items: Sequence[Item], found: dict[str, list[Match]], lexicon: Lexicon) -> list[Match]:
    """A lone "ne": between breaks it takes back, directly before a quantity it excludes."""
    covered = {i for match in found.get("correction", ()) for i in range(match.first, match.last + 1)}
    read = []
    for match in found.get("bare_no", ()):
        place = match.first
        after = items[place + 1] if place + 1 < len(items) else None
        if place in covered or after is None:
            continue
        if after.kind in _TYPED and after.sep <= MINOR and _contrasted(items, place, lexicon):
            read.append(replace_value(match, "contrast"))
            continue
        if after.kind in _TYPED and after.sep <= MINOR and _joined_on(items, place, lexicon):
            read.append(replace_value(match, "contrast"))
            continue
        if place == 0:
            continue
        parted = items[place].sep >= COMMA
        if parted and after.sep >= COMMA:
            read.append(match)
        elif after.kind in _TYPED and after.sep <= MINOR and parted and _quantity_before(items, place):
            read.append(replace_value(match, "contrast"))
        elif after.kind in _TYPED and items[place].sep >= SENTENCE:
            read.append(match)
    return read


def _contrasted(items: Sequence[Item], place: int, lexicon: Lexicon) -> bool:
    """`ne 6, ampak 7`; `ne 6, 7`."""
    after = items[place + 2 : place + 5]
    if after and after[0].kind == items[place + 1].kind and after[0].sep == COMMA:
        return True
    return any(item.kind == "word" and lexicon.is_a(item.text, "contrast") for item in after)


def _joined_on(items: Sequence[Item], place: int, lexicon: Lexicon) -> bool:
    """`33 in ne 31`."""
    linked = place > 1 and items[place - 1].kind == "word" and lexicon.is_a(items[place - 1].text, "link")
    return linked and any(item.kind == items[place + 1].kind for item in items[max(0, place - 3) : place - 1])


def replace_value(match: Match, value: str) -> Match:
    """The same match under another value."""
    return replace(match, value=value)


def _quantity_before(items: Sequence[Item], place: int) -> bool:
    return any(item.kind in _TYPED for item in items[max(0, place - _BACK) : place])


def _block(read: list[Item], place: int) -> None:
    read[place] = replace(read[place], kind="blocked")


def _repair(
    read: list[Item], marker: Match, found: dict[str, list[Match]], lexicon: Lexicon
) -> Repair | None:
    right = _right(read, marker, found)
    if right is None:
        return None
    left = _left(read, marker, right, found)
    if left is None or _own_words(read, right, marker, found):
        return None
    before = (read[left.start].start, read[left.stop - 1].end)
    after = (read[right.start].start, read[right.stop - 1].end)
    said = [read[i] for i in right]
    said[0] = replace(said[0], sep=read[left.start].sep)
    if said[0].kind == "number" and read[left.start].kind in _TYPED:
        said[0] = replace(said[0], kind=read[left.start].kind)
    gone = [*range(left.stop, right.stop)] if False else [*range(marker.first, right.stop)]
    for place in gone:
        read[place] = replace(read[place], kind="gone")
    read[left.start] = said[0]
    for place in range(left.start + 1, left.stop):
        read[place] = replace(read[place], kind="gone")
    for offset, item in enumerate(said[1:], start=1):
        read.insert(left.start + offset, item)
    _carry_break(read, marker.first + len(said) - 1, right.stop + len(said) - 1)
    return Repair(before, after)


def _carry_break(read: list[Item], first: int, after: int) -> None:
    """The word after what is gone keeps a comma's distance from the word before it."""
    if after < len(read) and read[after].kind != "gone":
        read[after] = replace(read[after], sep=max(read[after].sep, MINOR))


def _right(read: list[Item], marker: Match, found: dict[str, list[Match]]) -> range | None:
    """What is said instead: the first quantity or title after the marker."""
    for place in range(marker.last + 1, min(len(read), marker.last + 1 + _REACH)):
        if place > marker.last + 1 and read[place].sep >= SENTENCE:
            return None
        if read[place].kind in _TYPED:
            return range(place, place + 1)
        title = _title(found, place)
        if title:
            return range(title.first, title.last + 1)
    return None


def _left(read: list[Item], marker: Match, right: range, found: dict[str, list[Match]]) -> range | None:
    """What was said first, of the same kind, nearest before the marker."""
    kind = read[right.start].kind
    for place in range(marker.first - 1, max(-1, marker.first - 1 - _BACK), -1):
        item = read[place]
        if kind == "word":
            title = _title(found, place)
            if title and title.last < marker.first:
                return range(title.first, title.last + 1)
        elif item.kind in _TYPED and (item.kind == kind or item.kind in _BARE or kind in _BARE):
            if item.kind == "date" and kind == "number":
                continue
            return range(place, place + 1)
    return None


def _title(found: dict[str, list[Match]], place: int) -> Match | None:
    return next((m for m in found.get("title", ()) if m.first <= place <= m.last and m.value != "_"), None)


def _own_words(read: list[Item], right: range, marker: Match, found: dict[str, list[Match]]) -> bool:
    """What is said instead names its fact itself: the later statement wins without a repair."""
    if read[right.start].kind == "word":
        return False
    if any(match.first == right.start and len(match.slots) > 1 for match in found.get("votes", ())):
        return True
    last = right.stop
    while last < len(read) and read[last].sep < COMMA:
        last += 1
    return any(marker.last < match.first < last for match in _cues(found))


def _cues(found: dict[str, list[Match]]) -> list[Match]:
    return [match for family, matches in found.items() if family.startswith("cue_") for match in matches]
