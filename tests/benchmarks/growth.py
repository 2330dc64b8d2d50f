"""Turns, deleting and reports as the database grows: `python -m tests.benchmarks.growth [--write] [--largest N]`.

Conversations are loaded by SQL, ten events and one answered activity for each. At every size the storage work of a
turn (claim, load, save, sent) is done three hundred times on conversations spread over all, then the hourly deleting
(which finds little) and the figures of a month.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.dialogue.post import Place as Address
from bot.storage.ports import Commit, Event, OutboxMessage, SentAnswer
from bot.storage.reading import read_rows
from bot.storage.sql import SqlStorage
from tests.benchmarks.bench import place, quantile, write

SECTION = "growth"
PLOT = Path("docs/growth.svg")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
EVENTS = 10
TURNS = 300
PIECE = 50_000
DAYS = 365
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OLD, OLDEST = NOW - timedelta(days=30), date(2025, 10, 1)
STATE = '{"schema": 3, "entry": "vlozitev-kdaj-sam", "question": "Kdaj lahko sam vložim predlog za napredovanje?"}'
STATEMENTS = {
    "conversations": "INSERT INTO conversations (key, state, version, updated_at) "
    "SELECT 'c' || n, :state, 1, :now FROM numbers",
    "activities": "INSERT INTO activities (key, leased_until, answered_at) SELECT 'a' || n, :now, :now FROM numbers",
    "events": "INSERT INTO events (day, hour, intent, status, entry, score, scope, locale, milliseconds) "
    "SELECT {day}, n % 24, 'question', 'answer', 'entry-' || (n % 200), 0.9, 'personal', 'sl', 5 FROM numbers",
}
NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers (n) AS "
    "(SELECT CAST(:first AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < CAST(:last AS INTEGER)) ",
    "postgres": "WITH numbers AS (SELECT generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n) ",
}
DAY = {
    "sqlite": f"date('2026-11-21', '-' || (n % {DAYS}) || ' days')",
    "postgres": f"DATE '2026-11-21' - CAST(n % {DAYS} AS integer)",
}
HEAD = """## Growth with what is stored

Written by `python -m tests.benchmarks.growth --write`; plotted in [growth.svg](growth.svg). Beside each number of
conversations lie as many answered activities and ten times as many events, a year's. *Turn* is its whole storage
work (claim, load, save, sent), {turns} turns one after another on conversations spread over all; *deleting* is the
hourly run that finds nothing old; *figures* reads what a report on one month is made of.

| database | conversations | events | turn p50 | turn p99 | deleting | figures of a month |
|---|---|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one database took at one size, in seconds."""

    database: str
    size: int
    turn: float
    slow_turn: float
    prune: float
    report: float

    def line(self) -> str:
        """A row of the table."""
        return (
            f"| {self.database} | {self.size:,} | {self.size * EVENTS:,} | {self.turn * 1e3:.1f} ms "
            f"| {self.slow_turn * 1e3:.1f} ms | {self.prune * 1e3:.0f} ms | {self.report * 1e3:.0f} ms |"
        )


async def fill(store: SqlStorage, before: int, size: int) -> None:
    """Load what lies between two sizes, in pieces."""
    for first in range(before, size, PIECE):
        await _piece(store, first, min(first + PIECE, size))
    async with store.database.statement(600) as connection:
        await connection.execute(text("ANALYZE"))


async def _piece(store: SqlStorage, before: int, size: int) -> None:
    kind = "sqlite" if store.database.sqlite else "postgres"
    async with store.database.transaction(600) as connection:
        for table, statement in STATEMENTS.items():
            times = EVENTS if table == "events" else 1
            values: dict[str, Any] = {"first": before * times, "last": size * times - 1}
            if ":now" in statement:
                values["now"] = NOW
            if ":state" in statement:
                values["state"] = STATE
            words = statement.format(day=DAY[kind])
            into, select = words.split(" SELECT ", 1)
            query = f"{NUMBERS[kind]}SELECT {select}"
            if kind == "sqlite":
                await connection.execute(text(f"{into} {query}"), _plain(values))
            else:
                await connection.execute(text(f"{into} {query}"), values)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """SQLite keeps moments as text."""
    return {
        k: v.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(v, datetime) else v for k, v in values.items()
    }


async def turn(store: SqlStorage, number: int, conversation: str) -> None:
    """The storage work of one question."""
    activity = f"new-{number}"
    event = Event(NOW.date(), 11, "question", "answer", "entry-1", 0.9, "personal", "sl", 5)
    to = Address(conversation, "msteams", "https://example.org/", "a:1", "tenant", "28:bot")
    reply = (OutboxMessage(f"reply-{activity}-0", to, {"body": [{"text": "x" * 3000}]}, "x" * 1000),)
    assert await store.claim(activity, NOW)
    stored = await store.load(conversation)
    assert stored
    await store.save(
        Commit(conversation, stored.version, stored.data, (event,), NOW, activity=activity, reply=reply)
    )
    sent = (SentAnswer(f"m{activity}", "entry-1", "v"),)
    await store.save(Commit("", 0, None, (), NOW, activity=activity, sent=sent))


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def measure(database: str, url: str, sizes: tuple[int, ...]) -> list[Figures]:
    """One database, larger and larger."""
    store, found, before, number = SqlStorage(url, timeout=60), [], 0, 0
    await store.open()
    for size in sizes:
        await fill(store, before, size)
        before, taken = size, []
        for _ in range(TURNS):
            number += 1
            conversation = f"c{number * 7919 % size}"
            taken.append(await timed(lambda n=number, c=conversation: turn(store, n, c)))  # type: ignore[misc]
        prunes = [await timed(lambda: store.prune(OLD, counts=OLDEST)) for _ in range(3)]

        async def month() -> None:
            async with store.database.statement(600) as connection:
                await read_rows(connection, date(2026, 10, 1), date(2026, 10, 31))

        report = await timed(month)
        found.append(
            Figures(
                database, size, quantile(taken, 0.5), quantile(taken, 0.99), statistics.median(prunes), report
            )
        )
        print(found[-1].line(), flush=True)
    await store.close()
    return found


def plot(found: list[Figures], path: Path = PLOT) -> None:
    """Time over size, one line for each database and kind of work."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "kazipot", "svg.fonttype": "none"}
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    for database, marker in (("SQLite", "o"), ("PostgreSQL", "s")):
        rows = [row for row in found if row.database == database]
        for name, style in (("turn", "-"), ("prune", "--"), ("report", ":")):
            label = {"turn": "turn, p50", "prune": "deleting", "report": "figures of a month"}[name]
            axes.loglog(
                [row.size for row in rows], [getattr(row, name) * 1e3 for row in rows],
                style, marker=marker, label=f"{database}: {label}",
            )  # fmt: skip
    axes.set_xlabel("conversations stored (ten times as many events)")
    axes.set_ylabel("milliseconds")
    axes.grid(True, which="major", alpha=0.3)
    axes.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


async def run(largest: int) -> tuple[str, list[Figures]]:
    """The whole section."""
    sizes = tuple(size for size in SIZES if size <= largest)
    async with place() as at:
        found = await measure("SQLite", at.sqlite(), sizes)
        found += await measure("PostgreSQL", await at.postgres(), sizes)
    return "\n".join((HEAD.format(turns=TURNS), *(row.line() for row in found))), found


def main() -> None:
    """Measure, print, and with `--write` renew the section and the plot."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    given = parser.parse_args()
    body, found = asyncio.run(run(given.largest))
    if given.write:
        plot(found)
        write(SECTION, body)


if __name__ == "__main__":
    main()
