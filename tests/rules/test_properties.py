"""What must hold for any facts whatever."""

import itertools
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.doors import answer_check, answer_line, answer_points
from rules.facts import FACTS, FactSpec, Kind

BOOK = rules.load_rulebook()
DAYS = st.dates(date(2011, 1, 1), date(2030, 12, 31)).map(date.isoformat)
GROWING = (
    "years_in_naziv",
    "delovna_doba_years",
    "niu_points",
    "dsd_points",
    "dsd_points_from_works_2plus",
    "dsd_points_from_works_3plus",
)
# Enough of a good case that outcomes other than "not met" are common.
MENTOR: dict[str, Any] = {
    "target_naziv": "mentor",
    "post": "strokovni_delavec",
    "workplace": "sola",
    "proposer": "ravnatelj",
    "worker_agrees": True,
    "head_filed": False,
    "delovna_doba_years": 5,
    "successful_at_work": True,
    "niu_points": 5,
    "dsd_points": 5,
    "opinion_secret_ballot": True,
    "opinion_votes_for": 11,
    "opinion_voters_total": 20,
    "attachments": ["utemeljitev", "mnenje", "dsd_dokazila", "niu_dokazila"],
    "filed_on": "2026-11-21",
}
UM: dict[str, Any] = {
    "salary_group_b": False,
    "period_started_on": "2013-01-01",
    "position_change": "none",
    "annual_ratings": ["nadpovprecno", "povprecno", "nadpovprecno"],
    "other_elements_above_average": 3,
    "student_survey_negative": False,
    "absent_whole_period": False,
}
MANDATE: dict[str, Any] = {
    "salary_group_b": True,
    "mandate_years": 6,
    "director_performance_pct": [50, 50, 50, 20, None, 50],
    "dismissed_for_fault": False,
}
TITLE: dict[str, Any] = {
    "new_habilitation_title": True,
    "head_proposal": True,
    "systemised_post": True,
    "funds_secured": True,
    "rector_consent": True,
}


def _value(spec: FactSpec) -> st.SearchStrategy[Any]:
    choice, number = (
        st.sampled_from([choice.value for choice in spec.choices] or ["x"]),
        st.integers(spec.lowest, max(spec.highest, spec.lowest)),
    )
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.CHOICE: choice,
        Kind.CHOICES: st.lists(choice, max_size=5),
        Kind.SEQUENCE: st.lists(choice, max_size=6),
        Kind.BOOL: st.booleans(),
        Kind.NUMBER: st.one_of(st.integers(0, 40), st.floats(0, 40)),
        Kind.WHOLE: st.one_of(st.integers(spec.lowest, 30), number),
        Kind.NUMBERS: st.lists(st.floats(0, 100), max_size=5),
        Kind.OPTIONAL_NUMBERS: st.lists(st.one_of(st.none(), st.sampled_from([0, 20, 50, 60])), max_size=7),
        Kind.DATE: st.dates(date(2005, 1, 1), date(2031, 12, 31)).map(date.isoformat),
    }
    return by_kind[spec.kind]


