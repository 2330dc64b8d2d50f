"""Short answers to the question just asked: "7", "ja", "soglasno", "ravnateljica"."""

from __future__ import annotations

from bot.dialogue.extract.dates import resolved
from bot.dialogue.extract.naziv import Title
from bot.dialogue.extract.pay import in_time_order
from bot.dialogue.extract.scene import QUANTITIES, Claim, Scene
from bot.dialogue.extract.standing import POINTS, YEARS, inexact, part_of_it, spent, unsettled
from bot.dialogue.extract.statements import TRUTHS, guessed
from bot.dialogue.extract.votes import FOR, TOTAL

DATES = ("current_naziv_acquired_on", "filed_on", "posted_on", "received_on", "period_started_on")
_NUMBERS = {
    **dict.fromkeys(
        (*POINTS, "dsd_points_from_works_2plus", "dsd_points_from_works_3plus"), ("points", "number")
    ),
    **dict.fromkeys((*YEARS, "mandate_years"), ("years", "number")),
    "other_elements_above_average": ("number",),
    FOR: ("number",),
    TOTAL: ("number",),
}
_WHOLE = frozenset({FOR, TOTAL, "other_elements_above_average", "mandate_years"})
_SHORT, _NEAR_NOT, _GOES_ON = 5, 4, 2
_FUTURE = frozenset({"filed_on", "posted_on", "received_on"})
_EMPTY = ("filler", "so_far")


def reply_claims(scene: Scene, titles: list[Title], said: set[str]) -> list[Claim]:
    """What the message says of the asked fact, when nothing else in it did."""
    asked = scene.asked
    if asked is None or asked in said or not scene.items or _asks_rule(scene):
        return []
    if any(match.value == "votes" for match in scene.of("uncounted")):
        return []  # "ni bilo glasovanja"
    if scene.of("dont_know") and not any(scene.quantities(*QUANTITIES)):
        return []
    if asked in TRUTHS:
        return _truth(scene, asked, said)
    if asked in {"current_naziv", "target_naziv"}:
        return _naziv(scene, asked, titles)
    if asked in _NUMBERS:
        return _number(scene, asked, said)
    if asked in DATES:
        return _day(scene, asked)
    if asked in {"annual_percentages", "director_performance_pct"}:
        return _percentages(scene, asked)
    return _choice(scene, asked)


def _asks_rule(scene: Scene) -> bool:
    """`pa mora biti tajno?`: a question after the rule is no answer."""
    sentence = scene.sentence(0)
    alone = sentence.stop == len(scene.items) and scene.text.rstrip().endswith("?")
    return alone and scene.any_of("modal", sentence)


def _listed(scene: Scene, name: str, places: range | None = None) -> int | None:
    words = scene.lexicon.replies.get(name, {})
    for place in places or range(min(len(scene.items), _SHORT)):
        if scene.items[place].kind in {"word", "number"} and scene.items[place].text in words:
            return place
    return None


def _truth(scene: Scene, asked: str, said: set[str]) -> list[Claim]:
    """Yes or no at the beginning, or anywhere in a very short answer."""
    if scene.general(0) or (scene.is_question(0) and len(scene.sentence(0)) == 1):
        return []
    if guessed(scene, asked, 0):
        scene.doubts.append(((asked,), 0, scene.part(0).stop - 1))
        return []
    first = range(1) if len(scene.items) > _SHORT else range(len(scene.items))
    no, yes = _listed(scene, "no", first), _listed(scene, "yes", first)
    if no is not None and _of_something_else(scene, asked, no, said):
        return []
    if no is not None:
        return [Claim(asked, False, no, no)]
    if yes is None:
        yes = _listed(scene, "yes_verbs", _opening(scene))
        yes = None if yes is not None and _of_something_else(scene, asked, yes, said) else yes
    if yes is not None:
        return [Claim(asked, True, yes, yes)]
    for key, value in ((f"{asked}.true", True), (f"{asked}.false", False)):
        place = _listed(scene, key, first)
        if place is not None:
            return [Claim(asked, value, place, place)]
    return []


