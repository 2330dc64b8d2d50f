"""The value of additional professional work: what the sources value, and nothing else."""

from typing import Any

import pytest

import rules
from rules.parameters import DataError
from rules.points import read_points

DAY = "2026-11-21"
PROJECT, SCHOOL, RESEARCH = "raziskovalni_projekt", "projekt_mvi_sola", "projekt_mvi_razvojno_raziskovalni"
ARTICLE, LEADING = "strokovni_clanek", "vodenje_strokovnega_aktiva"
YEAR_LONG = [
    "timsko_sodelovanje",
    "formativno_spremljanje",
    "sodobne_tehnologije",
    "varno_ucno_okolje",
    "kolegialne_hospitacije",
]
NOT_VALUED = [
    "programski_odbor_konference",
    "ocenjevanje_npz",
    "vodenje_studijske_skupine",
    "sodelovanje_v_programskem_sosvetu",
    "avtorstvo_delovnega_zvezka",
]


def _value(
    book: rules.Rulebook, *works: dict[str, Any], on: str = DAY, field: str | None = "sola"
) -> rules.PointsResult:
    return rules.points_for(book, list(works), on, field)


def _points(result: rules.PointsResult) -> list[float | None]:
    return [line.points for line in result.lines]


@pytest.mark.parametrize(
    "code, years, count, points",
    [
        (PROJECT, 3, 1, 3),
        (PROJECT, 2.99, 1, 0),
        (PROJECT, 1.5, 2, 3),
        (PROJECT, 1, 2, 0),
        (PROJECT, 1, 3, 3),
        (PROJECT, 5.9, 1, 3),
        (PROJECT, 6, 1, 6),
        (PROJECT, 1 / 3, 9, 3),
        (PROJECT, 0, 1, 0),
        (SCHOOL, 3, 1, 4),
        (SCHOOL, 2, 1, 0),
        (RESEARCH, 3, 1, 5),
        (RESEARCH, 1.5, 4, 10),
        (LEADING, 3, 1, 3),
        (LEADING, 2, 1, 0),
        (LEADING, 1, 3, 3),
        (LEADING, 1, 1, 0),
    ],
)
def test_spans_of_three_years(
    book: rules.Rulebook, code: str, years: float, count: int, points: float
) -> None:
    assert _value(book, {"activity": code, "years": years, "count": count}).total == points


def test_shorter_projects_of_several_lines_add_up(book: rules.Rulebook) -> None:
    works = [{"activity": PROJECT, "years": years} for years in (1, 2, 2, 1)]
    result = _value(book, *works)
    assert _points(result) == [0, 3, 0, 3]
    assert result.total == 6
    thirds = _value(book, *[{"activity": PROJECT, "years": 1 / 3}] * 9)
    assert _points(thirds) == [0] * 8 + [3]


def test_what_does_not_add_up(book: rules.Rulebook) -> None:
    kinds = _value(book, {"activity": PROJECT, "years": 2}, {"activity": SCHOOL, "years": 1})
    leading = _value(book, {"activity": LEADING, "years": 2}, {"activity": LEADING, "years": 1})
    fields = _value(
        book, {"activity": PROJECT, "years": 2, "workplace": "vrtec"}, {"activity": PROJECT, "years": 1}
    )
    assert (kinds.total, leading.total, fields.total) == (0, 0, 0)
    assert "ne sešteva" in book.say(leading.lines[0].reason)
    assert "2 leti od 3" in book.say(leading.lines[0].reason)
    rest = _value(book, {"activity": PROJECT, "years": 4}, {"activity": PROJECT, "years": 1})
    assert "2 leti od 3" in book.say(rest.lines[1].reason)


@pytest.mark.parametrize(
    "work, points",
    [
        ({}, 2),
        ({"count": 3}, 6),
        ({"share": 0.5}, 1),
        ({"count": 2, "share": 0.25}, 1),
        ({"share": 1}, 2),
        ({"share": 1 / 3}, 0.6667),
    ],
)
def test_articles(book: rules.Rulebook, work: dict[str, Any], points: float) -> None:
    result = _value(book, {"activity": ARTICLE, **work})
    assert result.total == points
    assert result.complete
    assert result.lines[0].reason.key == ("points.shared" if work.get("share", 1) != 1 else "points.each")


@pytest.mark.parametrize("code", YEAR_LONG)
def test_criteria_of_at_least_a_year(book: rules.Rulebook, code: str) -> None:
    works = [{"activity": code, "years": years} for years in (1, 0.99, 2)]
    assert _points(_value(book, *works)) == [3, 0, 3]
    assert _points(_value(book, {"activity": code})) == [None]
    assert _points(_value(book, {"activity": code, "years": 1, "count": 2})) == [6]


