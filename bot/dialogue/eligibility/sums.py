"""A sum of points for additional professional work, line by line; a value that no source gives stays open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.dialogue.eligibility import actions
from bot.dialogue.eligibility.hearing import POINTS
from bot.dialogue.eligibility.memory import MOST_WORKS, Check, expired
from bot.dialogue.eligibility.remarks import is_question
from bot.dialogue.eligibility.replies import INTENT, Desk, described, pending, refused_sentence
from bot.dialogue.eligibility.values import number_in_words
from bot.dialogue.extract import extract
from bot.dialogue.message import Cited, Outcome
from bot.dialogue.state import ConversationState
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from cards.views import Button, Condition, NoticeView, ResultView, Section
from knowledge.text import tokens
from rules import PointsResult, Procedure, Provision, RulesError, points_for

VERSION = 1
_SHORT = 3
_FACT = "dsd_points"
_YEARS_MISSING = "points.years_missing"
Works = tuple[Mapping[str, Any], ...]


def is_running(state: ConversationState) -> bool:
    """Whether the state holds a sum that can be gone on with."""
    return state.check.get("procedure") == POINTS and state.check.get("version") == VERSION


def is_sum(works: Works, text: str, points: bool, desk: Desk) -> bool:
    """Whether works are to be added up: several kinds with numbers, or one that no curated answer is about."""
    if not has_numbers(works):
        return points and bool(works) and is_running(desk.state)
    if len({work["activity"] for work in works}) > 1 or is_running(desk.state):
        return points or not is_question(text)
    return points and desk.context.engine.search(text).decision != "answer"


def has_numbers(works: Works) -> bool:
    """Whether it was told how many, or for how long."""
    return any(work["years"] or work["hours"] or work["count"] > 1 for work in works)


def beside(works: Works, outcome: Outcome, desk: Desk) -> Outcome:
    """A curated answer with the sum for what was told after it."""
    if outcome.status != "answer":
        return outcome
    shown = reckon(works, replace(desk, state=outcome.state))
    return replace(outcome, views=(*outcome.views, *shown.views), state=shown.state, check=shown.check)


def reckon(works: Works, desk: Desk) -> Outcome:
    """A sum on its own; its lines are kept so that more can be added."""
    before = _kept(desk) if is_running(desk.state) else ()
    return _shown((*before, *works)[-MOST_WORKS:], desk)


def answered(text: str, desk: Desk) -> Outcome | None:
    """The years of a line that lacked them; None when the reply tells none."""
    works = _with_years(_kept(desk), text, desk)
    return _shown(works, desk) if works else None


def answered_within(check: Check, text: str, desk: Desk) -> Outcome | None:
    """The same while a check is running, where the years are told as such: a lone number answers the question."""
    short = 1 < len(tokens(text)) <= _SHORT
    works = _with_years(check.activities, text, desk) if short else ()
    return within(check, works, desk) if works else None


def _with_years(works: Works, text: str, desk: Desk) -> Works:
    """The lines with the years that the first without them lacked; none when the reply tells no years."""
    place = _without_years(works, desk)
    if place is None:
        return ()
    years = extract(text, desk.on, asked="years_in_naziv").facts.get("years_in_naziv")
    if not isinstance(years, int | float):
        return ()
    return (*works[:place], {**works[place], "years": years}, *works[place + 1 :])


def within(check: Check, works: Works, desk: Desk, *, told: bool = True) -> Outcome:
    """The sum of works while a check is running: shown, offered as the answer, and the open question repeated.

    Works that were `told` are kept, so that more can be added; those only asked about are not.
    """
    works = works[-MOST_WORKS:]
    result = _reckoned(works, desk, check.facts.get("workplace"))
    if isinstance(result, Outcome):
        return result
    view = _view(works, result, desk)
    again = pending(check, desk)
    views = (view, again[0]) if again else (view,)
    data = again[1] if again else described(check, None, ())
    return Outcome(
        "check",
        views,
        replace(
            desk.state, check=(replace(check, activities=works) if told else check).to_state(), offered=()
        ),
        sources=_cited(result, desk),
        check=data,
        intent=INTENT,
        locale=desk.texts.locale,
    )


def _shown(works: Works, desk: Desk) -> Outcome:
    result = _reckoned(works, desk, None)
    if isinstance(result, Outcome):
        return result
    state = {
        "version": VERSION,
        "procedure": POINTS,
        "started_on": desk.on.isoformat(),
        "locale": desk.texts.locale,
        "activities": [dict(work) for work in works],
    }
    place = _without_years(works, desk)
    asks = [] if place is None else [f"activities.{place}.years"]
    data = {"procedure": POINTS, "facts": {"activities": state["activities"]}, "outcome": None, "asks": asks}
    return Outcome(
        "check",
        (_view(works, result, desk),),
        replace(desk.state, check=state, offered=()),
        sources=_cited(result, desk),
        check=data,
        intent=INTENT,
        locale=desk.texts.locale,
    )


def _kept(desk: Desk) -> Works:
    """The lines of the state; none when they are too old or not what this version writes."""
    raw = desk.state.check
    try:
        if expired(date.fromisoformat(raw["started_on"]), desk.on, desk.context.check_days):
            return ()
        works = tuple(dict(work) for work in raw["activities"])
        points_for(desk.rulebook, works, desk.on)
    except (KeyError, TypeError, ValueError, RulesError):
        return ()
    return works


def _without_years(works: Works, desk: Desk) -> int | None:
    try:
        lines = points_for(desk.rulebook, works, desk.on).lines
    except RulesError:
        return None
    return next((place for place, line in enumerate(lines) if line.reason.key == _YEARS_MISSING), None)


def _reckoned(works: Works, desk: Desk, workplace: Any) -> PointsResult | Outcome:
    try:
        return points_for(desk.rulebook, works, desk.on, workplace)
    except RulesError as error:
        view = NoticeView(refused_sentence(error.fact, error.text, desk))
        return Outcome("check", (view,), desk.state, intent=INTENT, locale=desk.texts.locale)


def _view(works: Works, result: PointsResult, desk: Desk) -> ResultView:
    texts, words = desk.texts, desk.rulebook.wording(desk.texts.locale)
    missing = [_name(line.activity, texts) for line in result.lines if line.reason.key == _YEARS_MISSING]
    sections = [Section("", (texts("check.points.years", activities=", ".join(missing)),))] if missing else []
    assumptions = tuple(f"- {words.say(said)}" for said in result.assumptions)
    sections.append(Section(texts("check.result.assumptions"), assumptions))
    return ResultView(
        title=texts("check.points.title"),
        outcome=_outcome_words(result, texts),
        subject=texts("check.points.subject", day=day_in_words(result.on, texts.locale)),
        facts_label="",
        facts=(),
        conditions_label=texts("check.points.lines"),
        conditions=tuple(_line(work, result, place, desk) for place, work in enumerate(works)),
        sections=tuple(sections),
        footer=(
            texts("check.points.read_from"),
            texts("check.points.provisional"),
            texts("check.result.version", digest=desk.rulebook.digest),
        ),
        actions=_buttons(result, texts),
    )


def _outcome_words(result: PointsResult, texts: Texts) -> str:
    if all(line.points is None for line in result.lines):
        return texts("check.points.outcome_none")
    key = "check.points.outcome" if result.complete else "check.points.outcome_part"
    return texts(key, total=number_in_words(result.total, texts))


def _line(work: Mapping[str, Any], result: PointsResult, place: int, desk: Desk) -> Condition:
    texts, words = desk.texts, desk.rulebook.wording(desk.texts.locale)
    line = result.lines[place]
    valued = line.points is not None
    verdict = texts("check.points.value_none")
    if line.points is not None:
        verdict = texts("check.points.value", points=number_in_words(line.points, texts))
    return Condition(
        mark=texts("check.mark.met" if valued else "check.mark.unknown"),
        verdict=verdict,
        name=f"{_name(line.activity, texts)}{_details(work, texts)}",
        reason=words.say(line.reason),
        provision="; ".join(dict.fromkeys(_place(p, desk) or words.cite(p) for p in line.provisions)),
    )


def _place(provision: Provision, desk: Desk) -> str:
    """The place within the act; of several articles, one for each field of employment, that any of them may apply."""
    *others, last = (provision.article or "").split("., ")
    if not others:
        return desk.rulebook.wording(desk.texts.locale).place(provision)
    points = desk.texts("check.points.ordinal_point")
    first = ", ".join(f"{article}{points}" for article in others)
    return desk.texts("check.points.by_field", first=first, last=last)


def _name(activity: str, texts: Texts) -> str:
    key = f"activity.{activity}"
    return texts(key) if key in texts.sentences else activity


def _details(work: Mapping[str, Any], texts: Texts) -> str:
    parts = []
    if work.get("count", 1) != 1:
        parts.append(texts("check.points.detail.count", count=work["count"]))
    for name in ("years", "hours"):
        if work.get(name) is not None:
            words = number_in_words(work[name], texts)
            parts.append(texts(f"check.points.detail.{name}", **{name: words}))
    if work.get("share", 1) != 1:
        parts.append(texts("check.points.detail.share", share=number_in_words(100 * work["share"], texts)))
    return f" ({', '.join(parts)})" if parts else ""


def _cited(result: PointsResult, desk: Desk) -> tuple[Cited, ...]:
    words = desk.rulebook.wording(desk.texts.locale)
    named: Iterable[tuple[str, str]] = (
        (words.label(f"act.{p.act}"), _place(p, desk)) for line in result.lines for p in line.provisions
    )
    return tuple(Cited(source, place) for source, place in dict.fromkeys(named))


def _buttons(result: PointsResult, texts: Texts) -> tuple[Button, ...]:
    person = Button(texts("person.button"), {"do": "person"})
    if not result.complete or not result.total:
        return (person,)
    use = actions.answer(Procedure.NAZIV, _FACT, result.total)
    title = texts("check.button.use_points", total=number_in_words(result.total, texts))
    return (Button(title, use), person)
