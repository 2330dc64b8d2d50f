"""The bot as a process to measure: `python -m tests.benchmarks.served KIND [FILE]`.

KIND is `question` (the real dialogue), `echo` (says what it was told, on the same host code and database) or `bare`
(the echo without a database). With FILE the CPU time of every stage is written there at the end, in seconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot import process
from bot.answering import Answering, apologise, load_answering
from bot.app import Parts
from bot.dialogue.board import Board
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from bot.log import configure
from bot.settings import Settings, read_settings
from bot.storage.memory import MemoryStorage
from cards.views import NoticeView

HOST = "host"
WARM = 30
"""Turns that are not counted."""


class Stages:
    """CPU time of the event loop's thread by stage: every step of a task counts for the stage that the task is in."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.turns = 0

    def task(self, loop: asyncio.AbstractEventLoop, work: Any, **given: Any) -> asyncio.Task[Any]:
        """A task whose steps are counted."""
        return asyncio.Task(_Timed(work, self), loop=loop, **given)

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """What the bot calls around a stage."""
        task = asyncio.current_task()
        timed: Any = task.get_coro() if task else None
        self.turns += name == "respond"
        if self.turns == WARM:
            self.seconds.clear()
        timed.lap(name)
        try:
            yield
        finally:
            timed.lap(HOST)


class _Timed(Coroutine[Any, Any, Any]):
    """A coroutine that says how much CPU its steps took."""

    def __init__(self, work: Coroutine[Any, Any, Any], stages: Stages) -> None:
        self._work = work
        self._stages = stages
        name = getattr(work, "__name__", "")
        self._stage = "typing" if name == "_type" else HOST
        self._since = 0.0

    def lap(self, stage: str) -> None:
        now = time.thread_time()
        self._stages.seconds[self._stage] += now - self._since
        self._stage, self._since = stage, now

    def send(self, value: Any) -> Any:
        self._since = time.thread_time()
        try:
            return self._work.send(value)
        finally:
            self.lap(self._stage)

    def throw(self, *error: Any) -> Any:
        self._since = time.thread_time()
        try:
            return self._work.throw(*error)
        finally:
            self.lap(self._stage)

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        raise NotImplementedError("only for tasks")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)


def echo(message: Message, state: ConversationState, on: date, dropped: bool, board: Board) -> Outcome:
    """Says what it was told."""
    return Outcome("notice", (NoticeView(text=message.text or "…"),), state)


def parts(kind: str) -> Parts:
    """What the process is made of."""
    if kind == "question":
        return Parts(answering=load_answering())
    made = Parts(answering=Answering(echo, apologise, {}))
    return replace(made, storage=MemoryStorage()) if kind == "bare" else made


async def _staged(settings: Settings, given: Parts, file: Path) -> None:
    stages = Stages()
    asyncio.get_running_loop().set_task_factory(stages.task)
    task: Callable[..., Any] = process._serve
    await asyncio.create_task(task(settings, replace(given, span=stages.span)))
    stages.seconds["main"] = time.thread_time()
    await asyncio.to_thread(file.write_text, json.dumps({"turns": stages.turns - WARM, **stages.seconds}))


def main(kind: str, file: str = "") -> int:
    """Serve until SIGTERM."""
    settings = read_settings(_env_file=None)
    if not file:
        return process.serve(settings, parts(kind))
    configure(settings.log_level)
    asyncio.run(_staged(settings, parts(kind), Path(file)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
