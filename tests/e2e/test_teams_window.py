"""The client's own window, used as a person does: mouse and keyboard, ratings, the message extension and its dialog."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.browser import Browser, Page
from tests.e2e.playground import PERSONAL, Playground
from tests.e2e.test_teams_client import ANSWERED, DECLINED, Place, client, place

__all__ = ["client", "place"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRITE = "[role=textbox]"
EXTENSION = 'button[aria-label="Trigger Message Extension App"]'
DIALOG = "[role=dialog]"
HEADINGS = ".ac-adaptiveCard [role=heading]"
LAST_CARD = """([words, found]) => {
    const last = [...document.querySelectorAll(".ac-adaptiveCard")].at(-1);
    return new RegExp(words).test(last?.innerText) === found;
}"""
CHOSEN = "Odslej odgovarjam|From now on"


class Window:
    """The client's window in a browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.page: Page = browser.open(viewport={"width": 1300, "height": 1000})
        self.page.goto(url)
        self.page.waitForSelector(WRITE)

    def say(self, text: str) -> None:
        """Type a message and send it."""
        self.page.click(WRITE)
        self.page.call("keyboard.type", text)
        self.page.key("Enter")

    def shows(self, heading: str, within: str = "") -> None:
        """Wait until a card with a heading is in sight."""
        self.page.wait_until(
            "([where, title]) => [...document.querySelectorAll(where)].some((it) => it.textContent.trim() === title)",
            [f"{within} {HEADINGS}".strip(), heading],
        )

    def inserted(self) -> None:
        """Send what the extension put into the compose box."""
        self.page.waitForSelector(f"{WRITE} .ac-adaptiveCard")
        self.page.click('button[aria-label="Send Message"]')


OPENED: list[Window] = []


async def at_the_window(browser: Browser, client: Playground, use: Callable[[Window], Any]) -> Any:
    """Use the window in a thread of its own, as the browser's calls wait.

    It is closed when the next one is opened: by then nothing is on its way to it any more.
    """

    def work() -> Any:
        while OPENED:
            OPENED.pop().page.end()
        OPENED.append(Window(browser, client.url))
        return use(OPENED[-1])

    return await asyncio.to_thread(work)


def title_of(answer: dict[str, Any]) -> str:
    return str(answer["card"]["body"][0]["text"])


def invoked(client: Playground, name: str) -> list[dict[str, Any]]:
    """The invokes of a name that the client sent so far."""
    bodies = [exchange["request"].get("body") or {} for exchange in client.exchanges()]
    return [body for body in bodies if body.get("name") == name]


@pytest.mark.parametrize("thumb, reaction", [("Like", "like"), ("Dislike", "dislike")])
async def test_thumbs(place: Place, client: Playground, browser: Browser, thumb: str, reaction: str) -> None:
    """Teams' own buttons with a reason: thanked for by the client, so without an error of ours."""
    wanted = title_of(await place.expected(ANSWERED))
    before = len(invoked(client, "message/submitAction"))

    def rate(window: Window) -> None:
        window.say(ANSWERED)
        window.shows(wanted)
        window.page.click(f'button[aria-label="{thumb}"] >> nth=-1')
        window.page.fill(f"{DIALOG} textarea", "Kratko in jasno")
        window.page.click(f'{DIALOG} button:has-text("Submit")')
        window.page.waitForSelector("text=Thank you!")
        window.page.click(f'{DIALOG} button:has-text("Close")')

    await at_the_window(browser, client, rate)
    (sent,) = invoked(client, "message/submitAction")[before:]
    assert sent["value"]["actionValue"]["reaction"] == reaction
    assert "Kratko in jasno" in str(sent["value"])


