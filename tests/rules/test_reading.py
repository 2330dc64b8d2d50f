"""What cannot be is refused by the name of the fact, with a reason."""

from datetime import date, datetime
from typing import Any

import pytest

import rules
from rules.facts import FACTS, NazivFacts, PayGradeFacts
from rules.reading import read_day, read_naziv, read_number, read_whole, shown

NAZIV, PAY = "naziv", "placni_razred_um"
REFUSED: list[tuple[str, str, Any]] = [
    (NAZIV, "target_naziv", "doktor"),
    (NAZIV, "target_naziv", 3),
    (NAZIV, "target_naziv", ["mentor"]),
    (NAZIV, "delovna_doba_years", -1),
    (NAZIV, "delovna_doba_years", -0.01),
    (NAZIV, "delovna_doba_years", True),
    (NAZIV, "delovna_doba_years", "4"),
    (NAZIV, "delovna_doba_years", float("nan")),
    (NAZIV, "delovna_doba_years", float("inf")),
    (NAZIV, "delovna_doba_years", 81),
    (NAZIV, "delovna_doba_years", 10**400),
    (NAZIV, "niu_points", {}),
    (NAZIV, "niu_points", 10_001),
    (NAZIV, "opinion_votes_for", 1.5),
    (NAZIV, "opinion_votes_for", False),
    (NAZIV, "opinion_voters_total", 0),
    (NAZIV, "filed_on", "2026-02-30"),
    (NAZIV, "filed_on", "21. 11. 2026"),
    (NAZIV, "filed_on", "2026-1-1"),
    (NAZIV, "filed_on", "٢٠٢٦-٠١-٠١"),
    (NAZIV, "filed_on", 20261121),
    (NAZIV, "filed_on", "1949-12-31"),
    (NAZIV, "filed_on", "2101-01-01"),
    (NAZIV, "filed_on", datetime(2026, 1, 1)),
    (NAZIV, "worker_agrees", "da"),
    (NAZIV, "worker_agrees", 1),
    (NAZIV, "attachments", "mnenje"),
    (NAZIV, "attachments", ["spis"]),
    (NAZIV, "attachments", [None]),
    (NAZIV, "attachments", ["mnenje"] * 61),
    (PAY, "annual_ratings", ["odlično"]),
    (PAY, "annual_percentages", [50, None]),
    (PAY, "annual_percentages", [-1]),
    (PAY, "annual_percentages", 50),
    (PAY, "director_performance_pct", [101]),
    (PAY, "director_performance_pct", ["50"]),
    (PAY, "mandate_years", 2.5),
    (PAY, "period_started_on", ""),
]


@pytest.mark.parametrize("procedure, fact, value", REFUSED, ids=lambda value: str(value)[:30])
def test_refused_by_name(book: rules.Rulebook, procedure: str, fact: str, value: Any) -> None:
    with pytest.raises(rules.FactError) as refused:
        rules.assess(book, procedure, {fact: value}, "2016-09-01")
    assert refused.value.fact == fact
    for locale in rules.LOCALES:
        sentence = rules.error_sentence(book, refused.value, locale)
        assert sentence.startswith(f"{fact}: ")
        assert len(sentence) < 400


@pytest.mark.parametrize("name", ["points", "filed_on", "", "x" * 500, 7, None])
def test_unknown_facts(book: rules.Rulebook, name: Any) -> None:
    with pytest.raises(rules.FactError) as refused:
        rules.assess(book, PAY, {name: 1}, "2016-09-01")
    assert str(name)[:40].strip("'") in refused.value.fact
    assert len(refused.value.fact) < 70


@pytest.mark.parametrize("facts", [None, [], "x", 3])
def test_facts_must_be_an_object(book: rules.Rulebook, facts: Any) -> None:
    with pytest.raises(rules.FactError) as refused:
        rules.assess(book, NAZIV, facts, "2026-11-21")
    assert refused.value.fact == "facts"


@pytest.mark.parametrize("on", ["", "yesterday", None, 5, "2026-13-01", "0001-01-01"])
def test_the_day_asked_about(book: rules.Rulebook, on: Any) -> None:
    for ask in (
        lambda: rules.assess(book, NAZIV, {}, on),
        lambda: rules.calendar_for(book, on),
        lambda: rules.points_for(book, [], on),
    ):
        with pytest.raises(rules.FactError) as refused:
            ask()
        assert refused.value.fact == "on"


def test_null_is_not_known(book: rules.Rulebook) -> None:
    assert read_naziv({"niu_points": None}) == NazivFacts()
    assert rules.assess(book, PAY, {"annual_ratings": None}, "2016-09-01").outcome == "unknown"


def test_what_is_accepted() -> None:
    facts = read_naziv(
        {
            "attachments": ["mnenje", "utemeljitev", "mnenje"],
            "opinion_votes_for": 12.0,
            "niu_points": 0,
            "filed_on": date(2026, 1, 1),
            "worker_agrees": False,
        }
    )
    assert facts.attachments == ("mnenje", "utemeljitev")
    assert facts.opinion_votes_for == 12
    assert isinstance(facts.opinion_votes_for, int)
    assert facts.niu_points == 0
    assert len(read_naziv({"attachments": ["mnenje"] * 60}).attachments or ()) == 1
    assert facts.worker_agrees is False
    assert read_day("on", "2024-02-29") == date(2024, 2, 29)
    assert read_day("on", "1950-01-01").year == 1950
    assert read_day("on", "2100-12-31").year == 2100
    assert read_number("n", 80, 0, 80) == 80
    assert read_whole("n", 0, 0, 5) == 0


def test_a_refused_value_is_shown_short() -> None:
    assert shown("a") == "'a'"
    assert shown(10**18) == "1" + "0" * 18
    assert shown(10**4000) == "…"
    assert shown("x" * 58) == "'" + "x" * 58 + "'"
    assert shown("x" * 59) == "'" + "x" * 59 + "…"
    assert len(shown("x" * 1000)) == 61


def test_the_catalogue_and_the_records_agree() -> None:
    naziv, pay = FACTS[rules.Procedure.NAZIV], FACTS[rules.Procedure.PLACNI_RAZRED_UM]
    assert list(naziv) == list(NazivFacts.__dataclass_fields__)
    assert list(pay) == list(PayGradeFacts.__dataclass_fields__)
    for spec in (*naziv.values(), *pay.values()):
        needs_choices = spec.kind in (rules.Kind.CHOICE, rules.Kind.CHOICES, rules.Kind.SEQUENCE)
        assert bool(list(spec.choices)) == needs_choices
        assert (spec.highest > 0) == (spec.kind.value in ("number", "whole", "numbers", "optional_numbers"))
