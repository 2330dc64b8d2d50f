"""The value of additional professional work, as far as the sources value it. What they do not gets no number."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from rules.errors import FactError
from rules.facts import MOST_YEARS, Workplace
from rules.finding import Text, text
from rules.parameters import DataError
from rules.provision import Evidence, Provision
from rules.reading import read_choice, read_day, read_number, read_whole, shown

if TYPE_CHECKING:
    from rules.rulebook import Rulebook

_KEYS = frozenset("activity count years hours share workplace".split())
MOST_WORKS, MOST_HOURS = 1000, 10_000


@dataclass(frozen=True, slots=True)
class Activity:
    code: str
    points: float | None
    per_years: float | None
    pooled: bool
    least_years: float | None
    least_hours: float | None
    shared: bool
    reason: str | None
    section: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class PointsTable:
    regulation: str
    valid_from: date
    gazette: str
    articles: Mapping[str, str]
    activities: Mapping[str, Activity]


@dataclass(frozen=True, slots=True)
class Work:
    """One stated line: so many works of one activity."""

    activity: str
    count: int
    years: float | None
    hours: float | None
    share: float
    workplace: Workplace | None


@dataclass(frozen=True, slots=True)
class PointsLine:
    activity: str
    points: float | None
    provisions: tuple[Provision, ...]
    reason: Text


@dataclass(frozen=True, slots=True)
class PointsResult:
    on: date
    regulation: str | None
    total: float
    complete: bool
    """False: some lines have no value, and the total covers the rest."""
    lines: tuple[PointsLine, ...]
    assumptions: tuple[Text, ...]


def read_points(data: Mapping[str, Any]) -> PointsTable:
    table = data["points"]
    activities = {raw["code"]: _activity(raw) for raw in data["activity"]}
    return PointsTable(
        table["regulation"], table["valid_from"], table["gazette"], dict(data["article"]), activities
    )


def _activity(raw: Mapping[str, Any]) -> Activity:
    evidence = Evidence(raw["evidence"])
    if evidence.decides != ("points" in raw) or evidence.decides == ("reason" in raw):
        raise DataError(f"{raw['code']}: points need evidence that decides; without points a reason")
    return Activity(
        raw["code"],
        raw.get("points"),
        raw.get("per_years"),
        raw.get("pooled", False),
        raw.get("least_years"),
        raw.get("least_hours"),
        raw.get("shared", False),
        raw.get("reason"),
        raw["section"],
        evidence,
    )


def points_for(rulebook: "Rulebook", works: object, on: object, workplace: object = None) -> PointsResult:
    """Each line in turn; years of pooled works add up along the lines, the line that fills a span gets it."""
    table = rulebook.points
    day = read_day("on", on)
    field = None if workplace is None else read_choice("workplace", Workplace, workplace)
    if not isinstance(works, list | tuple):
        raise FactError("activities", "not_a_list", value=shown(works), most=MOST_WORKS)
    pool: dict[tuple[str, Workplace | None], float] = {}
    lines = tuple(_line(table, read_work(work, field), day, pool) for work in works)
    return PointsResult(
        day,
        table.regulation if day >= table.valid_from else None,
        round(math.fsum(line.points for line in lines if line.points is not None), 4),
        all(line.points is not None for line in lines),
        lines,
        tuple(text(f"assumption.{key}") for key in ("dsd_finished", "dsd_not_regular_duty", "dsd_period")),
    )


def read_work(raw: object, workplace: Workplace | None = None) -> Work:
    if not isinstance(raw, Mapping):
        raise FactError("activities", "not_an_object")
    if unknown := sorted(str(key) for key in raw if key not in _KEYS):
        raise FactError(shown(unknown[0]).strip("'\""), "unknown_key", choices=tuple(sorted(_KEYS)))
    stated = {key: value for key, value in raw.items() if value is not None}
    activity = stated.get("activity")
    if not isinstance(activity, str):
        raise FactError("activity", "not_an_activity", value=shown(activity))
    share = read_number("share", stated.get("share", 1), 0, 1)
    if not share:
        raise FactError("share", "no_share")
    return Work(
        activity,
        read_whole("count", stated.get("count", 1), 1, MOST_WORKS),
        None if "years" not in stated else read_number("years", stated["years"], 0, MOST_YEARS),
        None if "hours" not in stated else read_number("hours", stated["hours"], 0, MOST_HOURS),
        share,
        read_choice("workplace", Workplace, stated["workplace"]) if "workplace" in stated else workplace,
    )


def _line(
    table: PointsTable, work: Work, on: date, pool: dict[tuple[str, Workplace | None], float]
) -> PointsLine:
    activity = table.activities.get(work.activity)
    if activity is None:
        known = tuple(table.activities)
        return PointsLine(shown(work.activity)[1:-1], None, (), text("points.unknown", choices=known))
    if on < table.valid_from:
        return PointsLine(work.activity, None, (), text("points.earlier_day", first=table.valid_from))
    points, reason = _value(activity, work, pool)
    return PointsLine(work.activity, points, _provisions(table, activity, work), reason)


def _value(
    activity: Activity, work: Work, pool: dict[tuple[str, Workplace | None], float]
) -> tuple[float | None, Text]:
    if activity.points is None:
        short = (
            activity.least_hours is not None and work.hours is not None and work.hours < activity.least_hours
        )
        return None, text(
            f"points.{activity.reason}{'_short' if short else ''}", least=activity.least_hours or 0
        )
    if work.share != 1 and not activity.shared:
        return None, text("points.no_share")
    if activity.per_years is not None:
        return _by_years(activity, activity.points, activity.per_years, work, pool)
    if activity.least_years is not None:
        if work.years is None:
            return None, text("points.years_missing")
        if work.years < activity.least_years:
            return 0, text("points.too_short", least=activity.least_years)
        return activity.points * work.count, text("points.each_year_long", each=activity.points)
    points = round(activity.points * work.count * work.share, 4)
    return points, text("points.each" if work.share == 1 else "points.shared", each=activity.points)


def _by_years(
    activity: Activity,
    each: float,
    span: float,
    work: Work,
    pool: dict[tuple[str, Workplace | None], float],
) -> tuple[float | None, Text]:
    if work.years is None:
        return None, text("points.years_missing")
    key = (activity.code, work.workplace)
    before = pool.get(key, 0.0) if activity.pooled else 0.0
    years = before + work.count * work.years
    spans = _full(years, span) - _full(before, span)
    pool[key] = years
    if spans:
        return each * spans, text("points.full_span", years=round(years, 2), span=span, each=each)
    name = "points.pool_not_full" if activity.pooled else "points.span_not_full"
    return 0, text(name, years=round(years - span * _full(years, span), 2), span=span)


def _full(years: float, span: float) -> int:
    """How many spans are full; thirds of a year may add up to a whole one."""
    return math.floor(round(years / span, 6))


def _provisions(table: PointsTable, activity: Activity, work: Work) -> tuple[Provision, ...]:
    """The page that gives the value, and the article by the field of employment."""
    fields = [work.workplace.value] if work.workplace else list(table.articles)
    articles = "., ".join(table.articles[field] for field in fields)
    page = Provision("mvi", None, None, activity.section, None, activity.evidence)
    return page, Provision(table.regulation, articles, None, None, table.gazette, activity.evidence)
