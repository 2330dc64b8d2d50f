"""Facts with a quantity: years, points, days. What has no words of its own is left open."""

from __future__ import annotations

from datetime import date

from bot.dialogue.extract.attach import Cue, Pair, cues, pairs, rivals
from bot.dialogue.extract.dates import resolved
from bot.dialogue.extract.items import SENTENCE
from bot.dialogue.extract.model import PartialDate, Value
from bot.dialogue.extract.naziv import HELD, Title
from bot.dialogue.extract.scene import Claim, Scene
from bot.dialogue.extract.standing import (
    NOT_REACH,
    POINTS,
    YEARS,
    asked_back,
    grew,
    inexact,
    part_of_it,
    taken_away,
    to_come,
)
from bot.dialogue.extract.sums import IGNORED, OPEN, WORKS, all_of_them, noughts, of_them

_WORTH = (2, 3)
_FUTURE = frozenset({"filed_on", "posted_on", "received_on", "proposed_on"})
_TITLE_COST = 11
_YOUNGEST = 22
"""Nobody with a naziv is younger."""
_BOUND = frozenset({"until", "after"})


def measure_claims(scene: Scene, titles: list[Title]) -> list[Claim]:
    """Claims of all quantities that stand by words saying what they are; the others become doubts."""
    found = cues(scene)
    found += _title_cues(scene, titles, found)
    _set_aside(scene, found)
    chosen = [pair for pair in pairs(scene, found) if _near_enough(scene, pair, titles)]
    chosen = _each_in_its_part(scene, chosen)
    claims: list[Claim] = []
    for pair in chosen:
        if not taken_away(scene, pair.place):
            claims.extend(_claims(scene, pair, found, chosen))
        elif pair.cue.fact in POINTS and scene.any_of("lacking", scene.clause(pair.place)):
            first, last = sorted((pair.place, pair.cue.first))
            scene.doubts.append(((pair.cue.fact,), first, last))
        scene.used.add(pair.place)
    claims.extend(noughts(scene, found, chosen))
    claims.extend(of_them(scene, found, chosen, {claim.fact for claim in claims}))
    claims.extend(all_of_them(scene, found, claims))
    leave_open(scene)
    return _of_this_proposal(claims)


def _of_this_proposal(claims: list[Claim]) -> list[Claim]:
    """`vlogo sem oddala 2018, naziv imam od 2019`: what was filed before the naziv is held led to it."""
    held = [_first_day(claim.value) for claim in claims if claim.fact == "current_naziv_acquired_on"]
    return [
        claim
        for claim in claims
        if claim.fact not in _FUTURE or all(_first_day(claim.value) >= day for day in held)
    ]


def _first_day(value: Value) -> date:
    if isinstance(value, PartialDate):
        return value.earliest
    return value if isinstance(value, date) else date.max


def _set_aside(scene: Scene, found: list[Cue]) -> None:
    """The 2 or 3 of "works worth 3 points" and bounds in time ("do konca oktobra") give no value."""
    for cue in found:
        if cue.fact in WORKS:
            scene.used.update(i for i in range(cue.first, cue.last + 1) if scene.items[i].value in _WORTH)
    scene.used.update(i for i in scene.quantities("date") if scene.items[i].note in _BOUND)


def _title_cues(scene: Scene, titles: list[Title], stated: list[Cue]) -> list[Cue]:
    """A title that is held tells since when; one that was held before uses its quantities up."""
    found: list[Cue] = []
    for title in titles:
        first, last = title.match.first, title.match.last
        if title.role in HELD:
            found.append(Cue("years_in_naziv", first, last, "years_only"))
            if not any(cue.fact == "decision_date" and cue.first in scene.part(first) for cue in stated):
                found.append(Cue("current_naziv_acquired_on", first, last, "date"))
        elif title.role in {"past", "denied"}:
            found += [Cue("other_years", first, last, "years"), Cue("other_date", first, last, "date")]
    return found


def _near_enough(scene: Scene, pair: Pair, titles: list[Title]) -> bool:
    """A title as a cue reaches less far, and never over the end of a sentence."""
    if not any(title.match.first == pair.cue.first for title in titles):
        return True
    if pair.place < pair.cue.first and scene.part(pair.place) != scene.part(pair.cue.first):
        return False
    low, high = sorted((pair.place, pair.cue.first))
    broken = any(scene.items[i].sep >= SENTENCE for i in range(low + 1, high + 1))
    return not broken and pair.cost <= _TITLE_COST


def _each_in_its_part(scene: Scene, chosen: list[Pair]) -> list[Pair]:
    """`koncert je 12. decembra, vlogo bom oddal osebno 2. decembra`: the day of another part is of something else."""
    own = {
        pair.cue.fact: pair
        for pair in chosen
        if pair.cue.fact in _FUTURE and scene.part(pair.place) == scene.part(pair.cue.first)
    }
    return [
        pair
        for pair in chosen
        if pair.cue.fact not in own or scene.part(pair.place) == scene.part(pair.cue.first)
    ]


