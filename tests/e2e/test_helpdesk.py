"""The whole life of a question between two people, each at a client of their own, with a restart in the middle.

Ana asks in her private chat; Bojan is an adviser and works in his channel. Neither client is ours, and the bot between
them is a real process on a real database, stopped and started again while the question is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.browser import Browser, Page
from tests.e2e.playground import BOT, CHANNEL, PERSONAL, Playground, Shown, free_port, playing
from tests.e2e.processes import Bot, bot_running

ADVISER = 1
MENTION = f"<at>{BOT['name']}</at>"
QUESTION = "Ali mi za naziv štejejo leta dela v Avstriji?"
PATIENCE = 60.0


@dataclass
class Life:
    """The two clients, and a bot that can be started on the same port and database again and again."""

    folder: Path
    port: int
    ana: Playground
    bojan: Playground
    windows: dict[str, Page]
    bots: int = 0

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """One life of the bot; starting it and stopping it must not hold up the clients."""
        self.bots += 1
        process = bot_running(self.folder / f"bot{self.bots}", settings(self.folder, self.port))
        running = await asyncio.to_thread(process.__enter__)
        try:
            yield running
            assert running.failures() == []
        finally:
            await asyncio.to_thread(process.__exit__, None, None, None)


def settings(folder: Path, port: int) -> dict[str, str]:
    return {
        "KAZIPOT_LOCAL": "1",
        "PORT": str(port),
        "KAZIPOT_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/shared.sqlite3",
        "KAZIPOT_ADVISERS": f"00000000-0000-0000-0000-00000000000{ADVISER}",
        "KAZIPOT_HELPDESK_HOURS": "Mon-Fri 08:00-15:00",
        "KAZIPOT_HELPDESK_ANSWER_HOURS": "7",
        "KAZIPOT_DRAFTS_DIR": str(folder / "drafts"),
    }


async def until(client: Playground, wanted: Callable[[Shown], bool]) -> Shown:
    """The newest message or update that is as wanted."""

    def found() -> Shown | None:
        return next((shown for shown in reversed(client.shown) if wanted(shown)), None)

    async with asyncio.timeout(PATIENCE), client.news:
        await client.news.wait_for(lambda: found() is not None)
    shown = found()
    assert shown
    return shown


async def card_with(client: Playground, *words: str) -> Shown:
    """The newest card that has all these words."""
    return await until(client, lambda shown: all(word in shown.words for word in words))


async def press(client: Playground, card: Shown, title: str, **inputs: str) -> None:
    """Fill in the inputs of a card and press one of its buttons."""
    action = next(action for action in card.actions() if action["title"] == title)
    pressed = {
        **{name: action[name] for name in ("type", "title", "verb")},
        "data": {**action["data"], **inputs},
    }
    value = {"action": pressed, "trigger": "manual"}
    thread = next(
        shown.conversation for shown in client.shown if shown.id == card.id
    )  # updates don't name it
    await client.invoke("adaptiveCard/action", value, thread, replyToId=card.id)


@asynccontextmanager
async def two_people(folder: Path, browser: Browser) -> AsyncIterator[Life]:
    """Both clients and their windows up, and the bot once, so that they find it."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}/api/messages"
    async with AsyncExitStack() as stack:
        first = bot_running(folder / "bot0", settings(folder, port))
        await asyncio.to_thread(first.__enter__)
        try:
            ana = await stack.enter_async_context(playing(folder / "ana", endpoint))
            bojan = await stack.enter_async_context(playing(folder / "bojan", endpoint, ADVISER))
            windows = {
                "ana": await asyncio.to_thread(_window, browser, ana.url, ""),
                "bojan": await asyncio.to_thread(_window, browser, bojan.url, "Vprašanja"),
            }
            await ana.ask(PERSONAL, "slovensko")
            await bojan.ask(CHANNEL, f"{MENTION} tukaj so svetovalci", BOT["name"])
        finally:
            await asyncio.to_thread(first.__exit__, None, None, None)
        yield Life(folder, port, ana, bojan, windows)


async def asks(life: Life) -> None:
    """Ana's question is declined, and she sends it to the advisers, as she edited it."""
    declined = await life.ana.ask(PERSONAL, "koliko dni dopusta imam")
    await press(life.ana, declined, "Vprašaj človeka")
    form = await card_with(life.ana, "Vprašanje svetovalcem", "natanko to")
    await press(life.ana, form, "Pošlji svetovalcem", ticket_question=QUESTION)
    card = await card_with(life.bojan, "Vprašanje št. 1 · čaka", QUESTION)
    assert "Ana Novak" not in card.words
    assert card.conversation.partition(";")[0] == CHANNEL
    await press(life.bojan, card, "Prevzemi")
    taken = await card_with(life.bojan, "v obravnavi · Bojan Kos")
    assert taken.id == card.id, "another card instead of the same one changed"


async def is_answered(life: Life) -> None:
    """Another life of the bot: asked back, replied, answered."""
    card = await card_with(life.bojan, "v obravnavi · Bojan Kos")
    await press(life.bojan, card, "Vprašaj nazaj", ticket_words="V katerem poklicu ste delali?")
    asked = await card_with(life.ana, "prosijo za pojasnilo", "V katerem poklicu ste delali?")
    await press(life.ana, asked, "Pošlji svetovalcem", ticket_words="Kot učiteljica na osnovni šoli.")
    replied = await card_with(life.bojan, "Kot učiteljica na osnovni šoli.")
    assert replied.id == card.id
    await asyncio.to_thread(_answer_in_the_window, life.windows["bojan"])
    await card_with(life.ana, "Odgovor svetovalcev na vprašanje št. 1", "Da, s potrdilom delodajalca.")


