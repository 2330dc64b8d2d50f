"""What the advisers' channel gets by itself: once a month, once a week, from however many processes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.dialogue.post import Place
from bot.jobs.duties import DutyJob, Sources
from bot.reports.due import SHOWN, due_view
from bot.reports.rows import Rows
from bot.storage.sql import SqlStorage
from bot.storage.tables import outbox
from bot.texts import LOCALES, texts
from cards import render
from knowledge.loader import DATA, Base, load
from tests.support.adaptive import check_card
from tests.support.month import month

BASE = load(DATA)
PLACE = Place(
    "desk", "msteams", "https://smba.trafficmanager.net/emea/", "19:desk@thread.tacv2", scope="channel"
)
FIRST = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""A Monday at ten in Slovenia."""


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStorage]:
    made = SqlStorage(f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3")
    await made.open()
    yield made
    await made.close()


class Rig:
    """A job with a clock to be set and a memory of what it asked for."""

    def __init__(self, store: SqlStorage, place: Place | None = PLACE, base: Base | None = BASE) -> None:
        self.store, self.place, self.base, self.now = store, place, base, FIRST
        self.asked: list[tuple[date, date]] = []

    def job(self, **changes: Any) -> DutyJob:
        sources = Sources(self._channel, self._rows, lambda: self.base)
        return DutyJob(sources, self.store, lambda: self.now, **changes)

    async def _channel(self) -> Place | None:
        return self.place

    async def _rows(self, first: date, last: date) -> Rows:
        self.asked.append((first, last))
        return month(BASE)

    async def keys(self) -> list[str]:
        async with self.store.database.statement() as connection:
            return [row.key for row in await connection.execute(select(outbox.c.key).order_by(outbox.c.id))]


def overdue() -> date:
    return max(entry.review_by for entry in BASE.entries.values())


async def test_once_a_month_from_however_many_processes(store: SqlStorage) -> None:
    rig = Rig(store)
    rig.now = datetime(overdue().year + 1, 3, 2, 9, 0, tzinfo=UTC)
    key = f"due-{rig.now:%Y-%m}"
    one, other = rig.job(), rig.job()
    for job in (one, other, one, other):
        await job.round()
    assert await rig.keys() == [key]
    rig.now = rig.now.replace(month=4)
    await one.round()
    assert await rig.keys() == [key, f"due-{rig.now:%Y-%m}"]
    async with store.database.statement() as connection:
        content = json.loads((await connection.execute(select(outbox.c.content))).scalars().first() or "")
    assert texts("sl")("due.title") in content["text"]


async def test_nothing_due_is_no_message(store: SqlStorage) -> None:
    rig = Rig(store)
    rig.now = datetime(2000, 3, 1, 9, 0, tzinfo=UTC)
    assert await rig.job().round() == 0
    assert await rig.keys() == []


@pytest.mark.parametrize(
    ("day", "hour", "kept", "sent"),
    [(1, 9, 30, 1), (7, 9, 30, 1), (8, 9, 30, 0), (1, 4, 30, 0), (1, 9, 1, 1), (2, 9, 1, 0)],
    ids=["first", "seventh", "too late", "too early", "kept a day", "forgotten by then"],
)
async def test_only_while_it_can_not_be_sent_twice(
    store: SqlStorage, day: int, hour: int, kept: int, sent: int
) -> None:
    rig = Rig(store)
    rig.now = datetime(overdue().year + 1, 3, day, hour, 0, tzinfo=UTC)
    assert await rig.job(kept=kept).round() == sent


async def test_the_week_before_on_mondays_if_wanted(store: SqlStorage) -> None:
    rig = Rig(store)
    rig.now = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    assert await rig.job().round() == 0
    assert await rig.job(weekly=True).round() == 1
    assert rig.asked == [(date(2026, 11, 2), date(2026, 11, 8))]
    assert await rig.keys() == ["week-2026-46"]
    rig.now = datetime(2026, 11, 14, 9, 0, tzinfo=UTC)
    assert await rig.job(weekly=True).round() == 0


@pytest.mark.parametrize("missing", ["place", "base"])
async def test_without_a_channel_or_knowledge_it_waits(store: SqlStorage, missing: str) -> None:
    rig = Rig(store)
    rig.now = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    job = rig.job(weekly=True)
    kept = getattr(rig, missing)
    setattr(rig, missing, None)
    assert await job.round() == 0
    setattr(rig, missing, kept)
    assert await job.round() == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_the_list_fits_on_a_card(locale: str) -> None:
    view = due_view(BASE, overdue(), texts(locale))
    assert view
    assert view.text.count("\n- ") == min(len(BASE.entries), SHOWN + 1)
    check_card(render(view))
    assert due_view(BASE, date(2000, 1, 1), texts(locale)) is None
