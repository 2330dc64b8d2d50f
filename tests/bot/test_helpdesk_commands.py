"""`python -m bot helpdesk` and `drafts`: an operator's way to the advisers' channel and to drafts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.dialogue.helpdesk.changes import DraftKept
from bot.dialogue.helpdesk.draft import Draft
from bot.storage.sql import SqlStorage
from bot.storage.tickets import SqlHelpdesk
from tests.storage.test_tickets import commit

CHANNEL = "19:desk@thread.tacv2"
SET = ["helpdesk", "set", "--conversation", f"{CHANNEL};messageid=7", "--tenant", "TENANT"]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    made = f"sqlite+aiosqlite:///{tmp_path}/k.sqlite3"
    monkeypatch.chdir(tmp_path)
    settings = {
        "DATABASE_URL": made,
        "APP_ID": "app",
        "APP_PASSWORD": "x",
        "APP_TENANT": "t",
        "KEY_SALT": "s",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"KAZIPOT_{name}", value)
    return made


def test_set_shown_and_cleared(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["helpdesk", "show"]) == 0
    assert "No advisers' channel" in capsys.readouterr().out
    assert main(SET) == 0
    assert main(["helpdesk", "show"]) == 0
    shown = capsys.readouterr().out
    assert f"conversation: {CHANNEL}\n" in shown, "the channel itself, not one of its threads"
    assert "https://smba.trafficmanager.net/" in shown
    assert "tenant: tenant" in shown
    assert main(["helpdesk", "clear"]) == 0
    assert main(["helpdesk", "show"]) == 0
    assert "No advisers' channel" in capsys.readouterr().out


def test_only_services_that_may_be_written_to(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SET, "--service-url", "https://evil.example/"]) == 2
    assert main(["helpdesk", "show"]) == 0
    assert "No advisers' channel" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["set"], ["show", "--conversation", "x"], ["clear", "--conversation", "x"], []]
)
def test_wrong_words(url: str, words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["helpdesk", *words])
    assert stopped.value.code == 2


def test_a_database_that_is_away(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAZIPOT_DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:9/none")
    assert main(["helpdesk", "show"]) == 1


def test_drafts_are_listed_and_written(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def keep() -> None:
        store = SqlStorage(url)
        await store.open()
        await store.save(commit(DraftKept(Draft("osnutek-1", 1, "id: a\n"))))
        await store.close()

    asyncio.run(keep())
    assert main(["drafts"]) == 0
    assert capsys.readouterr().out == "osnutek-1\n1 drafts in the database\n"
    (tmp_path / "file").write_text("")
    assert main(["drafts", "--out", str(tmp_path / "file")]) == 1, "no folder: the draft stays"
    assert main(["drafts", "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "osnutek-1.yaml").read_text("utf-8") == "id: a\n"
    assert main(["drafts"]) == 0
    assert capsys.readouterr().out.endswith("0 drafts in the database\n")


async def test_the_key_is_the_one_of_what_comes_from_the_channel(url: str) -> None:
    """Buttons pressed in the channel are known as coming from it."""
    from bot.keys import Keys
    from bot.transport.activities import read
    from tests.support.channel import FakeChannel

    assert await asyncio.to_thread(main, SET) == 0
    store = SqlStorage(url)
    place = await SqlHelpdesk(store.database).channel()
    await store.close()
    where = {"id": f"{CHANNEL};messageid=9", "conversationType": "channel", "tenantId": "tenant"}
    activity = FakeChannel().activity("x", conversation=where, channelData={"tenant": {"id": "TENANT"}})
    message = read(activity, Keys("s")).message
    assert place
    assert message
    assert message.room == place.key
