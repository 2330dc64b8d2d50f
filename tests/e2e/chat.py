"""The local chat page as a person uses it."""

from __future__ import annotations

from typing import Any

from tests.e2e.browser import Browser, Page

REPLIES = "#talk > article:not(.mine)"
LINES = f"{REPLIES}:last-child .ac-adaptiveCard > .ac-container.ac-selectable"
BUTTONS = f"{LINES}, {REPLIES}:last-child .ac-pushButton"
"""Everything to press on the last reply, without the rating: lines that wrap, then buttons."""
DESKTOP = {"viewport": {"width": 1100, "height": 820}}
PHONE = {"viewport": {"width": 390, "height": 844}, "isMobile": True, "hasTouch": True}
DARK = {"colorScheme": "dark"}


class Chat:
    """A page with the bot's greeting on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        page.goto(url)
        self.wait_for(0)

    def wait_for(self, before: int) -> str:
        """Wait for a reply after the first `before` ones; its text."""
        self.page.wait_until(
            "([replies, before]) => document.querySelector('#busy span').hidden"
            " && document.querySelectorAll(replies).length > before",
            [REPLIES, before],
        )
        return self.replies()[-1]

    def replies(self) -> list[str]:
        """What the bot said so far, as shown."""
        found: list[str] = self.page.run(
            "(replies) => [...document.querySelectorAll(replies)].map((item) => item.innerText)", REPLIES
        )
        return found

    def mine(self) -> list[str]:
        """What the person said so far, as shown."""
        found: list[str] = self.page.run(
            "() => [...document.querySelectorAll('#talk > article.mine')].map((item) => item.textContent)"
        )
        return found

    def ask(self, text: str) -> str:
        """Type a question and send it; the text of the reply."""
        before = len(self.replies())
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")
        return self.wait_for(before)

    def buttons(self) -> list[str]:
        """Titles of the buttons of the last reply, choices without their numbers."""
        found: list[str] = self.page.run(
            "(buttons) => [...document.querySelectorAll(buttons)].map((button) =>"
            " (button.getAttribute('aria-label') || button.innerText).trim())",
            BUTTONS,
        )
        return [title.lstrip("123").removeprefix(". ") if title[1:3] == ". " else title for title in found]

    def press(self, title: str) -> str:
        """Click a button of the last reply; the text of the reply to that."""
        before = len(self.replies())
        number = self.buttons().index(title)
        self.page.click(f"{BUTTONS} >> nth={number}")
        return self.wait_for(before)


def open_chat(browser: Browser, url: str, **options: Any) -> Chat:
    """A chat in a new window."""
    return Chat(browser.open(**(DESKTOP | options)), url)
