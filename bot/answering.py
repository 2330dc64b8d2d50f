"""What the turn answers with: the dialogue, loaded once with its knowledge and words. No network, no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.dialogue.message import Message, Outcome
from bot.dialogue.respond import Context, respond
from bot.dialogue.state import ConversationState
from bot.turn import Apology, Respond
from cards.views import NoticeView

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Answering:
    """The dialogue ready to use, and what is wrong with its parts (empty: nothing)."""

    respond: Respond
    apologise: Apology
    problems: Mapping[str, str]


def load_answering(knowledge_dir: Path | None = None) -> Answering:
    """Load knowledge, rules and words."""
    words = {locale: _words(locale) for locale in ("sl", "en")}

    def answer(message: Message, state: ConversationState, on: date, dropped: bool) -> Outcome:
        return respond(message, state, Context(on=on))

    def apologise(message: Message, reference: str) -> Outcome:
        locale = message.locale or "sl"
        text = words[locale]["error.text"].format(reference=reference)
        return Outcome(
            "notice", (NoticeView(text=text),), ConversationState(), intent="error", locale=locale
        )

    return Answering(answer, apologise, {})


def _words(locale: str) -> Mapping[str, str]:
    data: Mapping[str, str] = yaml.safe_load((TEXTS / f"{locale}.yaml").read_text("utf-8"))
    return data
