"""Drafts: in the shape of entries, listed, and never served or in the way."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge import strict_yaml
from knowledge.__main__ import main
from knowledge.drafts import draft, waiting
from knowledge.entry import Entry
from knowledge.loader import digest_of, load

BASE = Path(__file__).parent / "fixtures" / "base"
ON = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A base with an unfinished draft and one that is no YAML at all."""
    base = shutil.copytree(BASE, tmp_path / "base")
    (base / "drafts").mkdir()
    (base / "drafts" / "osnutek-7.yaml").write_text(
        draft(7, "Kdaj?\nZakaj?", "Zdaj.\n\nZato.", ON)[1], "utf-8"
    )
    (base / "drafts" / "osnutek-8.yaml").write_text("id: [", "utf-8")
    return base


def test_has_every_field_of_an_entry() -> None:
    name, text = draft(7, "Kdaj?", "Odgovor: »da«\n- #1", ON, topic="um-placni-razredi", related="rok-vloge")
    data = strict_yaml.parse(text).data
    assert set(data) == set(Entry.model_fields) - {"topic", "about"}
    assert data["id"] == name == "osnutek-7"
    assert data["versions"][0]["answer"]["sl"].strip() == "Odgovor: »da«\n- #1"
    assert data["phrasings"]["sl"] == ["Kdaj?"]
    assert data["owner"] == "vsebina-um"
    assert "št. 7" in text.splitlines()[0]


def test_is_not_an_entry_until_a_curator_has_finished_it() -> None:
    data = strict_yaml.parse(draft(7, "Kdaj?", "Zdaj.", ON)[1]).data
    with pytest.raises(ValueError):
        Entry.model_validate({**data, "topic": "rok"})


def test_is_not_served(folder: Path) -> None:
    assert load(folder).entries == load(BASE).entries
    assert digest_of(folder) == digest_of(BASE)


def test_is_listed_and_fails_no_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert waiting(folder) == ["osnutek-7", "osnutek-8"]
    before = main(["--data", str(BASE), "check"])
    plain = capsys.readouterr().out
    assert main(["--data", str(folder), "check"]) == before
    shown = capsys.readouterr().out
    assert "2 drafts, not served and not checked: osnutek-7, osnutek-8" in shown
    assert shown.splitlines()[-1] == plain.splitlines()[-1]
