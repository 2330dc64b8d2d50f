"""When advisers are there: opening hours on a clock in Slovenia, over summer time and public holidays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dialogue.helpdesk.hours import ZONE, answered_by, is_open, next_opening, read_hours

HOURS = read_hours("Mon-Thu 08:00-15:00, Fri 08:00-13:00")


def at(text: str) -> datetime:
    """A moment on a clock in Slovenia."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    "moment, there",
    [
        ("2026-11-23 08:00", True),
        ("2026-11-23 07:59", False),
        ("2026-11-23 14:59", True),
        ("2026-11-23 15:00", False),
        ("2026-11-27 12:59", True),
        ("2026-11-27 13:00", False),
        ("2026-11-28 10:00", False),
        ("2026-02-08 10:00", False),  # a Sunday and a holiday
        ("2027-02-08 10:00", False),  # Prešernov dan, a Monday
        ("2026-04-06 10:00", False),  # Easter Monday
        ("2026-04-27 10:00", False),
        ("2026-07-01 08:00", True),  # summer time: six o'clock in UTC
        ("2026-12-24 10:00", True),
    ],
)
def test_open(moment: str, there: bool) -> None:
    assert is_open(HOURS, at(moment)) is there


@pytest.mark.parametrize(
    "moment, within, by",
    [
        ("2026-11-23 08:00", 7, "2026-11-23 15:00"),
        ("2026-11-23 10:00", 7, "2026-11-24 10:00"),
        ("2026-11-26 14:00", 7, "2026-11-30 09:00"),  # over a short Friday and a weekend
        ("2026-11-21 23:00", 2, "2026-11-23 10:00"),
        ("2026-12-24 14:00", 2, "2026-12-28 09:00"),  # Christmas and the day after
        ("2026-03-27 12:00", 2, "2026-03-30 09:00"),  # summer time begins in between
    ],
)
def test_answered_by(moment: str, within: float, by: str) -> None:
    assert answered_by(HOURS, at(moment), within) == at(by)


def test_next_opening() -> None:
    assert next_opening(HOURS, at("2026-11-27 13:00")) == at("2026-11-30 08:00")
    assert next_opening(HOURS, at("2026-11-30 08:00")) == at("2026-12-01 08:00")


def test_without_hours_nothing_is_said() -> None:
    assert read_hours("") == ()
    assert not is_open((), at("2026-11-23 10:00"))
    assert next_opening((), at("2026-11-23 10:00")) is None
    assert answered_by((), at("2026-11-23 10:00"), 2) is None


@pytest.mark.parametrize(
    "text",
    [
        "8-15",
        "Mon 8:00-15:00",
        "Pon 08:00-15:00",
        "Fri-Mon 08:00-15:00",
        "Mon 15:00-08:00",
        "Mon 25:00-26:00",
        "Mon-Xxx 08:00-09:00",
    ],
)
def test_wrong_hours(text: str) -> None:
    with pytest.raises(ValueError):
        read_hours(text)
