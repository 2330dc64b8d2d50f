"""What is no fact of the person who writes: supposed cases, the rule asked after, others beside the speaker."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import QUANTITIES, Scene

_KEPT = frozenset(
    "request sum_request general modal proposing interest title_word uncounted topic rating_word need dont_know "
    "hypothetical correction bare_no aside um_place um_sure".split()
)
"""Families that say what a message is for; they stay even where its facts are set aside."""


def without_asides(scene: Scene) -> Scene:
    """The scene with the quantities and phrases taken out that say nothing certain of the person."""
    others = _of_others(scene)
    gone = {
        place
        for each in scene.of("aside")
        if each.value == "words"
        for place in range(each.first, each.last + 1)
    }
    out = _phrased(scene) | others | gone
    if not out:
        return scene
    items = [
        replace(item, kind="blocked") if place in out and item.kind in QUANTITIES else item
        for place, item in enumerate(scene.items)
    ]
    matches = {
        family: [match for match in found if match.first not in gone and _stays(match, out, others)]
        for family, found in scene.matches.items()
    }
    read = Scene(scene.text, items, matches, scene.lexicon, scene.on, scene.asked, scene.procedure)
    read.doubts.extend(scene.doubts)
    return read


def _stays(match: Match, out: set[int], others: set[int]) -> bool:
    """Words that say what a number of another is also say it of the speaker's: `ona ima 12 let dobe, jaz 18`."""
    ends = {match.first, match.last}
    return match.family in _KEPT or not out & ends or (match.family.startswith("cue_") and ends <= others)


def told_of_kin(scene: Scene) -> bool:
    """`mož ima 20 let delovne dobe, dela na OŠ`: nothing is asked for them, and nothing told of the speaker."""
    whole = range(len(scene.items))
    own = any(scene.has(whole, name) for name in ("first_person", "own_object", "own_have"))
    purposes = ("request", "interest", "proposing", "title", "title_word", "sum_request")
    return scene.has(whole, "kin") and not own and not any(scene.of(name) for name in purposes)


def _phrased(scene: Scene) -> set[int]:
    out: set[int] = set()
    for match in scene.of("aside"):
        whole = range(scene.part(match.first).start, scene.part(match.last).stop)
        if (match.value == "part" and not scene.of("activities")) or (
            match.value == "beside"
            and (
                scene.has(range(len(scene.items)), "own_object")
                or scene.has(range(len(scene.items)), "me_too")
            )
        ):
            out.update(whole)
        elif match.value == "one_of_them":
            out.update(() if _meant(scene) else whole)
        elif match.value == "rule":
            sentence = scene.sentence(match.first)
            out.update(() if scene.has(sentence, "mine") else sentence)
        elif match.value == "supposed":
            out.update(_supposed(scene, match))
        elif match.value == "either" and scene.any_of("dont_know", scene.sentence(match.first)):
            scene.doubts.append((("current_naziv",), match.first, match.last))
            out.update(whole)
    return out


def _meant(scene: Scene) -> bool:
    """`ena od naših učiteljic je mentorica, jo lahko predlagam?`: the one mentioned is whom it is about."""
    whole = range(len(scene.items))
    wanted = any(scene.of(family) for family in ("request", "interest", "proposing"))
    return scene.has(whole, "of_that_one") or (wanted and not scene.has(whole, "first_person"))


def _supposed(scene: Scene, match: Match) -> set[int]:
    """`vzemimo, da ima učitelj …. Je to dovolj?`: from there on, up to a sentence about the speaker."""
    out: set[int] = set()
    place = match.first
    while place < len(scene.items):
        sentence = scene.sentence(place)
        if scene.has(sentence, "mine"):
            break
        out.update(range(place, sentence.stop))
        place = sentence.stop
    return out


def _of_others(scene: Scene) -> set[int]:
    """`kolegica je svetnica, jaz pa mentorica`: the parts about another where the speaker is set against them."""
    parts = list(dict.fromkeys(scene.part(place) for place in range(len(scene.items))))
    if not any(_sets_against(scene, part) for part in parts):
        return set()
    out: set[int] = set()
    for part in parts:
        own = any(scene.has(part, name) for name in ("first_person", "own_object", "own_have"))
        if not own and _about_another(scene, part) and not scene.has(part, "voter"):
            out.update(part)
    return out


def _about_another(scene: Scene, part: range) -> bool:
    """Whether the part tells the title or the numbers of another; of a head not what the head files."""
    titled = scene.any_of("title", part)
    if titled and scene.has(part, "head_subject") and not scene.any_of("proposing", part):
        return scene.has(part, "third_be")
    named = titled or any(scene.any_of(family, part) for family in ("rating", "workplace", "post"))
    told = named or any(scene.items[place].kind in QUANTITIES for place in part)
    if told and scene.has(part, "another"):
        return True
    return scene.any_of("proposing", part) and scene.has(part, "another_object")


def _sets_against(scene: Scene, part: range) -> bool:
    """Whether the part speaks of the speaker's own case, and not of what they would do for the other."""
    if scene.has(part, "own_object"):
        return True
    if scene.any_of("proposing", part) or scene.has(part, "head"):
        return False
    if scene.has(part, "own_subject"):
        return True
    told = scene.any_of("title", part) or any(scene.items[place].kind in QUANTITIES for place in part)
    return told and scene.has(part, "own_have")
