"""Chromium, driven by Playwright in a Node process: `page.click("#text")` here is the same call there."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.processes import Lines, started

HERE = Path(__file__).parent
PATIENCE = 120.0
"""Seconds for one call. Playwright itself gives up after 30 and says what it waited for."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class BrowserError(AssertionError):
    """A call failed in the browser; the message is Playwright's."""


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def missing() -> str:
    """What the browser tests lack on this machine; empty when nothing."""
    if not shutil.which("node"):
        return "Node"
    if not (HERE.parents[1] / "node_modules" / "playwright-core").is_dir():
        return "the npm packages (npm ci)"
    return "" if chromium() else "Chromium"


def js(source: str) -> dict[str, str]:
    """A JavaScript function to run in the page."""
    return {"js": source}


class Page:
    """One tab. Every other name is a method of Playwright's page."""

    def __init__(self, browser: Browser, name: str) -> None:
        self._browser = browser
        self._name = name

    def __getattr__(self, method: str) -> Any:
        return lambda *args: self.call(method, *args)

    def call(self, method: str, *args: Any) -> Any:
        """Call a method, such as `click` or `keyboard.press`."""
        return self._browser.call(self._name, method, *args)

    def run(self, source: str, argument: Any = None) -> Any:
        """The value of a JavaScript function called in the page."""
        return self.call("evaluate", js(source), argument)

    def wait_until(self, source: str, argument: Any = None) -> None:
        """Wait until a JavaScript function gives something true."""
        self.call("waitForFunction", js(source), argument)

    def key(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            self.call("keyboard.press", name)

    def another(self) -> Page:
        """A second tab of the same browser window."""
        return Page(self._browser, self.call("another"))


class Browser:
    """A browser that opens pages, each in a profile of its own."""

    def __init__(self, process: subprocess.Popen[str], lines: Lines) -> None:
        self._process = process
        self._lines = lines
        self.version = self._answer()

    def open(self, **options: Any) -> Page:
        """A new page; the options are those of a Playwright context."""
        return Page(self, self.call("", "open", options))

    def call(self, page: str, method: str, *args: Any) -> Any:
        """One call over the bridge."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"page": page, "method": method, "args": args}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """Let the browser close by itself."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(PATIENCE)

    def _answer(self) -> Any:
        answer = json.loads(self._lines.next(PATIENCE))
        if "error" in answer:
            raise BrowserError(answer["error"])
        return answer["result"]


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """Chromium for many pages."""
    command: list[str | Path] = ["node", HERE / "bridge.mjs", chromium() or ""]
    with started(command, folder / "browser.log") as (process, lines):
        try:
            browser = Browser(process, lines)
        except (EOFError, TimeoutError) as error:
            raise AssertionError(f"{error}\n{(folder / 'browser.log').read_text('utf-8')}") from error
        yield browser
        browser.close()
