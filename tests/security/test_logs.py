"""Logs: one JSON object a line whatever was typed, and never a word of it."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import logging
from typing import Any

import pytest
import structlog
from aiohttp.test_utils import TestClient

from bot.log import configure
from tests.support.channel import FakeChannel
from tests.support.host import Script

Client = TestClient[Any, Any]
TYPED = (
    'Janez Novak\n{"level": "error", "event": "forged"}\r\x1b[31m\x9b1A\u2028\u202e\x00 EMŠO 0101990500017'
)
NEVER = ("Janez", "forged", "0101990500017", "\x1b", "\x9b", "\u2028", "\u202e")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the bot's own logging writes."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stderr", out)
    configure("DEBUG")
    return out


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    """All lines; each must be one JSON object of plain ASCII."""
    text = written.getvalue()
    assert text.isascii()
    return [json.loads(line) for line in text.split("\n") if line]


def test_what_is_put_into_a_line_cannot_end_it(written: io.StringIO) -> None:
    structlog.get_logger("kazipot.test").info("said", reason=TYPED)
    logging.getLogger("library").warning("plain")
    first, second = lines(written)
    assert (first["event"], first["reason"]) == ("said", TYPED)
    assert (second["event"], second["level"]) == ("plain", "warning")


def test_an_exception_is_logged_without_its_message(written: io.StringIO) -> None:
    def deep(text: str) -> None:
        raise ValueError(text)

    try:
        try:
            deep(TYPED)
        except ValueError as error:
            raise RuntimeError(f"failed with {TYPED}") from error
    except RuntimeError:
        structlog.get_logger("kazipot.test").exception("turn failed", reference="ab12")
    (line,) = lines(written)
    assert [each["type"] for each in line["exception"]] == ["RuntimeError", "ValueError"]
    assert line["exception"][1]["at"][-1].endswith(" deep")
    assert not [word for word in NEVER if word in json.dumps(line, ensure_ascii=False)]


def test_a_librarys_line_keeps_its_fixed_words_only(written: io.StringIO) -> None:
    logging.getLogger("library").error("could not send %s to %s", TYPED, "ana@example.com")
    try:
        raise OSError(TYPED)
    except OSError:
        logging.getLogger("library").exception("failed\n%s", TYPED)
    first, second = lines(written)
    assert first["event"] == "could not send %s to %s"
    assert second["event"] == "failed"
    assert second["exception"][0]["type"] == "OSError"
    assert "Janez" not in written.getvalue()


async def test_a_task_that_fails_unseen_says_nothing_of_its_text(written: io.StringIO) -> None:
    async def fails() -> None:
        raise ValueError(TYPED)

    loop = asyncio.get_running_loop()
    task = asyncio.create_task(fails())
    await asyncio.wait({task})
    loop.call_exception_handler({"message": "Task exception was never retrieved", "exception": task.exception(),
                                 "task": task})  # fmt: skip
    line = lines(written)[-1]
    assert line["exception"][0]["type"] == "ValueError"
    assert "Janez" not in written.getvalue()


async def test_no_turn_writes_what_was_typed(
    written: io.StringIO, local_bot: Client, channel: FakeChannel, script: Script
) -> None:
    """Answered, failed, pressed, rated, refused: nothing of the text, of names or of ids."""

    def fail(message: Any) -> None:
        if "pade" in message.text or message.action:
            raise RuntimeError(f"{message.text} {message.action}")

    script.hook = fail
    rating = {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": TYPED}}
    for activity in (
        channel.activity(TYPED),
        channel.activity(f"pade {TYPED}"),
        channel.activity(value={"do": TYPED, "entry": TYPED}),
        channel.activity(type="invoke", name="message/submitAction", value=rating, replyToId=TYPED),
        channel.activity(TYPED, serviceUrl=f"http://{TYPED}"),
        channel.activity(TYPED, conversation={"id": TYPED}, id=TYPED, locale=TYPED),
    ):
        async with local_bot.post("/api/messages", json=activity):
            pass
    events = {line["event"] for line in lines(written)}
    assert {"answered", "turn failed", "rated", "refused"} <= events
    told = json.dumps(lines(written), ensure_ascii=False)
    assert not [word for word in (*NEVER, "Ana Novak", "29:ana", "a:conversation") if word in told]


async def test_a_broken_body_makes_no_noise(written: io.StringIO, local_bot: Client) -> None:
    """A stranger gets a 400; nobody is called for it."""
    packed = gzip.compress(b'{"type": "message"}' * 50)
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    for body in (b"not packed", packed[:20] + b"xxxxxxxx" + packed[28:]):
        async with local_bot.post("/api/messages", data=body, headers=headers) as response:
            assert (response.status, response.headers["Connection"]) == (400, "close")
    assert [line for line in lines(written) if line["level"] in ("error", "critical")] == []
