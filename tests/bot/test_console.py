"""`ask --jsonl`: every line answered in order, wrong lines named, nothing but answers on standard output."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.transport.console import ask_lines, ask_text
from tests.support.host import Script

ROOT = Path(__file__).parents[2]


async def ask(*lines: Any, script: Script | None = None) -> list[dict[str, Any]]:
    raw = b"\n".join(
        line
        if isinstance(line, bytes)
        else json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass")
        for line in lines
    )
    sink = io.BytesIO()
    await ask_lines((script or Script()).answering(), io.BytesIO(raw), sink)
    return [json.loads(line) for line in sink.getvalue().decode().splitlines()]


async def test_shape() -> None:
    (answer,) = await ask({"id": "q1", "text": "Kdaj?"})
    assert list(answer) == ["id", "status", "entries", "text", "sources", "score", "choices", "card"]
    assert (answer["id"], answer["status"], answer["text"]) == ("q1", "notice", "message:Kdaj?:1:")
    assert answer["card"]["type"] == "AdaptiveCard"


async def test_order_and_conversations() -> None:
    answers = await ask(
        {"id": 1, "text": "a", "conversation": "c"},
        {"id": 2, "text": "b"},
        {"id": 3, "text": "c", "conversation": "c"},
        {"id": 4, "text": "d", "conversation": ""},
        {"id": 5, "text": "e", "conversation": "line 2"},
    )
    assert [answer["text"] for answer in answers] == [
        "message:a:1:", "message:b:1:", "message:c:2:", "message:d:1:", "message:e:1:",
    ]  # fmt: skip


async def test_action_scope_and_locale() -> None:
    script = Script()
    await ask({"action": {"a": 1}, "scope": "channel", "locale": "en-GB"}, script=script)
    (message,) = script.seen
    assert (message.kind, message.action, message.scope, message.locale) == (
        "action",
        {"a": 1},
        "channel",
        "en",
    )


async def test_check_is_passed_on() -> None:
    from dataclasses import replace

    script = Script()
    check = {"procedure": "naziv", "facts": {}, "outcome": None, "asks": ["years_in_naziv"]}

    class Checking(Script):
        def respond(self, *arguments: Any) -> Any:
            return replace(super().respond(*arguments), status="check", check=check)

    script = Checking()
    (answer,) = await ask({"text": "a"}, script=script)
    assert answer["check"] == check


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b"x", "JSON"), (b"[]", "object"), (b"5", "object"), (b"\xff{}", "UTF-8"), (b"[" * 100_000, "JSON"),
        ({}, "text or action"), ({"text": 5}, "text"), ({"action": "x"}, "action"),
        ({"action": [], "text": "a"}, "action"),
        ({"text": "a", "on": "2026-02-30"}, "on"), ({"text": "a", "on": "21. 11. 2026"}, "on"),
        ({"text": "a", "on": 20261121}, "on"), ({"text": "a", "on": "20261121"}, "on"),
        ({"text": "a", "scope": "team"}, "scope"), ({"text": "a", "scope": ["x"]}, "scope"),
        ({"text": "a", "conversation": 5}, "conversation"), ({"text": "a", "locale": 5}, "locale"),
    ],
)  # fmt: skip
async def test_wrong_line_is_named_and_the_run_goes_on(line: Any, named: str) -> None:
    if isinstance(line, dict):
        line = line | {"id": "w"}
    wrong, right = await ask(line, {"id": 2, "text": "a"})
    assert set(wrong) == {"id", "error"}
    assert wrong["id"] == ("w" if isinstance(line, dict) else None)
    assert named in wrong["error"]
    assert right["text"] == "message:a:1:"


async def test_odd_texts() -> None:
    answers = await ask(
        {"text": ""},
        b'{"text": "\\ud800"}',
        {"text": "a" * 100_000},
        b"\xef\xbb\xbf" + b'{"text": "b"}',
        b"  ",
    )
    assert [answer["status"] for answer in answers] == ["notice"] * 4


async def test_one_question() -> None:
    assert await ask_text(Script().answering(), "Kdaj?") == "message:Kdaj?:1:"


def test_neither_question_nor_jsonl(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["ask"], ["ask", "--jsonl", "x"]):
        with pytest.raises(SystemExit):
            main(arguments)
    assert "--jsonl" in capsys.readouterr().err


def test_the_command_itself() -> None:
    lines = b'{"id": 1, "text": "pomo\xc4\x8d"}\nx\n'
    run = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        cwd=ROOT,
        input=lines,
        capture_output=True,
        timeout=600,
        check=True,
    )
    first, second = (json.loads(line) for line in run.stdout.splitlines())
    assert (first["id"], first["status"]) == (1, "notice")
    assert set(second) == {"id", "error"}


def test_answering_needs_no_server_sdk_or_database() -> None:
    code = (
        "import sys; from bot.transport import console; import bot.answering; "
        "print([m for m in ('aiohttp', 'botbuilder', 'sqlalchemy', 'asyncpg', 'msal') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.strip() == "[]"
