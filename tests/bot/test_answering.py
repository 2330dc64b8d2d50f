"""The dialogue as it is loaded: ready, or its broken part named and no crash."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.answering import load_answering
from bot.dialogue.message import Message
from bot.dialogue.state import ConversationState


def test_broken_knowledge_is_named(tmp_path: Path) -> None:
    answering = load_answering(tmp_path)
    assert list(answering.problems) == ["knowledge"]
    with pytest.raises(Exception, match=r"^$"):
        answering.respond(Message("a", "c"), ConversationState(), date(2026, 11, 21), False)


def test_ask_says_that_it_can_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--knowledge", str(tmp_path), "Kdaj?"]) == 1
    assert "knowledge" in capsys.readouterr().err
