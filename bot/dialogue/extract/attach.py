"""Quantities and the words that say what they are: each quantity goes to its nearest fitting words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from bot.dialogue.extract.items import COMMA, SENTENCE
from bot.dialogue.extract.scene import QUANTITIES, Scene

_FITS = {
    "points": {"points", "number", "range"},
    "years": {"years", "number", "range"},
    "years_only": {"years", "range"},
    "date": {"date", "years", "range"},
    "number": {"number", "range"},
}
AGO = frozenset({"current_naziv_acquired_on", "years_in_naziv", "other_years", "other_date"})
"""Facts that "pred tremi leti" can give."""
_WINDOW = 16
_MOST = 18
_COMMA_COST, _SENTENCE_COST, _JOIN_COST, _QUANTITY_COST = 3, 12, 3, 8
_TITLE_COST = 2
"""A title explains a duration less surely than words that say what it is."""
_WORK = frozenset({"work_years", "work_since"})
_WORK_COST = 1
"""Work that is not said to be the whole delovna doba gives way to words that do say so."""
_NEXT_TO = 2
_NEAR_ENOUGH = 3
_BEFORE = 0.5
"""A quantity before its words is a little nearer than one after them: "22 let delovne dobe"."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that give a quantity its fact."""

    fact: str
    first: int
    last: int
    takes: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A quantity with its cue."""

    place: int
    cue: Cue
    cost: float


def cues(scene: Scene) -> list[Cue]:
    """The cues of the message's phrases."""
    takes = scene.lexicon.takes
    return [Cue(match.value, match.first, match.last, takes[match.value]) for match in scene.cues()]


def pairs(scene: Scene, found: list[Cue]) -> list[Pair]:
    """The cheapest pairing: each quantity one cue, each cue one quantity."""
    weights = _weights(scene)
    possible = sorted(
        _possible(scene, found, weights), key=lambda pair: (pair.cost, pair.place, pair.cue.first)
    )
    taken: set[int] = set()
    busy: set[tuple[int, str]] = set()
    chosen: list[Pair] = []
    for pair in possible:
        key = (pair.cue.first, pair.cue.takes)
        if pair.place not in taken and key not in busy:
            taken.add(pair.place)
            busy.add(key)
            chosen.append(pair)
    _rehouse(chosen, possible, taken, busy)
    return _uncrossed(
        sorted(chosen, key=lambda pair: pair.place), {(p.place, p.cue): p.cost for p in possible}
    )


def _rehouse(chosen: list[Pair], possible: list[Pair], taken: set[int], busy: set[tuple[int, str]]) -> None:
    """A quantity left over takes a cue whose own quantity finds another: "niu 4 dsd 18"."""
    options: dict[int, list[Pair]] = {}
    for pair in possible:
        options.setdefault(pair.place, []).append(pair)
    for left in [pair for pair in possible if pair.place not in taken]:
        owner = next((each for each in chosen if each.cue == left.cue), None)
        if owner is None or left.place in taken:
            continue
        free = next(
            (each for each in options[owner.place] if (each.cue.first, each.cue.takes) not in busy), None
        )
        if free is not None and free.cost <= _NEAR_ENOUGH and left.cost <= _NEAR_ENOUGH:
            chosen.remove(owner)
            chosen += [free, left]
            taken.add(left.place)
            busy.add((free.cue.first, free.cue.takes))


def _uncrossed(chosen: list[Pair], costs: dict[tuple[int, Cue], float]) -> list[Pair]:
    """Neighbours change their cues when both together come nearer: "seminarjev 6 dodatnih 21"."""
    read = list(chosen)
    for place in range(len(read) - 1):
        first, second = read[place], read[place + 1]
        one, other = costs.get((first.place, second.cue)), costs.get((second.place, first.cue))
        if one is not None and other is not None and one + other < first.cost + second.cost:
            read[place] = Pair(first.place, second.cue, one)
            read[place + 1] = Pair(second.place, first.cue, other)
    return read


