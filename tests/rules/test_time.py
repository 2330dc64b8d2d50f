"""Every day has exactly one regulation per procedure, or is refused by name; no value has a gap."""

from datetime import date, timedelta

import pytest

import rules
from rules.facts import Naziv
from rules.parameters import DataError, Parameters, Row, View, read_parameters
from rules.period import Period, add_years, complete_years, month_after, month_end, years_until
from rules.regulation import in_force, named

LAST = date(2030, 12, 31)
FIRST = {rules.Procedure.NAZIV: date(2011, 1, 1), rules.Procedure.PLACNI_RAZRED_UM: date(2010, 1, 1)}


@pytest.mark.parametrize("procedure", list(rules.Procedure))
def test_every_day_has_one_regulation(book: rules.Rulebook, procedure: rules.Procedure) -> None:
    regulations = book.regulations[procedure]
    assert min(regulation.period.start for regulation in regulations) == FIRST[procedure]
    day = FIRST[procedure]
    while day <= LAST:
        covering = [regulation for regulation in regulations if regulation.period.covers(day)]
        assert len(covering) == 1, day
        assert in_force(regulations, day, "on") is covering[0]
        day += timedelta(days=1)


@pytest.mark.parametrize("procedure", list(rules.Procedure))
def test_earlier_days_are_refused_by_name(book: rules.Rulebook, procedure: rules.Procedure) -> None:
    day = FIRST[procedure] - timedelta(days=1)
    with pytest.raises(rules.NotCovered) as refused:
        rules.assess(book, procedure, {}, day)
    assert refused.value.fact == "on"
    sentence = rules.error_sentence(book, refused.value)
    assert f"{day.day}. {day.month}. {day.year}" in sentence
    assert sentence.startswith("on: ")


def test_a_row_lives_until_the_next_of_its_key(book: rules.Rulebook) -> None:
    parameters = named(book.regulations[rules.Procedure.NAZIV], "pravilnik_2002").parameters
    before = parameters.on(date(2020, 8, 31)).find("dsd_points", Naziv.SVETNIK, "ordinary")
    after = parameters.on(date(2020, 9, 1)).find("dsd_points", Naziv.SVETNIK, "ordinary")
    assert before is not None
    assert after is not None
    assert (before.number, after.number) == (38, 32)


@pytest.mark.parametrize("day", [date(2010, 12, 31), date(2023, 9, 1)])
def test_no_values_outside_the_regulation(book: rules.Rulebook, day: date) -> None:
    regulation = named(book.regulations[rules.Procedure.NAZIV], "pravilnik_2002")
    with pytest.raises(DataError):
        regulation.parameters.on(day)


def test_every_row_key_starts_with_its_regulation_or_later_on_purpose(book: rules.Rulebook) -> None:
    """A value that starts late would leave earlier days without any: each key begins on the first day."""
    for regulations in book.regulations.values():
        for regulation in regulations:
            first: dict[object, date] = {}
            for row in regulation.parameters.rows:
                first[row.key] = min(first.get(row.key, row.valid_from), row.valid_from)
            assert set(first.values()) == {regulation.period.start}, regulation.id


ROW = {"name": "x", "valid_from": date(2020, 1, 1), "evidence": "official", "value": 1}
REGULATION = {"id": "r", "valid_from": date(2020, 1, 1), "valid_to": date(2021, 1, 1)}


@pytest.mark.parametrize(
    "row",
    [
        {**ROW, "valid_from": date(2019, 12, 31)},
        {**ROW, "valid_from": date(2021, 1, 1)},
        {**ROW, "evidence": "missing"},
        {**ROW, "evidence": "secondary"},
        {key: value for key, value in ROW.items() if key != "value"},
        {**ROW, "valeu": 2},
        {**ROW, "value": {"a": 1}},
    ],
    ids=[
        "too early",
        "too late",
        "missing but valued",
        "secondary but valued",
        "no value",
        "typo",
        "a table",
    ],
)
def test_bad_rows_are_refused(row: dict[str, object]) -> None:
    with pytest.raises(DataError):
        read_parameters({"regulation": REGULATION, "row": [row]})


def test_two_rows_of_one_key_and_day_are_refused() -> None:
    with pytest.raises(DataError):
        read_parameters({"regulation": REGULATION, "row": [ROW, {**ROW, "value": 2}]})


@pytest.mark.parametrize(
    "value, attribute",
    [("a", "number"), (True, "number"), (1, "items"), ("a", "day"), (1, "day")],
)
def test_a_value_of_the_wrong_kind_is_a_fault_of_ours(value: object, attribute: str) -> None:
    parameters = read_parameters({"regulation": REGULATION, "row": [{**ROW, "value": value}]})
    row = parameters.on(date(2020, 1, 1)).get("x")
    with pytest.raises(DataError):
        getattr(row, attribute)


def test_a_row_that_is_not_there_is_a_fault_of_ours() -> None:
    with pytest.raises(DataError):
        View({}).get("x")
    assert View({}).named("x") == []


def test_rows_by_target_and_lists_of_targets() -> None:
    rows = [{**ROW, "naziv": ["a", "b"], "route": "r", "value": 2}, ROW]
    view = read_parameters({"regulation": REGULATION, "row": rows}).on(date(2020, 5, 5))
    found: list[Row | None] = [view.find("x", "a", "r"), view.find("x", "b", "r"), view.find("x", "c", "r")]
    assert [row.value for row in found if row] == [2, 2, 1]
    assert view.find("y") is None


def test_periods_are_half_open() -> None:
    period = Period(date(2020, 1, 1), date(2021, 1, 1))
    assert not period.covers(date(2019, 12, 31))
    assert period.covers(date(2020, 1, 1))
    assert period.covers(date(2020, 12, 31))
    assert not period.covers(date(2021, 1, 1))
    assert Period(date(2020, 1, 1)).covers(date(2100, 1, 1))
    assert period.nearest(date(2019, 5, 5)) == date(2020, 1, 1)
    assert period.nearest(date(2020, 5, 5)) == date(2020, 5, 5)
    assert period.nearest(date(2021, 1, 1)) == date(2020, 12, 31)
    assert Period(date(2020, 1, 1)).nearest(date(2050, 1, 1)) == date(2050, 1, 1)


def test_months_and_years() -> None:
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)
    assert month_after(date(2026, 12, 31)) == date(2027, 1, 1)
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert add_years(date(2026, 1, 1), 0.5) == date(2026, 7, 3)
    assert add_years(date(2026, 1, 1), 0) == date(2026, 1, 1)
    assert add_years(date(2026, 1, 1), 1 / 365.25) == date(2026, 1, 2)
    assert complete_years(date(2020, 5, 5), date(2025, 5, 5)) == 5
    assert complete_years(date(2020, 5, 5), date(2025, 5, 4)) == 4
    assert complete_years(date(2020, 5, 5), date(2020, 5, 5)) == 0
    assert complete_years(date(2020, 5, 5), date(2019, 5, 5)) == 0
    assert complete_years(date(2020, 5, 5), date(2021, 5, 4)) == 0
    assert years_until(date(2020, 1, 1), date(2020, 1, 2)) == 0.01
    assert years_until(date(2020, 1, 1), date(2020, 7, 1)) == 0.5
    assert years_until(date(2020, 1, 2), date(2020, 1, 1)) == 0


def test_empty_parameters() -> None:
    assert isinstance(Parameters([], Period(date(2020, 1, 1))).on(date(2020, 1, 1)), View)
