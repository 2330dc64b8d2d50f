"""Knowledge read anew while the bot runs: as a whole or not at all, beside the event loop, for the turns to come."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import threading
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.answering import Answering, apologise
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from bot.shelf import LONGEST_REASON, Shelf
from bot.storage.memory import MemoryStorage
from bot.texts import texts
from bot.turn import Turns, run_turn
from cards.views import NoticeView
from knowledge.loader import DATA
from tests.bot.test_stop import process
from tests.support.channel import FakeChannel
from tests.support.host import Script, running, settings

ROOT = Path(__file__).parents[2]
QUESTION = "Do kdaj moram oddati vlogo?"
PRESSED = {"do": "entry", "entry": "rok-vloge"}
"""Shows the entry, however sure the search is of a question."""
OLD, NEW = "Do 31. avgusta", "Do 15. septembra"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The invented base, with what an engine needs beside it."""
    copy = tmp_path / "base"
    shutil.copytree(ROOT / "tests" / "knowledge" / "fixtures" / "base", copy)
    for name in ("calibration.yaml", "background.yaml"):
        shutil.copy(DATA / name, copy / name)
    return copy


def change(base: Path, old: str, new: str) -> None:
    entry = base / "entries" / "rok" / "rok-vloge.yaml"
    text = entry.read_text("utf-8")
    assert old in text
    entry.write_text(text.replace(old, new), "utf-8")


def said(message: dict[str, Any]) -> str:
    return str(message["attachments"][0]["content"]["body"])


# ---- the process, told by a signal


async def ask(session: aiohttp.ClientSession, url: str, channel: FakeChannel) -> str:
    channel.sent.clear()
    async with session.post(f"{url}api/messages", json=channel.activity("", value=PRESSED)) as response:
        assert response.status == 202
    return said(channel.messages[-1])


async def logged(bot: asyncio.subprocess.Process, words: bytes) -> bytes:
    assert bot.stderr
    while True:
        line = await asyncio.wait_for(bot.stderr.readline(), 60)
        assert line, "the process ended"
        if words in line:
            return line


async def test_a_signal_has_the_knowledge_read_anew(tmp_path: Path, base: Path, channel: FakeChannel) -> None:
    chosen = {
        "KAZIPOT_KNOWLEDGE_DIR": str(base),
        "KAZIPOT_CACHE": str(tmp_path / "cache"),
        "KAZIPOT_TODAY": "2026-11-21",
    }
    async with process(tmp_path, **chosen) as (bot, url), aiohttp.ClientSession() as session:
        assert OLD in await ask(session, url, channel)
        change(base, OLD, NEW)
        assert OLD in await ask(session, url, channel)
        bot.send_signal(signal.SIGHUP)
        assert b'"changed": true' in await logged(bot, b"knowledge read anew")
        assert NEW in await ask(session, url, channel)
        change(base, "valid_to: 2020-01-01", "valid_to: 1800-01-01")
        bot.send_signal(signal.SIGHUP)
        assert b"rok-vloge.yaml" in await logged(bot, b"new knowledge refused")
        assert NEW in await ask(session, url, channel)
        async with session.get(f"{url}health/ready") as response:
            assert response.status == 200
        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), 20) == 0


# ---- a curator, by a command