def _claims(scene: Scene, pair: Pair, found: list[Cue], chosen: list[Pair]) -> list[Claim]:
    fact, place, item = pair.cue.fact, pair.place, scene.items[pair.place]
    if _no_day(scene, pair):
        return []
    fact = "filed_on" if fact == "proposed_on" else fact
    if fact == "filed_on" and _by_mail(scene, place, chosen):
        fact = "posted_on"
    if fact in IGNORED or (fact in POINTS and part_of_it(scene, place)):
        return []
    first, last = min(place, pair.cue.first), max(place, pair.cue.last)
    others = rivals(scene, pair, found, chosen)
    open_fact = fact in OPEN or item.kind == "range" or to_come(scene, place, fact)
    open_fact = open_fact or (fact in POINTS and (grew(scene, place) or asked_back(scene, place)))
    open_fact = open_fact or (fact == "period_started_on" and scene.any_of("rehired", scene.sentence(place)))
    if open_fact or others or _stands_alone(scene, pair) or inexact(scene, place):
        facts = (*OPEN.get(fact, (fact,)), *(cue.fact for cue in others))
        scene.doubts.append((facts, first, last))
        return []
    if item.note == "ago":
        fact = "years_in_naziv"
    value = _value(scene, pair)
    if value is None:
        return []
    return [Claim(fact, value, first, last)]


def _by_mail(scene: Scene, place: int, chosen: list[Pair]) -> bool:
    """`pošiljamo priporočeno, oddam ga 24. novembra`: what goes by post is posted on that day."""
    sentence = scene.sentence(place)
    said = range(sentence.start, scene.part(place).stop)
    ways = {match.value for match in scene.of("delivery") if match.first in said and not scene.negated(match)}
    posted = any(pair.cue.fact == "posted_on" and pair.place in sentence for pair in chosen)
    return bool(ways) and "osebno" not in ways and not posted


def _no_day(scene: Scene, pair: Pair) -> bool:
    """`letos me bo predlagala` names no day of filing, `10. 11. predloga še niso prejeli` none of receipt."""
    fact, clause = pair.cue.fact, scene.clause(pair.place)
    loose = scene.items[pair.place].note == "loose"
    if fact == "proposed_on":
        return loose or scene.has(clause, "supposed")
    if fact == "filed_on" and loose and scene.has(clause, "future_mark"):
        return True
    if fact not in _FUTURE or pair.place >= scene.part(pair.cue.last).stop:
        return False  # "oktobra ni vložila nič, novembra bom jaz"
    first = max(scene.clause(pair.cue.first).start, pair.cue.first - NOT_REACH)
    return any(scene.says_not(here) for here in range(first, pair.cue.last))


def _value(scene: Scene, pair: Pair) -> Value | None:
    item = scene.items[pair.place]
    if pair.cue.takes != "date" or item.kind == "years":
        return item.value if isinstance(item.value, int | float) else None
    past = pair.cue.fact not in _FUTURE or _past(scene, pair)
    value = resolved(item.value, scene.on, past)
    if (
        pair.cue.fact in _FUTURE
        and isinstance(value, date)
        and value < scene.on
        and _planned(scene, pair.place)
        and not scene.has(scene.part(pair.place), "supposed")
    ):
        return None
    return None if _now(scene, pair, value) or _still_to_come(scene, pair, value) else value


def _still_to_come(scene: Scene, pair: Pair, value: date | PartialDate | None) -> bool:
    """`v naziv bom imenovana 1. 3. 2027`: a naziv is not held since a day to come."""
    first = value.earliest if isinstance(value, PartialDate) else value
    return pair.cue.fact == "current_naziv_acquired_on" and first is not None and first > scene.on


def _now(scene: Scene, pair: Pair, value: object) -> bool:
    """`danes imam naziv svetnik`: today is when it is held, not since when."""
    part = scene.part(pair.place)
    since = scene.items[pair.place].note == "since" or scene.has(part, "got") or scene.has(part, "advanced")
    return pair.cue.fact == "current_naziv_acquired_on" and value == scene.on and not since


def _planned(scene: Scene, place: int) -> bool:
    return scene.has(scene.part(place), "future_mark")


def _past(scene: Scene, pair: Pair) -> bool:
    for part in (scene.part(pair.place), scene.part(pair.cue.first)):
        if scene.has(part, "future_mark"):
            return False
        if scene.has(part, "past_mark"):
            return True
    return False


def _stands_alone(scene: Scene, pair: Pair) -> bool:
    """`sem svetovalka, 43 let, …`: years alone between commas may be an age; `svetovalka, sedem let` can't."""
    if len(scene.part(pair.place)) > 1:
        return False
    value = scene.items[pair.place].value
    young = isinstance(value, int | float) and value < _YOUNGEST
    if young and pair.cue.takes == "years_only" and pair.cue.first < pair.place:
        return scene.count("title", range(pair.cue.last + 1, pair.place)) > 0
    return pair.cue.takes == "years_only" or (pair.cue.fact == YEARS[0] and pair.place < pair.cue.first)


def leave_open(scene: Scene) -> None:
    """Points and durations that no words explain."""
    for kinds, facts in ((("points",), POINTS), (("years",), YEARS)):
        for place in scene.quantities(*kinds):
            counts_ratings = scene.any_of("rated", range(place + 1, place + 2))
            if not taken_away(scene, place) and scene.items[place].note != "weak" and not counts_ratings:
                scene.doubts.append((facts, place, place))