def _of_something_else(scene: Scene, asked: str, place: int, said: set[str]) -> bool:
    """`imam 4 točke NIU`, `ravnateljica ni vložila`, `nisem še nič oddal`: the verb denies or has something else."""
    text, part = scene.items[place].text, scene.part(place)
    if text not in scene.lexicon.replies["verbs"]:
        return False
    if said or any(scene.items[i].kind in QUANTITIES and scene.items[i].note != "weak" for i in part):
        return True
    if asked == "head_filed" and scene.has(range(place, place + 1), "own_have"):
        return not scene.has(part, "head")
    return asked != "opinion_secret_ballot" and scene.any_of("vote_word", part)


def _opening(scene: Scene) -> range:
    """The first word after fillers: "imam" alone is yes, "vse priloge imam" is not."""
    place = 0
    while place < len(scene.items) - 1 and scene.items[place].text in scene.lexicon.replies["fillers"]:
        place += 1
    return range(place, place + 1)


def _naziv(scene: Scene, asked: str, titles: list[Title]) -> list[Claim]:
    free = [
        title
        for title in titles
        if title.role == "bare" or (title.role == "target") == (asked == "target_naziv")
    ]
    if len({title.match.value for title in free}) == 1 and free[0].role != "denied" and not scene.general(0):
        return [Claim(asked, free[0].match.value, free[0].match.first, free[0].match.last)]
    place = _listed(scene, "none", range(1 if len(scene.items) > _SHORT else len(scene.items)))
    if asked == "current_naziv" and place is not None and not titles:
        return [Claim(asked, "none", place, place)]
    return []


def _number(scene: Scene, asked: str, said: set[str]) -> list[Claim]:
    kinds = _NUMBERS[asked]
    places = [place for place in scene.quantities(*kinds, "range") if not scene.general(place)]
    strong = [place for place in places if scene.items[place].note != "weak"] or places
    strong = [place for place in strong if not part_of_it(scene, place)]
    if len(strong) == 1:
        place = strong[0]
        scene.used.add(place)
        value = scene.items[place].value
        if (
            unsettled(scene, place)
            or (asked in POINTS and spent(scene, place))
            or not isinstance(value, int | float)
            or (asked in _WHOLE and not isinstance(value, int))
        ):
            scene.doubts.append(((asked,), place, place))
            return []
        return [Claim(asked, value, place, place)]
    if len(strong) > 1:
        scene.doubts.append(((asked,), strong[0], strong[-1]))
        scene.used.update(strong)
        return []
    if asked == "years_in_naziv":
        dates = list(scene.quantities("date"))
        if len(dates) == 1 and "current_naziv_acquired_on" not in said:
            return _day(scene, "current_naziv_acquired_on")
    zero = _listed(scene, "zero", range(min(2, len(scene.items))))
    if zero is not None and asked in _NUMBERS and asked not in YEARS and len(scene.items) <= _SHORT:
        return [Claim(asked, 0, zero, zero)] if asked not in {FOR, TOTAL, "mandate_years"} else []
    return []


def _day(scene: Scene, asked: str) -> list[Claim]:
    places = [place for place in scene.quantities("date") if not scene.general(place)]
    if places and (_of_another_day(scene, places) or any(inexact(scene, place) for place in places)):
        scene.doubts.append(((asked,), places[0], places[-1]))
        return []
    if len(places) == 1:
        value = resolved(scene.items[places[0]].value, scene.on, asked not in _FUTURE)
        scene.used.add(places[0])
        return [] if value is None else [Claim(asked, value, places[0], places[0])]
    if len(places) > 1:
        scene.doubts.append(((asked,), places[0], places[-1]))
    years = list(scene.quantities("years"))
    if asked == "current_naziv_acquired_on" and len(years) == 1 and not inexact(scene, years[0]):
        value_years = scene.items[years[0]].value
        scene.used.add(years[0])
        if isinstance(value_years, int | float):
            return [Claim("years_in_naziv", value_years, years[0], years[0])]
    return []


