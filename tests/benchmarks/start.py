"""Start to ready beside importing the SDK alone: `python -m tests.benchmarks.start [--write] [--rounds N]`.

Both are processes of their own that take turns. Ready is the first 200 of `/health/ready`, on a database, compiled
modules and an index cache that are there already. CPU time stands beside the time on the clock, which other work on
the machine stretches.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.benchmarks.bench import cpu, write
from tests.support.processes import ROOT

SECTION = "start"
SDK = "import aiohttp.web, botbuilder.core, botbuilder.schema, botframework.connector.auth"
STEPS = """
import gc, json, os, sys, time
gc.disable()  # as a start does, and so is the next line
os.environ["OPENBLAS_NUM_THREADS"] = "1"
laps, last = {}, time.process_time()
def lap(name):
    global last
    now = time.process_time()
    laps[name], last = now - last, now
import aiohttp.web, botbuilder.core, botbuilder.schema, botframework.connector.auth
lap("the SDK and aiohttp")
import sqlalchemy.ext.asyncio
lap("SQLAlchemy")
import knowledge.search
lap("numpy, pydantic, the search")
import bot.app
lap("the bot's own modules and what else they import")
from knowledge.loader import DATA
engine = knowledge.search.load_engine(DATA)
lap("the answers and their index")
from bot.answering import load_answering
import bot.answering
bot.answering.load_engine = lambda folder: engine
load_answering()
lap("rules, words, first answers")
import asyncio
from bot.storage.sql import SqlStorage
async def open():
    store = SqlStorage(sys.argv[1])
    await store.open()
    await store.close()
asyncio.run(open())
lap("opening the database")
print(json.dumps(laps))
"""
HEAD = """## Start

Written by `python -m tests.benchmarks.start --write`. From starting the process to the first 200 of
`/health/ready`, with the database, the compiled modules and the cached index at hand, beside a process that imports
the SDK and aiohttp and ends. {rounds} rounds in turn; median, and lowest to highest.
"""


def environment() -> dict[str, str]:
    """Local mode on a free port; modules are compiled once, as those of the SDK were when it was installed."""
    own = {"PYTHONPATH": str(ROOT), "KAZIPOT_LOCAL": "1", "KAZIPOT_PORT": "0", "PYTHONDONTWRITEBYTECODE": ""}
    return {**os.environ, **own}


def import_alone() -> tuple[float, float]:
    """Seconds on the clock and of CPU."""
    script = f"{SDK}\nimport time\nprint(time.process_time())"
    began = time.perf_counter()
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return time.perf_counter() - began, float(run.stdout)


def to_ready(folder: Path) -> tuple[float, float]:
    """Seconds on the clock and of CPU."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot"], cwd=folder, env=environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout
        found = re.search(r"http://\S+/", process.stdout.readline())
        assert found, "the bot did not start"
        with urllib.request.urlopen(f"{found[0]}health/ready", timeout=10) as response:
            assert response.status == 200
        taken = time.perf_counter() - began, cpu(process.pid)
        process.terminate()
    return taken


def steps(folder: Path) -> dict[str, float]:
    """CPU seconds of each step of a start, in one process."""
    url = f"sqlite+aiosqlite:///{folder}/var/kazipot.sqlite3"
    run = subprocess.run(
        [sys.executable, "-c", STEPS, url],
        cwd=folder,
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(run.stdout.splitlines()[-1]))


def spread(values: list[float], unit: str = " s") -> str:
    """Median, lowest and highest."""
    return f"{statistics.median(values):.2f}{unit} [{min(values):.2f}–{max(values):.2f}]"


def run(rounds: int) -> str:
    """The whole section."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        to_ready(folder)  # makes the database and the caches
        import_alone()
        alone, ready, laps = [], [], []
        for _ in range(rounds):
            alone.append(import_alone())
            ready.append(to_ready(folder))
            laps.append(steps(folder))
    lines = [HEAD.format(rounds=rounds), "| | on the clock | CPU |", "|---|---|---|"]
    for label, taken in (("importing the SDK", alone), ("start to ready", ready)):
        lines.append(f"| {label} | {spread([t[0] for t in taken])} | {spread([t[1] for t in taken])} |")
    ratios = [[b[n] / a[n] for a, b in zip(alone, ready, strict=True)] for n in (0, 1)]
    lines.append(f"| times the import | {spread(ratios[0], '')} | {spread(ratios[1], '')} |")
    lines += ["", "| step of a start | CPU |", "|---|---|"]
    lines += [f"| {name} | {spread([lap[name] for lap in laps])} |" for name in laps[0]]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and with `--write` renew the section."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    body = run(given.rounds)
    print(body)
    if given.write:
        write(SECTION, body)


if __name__ == "__main__":
    main()
