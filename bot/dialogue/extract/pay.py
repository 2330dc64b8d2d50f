"""Annual ratings and percentages at the university, in time order."""

from __future__ import annotations

from datetime import date

from bot.dialogue.extract.items import COMMA, Item
from bot.dialogue.extract.model import PartialDate
from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import Claim, Scene

_NEAR = 2
_MOST = 40
_RANKS = (0, 1, 2)
RATINGS, PERCENT, PAID = "annual_ratings", "annual_percentages", "director_performance_pct"


def rating_claims(scene: Scene) -> list[Claim]:
    """The row of annual ratings; an open one when its order or length was not said."""
    found = [
        m
        for m in scene.of("rating")
        if m.value != "_" and not scene.general(m.first) and not scene.negated(m)
    ]
    if not found:
        return []
    counts = [_count(scene, match, len(found)) for match in found]
    before = range(max(0, found[0].first - 1 - _NEAR), found[0].first)
    if (
        counts[0] == len(found)
        and not any(counts[1:])
        and any(scene.items[i].kind == "number" for i in before)
    ):
        counts = [None] * len(found)
    if not _spoken(scene, found, counts):
        return []
    first, last = found[0].first, found[-1].last
    times = [count or 1 for count in counts]
    order = _order(scene, found, counts)
    if (
        order is None
        or _more_years(scene, found, sum(times))
        or sum(times) > _MOST
        or (sum(times) < 2 and not any(counts))
    ):
        scene.doubts.append(((RATINGS,), first, last))
        return []
    listed = tuple(found[place].value for place in order for _ in range(times[place]))
    return [Claim(RATINGS, listed, first, last)]


def percent_claims(scene: Scene) -> list[Claim]:
    """Percentages of the annual rating, or of a director's performance pay where that is spoken of."""
    by_a_director = bool(scene.of("performance") and scene.of("director"))
    paid = bool(scene.of("performance_paid")) or by_a_director or scene.asked == PAID
    rated = bool(scene.of("rated") or scene.of("um_place")) or scene.asked == PERCENT
    places = _listed_numbers(scene, paid)
    if not places or all(scene.general(place) for place in places) or not (paid or rated):
        return []
    fact = PAID if paid else PERCENT
    nothing = [m.first for m in scene.of("not_paid") if m.first not in places] if paid else []
    rows = sorted([*places, *nothing])
    values = [_number(scene.items[place]) if place in places else None for place in rows]
    values = [value or None for value in values] if paid else values
    values = [values[each] for each in in_time_order(scene, rows)]
    if len(rows) == 1:
        count = _duration(scene, rows[0])
        if count is None and scene.asked != fact:
            scene.doubts.append(((fact,), rows[0], rows[0]))
            return []
        values *= count or 1
    scene.used.update(places)
    return [Claim(fact, tuple(values), rows[0], rows[-1])]


def in_time_order(scene: Scene, rows: list[int]) -> list[int]:
    """Which row comes when, by the years said beside them; as listed when not each has its year."""
    years = _years_of(scene, rows)
    order = list(range(len(rows)))
    if any(year is None for year in years):
        return order
    return sorted(order, key=lambda each: years[each] or 0)


def _listed_numbers(scene: Scene, paid: bool) -> list[int]:
    """Percentages with the bare numbers listed before them; after performance pay also without a sign."""
    places: list[int] = []
    for place in scene.quantities("percent"):
        places.append(place)
        here = place
        while (before := _listed_before(scene, here)) is not None:
            places.append(before)
            here = before
    if places:
        places += _listed_after(scene, places[0])
    if not places:
        spoken = scene.of("performance_paid") or (
            scene.of("performance") if scene.of("salary_group_b") else []
        )
        for match in spoken if paid else scene.of("percent_word"):
            places += [
                place
                for place in scene.quantities("number")
                if match.last < place < scene.sentence(match.first).stop and scene.items[place].note != "weak"
            ]
    return sorted(set(places))


def _listed_before(scene: Scene, place: int) -> int | None:
    """The bare number that stands before a listed one, with nothing but a comma or "in" between."""
    before = place - 1
    if (
        before >= 0
        and scene.items[before].kind == "word"
        and scene.lexicon.is_a(scene.items[before].text, "link")
    ):
        before -= 1
    if before < 0 or scene.items[before].kind != "number" or scene.items[place].sep > COMMA:
        return None
    return before if before not in scene.used else None


def _listed_after(scene: Scene, place: int) -> list[int]:
    """`leta 2025 95 odstotkov, leta 2024 91`: the bare number beside each further year."""
    return [
        here
        for here in scene.quantities("number")
        if place < here < scene.sentence(place).stop
        and scene.items[here].note != "weak"
        and sorted(scene.items[near].kind for near in scene.part(here) if scene.items[near].kind != "word")
        == ["date", "number"]
    ]


def _number(item: Item) -> float | None:
    return item.value if isinstance(item.value, int | float) else None


def _spoken(scene: Scene, found: list[Match], counts: list[int | None]) -> bool:
    if scene.asked == RATINGS or len(found) > 1 or any(counts):
        return True
    return bool(scene.of("rated"))


