"""Short answers with a quantity: a number, a day, a row of percentages."""

from __future__ import annotations

from bot.dialogue.extract.dates import resolved
from bot.dialogue.extract.pay import in_time_order
from bot.dialogue.extract.scene import Claim, Scene
from bot.dialogue.extract.standing import POINTS, YEARS, inexact, part_of_it, spent, unsettled
from bot.dialogue.extract.votes import FOR, TOTAL

DATES = ("current_naziv_acquired_on", "filed_on", "posted_on", "received_on", "period_started_on")
NUMBERS = {
    **dict.fromkeys(
        (*POINTS, "dsd_points_from_works_2plus", "dsd_points_from_works_3plus"), ("points", "number")
    ),
    **dict.fromkeys((*YEARS, "mandate_years"), ("years", "number")),
    "other_elements_above_average": ("number",),
    FOR: ("number",),
    TOTAL: ("number",),
}
_WHOLE = frozenset({FOR, TOTAL, "other_elements_above_average", "mandate_years"})
_FUTURE = frozenset({"filed_on", "posted_on", "received_on"})
SHORT = 5


def listed(scene: Scene, name: str, places: range | None = None) -> int | None:
    """The place of the first word of a list of short answers."""
    words = scene.lexicon.replies.get(name, {})
    for place in places or range(min(len(scene.items), SHORT)):
        if scene.items[place].kind in {"word", "number"} and scene.items[place].text in words:
            return place
    return None


def number_reply(scene: Scene, asked: str, said: set[str]) -> list[Claim]:
    kinds = NUMBERS[asked]
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
            return day_reply(scene, "current_naziv_acquired_on")
    zero = listed(scene, "zero", range(min(2, len(scene.items))))
    if zero is not None and asked in NUMBERS and asked not in YEARS and len(scene.items) <= SHORT:
        return [Claim(asked, 0, zero, zero)] if asked not in {FOR, TOTAL, "mandate_years"} else []
    return []


def day_reply(scene: Scene, asked: str) -> list[Claim]:
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
    """`seja je 5. decembra`, `kolegica 1. 3. 2019`: of something or somebody else, or of one of two employments."""
    parts = [scene.part(place) for place in places]
    named = [cue for cue in scene.cues() if cue.value in {"other_date", "decision_date", "work_since"}]
    told = any(cue.first in part for cue in named for part in parts)
    told = told or bool(scene.of("rehired"))
    return told or any(scene.has(part, "another") and not scene.has(part, "own_have") for part in parts)


def percentages_reply(scene: Scene, asked: str) -> list[Claim]:
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
