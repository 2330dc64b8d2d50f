"""The postman: sends what waits, again after a failure, and gives up where nobody is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.metrics import Metrics
from bot.storage.outbox import SqlOutbox
from bot.storage.sql import SqlStorage
from bot.storage.tables import outbox
from bot.transport.outbox import GIVE_UP, Postman
from bot.transport.sender import SendFailed
from tests.storage.test_outbox import MESSAGE, NOW, commit


class Delivery:
    """Takes messages, or refuses them with the next status of `refuse`."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.refuse: list[int] = []

    async def deliver(self, method: str, service_url: str, path: str, body: Any) -> str:
        if self.refuse:
            raise SendFailed("refused", self.refuse.pop(0))
        self.sent.append((method, path, dict(body)))
        return f"message-{len(self.sent)}"


class Setting:
    def __init__(self, store: SqlStorage) -> None:
        self.store, self.delivery, self.now = store, Delivery(), NOW
        self.outbox = SqlOutbox(store.database)
        self.postman = Postman(self.outbox, self.delivery, Metrics(), lambda: self.now)


@pytest_asyncio.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    store = SqlStorage(f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3")
    await store.open()
    yield Setting(store)
    await store.close()


async def test_sends_once_with_the_address(setting: Setting) -> None:
    await setting.store.save(commit(MESSAGE))
    assert await setting.postman.round() == 1
    assert await setting.postman.round() == 0
    [(method, path, body)] = setting.delivery.sent
    assert (method, path) == ("POST", "v3/conversations/a%3A1/activities")
    assert body["conversation"] == {"id": "a:1", "tenantId": "tenant"}
    assert body["attachments"][0]["content"] == MESSAGE.card
    assert body["summary"] == MESSAGE.text


async def test_an_update_takes_the_place_of_the_message(setting: Setting) -> None:
    await setting.store.save(commit(MESSAGE, replace(MESSAGE, key="second", replaces="first")))
    assert await setting.postman.round() == 2
    assert [(method, path) for method, path, _ in setting.delivery.sent] == [
        ("POST", "v3/conversations/a%3A1/activities"),
        ("PUT", "v3/conversations/a%3A1/activities/message-1"),
    ]


async def test_an_update_of_a_deleted_message_is_sent_anew(setting: Setting) -> None:
    await setting.store.save(commit(MESSAGE))
    await setting.postman.round()
    await setting.store.save(commit(replace(MESSAGE, key="second", replaces="first")))
    setting.delivery.refuse = [404]
    assert await setting.postman.round() == 1
    assert [method for method, *_ in setting.delivery.sent] == ["POST", "POST"]


async def test_a_failure_is_tried_again_later_each_time_after_longer(setting: Setting) -> None:
    await setting.store.save(commit(MESSAGE))
    setting.delivery.refuse = [503, 503]
    assert await setting.postman.round() == 0
    setting.now += timedelta(seconds=15)
    assert await setting.postman.round() == 0
    setting.now += timedelta(seconds=15)
    assert await setting.postman.round() == 0
    setting.now += timedelta(seconds=15)
    assert await setting.postman.round() == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_where_nobody_is_it_gives_up_at_once(setting: Setting, status: int) -> None:
    await setting.store.save(commit(MESSAGE))
    setting.delivery.refuse = [status]
    assert await setting.postman.round() == 0
    assert await setting.outbox.waiting() == 0


async def test_gives_up_after_days(setting: Setting) -> None:
    await setting.store.save(commit(MESSAGE))
    setting.now += GIVE_UP + timedelta(seconds=1)
    setting.delivery.refuse = [503]
    await setting.postman.round()
    assert await setting.outbox.waiting() == 0


async def test_what_is_of_no_use_any_more_is_not_sent(setting: Setting) -> None:
    until = NOW + timedelta(hours=1)
    await setting.store.save(commit(replace(MESSAGE, until=until), replace(MESSAGE, key="second")))
    setting.now = until + timedelta(seconds=1)
    assert await setting.postman.round() == 1
    assert len(setting.delivery.sent) == 1
    async with setting.store.database.statement() as connection:
        failures = (await connection.execute(select(outbox.c.key, outbox.c.failure))).all()
    assert sorted(failures) == [("first", "too late"), ("second", "")]


async def test_until_its_last_moment_it_is_sent(setting: Setting) -> None:
    await setting.store.save(commit(replace(MESSAGE, until=NOW)))
    assert await setting.postman.round() == 1


@pytest.mark.parametrize("status, told", [(403, ["p"]), (404, ["p"]), (503, [])])
async def test_a_place_that_is_gone_is_told_of(setting: Setting, status: int, told: list[str]) -> None:
    gone: list[str] = []

    async def note(place: str) -> None:
        gone.append(place)

    postman = Postman(setting.outbox, setting.delivery, Metrics(), lambda: setting.now, note)
    await setting.store.save(commit(MESSAGE))
    setting.delivery.refuse = [status]
    await postman.round()
    assert gone == told


async def test_stops_taking_but_keeps_what_waits(setting: Setting) -> None:
    await setting.store.save(commit(MESSAGE))
    setting.postman.stop()
    await setting.postman.run()
    assert setting.delivery.sent == []
    assert await setting.outbox.waiting() == 1
