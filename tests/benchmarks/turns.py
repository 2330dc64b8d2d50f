"""Turns over HTTP beside an echo bot: `python -m tests.benchmarks.turns [--write] [--rounds N] [--seconds S]`.

The bot runs in a process of its own, with signed tokens, and sends its replies to a connector in this process. A
question and an echo bot on the same SDK, host code and database take turns, so that both see the same machine; the
ratio is taken within each round. CPU by stage is measured in separate processes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.bench import Place, cpu, place, quantile, questions, write
from tests.benchmarks.served import WARM
from tests.benchmarks.wire import Load
from tests.support.channel import TENANT
from tests.support.processes import Replica

SECTION = "turns"
CONNECTIONS = 16
PEOPLE = 500
STAGES = ("claim", "load", "respond", "render", "save", "typing", "reply", "host")
HEAD = """## Turns over HTTP

Written by `python -m tests.benchmarks.turns --write`. `POST /api/messages` with a signed token, {connections} at a
time, from {people} conversations in turn; every turn sends its typing sign and its reply to a connector. The bot
is one process; clients and connector are another. *Question* asks the {questions} questions of `dev.tsv`; *echo*
says what it was told, on the same SDK, host code and database; *bare echo* has no database. They take turns for
{seconds:g} s in {rounds} rounds, after a warm-up; the ratio is that of requests a second in the same round:
median, and lowest to highest.
"""


@dataclass
class Bot:
    """A process and what was measured of it, by round."""

    name: str
    replica: Replica
    load: Load
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def round(self, seconds: float) -> None:
        """One more."""
        before, done = cpu(self.replica.process.pid), len(self.load.seconds)
        self.rates.append(await self.load.run(CONNECTIONS, seconds))
        self.cpu.append((cpu(self.replica.process.pid) - before) / max(1, len(self.load.seconds) - done))


def load(at: Place, replica: Replica) -> Load:
    """Questions from many people, each activity a new one."""
    asked = questions()

    def body(number: int) -> Any:
        conversation = {"id": f"a:{number % PEOPLE}", "conversationType": "personal", "tenantId": TENANT}
        return at.channel.activity(asked[number % len(asked)], conversation=conversation)

    return Load(at.channel, replica.url, body)


async def measure(at: Place, rounds: int, seconds: float) -> list[Bot]:
    """Every kind of bot, round after round."""
    bots = []
    for name, kind, url in (
        ("question, SQLite", "question", at.sqlite()),
        ("echo, SQLite", "echo", at.sqlite()),
        ("question, PostgreSQL", "question", await at.postgres()),
        ("echo, PostgreSQL", "echo", await at.postgres()),
        ("bare echo", "bare", at.sqlite()),
    ):
        replica = await at.serve(kind, url)
        bots.append(Bot(name, replica, load(at, replica)))
    for bot in bots:
        await bot.load.run(CONNECTIONS, 2)
        bot.load.seconds.clear()
    for _ in range(rounds):
        for bot in bots:
            await bot.round(seconds)
    for bot in bots:
        await bot.replica.end()
    return bots


async def stages(at: Place, url: str, seconds: float) -> dict[str, float]:
    """Milliseconds of CPU a turn by stage, one turn at a time."""
    file = at.folder / "stages.json"
    replica = await at.serve("question", url, str(file))
    asking = load(at, replica)
    while len(asking.seconds) < WARM:
        await asking.run(1, 0.2)
    before, warm = cpu(replica.process.pid), len(asking.seconds)
    await asking.run(1, seconds)
    turns = len(asking.seconds) - warm
    whole = (cpu(replica.process.pid) - before) / turns
    await replica.end()
    found = json.loads(file.read_text())
    by_stage = {name: found.get(name, 0.0) / found["turns"] * 1e3 for name in STAGES}
    return {**by_stage, "rest": whole * 1e3 - sum(by_stage.values()), "all": whole * 1e3}


def table(bots: list[Bot]) -> list[str]:
    """Requests a second, times and ratios."""
    named = {bot.name: bot for bot in bots}
    lines = [
        "| bot | requests a second | p50 | p99 | CPU a turn | of the echo's rate | of the bare echo's | not 202 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for bot in bots:
        beside = named.get(bot.name.replace("question", "echo"))
        times = bot.load.seconds
        lines.append(
            f"| {bot.name} | {statistics.median(bot.rates):.0f} [{min(bot.rates):.0f}–{max(bot.rates):.0f}] "
            f"| {quantile(times, 0.5) * 1e3:.1f} ms | {quantile(times, 0.99) * 1e3:.1f} ms "
            f"| {statistics.median(bot.cpu) * 1e3:.2f} ms | {_ratio(bot, beside)} "
            f"| {_ratio(bot, named['bare echo'])} | {bot.load.failed} |"
        )
    return lines


def _ratio(bot: Bot, beside: Bot | None) -> str:
    if beside is None or beside is bot:
        return ""
    found = [one / other for one, other in zip(bot.rates, beside.rates, strict=True)]
    return f"{statistics.median(found):.2f} [{min(found):.2f}–{max(found):.2f}]"


def stage_table(found: dict[str, dict[str, float]]) -> list[str]:
    """CPU by stage, a line for each database."""
    names = (*STAGES, "rest", "all")
    return [
        "",
        "CPU milliseconds of a question by stage, one turn at a time. *Host* is HTTP, token and the SDK's adapter; "
        "*rest* what no task accounts for: the event loop itself, parsing what comes in, and the thread of SQLite.",
        "",
        "| database | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
        *(
            f"| {database} | " + " | ".join(f"{by_stage[name]:.2f}" for name in names) + " |"
            for database, by_stage in found.items()
        ),
    ]


async def run(rounds: int, seconds: float) -> str:
    """The whole section."""
    async with place() as at:
        bots = await measure(at, rounds, seconds)
        found = {
            "SQLite": await stages(at, at.sqlite(), seconds),
            "PostgreSQL": await stages(at, await at.postgres(), seconds),
        }
    head = HEAD.format(
        connections=CONNECTIONS, people=PEOPLE, questions=len(questions()), seconds=seconds, rounds=rounds
    )
    return "\n".join((head, *table(bots), *stage_table(found)))


def main() -> None:
    """Measure, print, and with `--write` renew the section."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4.0)
    given = parser.parse_args()
    body = asyncio.run(run(given.rounds, given.seconds))
    print(body)
    if given.write:
        write(SECTION, body)


if __name__ == "__main__":
    main()