async def test_a_curator_is_told_how_it_went(
    tmp_path: Path, base: Path, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAZIPOT_CACHE", str(tmp_path / "cache"))
    chosen = settings(tmp_path, knowledge_dir=base, curators=("0000-ana",), today=date(2026, 11, 21))
    async with running(chosen, answering=None) as bot:

        async def told(text: str, number: int) -> str:
            channel.sent.clear()
            pressed = {} if text else {"value": PRESSED}
            await bot.post("/api/messages", json=channel.activity(text, **pressed))
            async with asyncio.timeout(60):
                while len(channel.messages) < number:
                    channel.arrived.clear()
                    await channel.arrived.wait()
            return said(channel.messages[-1])

        change(base, OLD, NEW)
        assert "Baza znanja je osvežena: 3 odgovorov" in await told("osveži znanje", 2)
        assert NEW in await told("", 1)
        assert "nespremenjena" in await told("Osveži znanje!", 2)
        change(base, "valid_to: 2020-01-01", "valid_to: 1800-01-01")
        refused = await told("osveži znanje", 2)
        assert "rok-vloge.yaml" in refused
        assert NEW in await told("", 1)


async def test_nobody_else_reads_it_anew(tmp_path: Path, base: Path, channel: FakeChannel) -> None:
    async with running(settings(tmp_path, knowledge_dir=base), answering=Script().answering()) as bot:
        await bot.post("/api/messages", json=channel.activity("osveži znanje"))
    assert len(channel.messages) == 1


# ---- figures, from the question to the card


async def test_a_question_is_counted_and_the_report_shows_it(
    tmp_path: Path, base: Path, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAZIPOT_CACHE", str(tmp_path / "cache"))
    chosen = settings(tmp_path, knowledge_dir=base, advisers=("0000-ana",))
    async with running(chosen, answering=None) as bot:
        for text in (QUESTION, "Ime mi je Špela Kos, koliko tehta jabolko?", "Poročilo"):
            await bot.post("/api/messages", json=channel.activity(text))
    card = channel.messages[-1]["attachments"][0]["content"]
    (facts,) = (part["facts"] for part in card["body"] if part["type"] == "FactSet")
    assert {"title": texts("sl")("report.questions"), "value": "2"} in facts
    assert [part["type"] for part in card["body"] if part["type"].startswith("Chart.")]
    with sqlite3.connect(tmp_path / "test.sqlite3") as database:
        gaps = database.execute("SELECT kind, question FROM gaps ORDER BY id").fetchall()
        assert gaps[-1] == ("declined", "Ime mi je …, koliko tehta jabolko?")
        (first, second, _) = database.execute("SELECT status, after FROM events ORDER BY id").fetchall()
        assert (first[1], second) == ("", ("no_answer", first[0]))


# ---- the shelf


def answering(word: str, **changes: Any) -> Answering:
    def respond(message: Message, state: ConversationState, *rest: Any) -> Outcome:
        return Outcome("notice", (NoticeView(word),), state)

    return Answering(respond, apologise, changes.pop("problems", {}), **changes)


async def test_building_does_not_hold_up_the_loop_and_a_turn_keeps_its_base() -> None:
    may_end, began = threading.Event(), threading.Event()

    def load() -> Answering:
        began.set()
        assert may_end.wait(10)
        return answering("new")

    shelf = Shelf(answering("old"), load)
    reloading = asyncio.create_task(shelf.reload())
    assert await asyncio.to_thread(began.wait, 10)
    began_with = Turns(MemoryStorage(), shelf.current.respond, apologise)
    may_end.set()  # the loop ran on while the other thread was building
    await reloading
    assert await answer(began_with) == "old"
    assert await answer(Turns(MemoryStorage(), shelf.current.respond, apologise)) == "new"


async def answer(turns: Turns) -> str:
    class Nowhere:
        def started(self) -> None:
            return None

        async def reply(self, parts: Any, sent: Any) -> None:
            return None

    outcome = await run_turn(Message("?", ""), turns, Nowhere())
    assert outcome
    (view,) = outcome.views
    assert isinstance(view, NoticeView)
    return view.text


async def test_what_is_broken_is_refused_with_its_reason() -> None:
    old = answering("old")
    broken = answering("broken", problems={"knowledge": "not loaded"}, reason="a.yaml:3: no such topic")
    shelf = Shelf(old, lambda: broken)
    result = await shelf.reload()
    assert shelf.current is old
    assert "a.yaml:3: no such topic" in result.view(texts("sl")).text


async def test_two_at_once_follow_one_another() -> None:
    running_now: list[int] = []

    def load() -> Answering:
        running_now.append(1)
        assert len(running_now) == 1
        running_now.pop()
        return answering("new")

    shelf = Shelf(answering("old"), load)
    await asyncio.gather(*(shelf.reload() for _ in range(4)))


async def test_a_very_long_reason_is_cut_between_lines() -> None:
    reason = "\n".join(f"entries/a{number}.yaml:1: wrong" for number in range(500))
    broken = answering("broken", problems={"knowledge": "not loaded"}, reason=reason)
    view = (await Shelf(answering("old"), lambda: broken).reload()).view(texts("en"))
    assert len(view.text) < LONGEST_REASON + 200
    assert view.text.endswith("wrong\n…")
