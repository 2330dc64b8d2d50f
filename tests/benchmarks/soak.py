"""Half an hour at half of the peak: `python -m tests.benchmarks.soak [--write] [--minutes M] [--database NAME]`.

The peak is measured first, in the same process that is then soaked. Memory, times and errors are noted every minute.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
from dataclasses import dataclass

from tests.benchmarks.bench import cpu, memory, place, quantile, write
from tests.benchmarks.turns import CONNECTIONS, PEOPLE, load

SECTION = "soak"
PEAK_SECONDS = 20.0
SHARE = 0.5
HEAD = """## Soak

Written by `python -m tests.benchmarks.soak --write`. {minutes:g} minutes on {database} at half of the peak that
was measured just before ({peak:.0f} requests a second with {connections} at a time), questions from {people}
conversations. Not 202: {failed} of {turns:,} turns; replies that the connector took: {taken:,}; errors in the log:
{errors}. Memory goes from {first:.0f} MB after the first tenth to {last:.0f} MB at the end, {slope:+.2f} MB an
hour by least squares over the second half.

| minutes | requests a second | p50 | p99 | CPU | memory |
|---|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class Lap:
    """What was seen in a while."""

    end: float
    rate: float
    p50: float
    p99: float
    cpu: float
    memory: float

    def line(self) -> str:
        """A row of the table."""
        return (
            f"| {self.end:.1f} | {self.rate:.0f} | {self.p50 * 1e3:.1f} ms | {self.p99 * 1e3:.1f} ms "
            f"| {self.cpu:.0%} | {self.memory:.1f} MB |"
        )


async def run(minutes: float, database: str, laps: int = 10) -> str:
    """The whole section."""
    async with place() as at:
        url = at.sqlite() if database == "sqlite" else await at.postgres()
        replica = await at.serve("question", url)
        pid = replica.process.pid
        await load(at, replica).run(CONNECTIONS, 3)
        peak = await load(at, replica).run(CONNECTIONS, min(PEAK_SECONDS, minutes * 60))
        asking, before = load(at, replica), at.channel.taken
        found: list[Lap] = []
        seconds = minutes * 60 / laps
        for number in range(laps):
            asking.seconds.clear()
            used = cpu(pid)
            rate = await asking.paced(peak * SHARE, seconds)
            spent = (cpu(pid) - used) / seconds
            times = asking.seconds
            found.append(
                Lap(
                    (number + 1) * seconds / 60,
                    rate,
                    quantile(times, 0.5),
                    quantile(times, 0.99),
                    spent,
                    memory(pid),
                )
            )
            print(found[-1].line(), flush=True)
        code = await replica.end()
        errors = replica.log.read_text().count('"level": "error"') + (code != 0)
    half = found[laps // 2 :]
    slope = statistics.linear_regression([lap.end / 60 for lap in half], [lap.memory for lap in half]).slope
    head = HEAD.format(
        minutes=minutes, database="SQLite" if database == "sqlite" else "PostgreSQL", peak=peak,
        connections=CONNECTIONS, people=PEOPLE, failed=asking.failed, turns=asking.sent,
        taken=at.channel.taken - before, errors=errors, first=found[0].memory, last=found[-1].memory, slope=slope,
    )  # fmt: skip
    return "\n".join((head, *(lap.line() for lap in found)))


def main() -> None:
    """Measure, print, and with `--write` renew the section."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    given = parser.parse_args()
    body = asyncio.run(run(given.minutes, given.database))
    print(body)
    if given.write:
        write(SECTION, body)


if __name__ == "__main__":
    main()