def rivals(scene: Scene, pair: Pair, found: list[Cue], chosen: list[Pair]) -> list[Cue]:
    """Other cues joined to the pair's own by a conjunction alone, that have no quantity of their own."""
    busy = {other.cue.first for other in chosen}
    joined = []
    for cue in found:
        if (
            cue.takes != "points"
            or pair.cue.takes != "points"
            or cue.fact == pair.cue.fact
            or cue.first in busy
        ):
            continue
        first, last = sorted((cue, pair.cue), key=lambda each: each.first)
        between = range(first.last + 1, last.first)
        links = [scene.items[i].text for i in between]
        if (
            len(links) <= 3
            and not scene.has(between, "none_of")
            and any(scene.lexicon.is_a(word, "joiner") for word in links)
            and pair.place not in between
        ):
            joined.append(cue)
    return joined


def _possible(scene: Scene, found: list[Cue], weights: list[float]) -> Iterator[Pair]:
    places = [place for place in scene.quantities(*QUANTITIES) if scene.items[place].note != "weak"]
    low = 0
    for cue in sorted(found, key=lambda each: each.first):
        while low < len(places) and places[low] < cue.first - _WINDOW:
            low += 1
        for place in places[low:]:
            if place > cue.last + _WINDOW:
                break
            if scene.items[place].kind in _FITS[cue.takes]:
                cost = _cost(scene, cue, place, weights)
                if cost <= _MOST and _accepts(scene, cue, place, cost):
                    yield Pair(place, cue, cost)


def _cost(scene: Scene, cue: Cue, place: int, weights: list[float]) -> float:
    if cue.first <= place <= cue.last:
        return 0
    more = _TITLE_COST if cue.takes == "years_only" else _WORK_COST if cue.fact in _WORK else 0
    if place > cue.last:
        return more + weights[place] - weights[cue.last] - _QUANTITY_COST
    if cue.fact == "years_in_naziv" and place < scene.part(cue.first).start:
        more += _COMMA_COST  # "delam v vrtcu 14 let, naziv imam od 2016"
    return more + weights[cue.first] - weights[place] - _BEFORE


def _weights(scene: Scene) -> list[float]:
    """How far each item is from the beginning: words, and more for commas, joins and other quantities."""

    def step(place: int) -> float:
        item = scene.items[place]
        cost = 1.0
        if item.sep >= SENTENCE:
            cost += _SENTENCE_COST
        elif item.sep >= COMMA:
            cost += _COMMA_COST
        if item.kind == "word" and scene.lexicon.is_a(item.text, "conjunction"):
            cost += _JOIN_COST
        if item.kind in QUANTITIES:
            cost += _QUANTITY_COST
        return cost

    return list(accumulate(step(place) for place in range(len(scene.items))))


def _accepts(scene: Scene, cue: Cue, place: int, cost: float) -> bool:
    """A number without a unit only goes to words beside it, or where points are counted."""
    kind = scene.items[place].kind
    if (
        cue.first <= place < cue.last
        and cue.takes == "date"
        and scene.has(range(cue.last, cue.last + 1), "since")
    ):
        return False  # "odločba z dne 4. maja velja od …": the day comes after
    if scene.items[place].note == "ago" or (kind == "years" and cue.takes == "date"):
        return scene.items[place].note == "ago" and cue.fact in AGO
    if kind not in {"number", "range"} or cue.takes == "number":
        return True
    if kind == "range" and scene.items[place].note:
        return cue.takes.startswith(scene.items[place].note)
    beside = min(abs(place - cue.first), abs(place - cue.last)) <= _NEXT_TO or cue.first <= place <= cue.last
    if cue.takes == "points":
        return (beside and cost <= _MOST) or scene.has(scene.sentence(place), "point_unit")
    return beside and cost <= _QUANTITY_COST + _NEXT_TO + 1
