"""Fixtures of the browser and real-client tests: one bot process and one browser for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import browser as browser_module
from tests.e2e.browser import Browser, Page, browsing
from tests.e2e.chat import Chat, open_chat
from tests.e2e.processes import DAY, Bot, ask, bot_running

HERE = Path(__file__).parent
LOCAL = {"KAZIPOT_LOCAL": "1", "KAZIPOT_TODAY": DAY}
VAGUE = ("priloge", "rok", "točke", "naziv", "pogoji", "članek", "mnenje")
"""Texts that say little. Which of them leads to choices may change with the answers, so it is looked up."""

OpenChat = Callable[..., Chat]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is marked, and runs only where there is a browser; CI may not go without one."""
    mine = [item for item in items if HERE in item.path.parents]
    lacking = browser_module.missing()
    for item in mine:
        item.add_marker(pytest.mark.e2e)
        if lacking:
            item.add_marker(pytest.mark.skip(reason=f"{lacking} is not at hand"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lacking = browser_module.missing()
    skipped = terminalreporter.stats.get("skipped", [])
    if lacking and any("e2e" in report.keywords for report in skipped):
        terminalreporter.section("THE BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.line(
            f"{lacking} is not at hand. Nothing is known about the page and the real client."
        )


@pytest.fixture(scope="session")
def running_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with bot_running(tmp_path_factory.mktemp("bot"), LOCAL) as running:
        yield running


@pytest.fixture
def bot(running_bot: Bot) -> Iterator[Bot]:
    """The bot in local mode; a test fails when a turn of it failed in there, whatever the page showed."""
    before = len(running_bot.failures())
    yield running_bot
    assert running_bot.failures()[before:] == []


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, bot: Bot, request: pytest.FixtureRequest) -> Iterator[OpenChat]:
    """Opens chats. None of them may have complained on its console or asked anyone else for anything."""
    opened: list[Page] = []

    def open_one(url: str = bot.url, **options: Any) -> Chat:
        chat = open_chat(browser, url, **options)
        opened.append(chat.page)
        return chat

    yield open_one
    allowed = [mark.args[0] for mark in request.node.iter_markers("complaint")]
    seen = [page.seen() for page in opened]
    for page in opened:
        page.end()
    problems = [problem for page in seen for problem in page["problems"]]
    assert [problem for problem in problems if not any(word in problem for word in allowed)] == []
    asked = {address.split(":")[1] for page in seen for address in page["requests"]} - {""}
    assert asked <= {"//127.0.0.1", "//localhost", ","}, f"the page asked {asked}"


@pytest.fixture
def chat(open_page: OpenChat) -> Chat:
    return open_page()


@pytest.fixture(scope="session")
def vague() -> str:
    """A text that the engine answers with choices."""
    found = [text for text, answer in zip(VAGUE, ask(*VAGUE), strict=True) if answer["status"] == "clarify"]
    assert found, f"none of {VAGUE} leads to choices"
    return found[0]


def wait_until(check: Callable[[], bool], what: str, patience: float = 60.0) -> None:
    """Wait for something outside the browser to become true."""
    deadline = time.monotonic() + patience
    while not check():
        assert time.monotonic() < deadline, f"waited {patience:.0f} s for {what}"
        time.sleep(0.05)
