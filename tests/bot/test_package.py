"""The app package: what Microsoft's schema accepts, complete, and true to what the bot does."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from bot.__main__ import main
from bot.dialogue.message import Message
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import understand
from bot.settings import Settings, SettingsRefused
from bot.teams_app.package import build, manifest
from tests.support.channel import APP

SCHEMAS = Path(__file__).parents[1] / "fixtures" / "teams"
GIVEN: dict[str, Any] = {
    "app_id": APP,
    "public_url": "https://kazipot.example.org/",
    "operator": 'Zavod "Pot"',
}


def made(**changes: Any) -> Settings:
    return Settings(_env_file=None, **(GIVEN | changes))


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def check(data: Any, schema: str) -> None:
    validator = Draft4Validator(json.loads((SCHEMAS / schema).read_text("utf-8")))
    assert [error.message for error in validator.iter_errors(data)] == []


def test_files_are_at_the_top_and_all_there() -> None:
    found = files(build(made()))
    assert set(found) == {"manifest.json", "sl.json", "en.json", "color.png", "outline.png"}
    data = json.loads(found["manifest.json"])
    named = {
        data["icons"]["color"],
        data["icons"]["outline"],
        data["localizationInfo"]["defaultLanguageFile"],
    }
    named |= {language["file"] for language in data["localizationInfo"]["additionalLanguages"]}
    assert named <= set(found)


def test_microsofts_schema_accepts_it() -> None:
    found = files(build(made()))
    check(json.loads(found["manifest.json"]), "MicrosoftTeams.schema.json")
    for name in ("sl.json", "en.json"):
        check(json.loads(found[name]), "MicrosoftTeams.Localization.schema.json")


def test_schema_would_find_a_mistake() -> None:
    with pytest.raises(AssertionError):
        check(manifest(made()) | {"bots": [{"botId": "x"}]}, "MicrosoftTeams.schema.json")


def test_values() -> None:
    data = manifest(made(), "1.2.3")
    assert (data["id"], data["bots"][0]["botId"], data["version"]) == (APP, APP, "1.2.3")
    assert data["composeExtensions"][0]["botId"] == APP
    assert data["developer"]["name"] == 'Zavod "Pot"'
    assert data["developer"]["privacyUrl"] == "https://kazipot.example.org/privacy"
    assert set(data["bots"][0]["scopes"]) == {"personal", "team", "groupChat"}
    assert data["supportsChannelFeatures"] == "tier1"
    assert data["validDomains"] == []
    assert len(data["name"]["short"]) <= 30
    assert not re.search(r"\{\w", json.dumps(data))


def test_same_settings_give_the_same_bytes() -> None:
    assert build(made()) == build(made())
    assert build(made()) != build(made(operator="Drugi"))


@pytest.mark.parametrize(("icon", "size"), [("color.png", 192), ("outline.png", 32)])
def test_icons(icon: str, size: int) -> None:
    data = files(build(made()))[icon]
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (size, size)


def at(data: Any, path: str) -> Any:
    """The value under a path such as `bots[0].commandLists[0]`."""
    for step in re.findall(r"\w+", path):
        data = data[int(step)] if step.isdigit() else data[step]
    return data


def test_every_word_is_in_both_languages() -> None:
    found = files(build(made()))
    data, slovenian, english = (json.loads(found[name]) for name in ("manifest.json", "sl.json", "en.json"))
    assert set(slovenian) == set(english)
    words = {key for key in slovenian if key != "$schema"}
    assert all(at(data, key) == slovenian[key] for key in words)
    shown = set(re.findall(r'"(?:title|description|short|full)": "', json.dumps(data)))
    assert shown
    assert sum(json.dumps(data).count(mark) for mark in shown) == len(words)


@pytest.mark.parametrize("language", ["sl.json", "en.json"])
def test_every_command_is_one_that_the_bot_knows(language: str) -> None:
    data = json.loads(files(build(made()))[language])
    titles = {value for key, value in data.items() if "commandLists" in key and key.endswith("title")}
    assert len(titles) == 8
    for title in titles:
        intent = understand(Message(title, "c"), ConversationState())
        assert intent.name not in ("question", "number", "no_words"), title


def test_command_lists_are_within_the_limits() -> None:
    lists = manifest(made())["bots"][0]["commandLists"]
    assert len(lists) <= 3
    assert all(len(one["commands"]) <= 12 for one in lists)
    scopes = [scope for one in lists for scope in one["scopes"]]
    assert sorted(scopes) == ["groupChat", "personal", "team"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"app_id": "", "public_url": "", "operator": " "}, ["APP_ID", "PUBLIC_URL", "OPERATOR"]),
        ({"app_id": "kazipot"}, ["APP_ID", "GUID"]),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(SettingsRefused) as refused:
        build(made(**changes))
    assert all(name in str(refused.value) for name in named)


@pytest.mark.parametrize("number", ["1", "1.2", "v1.2.3", "1.2.3-beta", "x"])
def test_version_that_is_none(number: str) -> None:
    with pytest.raises(SettingsRefused, match="version"):
        build(made(), number)


@pytest.mark.parametrize(
    "url", ["http://kazipot.example.org", "kazipot.example.org", "https://", "https://a.b/?q=1"]
)
def test_address_must_be_secure(url: str) -> None:
    with pytest.raises(ValueError):
        made(public_url=url)


def test_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["package"]) == 2
    assert "KAZIPOT_PUBLIC_URL" in capsys.readouterr().err
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"KAZIPOT_{name.upper()}", value)
    out = tmp_path / "app.zip"
    assert main(["package", "--out", str(out), "--version", "2.0.0"]) == 0
    assert json.loads(files(out.read_bytes())["manifest.json"])["version"] == "2.0.0"
    assert main(["package", "--out", str(tmp_path / "no" / "folder.zip")]) == 1
    assert main(["package", "--version", "two"]) == 2
