"""The privacy and terms pages: always there, for anyone, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.texts import LOCALES
from bot.texts.pages import page
from tests.support.host import running, settings

Client = TestClient[Any, Any]
PAGES = ("/privacy", "/terms")


async def get(bot: Client, path: str) -> str:
    async with bot.get(path) as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        return await response.text()


@pytest.mark.parametrize("path", PAGES)
async def test_for_anyone_with_credentials(bot: Client, path: str) -> None:
    html = await get(bot, path)
    assert '<section lang="sl">' in html
    assert '<section lang="en">' in html
    assert "{" not in html.split("</style>")[1]


@pytest.mark.parametrize("path", PAGES)
async def test_in_local_mode(local_bot: Client, path: str) -> None:
    html = await get(local_bot, path)
    assert "skrbnik za Teams" in html
    assert "Teams administrator" in html


async def test_names_from_the_settings(tmp_path: Path) -> None:
    chosen = settings(tmp_path, operator="Zavod <Pot>", support="pomoc@example.org", retention_days=17)
    async with running(chosen) as bot:
        for path in PAGES:
            html = await get(bot, path)
            assert html.count("Zavod &lt;Pot&gt;") == 2
            assert html.count("pomoc@example.org") == 2
        assert (await get(bot, "/privacy")).count("17 ") >= 4


@pytest.mark.parametrize("name", ["privacy", "terms"])
def test_languages_say_the_same(name: str) -> None:
    slovenian, english = (
        page(name, locale, operator="O-O", support="S-S", days=30, gaps=90, tickets=90) for locale in LOCALES
    )
    assert len(slovenian.sections) == len(english.sections)
    for number in range(len(slovenian.sections)):
        for value in ("30", "O-O", "S-S"):
            assert (value in slovenian.sections[number][1]) == (value in english.sections[number][1])


async def test_questions_without_an_answer_are_named_only_where_they_are_kept(tmp_path: Path) -> None:
    for days, named in ((45, True), (0, False)):
        async with running(settings(tmp_path, gap_days=days)) as bot:
            html = await get(bot, "/privacy")
            assert ("Vprašanja brez odgovora" in html) is named
            assert ("Questions without an answer" in html) is named
            assert ("Izbriše se po 45 dneh" in html) is named
