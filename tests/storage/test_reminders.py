"""Reminders in the database: moved on together with their message, by one process, whatever the clock does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bot.clock import PLACE
from bot.dialogue.board import Needs
from bot.dialogue.post import Place
from bot.dialogue.reminders.changes import EndReminder, KeepReminder
from bot.dialogue.reminders.reminder import Reminder
from bot.dialogue.reminders.schedule import begun
from bot.dialogue.reminders.words import tell
from bot.jobs.reminders import ReminderJob
from bot.storage.boards import SqlBoards
from bot.storage.outbox import SqlOutbox
from bot.storage.ports import OutboxMessage
from bot.storage.reminders import SqlReminders
from bot.storage.sql import SqlStorage
from bot.storage.tables import outbox, reminders
from rules import load_rulebook
from tests.storage.test_outbox import NOW, UNTIL, commit

RULES = load_rulebook()
PEOPLE = 120


def place(name: str) -> Place:
    return Place(name, "msteams", "https://smba.trafficmanager.net/emea/", f"a:{name}", "tenant", "28:bot")


def asked(name: str = "ana") -> Reminder:
    made = begun(RULES, NOW, place(name), "sl")
    assert made
    return made


def morning(day: str, hour: int = 8) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), PLACE).astimezone(UTC)


class Worker:
    """One process's job, on a clock that the test sets."""

    def __init__(self, store: SqlStorage, now: datetime) -> None:
        self.now = now
        self.job = ReminderJob(SqlReminders(store.database), self.tell, lambda: self.now)

    def tell(self, reminder: Reminder, now: datetime) -> object:
        return tell(RULES, reminder, now)


async def written(store: SqlStorage) -> list[str]:
    """What stands in the outbox: place, day of opening and kind of each."""
    async with store.database.statement() as connection:
        keys = (await connection.execute(select(outbox.c.key).order_by(outbox.c.id))).scalars().all()
    return [key.removeprefix("reminder:") for key in keys]


async def kept(store: SqlStorage) -> list[str]:
    async with store.database.statement() as connection:
        return list((await connection.execute(select(reminders.c.key))).scalars().all())


async def test_kept_and_looked_up_whole(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()),)))
    board = await SqlBoards(store.database).board(Needs(reminder="ana"), NOW)
    assert board.reminder == asked()
    assert (await SqlBoards(store.database).board(Needs(reminder="bor"), NOW)).reminder is None


async def test_asked_again_is_one(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()),)))
    await store.save(commit(changes=(KeepReminder(replace(asked(), locale="en")),)))
    board = await SqlBoards(store.database).board(Needs(reminder="ana"), NOW)
    assert board.reminder
    assert board.reminder.locale == "en"
    assert await kept(store) == ["ana"]


async def test_stopped_is_gone(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()), KeepReminder(asked("bor")))))
    await store.save(commit(changes=(EndReminder("ana"),)))
    assert await kept(store) == ["bor"]


async def test_the_course_of_one_reminder(store: SqlStorage) -> None:
    """Each message once, on its morning; after the last nothing of the person is left."""
    await store.save(commit(changes=(KeepReminder(asked()),)))
    worker = Worker(store, morning("2026-11-23", 7))
    course = []
    for day, hour in (
        ("2026-11-23", 7),
        ("2026-11-23", 8),
        ("2026-11-24", 8),
        ("2027-01-31", 23),
        ("2027-02-01", 8),
        ("2027-02-20", 12),
        ("2027-02-21", 8),
        ("2027-04-01", 8),
    ):
        worker.now = morning(day, hour)
        if await worker.job.round():
            course.append(day)
    assert course == ["2026-11-23", "2027-02-01", "2027-02-21"]
    assert await written(store) == ["ana:2026-11-01:closes", "ana:2027-02-01:opens", "ana:2027-02-01:closes"]
    assert await kept(store) == []


