"""Pictures of the chat page for the documentation: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e.browser import Browser, browsing, missing
from tests.e2e.chat import DARK, DESKTOP, PHONE, open_chat
from tests.e2e.processes import DAY, ROOT, bot_running

FOLDER = ROOT / "docs" / "screenshots"
QUESTION = "Kdaj lahko sam vložim predlog?"
SCENES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "page.png": (QUESTION, {"viewport": {"width": 1000, "height": 1040}}),
    "phone.png": (QUESTION, {**PHONE, **DARK, "deviceScaleFactor": 2}),
    "choices.png": ("priloge", DESKTOP),
    "declined.png": ("Koliko dni dopusta imam?", {**PHONE, "deviceScaleFactor": 2}),
}


def take(browser: Browser, url: str, folder: Path) -> None:
    """One picture for each scene."""
    for name, (question, options) in SCENES.items():
        chat = open_chat(browser, url, reducedMotion="reduce", **options)
        chat.ask(question)
        chat.page.run("() => document.fonts.ready.then(() => true)")
        chat.page.screenshot({"path": str(folder / name), "animations": "disabled"})
        chat.page.end()
        print(folder / name)


def main() -> int:
    """Start the bot and a browser, and take the pictures."""
    if lacking := missing():
        print(f"No pictures without {lacking}.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        settings = {"KAZIPOT_LOCAL": "1", "KAZIPOT_TODAY": DAY}
        with bot_running(folder / "bot", settings) as bot, browsing(folder) as browser:
            take(browser, bot.url, FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
