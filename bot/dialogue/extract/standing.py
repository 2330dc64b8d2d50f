"""Whether a quantity says what is now: not what is needed, was once, is to come, is a part or a bound."""

from __future__ import annotations

from bot.dialogue.extract.items import COMMA
from bot.dialogue.extract.model import PartialDate
from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import QUANTITIES, Scene

POINTS = ("niu_points", "dsd_points")
YEARS = ("years_in_naziv", "delovna_doba_years")
NOT_REACH = 3
_BARE = 5
_BOUNDS = ("almost", "approximate", "at_least", "at_most", "guess")


def taken_away(scene: Scene, place: int) -> bool:
    """Needed, asked about in general: no statement about the person."""
    clause = scene.clause(place)
    needed = any(match.first in clause and not _not_before(scene, match.first) for match in scene.of("need"))
    not_held = any(place in match.slots for match in scene.of("not_held"))
    return needed or not_held or _denied(scene, place) or _bygone(scene, place) or scene.general(place)


def to_come(scene: Scene, place: int, fact: str) -> bool:
    """`čez dve leti bom imela 5 let`: not yet so, unless the day is said on which it will be."""
    if fact not in {*POINTS, *YEARS} or not scene.has(scene.clause(place), "to_come"):
        return False
    dates = (scene.items[i] for i in scene.sentence(place) if scene.items[i].kind == "date")
    return all(item.note in {"loose", "until"} for item in dates)


def _bygone(scene: Scene, place: int) -> bool:
    """`lani sem imela 10 točk`: no longer so; said of points alone."""
    if scene.items[place].kind not in {"points", "number"}:
        return False
    clause = scene.clause(place)
    loose = any(scene.items[i].note == "loose" and past_year(scene, i) for i in clause if i < place)
    return loose or scene.has(range(clause.start, place), "bygone") or _once_had(scene, place)


def _once_had(scene: Scene, place: int) -> bool:
    """`imela sem 4 točke, zdaj jih imam 7`: had before, where the sentence goes on to what there is now."""
    part, sentence = scene.part(place), scene.sentence(place)
    if not scene.any_of("had", part):
        return False
    later = [match.first for match in scene.of("them") if part.stop <= match.first < sentence.stop]
    now = [i for i in scene.quantities("number", "points") if part.stop <= i < sentence.stop]
    return bool(later) or any(scene.has(range(scene.part(i).start, i), "by_now") for i in now)


def grew(scene: Scene, place: int) -> bool:
    """`imela sem 4 točke, letos sem dobila še 3`, `8 točk, 4 sem porabila`: the sum is not said."""
    part = scene.part(place)
    if any(place in match.slots for match in scene.of("gained")):
        return True
    gained = scene.any_of("had", part) and scene.any_of("gained", range(part.stop, len(scene.items)))
    return gained or spent(scene, place)


def spent(scene: Scene, place: int) -> bool:
    """`8 točk, 4 sem porabila`: some of the points of the sentence are used up."""
    sentence = scene.sentence(place)
    return any(match.first in sentence and not scene.negated(match) for match in scene.of("spent"))


def asked_back(scene: Scene, place: int) -> bool:
    """`NIU: 5?`: a sentence of a name and a number alone that ends as a question states nothing."""
    sentence = scene.sentence(place)
    end = scene.items[sentence.stop - 1].end
    asked = scene.text[end : end + 2].lstrip().startswith("?")
    return asked and len(sentence) <= _BARE and not scene.has(sentence, "stating")


def past_year(scene: Scene, place: int) -> bool:
    """Whether the day at a place is of a year gone by."""
    value = scene.items[place].value
    return isinstance(value, PartialDate) and value.year < scene.on.year


def _denied(scene: Scene, place: int) -> bool:
    """`nimam 6 točk`: a negation shortly before the quantity."""
    first = max(scene.clause(place).start, place - NOT_REACH)
    return any(scene.says_not(here) for here in range(first, place))


def _not_before(scene: Scene, place: int) -> bool:
    before = scene.items[place - 1] if place else None
    return before is not None and before.kind == "word" and scene.lexicon.is_a(before.text, "not")


def part_of_it(scene: Scene, place: int) -> bool:
    """`šest, od tega dve iz KATIS-a`: a part of a sum said before is not the sum."""
    before = range(max(scene.part(place).start, place - NOT_REACH), place)
    return scene.has(before, "of_which")


def inexact(scene: Scene, place: int) -> bool:
    """`skoraj 5 let`, `manj kot 20`, `20 let približno`, `do 6`: a bound or a guess is no value."""
    if any(place in match.slots and _ends_roughly(scene, match) for match in scene.of("roughly")):
        return True
    beside = range(max(place - 1, 0), place) if scene.items[place].sep < COMMA else range(0)
    if scene.has(beside, "up_to"):
        return True
    low = max(scene.sentence(place).start, place - 3)
    for here in range(place - 1, low - 1, -1):
        item = scene.items[here]
        if item.kind != "word" or scene.lexicon.is_a(item.text, "link") or scene.items[here + 1].sep >= COMMA:
            return False
        if any(scene.lexicon.is_a(item.text, name) for name in _BOUNDS):
            return True
    return False


def _ends_roughly(scene: Scene, match: Match) -> bool:
    """`imam 5 let, približno 20 točk`: the word is of the quantity after it."""
    after = match.last + 1
    if match.value != "tail" or after >= len(scene.items) or scene.items[after].sep >= COMMA:
        return True
    return scene.items[after].kind not in QUANTITIES


def unsettled(scene: Scene, place: int) -> bool:
    """An answer whose number is needed, to come, supposed, asked back, of another or of another year."""
    part, clause = scene.part(place), scene.clause(place)
    if not scene.items[place].value or scene.has(part, "supposed"):
        return inexact(scene, place)  # "nimam še nič", "kaj pa če imam 7?"
    if taken_away(scene, place) or inexact(scene, place) or scene.any_of("lacking", clause):
        return True
    dated = any(scene.items[i].kind == "date" for i in part)
    if scene.has(clause, "to_come") and (dated or len(part) > NOT_REACH):  # but "bo kar 6"
        return True
    if scene.is_question(place) and part.stop == scene.sentence(place).stop:
        return True
    own = scene.has(part, "own_have") or scene.has(part, "first_person")
    return (scene.any_of("had", part) and dated) or (scene.has(part, "another") and not own)
