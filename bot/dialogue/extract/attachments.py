"""Which attachments are there: not those that are missing, to come, asked about or of somebody else."""

from __future__ import annotations

from bot.dialogue.extract.model import Value
from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import Claim, Scene

_ATTACHED = ("attachments", "attachments_niu", "attachments_dsd")
_SUPPLIED = ("utemeljitev", "mnenje", "dsd_dokazila", "niu_dokazila")


def asked_in_part(scene: Scene, match: Match) -> bool:
    """`ali mora biti tajno` asks after the rule even where the person speaks of themselves."""
    part = scene.part(match.first)
    if len(scene.sentence(match.first)) == 1 + match.last - match.first and scene.is_question(match.first):
        return True  # "tajno?"
    return any(
        each.first in part and each.first < match.first and each.value == "rule" for each in scene.of("modal")
    )


def attachment_claims(scene: Scene) -> list[Claim]:
    """The attachments that are there; those that are missing, or only asked about, are not."""
    had: dict[str, Match] = {}
    standing: bool | None = None
    before = 0
    matches = sorted(
        [match for family in _ATTACHED for match in scene.of(family)], key=lambda match: match.first
    )
    for match in matches:
        if _not_told(scene, match):
            continue
        at_once = _at_once(scene, match, matches)
        if at_once is not None:
            return at_once
        clause = scene.clause(match.first)
        own = True if _to_be_attached(scene, match) else _supplied(scene, clause)
        if own is None and scene.has(range(clause.stop - 1, clause.stop), "is_there"):
            own = True
        if scene.has(scene.clause(match.first), "rest") or scene.has(range(before, match.first), "rest"):
            standing = None
        begins = scene.part(match.first).start >= before
        before = match.last + 1
        standing = own if own is not None else standing
        if own is None and begins:
            standing = _in_its_part(scene, match, standing)
        if standing is None:
            standing = _further_on(scene, match)
        if standing is None and scene.asked == "attachments":
            standing = True
        if standing and match.value == "all":
            scene.doubts.append((("attachments",), match.first, match.last))
            return []
        if standing and match.value in _SUPPLIED:
            had.setdefault(match.value, match)
    if not had:
        return []
    names = tuple(name for name in _SUPPLIED if name in had)
    first = min(match.first for match in had.values())
    last = max(match.last for match in had.values())
    value: Value = names
    return [Claim("attachments", value, first, last)]


def _not_told(scene: Scene, match: Match) -> bool:
    """Asked about, `sodelavka je priložila utemeljitev`, `če priložim mnenje`, or of an earlier naziv: not there."""
    part = scene.part(match.first)
    if scene.general(match.first) or asked_in_part(scene, match) or scene.any_of("earlier_naziv", part):
        return True
    own = scene.has(part, "own_have") or scene.has(part, "first_person")
    supposed = scene.has(range(part.start, match.first), "supposed")
    return supposed or (scene.has(range(part.start, match.first), "another") and not own)


def _to_be_attached(scene: Scene, match: Match) -> bool:
    """`priložila bom utemeljitev in …`: a list after the verb goes with the proposal, unless it comes later."""
    before = range(scene.clause(match.first).start, match.first)
    later = scene.has(scene.sentence(match.first), "later_on") or scene.has(before, "not")
    return scene.has(before, "attaching") and not later


def _at_once(scene: Scene, match: Match, matches: list[Match]) -> list[Claim] | None:
    """What speaks of all attachments in one: none of them, or all but the named ones."""
    if match.value == "none":
        return [Claim("attachments", (), match.first, match.last)]
    if match.value == "all_but" or (match.value == "rest_but" and scene.asked == "attachments"):
        return _all_but(scene, match, matches)
    return None


def _all_but(scene: Scene, match: Match, matches: list[Match]) -> list[Claim]:
    """`vse priloge razen mnenja`: the four but those named after it; left open when none is."""
    sentence = scene.sentence(match.first)
    missing = {each.value for each in matches if match.last <= each.first < sentence.stop}
    if not missing & {*_SUPPLIED}:
        scene.doubts.append((("attachments",), match.first, match.last))
        return []
    names = tuple(name for name in _SUPPLIED if name not in missing)
    return [Claim("attachments", names, match.first, match.last)]


def _supplied(scene: Scene, places: range) -> bool | None:
    if scene.has(places, "not") or scene.has(places, "absent"):
        return False
    return True if scene.has(places, "supplied") else None


def _in_its_part(scene: Scene, match: Match, standing: bool | None) -> bool | None:
    """`manjka X, utemeljitev in mnenje pa sta pripravljena`: the later words of its own part, before what stood."""
    part = scene.part(match.first)
    found = _supplied(scene, range(match.last + 1, part.stop))
    return standing if found is None else found


def _further_on(scene: Scene, match: Match) -> bool | None:
    """`utemeljitev in mnenje imam`: the verb of a later clause of the sentence."""
    stop = scene.sentence(match.first).stop
    place = scene.clause(match.first).stop
    while place < stop:
        clause = scene.clause(place)
        found = _supplied(scene, clause)
        other = clause.start >= scene.part(match.first).stop and scene.any_of("attachments", clause)
        if found is False and other:
            return None  # "mnenje in dokazila, utemeljitve pa še ne"
        if found is not None:
            return found
        place = clause.stop
    return None
