"""Which year a question asks about, and which only dates something in what is told."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.when import asked_period, without_period

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Kako je bilo leta 2021 s samostojno vložitvijo predloga?", 2021),
        ("koliko točk je prinesel članek v letu 2022", 2022),
        ("Ali sem leta 2019 lahko vložila predlog sama?", 2019),
        ("A sm leta 2019 lahko oddala sama", 2019),
        ("Leta 2018 sem vložila predlog, kako je bilo takrat leta 2018 z mnenjem?", 2018),
        ("What were the months for filing in 2020?", 2020),
        ("Could I file alone in 2020?", 2020),
        ("Kaj pravi pravilnik iz leta 2008 o napredovanju za dva razreda?", 2008),
        ("in leta 2019?", 2019),
        ("Leta 2019 sem oddala predlog, kakšni so bili takrat meseci?", 2019),
    ],
)
def test_a_year_that_is_asked_about(text: str, year: int) -> None:
    asked = asked_period(text, TODAY)
    assert asked is not None
    assert asked.year == year
    assert str(year) in text


@pytest.mark.parametrize(
    "text",
    [
        "Leta 2022 sem bila v programskem odboru, se šteje?",
        "Vodila sem aktiv leta 2019 in 2021, koliko točk je to?",
        "vodila sem aktiv 2017, 2019 in 2022, kako se to točkuje?",
        "seminar iz leta 2019 ni bil v katisu, a ga lahko uveljavljam",
        "Imam potrdilo iz leta 2015. Ali še velja?",
        "svetovalka sem od leta 2016, kdaj lahko v svetnico",
        "Naziv sem dobila leta 2018. Kdaj lahko grem naprej?",
        "I led a working group in 2019, does it count?",
        "pred letom 2018 sem učila v vrtcu, ali se to šteje",
        "zadnje napredovanje sem imela leta 2014 kaj naj zdej naredim",
        "Koliko mesecev imam časa?",
    ],
)
def test_a_year_that_only_dates_what_is_told(text: str) -> None:
    assert asked_period(text, TODAY) is None
    assert without_period(text) == text


def test_a_year_that_is_asked_about_is_left_out_of_the_search() -> None:
    assert without_period("Kako je bilo leta 2021 z roki?").split() == ["Kako", "je", "bilo", "z", "roki?"]


@pytest.mark.parametrize(
    ("text", "last"),
    [("kako je bilo pred 1. 9. 2023", date(2023, 8, 31)), ("before 2020", date(2019, 12, 31))],
)
def test_the_time_before_a_day(text: str, last: date) -> None:
    asked = asked_period(text, TODAY)
    assert asked is not None
    assert asked.last == last