async def is_solved(life: Life) -> None:
    """A third one: a draft for the knowledge base, thanks, reopened, handed over and closed."""
    card = await card_with(life.bojan, "odgovorjeno · Bojan Kos")
    await press(life.bojan, card, "Predlagaj za bazo znanja")
    await until(life.bojan, lambda shown: "osnutek-1" in shown.words)
    answer = await card_with(life.ana, "Odgovor svetovalcev")
    await press(life.ana, answer, "Hvala, rešeno")
    solved = await card_with(life.bojan, "· rešeno")
    await press(life.bojan, solved, "Znova odpri")
    again = await until(life.bojan, lambda shown: "v obravnavi" in shown.heading and "rešeno" in shown.words)
    await press(life.bojan, again, "Predaj", ticket_words="Za kolegico.")
    free = await until(life.bojan, lambda shown: "· čaka" in shown.heading and "Za kolegico." in shown.words)
    await press(life.bojan, free, "Zaključi")
    closed = await card_with(life.bojan, "· zaključeno")
    assert closed.id == card.id


@pytest.mark.asyncio
async def test_the_whole_life_with_restarts(tmp_path: Path, browser: Browser) -> None:
    async with two_people(tmp_path, browser) as life:
        for step in (asks, is_answered, is_solved):
            async with life.bot():
                await step(life)
        await asyncio.to_thread(_look, life, tmp_path)


def _window(browser: Browser, url: str, channel: str) -> Page:
    """The client's own window, at a channel or at the private chat."""
    page = browser.open(viewport={"width": 1300, "height": 1500})
    page.goto(url)
    page.waitForSelector("[role=textbox]")
    if channel:
        page.click(f"text={channel} >> nth=0")
    return page


def _answer_in_the_window(page: Page) -> None:
    """Read the reply, type into the ticket's card and press the button, as an adviser does."""
    page.waitForSelector("text=Kot učiteljica na osnovni šoli.")
    page.click(".ac-adaptiveCard textarea >> nth=0")
    page.call("keyboard.type", "Da, s potrdilom delodajalca.")
    page.click('.ac-adaptiveCard button[aria-label="Odgovori"] >> nth=0')


def _look(life: Life, folder: Path) -> None:
    """Both windows as they are in the end show what was said, and nothing that is not theirs."""
    shown = {}
    for name, page in life.windows.items():
        shown[name] = page.run("() => document.body.innerText")
        page.screenshot({"path": str(folder / f"{name}.png")})
        page.end()
    assert "Da, s potrdilom delodajalca." in shown["ana"]
    assert "Za kolegico." not in shown["ana"]
    assert "Za kolegico." in shown["bojan"]
    assert "zaključeno" in shown["bojan"]
    assert "Ana Novak" not in shown["bojan"]


def _wait_for(page: Page, words: str) -> None:
    page.wait_until("(words) => document.getElementById('talk').innerText.includes(words)", words)


def _press(page: Page, title: str) -> None:
    """The newest button of this title on the page."""
    page.click(f"#talk .ac-pushButton:has-text('{title}') >> nth=-1")


def test_both_sides_on_the_local_page(tmp_path: Path, browser: Browser) -> None:
    """On one machine: one page asks, another is the advisers' channel; both stay open while the bot is restarted."""
    port = free_port()
    local = settings(tmp_path, port)
    pages: list[Page] = []
    with bot_running(tmp_path / "first", local) as bot:
        for query in ("", "?as=svetovalec"):
            pages.append(browser.open(viewport={"width": 900, "height": 1400}))
            pages[-1].goto(bot.url + query)
        user, adviser = pages
        _wait_for(adviser, "Sem Kažipot")
        adviser.fill("#text", "tukaj so svetovalci")
        adviser.press("#text", "Enter")
        _wait_for(adviser, "prihajala v ta kanal")
        user.fill("#text", "koliko stane parkiranje v Piranu")
        user.press("#text", "Enter")
        _wait_for(user, "Vprašaj človeka")
        _press(user, "Vprašaj človeka")
        _wait_for(user, "natanko to")
        user.fill("#talk textarea >> nth=-1", QUESTION)
        user.screenshot({"path": str(tmp_path / "form.png")})
        _press(user, "Pošlji svetovalcem")
        _wait_for(user, "Vprašanje št. 1 je poslano")
        _wait_for(adviser, QUESTION)
        _press(adviser, "Prevzemi")
        _wait_for(adviser, "v obravnavi")
        assert bot.failures() == []
    with bot_running(tmp_path / "second", local) as bot:
        adviser.fill("#talk textarea >> nth=-1", "Da, s potrdilom delodajalca.")
        adviser.screenshot({"path": str(tmp_path / "card.png")})
        _press(adviser, "Odgovori")
        _wait_for(user, "Da, s potrdilom delodajalca.")
        user.screenshot({"path": str(tmp_path / "answer.png")})
        _press(user, "Hvala, rešeno")
        _wait_for(adviser, "rešeno")
        assert bot.failures() == []
    for page in pages:
        page.end()