def _of_another_day(scene: Scene, places: list[int]) -> bool:
    """`seja je 5. decembra`, `kolegica 1. 3. 2019`: the day is of something or somebody else."""
    parts = [scene.part(place) for place in places]
    named = [cue for cue in scene.cues() if cue.value in {"other_date", "decision_date"}]
    told = any(cue.first in part for cue in named for part in parts)
    return told or any(scene.has(part, "another") and not scene.has(part, "own_have") for part in parts)


def _percentages(scene: Scene, asked: str) -> list[Claim]:
    """A bare row of numbers; where pay is asked for, "nič" is a year without it."""
    paid = asked == "director_performance_pct"
    places = [i for i in scene.quantities("percent", "number") if paid or scene.items[i].note != "weak"]
    values = [scene.items[place].value for place in places]
    if not places or not all(isinstance(value, int | float) and 0 <= value <= 100 for value in values):
        return []
    scene.used.update(places)
    listed = tuple(
        value if isinstance(value, int | float) and (value or not paid) else None
        for value in (values[each] for each in in_time_order(scene, places))
    )
    return [Claim(asked, listed, places[0], places[-1])]


def _choice(scene: Scene, asked: str) -> list[Claim]:
    if scene.general(0):
        return []
    none = _listed(scene, "zero", range(1))
    if asked == "attachments" and len(scene.items) <= _SHORT and scene.has(range(1), "all"):
        scene.doubts.append(((asked,), 0, len(scene.items) - 1))
        return []
    if asked == "attachments" and none is not None and _has_none(scene):
        return [Claim(asked, (), none, none)]
    found = {}
    for key in scene.lexicon.replies:
        fact, _, value = key.partition(".")
        place = _listed(scene, key, _first_part(scene)) if fact == asked else None
        if place is not None and (value == "none" or not _denied(scene, place)):
            found[value] = place
    if len(found) == 1:
        value, place = next(iter(found.items()))
        if _goes_on(scene, asked, value):
            scene.doubts.append(((asked,), 0, len(scene.items) - 1))
            return []
        return [Claim(asked, value, place, place)]
    return []


def _has_none(scene: Scene) -> bool:
    """`ničesar še nimam, vse moram zbrati`: none of them; one that is missing says nothing of the others."""
    known = {word for name in ("zero", "no", "yes_verbs", "fillers") for word in scene.lexicon.replies[name]}
    texts = [scene.items[place].text for place in scene.part(0) if scene.items[place].kind == "word"]
    bare = all(text in known or any(scene.lexicon.is_a(text, name) for name in _EMPTY) for text in texts)
    return bare and not scene.of("attachments")


def _goes_on(scene: Scene, asked: str, value: str) -> bool:
    """`jaz, ravnateljica`: what follows at once names another value."""
    after = _first_part(scene).stop
    if after >= len(scene.items) or len(scene.part(after)) > _GOES_ON:
        return False
    keys = [
        key for key in scene.lexicon.replies if key.partition(".")[0] == asked and not key.endswith(value)
    ]
    places = [_listed(scene, key, scene.part(after)) for key in keys if "." in key]
    return any(place is not None and not _denied(scene, place) for place in places)


def _first_part(scene: Scene) -> range:
    """The words to the first comma, or after it when only yes or no stands before it."""
    part = scene.part(0)
    alone = len(part) == 1 and part.stop < len(scene.items)
    said = _listed(scene, "yes", part) is not None or _listed(scene, "no", part) is not None
    return scene.part(part.stop) if alone and said else part


def _denied(scene: Scene, place: int) -> bool:
    """`ne ravnatelj`, `ravnatelj me noče predlagati`."""
    part = scene.part(place)
    return scene.has(range(max(part.start, place - 2), min(part.stop, place + _NEAR_NOT)), "not")