def _order(scene: Scene, found: list[Match], counts: list[int | None]) -> list[int] | None:
    """Time order: by the years said, by "najprej" and "zadnje leto", else as listed; None when not told."""
    places = list(range(len(found)))
    if len({match.value for match in found}) == 1:
        return places
    years = _with_years_before(
        scene,
        [match.first for match in found],
        [_year(scene, match.first, match.last) for match in found],
    )
    if all(year is not None for year in years):
        return sorted(places, key=lambda place: years[place] or 0)
    if sum(year is not None for year in years) > 1:
        return None
    ranks = [_rank(scene, match) for match in found]
    if any(rank is not None for rank in ranks):
        return sorted(places, key=lambda place: 1 if ranks[place] is None else ranks[place] or 0)
    return None if any(counts) and not scene.of("in_order") else places


def _more_years(scene: Scene, found: list[Match], ratings: int) -> bool:
    """`povprečno 2023, nadpovprečno 2024 in 2025`: more years than ratings, so one rating is of several years."""
    sentence = range(scene.sentence(found[0].first).start, scene.sentence(found[-1].last).stop)
    years = {
        value.year
        for value in (scene.items[place].value for place in sentence if scene.items[place].kind == "date")
        if isinstance(value, PartialDate) and value.month is None
    }
    return len(found) > 1 and len(years) > ratings


def _rank(scene: Scene, match: Match) -> int | None:
    part = scene.part(match.first)
    near = range(max(part.start, match.first - 4), min(part.stop, match.last + 3))
    near_one = [place for place in near if not _counts_on(scene, place)]
    return next(
        (
            rank
            for rank in _RANKS
            if any(scene.has(range(place, place + 1), f"rank_{rank}") for place in near_one)
        ),
        None,
    )


def _counts_on(scene: Scene, place: int) -> bool:
    """The "zadnje" of "zadnje tri ocene" names them all, not the last of them."""
    after = place + 1
    return after < len(scene.items) and scene.items[after].kind in {"number", "years"}


def _count(scene: Scene, match: Match, ratings: int) -> int | None:
    """`trikrat nadpovprečno`, `tri nadpovprečne ocene`, `nadpovprečno vsa tri`, `tri leta zapored nadpovprečno`."""
    clause = scene.clause(match.first)
    dates = [place for place in scene.part(match.first) if scene.items[place].kind == "date"]
    alone = sum(other.first in scene.part(match.first) for other in scene.of("rating")) == 1
    if alone and len(dates) > 1:
        return len(dates)
    for place in range(match.first - 1, max(clause.start, match.first - 1 - _NEAR) - 1, -1):
        item = scene.items[place]
        if item.kind in {"times", "number"} or (item.kind == "years" and isinstance(item.value, int)):
            return _use(scene, place, item)
    for place in range(match.last + 1, min(clause.stop, match.last + 1 + _NEAR)):
        item = scene.items[place]
        counted = item.kind == "number" and scene.has(range(place - 1, place), "all")
        if item.kind == "times" or counted:
            return _use(scene, place, item)
    if ratings == 1:
        for place in clause:
            item = scene.items[place]
            if item.kind == "number" and scene.has(
                range(place + 1, min(clause.stop, place + 2)), "rating_noun"
            ):
                return _use(scene, place, item)
        for place in scene.sentence(match.first):
            if scene.items[place].kind in {"years", "times"} and place not in scene.used:
                return _use(scene, place, scene.items[place])
    return None


def _use(scene: Scene, place: int, item: Item) -> int | None:
    if isinstance(item.value, int) and 0 < item.value <= _MOST and place not in scene.used:
        scene.used.add(place)
        return item.value
    return None


def _year(scene: Scene, first: int, last: int) -> int | None:
    part = scene.part(first)
    said = {
        item.value.year
        for item in (scene.items[place] for place in part)
        if item.kind == "date" and isinstance(item.value, date | PartialDate)
    }
    if len(said) == 1 and scene.count("rating", part) == 1:
        return said.pop()
    for place in (first - 1, first - 2, last + 1, last + 2):
        if 0 <= place < len(scene.items):
            value = scene.items[place].value
            if scene.items[place].kind == "date" and isinstance(value, date | PartialDate):
                return value.year
    return None


def _years_of(scene: Scene, rows: list[int]) -> list[int | None]:
    """The year of each row, by the one year said in its clause."""
    return _with_years_before(scene, rows, [_year_of_clause(scene, place) for place in rows])


def _with_years_before(scene: Scene, rows: list[int], said: list[int | None]) -> list[int | None]:
    """`leto prej` is the year before that of the row before it."""
    years: list[int | None] = []
    for place, year in zip(rows, said, strict=True):
        last = years[-1] if years else None
        before = year is None and last is not None and scene.any_of("year_before", scene.part(place))
        years.append(last - 1 if before and last is not None else year)
    return years


def _year_of_clause(scene: Scene, place: int) -> int | None:
    """The one year said in the clause."""
    said = {
        item.value.year
        for item in (scene.items[near] for near in scene.clause(place))
        if item.kind == "date" and isinstance(item.value, date | PartialDate)
    }
    return said.pop() if len(said) == 1 else None


def _duration(scene: Scene, place: int) -> int | None:
    every = scene.has(scene.part(place), "every")
    for near in range(len(scene.items)) if every else scene.clause(place):
        item = scene.items[near]
        if item.kind == "years" and isinstance(item.value, int) and 1 < item.value <= _MOST:
            if not every:
                scene.used.add(near)
            return item.value
    return None