def _facts(procedure: rules.Procedure, *bases: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A good case with some facts replaced or left out, or facts at random."""
    values = {
        name: _value(spec) for name, spec in FACTS[procedure].items() if spec.highest or not spec.lowest
    }
    some = st.fixed_dictionaries({}, optional=values)
    names = st.sets(st.sampled_from(list(values)), max_size=3)
    changed = st.tuples(st.sampled_from([{}, *bases, *bases]), some, names).map(
        lambda drawn: {**drawn[0], **{name: drawn[1][name] for name in drawn[2] if name in drawn[1]}}
    )
    return st.one_of(some, changed)


CASES = st.one_of(
    st.tuples(st.just("naziv"), _facts(rules.Procedure.NAZIV, MENTOR), DAYS),
    st.tuples(
        st.just("placni_razred_um"), _facts(rules.Procedure.PLACNI_RAZRED_UM, UM, MANDATE, TITLE), DAYS
    ),
)


def _outcome(procedure: str, facts: dict[str, Any], on: str) -> rules.Outcome | None:
    try:
        return rules.assess(BOOK, procedure, facts, on).outcome
    except rules.RulesError:
        return None


GOOD: dict[str, tuple[str, dict[str, Any], str]] = {
    "by the head": ("naziv", MENTOR, "2026-11-21"),
    "alone": ("naziv", {**MENTOR, "proposer": "strokovni_delavec"}, "2026-11-21"),
    "registered": (
        "naziv",
        {**MENTOR, "proposer": "strokovni_delavec", "delivery": "priporoceno", "posted_on": "2026-11-21"},
        "2026-11-21",
    ),
    "head": ("naziv", {**MENTOR, "proposer": "svet_zavoda", "post": "ravnatelj"}, "2026-11-21"),
    "vrtec": (
        "naziv",
        {**MENTOR, "post": "vzgojitelj", "workplace": "vrtec", "dsd_points": 3, "delovna_doba_years": 3},
        "2026-11-21",
    ),
    "ratings": ("placni_razred_um", UM, "2016-09-01"),
    "mandate": ("placni_razred_um", {**MANDATE, "annual_ratings": []}, "2016-09-01"),
    "title": ("placni_razred_um", {**TITLE, "annual_ratings": []}, "2016-09-01"),
    "parental leave": (
        "placni_razred_um",
        {
            "salary_group_b": False,
            "period_started_on": "2013-01-01",
            "position_change": "none",
            "absent_whole_period": True,
            "absence_reason": "starsevski_dopust",
        },
        "2016-09-01",
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_leaving_any_two_facts_out_of_a_good_case_never_fails_it(name: str) -> None:
    """Also when the day asked about is no filing month, or belongs to another regulation."""
    procedure, facts, on = GOOD[name]
    assert _outcome(procedure, facts, on) is rules.Outcome.MET
    others = ["2026-12-05", "2022-04-15"] if procedure == "naziv" else []
    for day in (on, *others):
        for dropped in itertools.combinations(facts, 2):
            fewer = {key: value for key, value in facts.items() if key not in dropped}
            assert _outcome(procedure, fewer, day) is not rules.Outcome.NOT_MET, (dropped, day)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(CASES)
def test_leaving_a_fact_out_never_turns_met_into_not_met(case: tuple[str, dict[str, Any], str]) -> None:
    procedure, facts, on = case
    if _outcome(procedure, facts, on) is not rules.Outcome.MET:
        return
    for name in facts:
        fewer = {key: value for key, value in facts.items() if key != name}
        assert _outcome(procedure, fewer, on) is not rules.Outcome.NOT_MET, name


@settings(max_examples=150, deadline=None, derandomize=True)
@given(_facts(rules.Procedure.NAZIV, MENTOR), DAYS, st.sampled_from(GROWING), st.floats(0, 30))
def test_more_never_turns_met_into_not_met(facts: dict[str, Any], on: str, name: str, more: float) -> None:
    before = _outcome("naziv", facts, on)
    after = _outcome("naziv", {**facts, name: facts.get(name, 0) + more}, on)
    if before is rules.Outcome.MET:
        assert after in (rules.Outcome.MET, None)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(CASES)
def test_every_answer_is_whole(case: tuple[str, dict[str, Any], str]) -> None:
    procedure, facts, on = case
    answer = answer_line(BOOK, json.dumps({"procedure": procedure, "facts": facts, "on": on}), answer_check)
    if "error" in answer:
        assert answer["error"].count(": ") >= 1
        return
    result = rules.assess(BOOK, procedure, facts, on)
    for locale in rules.LOCALES:
        described = rules.describe(BOOK, result, locale)
        assert json.loads(json.dumps(described)) == described
        assert all(finding["reason"] and finding["provision"] for finding in described["findings"])
    outcomes = {finding.outcome for finding in result.findings}
    if rules.Outcome.NOT_MET in outcomes:
        assert result.outcome is rules.Outcome.NOT_MET
    elif rules.Outcome.UNKNOWN in outcomes:
        assert result.outcome is rules.Outcome.UNKNOWN
    else:
        assert result.outcome is rules.Outcome.MET
    assert outcomes
    assert not result.award or result.outcome is rules.Outcome.MET
    assert set(result.missing) == {name for finding in result.findings for name in finding.missing}
    assert not {name for name in result.missing if facts.get(name) is not None}
    assert result.provisional
    assert result.digest == BOOK.digest
    if result.earliest_filing_on:
        assert result.earliest_filing_on >= result.law_day


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
REQUEST_KEYS = ("id", "procedure", "on", "facts", "regulation", "locale", "activities", "workplace")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.text(max_size=40),
        JSON.map(json.dumps),
        st.fixed_dictionaries({}, optional=dict.fromkeys(REQUEST_KEYS, JSON)).map(json.dumps),
        st.dictionaries(st.sampled_from([*MENTOR, *UM]), JSON, max_size=4).map(
            lambda facts: json.dumps({"procedure": "naziv", "on": "2026-11-21", "facts": facts})
        ),
        st.lists(
            st.dictionaries(st.sampled_from(["activity", "count", "years", "share"]), JSON), max_size=3
        ).map(lambda works: json.dumps({"on": "2026-11-21", "activities": works})),
    )
)
def test_no_line_whatever_crashes_a_batch(line: str) -> None:
    for answer in (answer_check, answer_points):
        result = answer_line(BOOK, line, answer)
        assert "id" in result
        json.dumps(result)
