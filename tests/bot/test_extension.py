"""The message extension: search as one types, a dialog that answers somebody's message, the answer to insert."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from bot.storage.memory import MemoryStorage
from bot.transport.extension import dialog, read_asked
from tests.support.adaptive import actions_of, check_card
from tests.support.channel import FakeChannel
from tests.support.host import Script, real_answering, running, settings

Client = TestClient[Any, Any]
CARD = "application/vnd.microsoft.card.adaptive"
QUESTION = "<div><div>Kdaj lahko <b>predlog</b> vložim sam?</div></div>"


@pytest.fixture
def store() -> MemoryStorage:
    return MemoryStorage()


@pytest_asyncio.fixture
async def bot(tmp_path: Path, store: MemoryStorage) -> AsyncIterator[Client]:
    chosen = settings(tmp_path, today=date(2026, 11, 21))
    async with running(chosen, answering=real_answering(), storage=store) as client:
        yield client


async def invoke(bot: Client, channel: FakeChannel, name: str, value: Any, **changes: Any) -> Any:
    activity = channel.activity("", **({"type": "invoke", "name": name, "value": value} | changes))
    async with bot.post("/api/messages", json=activity) as response:
        assert response.status == 200
        return await response.json()


async def search(bot: Client, channel: FakeChannel, words: str, **changes: Any) -> list[dict[str, Any]]:
    parameters = [{"name": "query", "value": words}]
    value = {"commandId": "search", "parameters": parameters, "queryOptions": {"skip": 0, "count": 25}}
    body = (await invoke(bot, channel, "composeExtension/query", value, **changes))["composeExtension"]
    assert (body["type"], body["attachmentLayout"]) == ("result", "list")
    found: list[dict[str, Any]] = body["attachments"]
    return found


async def ask(bot: Client, channel: FakeChannel, content: Any, **changes: Any) -> dict[str, Any]:
    payload = {"id": "1", "body": {"contentType": "html", "content": content}}
    value = {"commandId": "ask", "commandContext": "message", "messagePayload": payload}
    body = await invoke(bot, channel, "composeExtension/fetchTask", value, **changes)
    task: dict[str, Any] = body["task"]
    assert task["type"] == "continue"
    assert len(task["value"]["title"]) <= 30
    card: dict[str, Any] = task["value"]["card"]["content"]
    check_card(card)
    return card


async def press(bot: Client, channel: FakeChannel, data: Any) -> Any:
    value = {"commandId": "ask", "commandContext": "message", "data": data}
    return await invoke(bot, channel, "composeExtension/submitAction", value)


@pytest.mark.parametrize("words", ["priloge za svetnika", "prilog", "KDAJ LAHKO", "dodatno strokovno delo"])
async def test_results_are_answers_with_their_source(bot: Client, channel: FakeChannel, words: str) -> None:
    found = await search(bot, channel, words)
    assert 0 < len(found) <= 8
    for result in found:
        assert result["contentType"] == CARD
        check_card(result["content"])
        assert "actions" not in result["content"]
        assert "Viri" in str(result["content"])
        preview = result["preview"]
        assert preview["contentType"] == "application/vnd.microsoft.card.thumbnail"
        assert preview["content"]["title"] in str(result["content"])
        assert 0 < len(preview["content"]["text"]) <= 160


async def test_without_words_the_questions_to_start_with(bot: Client, channel: FakeChannel) -> None:
    value = {"commandId": "search", "parameters": [{"name": "initialRun", "value": "true"}]}
    first = (await invoke(bot, channel, "composeExtension/query", value))["composeExtension"]["attachments"]
    assert len(first) == 8
    assert await search(bot, channel, "  ") == first


async def test_in_english(bot: Client, channel: FakeChannel) -> None:
    found = await search(bot, channel, "attachments", locale="en-GB")
    assert "Sources" in str(found[0]["content"])


async def test_nothing_found_is_said(bot: Client, channel: FakeChannel) -> None:
    value = {"parameters": [{"name": "query", "value": "qwertzuiop"}]}
    body = await invoke(bot, channel, "composeExtension/query", value)
    assert body["composeExtension"]["type"] == "message"
    assert "Ni zadetkov" in body["composeExtension"]["text"]


async def test_second_page_is_empty(bot: Client, channel: FakeChannel) -> None:
    value = {"parameters": [{"name": "query", "value": "priloge"}], "queryOptions": {"skip": 25}}
    body = await invoke(bot, channel, "composeExtension/query", value)
    assert body["composeExtension"]["attachments"] == []


async def test_somebodys_message_is_answered_and_inserted(
    bot: Client, channel: FakeChannel, store: MemoryStorage
) -> None:
    card = await ask(bot, channel, QUESTION)
    (insert,) = card["actions"]
    assert insert["type"] == "Action.Submit"
    body = (await press(bot, channel, insert["data"]))["composeExtension"]
    assert body["type"] == "result"
    (result,) = body["attachments"]
    check_card(result["content"])
    assert "actions" not in result["content"]
    assert result["content"]["body"][0] == card["body"][0]
    assert channel.sent == []
    assert not store._rows
    assert {event.status for event in store.events} == {"answer"}


async def test_choice_in_the_dialog(bot: Client, channel: FakeChannel) -> None:
    card = await ask(bot, channel, "priloge")
    assert {action["type"] for action in actions_of(card)} == {"Action.Submit"}
    choice = next(action for action in actions_of(card) if action["data"]["do"] == "entry")
    body = await press(bot, channel, choice["data"])
    assert "Viri" in str(body["task"]["value"]["card"]["content"])


async def test_personal_case_of_somebody_gets_the_general_rule(bot: Client, channel: FakeChannel) -> None:
    case = (
        "Sem učiteljica, mentorica 4 leta, imam 5 točk NIU in 6 točk DSD. Ali lahko napredujem v svetovalko?"
    )
    card = await ask(bot, channel, case, conversation={"id": "a:1", "conversationType": "personal"})
    assert all(action["data"]["do"] == "entry" for action in actions_of(card))
    assert "zasebnem pogovoru" in str(card)


@pytest.mark.parametrize(
    "content", ["", None, 5, ["x"], "<img src=x>", "<" * 1000, "&#xd800;", "a" * 200_000, "<!--"]
)
async def test_odd_messages_are_answered(bot: Client, channel: FakeChannel, content: Any) -> None:
    assert (await ask(bot, channel, content))["body"]


NAMES = ("composeExtension/query", "composeExtension/fetchTask", "composeExtension/submitAction")
ODD: list[Any] = [
    None, 1, "x", [], {}, {"parameters": 5}, {"parameters": [None, 1, "x", {}, {"name": "query"}, {"value": 7}]},
    {"parameters": {"name": "query"}, "queryOptions": []}, {"queryOptions": {"skip": "x"}}, {"messagePayload": []},
    {"messagePayload": {"body": "x"}}, {"data": []}, {"data": {"do": None}}, {"data": {"do": ["x"]}},
    {"data": {"do": "entry", "entry": "../../etc/passwd", "insert": True}}, {"data": {"do": "entry", "insert": "x"}},
    {"data": {"do": "check", "insert": True}}, {"data": {"do": "forget"}}, {"data": {"insert": True}},
    {"parameters": [{"name": "query", "value": "a" * 100_000}]}, {"parameters": [{"value": "\ud800 \x00"}]},
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ODD)
async def test_odd_values_are_answered(bot: Client, channel: FakeChannel, name: str, value: Any) -> None:
    body = await invoke(bot, channel, name, value)
    assert list(body) in (["composeExtension"], ["task"])
    assert "oznako" not in str(body)
    assert channel.sent == []


@pytest.mark.parametrize(
    "name", ["composeExtension/queryLink", "composeExtension/selectItem", "task/fetch", "x", 7]
)
async def test_other_invokes_are_acknowledged(bot: Client, channel: FakeChannel, name: Any) -> None:
    assert await invoke(bot, channel, name, {}) == {}


async def test_failure_is_said_in_the_response(tmp_path: Path, channel: FakeChannel) -> None:
    async with running(settings(tmp_path), answering=Script().answering()) as bot:
        payload = {"messagePayload": {"body": {"content": "crash"}}}
        body = await invoke(bot, channel, "composeExtension/fetchTask", payload)
        assert "oznako" in str(body["task"]["value"]["card"])
        body = await invoke(bot, channel, "composeExtension/query", {"parameters": [{"value": "crash"}]})
        assert "oznako" in body["composeExtension"]["text"]


async def test_search_is_not_kept_or_counted(bot: Client, channel: FakeChannel, store: MemoryStorage) -> None:
    await search(bot, channel, "priloge")
    assert not store._rows
    assert not store.events


def test_words_of_a_message() -> None:
    content = '<p>Kdaj&nbsp;<at id="0">Ana</at>,</p><div>sam &amp; zdaj?<br>Hvala</div>'
    text, action, insert = read_asked({"value": {"messagePayload": {"body": {"content": content}}}})
    assert text.split() == ["Kdaj", "Ana,", "sam", "&", "zdaj?", "Hvala"]
    assert (action, insert) == (None, False)


def test_nothing_to_show() -> None:
    assert dialog(()) == {}
