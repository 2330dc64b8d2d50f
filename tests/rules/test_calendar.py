"""Filing months, the windows, and the days of effect and pay."""

from datetime import date, timedelta

import pytest

import rules

NEW, OLD = [2, 4, 6, 9, 11], [2, 6, 11]


@pytest.mark.parametrize(
    "on, months, window, following, naziv_on, pay_on",
    [
        (
            "2026-11-21",
            NEW,
            ("2026-11-01", "2026-11-30"),
            ("2027-02-01", "2027-02-28"),
            "2026-12-01",
            "2026-12-01",
        ),
        ("2026-12-01", NEW, None, ("2027-02-01", "2027-02-28"), "2027-03-01", "2027-12-01"),
        ("2027-01-31", NEW, None, ("2027-02-01", "2027-02-28"), "2027-03-01", "2027-12-01"),
        (
            "2028-02-29",
            NEW,
            ("2028-02-01", "2028-02-29"),
            ("2028-04-01", "2028-04-30"),
            "2028-03-01",
            "2028-12-01",
        ),
        ("2026-03-01", NEW, None, ("2026-04-01", "2026-04-30"), "2026-05-01", "2026-12-01"),
        (
            "2026-06-30",
            NEW,
            ("2026-06-01", "2026-06-30"),
            ("2026-09-01", "2026-09-30"),
            "2026-07-01",
            "2026-12-01",
        ),
        ("2026-10-01", NEW, None, ("2026-11-01", "2026-11-30"), "2026-12-01", "2026-12-01"),
        (
            "2023-09-01",
            NEW,
            ("2023-09-01", "2023-09-30"),
            ("2023-11-01", "2023-11-30"),
            "2023-10-01",
            "2023-12-01",
        ),
        ("2023-08-31", OLD, None, ("2023-09-01", "2023-09-30"), "2023-12-01", None),
        ("2023-06-30", OLD, ("2023-06-01", "2023-06-30"), ("2023-09-01", "2023-09-30"), "2023-07-01", None),
        ("2016-04-01", OLD, None, ("2016-06-01", "2016-06-30"), "2016-07-01", None),
    ],
)
def test_a_day(
    book: rules.Rulebook,
    on: str,
    months: list[int],
    window: tuple[str, str] | None,
    following: tuple[str, str],
    naziv_on: str,
    pay_on: str | None,
) -> None:
    described = rules.describe_calendar(book, rules.calendar_for(book, on))
    assert described["on"] == on
    assert described["self_filing_months"] == months
    assert described["self_filing_open"] is (window is not None)
    assert described["window"] == (window and dict(zip(("opens_on", "closes_on"), window, strict=True)))
    assert tuple(described["next_window"].values()) == following
    assert described["if_filed_today"]["naziv_on"] == naziv_on
    assert described["if_filed_today"]["pay_on"] == pay_on
    assert len(described["if_filed_today"]["provisions"]) == (2 if pay_on else 1)
    assert described["digest"] == book.digest
    assert described["provisional"] is True


def test_every_day_has_a_day_of_effect_after_it(book: rules.Rulebook) -> None:
    day = date(2023, 9, 1)
    while day < date(2031, 1, 1):
        effect = rules.calendar_for(book, day).if_filed_today
        assert timedelta(0) < effect.naziv_on - day <= timedelta(days=92)
        assert effect.naziv_on.day == 1
        assert effect.naziv_on.month in (3, 5, 7, 10, 12)
        assert effect.pay_on == date(effect.naziv_on.year, 12, 1)
        day += timedelta(days=1)


def test_refused_days(book: rules.Rulebook) -> None:
    with pytest.raises(rules.NotCovered) as refused:
        rules.calendar_for(book, "2010-12-31")
    assert refused.value.fact == "on"


FOUR = ["utemeljitev", "mnenje", "dsd_dokazila", "niu_dokazila"]


@pytest.mark.parametrize(
    "naziv, route, proposer, codes",
    [
        ("mentor", "ordinary", "ravnatelj", FOUR[:2]),
        ("svetovalec", "ordinary", "ravnatelj", FOUR[:2]),
        ("svetovalec", "exceptional", "ravnatelj", FOUR[:3]),
        ("svetnik", "ordinary", "ravnatelj", FOUR),
        ("svetnik", "exceptional", "ravnatelj", FOUR[:3]),
        ("visji_svetnik", "ordinary", "ravnatelj", FOUR),
        ("visji_svetnik", "exceptional", "ravnatelj", FOUR),
        ("visji_svetnik", "special_conditions", "ravnatelj", FOUR[:2]),
        ("mentor", "ordinary", "strokovni_delavec", FOUR),
        ("svetnik", "exceptional", "strokovni_delavec", FOUR),
        ("visji_svetnik", "special_conditions", "strokovni_delavec", FOUR),
        ("mentor", "ordinary", "svet_zavoda", FOUR[:2]),
        ("svetnik", "exceptional", "svet_zavoda", FOUR[:3]),
        ("svetnik", "ordinary", "svet_zavoda", FOUR),
        ("visji_svetnik", "exceptional", "svet_zavoda", FOUR),
        ("visji_svetnik", "special_conditions", "svet_zavoda", FOUR[:2]),
    ],
)
def test_attachments(book: rules.Rulebook, naziv: str, route: str, proposer: str, codes: list[str]) -> None:
    items = rules.attachments_for(book, naziv, route, proposer, "2026-11-21")
    assert sorted(item.code for item in items) == sorted(codes)
    assert items == rules.attachments_for(book, naziv, route, proposer)
    described = rules.describe_attachments(book, items)
    assert all(item["name"] and item["provision"] for item in described)
    by_code = {item["code"]: item for item in described}
    of_head = proposer == "svet_zavoda"
    assert ("svet zavoda" in by_code["utemeljitev"]["name"]) is of_head
    assert ("javnega zavoda" in by_code["mnenje"]["name"]) is of_head
    proofs = {"dsd_dokazila", "niu_dokazila"}
    assert all(item["established"] is not (of_head and item["code"] in proofs) for item in described)


@pytest.mark.parametrize(
    "naziv, route, proposer, on, fact",
    [
        ("doktor", "ordinary", "ravnatelj", "2026-11-21", "naziv"),
        ("mentor", "hitro", "ravnatelj", "2026-11-21", "route"),
        ("mentor", "ordinary", "soseda", "2026-11-21", "proposer"),
        ("mentor", "exceptional", "ravnatelj", "2026-11-21", "route"),
        ("none", "ordinary", "ravnatelj", "2026-11-21", "target_naziv"),
        ("visji_svetnik", "ordinary", "ravnatelj", "2020-11-21", "target_naziv"),
        ("mentor", "ordinary", "ravnatelj", "2020-11-21", "proposer"),
        ("mentor", "ordinary", "ravnatelj", "2005-11-21", "on"),
    ],
)
def test_attachments_refused(
    book: rules.Rulebook, naziv: str, route: str, proposer: str, on: str, fact: str
) -> None:
    with pytest.raises(rules.RulesError) as refused:
        rules.attachments_for(book, naziv, route, proposer, on)
    assert refused.value.fact == fact
    assert rules.error_sentence(book, refused.value)


def test_attachments_of_2002_by_the_worker(book: rules.Rulebook) -> None:
    items = rules.attachments_for(book, "mentor", "ordinary", "strokovni_delavec", "2020-11-21")
    assert [item.code for item in items] == ["utemeljitev", "mnenje", "niu_dokazila"]
