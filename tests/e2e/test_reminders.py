"""A reminder on the local page: asked for and agreed to on one day, written by the bot on another."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.request import urlopen

import pytest
from icalendar import Calendar

from tests.e2e.conftest import OpenChat
from tests.e2e.processes import Bot, bot_running

pytestmark = [
    pytest.mark.complaint(words)
    for words in ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
]
"""The page goes on looking for mail while the bot is stopped."""

LINK = ".ac-adaptiveCard a[href$='.ics']"
ASKED, OPENED, CLOSING = "2027-01-20", "2027-02-01", "2027-02-21"


@pytest.fixture
def port() -> str:
    """One port for all runs of the bot, so that the page finds each of them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def settings(port: str, day: str) -> dict[str, str]:
    return {"KAZIPOT_LOCAL": "1", "KAZIPOT_TODAY": day, "PORT": port}


def fine(bot: Bot) -> None:
    assert bot.failures() == []


def test_reminder_from_the_question_to_the_last_message(
    open_page: OpenChat, tmp_path: Path, port: str
) -> None:
    """The bot is stopped in between, as over a night; the page stays open."""
    with bot_running(tmp_path, settings(port, ASKED)) as bot:
        chat = open_page(bot.url)
        chat.ask("Kdaj lahko sam vložim predlog?")
        offer = chat.press("Opomni me, ko se odpre rok")
        assert "1. 2. 2027" in offer
        assert "Ali se strinjate?" in offer
        assert "nastavljen" in chat.press("Da, opomni me")
        assert "21. 2. 2027" in chat.ask("moji opomniki")
        fine(bot)
    before = len(chat.replies())
    with bot_running(tmp_path, settings(port, OPENED)) as bot:
        opened = chat.wait_for(before)
        assert opened.startswith("Rok je odprt")
        assert "28. 2. 2027" in opened
        fine(bot)
    with bot_running(tmp_path, settings(port, OPENED)) as bot:  # the same day again: nothing is told twice
        assert "21. 2. 2027" in chat.ask("moji opomniki")
        assert len(chat.replies()) == before + 2
        fine(bot)
    before = len(chat.replies())
    with bot_running(tmp_path, settings(port, CLOSING)) as bot:
        assert "zadnji opomnik" in chat.wait_for(before)
        assert "nimate" in chat.ask("moji opomniki")
        fine(bot)


def test_stopped_by_its_button(open_page: OpenChat, tmp_path: Path, port: str) -> None:
    with bot_running(tmp_path, settings(port, ASKED)) as bot:
        chat = open_page(bot.url)
        chat.ask("in english")
        chat.ask("Remind me when the window opens")
        chat.press("Yes, remind me")
        assert "stopped" in chat.press("Stop reminders")
        assert "no reminders" in chat.ask("my reminders")
        fine(bot)


def test_calendar_is_linked_and_can_be_read(open_page: OpenChat, tmp_path: Path, port: str) -> None:
    with bot_running(tmp_path, settings(port, ASKED)) as bot:
        chat = open_page(bot.url)
        chat.ask("Kdaj lahko sam vložim predlog?")
        chat.page.waitForSelector(LINK)
        link = chat.page.run("(link) => document.querySelector(link).href", LINK)
        assert link == f"{bot.url}koledar.ics"
        with urlopen(link) as answer:
            calendar = Calendar.from_ical(answer.read())
        fine(bot)
    assert len(calendar.walk("VEVENT")) >= 10
