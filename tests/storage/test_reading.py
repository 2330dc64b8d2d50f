"""What reports are made of: counted by the database as it would be counted by hand, of one moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.reports.figures import figures
from bot.reports.naming import topics_of
from bot.reports.rows import Missing, Rows
from bot.storage.ports import Commit, Event, GapFound
from bot.storage.reading import read_rows
from bot.storage.sql import SqlStorage
from knowledge.loader import DATA, load
from tests.support.month import FIRST, LAST, Kept, counted, event, kept

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
BASE = load(DATA)
ALL = 1_000
DAY = timedelta(days=1)


async def save(store: SqlStorage, rows: Kept) -> None:
    await store.save(Commit("", 0, None, rows.events, NOW, feedback=rows.feedback, gaps=rows.gaps))


async def read(store: SqlStorage, first: date = FIRST, last: date = LAST, wordings: int = ALL) -> Rows:
    async with store.database.snapshot() as connection:
        return await read_rows(connection, first, last, wordings)


def on(day: date) -> Event:
    return event(day, 9, "question", "answer", "a", 40)


async def test_counted_as_by_hand(store: SqlStorage) -> None:
    rows = kept(BASE)
    await save(store, rows)
    found, by_hand = await read(store), counted(FIRST, LAST, rows)
    for name in ("turns", "asked", "took", "ratings", "missing"):
        assert Counter(getattr(found, name)) == Counter(getattr(by_hand, name)), name
    assert figures(found, topics_of(BASE)) == figures(by_hand, topics_of(BASE))


async def test_few_rows_however_many_turns(store: SqlStorage) -> None:
    await save(store, Kept(tuple(on(FIRST) for _ in range(3_000))))
    found = await read(store)
    assert [one.number for one in (*found.turns, *found.asked, *found.took)] == [3_000] * 3


async def test_the_first_and_the_last_day_belong_to_it(store: SqlStorage) -> None:
    await save(store, Kept(tuple(on(day) for day in (FIRST - DAY, FIRST, LAST, LAST + DAY))))
    assert [one.number for one in (await read(store)).turns] == [2]
    assert await read(store, FIRST + DAY, LAST - DAY) == Rows(FIRST + DAY, LAST - DAY)


async def test_only_typed_questions_that_were_replied_to_are_asked(store: SqlStorage) -> None:
    turns = (on(FIRST), replace(on(FIRST), intent="action"), replace(on(FIRST), status="notice"))
    await save(store, Kept(turns))
    found = await read(store)
    assert (len(found.turns), len(found.asked), len(found.took)) == (3, 1, 1)


async def test_the_most_frequent_wordings_and_no_more_than_wanted(store: SqlStorage) -> None:
    asked = ("regres", "dopust", "regres", "napotitev")
    gaps = tuple(GapFound(FIRST, "declined", words, "", "sl") for words in asked)
    await save(store, Kept(gaps=gaps))
    newest = (Missing("declined", "regres", "", 2), Missing("declined", "napotitev"))
    assert (await read(store, wordings=2)).missing == newest
    assert (await read(store, wordings=0)).missing == ()


async def test_one_moment_however_often_it_reads(store: SqlStorage, url: str) -> None:
    """A turn that is saved meanwhile, by another process, is in all of the figures or in none."""
    other = SqlStorage(url)
    await save(store, Kept((on(FIRST),)))
    async with store.database.snapshot() as connection:
        before = await read_rows(connection, FIRST, LAST)
        await save(other, Kept((on(FIRST),)))
        assert await read_rows(connection, FIRST, LAST) == before
    await other.close()
    assert [one.number for one in (await read(store)).turns] == [2]


async def test_turns_go_on_while_a_report_is_read(store: SqlStorage) -> None:
    async with store.database.snapshot() as connection:
        await read_rows(connection, FIRST, LAST)
        await save(store, Kept((on(FIRST),)))
    assert [one.number for one in (await read(store)).turns] == [1]
