"""Only what can still change the outcome is asked, and all of that."""

import itertools
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.facts import FACTS, FactSpec, Kind
from rules.probes import probes

from .samples import MENTOR

BOOK = rules.load_rulebook()
UM: dict[str, Any] = {
    "salary_group_b": False,
    "period_started_on": "2013-01-01",
    "position_change": "none",
    "annual_ratings": ["nadpovprecno"] * 3,
    "student_survey_negative": False,
}
MANDATE = {
    "salary_group_b": True,
    "mandate_years": 3,
    "director_performance_pct": [50, 50, 50],
    "dismissed_for_fault": False,
}


def _ask(facts: dict[str, Any], procedure: str = "naziv", on: str = "2026-11-21") -> tuple[str, ...]:
    return rules.next_questions(BOOK, procedure, facts, on)


def test_nothing_is_asked_once_it_is_decided() -> None:
    assert _ask(MENTOR) == ()
    assert _ask({"target_naziv": "mentor", "niu_points": 1, "post": "strokovni_delavec"}) == ()


def test_the_target_comes_first_then_what_shapes_the_case() -> None:
    assert _ask({})[:3] == ("target_naziv", "post", "proposer")
    assert _ask({"target_naziv": "svetnik"})[0] in ("route", "post", "proposer")


@pytest.mark.parametrize(
    "fact", [name for name in MENTOR if name not in ("target_naziv", "route", "workplace")]
)
def test_a_single_missing_fact_is_asked(fact: str) -> None:
    assert _ask({name: value for name, value in MENTOR.items() if name != fact}) == (fact,)


@pytest.mark.parametrize("fact", list(UM))
def test_a_single_missing_fact_is_asked_at_the_university(fact: str) -> None:
    asked = _ask(
        {name: value for name, value in UM.items() if name != fact}, "placni_razred_um", "2016-09-01"
    )
    assert fact in asked
    assert set(asked) <= {fact, "absent_whole_period"}


@pytest.mark.parametrize("fact", list(MANDATE))
def test_a_single_missing_fact_is_asked_after_a_mandate(fact: str) -> None:
    facts = {name: value for name, value in MANDATE.items() if name != fact}
    assert _ask(facts, "placni_razred_um", "2016-09-01") == (fact,)


def test_what_no_text_decides_is_never_asked() -> None:
    """The thresholds of svetnik wait for the text; only what can fail the proposal is worth asking."""
    asked = _ask({**MENTOR, "target_naziv": "svetnik", "attachments": None})
    assert asked == ("attachments",)
    unread = {"dsd_points", "years_in_naziv", "dsd_points_from_works_3plus"}
    assert not unread & set(_ask({"target_naziv": "svetnik", "route": "ordinary"}))
    assert _ask({}, "placni_razred_um", "2018-09-01") == ()


def test_no_route_to_svetnik_can_be_met_so_far() -> None:
    """Without a way to met only facts that fail something by themselves are asked; the number of voters is none."""
    asked = _ask({"target_naziv": "svetnik"})
    assert "opinion_votes_for" in asked
    assert "opinion_voters_total" not in asked
    assert "opinion_voters_total" in _ask({"target_naziv": "mentor"})


def test_a_fact_that_can_only_leave_things_open_is_not_asked() -> None:
    """The period ends later this year, which stays open; a negative survey could only leave more open."""
    facts = {**UM, "period_started_on": "2013-12-01", "student_survey_negative": None}
    assert rules.assess(BOOK, "placni_razred_um", facts, "2016-09-01").missing == ("student_survey_negative",)
    assert _ask(facts, "placni_razred_um", "2016-09-01") == ()


def test_votes_are_asked_even_where_the_rest_is_unread() -> None:
    facts = {
        **MENTOR,
        "target_naziv": "svetnik",
        "attachments": ["utemeljitev", "mnenje", "dsd_dokazila", "niu_dokazila"],
    }
    assert _ask({**facts, "opinion_votes_for": None, "opinion_voters_total": None}) == ("opinion_votes_for",)
    assert _ask({**facts, "opinion_voters_total": None}) == ("opinion_voters_total",)


def test_the_filing_day_is_asked_when_today_is_no_filing_month() -> None:
    facts = {
        **MENTOR,
        "proposer": "strokovni_delavec",
        "head_filed": False,
        "attachments": ["utemeljitev", "mnenje", "dsd_dokazila", "niu_dokazila"],
    }
    assert _ask(facts) == ()
    assert _ask(facts, on="2026-12-05") == ("filed_on",)


def test_bad_facts_are_refused() -> None:
    with pytest.raises(rules.FactError):
        _ask({"niu_points": -1})


def test_probes_stay_within_what_may_be_stated() -> None:
    days = [date(2010, 1, 1), date(2026, 11, 30), date(2100, 12, 31), date(1950, 2, 28), date(2024, 2, 29)]
    for spec, on in itertools.product((s for specs in FACTS.values() for s in specs.values()), days):
        values = probes(spec, on)
        assert len(values) > 1
        for value in values:
            if spec.kind is Kind.DATE:
                assert 1950 <= value.year <= 2100
            elif spec.kind in (Kind.NUMBER, Kind.WHOLE):
                assert spec.lowest <= value <= spec.highest


def _value(spec: FactSpec) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *probes(spec, date(2026, 11, 21))])


FACTS_OF_NAZIV = st.fixed_dictionaries(
    {name: _value(spec) for name, spec in FACTS[rules.Procedure.NAZIV].items()}
)
FACTS_OF_PAY = st.fixed_dictionaries(
    {name: _value(spec) for name, spec in FACTS[rules.Procedure.PLACNI_RAZRED_UM].items()}
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.tuples(
            st.just("naziv"), FACTS_OF_NAZIV, st.sampled_from(["2026-11-21", "2026-12-05", "2019-06-01"])
        ),
        st.tuples(st.just("placni_razred_um"), FACTS_OF_PAY, st.sampled_from(["2016-09-01", "2026-11-21"])),
    ),
    st.sets(st.integers(0, 23)),
)
def test_only_missing_facts_are_asked_and_those_that_fail_a_condition_always(
    case: tuple[str, dict[str, Any], str], dropped: set[int]
) -> None:
    procedure, facts, on = case
    names = list(facts)
    facts = {name: facts[name] for index, name in enumerate(names) if index not in dropped}
    try:
        now = rules.assess(BOOK, procedure, facts, on)
    except rules.RulesError:
        return
    asked = rules.next_questions(BOOK, procedure, facts, on)
    assert set(asked) <= set(now.missing)
    assert not asked or now.outcome is rules.Outcome.UNKNOWN
    for name in now.missing if now.outcome is rules.Outcome.UNKNOWN else ():
        if _can_fail(procedure, facts, on, name):
            assert name in asked


def _can_fail(procedure: str, facts: dict[str, Any], on: str, name: str) -> bool:
    for value in probes(FACTS[rules.Procedure(procedure)][name], date.fromisoformat(on)):
        try:
            if rules.assess(BOOK, procedure, {**facts, name: value}, on).outcome is rules.Outcome.NOT_MET:
                return True
        except rules.RulesError:
            continue
    return False
