"""Sums that are told without a number beside their words: none, all of them, "imam jih 17"."""

from __future__ import annotations

from bot.dialogue.extract.attach import Cue, Pair
from bot.dialogue.extract.scene import Claim, Scene
from bot.dialogue.extract.standing import NOT_REACH, POINTS, inexact, taken_away, to_come

WORKS = frozenset({"works_exact", "dsd_points_from_works_2plus", "dsd_points_from_works_3plus"})
OPEN = {
    "works_exact": ("dsd_points_from_works_2plus", "dsd_points_from_works_3plus"),
    "decision_date": ("current_naziv_acquired_on",),
    "work_years": ("delovna_doba_years",),
    "work_since": ("delovna_doba_years",),
}
IGNORED = frozenset({"other_years", "other_date"})
_ZERO_REACH = 2


def noughts(scene: Scene, found: list[Cue], chosen: list[Pair]) -> list[Claim]:
    """`nobenih točk iz seminarjev`: none is nought when points are spoken of."""
    busy = {pair.cue.first for pair in chosen}
    claims = []
    for cue in found:
        clause = scene.clause(cue.first)
        if cue.takes != "points" or cue.first in busy or cue.fact not in POINTS:
            continue
        before = range(max(clause.start, cue.first - _ZERO_REACH), cue.first)
        after = range(cue.last + 1, min(clause.stop, cue.last + 1 + _ZERO_REACH))
        near = _none(scene, before) or _none(scene, after)
        counted = scene.has(scene.sentence(cue.first) if near else clause, "point_unit")
        if scene.has(clause, "nothing_had"):
            counted = counted or _nothing(scene, before) or _nothing(scene, after)
        if (
            not counted
            or not _none(scene, clause)
            or scene.has(clause, "enough")
            or scene.any_of("need", clause)
        ):
            continue
        if scene.any_of("dont_know", scene.sentence(cue.first)) or scene.general(cue.first):
            continue
        if any(scene.items[i].kind in {"points", "number"} and scene.items[i].note != "weak" for i in clause):
            continue
        claims.append(Claim(cue.fact, 0, clause.start, clause.stop - 1))
    return claims


def _nothing(scene: Scene, places: range) -> bool:
    """`dodatnega dela nimam nič`: said of the work itself, with no word of points."""
    return scene.has(places, "nothing") or any(scene.items[i].value == 0 for i in places)


def all_of_them(scene: Scene, found: list[Cue], claims: list[Claim]) -> list[Claim]:
    """`10 točk dodatnega dela, vse iz del, vrednih 2 ali več`: the sum of the works is the whole sum."""
    whole = [claim for claim in claims if claim.fact == "dsd_points"]
    said = {claim.fact for claim in claims}
    if len(whole) != 1:
        return []
    return [
        Claim(cue.fact, whole[0].value, cue.first, cue.last)
        for cue in found
        if cue.fact in WORKS - {"works_exact", *said}
        and scene.sentence(cue.first) == scene.sentence(whole[0].first)
        and (_entirely(scene, cue.first) or _entirely(scene, whole[0].first))
    ]


def _not_had(scene: Scene, pair: Pair) -> bool:
    return taken_away(scene, pair.place) or to_come(scene, pair.place, pair.cue.fact)


def _entirely(scene: Scene, place: int) -> bool:
    return scene.has(range(max(scene.part(place).start, place - NOT_REACH), place), "entirely")


def of_them(scene: Scene, found: list[Cue], chosen: list[Pair], said: set[str]) -> list[Claim]:
    """`točk DSD nimam 20, imam jih 17`: what "jih" counts was denied, needed or to come just before."""
    claims = []
    for match in scene.of("them"):
        place = next((i for i in match.slots if not taken_away(scene, i) and not inexact(scene, i)), None)
        before = [pair for pair in chosen if pair.place < match.first and _not_had(scene, pair)]
        before = [pair for pair in before if pair.place in scene.sentence(match.first)]
        if place is None or len({pair.cue.fact for pair in before}) != 1:
            continue
        own = [pair for pair in chosen if pair.place == place]
        fact, value = before[-1].cue.fact, scene.items[place].value
        fits = scene.items[place].kind in {"number", scene.items[before[-1].place].kind}
        if own or fact in {*IGNORED, *OPEN, *said} or not fits or not isinstance(value, int | float):
            continue
        scene.used.add(place)
        said.add(fact)
        claims.append(Claim(fact, value, match.first, match.last))
    return claims


def _none(scene: Scene, places: range) -> bool:
    return scene.has(places, "none_of") or any(
        scene.items[i].kind in {"number", "points"} and scene.items[i].value == 0 for i in places
    )
