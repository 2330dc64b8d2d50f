"""Which procedure a message is about, and whether it wants a check of one's own case."""

from __future__ import annotations

from collections.abc import Mapping, Set

from bot.dialogue.extract.model import Activity, Procedure, Value
from bot.dialogue.extract.scene import Scene

PAY_FACTS = frozenset(
    "annual_ratings annual_percentages period_started_on absent_whole_period absence_reason "
    "above_average_in_all_elements head_proposes_two_grades funds_secured other_elements_above_average "
    "student_survey_negative position_change salary_group_b mandate_years director_performance_pct "
    "dismissed_for_fault new_habilitation_title head_proposal systemised_post rector_consent".split()
)
_OWN_PAY = PAY_FACTS - {
    "period_started_on",
    "funds_secured",
    "absence_reason",
    "head_proposal",
    "position_change",
}
_MANY = 2


def procedure_of(scene: Scene, facts: Set[str]) -> Procedure | None:
    """The procedure that the words and the facts spoken of point to; None when they point to none."""
    naziv_words = bool(scene.of("title_word")) or any(match.value != "_" for match in scene.of("title"))
    pay = bool(scene.of("um_place")) or any(fact in _OWN_PAY for fact in facts)
    naziv = any(fact not in PAY_FACTS and fact not in {"activities", "workplace", "post"} for fact in facts)
    if "activities" in facts or (scene.of("activity") and scene.of("sum_request") and not naziv):
        return "points"
    if naziv_words and scene.of("title"):
        return "naziv"
    if pay and not (naziv and not scene.of("um_sure")):
        return "placni_razred_um"
    return "naziv" if naziv or naziv_words else None


def wants_check(scene: Scene, facts: Mapping[str, Value]) -> bool:
    """Whether one's own case is meant: a request, or statements and no question after the rule."""
    own = len(facts)
    requests = [match for match in scene.of("request") if not _for_anybody(scene, match.first)]
    if own <= _MANY and any(_asks_rule(scene, match.first) for match in scene.of("modal")):
        return False
    if requests:
        return own > 0 or (not scene.of("general") and any(match.value != "weak" for match in requests))
    activities = facts.get("activities")
    if isinstance(activities, tuple):
        return len(activities) > 1 or any(_counted(activity) for activity in activities)
    asks = bool(scene.of("general") or scene.of("modal")) or "?" in scene.text
    return own > (_MANY if asks else 0)


def _asks_rule(scene: Scene, place: int) -> bool:
    """`kaj moram oddati`: the rule is asked after, whoever asks."""
    return scene.any_of("general", scene.part(place))


def _for_anybody(scene: Scene, place: int) -> bool:
    sentence = scene.sentence(place)
    asks = scene.any_of("general", sentence) or scene.any_of("modal", sentence) or scene.general(place)
    return asks and not scene.has(sentence, "mine")


def _counted(activity: object) -> bool:
    return isinstance(activity, Activity) and (activity.count > 1 or bool(activity.years or activity.hours))
