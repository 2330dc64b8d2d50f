"""Programs that the tests start and stop: the bot itself, and Node's."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0
"""Seconds for a first start, which may build the index of answers on a busy machine."""
DAY = "2026-11-21"
"""The day that the bot takes for today, so that its answers can be compared."""


class Lines:
    """What a program prints, line by line, with a limit on waiting for the next one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._process = process
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def next(self, patience: float) -> str:
        """The next line; raises `EOFError` when the program ended and `TimeoutError` when it is silent."""
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            raise TimeoutError(f"nothing printed in {patience:.0f} s by {self._process.args!r}") from None
        if line is None:
            raise EOFError(f"{self._process.args!r} ended with {self._process.wait()}")
        return line

    def close(self) -> None:
        """Read to the end of a program that was stopped."""
        self._thread.join()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


@contextmanager
def started(
    command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], Lines]]:
    """A program, its errors written to a file; it is stopped at the end, with everything that it started."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            env=dict(env) if env else None,
            cwd=cwd,
            start_new_session=True,
        )
    lines = Lines(process)
    try:
        yield process, lines
    finally:
        stop(process)
        lines.close()
        assert process.stdout
        process.stdout.close()


def stop(process: subprocess.Popen[str]) -> None:
    """Tell a program that nobody talks to it any more, ask it and its children to stop, then make them."""
    assert process.stdin
    with contextlib.suppress(OSError):
        process.stdin.close()
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
            return


def clean_environment() -> dict[str, str]:
    """The environment without the settings of whoever runs the tests."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KAZIPOT_") and name not in ("HOST", "PORT")
    }


@dataclass(frozen=True)
class Bot:
    """A running bot: its address and what it logged."""

    url: str
    log: Path
    process: subprocess.Popen[str]

    def failures(self) -> list[str]:
        """Log lines of errors. A turn that failed is one, even when the user got an apology."""
        lines = self.log.read_text("utf-8").splitlines()
        return [line for line in lines if re.search(r'"level": "(error|critical)"|^Traceback', line)]


@contextmanager
def bot_running(folder: Path, settings: Mapping[str, str], source: Path = ROOT) -> Iterator[Bot]:
    """`python -m bot` on a free port, with a database of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    defaults = {"PORT": "0", "KAZIPOT_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/bot.sqlite3"}
    if source != ROOT:
        defaults["PYTHONPATH"] = str(source)
    env = clean_environment() | defaults | dict(settings)
    log = folder / "bot.log"
    with started([sys.executable, "-m", "bot"], log, env, cwd=folder) as (process, lines):
        try:
            line = lines.next(PATIENCE)
        except (EOFError, TimeoutError) as error:
            raise AssertionError(f"the bot did not start: {error}\n{log.read_text('utf-8')}") from error
        found = re.search(r"http://\S+", line)
        assert found, f"no address in {line!r}"
        yield Bot(found[0], log, process)


def ask(*questions: str | Mapping[str, Any], locale: str = "sl") -> list[dict[str, Any]]:
    """What `python -m bot ask --jsonl` answers, each question in a conversation of its own."""
    asked = [{"text": question} if isinstance(question, str) else question for question in questions]
    lines = [json.dumps({"on": DAY, "locale": locale} | dict(line)) for line in asked]
    run = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        input="\n".join(lines),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=clean_environment(),
        cwd=ROOT,
        timeout=PATIENCE,
        check=True,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]
