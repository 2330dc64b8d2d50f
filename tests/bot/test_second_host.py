"""The conversation does not know its host: one without the SDK says the same, word for word."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from bot.storage.memory import MemoryStorage
from tests.support.channel import FakeChannel
from tests.support.host import real_answering, running, settings
from tests.support.second_host import Outbox, second_host

ROOT = Path(__file__).parents[2]
DECISION = ROOT / "docs" / "adr" / "0012-second-host.md"
DAY = date(2026, 11, 21)
THREAD = {"id": "19:team@thread.tacv2;messageid=17", "conversationType": "channel"}
ENTRY = {"do": "entry", "entry": "vlozitev-kdaj-sam"}
INVOKE = {"type": "invoke", "text": ""}


ACTIVITIES: dict[str, dict[str, Any]] = {
    "question": {"text": "Kdaj lahko predlog vložim sam?"},
    "greeting": {"text": "Pozdravljeni"},
    "thread": {"text": "Katere priloge potrebujem za svetnika?", "conversation": THREAD},
    "check": {"text": "Sem mentorica 4 leta, imam 5 točk NIU. Ali lahko napredujem v svetovalko?"},
    "welcome": {
        "type": "conversationUpdate",
        "membersAdded": [{"id": "28:me"}],
        "recipient": {"id": "28:me"},
    },
    "button": {"text": "", "value": ENTRY},
    "replacing": {"text": "", "value": ENTRY | {"replace": True}, "replyToId": "card-1"},
    "execute": INVOKE | {"name": "adaptiveCard/action", "value": {"action": {"data": ENTRY}}},
    "execute and replace": INVOKE
    | {"name": "adaptiveCard/action", "value": {"action": {"data": ENTRY | {"replace": True}}}},
    "search": INVOKE | {"name": "composeExtension/query", "value": {"parameters": [{"value": "priloge"}]}},
    "dialog": INVOKE
    | {"name": "composeExtension/fetchTask", "value": {"messagePayload": {"body": {"content": "Kdaj?"}}}},
    "rating": INVOKE
    | {
        "name": "message/submitAction",
        "value": {"actionName": "feedback", "actionValue": {"reaction": "like"}},
    },
    "unknown invoke": INVOKE | {"name": "x"},
    "reaction": {"type": "messageReaction"},
    "buffered": {"text": "Kdaj lahko predlog vložim sam?", "deliveryMode": "expectReplies"},
    "buffered execute": INVOKE
    | {"name": "adaptiveCard/action", "value": {"action": {"data": ENTRY}}, "deliveryMode": "expectReplies"},
}


@pytest_asyncio.fixture
async def first(tmp_path: Path) -> AsyncIterator[TestClient[Any, Any]]:
    chosen = settings(tmp_path, today=DAY)
    async with running(chosen, answering=real_answering(), storage=MemoryStorage()) as client:
        yield client


def without_order(sent: list[tuple[str, str, dict[str, Any]]]) -> list[tuple[str, str, dict[str, Any]]]:
    """Without the hint that the SDK adds to every message; it says nothing."""
    return [
        (method, path, {name: value for name, value in body.items() if name != "inputHint"})
        for method, path, body in sent
    ]


@pytest.mark.parametrize("name", ACTIVITIES)
async def test_both_hosts_say_the_same(first: TestClient[Any, Any], channel: FakeChannel, name: str) -> None:
    activity = channel.activity(**ACTIVITIES[name])
    async with first.post("/api/messages", json=activity) as response:
        assert response.status in (200, 202)
        theirs = await response.json() if response.status == 200 else None
    outbox = Outbox()
    ours = await second_host(real_answering(), outbox, DAY).receive(activity)
    sent = [(one.method, one.path.removeprefix("/connector/"), one.activity) for one in channel.sent]
    assert without_order(outbox.sent) == without_order(sent)
    if theirs and "activities" in theirs:
        for reply in theirs["activities"]:
            reply.pop("inputHint", None)
    assert ours == theirs


ALONE = """
import asyncio, sys
from datetime import date
from bot.answering import load_answering
from tests.support.channel import FakeChannel
from tests.support.second_host import Outbox, second_host

outbox = Outbox()
host = second_host(load_answering(), outbox, date(2026, 11, 21))
activity = FakeChannel(url="http://127.0.0.1:1").activity("Kdaj lahko predlog vložim sam?")
asyncio.run(host.receive(activity))
print(outbox.sent[-1][2]["text"])
print([name for name in sys.modules if name.startswith(("botbuilder", "botframework"))])
"""


def test_no_line_of_the_sdk_is_needed() -> None:
    """The whole conversation answers in a process that never imports the SDK."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr.strip() == ""
    assert done.returncode == 0
    assert "Viri: [1]" in done.stdout
    assert done.stdout.endswith("\n[]\n")


ROWS = re.findall(r"^\| [^|]+ \| `(.+)` \| (\d+) \|$", DECISION.read_text("utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize(("command", "counted"), ROWS)
def test_lines_are_as_counted(command: str, counted: str) -> None:
    """Within a sixth: the decision rests on the size, not on the line."""
    done = subprocess.run(
        ["bash", "-c", command.replace("\\|", "|")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert abs(int(done.stdout.split()[0]) - int(counted)) <= int(counted) / 6
