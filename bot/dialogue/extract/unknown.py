"""Facts that the person says they do not know."""

from __future__ import annotations

from bisect import bisect_left

from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import Claim, Scene
from bot.dialogue.extract.statements import CHOICES, TRUTHS

_NAMED = (*TRUTHS, *CHOICES)
VOTED = ("opinion_secret_ballot", "opinion_votes_for", "opinion_voters_total")
"""What is not known while there was no vote."""


def without_doubted(scene: Scene, claims: list[Claim]) -> list[Claim]:
    """Claims but those said in words after "ne vem, če …"."""
    scopes = [_scope(scene, match) for match in scene.of("dont_know")]
    return [
        claim
        for claim in claims
        if claim.fact not in _NAMED or not any(claim.first in scope for scope in scopes)
    ]


def _scope(scene: Scene, doubt: Match) -> range:
    """The clause after the doubt, over its comma."""
    sentence = scene.sentence(doubt.first)
    part = scene.part(doubt.last)
    ends = part.stop < sentence.stop and _fillers(scene, range(doubt.last + 1, part.stop))
    if ends and scene.has(range(part.stop, part.stop + 1), "subordinate"):
        part = scene.part(part.stop)
    return range(doubt.last + 1, part.stop)


def _fillers(scene: Scene, places: range) -> bool:
    return all(scene.has(range(place, place + 1), "filler") for place in places)


def unknown_facts(scene: Scene, claims: list[Claim]) -> list[str]:
    """What stands with "ne vem"; the asked fact when nothing stands with it."""
    found: list[str] = []
    known = (_candidates(scene), _measured(scene, claims)) if scene.of("dont_know") else ([], set[str]())
    for match in scene.of("dont_know"):
        named = _named(scene, _scope(scene, match), *known) or _named(scene, _before(scene, match), *known)
        if not named and scene.asked and all(claim.fact != scene.asked for claim in claims):
            named = [] if scene.any_of("request", scene.sentence(match.first)) else [scene.asked]
        found += [fact for fact in named if fact not in found]
    for match in scene.of("uncounted"):
        of_asked = match.value == "asked" or (match.value == "votes" and scene.asked in VOTED)
        fact = scene.asked if of_asked else match.value
        if fact and fact != "votes" and all(claim.fact != fact for claim in claims) and fact not in found:
            found.append(fact)
    return found


def _candidates(scene: Scene) -> list[Match]:
    facts = [
        match
        for match in scene.cues()
        if match.value not in {"work_years", "work_since", "other_years", "other_date"}
    ]
    for fact in _NAMED:
        facts += [replace_family(match, fact) for match in scene.of(fact) if match.value != "_"]
    facts += [replace_family(match, "annual_ratings") for match in scene.of("rating_word")]
    facts += scene.of("topic")
    return sorted(facts, key=lambda match: (match.first, -match.last))


def replace_family(match: Match, fact: str) -> Match:
    """The match under the name of its fact."""
    return Match(match.family, fact, match.first, match.last, match.slots)


def _before(scene: Scene, doubt: Match) -> range:
    """What went before: "koliko točk imam iz dodatnega dela, ne vem"."""
    part = scene.part(doubt.first)
    if _fillers(scene, range(part.start, doubt.first)) and part.start > scene.sentence(doubt.first).start:
        part = scene.part(part.start - 1)
    return range(part.start, doubt.first)


def _measured(scene: Scene, claims: list[Claim]) -> set[str]:
    return {
        claim.fact
        for claim in claims
        if any(scene.items[i].kind != "word" for i in range(claim.first, claim.last + 1))
    }


def _named(scene: Scene, places: range, candidates: list[Match], measured: set[str]) -> list[str]:
    """The first fact named in the places that no quantity was given for."""
    at = bisect_left(candidates, places.start, key=lambda match: match.first)
    for match in candidates[at:]:
        if match.first >= places.stop:
            break
        if match.value not in measured:
            return [match.value]
    return []