@pytest.mark.parametrize("code", NOT_VALUED)
def test_what_the_sources_do_not_value(book: rules.Rulebook, code: str) -> None:
    result = _value(book, {"activity": code, "hours": 40}, {"activity": ARTICLE})
    assert _points(result) == [None, 2]
    assert (result.total, result.complete) == (2, False)
    described = rules.describe_points(book, result)
    assert described["note"]
    assert described["provisional"] is True
    assert described["lines"][0]["points"] is None
    assert described["lines"][0]["reason"]


def test_hours_of_a_conference(book: rules.Rulebook) -> None:
    short, enough, unsaid = _value(
        book, *[{"activity": "programski_odbor_konference", "hours": hours} for hours in (5.9, 6, None)]
    ).lines
    assert short.reason.key == "points.conference_short"
    assert enough.reason.key == unsaid.reason.key == "points.conference"
    assert "6 ur" in book.say(short.reason)


def test_no_hours_and_no_years_can_be_stated(book: rules.Rulebook) -> None:
    assert _points(_value(book, {"activity": "ocenjevanje_npz", "hours": 0, "years": 0})) == [None]


def test_an_unknown_activity_has_no_value(book: rules.Rulebook) -> None:
    result = _value(book, {"activity": "sprehod"})
    assert _points(result) == [None]
    assert PROJECT in book.say(result.lines[0].reason)
    assert rules.describe_points(book, result)["lines"][0]["activity"] == "sprehod"


def test_earlier_days_have_no_value(book: rules.Rulebook) -> None:
    before, first = (
        _value(book, {"activity": ARTICLE}, on="2023-08-31"),
        _value(book, {"activity": ARTICLE}, on="2023-09-01"),
    )
    assert (_points(before), before.regulation) == ([None], None)
    assert (_points(first), first.regulation) == ([2], "pravilnik_2023")


def test_a_share_where_none_is_provided(book: rules.Rulebook) -> None:
    assert _points(_value(book, {"activity": PROJECT, "years": 3, "share": 0.5})) == [None]
    assert _points(_value(book, {"activity": PROJECT})) == [None]


@pytest.mark.parametrize(
    "field, article", [("vrtec", "21"), ("sola", "22"), ("javni_zavod", "23"), (None, "21., 22., 23")]
)
def test_the_article_goes_by_the_field_of_employment(
    book: rules.Rulebook, field: str | None, article: str
) -> None:
    line = _value(book, {"activity": ARTICLE}, field=field).lines[0]
    assert [provision.article for provision in line.provisions] == [None, article]
    own = _value(book, {"activity": ARTICLE, "workplace": "vrtec"}, field=field).lines[0]
    assert own.provisions[1].article == "21"


@pytest.mark.parametrize(
    "work, fact",
    [
        ({}, "activity"),
        ({"activity": 3}, "activity"),
        ({"activity": ARTICLE, "count": 0}, "count"),
        ({"activity": ARTICLE, "count": 1001}, "count"),
        ({"activity": ARTICLE, "count": 1.5}, "count"),
        ({"activity": ARTICLE, "count": True}, "count"),
        ({"activity": ARTICLE, "years": -1}, "years"),
        ({"activity": ARTICLE, "years": 81}, "years"),
        ({"activity": ARTICLE, "hours": -1}, "hours"),
        ({"activity": ARTICLE, "hours": 10_001}, "hours"),
        ({"activity": ARTICLE, "share": 0}, "share"),
        ({"activity": ARTICLE, "share": 1.01}, "share"),
        ({"activity": ARTICLE, "share": float("nan")}, "share"),
        ({"activity": ARTICLE, "workplace": "gozd"}, "workplace"),
        ({"activity": ARTICLE, "yeras": 1}, "yeras"),
        ({"activity": ARTICLE, 7: 1}, "7"),
        ("x", "activities"),
    ],
)
def test_refused_by_name(book: rules.Rulebook, work: Any, fact: str) -> None:
    with pytest.raises(rules.FactError) as refused:
        _value(book, work)
    assert refused.value.fact == fact


def test_the_list_and_the_field(book: rules.Rulebook) -> None:
    for works, field, fact in (("x", None, "activities"), ([], "gozd", "workplace")):
        with pytest.raises(rules.FactError) as refused:
            rules.points_for(book, works, DAY, field)
        assert refused.value.fact == fact
    empty = rules.points_for(book, [], DAY)
    assert (empty.total, empty.complete) == (0, True)
    assert rules.describe_points(book, empty)["note"] is None


ACTIVITY = {"code": "x", "section": "s", "evidence": "official", "points": 1}


@pytest.mark.parametrize(
    "activity",
    [
        {**ACTIVITY, "evidence": "secondary"},
        {key: value for key, value in ACTIVITY.items() if key != "points"},
        {**ACTIVITY, "reason": "npz"},
        {"code": "x", "section": "s", "evidence": "missing"},
    ],
)
def test_bad_data_is_refused(activity: dict[str, Any]) -> None:
    table = {"regulation": "r", "valid_from": None, "gazette": "1/1"}
    with pytest.raises(DataError):
        read_points({"points": table, "article": {}, "activity": [activity]})
