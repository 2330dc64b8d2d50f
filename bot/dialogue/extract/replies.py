"""Short answers to the question just asked: "7", "ja", "soglasno", "ravnateljica"."""

from __future__ import annotations

from bot.dialogue.extract.naziv import Title
from bot.dialogue.extract.reply_amounts import (
    DATES,
    NUMBERS,
    SHORT,
    day_reply,
    listed,
    number_reply,
    percentages_reply,
)
from bot.dialogue.extract.roles import of_another
from bot.dialogue.extract.scene import QUANTITIES, Claim, Scene
from bot.dialogue.extract.statements import TRUTHS, guessed

_NEAR_NOT, _GOES_ON = 4, 2
_EMPTY = ("filler", "so_far")


def reply_claims(scene: Scene, titles: list[Title], said: set[str]) -> list[Claim]:
    """What the message says of the asked fact, when nothing else in it did."""
    asked = scene.asked
    if asked is None or asked in said or not scene.items or _asks_rule(scene) or scene.of("no_more"):
        return []
    if any(match.value == "votes" for match in scene.of("uncounted")):
        return []  # "ni bilo glasovanja"
    if scene.of("dont_know") and not any(scene.quantities(*QUANTITIES)):
        return []
    if asked in TRUTHS:
        return _truth(scene, asked, said)
    if asked in {"current_naziv", "target_naziv"}:
        return _naziv(scene, asked, titles)
    if asked in NUMBERS:
        return number_reply(scene, asked, said)
    if asked in DATES:
        return day_reply(scene, asked)
    if asked in {"annual_percentages", "director_performance_pct"}:
        return percentages_reply(scene, asked)
    return _choice(scene, asked)


def _asks_rule(scene: Scene) -> bool:
    """`pa mora biti tajno?`: a question after the rule is no answer."""
    sentence = scene.sentence(0)
    alone = sentence.stop == len(scene.items) and scene.text.rstrip().endswith("?")
    return alone and scene.any_of("modal", sentence)


def _truth(scene: Scene, asked: str, said: set[str]) -> list[Claim]:
    """Yes or no at the beginning, or anywhere in a very short answer."""
    if scene.general(0) or (scene.is_question(0) and len(scene.sentence(0)) == 1):
        return []
    if guessed(scene, asked, 0):
        scene.doubts.append(((asked,), 0, scene.part(0).stop - 1))
        return []
    first = range(1) if len(scene.items) > SHORT else range(len(scene.items))
    no, yes = listed(scene, "no", first), listed(scene, "yes", first)
    if no is not None and _of_something_else(scene, asked, no, said):
        return []
    if no is not None:
        return [Claim(asked, False, no, no)]
    if yes is None:
        yes = listed(scene, "yes_verbs", _opening(scene))
        yes = None if yes is not None and _of_something_else(scene, asked, yes, said) else yes
    if yes is not None:
        return [Claim(asked, True, yes, yes)]
    for key, value in ((f"{asked}.true", True), (f"{asked}.false", False)):
        place = listed(scene, key, first)
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
    if free and any(_not_quite(scene, title) for title in free):
        scene.doubts.append(((asked,), free[0].match.first, free[-1].match.last))
        return []
    if len({title.match.value for title in free}) == 1 and free[0].role != "denied" and not scene.general(0):
        return [Claim(asked, free[0].match.value, free[0].match.first, free[0].match.last)]
    place = listed(scene, "none", range(1 if len(scene.items) > SHORT else len(scene.items)))
    if asked == "current_naziv" and place is not None and not titles:
        return [Claim(asked, "none", place, place)]
    return []


def _not_quite(scene: Scene, title: Title) -> bool:
    """`kmalu svetovalka`, `prej mentorica`, `svetovalka bom marca`, `ravnateljica je svetnica`."""
    part = scene.part(title.match.first)
    if scene.asked == "current_naziv" and (scene.has(part, "to_come") or of_another(scene, part)):
        return True
    before = range(max(0, title.match.first - 2), title.match.first)
    return any(scene.has(before, name) for name in ("guess", "formerly", "almost", "at_most", "some_day"))


def _choice(scene: Scene, asked: str) -> list[Claim]:
    if scene.general(0):
        return []
    none = listed(scene, "zero", range(1))
    if asked == "proposer" and any(scene.quantities("number", "points", "years")):
        return []  # "what if I have 40 points"
    if asked == "attachments" and len(scene.items) <= SHORT and scene.has(range(1), "all"):
        scene.doubts.append(((asked,), 0, len(scene.items) - 1))
        return []
    if asked == "attachments" and none is not None and _has_none(scene):
        return [Claim(asked, (), none, none)]
    found = {}
    for key in scene.lexicon.replies:
        fact, _, value = key.partition(".")
        place = listed(scene, key, _first_part(scene)) if fact == asked else None
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
    places = [listed(scene, key, scene.part(after)) for key in keys if "." in key]
    return any(place is not None and not _denied(scene, place) for place in places)


def _first_part(scene: Scene) -> range:
    """The words to the first comma, or after it when only yes or no stands before it."""
    part = scene.part(0)
    alone = len(part) == 1 and part.stop < len(scene.items)
    said = listed(scene, "yes", part) is not None or listed(scene, "no", part) is not None
    return scene.part(part.stop) if alone and said else part


def _denied(scene: Scene, place: int) -> bool:
    """`ne ravnatelj`, `ravnatelj me noče predlagati`."""
    part = scene.part(place)
    return scene.has(range(max(part.start, place - 2), min(part.stop, place + _NEAR_NOT)), "not")
