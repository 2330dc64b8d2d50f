"""The naziv held and the naziv wanted: each title of a message with its part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.dialogue.extract.model import PartialDate
from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.roles import role_of
from bot.dialogue.extract.scene import QUANTITIES, Claim, Scene

HELD = frozenset({"attained", "current"})
_SHORT_PART = 6
_ALTERNATIVE, _BESIDE = 3, 3


@dataclass(frozen=True, slots=True)
class Title:
    """A title and its role: attained, current, target, past, bare or denied."""

    match: Match
    role: str


def titles(scene: Scene) -> list[Title]:
    """All titles of the message with their roles."""
    found = [Title(match, role_of(scene, match)) for match in scene.of("title") if match.value != "_"]
    held = any(title.role in HELD for title in found)
    read = []
    for title in found:
        role = title.role
        if role == "bare" and not held and _opens(scene, title.match, found):
            role = "current"
            held = True
        read.append(Title(title.match, role))
    read = _lost(scene, _of_the_speaker(scene, _contrasted(scene, _at_once(scene, read))))
    return _latest(scene, _wished(scene, _named(scene, read)))


def _wished(scene: Scene, found: list[Title]) -> list[Title]:
    """`svetovalka 6 let. Svetnica?`: a title alone in a short question is the wanted one."""
    held = [title for title in found if title.role in HELD]
    return [
        Title(title.match, "target")
        if any(other is not title for other in held) and _asked(scene, title)
        else title
        for title in found
    ]


def _asked(scene: Scene, title: Title) -> bool:
    """`mentorica od 2019, svetovalka 2026?`: with no verb, a day beside it does not make it held."""
    named = title.role == "bare" or (
        title.role == "current" and not scene.has(scene.part(title.match.first), "held")
    )
    return named and _short_question(scene, title.match)


def _short_question(scene: Scene, match: Match) -> bool:
    part = scene.part(match.first)
    end = scene.items[part.stop - 1].end
    return len(part) <= _SHORT_PART and scene.text[end : end + 2].lstrip().startswith("?")


def _contrasted(scene: Scene, found: list[Title]) -> list[Title]:
    """`nisem svetovalka, ampak svetnica`: the second takes the place that the first was denied."""
    read: list[Title] = []
    for title in found:
        denied = read[-1] if read and read[-1].role == "denied" else None
        if denied and title.role == "bare":
            between = range(denied.match.last + 1, title.match.first)
            if scene.has(between, "contrast"):
                title = Title(title.match, "current")
        if read and title.role == "bare" and read[-1].role not in {"bare", "denied"}:
            between = range(read[-1].match.last + 1, title.match.first)
            if len(between) <= _ALTERNATIVE and scene.has(between, "either"):
                title = Title(title.match, read[-1].role)
        read.append(title)
    return read


def _at_once(scene: Scene, found: list[Title]) -> list[Title]:
    """`svetnik, višji svetnik pa kdaj kasneje`: what may come some day is not what is wanted now."""
    wished = [title for title in found if title.role in {"bare", "target"}]
    later = [title for title in wished if scene.has(scene.part(title.match.first), "some_day")]
    if len(later) == len(wished):
        return found
    return [Title(title.match, "past") if title in later else title for title in found]


def _lost(scene: Scene, found: list[Title]) -> list[Title]:
    """`svetnica sem postala 2010, naziv mi je prenehal`: a title said before its end is no longer held."""
    ends = [
        match.last
        for match in scene.of("lost_title")
        if match.value == "none" or not (scene.negated(match) or scene.general(match.first))
    ]
    lost = [title for title in found if title.role in HELD and any(title.match.first < end for end in ends)]
    if lost and len(lost) == sum(title.role in HELD for title in found) and not scene.of("without_title"):
        scene.doubts.append((("current_naziv",), lost[0].match.first, max(ends)))
    return [Title(title.match, "past") if title in lost else title for title in found]


def _of_the_speaker(scene: Scene, found: list[Title]) -> list[Title]:
    """`ona je svetnica, jaz pa mentorica`: where both are named, the speaker is meant."""
    held = [title for title in found if title.role in HELD]
    own = [title for title in held if scene.has(scene.part(title.match.first), "first_person")]
    if not own and _says_without(scene):
        return [Title(title.match, "past") if title in held else title for title in found]
    if not own or len(own) == len(held):
        return found
    if _proposes(scene, own, held):
        return [Title(title.match, "past") if title in own else title for title in found]
    return [
        Title(title.match, "past")
        if title in held and title not in own and _of_another(scene, title)
        else title
        for title in found
    ]


def _proposes(scene: Scene, own: list[Title], held: list[Title]) -> bool:
    """`sem ravnateljica in svetnica, predlagala pa bi učiteljico, ki je mentorica`: the teacher is meant."""
    heads = {scene.part(match.first) for match in scene.of("post") if match.value == "ravnatelj"}
    others = range(own[-1].match.last + 1, max(title.match.last for title in held))
    proposed = scene.any_of("proposing", others) and not scene.has(others, "own_object")
    return proposed and all(scene.part(title.match.first) in heads for title in own)


def _says_without(scene: Scene) -> bool:
    """`sodelavka je svetnica, jaz pa sem brez naziva`: the writer holds none, so the titles are of others."""
    parts = [scene.part(match.first) for match in scene.of("without_title")]
    return any(scene.has(part, "own_have") or scene.has(part, "first_person") for part in parts)


def of_others(scene: Scene) -> set[int]:
    """`kolegica ima 30 točk, jaz pa 25`: the places that speak of another where the speaker is set against them."""
    places: set[int] = set()
    for place in range(len(scene.items)):
        part = scene.part(place)
        if place != part.start or scene.has(part, "first_person") or not scene.has(part, "other_person"):
            continue
        if scene.has(part, "voter"):  # "zbor ima 24 članic, za mene …"
            continue
        after = range(part.stop, scene.sentence(place).stop)
        if scene.any_of("proposing", after) and not scene.has(after, "own_object"):
            continue  # "kolegica je mentorica 5 let, jaz bi jo predlagala"
        if scene.has(after, "myself") or (scene.has(after, "me_too") and scene.has(part, "english")):
            places.update(part)
    return places


def _of_another(scene: Scene, title: Title) -> bool:
    part = scene.part(title.match.first)
    return scene.has(part, "other_person") or scene.has(part, "third_be")


def _named(scene: Scene, found: list[Title]) -> list[Title]:
    """`delam kot svetovalka, naziv svetnica imam`: what is called a naziv is one, what else is said is a post."""
    held = [title for title in found if title.role in HELD]
    named = [title for title in held if _called_a_naziv(scene, title.match)]
    if not named or len({title.match.value for title in held}) == 1:
        return found
    return [Title(title.match, "past") if title in held and title not in named else title for title in found]


def _called_a_naziv(scene: Scene, match: Match) -> bool:
    return scene.any_of("naziv_word", range(match.first - 1, match.first))


def _latest(scene: Scene, found: list[Title]) -> list[Title]:
    """`mentor od 2010, svetovalec od 2015`: of several titles each with its day the last is held."""
    held = [title for title in found if title.role in HELD or _dated(scene, title)]
    years = [_year_beside(scene, title.match) for title in held]
    if not any(title.role in HELD for title in held):
        return found
    if len({title.match.value for title in held}) < 2 or any(year is None for year in years):
        return found
    last = max(range(len(held)), key=lambda place: years[place] or 0)
    if len(set(years)) < len(years):
        return found
    roles = {id(title): "past" for title in held} | {id(held[last]): "attained"}
    return [Title(title.match, roles.get(id(title), title.role)) for title in found]


def _dated(scene: Scene, title: Title) -> bool:
    """`mentor sem postal 1995, svetnik pa 2010`: a later title with its day alone carries the verb on."""
    year = _year_beside(scene, title.match) if title.role == "bare" else None
    asked = scene.general(title.match.first) or _short_question(scene, title.match)
    return year is not None and year <= scene.on.year and not asked


def _year_beside(scene: Scene, match: Match) -> int | None:
    """The year said shortly after the title, or before it: `leta 2011 svetovalka in leta 2019 svetnica`."""
    clause = scene.clause(match.first)
    after = range(match.last + 1, min(clause.stop, match.last + 1 + _BESIDE))
    before = range(match.first - 1, max(clause.start, match.first - _BESIDE) - 1, -1)
    for place in (*after, *before):
        value = scene.items[place].value
        if scene.items[place].kind == "date" and isinstance(value, date | PartialDate):
            return value.year
    return None


def title_claims(scene: Scene, found: list[Title]) -> list[Claim]:
    """Current and wanted naziv; none at all when the person says so."""
    claims: list[Claim] = []
    for title in found:
        match = title.match
        if title.role in HELD:
            weak = scene.general(match.first)
            claims.append(Claim("current_naziv", match.value, match.first, match.last, weak))
        elif title.role == "target":
            claims.append(Claim("target_naziv", match.value, match.first, match.last, weak=True))
    if not any(claim.fact == "current_naziv" for claim in claims):
        for match in scene.of("without_title"):
            covered = any(match.first <= title.match.first <= match.last for title in found)
            if not covered and not scene.general(match.first):
                claims.append(Claim("current_naziv", "none", match.first, match.last))
                break
    return claims


def _alone(scene: Scene, title: Match, found: list[Title]) -> bool:
    """`sem učiteljica na OŠ, mentorica`: a title by itself between commas, in a message that says "sem"."""
    part = scene.part(title.first)
    end = scene.items[part.stop - 1].end
    asked = scene.text[end : end + 2].lstrip().startswith("?")
    said = scene.has(range(part.start), "first_person")
    return len(found) == 1 and len(part) <= 1 + title.last - title.first and said and not asked


def _opens(scene: Scene, title: Match, found: list[Title]) -> bool:
    """A bare title in the nominative holds when a duration or a target stands in the same message."""
    if not scene.lexicon.is_a(scene.items[title.last].text, "title_nominative") or scene.general(title.first):
        return False
    if scene.has(scene.part(title.first), "some_day") or scene.has(scene.part(title.first), "to_come"):
        return False
    wanted = any(other.role == "target" and other.match is not title for other in found)
    near = range(max(0, title.first - 3), min(len(scene.items), title.last + 6))
    after = title.last + 1
    if title.first == 0 and after < len(scene.items) and scene.items[after].kind == "number":
        return True
    if _alone(scene, title, found):
        return True
    return wanted or any(scene.items[i].kind in QUANTITIES - {"number", "points", "times"} for i in near)