async def test_three_processes_at_once_write_each_message_once(url: str, store: SqlStorage) -> None:
    people = [f"person-{number}" for number in range(PEOPLE)]
    await store.save(commit(changes=tuple(KeepReminder(asked(name)) for name in people)))
    others = [SqlStorage(url) for _ in range(2)]
    try:
        workers = [Worker(each, morning("2026-11-23")) for each in (store, *others)]
        for when in (morning("2026-11-23"), morning("2027-02-01"), morning("2027-02-21")):
            for worker in workers:
                worker.now = when
            moved = await asyncio.gather(*(worker.job.round() for worker in workers))
            assert sum(moved) == PEOPLE
    finally:
        for each in others:
            await each.close()
    found = await written(store)
    assert len(found) == len(set(found)) == 3 * PEOPLE
    assert await kept(store) == []


async def test_a_clock_that_jumps(store: SqlStorage) -> None:
    """Back: nothing is told again. Ahead: only what is still of use, and the rest goes over to the next month."""
    await store.save(commit(changes=(KeepReminder(asked()),)))
    worker = Worker(store, morning("2026-11-23"))
    assert await worker.job.round() == 1
    worker.now = morning("2026-11-01")
    assert await worker.job.round() == 0
    worker.now = morning("2026-11-23")
    assert await worker.job.round() == 0
    worker.now = morning("2027-04-10")
    assert await worker.job.round() == 1
    worker.now = morning("2027-02-01")
    assert await worker.job.round() == 0
    worker.now = morning("2029-01-01")
    assert await worker.job.round() == 1
    assert await written(store) == ["ana:2026-11-01:closes", "ana:2027-04-01:opens"]
    assert await kept(store) == []


async def test_a_clock_behind_that_of_another_process(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()),)))
    ahead, behind = Worker(store, morning("2026-11-23")), Worker(store, morning("2026-11-23", 7))
    assert await behind.job.round() == 0
    assert await ahead.job.round() == 1
    behind.now = ahead.now
    assert await behind.job.round() == 0
    assert await written(store) == ["ana:2026-11-01:closes"]


async def test_a_failure_half_way_leaves_everything_as_it_was(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()), KeepReminder(asked("bor")))))
    seen = []

    def fails(reminder: Reminder, now: datetime) -> tuple[OutboxMessage | None, Reminder | None]:
        seen.append(reminder)
        if len(seen) == 2:
            raise RuntimeError("half way")
        return OutboxMessage("reminder:x", reminder.place, {}, ""), None

    with pytest.raises(RuntimeError, match="half way"):
        await SqlReminders(store.database).advance(morning("2026-11-23"), fails)
    assert await written(store) == []
    assert sorted(await kept(store)) == ["ana", "bor"]


async def test_agreed_to_again_after_a_message_it_is_not_sent_again(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()),)))
    worker = Worker(store, morning("2026-11-23"))
    await worker.job.round()
    await store.save(commit(changes=(EndReminder("ana"),)))
    await store.save(commit(changes=(KeepReminder(asked()),)))
    await worker.job.round()
    assert (await written(store)).count("ana:2026-11-01:closes") <= 1


async def test_an_unreadable_row_does_not_hold_up_the_others(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()), KeepReminder(asked("bor")))))
    async with store.database.statement() as connection:
        await connection.execute(update(reminders).where(reminders.c.key == "ana").values(address="{"))
    assert await Worker(store, morning("2026-11-23")).job.round() == 2
    assert await written(store) == ["bor:2026-11-01:closes"]
    assert await kept(store) == ["bor"]


async def test_forgetting_takes_reminders_and_what_was_still_to_be_sent(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()), KeepReminder(asked("bor")))))
    await Worker(store, morning("2026-11-23")).job.round()
    await store.forget("ana")
    assert await written(store) == ["bor:2026-11-01:closes"]
    assert await kept(store) == ["bor"]


async def test_a_place_that_is_gone_has_no_reminder(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()),)))
    await SqlReminders(store.database).end("ana")
    assert await kept(store) == []


async def test_the_message_ends_with_the_window(store: SqlStorage) -> None:
    await store.save(commit(changes=(KeepReminder(asked()),)))
    now = morning("2026-11-23")
    await Worker(store, now).job.round()
    leased = await SqlOutbox(store.database).lease(now + timedelta(minutes=1), UNTIL + timedelta(days=9))
    assert leased
    assert leased.message.until == morning("2026-12-01", 0)
