"""Several processes of the bot on one PostgreSQL: whichever gets a message, it is answered once and nothing is lost."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest_asyncio

from bot.clock import system_clock
from bot.dialogue.post import Place
from bot.dialogue.reminders.changes import KeepReminder
from bot.dialogue.reminders.reminder import OPENS, Reminder
from bot.storage.ports import Commit, OutboxMessage
from bot.storage.sql import SqlStorage
from tests.support.channel import TENANT, FakeChannel
from tests.support.login import FakeLogin
from tests.support.processes import ROOT, Replica, environment, replica

BOTS = 3
PEOPLE = 6
LATER = """
revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None
def upgrade():
    import sqlalchemy as sa
    from alembic import op
    for table in ("conversations", "activities", "events", "outbox"):
        op.add_column(table, sa.Column("later", sa.String(20), nullable=False, server_default=""))
    op.create_index("ix_events_later", "events", ["later"])
def downgrade(): ...
"""


@dataclass
class Fleet:
    """Processes on one database, between one channel and one login server."""

    stack: AsyncExitStack
    folder: Path
    channel: FakeChannel
    settings: dict[str, str]
    session: aiohttp.ClientSession

    async def start(self, number: int = BOTS, code: Path = ROOT) -> list[Replica]:
        """More of them, at the same moment."""
        made = (replica(self.folder, self.settings, code=code) for _ in range(number))
        return list(await asyncio.gather(*(self.stack.enter_async_context(each) for each in made)))

    async def post(self, bot: Replica, activity: Any) -> int:
        return await bot.post(self.session, self.channel, activity)

    async def delivered(self, bots: list[Replica], activity: Any) -> None:
        """Delivered to one of them, and again until one says that it has it, as a channel does."""
        bots = random.Random(activity["id"]).sample(bots, len(bots))
        while await self.post(bots[0], activity) != 202:
            bots.append(bots.pop(0))

    def question(self, text: str, person: int | str) -> dict[str, Any]:
        return self.channel.activity(text, conversation={"id": f"c{person}", "tenantId": TENANT})

    async def sent(self, number: int) -> list[dict[str, Any]]:
        """All messages that the connector took, once there are so many different ones."""
        async with asyncio.timeout(30):
            while len({said(message) for message in self.channel.messages}) < number:
                self.channel.arrived.clear()
                await self.channel.arrived.wait()
        return self.channel.messages


@pytest_asyncio.fixture
async def fleet(
    tmp_path: Path, channel: FakeChannel, login: FakeLogin, postgres_url: str
) -> AsyncIterator[Fleet]:
    settings = environment(channel, login, postgres_url)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Fleet(stack, tmp_path, channel, settings, session)
    assert not complaints(tmp_path)


def complaints(folder: Path) -> list[str]:
    """What the processes logged as errors."""
    lines = (line for log in folder.glob("log-*") for line in log.read_text("utf-8").splitlines())
    return [line for line in lines if '"level": "error"' in line or "Traceback" in line]


def said(message: dict[str, Any]) -> str:
    """Where a message went, and what it says."""
    return f"{message['conversation']['id']} {message['attachments'][0]['content']['body'][0]['text']}"


def counts(messages: list[dict[str, Any]]) -> dict[str, list[int]]:
    """By conversation the numbers that its turns had: each once, and without a gap where no turn was lost."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for message in messages:
        place, words = said(message).split(" ", 1)
        numbers[place].add(int(words.split(":")[2]))
    return {place: sorted(found) for place, found in numbers.items()}


async def test_one_answer_wherever_and_however_often_it_is_delivered(fleet: Fleet) -> None:
    bots = await fleet.start()
    activities = [fleet.question(f"v{n}", n % PEOPLE) for n in range(3 * PEOPLE)]
    deliveries = [(bot, activity) for bot in bots for activity in activities] * 2
    random.Random(8).shuffle(deliveries)
    statuses = await asyncio.gather(*(fleet.post(bot, activity) for bot, activity in deliveries))
    assert set(statuses) == {202}
    replied = [message["replyToId"] for message in fleet.channel.messages]
    assert sorted(replied) == sorted(activity["id"] for activity in activities)
    assert counts(fleet.channel.messages) == {f"c{n}": [1, 2, 3] for n in range(PEOPLE)}
    await quick_messages_do_not_lose_one_another(fleet, bots)
    assert [await bot.end() for bot in bots] == [0] * BOTS


