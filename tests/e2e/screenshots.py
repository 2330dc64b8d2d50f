"""Pictures of the main screens for the documentation: `make screenshots`, or some of them by name."""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.e2e.browser import Browser, Page, browsing, missing
from tests.e2e.chat import DARK, PHONE, REPLIES, Chat, open_chat
from tests.e2e.playground import playing, signing
from tests.e2e.processes import DAY, ROOT, bot_running
from tests.support.channel import FakeChannel

FOLDER = ROOT / "docs" / "screenshots"
QUESTION = "Kdaj lahko sam vložim predlog?"
CASE = "Sem svetovalka od leta 2016, 22 let delovne dobe, 6 točk seminarjev. Ali lahko napredujem v svetnico?"
AGREED_ON, OPENED_ON = "2027-01-20", "2027-02-01"
RATE = f"{REPLIES}:last-child .ac-columnSet .ac-selectable >> nth=1"

Steps = Callable[[Chat], Any]


def asking(*texts: str) -> Steps:
    """Say some things, one after the other."""
    return lambda chat: [chat.ask(text) for text in texts]


def then(steps: Steps, title: str) -> Steps:
    """Do some steps and press a button of the last reply."""
    return lambda chat: (steps(chat), chat.press(title))


def rated(chat: Chat) -> None:
    """An answer, found not helpful."""
    chat.ask("Katere priloge potrebujem za svetnika?")
    chat.page.click(RATE)
    chat.wait_for(2)


def window(height: int) -> Mapping[str, Any]:
    return {"viewport": {"width": 900, "height": height}}


result = asking(CASE, "pokaži izid")
SCENES: Mapping[str, tuple[Steps, Mapping[str, Any]]] = {
    "welcome.png": (asking(), window(720)),
    "page.png": (asking(QUESTION), window(1120)),
    "phone.png": (asking(QUESTION), {**PHONE, **DARK, "deviceScaleFactor": 2}),
    "choices.png": (asking("priloge"), window(640)),
    "declined.png": (asking("Koliko dni dopusta imam?"), {**PHONE, "deviceScaleFactor": 2}),
    "check.png": (asking(CASE), window(1420)),
    "result.png": (result, window(2720)),
    "form.png": (then(result, "Spremeni podatke"), window(1820)),
    "print.png": (then(result, "Za tisk in shranjevanje"), window(1300)),
    "feedback.png": (rated, window(640)),
}


def save(chat: Chat, name: str) -> None:
    """Take the picture of a chat as it stands, and close it."""
    chat.page.hover("h1")
    chat.page.run("() => document.fonts.ready.then(() => true)")
    take(chat.page, name)
    chat.page.end()


def take(page: Page, name: str, **options: Any) -> None:
    page.screenshot({"path": str(FOLDER / name), "animations": "disabled", **options})
    print(FOLDER / name)


def on_the_page(browser: Browser, url: str, names: set[str]) -> None:
    """One picture for each scene of the local page."""
    for name in names & set(SCENES):
        steps, options = SCENES[name]
        chat = open_chat(browser, url, reducedMotion="reduce", **options)
        steps(chat)
        save(chat, name)


def reminder(browser: Browser, folder: Path) -> None:
    """What was agreed to on one day, and the message of another."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    local = {"KAZIPOT_LOCAL": "1", "PORT": port}
    with bot_running(folder, {**local, "KAZIPOT_TODAY": AGREED_ON}) as bot:
        chat = open_chat(browser, bot.url, reducedMotion="reduce", **window(1010))
        chat.ask("Opomni me, ko se odpre rok")
        chat.press("Da, opomni me")
        before = len(chat.replies())
    with bot_running(folder, {**local, "KAZIPOT_TODAY": OPENED_ON}):
        chat.wait_for(before)
        chat.page.run(
            "() => { const talk = document.getElementById('talk'); talk.scrollTop = talk.scrollHeight }"
        )
        save(chat, "reminder.png")


async def in_the_client(browser: Browser, url: str, folder: Path) -> None:
    """The message extension in a client that knows it, in Slovenian: the search and what it found first."""
    async with signing(FakeChannel(), url) as proxy, playing(folder, f"{proxy.url}/api/messages") as client:

        def search() -> None:
            page = browser.open(viewport={"width": 1300, "height": 1000}, deviceScaleFactor=2)
            page.goto(client.url)
            page.click('button[aria-label="Trigger Message Extension App"]')
            page.click("text=Search Command")
            page.fill('input[placeholder="Enter a search term"]', "sam")
            page.waitForSelector("h1")
            box = page.run(
                """() => {
                    const field = document.querySelector("input[placeholder='Enter a search term']");
                    const {x, y, width} = field.closest("[role=group]").getBoundingClientRect();
                    const third = document.querySelectorAll("[role=group] h1")[2].getBoundingClientRect();
                    return {x, y, width, height: third.top - 10 - y};
                }"""
            )
            take(page, "extension.png", clip=box)
            page.end()

        await asyncio.to_thread(search)


def main() -> int:
    """Start the bot and a browser, and take the pictures."""
    if lacking := missing():
        print(f"No pictures without {lacking}.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    names = set(sys.argv[1:]) or {*SCENES, "reminder.png", "extension.png"}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        settings = {"KAZIPOT_LOCAL": "1", "KAZIPOT_TODAY": DAY}
        with bot_running(folder / "bot", settings) as bot, browsing(folder) as browser:
            on_the_page(browser, bot.url, names)
            if "extension.png" in names:
                asyncio.run(in_the_client(browser, bot.url, folder / "client"))
            if "reminder.png" in names:
                reminder(browser, folder / "reminded")
    return 0


if __name__ == "__main__":
    sys.exit(main())
