"""Which part a title has in its sentence: held, reached, wanted, past, denied or merely named."""

from __future__ import annotations

from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import Scene

_ORDER = ("from", "toward", "target", "attained", "past", "current")


def role_of(scene: Scene, title: Match) -> str:
    """The part of one title, by the words around it."""
    around: dict[str, Match] = {}
    for name in _ORDER:
        for match in scene.near(name, title.last):
            if match.value == "first" and match.first != title.first:
                continue
            if match.first <= title.last and match.last >= title.first:
                around.setdefault(name, match)
    near = {
        name: match for name, match in around.items() if match.value == "first" or _own(scene, match, title)
    }
    if scene.asked == "current_naziv" and of_another(scene, scene.part(title.first)):
        return "past"
    if "past" in near and near["past"].value == "given_up":
        role = "past"
    elif "from" in near:
        role = "current"
    elif "toward" in near and near["toward"].value == "until":
        role = "target"
    elif "attained" in near and ("target" in near or "toward" in near):
        before = range(scene.clause(title.first).start, title.first)
        tight = scene.has(scene.clause(title.first), "future_mark") or scene.has(before, "wishing")
        role = "target" if tight else "attained"
    else:
        role = next((name for name in _ORDER if name in near), "bare")
        role = "target" if role == "toward" else role
    if role == "bare":
        role = _by_its_part(scene, title)
    if _denied(scene, title) or any(
        match.first <= title.first <= match.last for match in scene.of("without_title")
    ):
        return "denied"
    return role


def of_another(scene: Scene, part: range) -> bool:
    """`ravnateljica je svetnica`: in an answer the title of somebody else."""
    other = scene.has(part, "another") or (scene.has(part, "head_subject") and scene.has(part, "third_be"))
    return other and not scene.has(part, "first_person") and not scene.any_of("proposing", part)


def _by_its_part(scene: Scene, title: Match) -> str:
    """No pattern fits: what is wished or held in this part decides, when only this title stands in it."""
    part = scene.part(title.first)
    if scene.count("title", part) > 1 or scene.general(title.first):
        return "bare"
    if scene.has(part, "wishing"):
        return "target"
    return "current" if scene.has(part, "holding") else "bare"


def _own(scene: Scene, match: Match, title: Match) -> bool:
    """Whether this title is the only one, or the last one, among the words of the role."""
    inside = [other for other in scene.near("title", match.last) if other.first >= match.first]
    return not any(other is not title for other in inside) or inside[-1] is title


def _denied(scene: Scene, title: Match) -> bool:
    """`nisem svetnica`, `ne za svetnico`: a negation between the clause's begin and the title."""
    clause = scene.clause(title.first)
    first = max(clause.start, title.first - 4, 0)
    for place in range(first, title.first):
        item = scene.items[place]
        if item.kind == "word" and scene.lexicon.is_a(item.text, "not"):
            return not any(m.first <= place <= m.last for m in scene.of("dont_know"))
    return False
