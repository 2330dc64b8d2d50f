"""An operator's commands for figures: `python -m bot report` and `python -m bot gaps`."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from bot.reports import sheet, words
from bot.reports.figures import Figures, figures
from bot.reports.naming import titles_of, topics_of
from bot.reports.rows import Rows
from bot.reports.saving import saving
from bot.settings import Settings
from bot.storage.ports import StorageError
from bot.storage.reading import read_rows
from bot.storage.sql import SqlStorage
from bot.texts import Texts, texts
from knowledge.loader import DATA, KnowledgeError, load

TIMEOUT = 60.0
WORDINGS = 5_000
"""So many of the most frequent questions without an answer are grouped: that takes time by the square."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days, in which language, and the files to write."""

    first: date
    last: date
    locale: str = "sl"
    html: Path | None = None
    csv: Path | None = None
    calls_before: int = 0


def report(settings: Settings, wanted: Wanted) -> int:
    """Print the main figures; write the page and the file that were asked for."""
    if wanted.html and find_spec("matplotlib") is None:
        return _failed("The page needs the extra: pip install 'kazipot[report]'.")
    try:
        base = load(settings.knowledge_dir or DATA)
        found = figures(_rows(settings, wanted), topics_of(base))
    except (StorageError, KnowledgeError) as error:
        return _failed(f"There is no report: {error}.")
    calls = saving(found, wanted.calls_before) if wanted.calls_before else None
    said = texts(wanted.locale)
    titles = titles_of(base, said)
    try:
        if wanted.html:
            from bot.reports import page

            wanted.html.write_text(page.html(found, titles, said, calls), encoding="utf-8")
        if wanted.csv:
            wanted.csv.write_text(sheet.report_csv(found, calls), encoding="utf-8")
    except OSError as error:
        return _failed(f"The report could not be written: {error.strerror}.")
    _print(found, said)
    if calls:
        print("\n".join(("", said("report.saving"), *words.saved(calls, said))))
    return 0


def gaps(settings: Settings, wanted: Wanted) -> int:
    """Print the groups of questions without an answer, or write them to a file."""
    try:
        base = load(settings.knowledge_dir or DATA)
        found = figures(_rows(settings, wanted), topics_of(base))
    except (StorageError, KnowledgeError) as error:
        return _failed(f"There are no gaps to show: {error}.")
    if wanted.csv:
        try:
            wanted.csv.write_text(sheet.gaps_csv(found.gaps), encoding="utf-8")
        except OSError as error:
            return _failed(f"The gaps could not be written: {error.strerror}.")
    said = texts(wanted.locale)
    table = words.gaps(found, titles_of(base, said), said)
    print(
        "\n".join(" | ".join(row) for row in (table.heads, *table.rows))
        if table.rows
        else said("report.gaps_none")
    )
    return 0


def _rows(settings: Settings, wanted: Wanted) -> Rows:
    async def work() -> Rows:
        store = SqlStorage(settings.database_url.get_secret_value(), TIMEOUT, 1)
        try:
            await store.open()
            async with store.database.snapshot(TIMEOUT) as connection:
                return await read_rows(connection, wanted.first, wanted.last, WORDINGS)
        finally:
            await store.close()

    return asyncio.run(work())


def _print(found: Figures, said: Texts) -> None:
    print(f"{said('report.title')}: {words.period(found, said)}")
    for label, value in words.lines(found, said):
        print(f"  {label}: {value}")


def _failed(why: str) -> int:
    print(why, file=sys.stderr)
    return 1
