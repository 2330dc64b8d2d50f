"""The report of a simulated month as a page and a picture for docs/: `make report-sample`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bot.reports import page
from bot.reports.figures import figures
from bot.reports.naming import titles_of, topics_of
from bot.reports.saving import saving
from bot.texts import texts
from knowledge.loader import DATA, load
from tests.e2e.browser import chromium
from tests.support.month import month

FOLDER = Path(__file__).parents[2] / "docs" / "report"
CALLS = 900
SIZE = (820, 4480)


def main() -> int:
    """Write the page, and take its picture where there is a browser."""
    base, words = load(DATA), texts("sl")
    found = figures(month(base), topics_of(base))
    html = page.html(found, titles_of(base, words), words, saving(found, CALLS))
    program = chromium()
    if program is None:
        print("No picture without Chromium.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "report.html"
        source.write_text(html, encoding="utf-8")
        picture = FOLDER / "month.png"
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--window-size={SIZE[0]},{SIZE[1]}", f"--screenshot={picture}", f"--user-data-dir={scratch}/profile",
            source.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
