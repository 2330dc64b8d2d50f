"""The chat page of local mode: there only there, and on the same road as every channel."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.transport.local_chat import routes

Client = TestClient[Any, Any]


async def said(bot: Client, **changes: Any) -> tuple[int, Any]:
    body = {"kind": "text", "text": "Kdaj?", "id": "1", "conversation": "c", "locale": "sl"} | changes
    async with bot.post("/local/turn", json=body) as response:
        return response.status, await response.json()


@pytest.mark.parametrize("path", ["/", "/local/page.js", "/local/page.css", "/local/adaptivecards.js"])
async def test_not_there_with_credentials(bot: Client, path: str) -> None:
    async with bot.get(path) as response:
        assert response.status == 404
    assert (await bot.post("/local/turn", json={})).status == 404


@pytest.mark.parametrize("path", ["/", "/local/page.js", "/local/page.css", "/local/markdown.js"])
async def test_there_in_local_mode(local_bot: Client, path: str) -> None:
    async with local_bot.get(path) as response:
        assert response.status == 200
        assert (await response.text()).isprintable() is False


@pytest.mark.parametrize(
    "path", ["/local/routes.py", "/local/../app.py", "/local/%2e%2e%2fapp.py", "/local/page.html"]
)
async def test_nothing_else_is_served(local_bot: Client, path: str) -> None:
    async with local_bot.get(path) as response:
        assert response.status == 404


async def test_page_loads_nothing_from_elsewhere(local_bot: Client) -> None:
    async with local_bot.get("/") as response:
        policy = response.headers["Content-Security-Policy"]
        html = await response.text()
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert "://" not in html
    assert not re.search(r"<script(?![^>]*src=)|style=|\bon\w+=", html)


async def test_without_the_card_library_the_page_says_so_nowhere(
    local_bot: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(routes, "CARDS", tmp_path / "none.js")
    async with local_bot.get("/") as response:
        assert "adaptivecards" not in await response.text()
    async with local_bot.get("/local/adaptivecards.js") as response:
        assert response.status == 404


async def test_answer_has_card_and_text(local_bot: Client) -> None:
    status, answer = await said(local_bot)
    assert status == 200
    (reply,) = answer["replies"]
    assert reply["text"] == "message:Kdaj?:1:"
    assert reply["card"]["type"] == "AdaptiveCard"
    assert answer["invoke"] is None


async def test_start_submit_and_execute(local_bot: Client) -> None:
    _, answer = await said(local_bot, kind="start", id="1")
    assert answer["replies"][0]["text"] == "welcome::1:"
    _, answer = await said(local_bot, kind="submit", data={"x": 1}, id="2")
    assert answer["replies"][0]["text"] == "action::2:"
    _, answer = await said(local_bot, kind="execute", data={"x": 1}, id="3")
    assert answer["replies"][0]["text"] == "action::3:"
    assert answer["invoke"]["type"] == "application/vnd.microsoft.activity.message"


async def test_replacement(local_bot: Client) -> None:
    _, answer = await said(local_bot, kind="execute", data={"replace": True}, replyTo="card")
    assert answer["replies"] == []
    assert answer["invoke"]["type"] == "application/vnd.microsoft.card.adaptive"
    _, answer = await said(local_bot, kind="submit", data={"replace": True}, replyTo="card", id="2")
    assert answer["replies"][0]["replaces"] is True
    assert answer["replies"][0]["id"] == "card"


async def test_doubled_click(local_bot: Client) -> None:
    assert len((await said(local_bot))[1]["replies"]) == 1
    assert (await said(local_bot))[1]["replies"] == []


@pytest.mark.parametrize(
    "changes", [{"kind": "x"}, {"kind": None}, {"conversation": None}, {"conversation": 5}, {"id": []}]
)
async def test_bad_requests(local_bot: Client, changes: dict[str, Any]) -> None:
    assert (await said(local_bot, **changes))[0] == 400
    assert (await local_bot.post("/local/turn", json=[])).status == 400


async def test_other_sites_may_not_ask(local_bot: Client) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        async with local_bot.post("/local/turn", json={}, headers=headers) as response:
            assert response.status == 403


MARKDOWN = {
    "**a** *b* _c_": "<p><strong>a</strong> <em>b</em> <em>c</em></p>",
    "<b>x</b> & \"q\"": "<p>&#60;b&#62;x&#60;/b&#62; &#38; &#34;q&#34;</p>",
    "[a](https://e.si/x_(y)_z?a=1&b=2)": (
        '<p><a href="https://e.si/x_(y)_z?a=1&#38;b=2" target="_blank" rel="noopener noreferrer">a</a></p>'
    ),
    "[a](javascript:alert)": "<p>[a](javascript:alert)</p>",
    '[a](https://e.si/"onx=)': (
        '<p><a href="https://e.si/&#34;onx=" target="_blank" rel="noopener noreferrer">a</a></p>'
    ),
    "1\\. a \\*b\\*": "<p>1. a *b*</p>",
    "a\n\n- b\n- c\n\n2. d": "<p>a</p><ul><li>b</li><li>c</li></ul><ol start=\"2\"><li>d</li></ol>",
    "snake_case_name 2*3*4": "<p>snake_case_name 2*3*4</p>",
    "a\nb": "<p>a<br>b</p>",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("source", MARKDOWN)
def test_markdown(source: str) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("no Node at hand")
    code = "const {markdown} = require(process.argv[1]); process.stdout.write(markdown(process.argv[2]))"
    run = subprocess.run(
        [node, "-e", code, str(routes.HERE / "markdown.js"), source],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == MARKDOWN[source]
