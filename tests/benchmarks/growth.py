"""Turns, deleting and reports as the database grows: `python -m tests.benchmarks.growth [--write] [--largest N]`.

Each size has a database of its own with ten events and one answered activity for each conversation; they are made by
the database itself. There the storage work of a turn (claim, load, save, sent) is done three hundred times on
conversations spread over all, then the hourly deleting (which finds nothing) and the report on a month.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Text, bindparam, text

from bot.dialogue.eligibility.memory import started
from bot.dialogue.post import Place as Address
from bot.dialogue.state import ConversationState
from bot.reporting import WORDINGS
from bot.reports.figures import figures
from bot.storage.ports import Commit, Event, OutboxMessage, SentAnswer
from bot.storage.reading import read_rows
from bot.storage.sql import SqlStorage
from bot.storage.tables import activities, conversations, events, metadata
from rules import Procedure
from tests.benchmarks.bench import place, quantile, write

SECTION = "growth"
PLOT = Path("docs/growth.svg")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
EVENTS = 10
TURNS = 300
PIECE = 500_000
LONG = 600.0
KEPT = frozenset({"ix_activities_unsent"})
"""Made otherwise by a migration than the tables say: of rows with a reply alone, so they cost nothing here."""
LAST, DAYS = date(2026, 11, 21), 365
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OLD, OLDEST = NOW - timedelta(days=30), date(2025, 10, 1)
MONTH = date(2026, 10, 1), date(2026, 10, 31)
STATE = ConversationState(
    "vlozitev-kdaj-sam",
    "Kdaj lahko sam vložim predlog za napredovanje?",
    check=started(Procedure.NAZIV, LAST).stating({"dsd_points": 12, "opinion_votes_for": 30}).to_state(),
)
VALUES = {"state": (json.dumps(STATE.to_json()), Text()), "now": (NOW, DateTime(timezone=True))}
FILLED = (
    "INSERT INTO conversations (key, state, version, updated_at) SELECT 'c' || n, :state, 1, :now",
    "INSERT INTO activities (key, leased_until, answered_at) SELECT 'a' || n, :now, :now",
    # Day after day, as they are written; two of three are answers, a tenth offers a choice, the others are refused.
    "INSERT INTO events (day, hour, intent, status, entry, score, scope, locale, milliseconds) "
    "SELECT {day}, n % 24, CASE WHEN n % 5 = 0 THEN 'action' ELSE 'question' END, "
    "CASE WHEN n % 30 < 20 THEN 'answer' WHEN n % 30 < 23 THEN 'clarify' ELSE 'no_answer' END, "
    "'entry-' || (n * 7919 % 200), 0.9, CASE WHEN n % 7 = 0 THEN 'channel' ELSE 'personal' END, 'sl', "
    "5 + n * 104729 % 400",
)
NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers (n) AS "
    "(SELECT CAST(:first AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < CAST(:end AS INTEGER)) ",
    "postgresql": "WITH numbers AS (SELECT generate_series(CAST(:first AS bigint), CAST(:end AS bigint) - 1) AS n) ",
}
DAY = {
    "sqlite": f"date('{LAST}', '-' || ({DAYS - 1} - n * {DAYS} / {{rows}}) || ' days')",
    "postgresql": f"DATE '{LAST}' - CAST({DAYS - 1} - n * {DAYS} / {{rows}} AS integer)",
}
HEAD = """## Growth with what is stored

Written by `python -m tests.benchmarks.growth --write`; plotted in [growth.svg](growth.svg). Beside each number of
conversations lie as many answered activities and ten times as many events, a year's. *Turn* is its whole storage
work (claim, load, save, sent), {turns} turns one after another on conversations spread over all; *deleting* is the
hourly run that finds nothing old, though every conversation has a check; *report* is that on one month, the
database's counting and the figures made of it.

| database | conversations | events | turn p50 | turn p99 | deleting | report of a month |
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


async def fill(store: SqlStorage, size: int) -> None:
    """Load a database: rows made by the database itself, in pieces; what can be indexed afterwards is."""
    async with store.database.transaction(LONG) as connection:
        await connection.run_sync(_without_indexes)
        kind = connection.dialect.name
        for statement in FILLED:
            table = metadata.tables[statement.split()[2]]
            rows = size * (EVENTS if table is events else 1)
            into, select = statement.split(" SELECT ", 1)
            made = select.format(day=DAY[kind].format(rows=rows))
            query = text(f"{into} {NUMBERS[kind]}SELECT {made} FROM numbers")
            given = {name: value for name, value in VALUES.items() if f":{name}" in made}
            typed = query.bindparams(*(bindparam(name, type_=type_) for name, (_, type_) in given.items()))
            for first in range(0, rows, PIECE):
                values = {name: value for name, (value, _) in given.items()}
                await connection.execute(typed, {"first": first, "end": min(first + PIECE, rows), **values})
        await connection.run_sync(_with_indexes)
    async with store.database.statement(LONG) as connection:
        await connection.execute(text("ANALYZE"))


def _without_indexes(connection: Connection) -> None:
    for table in (conversations, activities, events):
        for index in table.indexes:
            if index.name not in KEPT:
                index.drop(connection)


def _with_indexes(connection: Connection) -> None:
    for table in (conversations, activities, events):
        for index in table.indexes:
            if index.name not in KEPT:
                index.create(connection)


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


async def measure(database: str, url: str, size: int) -> Figures:
    """One database of one size."""
    store = SqlStorage(url, timeout=LONG)
    await store.open()
    loaded = await timed(lambda: fill(store, size))
    taken = [await timed(partial(turn, store, number, f"c{number * 7919 % size}")) for number in range(TURNS)]
    prunes = [await timed(lambda: store.prune(OLD, counts=OLDEST, checks=OLD.date())) for _ in range(3)]
    reports = [await timed(partial(report, store)) for _ in range(3)]
    await store.close()
    found = Figures(
        database,
        size,
        quantile(taken, 0.5),
        quantile(taken, 0.99),
        statistics.median(prunes),
        statistics.median(reports),
    )
    print(f"{found.line()} loaded in {loaded:.0f} s", flush=True)
    return found


async def report(store: SqlStorage) -> None:
    """The figures of a month, as the operator's command makes them."""
    async with store.database.snapshot(LONG) as connection:
        figures(await read_rows(connection, *MONTH, WORDINGS), {})


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
            label = {"turn": "turn, p50", "prune": "deleting", "report": "report of a month"}[name]
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
        found = [await measure("SQLite", at.sqlite(), size) for size in sizes]
        found += [await measure("PostgreSQL", await at.postgres(), size) for size in sizes]
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