async def test_search_and_insert(place: Place, client: Playground, browser: Browser) -> None:
    """Found while typing, put into the message, sent: the answer with its source, and nothing odd in return."""
    answer = await place.expected(ANSWERED)

    def search(window: Window) -> None:
        page = window.page
        page.click(EXTENSION)
        page.click("text=Search Command")
        page.fill('input[placeholder="Enter a search term"]', ANSWERED)
        page.click(f'h1:has-text("{title_of(answer)}")')
        window.inserted()
        window.shows(title_of(answer))

    before = len(client.shown)
    await at_the_window(browser, client, search)
    reply = await client.next_message(before, PERSONAL)
    assert reply.heading.startswith(("Sporočilo je prazno", "The message is empty"))


async def test_somebodys_message_is_answered_in_a_dialog_and_the_answer_inserted(
    place: Place, client: Playground, browser: Browser
) -> None:
    """From the menu of a message: its answer in a dialog, whose button puts it into the compose box."""
    answer = await place.expected(ANSWERED)

    def ask_about_it(window: Window) -> None:
        page = window.page
        window.say(ANSWERED)
        window.shows(title_of(answer))
        page.run(
            """(words) => {
                const menus = [...document.querySelectorAll('button[aria-label="Show more information"]')];
                const mine = (menu) => menu.parentElement.parentElement.parentElement.innerText.trim().endsWith(words);
                menus.findLast(mine).setAttribute("data-mine", "");
            }""",
            ANSWERED,
        )
        page.click("button[data-mine]")
        page.click("[role=menuitem]:has-text('Action Command')")
        page.fill('input[placeholder="Input command id or leave blanks"]', "ask")
        page.click('button:has-text("Create")')
        window.shows(title_of(answer), DIALOG)
        page.click(
            f"{DIALOG} .ac-actionSet button, {DIALOG} button.ac-pushButton, {DIALOG} [aria-label*=nser]"
        )
        window.inserted()

    await at_the_window(browser, client, ask_about_it)
    (fetched,) = invoked(client, "composeExtension/fetchTask")[-1:]
    assert ANSWERED in str(fetched["value"]["messagePayload"])
    assert invoked(client, "composeExtension/submitAction")


async def test_language_by_asking(place: Place, client: Playground, browser: Browser) -> None:
    """The chosen language holds for what follows, whatever the client says of itself; and back again."""
    other, back = ("in english", "po slovensko") if place.locale == "sl" else ("po slovensko", "in english")
    declined = await place.expected(DECLINED)

    def choose(window: Window) -> list[str]:
        shown = []
        for language in (other, back):
            window.say(language)
            window.page.wait_until(LAST_CARD, [CHOSEN, True])
            window.say(DECLINED)
            window.page.wait_until(LAST_CARD, [CHOSEN, False])
            shown.append(
                window.page.run("() => [...document.querySelectorAll('.ac-adaptiveCard')].at(-1).innerText")
            )
        return shown

    first, second = await at_the_window(browser, client, choose)
    assert second.startswith(title_of(declined).split("\n")[0])
    assert not first.startswith(title_of(declined).split("\n")[0])


async def test_keyboard_only(place: Place, client: Playground, browser: Browser) -> None:
    """A related question, which is a line of the card, is reached by Tab and pressed by Enter."""
    answer = await place.expected(ANSWERED)
    related = next(
        element["selectAction"]["title"] for element in answer["card"]["body"] if "selectAction" in element
    )

    def use_keys(window: Window) -> None:
        page = window.page
        window.say(ANSWERED)
        window.shows(title_of(answer))
        for _ in range(60):
            page.key("Shift+Tab")
            if (
                page.run(
                    "() => document.activeElement.matches('.ac-selectable') && document.activeElement.innerText"
                )
                == related
            ):
                break
        else:
            pytest.fail("the related question can't be reached with Shift+Tab")
        assert page.run("() => document.activeElement.getAttribute('role')") == "button"
        assert (
            page.run(
                "() => document.activeElement.getAttribute('aria-label') || document.activeElement.title"
            )
            == related
        )
        page.key("Enter")
        window.shows(related)

    await at_the_window(browser, client, use_keys)
