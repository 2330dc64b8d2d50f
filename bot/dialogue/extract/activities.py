"""Activities for a points sum: what, how many, how many years or hours, which share."""

from __future__ import annotations

from bot.dialogue.extract.items import SENTENCE
from bot.dialogue.extract.model import Activity
from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import Claim, Scene

_BEFORE, _COUNT_BEFORE, _AFTER = 6, 4, 8
_HALF_SHARE = 0.5
_MOST = 500


def activity_claims(scene: Scene) -> list[Claim]:
    """The activities with their amounts; a plural without an amount is left open."""
    found = [match for match in scene.of("activity") if match.value != "_"]
    wanted = bool(scene.of("sum_request")) or scene.procedure == "points" or scene.asked == "activities"
    own = any(scene.any_of("done", scene.sentence(match.first)) for match in found)
    if not found or not (wanted or own):
        return []
    amounts = {match.first: _amounts(scene, match, found) for match in found}
    stated = any(amount for amount in amounts.values())
    if not wanted and not (own and stated):
        return []
    lines: list[Activity] = []
    for match in found:
        amount = amounts[match.first]
        if match.value == "open" or (not amount and _plural(scene, match)):
            scene.doubts.append((("activities",), match.first, match.last))
            return []
        line = _line(scene, match, amount)
        if scene.of("coauthored") and line.share == 1.0:
            scene.doubts.append((("activities",), match.first, match.last))
            return []
        lines.append(line)
    return [Claim("activities", tuple(lines), found[0].first, found[-1].last)]


def _line(scene: Scene, match: Match, amount: dict[str, float]) -> Activity:
    count = amount.get("count", 1)
    return Activity(
        match.value,
        count=int(count) if 0 < count < _MOST else 1,
        years=amount.get("years"),
        hours=amount.get("hours"),
        share=_share(scene, match),
    )


def _amounts(scene: Scene, match: Match, found: list[Match]) -> dict[str, float]:
    """Count, years and hours around an activity, nearer to it than to another."""
    amount: dict[str, float] = {}
    sentence = scene.sentence(match.first)
    low = max(
        [sentence.start, match.first - _BEFORE, *(each.last + 1 for each in found if each.last < match.first)]
    )
    later = [each.first for each in found if each.first > match.last]
    high = min([sentence.stop, match.last + 1 + _AFTER, *later])
    inside = range(match.first, match.last + 1)
    for place in [*inside, *range(match.first - 1, low - 1, -1), *range(match.last + 1, high)]:
        item = scene.items[place]
        if place in scene.used or not isinstance(item.value, int | float):
            continue
        key = {"number": "count", "times": "count", "years": "years", "hours": "hours"}.get(item.kind)
        if key is None or key in amount or _elsewhere(scene, place, match, later):
            continue
        if key == "count" and place < match.first - _COUNT_BEFORE:
            continue
        loose = key == "count" and (place > match.last or not float(item.value).is_integer())
        if loose and item.kind != "times" and not scene.lexicon.is_a(_next_word(scene, place), "event"):
            continue
        amount[key] = item.value
        scene.used.add(place)
    return amount


def _elsewhere(scene: Scene, place: int, match: Match, later: list[int]) -> bool:
    """An amount that stands directly before the next activity belongs to that one."""
    if place < match.first or not later or place < match.last + 1:
        return False
    nearest = later[0]
    broken_here = any(scene.items[i].sep > 1 or _joins(scene, i) for i in range(match.last + 1, place + 1))
    broken_next = any(scene.items[i].sep > 1 or _joins(scene, i) for i in range(place + 1, nearest + 1))
    return broken_here and not broken_next


def _joins(scene: Scene, place: int) -> bool:
    item = scene.items[place]
    return item.kind == "word" and scene.lexicon.is_a(item.text, "joiner")


def _next_word(scene: Scene, place: int) -> str:
    after = place + 1
    return scene.items[after].text if after < len(scene.items) else ""


def _plural(scene: Scene, match: Match) -> bool:
    """`članki`: more than one, and not said how many."""
    return any(
        scene.lexicon.is_a(scene.items[i].text, "plural_work") for i in range(match.first, match.last + 1)
    )


def _share(scene: Scene, match: Match) -> float:
    """The part of the work that is the person's, where it was said."""
    later = [each.first for each in scene.of("activity") if each.first > match.last]
    high = min([len(scene.items), *later])
    for share in scene.of("share"):
        broken = any(scene.items[i].sep >= SENTENCE for i in range(match.last + 1, share.first + 1))
        if match.first <= share.first < high and not broken:
            return float(share.value)
    for place in range(match.first, min(high, match.last + _AFTER)):
        item = scene.items[place]
        if item.kind == "percent" and isinstance(item.value, int | float) and place not in scene.used:
            scene.used.add(place)
            return round(item.value / 100, 4) if item.value <= 100 else 1.0
    return 1.0
