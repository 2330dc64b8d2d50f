"""The bot on loopback, with a dialogue of a few lines in the place of the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from bot.answering import Answering, apologise, load_answering
from bot.app import Parts, create_app
from bot.dialogue.board import Board
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from bot.settings import Settings
from cards.views import NoticeView
from tests.support.channel import APP, TENANT, FakeChannel
from tests.support.login import FakeLogin


def settings(folder: Path, **changes: Any) -> Settings:
    """Local settings with a database of their own; nothing is read from `.env`."""
    values: dict[str, Any] = {
        "local": True,
        "database_url": f"sqlite+aiosqlite:///{folder}/test.sqlite3",
    }
    return Settings(_env_file=None, **(values | changes))


def with_credentials(folder: Path, channel: FakeChannel, login: FakeLogin, **changes: Any) -> Settings:
    """Settings of a bot that checks tokens, pointed at a channel and login server on loopback."""
    return settings(
        folder,
        **{
            "local": False,
            "app_id": APP,
            "app_password": "secret",
            "app_tenant": "adfs",
            "allowed_tenants": (TENANT,),
            "service_hosts": ("127.0.0.1",),
            "openid_url": channel.openid_url,
            "login_url": login.url,
        }
        | changes,
    )


@dataclass
class Script:
    """A dialogue that counts its turns in `question` and says what it was told; commands make it fail."""

    seen: list[Message] = field(default_factory=list)
    hook: Callable[[Message], None] = lambda message: None

    def respond(
        self, message: Message, state: ConversationState, on: date, dropped: bool, board: Board
    ) -> Outcome:
        self.seen.append(message)
        self.hook(message)
        if message.text == "crash" or state.entry == "poison":
            raise RuntimeError("secret text of the exception")
        count = str(int(state.question or "0") + 1)
        words = f"{message.kind}:{message.text}:{count}:{'dropped' if dropped else ''}"
        intent = "forget" if message.text == "forget" else "question"
        return Outcome("notice", (NoticeView(text=words),), replace(state, question=count), intent=intent)

    def answering(self, **problems: str) -> Answering:
        """The script in the shape that the app takes."""
        return Answering(self.respond, apologise, problems)


class Naps:
    """Takes the place of sleeping, and remembers how long it would have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def running(settings: Settings, **parts: Any) -> AsyncIterator[TestClient[Any, Any]]:
    """The application served on loopback."""
    given = Parts(**({"answering": Script().answering()} | parts))
    async with TestClient(TestServer(create_app(settings, given))) as client:
        yield client


@lru_cache(maxsize=1)
def real_answering() -> Answering:
    """The dialogue itself, loaded once in a test run."""
    return load_answering()
