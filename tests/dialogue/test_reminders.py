"""Reminders: when they are due by the rules, what is said, and that nothing is kept without a yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.answering import Answering
from bot.clock import PLACE
from bot.dialogue.board import Board
from bot.dialogue.message import Message, Outcome
from bot.dialogue.needs import needs
from bot.dialogue.post import Place
from bot.dialogue.reminders.changes import EndReminder, KeepReminder
from bot.dialogue.reminders.reminder import CLOSES, OPENS, Reminder
from bot.dialogue.reminders.schedule import begun, planned, step
from bot.dialogue.reminders.words import tell
from bot.dialogue.state import ConversationState
from bot.rendering import rendered
from cards.views import AnswerView, NoticeView, ResultView
from rules import load_rulebook
from tests.support.host import real_answering

HERE = Place("place", "msteams", "https://smba.trafficmanager.net/emea/", "a:1", "tenant", "28:bot")
RULES = load_rulebook()
EMPTY = ConversationState()


def at(day: str, hour: int = 12, minute: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), PLACE).replace(
        hour=hour, minute=minute
    )


def reminder(kind: str, opens: str, until: str = "") -> Reminder:
    made = begun(RULES, at("2026-11-21"), HERE, "sl")
    assert made
    opens_on = date.fromisoformat(opens)
    return replace(made, kind=kind, opens_on=opens_on, until=date.fromisoformat(until) if until else opens_on)


def told(found: tuple[object, Reminder | None]) -> tuple[str, str]:
    """What is told, and what comes then, each as kind and day of opening."""
    event, following = found
    said = f"{event.kind} {event.window.opens_on}" if event else ""  # type: ignore[attr-defined]
    return said, f"{following.kind} {following.opens_on}" if following else ""


# ---- when


@pytest.mark.parametrize(
    "now, kind, due, until",
    [
        (at("2026-11-21"), CLOSES, at("2026-11-23", 8), "2027-02-01"),  # open now: its end, then the next
        (at("2026-11-23", 7, 59), CLOSES, at("2026-11-23", 8), "2027-02-01"),
        (at("2026-11-23", 8), OPENS, at("2027-02-01", 8), "2027-02-01"),
        (at("2026-12-24"), OPENS, at("2027-02-01", 8), "2027-02-01"),
        (at("2027-02-01", 7, 59), OPENS, at("2027-02-01", 8), "2027-02-01"),
        (at("2027-02-01", 8), CLOSES, at("2027-02-21", 8), "2027-04-01"),
        (at("2027-05-31"), OPENS, at("2027-06-01", 8), "2027-06-01"),  # summer time: six o'clock in UTC
        (at("2028-02-10"), CLOSES, at("2028-02-22", 8), "2028-04-01"),  # a leap year
    ],
)
def test_what_comes_next(now: datetime, kind: str, due: datetime, until: str) -> None:
    made = begun(RULES, now, HERE, "sl")
    assert made
    assert (made.kind, made.due_at, made.until) == (kind, due, date.fromisoformat(until))
    assert made.due_at.tzinfo is UTC


def test_eight_in_the_morning_in_winter_and_summer() -> None:
    winter, summer = (begun(RULES, at(day), HERE, "sl") for day in ("2027-01-05", "2027-05-05"))
    assert winter
    assert summer
    assert (winter.due_at.hour, summer.due_at.hour) == (7, 6)


def test_all_mornings_of_a_year_are_in_the_rules_months() -> None:
    """Whenever somebody asks, what is planned opens in a month of the rules and closes in the same."""
    for day in range(0, 365, 3):
        now = at("2026-12-01") + timedelta(days=day)
        made = begun(RULES, now, HERE, "sl")
        assert made
        ahead = planned(RULES, made)
        assert [event.at for event in ahead] == sorted(event.at for event in ahead)
        assert ahead[0].at > now
        assert (ahead[-2].kind, ahead[-1].kind) == (OPENS, CLOSES)
        assert all(event.window.opens_on.month in (2, 4, 6, 9, 11) for event in ahead)
        assert all(event.window.opens_on.day == 1 for event in ahead)


STEPS = [
    # the reminder, the moment, what is told, what comes then
    (reminder(OPENS, "2027-02-01"), at("2027-02-01", 8), "opens 2027-02-01", "closes 2027-02-01"),
    (reminder(OPENS, "2027-02-01"), at("2027-02-13"), "opens 2027-02-01", "closes 2027-02-01"),
    (reminder(OPENS, "2027-02-01"), at("2027-02-21", 8), "closes 2027-02-01", ""),
    (reminder(OPENS, "2027-02-01"), at("2027-02-28", 23, 59), "closes 2027-02-01", ""),
    (reminder(OPENS, "2027-02-01"), at("2027-03-01", 0), "", "opens 2027-04-01"),
    (reminder(OPENS, "2027-02-01"), at("2027-04-05"), "opens 2027-04-01", "closes 2027-04-01"),
    (reminder(OPENS, "2027-02-01"), at("2027-04-29"), "closes 2027-04-01", ""),
    (reminder(OPENS, "2027-02-01"), at("2031-07-15"), "", "opens 2031-09-01"),
    (reminder(CLOSES, "2027-02-01"), at("2027-02-21", 8), "closes 2027-02-01", ""),
    (reminder(CLOSES, "2027-02-01"), at("2027-03-01", 0), "", ""),
    (
        reminder(CLOSES, "2026-11-01", "2027-02-01"),
        at("2026-11-23", 8),
        "closes 2026-11-01",
        "opens 2027-02-01",
    ),
    (reminder(CLOSES, "2026-11-01", "2027-02-01"), at("2026-12-05"), "", "opens 2027-02-01"),
    (reminder(CLOSES, "2026-11-01", "2027-02-01"), at("2027-03-05"), "", "opens 2027-04-01"),
    (reminder(OPENS, "2027-03-01"), at("2027-03-01", 8), "", "opens 2027-04-01"),  # no window by the rules
    (reminder(OPENS, "2027-02-01"), at("2027-01-15"), "", "opens 2027-02-01"),  # a clock that went back
]


@pytest.mark.parametrize(
    "given, now, said, then", STEPS, ids=[f"{g.kind} {g.opens_on} at {n:%Y-%m-%d %H%M}" for g, n, *_ in STEPS]
)
def test_step(given: Reminder, now: datetime, said: str, then: str) -> None:
    """Once, late while the window is open, else not; what was missed altogether goes over to the next month."""
    found = step(RULES, given, now)
    assert told(found) == (said, then)
    assert found[1] is None or found[1].due_at > now


@pytest.mark.parametrize("locale, language", [("sl", "Prosili ste me"), ("en", "You asked me")])
def test_message_says_the_dates_the_source_and_how_to_stop(locale: str, language: str) -> None:
    first, then = tell(RULES, replace(reminder(OPENS, "2027-02-01"), locale=locale), at("2027-02-01", 8))
    assert first
    assert then
    last, ended = tell(RULES, then, at("2027-02-21", 8))
    assert last
    assert ended is None
    for post, link in ((first, ""), (last, "")):
        (part,) = rendered((post.view,))
        assert language in part.text
        assert "92/2023" in part.text
        assert ("28. 2. 2027" if locale == "sl" else "28 February 2027") in part.text
        assert link in part.text
        assert post.until == at("2027-03-01", 0)
    assert isinstance(first.view, NoticeView)
    assert isinstance(last.view, NoticeView)
    assert [button.data["do"] for button in first.view.buttons] == ["check", "remind_stop"]
    assert [button.data["do"] for button in last.view.buttons] == ["check", "remind"]
    assert first.key != last.key
    assert len(first.key) + 60 <= 120  # a real key of a place has 64 characters, this one five


def test_message_links_the_calendar_where_the_address_is_known() -> None:
    post, _ = tell(RULES, reminder(OPENS, "2027-02-01"), at("2027-02-01", 8), "https://bot.example.org")
    assert post
    assert "https://bot.example.org/koledar.ics" in rendered((post.view,))[0].text


# ---- in the conversation


@pytest.fixture(scope="module")
def answering() -> Answering:
    return real_answering()


def say(
    answering: Answering, text: str = "", do: str = "", kept: Reminder | None = None, **about: object
) -> Outcome:
    values: dict[str, object] = {"place": HERE, "scope": "personal", **about}
    message = Message(
        text, "c", kind="action" if do else "message", action={"do": do} if do else None, **values
    )  # type: ignore[arg-type]
    board = Board(at("2026-11-21").astimezone(UTC), reminder=kept)
    return answering.respond(message, EMPTY, date(2026, 11, 21), False, board)


def words_of(outcome: Outcome) -> str:
    return "\n".join(part.text for part in rendered(outcome.views))


ASKING = [
    "Opomni me, ko se odpre rok",
    "opomni me ko se odpre rok za vlozitev predloga",
    "Prosim, opomnite me pred iztekom roka.",
    "spomni me na rok",
    "obvesti me, ko bo spet mogoče vložiti predlog",
    "opomnik",
    "Remind me when the window opens",
    "Please remind me to file the proposal",
    "set a reminder",
]


@pytest.mark.parametrize("text", ASKING)
def test_asked_for_nothing_is_kept_before_a_yes(answering: Answering, text: str) -> None:
    outcome = say(answering, text)
    assert outcome.intent == "remind"
    assert outcome.changes == ()
    assert outcome.posts == ()
    assert outcome.state == EMPTY
    shown = words_of(outcome)
    assert "2027" in shown
    assert "naslov tega pogovora" in shown or "the address of this conversation" in shown
    (view,) = outcome.views
    assert isinstance(view, NoticeView)
    assert [button.data["do"] for button in view.buttons] == ["remind_yes", "remind_no"]


@pytest.mark.parametrize(
    "text", ["remind me what attachments I need", "Kdaj lahko sam vložim predlog?", "kdaj se odpre rok"]
)
def test_a_question_is_no_reminder(answering: Answering, text: str) -> None:
    assert say(answering, text).intent == "question"


@pytest.mark.parametrize(
    "said", [{"do": "remind_yes"}, {"text": "Da, opomni me"}, {"text": "yes, remind me"}]
)
def test_a_yes_keeps_it(answering: Answering, said: dict[str, str]) -> None:
    outcome = say(answering, **said)  # type: ignore[arg-type]
    (change,) = outcome.changes
    assert isinstance(change, KeepReminder)
    assert change.reminder.place == HERE
    assert change.reminder.due_at == at("2026-11-23", 8)
    assert "1. 2. 2027" in words_of(outcome) or "1 February 2027" in words_of(outcome)
    assert change.reminder.locale == ("en" if said.get("text") == "yes, remind me" else "sl")


def test_a_no_keeps_nothing(answering: Answering) -> None:
    assert say(answering, do="remind_no").changes == ()


def test_list_and_stop(answering: Answering) -> None:
    kept = reminder(CLOSES, "2026-11-01", "2027-02-01")
    listed = say(answering, "moji opomniki", kept=kept)
    assert all(day in words_of(listed) for day in ("23. 11. 2026", "1. 2. 2027", "21. 2. 2027"))
    assert say(answering, "Opomni me, ko se odpre rok", kept=kept).views == listed.views
    assert say(answering, "ustavi opomnike", kept=kept).changes == (EndReminder("place"),)
    assert say(answering, do="remind_stop", kept=kept).changes == (EndReminder("place"),)


@pytest.mark.parametrize("text", ["moji opomniki", "ustavi opomnike", "my reminders", "stop reminders"])
def test_without_any(answering: Answering, text: str) -> None:
    outcome = say(answering, text)
    assert outcome.changes == ()
    assert "nimate" in words_of(outcome) or "no reminders" in words_of(outcome)


@pytest.mark.parametrize("scope", ["channel", "groupChat"])
@pytest.mark.parametrize("do", ["remind", "remind_yes", "reminders", "remind_stop"])
def test_elsewhere_an_invitation_to_the_private_chat(answering: Answering, scope: str, do: str) -> None:
    outcome = say(answering, do=do, scope=scope, kept=reminder(OPENS, "2027-02-01"))
    assert outcome.changes == ()
    assert "ena na ena" in words_of(outcome)
    assert "2027" not in words_of(outcome)


def test_where_nobody_can_be_written_to(answering: Answering) -> None:
    assert say(answering, do="remind_yes", place=None).changes == ()


def test_looked_up_only_when_it_is_about_reminders() -> None:
    asked = Message("moji opomniki", "c", place=HERE)
    assert needs(asked, EMPTY).reminder == "place"
    assert not needs(replace(asked, scope="channel"), EMPTY)
    assert not needs(replace(asked, place=None), EMPTY)
    assert not needs(Message("priloge za svetnika", "c", place=HERE), EMPTY)


@pytest.mark.parametrize("scope, offered", [("personal", True), ("channel", False)])
def test_answers_about_the_months_offer_it(answering: Answering, scope: str, offered: bool) -> None:
    (view,) = say(answering, "Kdaj lahko sam vložim predlog?", scope=scope).views
    assert isinstance(view, AnswerView)
    assert ({"do": "remind"} in [button.data for button in view.actions]) is offered
    assert view.links == ()


def test_answers_about_anything_else_do_not(answering: Answering) -> None:
    (view,) = say(answering, "priloge za svetnika").views
    assert isinstance(view, AnswerView)
    assert {"do": "remind"} not in [button.data for button in view.actions]


CASE = (
    "Preveri, ali izpolnjujem pogoje za mentorja. Sem učitelj na šoli, predlog vlagam sam, imam 4 leta delovne dobe, "
    "brez naziva."
)


@pytest.mark.parametrize("day, offered", [(date(2026, 12, 5), True), (date(2026, 11, 21), False)])
def test_a_result_that_waits_for_the_window_offers_it(answering: Answering, day: date, offered: bool) -> None:
    first = answering.respond(Message(CASE, "c", place=HERE), EMPTY, day, False, Board(at("2026-12-05")))
    press = Message("", "c", kind="action", action={"do": "check_result"}, place=HERE)
    outcome = answering.respond(press, first.state, day, False, Board(at("2026-12-05")))
    views = [view for view in outcome.views if isinstance(view, ResultView)]
    assert views, outcome.views
    assert bool(views[0].offers) is offered
