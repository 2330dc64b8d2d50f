"""What a message wants: a command, a pressed button, a number of the choices before, or a question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from bot.dialogue.eligibility.actions import VERBS
from bot.dialogue.helpdesk.actions import VERBS as OF_TICKETS
from bot.dialogue.message import Message
from bot.dialogue.state import ConversationState
from bot.texts import commands
from knowledge.text import fold, tokens

MAX_LENGTH = 4000
ONLY_IN_CHECK = frozenset({"check_result", "check_form", "check_naziv", "check_placni_razred_um"})
"""Short messages that mean something else while no check is running."""
PRESSED = frozenset(
    {"help", "person", "about", "forget", "feedback"}
    | {"remind", "remind_yes", "remind_no", "reminders", "remind_stop"}
)
"""Buttons that say no more than what to do."""
_ENGLISH = frozenset(
    [
        "the",
        "is",
        "are",
        "my",
        "i",
        "do",
        "does",
        "can",
        "when",
        "what",
        "how",
        "which",
        "who",
        "where",
        "to",
        "for",
        "of",
        "and",
        "if",
        "need",
        "may",
        "should",
        "must",
        "have",
        "a",
        "an",
        "not",
        "it",
        "in",
        "on",
        "with",
        "by",
        "from",
        "or",
        "will",
        "be",
        "get",
        "would",
        "there",
        "that",
        "this",
    ]
)
_ONLY_ENGLISH = _ENGLISH - {"a", "to", "do", "me", "on", "in", "so", "no"}
_SLOVENIAN = frozenset(
    [
        "je",
        "in",
        "za",
        "se",
        "ali",
        "kdaj",
        "kako",
        "kaj",
        "kdo",
        "koliko",
        "katere",
        "kje",
        "lahko",
        "sem",
        "na",
        "v",
        "po",
        "od",
        "da",
        "ki",
        "ce",
        "mi",
        "moj",
        "moram",
        "kateri",
        "imam",
        "pri",
        "so",
        "bi",
        "ne",
        "z",
        "s",
        "me",
        "si",
        "ga",
        "kaksne",
        "zakaj",
    ]
)
_NUMBER = re.compile(r"^\W*(?:stevilka |number |st |pod )?([1-3])\W*$")


@dataclass(frozen=True, slots=True)
class Intent:
    """`name` is a command's name, "question", "entry", "number", or what is wrong with the message."""

    name: str
    text: str = ""
    entry: str = ""
    number: int = 0
    on: date | None = None
    follow_up: bool = False


def understand(message: Message, state: ConversationState) -> Intent:
    """Read one message; never fails, whatever a client sent."""
    if message.kind == "welcome":
        return Intent("welcome")
    if message.action is not None:
        return _pressed(message.action)
    text = message.text.strip()
    if not text:
        return Intent("empty")
    if len(text) > MAX_LENGTH:
        return Intent("too_long", text=str(len(text)))
    number = _NUMBER.match(fold(text))
    if number:
        return Intent("number", number=int(number[1]))
    return _words(text, state)


def language(message: Message, state: ConversationState) -> str:
    """The language to reply in: chosen by asking, else the client's, else that of the words or of the check."""
    if state.locale:
        return state.locale
    if message.locale.lower().startswith("en"):
        return "en"
    if state.check.get("locale") == "en":
        return "sl" if _clearly(message.text, _SLOVENIAN, _ENGLISH) else "en"
    return "en" if is_english(message.text) else "sl"


def is_english(text: str) -> bool:
    """Whether a text is clearly English by its small words, not all of which are Slovenian words, too."""
    return not _ONLY_ENGLISH.isdisjoint(tokens(text[:2000])) and _clearly(text, _ENGLISH, _SLOVENIAN)


def _clearly(text: str, these: frozenset[str], others: frozenset[str]) -> bool:
    words = tokens(text[:2000])
    ours, theirs = (sum(word in small for word in words) for small in (these, others))
    return ours >= 2 and ours > 2 * theirs


def _words(text: str, state: ConversationState) -> Intent:
    words = tokens(text)
    if not words:
        return Intent("no_words")
    rest = _without_politeness(words)
    whole = _whole(words, state) or (_whole(rest, state) if rest else ("greeting", ""))
    if whole:
        return Intent(whole[0], text=whole[1])
    if _asks_to_be_reminded(rest):
        return Intent("remind", text="en" if is_english(text) else "sl")
    follows = bool(state.entry) and _starts_like_follow_up(rest)
    return Intent("question", text=text, follow_up=follows)


def _whole(words: list[str], state: ConversationState) -> tuple[str, str] | None:
    """The command that a whole message is."""
    found = commands().whole.get(" ".join(words))
    return None if found and found[0] in ONLY_IN_CHECK and not state.check else found


def _without_politeness(words: list[str]) -> list[str]:
    polite = _polite()
    changed = True
    while changed and words:
        changed = False
        for phrase in polite:
            if words[: len(phrase)] == phrase:
                words, changed = words[len(phrase) :], True
            elif words[-len(phrase) :] == phrase:
                words, changed = words[: -len(phrase)], True
    return words


@lru_cache(maxsize=1)
def _polite() -> list[list[str]]:
    return [phrase.split() for phrase in commands().polite]


def _starts_like_follow_up(words: list[str]) -> bool:
    start = " ".join(words) + " "
    return len(words) <= 12 and any(start.startswith(phrase + " ") for phrase in commands().follow_up)


def _asks_to_be_reminded(words: list[str]) -> bool:
    start = " ".join(words) + " "
    return len(words) <= 25 and any(start.startswith(phrase + " ") for phrase in commands().remind_begins)


def _pressed(action: Mapping[str, Any]) -> Intent:
    """A button's data, read as if a stranger had written it."""
    verb, entry = str(action.get("do")), action.get("entry")
    if verb == "entry" and isinstance(entry, str) and len(entry) <= 100:
        return Intent("entry", entry=entry, on=_day(action.get("on")))
    if verb in PRESSED:
        return Intent(verb)
    if verb == "language" and action.get("to") in ("sl", "en"):
        return Intent(f"language_{action['to']}")
    if verb in VERBS:
        return Intent("check", text=verb)
    if verb in OF_TICKETS:
        return Intent("ticket", text=verb)
    question = action.get("text")
    if verb == "ask" and isinstance(question, str) and 0 < len(question) <= MAX_LENGTH:
        return Intent("question", text=question)
    return Intent("unknown_action")


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
