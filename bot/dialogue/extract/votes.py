"""Votes on the opinion: how many for, out of how many entitled."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import Claim, Scene
from bot.dialogue.extract.standing import inexact, past_year

FOR, TOTAL = "opinion_votes_for", "opinion_voters_total"
_ALL = "sure_all"
_SHORT = 4
"""`21 od 30`: in a running check so short a message is about votes without saying so."""
_FEWEST = 5
"""`2/3` is a share, not two votes of three."""
_SURE = "sure_"
"""Patterns under a value that begins so are about votes by themselves; the others need a word of voting."""
_ROLES: dict[str, tuple[str | None, ...]] = {
    "for_total": (FOR, TOTAL),
    "total_for": (TOTAL, FOR),
    "for": (FOR,),
    "total": (TOTAL,),
    "for_skip": (FOR, None),
    "skip_for": (None, FOR),
    "for_skip_total": (FOR, None, TOTAL),
    "skip_total_for": (None, TOTAL, FOR),
    "total_skip_for": (TOTAL, None, FOR),
}


def vote_claims(scene: Scene) -> list[Claim]:
    """Claims of the votes; a unanimous vote needs a total."""
    matches = [*scene.of("votes"), *scene.of("votes_one")]
    spoken = (
        bool(scene.of("vote_word") or scene.of("unanimous"))
        or scene.asked in {FOR, TOTAL}
        or (scene.procedure == "naziv" and len(scene.items) <= _SHORT)
        or any(match.value.startswith(_SURE) for match in matches)
    )
    claims = _over(scene, spoken)
    _leave_shares_open(scene)
    for match in sorted(matches, key=lambda each: (-len(each.slots), each.first)):
        if any(place in scene.used for place in match.slots) or scene.general(match.first):
            continue
        if _needed(scene, match):
            scene.used.update(match.slots)
            continue
        if spoken:
            claims += _claims(scene, match)
        elif match.value == "for_total":
            scene.doubts.append(((FOR, TOTAL), match.first, match.last))
            scene.used.update(match.slots)
    if spoken and not claims:
        claims = _two_numbers(scene)
    claims += _unanimous(scene, claims)
    _leave_total_open(scene, claims)
    return claims


def _leave_shares_open(scene: Scene) -> None:
    """`dve tretjini od 30`: no 30 votes."""
    for match in scene.of("vote_share"):
        if scene.general(match.first) or _needed(scene, match):
            continue
        scene.used.update(match.slots)
        scene.doubts.append(((FOR, TOTAL), match.first, match.last))


def _claims(scene: Scene, match: Match) -> list[Claim]:
    roles = _ROLES.get(match.value.removeprefix(_SURE), ())
    places = match.slots
    if match.value == _ALL:
        roles, places = (FOR, TOTAL), (*places, *places)
    values = [scene.items[place].value for place in places]
    if roles == (FOR, TOTAL) and _greater(values):
        return []
    slots = dict(zip(roles, match.slots, strict=False))
    if FOR in slots and TOTAL in slots and _not_for(scene, slots[FOR]):
        return []
    if FOR in slots and _not_this_vote(scene, match):
        scene.used.update(match.slots)
        scene.doubts.append(((FOR,), match.first, match.last))
        return []
    scene.used.update(match.slots)
    claims: list[Claim] = []
    for fact, place, value in zip(roles, places, values, strict=False):
        if fact and (inexact(scene, place) or (fact == TOTAL and _not_entitled(scene, place))):
            scene.doubts.append(((fact,), match.first, match.last))
        elif fact and isinstance(value, int):
            claims.append(Claim(fact, value, match.first, match.last))
    return claims


def _not_entitled(scene: Scene, place: int) -> bool:
    """`20 od 25 navzočih`, `od 25 glasovnic`, `v kolektivu nas je 50`: not all those who may vote."""
    before = range(scene.part(place).start, place)
    return scene.has(range(place + 1, place + 2), "not_entitled") or scene.has(before, "staff")


def _not_this_vote(scene: Scene, match: Match) -> bool:
    """`lani 18 od 30`, `za bo glasovalo 20`, `kolegico jih je podprlo 25, zame pa …`: another vote, or one to come."""
    part = scene.part(match.first)
    loose = any(scene.items[i].note == "loose" and past_year(scene, i) for i in part)
    if loose or scene.has(part, "to_come"):
        return True
    mine = scene.has(range(part.stop, len(scene.items)), "own_object")
    return mine and scene.has(part, "another_object") and not scene.has(part, "own_object")


def _needed(scene: Scene, match: Match) -> bool:
    """`rabim 16 od 30 glasov` says what is wanted, not what was."""
    clause = scene.clause(match.first)
    first = clause.start
    if first and scene.has(range(first, first + 1), "therefore"):
        first = scene.part(first - 1).start  # "potrebna je večina, torej 17 glasov"
    return any(first <= each.first < match.first for each in scene.of("need"))


def _not_for(scene: Scene, place: int) -> bool:
    """`od 28 jih je 5 glasovalo proti`, `prisotnih je bilo 25`: the other number is not that of the votes for."""
    part = scene.part(place)
    return scene.has(part, "not_for") and not scene.has(part, "voted_for")


def _greater(values: Sequence[object]) -> bool:
    first, total = values
    return isinstance(first, int | float) and isinstance(total, int | float) and first > total


def _two_numbers(scene: Scene) -> list[Claim]:
    """Two numbers in a sentence about votes, one of them "od …": the votes for and all who could vote."""
    for match in [*scene.of("vote_word"), *scene.of("unanimous")]:
        sentence = scene.sentence(match.first)
        places = [
            place
            for place in scene.quantities("number")
            if place in sentence and scene.items[place].note != "weak"
        ]
        if len(places) != 2 or scene.general(match.first) or scene.has(sentence, "present"):
            continue
        totals = [
            place for place in places if scene.has(range(max(sentence.start, place - 2), place), "out_of")
        ]
        if len(totals) != 1:
            continue
        stated = scene.items[next(place for place in places if place != totals[0])].value
        total = scene.items[totals[0]].value
        if isinstance(stated, int) and isinstance(total, int) and stated <= total:
            scene.used.update(places)
            return [Claim(FOR, stated, *_ends(places)), Claim(TOTAL, total, *_ends(places))]
    return []


def _ends(places: list[int]) -> tuple[int, int]:
    return places[0], places[-1]


def _over(scene: Scene, spoken: bool) -> list[Claim]:
    """`16/30` where votes are spoken of."""
    claims: list[Claim] = []
    for place in list(scene.quantities("number")):
        item = scene.items[place]
        if item.note != "over" or not spoken or place == 0 or place - 1 in scene.used:
            continue
        first, total = scene.items[place - 1].value, item.value
        if isinstance(first, int) and isinstance(total, int) and first <= total:
            scene.used.update({place - 1, place})
            if total < _FEWEST:
                scene.doubts.append(((FOR, TOTAL), place - 1, place))
                continue
            claims += [Claim(FOR, first, place - 1, place), Claim(TOTAL, total, place - 1, place)]
    return claims


def _unanimous(scene: Scene, claims: list[Claim]) -> list[Claim]:
    totals = [claim for claim in claims if claim.fact == TOTAL]
    if any(claim.fact == FOR for claim in claims):
        return []
    for match in scene.of("unanimous"):
        if scene.general(match.first) or scene.negated(match):
            continue
        if totals and _members_alone(scene, match, totals):
            claims[:] = [claim for claim in claims if claim.fact != TOTAL]
            scene.doubts.append(((FOR, TOTAL), match.first, totals[-1].last))
            break
        if totals and scene.has(scene.sentence(match.first), "present"):
            scene.doubts.append(((FOR,), match.first, match.last))
            break
        if len({claim.value for claim in totals}) == 1:
            return [Claim(FOR, totals[0].value, match.first, match.last)]
        scene.doubts.append(((FOR, TOTAL), match.first, match.last))
        break
    return []


def _members_alone(scene: Scene, match: Match, totals: list[Claim]) -> bool:
    """`soglasno, 24 članov`: who voted, and perhaps not all who could."""
    sentence = scene.sentence(match.first)
    said = any(claim.first in sentence for claim in totals)
    return said and not scene.has(sentence, "whole_body") and not scene.any_of("entitled", sentence)


def _leave_total_open(scene: Scene, claims: list[Claim]) -> None:
    """Those present, or for and against, are not all who are entitled."""
    stated = [claim for claim in claims if claim.fact == FOR]
    if stated and all(claim.fact != TOTAL for claim in claims):
        scene.doubts.append(((TOTAL,), stated[0].first, stated[-1].last))