async def quick_messages_do_not_lose_one_another(fleet: Fleet, bots: list[Replica]) -> None:
    """Messages of one conversation, to a process each, at the same moment."""
    before = len(fleet.channel.messages)
    for _ in range(4):
        await asyncio.gather(*(fleet.post(bot, fleet.question(f"v{n}", "")) for n, bot in enumerate(bots)))
    assert counts(fleet.channel.messages[before:]) == {"c": list(range(1, 4 * BOTS + 1))}
    assert len(fleet.channel.messages) == before + 4 * BOTS


async def test_outbox_and_reminders_are_sent_once_and_in_order(fleet: Fleet) -> None:
    """All is due before the first process starts, so that every one goes for the same messages."""
    store, now = SqlStorage(fleet.settings["KAZIPOT_DATABASE_URL"], 20), system_clock()
    await store.open()
    places = [
        Place(f"p{n}", "msteams", fleet.channel.service_url, f"p{n}", TENANT, "28:bot") for n in range(PEOPLE)
    ]
    posts = tuple(
        OutboxMessage(f"{place.key}-{n}", place, {"body": [{"text": str(n)}]}, str(n))
        for n in range(5)
        for place in places
    )
    due = [Reminder(place, "sl", OPENS, now.date(), now.date(), now) for place in places]
    await store.save(Commit("", 0, None, (), now, posts=posts, changes=tuple(map(KeepReminder, due))))
    bots = await fleet.start()
    await fleet.sent(6 * PEOPLE)
    assert [await bot.end() for bot in bots] == [0] * BOTS
    found = Counter(said(message) for message in fleet.channel.messages)
    assert found == Counter(
        [f"p{n} {words}" for n in range(PEOPLE) for words in ("0", "1", "2", "3", "4", f"reminder p{n}")]
    )
    for place in places:
        told = [said(m) for m in fleet.channel.messages if m["conversation"]["id"] == place.conversation]
        assert told == [f"{place.conversation} {words}" for words in (0, 1, 2, 3, 4, f"reminder {place.key}")]
    await store.close()


async def test_one_is_killed_under_load(fleet: Fleet) -> None:
    """Every person's messages come one after another; those that nobody took are delivered again to another process."""
    bots, each = await fleet.start(), 12

    async def person(number: int) -> None:
        for n in range(each):
            await fleet.delivered(bots, fleet.question(f"v{n}", number))

    people = [asyncio.create_task(person(number)) for number in range(PEOPLE)]
    while len(fleet.channel.messages) < PEOPLE * each / 3:
        fleet.channel.arrived.clear()
        await fleet.channel.arrived.wait()
    await bots[0].kill()
    await asyncio.gather(*people)
    await fleet.sent(PEOPLE * each)
    assert counts(fleet.channel.messages) == {f"c{n}": list(range(1, each + 1)) for n in range(PEOPLE)}
    # Twice is what was killed between the connector's answer and the note of it: at most one of each person.
    assert len(fleet.channel.messages) <= PEOPLE * each + PEOPLE


async def test_rolling_upgrade_across_a_migration(fleet: Fleet, tmp_path: Path) -> None:
    """Old processes serve, the database moves on, new ones come, old ones go: all under load."""
    newer = tmp_path / "newer"
    shutil.copytree(ROOT / "bot", newer / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    versions = newer / "bot" / "storage" / "migrations" / "versions"
    head = max(path.name for path in versions.glob("r*.py"))[1:5]
    (versions / "r9999_later.py").write_text(LATER.format(head=head))
    bots, ended = await fleet.start(2), asyncio.Event()
    old = list(bots)

    async def person(number: int) -> int:
        n = 0
        while not ended.is_set():
            await fleet.delivered(list(bots), fleet.question(f"v{n}", number))
            n += 1
        return n

    people = [asyncio.create_task(person(number)) for number in range(PEOPLE)]
    bots += await fleet.start(2, newer)  # the first of them migrates while the old ones serve
    before = len(fleet.channel.messages)
    bots += await fleet.start(1)  # an old one that is started again meets the newer database
    for bot in old:
        bots.remove(bot)
        assert await bot.end() == 0
    while len(fleet.channel.messages) < before + 10 * PEOPLE:
        fleet.channel.arrived.clear()
        await fleet.channel.arrived.wait()
    ended.set()
    turns = await asyncio.gather(*people)
    assert before > 0
    assert counts(fleet.channel.messages) == {f"c{n}": list(range(1, turns[n] + 1)) for n in range(PEOPLE)}
    assert len(fleet.channel.messages) == sum(turns)
    store = SqlStorage(fleet.settings["KAZIPOT_DATABASE_URL"])
    async with store.database.statement() as connection:
        found = await connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        assert found.scalar_one() == "9999"
    await store.close()
