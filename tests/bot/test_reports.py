"""The figures of a period: what counts as what, what is said of it, and that nobody can be found in it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.reports import card, page, plots, sheet, words
from bot.reports.figures import Figures, Tally, figures, percentile
from bot.reports.grouping import grouped
from bot.reports.naming import titles_of, topics_of
from bot.reports.rows import Asked, Missing, Rated, Rows, Took, Turned
from bot.reports.saving import HIGH_SHARE, LOW_SHARE, saving
from bot.storage.ports import Commit, Event, Feedback, GapFound
from bot.storage.sql import SqlStorage
from bot.texts import LOCALES, texts
from cards import as_text, render
from knowledge.loader import DATA, load
from tests.support.adaptive import check_card
from tests.support.month import Kept, counted, event, month

DAY = date(2026, 10, 1)
BASE = load(DATA)
TOPICS = {"a": "priloge", "b": "priloge", "c": "pogoji"}
NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LAST = date(2026, 10, 31)


def turn(status: str, entry: str = "", intent: str = "question", hour: int = 9, **changes: str) -> Event:
    return event(DAY, hour, intent, status, entry, **changes)


def rating(entry: str, liked: str) -> Feedback:
    return Feedback(DAY, entry, "v", liked)


def of(*turns: Event, ratings: tuple[Feedback, ...] = ()) -> Figures:
    return figures(counted(DAY, LAST, Kept(turns, ratings)), TOPICS)


@pytest.fixture(scope="module")
def found() -> Figures:
    return figures(month(BASE), topics_of(BASE))


# ---- what counts as what


def test_every_question_ends_in_one_way() -> None:
    got = of(
        turn("answer", "a"), turn("clarify", "a"), turn("no_answer", "b"), turn("no_answer"), turn("notice")
    )
    assert (got.questions, got.answered, got.clarified, got.unknown, got.declined) == (4, 1, 1, 1, 1)
    assert sum(number for _, number in words.outcomes(got, texts("sl"))) == got.questions


def test_an_answer_that_was_chosen_is_no_question_and_settles_once() -> None:
    typed = of(turn("clarify", "a"), turn("answer", "b", after="clarify"))
    pressed = of(turn("clarify", "a"), turn("answer", "b", intent="action", after="clarify"))
    assert (typed.questions, typed.clarified_answered, typed.clarified_chosen, typed.settled) == (2, 1, 0, 1)
    assert (pressed.questions, pressed.clarified_answered, pressed.clarified_chosen, pressed.settled) == (
        1,
        1,
        1,
        1,
    )


def test_asked_again_is_after_an_answer_or_a_refusal() -> None:
    again = [turn("answer", "a", after=after) for after in ("", "answer", "no_answer", "clarify")]
    assert of(*again, turn("answer", "a", intent="action", after="answer")).again == 2


def test_a_person_is_wanted_and_a_question_is_sent() -> None:
    got = of(turn("notice", intent="person"), turn("notice", intent="ticket", step="ticket"))
    assert (got.person, got.tickets, got.questions) == (1, 1, 0)


def test_by_topic_scope_day_and_hour() -> None:
    got = of(turn("answer", "a"), turn("clarify", "b", scope="channel"), turn("no_answer", hour=23))
    assert got.by_topic == (Tally("priloge", 2, 1), Tally("", 1, 0))
    assert {one.name: one.questions for one in got.by_scope} == {"personal": 2, "channel": 1}
    assert len(got.by_day) == 31
    assert got.by_day[0] == Tally("2026-10-01", 3, 1)
    assert [one.questions for one in got.by_hour if one.questions] == [2, 1]


def test_entries_by_use_by_ratings_and_never() -> None:
    ratings = (rating("a", "dislike"), rating("", "dislike"), rating("b", "like"))
    got = of(turn("answer", "a"), turn("answer", "a"), turn("clarify", "b"), ratings=ratings)
    assert [(one.entry, one.shown, one.likes, one.dislikes) for one in got.entries] == [
        ("a", 2, 0, 1),
        ("b", 0, 1, 0),
    ]
    assert got.never_used == ("b", "c")
    assert (got.likes, got.dislikes) == (1, 2)


def test_checks_by_procedure_and_result() -> None:
    common = {"intent": "check", "procedure": "naziv"}
    got = of(
        turn("check", step="began", **common), turn("check", **common),
        turn("check", outcome="met", **common), turn("check", outcome="unknown", **common),
    )  # fmt: skip
    (checks,) = got.checks
    assert (checks.procedure, checks.began, checks.met, checks.not_met, checks.unknown) == (
        "naziv",
        1,
        1,
        0,
        1,
    )


@pytest.mark.parametrize(
    ("times", "median", "p95"),
    [((), 0, 0), ((7,), 7, 7), ((1, 2, 3, 4), 2, 4), (tuple(range(1, 101)), 50, 95)],
)
def test_times(times: tuple[int, ...], median: int, p95: int) -> None:
    took = [Took(time) for time in times]
    assert (percentile(took, 0.5), percentile(took, 0.95)) == (median, p95)
    doubled = [Took(time, 2) for time in reversed(times)]
    assert (percentile(doubled, 0.5), percentile(doubled, 0.95)) == (median, p95)


def test_an_empty_month_has_no_figures_and_no_failure() -> None:
    nothing = of()
    titles = titles_of(BASE, texts("sl"))
    assert nothing.questions == nothing.median == 0
    assert texts("sl")("report.none") in page.html(nothing, titles, texts("sl"))
    check_card(render(card.view(nothing, titles, texts("sl"))))


# ---- gaps


def test_questions_alike_are_one_group_in_any_order() -> None:
    asked = [
        Missing("declined", text)
        for text in (
            "Koliko dni dopusta imam?",
            "koliko dni dopusta imam",
            "Koliko dopusta imam",
            "Kdaj bo regres?",
        )
    ]
    groups = grouped(asked)
    assert [(group.number, group.declined) for group in groups] == [(3, 3), (1, 1)]
    assert grouped(reversed(asked)) == groups


def test_a_group_names_the_entry_that_was_offered_most() -> None:
    offered = [Missing("clarified", "priloge", entry) for entry in ("b", "a", "a", "")]
    (group,) = grouped(offered)
    assert (group.number, group.declined, group.entry) == (4, 0, "a")


def test_words_that_were_asked_often_count_so_often() -> None:
    often, once = Missing("clarified", "priloge", "b", 3), Missing("declined", "priloge", "a")
    (group,) = grouped([once, often])
    assert (group.number, group.declined, group.entry) == (4, 1, "b")


# ---- the saving


def test_the_saving_is_a_range_within_the_calls_that_there_were() -> None:
    got = of(*[turn("answer", "a")] * 100, *[turn("answer", "a", after="answer")] * 20)
    estimate = saving(got, 1000)
    assert (estimate.settled_low, estimate.settled_high) == (100, 120)
    assert 0 < estimate.low < estimate.high
    assert estimate.low == round(100 * LOW_SHARE * 365.25 / 12 / 31)
    assert estimate.high == round(120 * HIGH_SHARE * 365.25 / 12 / 31)
    assert saving(got, 10).high == 10


@pytest.mark.parametrize("calls", [0, -1])
def test_no_saving_of_no_calls(calls: int) -> None:
    with pytest.raises(ValueError):
        saving(of(), calls)


def test_the_assumed_shares_are_those_in_words() -> None:
    assert (LOW_SHARE, HIGH_SHARE) == (1 / 5, 3 / 5)


# ---- page, card, file


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_stands_alone_and_says_everything(found: Figures, locale: str) -> None:
    said = texts(locale)
    html = page.html(found, titles_of(BASE, said), said, saving(found, 900))
    assert html.count("<svg") == 5
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", html)
    assert "<script" not in html
    for label, value in words.lines(found, said):
        assert label in html
        assert value in html
    assert said("report.how") in html


def test_the_page_escapes_what_people_typed() -> None:
    rows = Rows(DAY, LAST, missing=(Missing("declined", "<script>alert(1)</script>"),))
    html = page.html(figures(rows, TOPICS), titles_of(BASE, texts("sl")), texts("sl"))
    assert "<script" not in html


def test_drawings_are_grey_and_the_same_for_the_same_figures(found: Figures) -> None:
    drawn = plots.rows(found.by_scope, ("a", "b"))
    assert drawn == plots.rows(found.by_scope, ("a", "b"))
    assert "hatch" in drawn or "pattern" in drawn
    colours = set(re.findall(r"#[0-9a-f]{6}\b", drawn))
    assert colours
    assert all(colour[1:3] == colour[3:5] == colour[5:7] for colour in colours)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_card_draws_in_teams_and_is_a_table_elsewhere(found: Figures, locale: str) -> None:
    view = card.view(found, titles_of(BASE, texts(locale)), texts(locale))
    shown = render(view)
    charts = [part for part in shown["body"] if part["type"].startswith("Chart.")]
    assert {chart["type"] for chart in charts} == {"Chart.HorizontalBar", "Chart.VerticalBar"}
    elsewhere = {**shown, "body": [part.get("fallback", part) for part in shown["body"]]}
    check_card(elsewhere)
    text = as_text(view)
    for chart in charts:
        assert chart["title"] in text
        for point in chart["data"]:
            assert f"{point['x']}: {point['y']}" in text
            assert str(point["x"]) in str(chart["fallback"]).replace("\\", "")


def test_the_file_can_be_calculated_with(found: Figures) -> None:
    rows = list(csv.DictReader(io.StringIO(sheet.report_csv(found, saving(found, 900)))))
    numbers = {(row["figure"], row["name"]): row["value"] for row in rows}
    assert int(numbers["total", "questions"]) == found.questions
    by_day = sum(int(row["value"]) for row in rows if row["figure"] == "questions_by_day")
    assert by_day == found.questions


def test_no_formula_in_a_file() -> None:
    groups = grouped([Missing("declined", '=HYPERLINK("x")')])
    assert "\n1,1,,\"'=HYPERLINK" in sheet.gaps_csv(groups)


def test_rows_hold_nobody() -> None:
    names = {field.name for kind in (Turned, Asked, Took, Rated, Missing) for field in fields(kind)}
    assert not names & {"conversation", "user", "person", "key", "tenant", "activity", "moment"}


# ---- from the database to the command


async def fill(path: Path) -> None:
    store = SqlStorage(f"sqlite+aiosqlite:///{path}")
    await store.open()
    again = event(DAY, 9, "question", "no_answer", "", 40, after="answer")
    before = replace(again, day=date(2026, 9, 30))
    gap = GapFound(DAY, "declined", "Koliko dopusta imam?", "", "sl")
    await store.save(Commit("", 0, None, (again, before), NOW, feedback=(rating("a", "like"),), gaps=(gap,)))
    await store.close()


def test_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    asyncio.run(fill(tmp_path / "k.sqlite3"))
    monkeypatch.setenv("KAZIPOT_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3")
    days = ["--from", "2026-10-01", "--to", "2026-10-31"]
    files = ["--html", str(tmp_path / "r.html"), "--csv", str(tmp_path / "r.csv")]
    assert main(["report", *days, *files, "--calls-before", "100"]) == 0
    said = capsys.readouterr().out
    assert "Vprašanja: 1" in said
    assert "od 0 do 0 klicev" in said
    assert "Koliko dopusta imam?" in (tmp_path / "r.html").read_text("utf-8")
    assert "total,declined,1" in (tmp_path / "r.csv").read_text("utf-8")
    assert main(["gaps", *days]) == 0
    assert "Koliko dopusta imam?" in capsys.readouterr().out
    assert main(["gaps", *days, "--csv", str(tmp_path / "g.csv")]) == 0
    assert "Koliko dopusta imam?" in (tmp_path / "g.csv").read_text("utf-8")
    assert main(["report", "--from", "2026-11-01", "--to", "2026-10-01"]) == 2
